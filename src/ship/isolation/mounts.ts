import { posix } from 'node:path';
import type { ComposeMap } from '../../formats/compose/model.ts';
import { at, isMap, isName, listOf, mapOf, note, refuse, type Scope, textOf } from './context.ts';
import { applyTable, drop, judged, keys, omit, pass, type Table } from './walk.ts';

/**
 * Paths of the host that images have too, and that many compose files mount to have the host's time zone or certificates. The container
 * runs with what its image has.
 */
const HARMLESS = [
  '/etc/localtime',
  '/etc/timezone',
  '/usr/share/zoneinfo',
  '/etc/ssl/certs',
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
];

const isHarmless = (path: string): boolean => {
  const plain = posix.normalize(path).replace(/\/$/, '');
  return HARMLESS.some((known) => plain === known || plain.startsWith(`${known}/`));
};

/** Sockets through which a container would steer the engine. */
const SOCKET =
  /(^|\/)(docker|podman|containerd|crio|buildkitd|cri-dockerd)[\w.-]*\.sock$|\/(containerd|podman|buildkit)(\/|$)/;

/** Why a path of the host is refused. */
export const hostPath = (path: string, why: string): string =>
  SOCKET.test(path) ? `${why}, and is a socket of the container engine` : why;

/** A part of a volume or an image, which may not lead out of it. */
function subpath(value: unknown, scope: Scope): string | undefined {
  const text = textOf(value);
  if (!text.startsWith('/') && !text.split(/[/\\]/).includes('..')) return text;
  note(scope, 'dropped', `${text} leads out of the mount`);
  return undefined;
}

const common: Table = { type: pass, target: pass, read_only: pass, consistency: omit };

const tables: Readonly<Record<string, Table>> = {
  volume: {
    ...common,
    source: pass,
    volume: keys({ nocopy: pass, subpath: judged(subpath), labels: drop('labels belong to the run') }),
    bind: omit,
    tmpfs: omit,
    image: omit,
  },
  tmpfs: { ...common, tmpfs: keys({ size: pass, mode: pass }), bind: omit, volume: omit, image: omit },
  image: { ...common, source: pass, image: keys({ subpath: judged(subpath) }), bind: omit, volume: omit, tmpfs: omit },
};

/** Absolute, and nothing that compose would read as several parts. */
const isTarget = (value: unknown): value is string => typeof value === 'string' && /^\/[^:\0]*$/.test(value);

/** The mounts of a service, in their long form. */
export function mounts(value: unknown, scope: Scope): readonly ComposeMap[] | undefined {
  const made = listOf(value).flatMap((entry, index) => {
    const item = isMap(entry) ? mount(entry, at(scope, index)) : unknown(at(scope, index));
    return item === undefined ? [] : [item];
  });
  return made.length > 0 ? made : undefined;
}

function unknown(scope: Scope): undefined {
  note(scope, 'dropped', 'a mount has a form that Dockwright does not support');
  return undefined;
}

function mount(entry: ComposeMap, scope: Scope): ComposeMap | undefined {
  const type = textOf(entry['type']);
  if (!isTarget(entry['target'])) {
    note(scope, 'dropped', `${textOf(entry['target'])} is not an absolute path to mount at`);
    return undefined;
  }
  if (type === 'bind') return bind(entry, scope);
  const table = Object.hasOwn(tables, type) ? tables[type] : undefined;
  if (!table) return refuse(scope, `it has a mount of type ${type}`) ? entry : undefined;
  const source = entry['source'];
  if (type === 'volume' && source !== undefined && source !== '' && !declared(source, scope)) {
    const why = `${textOf(source)} is not a volume of the compose files`;
    return refuse(scope, why) ? entry : undefined;
  }
  return applyTable(entry, table, (key) => ({ ...scope, key: `${scope.key}.${key}`, owner: entry }));
}

