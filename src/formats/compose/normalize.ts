import type { Lookup } from './interpolate.ts';
import { textOf } from './lists.ts';
import {
  entriesOf,
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
  withEntry,
} from './nodes.ts';
import { cleanPath } from './volumes.ts';

/** Makes explicit what a model implies: the default network, what services wait for, names of networks and volumes. */
export function normalize(root: Mapping, name: string, lookup: Lookup): Mapping {
  const services = servicesOf(root);
  const connected =
    services && mapEntries(services, (service) => (service.type === 'map' ? connect(service) : service));
  const complete = connected
    ? withEntry(
        root,
        'services',
        mapEntries(connected, (service) => completeService(service, lookup)),
      )
    : root;
  const networks = networksOf(complete, connected);
  const all = networks ? withEntry(complete, 'networks', networks) : complete;
  return nameParts(withEntry(all, 'name', scalar(name, entry(root, 'name')?.at ?? root.at)), name);
}

function servicesOf(root: Mapping): Mapping | undefined {
  const services = entry(root, 'services');
  if (services === undefined || isNull(services)) return undefined;
  if (services.type !== 'map') throw invalid('services must be a mapping.', services.at);
  for (const [name, service] of services.entries)
    if (service.type !== 'map') throw invalid(`services.${name} must be a mapping.`, service.at);
  return services;
}

/** A service that names no network is on the default one. */
function connect(service: Mapping): Mapping {
  if (entry(service, 'provider') || entry(service, 'network_mode')) return service;
  if (entriesOf(entry(service, 'networks')).length > 0) return service;
  const at = entry(service, 'networks')?.at ?? service.at;
  return withEntry(service, 'networks', mapping([['default', scalar(null, at)]], at));
}

function networksOf(root: Mapping, services: Mapping | undefined): Mapping | undefined {
  const declared = entry(root, 'networks');
  const known = declared?.type === 'map' ? declared : undefined;
  const user = entriesOf(services).find(([, service]) => entry(entry(service, 'networks'), 'default') !== undefined);
  if (user === undefined || entry(known, 'default')) return known;
  return withEntry(known ?? mapping([], user[1].at), 'default', scalar(null, user[1].at));
}

function completeService(service: Node, lookup: Lookup): Node {
  if (service.type !== 'map') return service;
  const changes: readonly ((service: Mapping) => Mapping)[] = [
    (it) => (textOf(entry(it, 'pull_policy')) === 'if_not_present' ? replace(it, 'pull_policy', () => 'missing') : it),
    (it) => completeBuild(it, lookup),
    (it) => changeKey(it, 'environment', (node) => filledIn(node, lookup, true)),
    (it) => changeKey(it, 'volumes', cleanTargets),
    waitFor,
    scaleDeploy,
  ];
  return changes.reduce<Mapping>((it, change) => change(it), service);
}

function changeKey(node: Mapping, key: string, change: (value: Node) => Node): Mapping {
  const value = entry(node, key);
  return value === undefined || isNull(value) ? node : withEntry(node, key, change(value));
}

const replace = (node: Mapping, key: string, change: (text: string) => string): Mapping =>
  changeKey(node, key, (value) => scalar(change(textOf(value)), value.at));

function completeBuild(service: Mapping, lookup: Lookup): Mapping {
  return changeKey(service, 'build', (build) => {
    if (build.type !== 'map') return build;
    const hasFile = entry(build, 'dockerfile') || entry(build, 'dockerfile_inline');
    const named = hasFile ? build : withEntry(build, 'dockerfile', scalar('Dockerfile', build.at));
    return changeKey(named, 'args', (args) => filledIn(args, lookup, false));
  });
}

/** Variables without a value get that of the variable of the same name; where there is none they are left out, or kept without one. */
function filledIn(node: Node, lookup: Lookup, keepUnset: boolean): Node {
  if (node.type === 'map')
    return mapEntries(node, (value, name) => {
      if (!isNull(value)) return value;
      const found = lookup(name);
      return found === undefined ? (keepUnset ? value : undefined) : scalar(found, value.at);
    });
  if (node.type !== 'seq') return node;
  const items = node.items.flatMap((item): Node[] => {
    const text = stringOf(item) ?? textOf(item);
    if (text.includes('=')) return [item];
    const found = lookup(text);
    if (found !== undefined) return [scalar(`${text}=${found}`, item.at)];
    return keepUnset ? [item] : [];
  });
  return seq(items, node.at);
}

