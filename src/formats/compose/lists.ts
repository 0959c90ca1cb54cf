import { entry, invalid, type Mapping, type Node, seq, stringOf } from './nodes.ts';
import { ITEM, rules } from './rules.ts';
import { parseVolume } from './volumes.ts';

/** A value as compose prints it into a string; a mapping or list has none. */
export const textOf = (node: Node | undefined): string => (node?.type === 'scalar' ? node.text : '');

/** What makes two items of a list the same; undefined: nothing does. */
type Key = (item: Node) => string | undefined;

const byName: Key = (item) => textOf(item).split('=', 1)[0];

const byTarget: Key = (item) =>
  item.type === 'map' ? textOf(entry(item, 'target')) : parseVolume(textOf(item), item.at).target;

const byDevice: Key = (item) => {
  if (item.type === 'map') return textOf(entry(item, 'target'));
  const [source, target] = textOf(item).split(':');
  return target ?? source;
};

const byMount =
  (folder: string): Key =>
  (item) =>
    item.type === 'map'
      ? (stringOf(entry(item, 'target')) ?? `${folder}/${textOf(entry(item, 'source'))}`)
      : `${folder}/${textOf(item)}`;

const byPort: Key = (item) => {
  if (item.type !== 'map') return textOf(item);
  const part = (key: string, otherwise: string) => {
    const value = entry(item, key);
    return value === undefined ? otherwise : textOf(value);
  };
  return `${part('host_ip', '0.0.0.0')}:${part('published', '')}:${part('target', '')}/${part('protocol', 'tcp')}`;
};

const byPath: Key = (item) => (item.type === 'map' ? textOf(entry(item, 'path')) : textOf(item));

const unique = rules<Key>({
  'networks.*.labels': byName,
  'networks.*.ipam.options': byName,
  'services.*.annotations': byName,
  'services.*.build.args': byName,
  'services.*.build.additional_contexts': byName,
  'services.*.build.platform': byName,
  'services.*.build.tags': byName,
  'services.*.build.labels': byName,
  'services.*.cap_add': byName,
  'services.*.cap_drop': byName,
  'services.*.devices': byDevice,
  'services.*.configs': byMount(''),
  'services.*.deploy.labels': byName,
  'services.*.dns': byName,
  'services.*.dns_opt': byName,
  'services.*.dns_search': byName,
  'services.*.environment': byName,
  'services.*.env_file': byPath,
  'services.*.expose': textOf,
  'services.*.labels': byName,
  'services.*.links': byName,
  'services.*.networks.*.aliases': byName,
  'services.*.networks.*.link_local_ips': byName,
  'services.*.ports': byPort,
  'services.*.profiles': byName,
  'services.*.secrets': byMount('/run/secrets'),
  'services.*.sysctls': byName,
  'services.*.tmpfs': byName,
  'services.*.volumes': byTarget,
});

/** Leaves one of the items that say the same thing, such as two volumes at one target: the last, in the place of the first. */
export function dropRepeated(root: Mapping): Mapping {
  const visit = (node: Node, path: readonly string[]): Node => {
    if (node.type === 'map')
      return {
        ...node,
        entries: new Map([...node.entries].map(([key, value]) => [key, visit(value, [...path, key])])),
      };
    const keyOf = node.type === 'seq' ? unique.at(path) : undefined;
    if (node.type !== 'seq' || !keyOf) return node;
    const kept = new Map<string, Node>();
    for (const [index, item] of node.items.entries()) kept.set(keyOf(item) ?? `${ITEM}${index}`, item);
    return seq([...kept.values()], node.at);
  };
  const done = visit(root, []);
  if (done.type !== 'map') throw invalid('A compose file must be a mapping.', done.at);
  return done;
}
