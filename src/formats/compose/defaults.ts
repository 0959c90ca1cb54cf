import { entry, type Mapping, mapEntries, type Node, scalar, seq, stringOf, withEntry } from './nodes.ts';
import { ITEM, rules } from './rules.ts';

type Default = (node: Node) => Node;

/** Adds keys that are missing. */
const missing =
  (values: (node: Node) => Readonly<Record<string, string>>): Default =>
  (node) =>
    node.type !== 'map'
      ? node
      : Object.entries(values(node)).reduce<Mapping>(
          (done, [key, value]) => (entry(done, key) ? done : withEntry(done, key, scalar(value, node.at))),
          node,
        );

const allDevices: Default = (node) => (entry(node, 'device_ids') ? node : missing(() => ({ count: 'all' }))(node));

const defaults = rules<Default>({
  'services.*.build': missing(() => ({ context: '.' })),
  'services.*.secrets.*': missing((node) => ({ target: `/run/secrets/${stringOf(entry(node, 'source')) ?? ''}` })),
  'services.*.ports.*': missing(() => ({ protocol: 'tcp', mode: 'ingress' })),
  'services.*.deploy.resources.reservations.devices.*': allDevices,
  'services.*.gpus.*': allDevices,
});

/** Adds what compose takes for granted where a file says nothing. */
export function setDefaults(root: Mapping): Mapping {
  const visit = (node: Node, path: readonly string[]): Node => {
    const change = defaults.at(path);
    if (change) return change(node);
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
