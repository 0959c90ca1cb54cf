import type { ComposeMap } from '../../formats/compose/model.ts';
import { below, type IsolationContext, isName, mapOf, note, refuse, type Scope } from './context.ts';
import { hostPath } from './mounts.ts';
import { applyTable, drop, omit, pass, refused, type Table } from './walk.ts';

/** The keys of a whole compose file. What a file defines for its services has tables of its own. */
export const fileTable: Table = {
  name: omit,
  version: omit,
  services: omit,
  networks: omit,
  volumes: omit,
  secrets: omit,
  configs: omit,
  include: refused('it is resolved before, or not at all'),
  models: drop('verify runs no language model'),
  jobs: drop('verify only starts services'),
};

const isExternal = (map: ComposeMap): boolean => (map['external'] ?? false) !== false;

const replaced = 'it is replaced by one made for this run';

const networkTable: Table = {
  name: omit,
  internal: pass,
  external: omit,
  labels: omit,
  attachable: omit,
  enable_ipv4: omit,
  enable_ipv6: omit,
  driver: drop('the run uses its own bridge network', (value) => value === 'bridge'),
  driver_opts: drop(replaced),
  ipam: drop('the network of the run has its own addresses'),
};

const volumeTable: Table = {
  name: omit,
  external: omit,
  labels: omit,
  driver: drop(replaced, (value) => value === 'local'),
  driver_opts: drop(replaced),
};

type Kind = 'networks' | 'volumes' | 'secrets' | 'configs';

const scopeOf = (ground: IsolationContext, kind: Kind, name: string, owner: ComposeMap): Scope => ({
  in: ground,
  key: `${kind}.${name}`,
  path: [kind, name],
  owner,
});

/** The definitions of a kind. What has a name that Compose does not take is dropped. */
function definitions(
  ground: IsolationContext,
  kind: Kind,
  always: ComposeMap = {},
): readonly [string, ComposeMap, Scope][] {
  const entries = Object.entries({ ...always, ...mapOf(ground.effective.model[kind]) });
  return entries.flatMap(([name, value]): [string, ComposeMap, Scope][] => {
    const map = mapOf(value);
    const scope = scopeOf(ground, kind, name, map);
    if (isName(name)) return [[name, map, scope]];
    note(scope, 'dropped', 'it has a name that Compose does not accept');
    return [];
  });
}

/** Lists what of the keys of the whole file does not go in. */
export function judgeFile(ground: IsolationContext): void {
  const { model } = ground.effective;
  applyTable(model, fileTable, (key) => ({ in: ground, key, path: [key], owner: model }));
}

/** The networks of the run: of each only whether it is internal is kept. */
export const networksOf = (ground: IsolationContext, labels: ComposeMap): ComposeMap =>
  made(ground, 'networks', networkTable, labels, ['internal'], { default: null });

/** The volumes of the run, all empty, with those that stand in for folders of the host. */
export const volumesOf = (ground: IsolationContext, labels: ComposeMap): ComposeMap => ({
  ...made(ground, 'volumes', volumeTable, labels, [], {}),
  ...Object.fromEntries(ground.volumes.map((name) => [name, { labels }])),
});

function made(
  ground: IsolationContext,
  kind: 'networks' | 'volumes',
  table: Table,
  labels: ComposeMap,
  kept: readonly string[],
  always: ComposeMap,
): ComposeMap {
  return Object.fromEntries(
    definitions(ground, kind, always).map(([name, map, scope]) => {
      if (isExternal(map)) note(scope, 'replaced', `an empty one of this run replaces the external ${name}`);
      const passed = applyTable(map, table, (key) => below(scope, key, map));
      return [name, { ...Object.fromEntries(Object.entries(passed).filter(([key]) => kept.includes(key))), labels }];
    }),
  );
}

const secretTable: Table = {
  name: omit,
  file: omit,
  environment: omit,
  external: omit,
  labels: omit,
  driver: drop(replaced),
  driver_opts: drop(replaced),
  template_driver: drop(replaced),
};

/**
 * Secrets have throwaway values, also where a person allows one whose file lies outside; keys and certificates of the project are copied, as an application that
 * speaks https starts with no others.
 */
export function secretsOf(ground: IsolationContext): ComposeMap {
  return Object.fromEntries(
    definitions(ground, 'secrets').map(([name, map, scope]) => {
      applyTable(map, secretTable, (key) => below(scope, key, map));
      const { file } = map;
      const lead = typeof file === 'string' ? ground.host.lead(file) : undefined;
      const key = lead?.inside && lead.kind === 'file' ? ground.host.copyKey(lead.path) : undefined;
      const made = key && lead?.inside ? `is a copy of ${lead.path}: no random word is a key` : 'has a throwaway value';
      note(scope, 'replaced', `the secret ${name} ${made}`);
      if (lead && !lead.inside) refuse(scope, hostPath(lead.absolute, lead.why));
      return [name, { file: key ?? ground.host.secretFile(name) }];
    }),
  );
}

const configTable: Table = { ...secretTable, content: omit };

/** Configs: their text where the compose file has it, else a copy of a tracked file, else a throwaway value. */
export function configsOf(ground: IsolationContext): ComposeMap {
  return Object.fromEntries(
    definitions(ground, 'configs').map(([name, map, scope]) => {
      applyTable(map, configTable, (key) => below(scope, key, map));
      return [name, configOf(name, map, scope)];
    }),
  );
}

function configOf(name: string, map: ComposeMap, scope: Scope): ComposeMap {
  const { content, file } = map;
  const { host } = scope.in;
  if (typeof content === 'string') return { content };
  if (typeof file !== 'string') {
    note(scope, 'replaced', `the config ${name} has a throwaway value`);
    return { file: host.secretFile(`config-${name}`) };
  }
  const lead = host.lead(file);
  if (!lead.inside) {
    const allowed = refuse(scope, hostPath(lead.absolute, lead.why));
    return { file: allowed ? lead.absolute : host.secretFile(`config-${name}`) };
  }
  const tracked = host.tracked.includes(lead.path);
  note(scope, 'replaced', `the config ${name} is ${tracked ? 'a copy of' : 'an empty file instead of'} ${lead.path}`);
  return { file: host.copyTracked(lead.path) };
}

/** What the parser did not read is reported with the rest; no flag lets it through. */
export function judgeUnread({ effective, notes }: IsolationContext): void {
  notes.push(...effective.refused.map((composeRefusal) => ({ ...composeRefusal, action: 'refused' as const })));
  notes.push(...effective.unread.map((composeRefusal) => ({ ...composeRefusal, action: 'dropped' as const })));
}
