import { textOf } from './lists.ts';
import { entriesOf, entry, find, invalid, type Mapping, type Node } from './nodes.ts';

/** Refuses names that compose refuses: others make files and containers of these names. Throws a UserError with the line. */
export function checkNamesOfParts(root: Mapping): void {
  for (const kind of ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'])
    for (const [name, node] of entriesOf(entry(root, kind)))
      if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name))
        throw invalid(`${kind}.${name} is not a valid name. Use letters, digits, ".", "-" and "_".`, node.at);
}

/**
 * Refuses models that compose refuses: services without an image, and names of networks, volumes, secrets, configs and services that are
 * declared nowhere. Throws a UserError with the line.
 */
export function checkModel(root: Mapping): void {
  for (const [name, service] of entriesOf(entry(root, 'services'))) {
    checkImage(name, service);
    checkNames(name, service, root);
    checkMounts(name, service);
  }
  checkContents(root);
  refuseCircles(root);
}

/** Where the content of secrets and configs may come from. */
const contents = { secrets: ['file', 'environment'], configs: ['file', 'environment', 'content'] };

function checkContents(root: Mapping): void {
  for (const [kind, keys] of Object.entries(contents))
    for (const [name, node] of entriesOf(entry(root, kind))) {
      const given = keys.filter((key) => entry(node, key) !== undefined);
      const isElsewhere = entry(node, 'external') !== undefined || entry(node, 'driver') !== undefined;
      if (given.length > 1 || (given.length === 0 && !isElsewhere))
        throw invalid(`${kind}.${name} must have one of ${keys.join(', ')}.`, node.at);
    }
}

function checkImage(name: string, service: Node): void {
  const hasImage = ['image', 'build', 'provider'].some((key) => entry(service, key) !== undefined);
  if (!hasImage) throw invalid(`services.${name} has neither an image nor a build.`, service.at);
  const build = entry(service, 'build');
  const inline = entry(build, 'dockerfile_inline');
  if (inline && entry(build, 'dockerfile'))
    throw invalid(`services.${name}.build has both dockerfile and dockerfile_inline. Use one of them.`, inline.at);
  const networkMode = entry(service, 'network_mode');
  if (networkMode && entriesOf(entry(service, 'networks')).length > 0)
    throw invalid(`services.${name} has both network_mode and networks. Use one of them.`, networkMode.at);
  const test = entry(entry(service, 'healthcheck'), 'test');
  const first = test?.type === 'seq' ? test.items[0] : undefined;
  if (first && !['CMD', 'CMD-SHELL', 'NONE'].includes(textOf(first)))
    throw invalid(`services.${name}.healthcheck.test must begin with CMD, CMD-SHELL or NONE.`, first.at);
}

const itemsOf = (node: Node | undefined): readonly Node[] => (node?.type === 'seq' ? node.items : []);

function checkNames(name: string, service: Node, root: Mapping): void {
  const refuse = (kind: string, used: string, at: Node) => {
    if (entry(entry(root, kind), used) === undefined)
      throw invalid(`services.${name} names ${JSON.stringify(used)}, which ${kind} does not have.`, at.at);
  };
  for (const [used, node] of entriesOf(entry(service, 'networks'))) refuse('networks', used, node);
  for (const [used, node] of entriesOf(entry(service, 'depends_on'))) refuse('services', used, node);
  for (const [used, node] of entriesOf(entry(service, 'models'))) refuse('models', used, node);
  for (const item of itemsOf(entry(service, 'volumes'))) {
    const source = textOf(entry(item, 'source'));
    if (textOf(entry(item, 'type')) === 'volume' && source !== '') refuse('volumes', source, item);
  }
  const mounts = [
    ...itemsOf(entry(service, 'secrets')).map((item) => ['secrets', item] as const),
    ...itemsOf(find(service, 'build', 'secrets')).map((item) => ['secrets', item] as const),
    ...itemsOf(entry(service, 'configs')).map((item) => ['configs', item] as const),
  ];
  for (const [kind, item] of mounts) refuse(kind, textOf(entry(item, 'source')), item);
}

function checkMounts(name: string, service: Node): void {
  const seen = new Set<string>();
  const targets = [
    ...itemsOf(entry(service, 'tmpfs')).map((item) => [textOf(item).split(':', 1)[0] ?? '', item] as const),
    ...itemsOf(entry(service, 'volumes')).map((item) => [textOf(entry(item, 'target')), item] as const),
  ];
  for (const [target, item] of targets) {
    if (seen.has(target)) throw invalid(`services.${name} mounts ${target} twice.`, item.at);
    seen.add(target);
  }
}

/** Services that wait for each other would never start. */
function refuseCircles(root: Mapping): void {
  const services = entry(root, 'services');
  const done = new Set<string>();
  for (const [start] of entriesOf(services)) {
    const trail: { readonly name: string; readonly waits: (readonly [string, Node])[] }[] = [];
    const enter = (name: string) => {
      if (!done.has(name)) trail.push({ name, waits: [...entriesOf(find(services, name, 'depends_on'))] });
    };
    enter(start);
    const open = new Set<string>(trail.map((step) => step.name));
    for (let step = trail.at(-1); step !== undefined; step = trail.at(-1)) {
      const next = step.waits.pop();
      if (next === undefined) {
        done.add(step.name);
        open.delete(step.name);
        trail.pop();
        continue;
      }
      const [name, node] = next;
      if (open.has(name)) throw invalid(`Services have a circular dependency: ${[...open, name].join(', ')}.`, node.at);
      if (done.has(name)) continue;
      enter(name);
      open.add(name);
    }
  }
}
