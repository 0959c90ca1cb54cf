import type { Item } from '../verification.ts';
import { buildChecks } from './build-checks.ts';
import { caches } from './caches.ts';
import { hardened } from './hardened.ts';
import { health } from './health.ts';
import { lean } from './lean.ts';
import { listens } from './listens.ts';
import { logs } from './logs.ts';
import { reproducible } from './reproducible.ts';
import { size } from './size.ts';
import { stops } from './stops.ts';

/** The runtime contract, in the order of its numbers. */
export const items: readonly Item[] = [
  buildChecks,
  hardened,
  health,
  listens,
  stops,
  lean,
  caches,
  reproducible,
  size,
  logs,
];
