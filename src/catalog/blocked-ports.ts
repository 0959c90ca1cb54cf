/**
 * Ports that `fetch` refuses to ask, whatever runs there (Fetch Standard, "port blocking"; those below 1024 are left out that no application
 * listens on without being root).
 */
export const blockedPorts: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