/** Compose reads a source with a slash as a path of the host. */
const declared = (source: unknown, scope: Scope): boolean =>
  isName(source) && Object.hasOwn(mapOf(scope.in.effective.model.volumes), source);

/** Something of the host: only what is tracked in the project comes in, as a copy. */
function bind(entry: ComposeMap, scope: Scope): ComposeMap | undefined {
  const source = textOf(entry['source'] ?? '');
  const target = textOf(entry['target']);
  if (isHarmless(source)) {
    note(scope, 'dropped', `${source} on this machine is not mounted; the container uses the content of its image`);
    return undefined;
  }
  const lead = scope.in.host.lead(source);
  if (!lead.inside) {
    if (!refuse(scope, hostPath(lead.absolute, lead.why))) return undefined;
    return { ...entry, source: lead.absolute };
  }
  const readOnly = entry['read_only'] === true ? { read_only: true } : {};
  if (lead.kind === 'file') {
    const tracked = scope.in.host.tracked.includes(lead.path);
    note(scope, 'replaced', `${target} is ${tracked ? 'a copy of' : 'an empty file instead of'} ${lead.path}`);
    const copy = scope.in.host.copyTracked(lead.path);
    const { selinux } = mapOf(entry['bind']);
    const relabel = selinux === 'z' || selinux === 'Z' ? { selinux } : {};
    return { type: 'bind', source: copy, target, ...readOnly, bind: { create_host_path: false, ...relabel } };
  }
  return { type: 'volume', source: standIn(lead.path, target, scope), target, ...readOnly, volume: {} };
}

/** A volume of the run in the place of a folder, filled with what is tracked in it. */
function standIn(path: string, target: string, scope: Scope): string {
  const { host, volumes, seeds, effective } = scope.in;
  const names = mapOf(effective.model.volumes);
  let number = volumes.length + 1;
  while (Object.hasOwn(names, `bind-${number}`) || volumes.includes(`bind-${number}`)) number++;
  const volume = `bind-${number}`;
  volumes.push(volume);
  const some = host.tracked.some((file) => path === '.' || file.startsWith(`${path}/`));
  if (some) seeds.push({ volume, folder: host.copyTracked(path) });
  note(
    scope,
    'replaced',
    some
      ? `${target} is a volume with a copy of the tracked files in ${path}`
      : `${target} is an empty volume: nothing is tracked in ${path}`,
  );
  return volume;
}

/** `volumes_from`: services of the same files. */
export function volumesFrom(value: unknown, scope: Scope): readonly string[] | undefined {
  const services = mapOf(scope.in.effective.model.services);
  const kept = listOf(value).filter((entry, index) => {
    const name = textOf(entry).replace(/:(ro|rw)$/, '');
    if (Object.hasOwn(services, name)) return true;
    return refuse(at(scope, index), `it uses the volumes of another project: ${textOf(entry)}`);
  });
  return kept.length > 0 ? kept.map(textOf) : undefined;
}

const reference: Table = { source: pass, target: pass, uid: pass, gid: pass, mode: pass };

/** The secrets or configs that a service gets: those that the files define. */
export const references =
  (kind: 'secrets' | 'configs') =>
  (value: unknown, scope: Scope): readonly ComposeMap[] | undefined => {
    const known = mapOf(scope.in.effective.model[kind]);
    const made = listOf(value).flatMap((entry, index): ComposeMap[] => {
      const item: ComposeMap = isMap(entry) ? entry : { source: entry };
      const here = at(scope, index);
      const source = item['source'];
      const good = isName(source) && Object.hasOwn(known, source) && !textOf(item['target'] ?? '').includes(':');
      if (!good) note(here, 'dropped', `${textOf(item['source'])} is not defined in the compose files`);
      return good ? [applyTable(item, reference, (key) => ({ ...here, key: `${here.key}.${key}`, owner: item }))] : [];
    });
    return made.length > 0 ? made : undefined;
  };
