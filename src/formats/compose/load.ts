import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { canonical } from './canonical.ts';
import { setDefaults } from './defaults.ts';
import { type Files, whyNotRead } from './files.ts';
import { interpolate, interpolateAsWritten, type Lookup } from './interpolate.ts';
import { dropRepeated } from './lists.ts';
import { applyResets, mergeFiles, mergeService } from './merge.ts';
import {
  dataOf,
  entriesOf,
  entry,
  find,
  invalid,
  isNull,
  type Mapping,
  mapEntries,
  mapping,
  type Node,
  stringOf,
  withEntry,
} from './nodes.ts';
import { joinPath, resolvePaths } from './paths.ts';
import type { KeyPath } from './read.ts';
import { ITEM } from './rules.ts';

/** A model that is loaded: its files, and the folder that their paths start from. Paths are root-relative. */
type Loading = {
  readonly files: Files;
  readonly lookup: Lookup;
  readonly base: string;
  /** the files that led here by `include` */
  readonly included: readonly string[];
  /** the files that services were extended from, once each */
  readonly bases: Map<string, Source>;
};

/** A file whose services can be extended; they are resolved in place. */
type Source = {
  readonly file: string;
  readonly services: Map<string, Node>;
  readonly resets: readonly KeyPath[];
};

/** How many services may extend each other in a row. */
const MAX_CHAIN = 100;

/** The model of several files, with paths from the root of the project. */
export function loadFiles(files: Files, paths: readonly string[], base: string, lookup: Lookup): Mapping {
  return resolvePaths(loadModel({ files, lookup, base, included: [], bases: new Map() }, paths), base);
}

/** The model of several files, with paths from the folder of the model. */
function loadModel(loading: Loading, paths: readonly string[]): Mapping {
  const start = mapping([], { file: paths[0] ?? '', line: 1 });
  return setDefaults(paths.reduce((model, path) => loadFile(loading, path, model), start));
}

function loadFile(loading: Loading, path: string, below: Mapping): Mapping {
  const { budget } = loading.files;
  const { root, resets } = loading.files.open(path, undefined);
  const inherited = applyExtends(loading, filled(root, loading), path, resets);
  const own = applyIncludes({ ...loading, included: [...loading.included, path] }, inherited);
  return written(mergeFiles(applyResets(below, resets, budget), own, budget), loading);
}

/** A file with its variables filled in, or as it is written as far as that can be read. */
function filled(root: Mapping, { files, lookup }: Loading): Mapping {
  if (!files.asWritten) return interpolate(root, lookup);
  return interpolateAsWritten(root, lookup, ({ text, at }, path) => {
    const service = path[0] === 'services' ? path[1] : undefined;
    const key = path.filter((part) => part !== ITEM).at(-1) ?? '';
    const why = `A variable in ${JSON.stringify(text)} has no value.`;
    files.unread.push({ ...(service === undefined ? {} : { service }), key, why, place: at });
  });
}

/** A file in its long form, without what it says twice. */
function written(merged: Mapping, { files }: Loading): Mapping {
  const long = canonical(dropRepeated(withEntry(merged, 'version', undefined)), files.budget);
  return dropRepeated(long);
}

function applyExtends(loading: Loading, root: Mapping, file: string, resets: readonly KeyPath[]): Mapping {
  const services = entry(root, 'services');
  if (isNull(services) || services === undefined) return root;
  if (services.type !== 'map') throw invalid('services must be a mapping.', services.at);
  const source = { file, services: new Map(services.entries), resets };
  const resolved = mapEntries(services, (_service, name) => extendService(loading, name, source, []));
  return withEntry(root, 'services', resolved);
}

/** A service with what it extends below it. Throws a UserError for circles, and where there is no such service. */
function extendService(loading: Loading, name: string, source: Source, trail: readonly string[]): Node | undefined {
  const service = source.services.get(name);
  const extended = entry(service, 'extends');
  if (service?.type !== 'map' || extended === undefined) return service;
  const id = `${name} in ${source.file}`;
  if (trail.includes(id))
    throw invalid(`Services extend each other circularly: ${[...trail, id].join(', ')}.`, extended.at);
  if (trail.length > MAX_CHAIN) throw invalid(`More than ${MAX_CHAIN} services extend each other.`, extended.at);
  const bare = withEntry(service, 'extends', undefined);
  const reference = stringOf(extended) ?? stringOf(entry(extended, 'service'));
  if (reference === undefined) throw invalid(`services.${name}.extends must name a service.`, extended.at);
  const from = sourceOf(loading, name, extended, source);
  if (from !== undefined && !from.services.has(reference)) {
    throw invalid(
      `services.${name} extends ${JSON.stringify(reference)}, which ${from.file} does not have.`,
      extended.at,
    );
  }
  const base = from && extendService(loading, reference, from, [...trail, id]);
  const merged =
    base?.type === 'map' ? mergeService(resetBase(base, name, source, loading), bare, loading.files.budget) : bare;
  source.services.set(name, merged);
  return merged;
}

