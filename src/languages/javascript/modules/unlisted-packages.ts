import { isBuiltin } from 'node:module';
import type { Source } from '../../../formats/source/index.ts';
import type { Known } from '../../../model/evidence.ts';
import type { Dependency, Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { isTable, readData } from '../../../project/data.ts';
import type { InstalledIn } from '../../../stacks/contract.ts';
import { type App, inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { isUsed } from './runtime-dev-dependencies.ts';

type Imported = { readonly name: string; readonly source: Source; readonly specifier: string; readonly at: number };

/** What imports of packages come to that package.json does not name. */
export type UnlistedPackages = {
  /** those that an install for production leaves out, as development alone brings them */
  readonly needed: readonly Known<string>[];
  /** those that the app does not find, wherever it runs */
  readonly notes: Facts['notes'];
};

/** Packages that the app imports while it runs and package.json does not name: they are there as long as another package asks for them. */
export function unlistedPackages(
  context: AnalysisContext,
  dependencies: readonly Dependency[],
  { loadedManager, lockfile }: Toolchain,
): UnlistedPackages {
  const { app } = context;
  const path = lockfile && 'value' in lockfile ? app.path(lockfile.value.path) : undefined;
  const imported = path === undefined || !loadedManager?.reached ? [] : importedOnly(context, dependencies);
  if (path === undefined || imported.length === 0) return { needed: [], notes: [] };
  const production = dependencies.filter((dependency) => !dependency.dev);
  const reach = loadedManager?.reached?.(app.project, path, app.root, production);
  const found = imported.map((item) => ({ ...item, reach: reach?.(item.name) }));
  return {
    needed: found
      .filter((item) => item.reach === 'development')
      .map((item) => detected(item.name, [placeOf(item, 'package.json does not list it')])),
    notes: found.flatMap((item) => {
      const message = messages[item.reach ?? 'production'];
      if (message === undefined || (item.reach === 'absent' && isOfProject(app, item.specifier))) return [];
      const from = [placeOf(item, `package.json does not list it`)];
      return [{ code: 'package-not-named', message: `${item.source.file} imports ${item.name}, ${message}`, from }];
    }),
  };
}

const ending = 'and the app fails with MODULE_NOT_FOUND: add it to dependencies';

const messages: Readonly<Partial<Record<InstalledIn, string>>> = {
  absent: `which neither package.json nor the lockfile has, ${ending}`,
  apart: `which package.json does not list: it is installed where only the packages that depend on it can find it, ${ending}`,
};

const placeOf = ({ source, specifier, at }: Imported, why: string) =>
  inSource(source, at, `${specifier} is imported, and ${why}`);

/** A name that a registry takes; others are aliases and modules that a tool makes. */
const packageName = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

function importedOnly(context: AnalysisContext, dependencies: readonly Dependency[]): readonly Imported[] {
  const { app, modules } = context;
  const own = app.manifest?.text(['name']);
  const seen = new Set([...dependencies.map(({ name }) => name), ...(own === undefined ? [] : [own])]);
  return modules.packages.flatMap(({ name, source, at }) => {
    if (seen.has(name) || at.typeOnly || at.dynamic || at.caught || !packageName.test(name)) return [];
    if (isBuiltin(at.specifier) || (app.members?.names.has(name) ?? false) || !isUsed(source, at)) return [];
    seen.add(name);
    return [{ name, source, specifier: at.specifier, at: at.span.start }];
  });
}

/** Whether a specifier may be of the project's own by a name that stands for a folder: nothing may be said then of a package. */
function isOfProject(app: App, specifier: string): boolean {
  const [first = specifier] = specifier.split('/');
  const named = ['tsconfig.json', 'jsconfig.json'].flatMap((file) => {
    const data = readData(app.project, app.path(file));
    const paths = data?.at(['compilerOptions', 'paths']);
    // what another file says that this one goes on from is not read
    return [...(data?.at(['extends']) === undefined ? [] : ['@']), ...(isTable(paths) ? Object.keys(paths) : [])];
  });
  if (named.some((pattern) => specifier.startsWith(pattern.split('*')[0] ?? ''))) return true;
  return app.project.files().some((file) => file.split('/').some((part) => part.replace(/\.[^.]+$/, '') === first));
}
