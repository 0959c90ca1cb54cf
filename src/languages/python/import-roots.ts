/** The folders that modules of an application are imported from, by what they import. */
import { type Statement, statementsOf } from '../../formats/python/index.ts';

/** What a module imports as it is written: `a.b`, with the name behind `from a import b`, and the dots before it. */
type Import = { readonly level: number; readonly path: string };

/** Every import in some statements. */
export const importsOf = (body: readonly Statement[]): readonly Import[] =>
  statementsOf(body).flatMap((statement) =>
    statement.kind === 'import'
      ? statement.imported.map(({ module, level, name }) => ({
          level,
          path: name === undefined ? module : `${module}.${name}`,
        }))
      : [],
  );

/** Whether a dotted path is a module or below it. */
export const isBelow = (path: string, top: string): boolean => path === top || path.startsWith(`${top}.`);

/** Whether a module goes up by dots to the folder that its path starts from: that one is a package. */
export const isPackageOf = (imports: readonly Import[], file: string): boolean =>
  imports.some(({ level }) => level >= file.split('/').length);

type Source = { readonly file: string; readonly imports: readonly Import[] };

/**
 * Folders in the root whose modules import each other without its name, and that no module takes for a package: each is one that modules are
 * imported from, as where the author starts the application in it.
 */
export function startedIn(sources: readonly Source[]): readonly string[] {
  const files = sources.map(({ file }) => file);
  const tops = [...new Set(files.flatMap((file) => (file.includes('/') ? [file.split('/')[0] ?? ''] : [])))];
  const absolute = sources.flatMap(({ imports }) => imports.filter(({ level }) => level === 0));
  return tops.filter((top) => {
    const own = sources.filter(({ file }) => file.startsWith(`${top}/`));
    // an `__init__.py` is often there by habit
    const isPackage =
      absolute.some(({ path }) => isBelow(path, top)) ||
      own.some(({ file, imports }) => isPackageOf(imports, file.slice(top.length + 1)));
    if (isPackage) return false;
    return own.some(({ imports }) =>
      imports.some(({ level, path }) => {
        const [name = ''] = path.split('.');
        return level === 0 && hasModule(files, `${top}/${name}`) && !hasModule(files, name);
      }),
    );
  });
}

/** Whether a module or a package has that path. */
export const hasModule = (files: readonly string[], path: string): boolean =>
  files.some((file) => file === `${path}.py` || file.startsWith(`${path}/`));

type Importing = { readonly name: string; readonly names: ReadonlyMap<string, string> };

/** Whether another module of an application imports one. */
export const isImported = ({ modules }: { readonly modules: readonly Importing[] }, own: Importing): boolean =>
  modules.some((other) => other !== own && [...other.names.values()].some((path) => isBelow(path, own.name)));
