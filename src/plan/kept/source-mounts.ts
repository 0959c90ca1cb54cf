import { posix } from 'node:path';
import type { ExistingService } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { KeptApp } from './set.ts';

type Mount = ExistingService['mounts'][number];

/** Whether a path holds the sources of the application. */
export const holdsSources = ({ root, sources }: Pick<Facts, 'root' | 'sources'>, path: string): boolean =>
  path === root || root.startsWith(`${path}/`) || sources.some((source) => posix.join(root, source) === path);

/** The mounts of a service that production keeps, and those that it drops. */
export type SplitMounts = { readonly hiding: readonly Mount[]; readonly left: readonly Mount[] };

/**
 * The mounts of a service without those that lay the sources of this machine over what its image has built, and without the anonymous volumes that save
 * a folder of the image from them; undefined: it has none such, or the others cannot be written again.
 */
export function withoutSources({ service, built }: KeptApp, facts: Facts): SplitMounts | undefined {
  if (!service || built?.stage.use !== 'production') return undefined;
  const isBelow = (path: string, of: string) => path === of || path.startsWith(`${of.replace(/\/$/, '')}/`);
  const hides = ({ type, source, target }: Mount) =>
    type === 'bind' &&
    source !== undefined &&
    holdsSources(facts, source) &&
    built.stage.copies.some(({ to, mounted }) => !mounted && (isBelow(to, target) || isBelow(target, to)));
  const hiding = service.mounts.filter(hides);
  if (hiding.length === 0) return undefined;
  const remaining = service.mounts.filter(
    (mount) =>
      !hides(mount) && !(mount.source === undefined && hiding.some(({ target }) => isBelow(mount.target, target))),
  );
  const isPlain = ({ type, source, target }: Mount) =>
    (type === 'bind' || type === 'volume') && /^[\w][\w./-]*$/.test(source ?? '') && /^\/[\w./-]+$/.test(target);
  return remaining.every(isPlain) ? { hiding, left: remaining } : undefined;
}
