import { type Data, isTable, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { readSettings } from '../../../project/settings.ts';

/** The range that a catalog of the workspace has for a package, and the file that holds the catalog. */
export type CatalogEntry = { readonly range: string; readonly file: string };

type Catalog = { readonly file: string; readonly name: string; readonly ranges: Readonly<Record<string, unknown>> };

/** The catalog that `catalog:` alone means. */
const UNNAMED = 'default';

const remembered = new WeakMap<Project, Map<string, readonly Catalog[]>>();

/**
 * What a dependency asks for by `catalog:` or `catalog:NAME`. undefined: it names no catalog, or none in the folder `root` has the package. pnpm keeps
 * catalogs in pnpm-workspace.yaml, Yarn in .yarnrc.yml, Bun in package.json, there or below `workspaces`.
 */
export function fromCatalog(
  project: Project,
  root: string,
  dependency: string,
  range: string,
): CatalogEntry | undefined {
  if (!range.startsWith('catalog:')) return undefined;
  const name = range.slice('catalog:'.length).trim() || UNNAMED;
  const found = catalogsAt(project, root).find(
    (catalog) => catalog.name === name && Object.hasOwn(catalog.ranges, dependency),
  );
  const value = found?.ranges[dependency];
  return found && typeof value === 'string' ? { range: value, file: found.file } : undefined;
}

function catalogsAt(project: Project, root: string): readonly Catalog[] {
  const known = remembered.get(project) ?? new Map<string, readonly Catalog[]>();
  remembered.set(project, known);
  const found = known.get(root) ?? readCatalogs(project, root);
  known.set(root, found);
  return found;
}

function readCatalogs(project: Project, root: string): readonly Catalog[] {
  const manifest = readData(project, pathIn(root, 'package.json'));
  const settings = ['pnpm-workspace.yaml', '.yarnrc.yml'].map((name) => pathIn(root, name));
  return [
    ...settings.flatMap((file) => catalogsIn(file, readSettings(project, file))),
    ...inManifest(manifest, []),
    ...inManifest(manifest, ['workspaces']),
  ];
}

const inManifest = (manifest: Data | undefined, path: readonly string[]): readonly Catalog[] =>
  manifest ? catalogsIn(manifest.file, manifest.at(path)) : [];

function catalogsIn(file: string, holder: unknown): readonly Catalog[] {
  if (!isTable(holder)) return [];
  const unnamed = holder['catalog'];
  const named = holder['catalogs'];
  const all = [
    ...(isTable(unnamed) ? [[UNNAMED, unnamed] as const] : []),
    ...(isTable(named) ? Object.entries(named) : []),
  ];
  return all.flatMap(([name, ranges]) => (isTable(ranges) ? [{ file, name, ranges }] : []));
}