/** What a file resets in a service, it resets in the service that this one extends. */
function resetBase(base: Mapping, name: string, { resets }: Source, { files }: Loading): Mapping {
  const own = resets.filter((path) => path[0] === 'services' && path[1] === name && path.length > 2);
  return applyResets(
    base,
    own.map((path) => path.slice(2)),
    files.budget,
  );
}

/** Where the service that is extended stands; undefined where the file is refused. */
function sourceOf(loading: Loading, name: string, extended: Node, source: Source): Source | undefined {
  const file = entry(extended, 'file');
  if (isNull(file)) return source;
  const path = stringOf(file);
  if (path === undefined) throw invalid(`services.${name}.extends.file must be a string.`, extended.at);
  const why = whyNotRead(loading.base, path);
  if (why !== undefined) {
    loading.files.refused.push({ service: name, key: 'extends', why, place: extended.at });
    return undefined;
  }
  const full = joinPath(loading.base, path);
  const known = loading.bases.get(full);
  if (known) return known;
  const opened = openBase(loading, full, extended);
  loading.bases.set(full, opened);
  return opened;
}

function openBase(loading: Loading, path: string, from: Node): Source {
  const { root, resets } = loading.files.open(path, from.at);
  const model = written(filled(root, loading), loading);
  const shifted = resolvePaths(model, relativePath(loading.base, posix.dirname(path)));
  return { file: path, services: new Map(entriesOf(entry(shifted, 'services'))), resets };
}

const relativePath = (from: string, to: string): string => posix.relative(`/${from}`, `/${to}`) || '.';

/** Adds what a file includes to what it says itself. */
function applyIncludes(loading: Loading, root: Mapping): Mapping {
  const include = entry(root, 'include');
  const bare = withEntry(root, 'include', undefined);
  if (include === undefined || isNull(include)) return bare;
  if (include.type !== 'seq') throw invalid('include must be a list.', include.at);
  return include.items.reduce<Mapping>((model, item) => {
    const imported = loadInclude(loading, item);
    return imported === undefined ? model : importInto(model, imported, item);
  }, bare);
}

/** The model of an include, with paths from the folder of what includes it; undefined where it is refused. */
function loadInclude(loading: Loading, item: Node): Mapping | undefined {
  const { base, files } = loading;
  const paths = stringsOf(item.type === 'map' ? entry(item, 'path') : item);
  const folder = stringOf(entry(item, 'project_directory'));
  if (paths === undefined || paths.length === 0)
    throw invalid('An include must name a file or a list of files.', item.at);
  const why = [...paths, ...(folder ? [folder] : [])].map((path) => whyNotRead(base, path)).find((found) => found);
  if (why !== undefined) {
    files.refused.push({ key: 'include', why, place: item.at });
    return undefined;
  }
  for (const path of stringsOf(entry(item, 'env_file')) ?? [])
    files.unread.push({ key: 'include', why: `The env file of an include is not read: ${path}`, place: item.at });
  const full = paths.map((path) => joinPath(base, path));
  const [first = ''] = full;
  if (loading.included.includes(first))
    throw invalid(`Files include each other circularly: ${[...loading.included, first].join(', ')}.`, item.at);
  const own = folder ? joinPath(base, folder) : posix.dirname(first);
  for (const path of full) files.open(path, item.at);
  const model = loadModel({ ...loading, base: own, bases: new Map() }, full);
  return resolvePaths(model, relativePath(base, own));
}

function stringsOf(node: Node | undefined): readonly string[] | undefined {
  const single = stringOf(node);
  if (single !== undefined) return [single];
  if (node?.type !== 'seq') return undefined;
  const strings = node.items.map(stringOf).filter((text) => text !== undefined);
  return strings.length === node.items.length ? strings : undefined;
}

const importable = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/** Adds the parts of an include. Throws a UserError where both say different things under one name. */
function importInto(model: Mapping, imported: Mapping, item: Node): Mapping {
  return importable.reduce<Mapping>((done, kind) => {
    const added = entriesOf(entry(imported, kind));
    if (added.length === 0) return done;
    const entries = new Map(entriesOf(entry(done, kind)));
    for (const [name, node] of added) {
      const known = entries.get(name);
      if (known !== undefined && !isDeepStrictEqual(dataOf(known), dataOf(node)))
        throw invalid(`${kind}.${name} is in the included file and in this one.`, item.at);
      entries.set(name, node);
    }
    return withEntry(done, kind, mapping(entries, find(done, kind)?.at ?? item.at));
  }, model);
}
