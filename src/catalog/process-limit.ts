/**
 * How many processes and threads a container may have at once: out of the way of what servers start (a browser has a hundred threads, PostgreSQL a
 * process for each of a hundred connections), and far below what a machine bears (CIS Docker Benchmark 5.29).
 */
export const processLimit = 1024;
