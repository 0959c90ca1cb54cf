import { posix } from 'node:path';
import { minVersion, satisfies, validRange } from 'semver';
import { oldHashes } from '../../../catalog/legacy-hashes.ts';
import type { Dependency } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import type { App } from '../app.ts';
import type { Toolchain } from './toolchain.ts';

/** The release of a bundler that hashes by what newer runtimes refuse, where the build uses it and no script of the project says so itself. */
export function readOldHashes(
  app: App,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
): Fact<string> | undefined {
  const commands = toolchain.buildScripts.flatMap((name) => toolchain.followed(name)?.commands ?? []);
  if (Object.values(app.manifest?.texts(['scripts']) ?? {}).some((script) => script.includes(ownFlag)))
    return undefined;
  for (const { name, releases, programs } of oldHashes) {
    const own = dependencies.find((dependency) => dependency.name === name);
    const isUsed = own || commands.some(({ argv: [program = ''] }) => programs.includes(posix.basename(program)));
    const found = isUsed ? lockedReleases(app, toolchain, name) : [];
    // of several releases the one that the app itself asks for builds it
    const asked = own && found.filter(({ release }) => isIn(release, own.range));
    const all = asked && asked.length > 0 ? asked : found;
    const old = all.find(({ release }) => isIn(release, releases));
    if (old && all.every(({ release }) => isIn(release, releases)))
      return detected(`${name} ${old.release}`, [{ file: old.file, why: `${name} is ${old.release} there` }]);
  }
  return undefined;
}

/** The flag by which a runtime is told to allow it: where a script has it, its author has seen to that. */
const ownFlag = '--openssl-legacy-provider';

const isIn = (release: string, range: string): boolean => validRange(range) !== null && satisfies(release, range);

/** Every release of a package that the lockfile has; without one the least that the manifest takes. */
function lockedReleases(app: App, { lockfile, loadedManager }: Toolchain, name: string) {
  const path = lockfile && app.path(lockfile.value.path);
  if (path !== undefined)
    return (loadedManager?.releases?.(app.project, path, name) ?? []).map((release) => ({ release, file: path }));
  const range = app.manifest?.texts(['dependencies'])[name] ?? app.manifest?.texts(['devDependencies'])[name];
  const least = range !== undefined && validRange(range) !== null ? minVersion(range) : null;
  return least ? [{ release: least.version, file: app.path('package.json') }] : [];
}
