import { textOf } from './lists.ts';
import {
  entry,
  invalid,
  isNull,
  type Mapping,
  mapEntries,
  mapping,
  type Node,
  record,
  scalar,
  seq,
  stringOf,
  type WorkBudget,
  withEntry,
} from './nodes.ts';
import { longPorts } from './ports.ts';
import { ITEM, rules } from './rules.ts';
import { longVolume } from './volumes.ts';

type Path = readonly string[];
/** Writes a short form out. `inner` goes on with what is inside. */
type Change = (node: Node, path: Path, inner: (node: Node) => Node, budget: WorkBudget) => Node;

/** Writes the short forms of a file out: ports, volumes, build, env files … Throws a UserError where one cannot be read. */
export function canonical(root: Mapping, budget: WorkBudget): Mapping {
  const visit = (node: Node, path: Path): Node => {
    const inside = (inner: Node): Node => {
      if (inner.type === 'map') return mapEntries(inner, (value, key) => visit(value, [...path, key]));
      if (inner.type === 'seq')
        return seq(
          inner.items.map((item) => visit(item, [...path, ITEM])),
          inner.at,
        );
      return inner;
    };
    const change = changes.at(path);
    return change ? change(node, path, inside, budget) : inside(node);
  };
  return mapEntries(root, (value, key) => visit(value, [key]));
}

const wrongKind = (path: Path, kinds: string, node: Node) => invalid(`${path.join('.')} must be ${kinds}.`, node.at);

/** The long form of a string; anything else stays. */
const fromString =
  (long: (text: string, node: Node) => Node): Change =>
  (node) => {
    const text = stringOf(node);
    return text === undefined ? node : long(text, node);
  };

const stringOrList = fromString((text, node) => seq([scalar(text, node.at)], node.at));
const fileMount = fromString((source, node) => record({ source }, node.at));
const volumeMount = fromString((text, node) => longVolume(text, node.at));
const namesToMapping: Change = (node) =>
  node.type === 'seq'
    ? mapping(
        node.items.map((item) => [textOf(item), scalar(null, item.at)]),
        node.at,
      )
    : node;
const printed: Change = (node) => (node.type === 'scalar' && !isNull(node) ? scalar(node.text, node.at) : node);

const pairs: Change = (node, path) => {
  if (node.type !== 'seq') return node;
  return mapping(
    node.items.map((item): [string, Node] => {
      const text = textOf(item);
      const cut = text.indexOf('=');
      if (cut === -1) throw invalid(`${path.join('.')}: ${JSON.stringify(text)} must be NAME=VALUE.`, item.at);
      return [text.slice(0, cut), scalar(text.slice(cut + 1), item.at)];
    }),
    node.at,
  );
};

const dependencies: Change = (node, path) => {
  const defaults = (at: Node) => ({ condition: scalar('service_started', at.at), required: scalar(true, at.at) });
  if (node.type === 'seq')
    return mapping(
      node.items.map((item) => [textOf(item), record(defaults(item), item.at)]),
      node.at,
    );
  if (node.type !== 'map') throw wrongKind(path, 'a list or a mapping', node);
  return mapEntries(node, (value, name) => {
    if (value.type !== 'map') throw wrongKind([...path, name], 'a mapping', value);
    if (entry(value, 'condition') === undefined)
      throw invalid(
        `${[...path, name].join('.')} must have a condition, such as service_started. Write one, or make depends_on a list.`,
        value.at,
      );
    return { ...value, entries: new Map([...Object.entries(defaults(value)), ...value.entries]) };
  });
};

const envFiles: Change = (node, path) => {
  const long = (item: Node): Node => {
    if (item.type === 'map') return entry(item, 'required') ? item : withEntry(item, 'required', scalar(true, item.at));
    return record({ path: textOf(item), required: true }, item.at);
  };
  if (node.type === 'seq') return seq(node.items.map(long), node.at);
  if (stringOf(node) === undefined) throw wrongKind(path, 'a string or a list', node);
  return seq([long(node)], node.at);
};

const build: Change = (node, path, inner) => {
  const context = stringOf(node);
  if (context !== undefined) return record({ context }, node.at);
  if (node.type !== 'map' && !isNull(node)) throw wrongKind(path, 'a string or a mapping', node);
  return inner(node);
};

/** A long port has six nodes, which are looked at several times. */
const NODES_OF_A_PORT = 15;

const ports: Change = (node, path, _inner, budget) => {
  if (node.type !== 'seq') throw wrongKind(path, 'a list', node);
  const long = node.items.flatMap((item): readonly Node[] => {
    if (item.type === 'map') return [item];
    if (item.type !== 'scalar' || isNull(item)) throw wrongKind(path, 'a list of ports', item);
    const written = longPorts(item.text, item.at);
    budget.spend(written.length * NODES_OF_A_PORT, item.at);
    return written;
  });
  return seq(long, node.at);
};

const device: Change = fromString((text, node) => {
  const [source = '', target = '', permissions = 'rwm', ...more] = text.split(':');
  if (more.length > 0) throw invalid(`${JSON.stringify(text)} is not a valid device. Use the long form.`, node.at);
  return record({ source, target: target === '' ? source : target, permissions }, node.at);
});

const ssh: Change = (node, path) => {
  if (node.type !== 'seq') return node;
  return mapping(
    node.items.map((item): [string, Node] => {
      const text = textOf(item);
      const cut = text.indexOf('=');
      if (cut === -1 && text !== 'default')
        throw invalid(`${path.join('.')}: ${JSON.stringify(text)} is not a valid SSH key.`, item.at);
      return cut === -1 ? [text, scalar(null, item.at)] : [text.slice(0, cut), scalar(text.slice(cut + 1), item.at)];
    }),
    node.at,
  );
};

const gpus: Change = fromString((_text, node) => seq([record({ count: 'all' }, node.at)], node.at));

/** `external: { name: x }` is the old form of `external: true` and `name: x`. */
const maybeExternal: Change = (node, path, inner) => {
  if (isNull(node)) return node;
  if (node.type !== 'map') throw wrongKind(path, 'a mapping', node);
  const done = inner(node);
  const external = entry(done, 'external');
  if (done.type !== 'map' || external?.type !== 'map') return done;
  const [name, old] = [entry(done, 'name'), entry(external, 'name')];
  if (name && old && textOf(name) !== textOf(old))
    throw invalid(`${path.join('.')}: name and external.name differ. Use name alone.`, external.at);
  const known = withEntry(done, 'external', scalar(true, external.at));
  return name || !old ? known : withEntry(known, 'name', old);
};

const changes = rules<Change>({
  'services.*.build.secrets.*': fileMount,
  'services.*.build.provenance': printed,
  'services.*.build.sbom': printed,
  'services.*.build.additional_contexts': pairs,
  'services.*.build.ssh': ssh,
  'services.*.build': build,
  'services.*.depends_on': dependencies,
  'services.*.env_file': envFiles,
  'services.*.label_file': stringOrList,
  'services.*.gpus': gpus,
  'services.*.networks': namesToMapping,
  'services.*.models': namesToMapping,
  'services.*.volumes.*': volumeMount,
  'services.*.dns': stringOrList,
  'services.*.devices.*': device,
  'services.*.secrets.*': fileMount,
  'services.*.configs.*': fileMount,
  'services.*.ports': ports,
  'services.*.develop.watch.*.ignore': stringOrList,
  'services.*.develop.watch.*.include': stringOrList,
  'volumes.*': maybeExternal,
  'networks.*': maybeExternal,
  'secrets.*': maybeExternal,
  'configs.*': maybeExternal,
});
