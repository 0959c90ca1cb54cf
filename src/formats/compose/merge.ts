import { textOf } from './lists.ts';
import {
  entry,
  invalid,
  isNull,
  type Mapping,
  mapping,
  type Node,
  record,
  scalar,
  seq,
  stringOf,
  type WorkBudget,
  withEntry,
} from './nodes.ts';
import { rules } from './rules.ts';

type Path = readonly string[];
type Merge = (base: Node, over: Node, path: Path, budget: WorkBudget) => Node;

/**
 * Lays one file over another by the merge rules of the compose specification: mappings are merged, sequences appended, other values
 * replaced, but for the keys below. Throws a UserError where the kinds of both do not fit.
 */
export function mergeFiles(base: Mapping, over: Mapping, budget: WorkBudget): Mapping {
  return mergeMappings(base, over, [], budget);
}

/** Lays a service over the one that it extends. */
export function mergeService(base: Mapping, over: Mapping, budget: WorkBudget): Mapping {
  return mergeMappings(base, over, ['services', 'x'], budget);
}

function mergeMappings(base: Mapping, over: Mapping, path: Path, budget: WorkBudget): Mapping {
  budget.spend(base.entries.size + over.entries.size, over.at);
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? value : mergeNodes(before, value, [...path, key], budget));
  }
  return mapping(entries, over.at);
}

function mergeNodes(base: Node, over: Node, path: Path, budget: WorkBudget): Node {
  const special = specials.at(path);
  if (special) return special(base, over, path, budget);
  if (isNull(over)) return base;
  if (base.type === 'scalar') return over;
  if (base.type === 'map' && over.type === 'map') return mergeMappings(base, over, path, budget);
  if (base.type === 'seq' && over.type === 'seq') return append(base.items, over.items, over, budget);
  throw invalid(`${path.join('.')} is ${kindName(over)} here and ${kindName(base)} in the file below.`, over.at);
}

const kindName = (node: Node): string => ({ map: 'a mapping', seq: 'a list', scalar: 'a value' })[node.type];

function append(base: readonly Node[], over: readonly Node[], at: Node, budget: WorkBudget): Node {
  budget.spend(base.length + over.length, at.at);
  return seq([...base, ...over], at.at);
}

const replaced: Merge = (_base, over) => over;

/** `{ A: 1 }` and `[A=1]` as the same list, so that both can be appended. */
function asList(node: Node): readonly Node[] {
  if (node.type === 'seq') return node.items;
  if (node.type === 'scalar') return typeof node.value === 'string' ? [node] : [];
  const lines = [...node.entries].flatMap(([key, value]): Node[] => {
    if (isNull(value)) return [scalar(key, value.at)];
    const values = value.type === 'seq' ? value.items : [value];
    return values.map((item) => scalar(`${key}=${textOf(item)}`, item.at));
  });
  return lines.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const asLists: Merge = (base, over, _path, budget) => append(asList(base), asList(over), over, budget);

const hosts: Merge = (base, over, path, budget) => {
  const known = new Set(asList(base).map(textOf));
  const added = asList(over).filter((item) => !known.has(textOf(item)));
  return asLists(base, seq(added, over.at), path, budget);
};

/** A list of names as a mapping to `value`. */
const asMapping =
  (value: (name: Node) => Node) =>
  (node: Node): Mapping =>
    node.type === 'map'
      ? node
      : mapping(
          asList(node).map((item): [string, Node] => [textOf(item), value(item)]),
          node.at,
        );

const asMappings =
  (convert: (node: Node) => Mapping): Merge =>
  (base, over, path, budget) =>
    mergeMappings(convert(base), convert(over), path, budget);

const named = asMapping((name) => scalar(null, name.at));
const dependencies = asMapping((name) => record({ condition: 'service_started', required: true }, name.at));
const buildOf = (node: Node): Mapping =>
  node.type === 'map' ? node : record(isNull(node) ? {} : { context: node }, node.at);

/** Options of a logging driver mean nothing to another driver. */
const logging: Merge = (base, over, path, budget) => {
  if (base.type !== 'map' || over.type !== 'map') return isNull(over) ? base : over;
  const [before, after] = [entry(base, 'driver'), entry(over, 'driver')];
  const isSame = before === undefined || after === undefined || stringOf(before) === stringOf(after);
  return isSame ? mergeMappings(base, over, path, budget) : over;
};

/** Pools of addresses are the same where their subnets are. */
const pools: Merge = (base, over, path, budget) => {
  if (base.type !== 'seq' || over.type !== 'seq') return isNull(over) ? base : over;
  budget.spend(base.items.length + over.items.length, over.at);
  const subnet = (node: Node) => textOf(entry(node, 'subnet'));
  const changed = new Map(over.items.map((pool) => [subnet(pool), pool]));
  const merged = base.items.map((pool) => {
    const change = changed.get(subnet(pool));
    changed.delete(subnet(pool));
    return pool.type === 'map' && change?.type === 'map' ? mergeMappings(pool, change, path, budget) : (change ?? pool);
  });
  return seq([...merged, ...changed.values()], over.at);
};

const specials = rules<Merge>({
  'networks.*.ipam.config': pools,
  'networks.*.labels': asLists,
  'volumes.*.labels': asLists,
  'services.*.annotations': asLists,
  'services.*.build': asMappings(buildOf),
  'services.*.build.args': asLists,
  'services.*.build.additional_contexts': asLists,
  'services.*.build.extra_hosts': hosts,
  'services.*.build.labels': asLists,
  'services.*.command': replaced,
  'services.*.depends_on': asMappings(dependencies),
  'services.*.deploy.labels': asLists,
  'services.*.dns': asLists,
  'services.*.dns_opt': asLists,
  'services.*.dns_search': asLists,
  'services.*.entrypoint': replaced,
  'services.*.env_file': asLists,
  'services.*.label_file': asLists,
  'services.*.environment': asLists,
  'services.*.extra_hosts': hosts,
  'services.*.healthcheck.test': replaced,
  'services.*.labels': asLists,
  'services.*.volumes.*.volume.labels': asLists,
  'services.*.logging': logging,
  'services.*.models': asMappings(named),
  'services.*.networks': asMappings(named),
  'services.*.sysctls': asLists,
  'services.*.tmpfs': asLists,
  'services.*.ulimits.*': replaced,
});

/** Takes out of `root` what a later file resets. */
export function applyResets(root: Mapping, resets: readonly Path[], budget: WorkBudget): Mapping {
  return resets.reduce((done, path) => removeAt(done, path, budget), root);
}

function removeAt(node: Mapping, path: Path, budget: WorkBudget): Mapping {
  const [key, ...rest] = path;
  const value = key === undefined ? undefined : node.entries.get(key);
  if (key === undefined || value === undefined) return node;
  budget.spend(node.entries.size, node.at);
  if (rest.length === 0) return withEntry(node, key, undefined);
  return value.type === 'map' ? withEntry(node, key, removeAt(value, rest, budget)) : node;
}
