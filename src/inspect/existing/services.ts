import { posix } from 'node:path';
import { carriedKeys, unplacedKeys } from '../../catalog/compose-keys.ts';
import type { ComposeMap, EffectiveCompose } from '../../formats/compose/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingCommand, ExistingService } from '../../model/existing.ts';
import { holdsSecret } from '../../model/secret-names.ts';
import { isTable } from '../../project/data.ts';
import { at, hiddenIf } from './text.ts';

/** A service before it is known what it is. */
export type ReadService = Omit<ExistingService, 'runs' | 'service'>;

type Carried = NonNullable<ExistingService['carried']>[number]['value'];

type Where = (path: readonly (string | number)[], why: string) => Evidence[];

/** The services of a model, in the order of the files. */
export function readServices({ model, place }: EffectiveCompose): readonly ReadService[] {
  const where: Where = (path, why) => {
    const found = place(path);
    return found ? [at(found.file, found.line, why)] : [];
  };
  return Object.entries(model.services ?? {}).map(([name, service]) => serviceOf(name, service, where));
}

function serviceOf(name: string, service: ComposeMap, where: Where): ReadService {
  const path = ['services', name];
  const from = (key: string) => where([...path, key], `services.${name}.${key}`);
  const text = (key: string) => {
    const value = textIn(service, key);
    return value === undefined ? {} : { [key === 'working_dir' ? 'workdir' : key]: { value, from: from(key) } };
  };
  return {
    name,
    ...buildOf(service['build'], from('build')),
    ...text('image'),
    ...commandOf('entrypoint', service, from),
    ...commandOf('command', service, from),
    ...text('working_dir'),
    ...text('user'),
    env: environmentOf(service['environment'], name, where),
    envFiles: listIn(service, 'env_file').flatMap((item, index) => {
      const value = isTable(item) ? textIn(item, 'path') : undefined;
      const optional = isTable(item) && item['required'] === false ? { required: false as const } : {};
      return value === undefined ? [] : [{ value, ...optional, from: where([...path, 'env_file', index], 'env_file') }];
    }),
    ports: listIn(service, 'ports').flatMap((item, index) => portOf(item, where([...path, 'ports', index], 'ports'))),
    mounts: mountsOf(service, name, where),
    after: isTable(service['depends_on']) ? Object.keys(service['depends_on']) : [],
    ...completedIn(service['depends_on']),
    profiles: listIn(service, 'profiles').map(String),
    has: keysOf(service),
    ...unplacedIn(service, from),
    ...carriedIn(service, from),
    ...limitsIn(service, name, where),
    ...healthcheckOf(service['healthcheck'], from),
    from: where(path, `services.${name}`),
  };
}

function completedIn(waits: unknown): Pick<ExistingService, 'completed'> {
  if (!isTable(waits)) return {};
  const completed = Object.entries(waits).flatMap(([name, wait]) =>
    isTable(wait) && wait['condition'] === 'service_completed_successfully' ? [name] : [],
  );
  return completed.length > 0 ? { completed } : {};
}

const textIn = (map: ComposeMap, key: string): string | undefined => {
  const value = map[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const listIn = (map: ComposeMap, key: string): readonly unknown[] => {
  const value = map[key];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
};

function buildOf(build: unknown, from: Evidence[]): Pick<ExistingService, 'build'> {
  if (!isTable(build)) return {};
  const context = textIn(build, 'context') ?? '.';
  const dockerfile = textIn(build, 'dockerfile');
  const target = textIn(build, 'target');
  const args = isTable(build['args']) ? build['args'] : {};
  return {
    build: {
      context,
      ...(dockerfile === undefined ? {} : { dockerfile: posix.normalize(posix.join(context, dockerfile)) }),
      ...(target === undefined ? {} : { target }),
      args: Object.fromEntries(
        Object.entries(args).map(([key, value]) => [key, value === null ? null : String(value)]),
      ),
      from,
    },
  };
}

/** Compose gives a command as words; one that names a shell (`sh -c "…"`) is a line of that shell. */
function commandOf<K extends 'command' | 'entrypoint'>(
  key: K,
  service: ComposeMap,
  from: (key: string) => Evidence[],
): { readonly [key in K]?: ExistingCommand } {
  const words = service[key];
  if (!Array.isArray(words) || words.length === 0) return {};
  const command: ExistingCommand = { argv: words.map(String), form: 'exec', from: from(key) };
  return { [key]: command } as { readonly [key in K]?: ExistingCommand };
}

function healthcheckOf(check: unknown, from: (key: string) => Evidence[]): Pick<ExistingService, 'healthcheck'> {
  if (!isTable(check) || check['disable'] === true) return {};
  const [kind, ...argv] = listIn(check, 'test').map(String);
  if (kind === 'CMD-SHELL') return { healthcheck: { argv, form: 'shell', from: from('healthcheck') } };
  return kind === 'CMD' ? { healthcheck: { argv, form: 'exec', from: from('healthcheck') } } : {};
}

function environmentOf(environment: unknown, name: string, where: Where): ExistingService['env'] {
  if (!isTable(environment)) return {};
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [
      key,
      {
        value: value === null ? null : String(value),
        ...hiddenIf(key, value === null ? null : String(value)),
        from: where(['services', name, 'environment', key], `environment ${key}`),
      },
    ]),
  );
}

