import { posix } from 'node:path';
import type { SiteSource } from '../../../stacks/contract.ts';
import type { App } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';

/** Where the lockfile and the packages of an app lie that is a member of a workspace. */
export function placesIn(
  { project, root, members, path }: App,
  { lockfile, loadedManager: manager }: Toolchain,
): Pick<SiteSource, 'top' | 'modules' | 'brings'> {
  const locked = lockfile && path(lockfile.value.path);
  const brings: NonNullable<SiteSource['brings']> = (name) => {
    const found = locked === undefined ? undefined : manager?.brought?.(project, locked, name);
    if (!found || locked === undefined) return undefined;
    return { ...found, path: posix.join(posix.relative(root, posix.dirname(locked)), found.path) };
  };
  if (!members || members.root === root) return { brings };
  const up = posix.relative(root, members.root);
  const member = { folder: posix.relative(members.root, root), root: members.root };
  return {
    brings,
    ...(locked === undefined ? {} : { top: posix.dirname(locked) }),
    modules: (name) =>
      locked !== undefined && manager?.besideMember?.(project, locked, member, name)
        ? 'node_modules'
        : `${up}/node_modules`,
  };
}

/**
 * A program of a package by its path from the folder of the app: a container needs no package manager to find it. Of a workspace it lies with the
 * packages of the root, unless the manager puts those of a member beside it; a package that only the root names always does.
 */
export function programPath(app: App, toolchain: Toolchain, name: string, program: string): string {
  const { modules } = placesIn(app, toolchain);
  const own = ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    (group) => app.manifest?.at([group, name]) !== undefined,
  );
  const root = app.members && posix.relative(app.root, app.members.root);
  const folder = modules && (own ? modules(name) : `${root}/node_modules`);
  return `${folder ?? 'node_modules'}/.bin/${program}`;
}
