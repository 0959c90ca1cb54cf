import type { Port } from './plan.ts';

/** Where a port of a workload is found on this machine, once it is published there as `published`. */
export const localUrl = (port: Pick<Port, 'https'> | undefined, published: number, path = ''): string =>
  `http${port?.https ? 's' : ''}://127.0.0.1:${published}${path}`;
