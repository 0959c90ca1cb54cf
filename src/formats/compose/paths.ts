import { posix } from 'node:path';
import {
  entry,
  invalid,
  isNull,
  type Mapping,
  mapEntries,
  type Node,
  scalar,
  seq,
  stringOf,
  withEntry,
} from './nodes.ts';
import { ITEM, rules } from './rules.ts';

type Resolve = (node: Node, base: string) => Node;

/** Whether compose would fetch a file of this name over the network, or try to. */
export const isRemote = (path: string): boolean =>
  path.includes('://') || path.startsWith('github.com/') || /^[\w-]+@[\w.-]+:/.test(path);

/** Whether a build context is no folder: a git address, an image, another service. */
const isRemoteContext = (context: string): boolean =>
  context.includes('://') || /^(service:|github\.com\/|git@)/.test(context);

const isWindows = (path: string): boolean => /^([A-Za-z]:[\\/]|\\\\|\/\/)/.test(path);

/** Whether a path lies on the machine and not beside the file: absolute, or in a home folder. */
export const isOfHost = (path: string): boolean => path.startsWith('/') || path.startsWith('~');

/**
 * Whether a path of the model leads out of the project: absolute, in a home folder, on a drive of Windows, or above the root. Links are not
 * followed: who uses the path must look at where it really leads.
 */
export const isOutside = (path: string): boolean =>
  isOfHost(path) || isWindows(path) || path.includes('\0') || /^\.\.(\/|$)/.test(joinPath('.', path));

/** A path of a file in `base`, as a path of what `base` lies in: normalised, without a slash at its end. */
export function joinPath(base: string, path: string): string {
  const joined = posix.normalize(posix.join(base === '' ? '.' : base, path === '' ? '.' : path));
  const clean = joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
  // `./~a` is a file of the folder, `~a` somebody's home
  return clean.startsWith('~') ? `./${clean}` : clean;
}

const onPath = (keep: (path: string) => boolean): Resolve => {
  return (node, base) => {
    const path = stringOf(node);
    return path === undefined || isOfHost(path) || keep(path) ? node : scalar(joinPath(base, path), node.at);
  };
};

const file = onPath((path) => path === '');
const fileOrWindows = onPath(isWindows);
const context = onPath(isRemoteContext);
const extended = onPath((path) => path === '' || isRemote(path));

const bind: Resolve = (node, base) => {
  if (node.type !== 'map' || stringOf(entry(node, 'type')) !== 'bind') return node;
  const source = entry(node, 'source');
  if (stringOf(source) === undefined) throw invalid('A volume of type bind needs a source.', node.at);
  return source ? withEntry(node, 'source', fileOrWindows(source, base)) : node;
};

/** A volume of the local driver may be a folder of the machine by its options. */
const driverOptions: Resolve = (node, base) => {
  if (node.type !== 'map' || stringOf(entry(node, 'driver')) !== 'local') return node;
  const options = entry(node, 'driver_opts');
  const device = entry(options, 'device');
  if (options?.type !== 'map' || isNull(device) || !device || stringOf(entry(options, 'o')) !== 'bind') return node;
  return withEntry(node, 'driver_opts', withEntry(options, 'device', fileOrWindows(device, base)));
};

const resolvers = rules<Resolve>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': fileOrWindows,
  'services.*.env_file.*.path': file,
  'services.*.label_file.*': file,
  'services.*.extends.file': extended,
  'services.*.develop.watch.*.path': file,
  'services.*.volumes.*': bind,
  'configs.*.file': fileOrWindows,
  'secrets.*.file': fileOrWindows,
  'volumes.*': driverOptions,
});

/** Makes the paths of a file's folder paths of the folder above: `./data` of a file in `app` is `app/data`. */
export function resolvePaths(root: Mapping, base: string): Mapping {
  const visit = (node: Node, path: readonly string[]): Node => {
    const resolve = resolvers.at(path);
    if (resolve) return resolve(node, base);
    if (node.type === 'map') return mapEntries(node, (value, key) => visit(value, [...path, key]));
    return node.type === 'seq'
      ? seq(
          node.items.map((item) => visit(item, [...path, ITEM])),
          node.at,
        )
      : node;
  };
  return mapEntries(root, (value, key) => visit(value, [key]));
}