function portOf(port: unknown, from: Evidence[]): ExistingService['ports'] {
  if (!isTable(port) || typeof port['target'] !== 'number' || port['protocol'] === 'udp') return [];
  const host = textIn(port, 'published');
  const address = textIn(port, 'host_ip');
  return [
    {
      container: port['target'],
      ...(host === undefined ? {} : { host }),
      ...(address === undefined ? {} : { address }),
      from,
    },
  ];
}

function mountsOf(service: ComposeMap, name: string, where: Where): ExistingService['mounts'] {
  const volumes = listIn(service, 'volumes').flatMap((item, index): ExistingService['mounts'] => {
    if (!isTable(item)) return [];
    const type = textIn(item, 'type') ?? 'volume';
    const source = textIn(item, 'source');
    const known = type === 'bind' || type === 'volume' || type === 'tmpfs' ? type : 'other';
    const from = where(['services', name, 'volumes', index], 'volumes');
    return [
      {
        type: known,
        ...(source === undefined ? {} : { source }),
        target: textIn(item, 'target') ?? '',
        readOnly: item['read_only'] === true,
        from,
      },
    ];
  });
  const temporary = listIn(service, 'tmpfs').map((item, index): ExistingService['mounts'][number] => {
    const target = String(item).split(':', 1)[0] ?? '';
    return { type: 'tmpfs', target, readOnly: false, from: where(['services', name, 'tmpfs', index], 'tmpfs') };
  });
  return [...volumes, ...temporary];
}

/** The keys that a service sets, those of `deploy` too. The network that every service is on by itself is none of them. */
function keysOf(service: ComposeMap): string[] {
  const { networks, deploy } = service;
  const isImplied = isTable(networks) && Object.keys(networks).length === 1 && networks['default'] === null;
  const own = Object.keys(service).filter((key) => service[key] !== null && (key !== 'networks' || !isImplied));
  return [...own, ...(isTable(deploy) ? Object.keys(deploy).map((key) => `deploy.${key}`) : [])].sort();
}

const isSet = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== false &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isTable(value) && Object.keys(value).length === 0);

/** The keys that are set and that a generated compose file has no place for, or that are not told. */
function unplacedIn(service: ComposeMap, from: (key: string) => Evidence[]): Pick<ExistingService, 'unplaced'> {
  const isUnplaced = (key: string) =>
    Object.hasOwn(unplacedKeys, key) || (carriedKeys.includes(key) && !isTold(key, service[key]));
  const found = Object.keys(service)
    .filter((key) => isUnplaced(key) && isSet(service[key]))
    .map((key) => ({ key, from: from(key) }));
  return found.length > 0 ? { unplaced: found } : {};
}

/** The keys that a generated service has as they are written. */
function carriedIn(service: ComposeMap, from: (key: string) => Evidence[]): Pick<ExistingService, 'carried'> {
  const found = carriedKeys.flatMap((key) => {
    const value = key === 'shm_size' ? sizeOf(service[key]) : service[key];
    return isSet(value) && isTold(key, value) ? [{ key, value, from: from(key) }] : [];
  });
  return found.length > 0 ? { carried: found } : {};
}

/** A size in bytes, as people write it. */
function sizeOf(value: unknown): unknown {
  const bytes = Number(value);
  const [unit, factor] = bytes % 2 ** 30 === 0 ? ['g', 2 ** 30] : bytes % 2 ** 20 === 0 ? ['m', 2 ** 20] : ['', 1];
  return unit !== '' && bytes > 0 ? `${bytes / Number(factor)}${unit}` : value;
}

/** What a service may take at most, in either way that compose knows. */
function limitsIn(service: ComposeMap, name: string, where: Where): Pick<ExistingService, 'limits'> {
  const deploy = isTable(service['deploy']) ? service['deploy'] : {};
  const resources = isTable(deploy['resources']) ? deploy['resources'] : {};
  const own = isTable(resources['limits']) ? resources['limits'] : {};
  const cpus = Number(own['cpus'] ?? service['cpus'] ?? 0);
  const memory = sizeOf(own['memory'] ?? service['mem_limit']);
  const places = [['deploy', 'resources', 'limits'], ['mem_limit'], ['cpus']];
  const from = places.flatMap((path) => where(['services', name, ...path], path.join('.'))).slice(0, 1);
  const isSize = typeof memory === 'string' && /^[1-9]\d*[gm]$/.test(memory);
  if (!(cpus > 0) && !isSize) return {};
  return { limits: { ...(cpus > 0 ? { cpus } : {}), ...(isSize ? { memory: memory.toUpperCase() } : {}), from } };
}

/** Whether a value may be shown, and means the same elsewhere: it holds no secret, no variable and no escaped text, as passwords of proxies are. */
function isTold(name: string, value: unknown): value is Carried {
  if (Array.isArray(value)) return value.every((item) => isTold(name, item));
  if (isTable(value)) return Object.entries(value).every(([key, item]) => isTold(key, item));
  if (typeof value !== 'string') return value === null || typeof value === 'number' || typeof value === 'boolean';
  return !value.includes('$') && !holdsSecret(name.replace(/\W/g, '_'), value);
}