function cleanTargets(node: Node): Node {
  if (node.type !== 'seq') return node;
  return seq(
    node.items.map((item) => (item.type === 'map' ? replace(item, 'target', cleanPath) : item)),
    node.at,
  );
}

/** A service waits for the services whose network, volumes or namespaces it uses. */
function waitFor(service: Mapping): Mapping {
  const used = [
    ...listOf(service, 'links').map((item) => ({ item, name: linked(textOf(item)), restart: true })),
    ...['network_mode', 'ipc', 'pid', 'uts', 'cgroup'].flatMap((key) => {
      const item = entry(service, key);
      const text = textOf(item);
      return item && text.startsWith('service:') ? [{ item, name: text.slice(8), restart: true }] : [];
    }),
    ...listOf(service, 'volumes_from')
      .filter((item) => !textOf(item).startsWith('container:'))
      .map((item) => ({ item, name: textOf(item).split(':', 1)[0] ?? '', restart: false })),
  ];
  const known = entry(service, 'depends_on');
  const waits = new Map(entriesOf(known));
  for (const { item, name, restart } of used)
    if (!waits.has(name)) waits.set(name, record({ condition: 'service_started', restart, required: true }, item.at));
  return waits.size === 0 ? service : withEntry(service, 'depends_on', mapping(waits, known?.at ?? service.at));
}

/** `scale` is the older name of `deploy.replicas`. */
function scaleDeploy(service: Mapping): Mapping {
  const scale = entry(service, 'scale');
  const deploy = entry(service, 'deploy');
  if (scale === undefined || isNull(scale) || deploy?.type !== 'map') return service;
  const replicas = entry(deploy, 'replicas');
  if (replicas && !isNull(replicas) && textOf(replicas) !== textOf(scale))
    throw invalid('scale and deploy.replicas differ. Use one of them.', scale.at);
  return withEntry(service, 'deploy', withEntry(deploy, 'replicas', scale));
}

const listOf = (service: Mapping, key: string): readonly Node[] => {
  const node = entry(service, key);
  return node?.type === 'seq' ? node.items : [];
};

function linked(link: string): string {
  const parts = link.split(':');
  return parts.length === 2 ? (parts[0] ?? link) : link;
}

/** Networks, volumes, configs and secrets without a name are named after the project and their key. */
function nameParts(root: Mapping, project: string): Mapping {
  return ['networks', 'volumes', 'configs', 'secrets'].reduce(
    (done, kind) =>
      changeKey(done, kind, (parts) => {
        if (parts.type !== 'map') throw invalid(`${kind} must be a mapping.`, parts.at);
        return mapEntries(parts, (part, key) => {
          if (part.type !== 'map' && !isNull(part)) throw invalid(`${kind}.${key} must be a mapping.`, part.at);
          const own = part.type === 'map' ? part : mapping([], part.at);
          if (!isNull(entry(own, 'name'))) return own;
          const isExternal = /^(1|t|true)$/i.test(textOf(entry(own, 'external')));
          return withEntry(own, 'name', scalar(isExternal ? key : `${project}_${key}`, own.at));
        });
      }),
    root,
  );
}

/** Leaves out networks, volumes, secrets, configs and models that no service uses, as compose makes none of them. */
export function dropUnused(root: Mapping): Mapping {
  const services = entriesOf(entry(root, 'services')).map(([, service]) => service);
  const sources = (key: string, service: Node | undefined) =>
    service?.type === 'map' ? listOf(service, key).map((item) => textOf(entry(item, 'source'))) : [];
  const names = (key: string, service: Node) => entriesOf(entry(service, key)).map(([name]) => name);
  const used: Readonly<Record<string, (service: Node) => readonly string[]>> = {
    networks: (service) => names('networks', service),
    volumes: (service) => sources('volumes', service),
    secrets: (service) => [...sources('secrets', service), ...sources('secrets', entry(service, 'build'))],
    configs: (service) => sources('configs', service),
    models: (service) => names('models', service),
  };
  return Object.entries(used).reduce((done, [kind, find]) => {
    const parts = entry(done, kind);
    if (parts?.type !== 'map') return done;
    const needed = new Set(services.flatMap(find));
    const kept = mapEntries(parts, (part, name) => (needed.has(name) ? part : undefined));
    return withEntry(done, kind, kept.entries.size > 0 ? kept : undefined);
  }, root);
}
