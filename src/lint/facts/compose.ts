import { posix } from 'node:path';
import { type ImageName, imageName } from '../../catalog/image-name.ts';
import { type ComposeMap, type EffectiveCompose, type Place, readCompose } from '../../formats/compose/index.ts';
import { UserError } from '../../model/errors.ts';
import { dataServiceOf } from './catalogue.ts';

export type PortFacts = {
  readonly container: number;
  /** as it is published; absent: a free one */
  readonly published?: string;
  /** absent: on all interfaces of the host */
  readonly address?: string;
  readonly place: Place;
};

export type MountFacts = {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly place: Place;
};

export type ServiceFacts = {
  readonly name: string;
  readonly set: ComposeSet;
  readonly place: Place;
  /** where a part of it was written */
  readonly at: (...path: readonly (string | number)[]) => Place;
  readonly image?: ImageName;
  readonly build?: {
    /** the context is that of another file, or taken for granted */
    readonly isPart: boolean;
    /** folder of the project; absent: not one of its folders */
    readonly context?: string;
    /** path in the project; absent: written inline, or outside */
    readonly dockerfile?: string;
    readonly target?: string;
    readonly args: Readonly<Record<string, string>>;
  };
  /** an argument list; absent: that of the image */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly init: boolean;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly ports: readonly PortFacts[];
  readonly expose: readonly number[];
  readonly mounts: readonly MountFacts[];
  /** the test of its health check as compose takes it: CMD, CMD-SHELL or NONE first; absent: none here */
  readonly test?: readonly string[];
  /** the services that it waits for, with the condition */
  readonly after: readonly { readonly name: string; readonly condition: string; readonly place: Place }[];
  readonly has: (key: string) => boolean;
  /** it runs once and ends, as others wait for its end or nothing starts it again; or it is started on request only */
  readonly isTask: boolean;
  /** its sources are mounted over those of the image, or a stage for development runs: it is for a developer's machine */
  readonly isDevelopment: boolean;
};

export type ComposeSet = {
  readonly files: readonly string[];
  readonly use: 'base' | 'production' | 'development' | 'test';
  readonly services: readonly ServiceFacts[];
  /** what no file may be read for: services that another file has may be missing */
  readonly isWhole: boolean;
};

/** A set, or why it could not be read. */
export type ComposeReading = { readonly set: ComposeSet } | { readonly problem: UserError };

export function composeSet(
  files: readonly string[],
  use: ComposeSet['use'],
  read: (path: string) => string | undefined,
): ComposeReading {
  try {
    const effective = readCompose({ files, read, variables: {}, asWritten: true });
    const entries = Object.entries(effective.model.services ?? {});
    const services: ServiceFacts[] = [];
    const set: ComposeSet = {
      files,
      use: useIn(
        entries.map(([, service]) => service),
        use,
      ),
      services,
      isWhole: effective.refused.length === 0,
    };
    const tasks = tasksIn(entries.map(([, service]) => service));
    for (const [name, service] of entries) services.push(serviceFacts(name, service, { set, tasks, effective }));
    return { set };
  } catch (error) {
    if (error instanceof UserError) return { problem: error };
    throw error;
  }
}

/** A file that only runs databases, or whose applications are all developed in it, is for a developer's machine whatever its name. */
function useIn(services: readonly ComposeMap[], use: ComposeSet['use']): ComposeSet['use'] {
  if (use !== 'base' || services.length === 0) return use;
  const builds = services.filter((service) => service['build'] !== undefined);
  if (builds.length > 0) return builds.every(isDeveloped) ? 'development' : use;
  const images = services.flatMap((service) => textOf(service['image']) ?? []);
  return images.every((image) => dataServiceOf(imageName(defaultsIn(image)))) ? 'development' : use;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const mapOf = (value: unknown): ComposeMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ComposeMap) : {};
const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

/** The services for whose end another one waits. */
const tasksIn = (services: readonly ComposeMap[]): ReadonlySet<string> =>
  new Set(
    services.flatMap((service) =>
      Object.entries(mapOf(service['depends_on'])).flatMap(([name, value]) =>
        mapOf(value)['condition'] === 'service_completed_successfully' ? [name] : [],
      ),
    ),
  );

type ComposeFactsInput = {
  readonly set: ComposeSet;
  readonly tasks: ReadonlySet<string>;
  readonly effective: EffectiveCompose;
};

function serviceFacts(name: string, service: ComposeMap, { set, tasks, effective }: ComposeFactsInput): ServiceFacts {
  const { place } = effective;
  const start: Place = { file: set.files[0] ?? '', line: 1 };
  const at = (...path: readonly (string | number)[]) => place(['services', name, ...path]) ?? start;
  const isPart = Object.keys(mapOf(service['build'])).length > 1 && at('build', 'context').line === at('build').line;
  const build = service['build'] === undefined ? undefined : { ...buildOf(mapOf(service['build'])), isPart };
  const mounts = mountsOf(service, at);
  const image = textOf(service['image']);
  const test = textsOf(mapOf(service['healthcheck'])['test']);
  const command = textsOf(service['command']);
  const entrypoint = textsOf(service['entrypoint']);
  const user = textOf(service['user']);
  return {
    name,
    set,
    place: at(),
    at,
    ...(image === undefined ? {} : { image: imageName(defaultsIn(image)) }),
    ...(build ? { build } : {}),
    ...(command ? { command } : {}),
    ...(entrypoint ? { entrypoint } : {}),
    ...(user === undefined ? {} : { user }),
    ...(test ? { test } : {}),
    init: service['init'] === true,
    environment: environmentOf(service['environment']),
    ports: portsOf(service, at),
    expose: listOf(service['expose']).flatMap((port) => numberOf(String(port).split('/')[0]) ?? []),
    mounts,
    after: Object.entries(mapOf(service['depends_on'])).map(([other, value]) => ({
      name: other,
      condition: textOf(mapOf(value)['condition']) ?? 'service_started',
      place: at('depends_on', other),
    })),
    has: (key) => service[key] !== undefined && service[key] !== null,
    isTask: tasks.has(name) || service['restart'] === 'no' || service['profiles'] !== undefined,
    isDevelopment: set.use === 'development' || set.use === 'test' || isDeveloped(service),
  };
}

const DEVELOPMENT_TARGET = /^(dev|devel|development|local|debug)([-_.]|$)/i;

/** Whether a service that is built here runs its sources from the machine, or a stage or command for development. */
function isDeveloped(service: ComposeMap): boolean {
  if (service['build'] === undefined) return false;
  const { context = '.', target = '' } = buildOf(mapOf(service['build']));
  if (DEVELOPMENT_TARGET.test(target)) return true;
  const words = ['entrypoint', 'command'].flatMap((key) => textsOf(service[key]) ?? []);
  if (words.some((word) => DEVELOPMENT_WORD.test(word))) return true;
  const sources = [context, posix.join(context, 'src')];
  return mountsOf(service, () => ({ file: '', line: 1 })).some(
    ({ type, source }) => type === 'bind' && source !== undefined && sources.includes(source),
  );
}

const DEVELOPMENT_WORD = /^(dev|start:dev|develop|watch|--watch|nodemon|--reload)$/;

/** The default of a string that is one variable with a default: `${TAG:-1}`; any other text stays. */
const defaultsIn = (text: string): string => text.replace(/\$\{\w+:?-([^{}$]*)\}/g, '$1');

function buildOf(build: ComposeMap): Omit<NonNullable<ServiceFacts['build']>, 'isPart'> {
  const context = textOf(build['context']);
  const isInside = context !== undefined && !/^(\/|~|\.\.(\/|$))|:|\$/.test(context);
  const file = textOf(build['dockerfile']) ?? 'Dockerfile';
  const target = textOf(build['target']);
  const path = isInside && !/^[/~]|\$/.test(file) ? posix.normalize(posix.join(context, file)) : undefined;
  const args = Object.entries(mapOf(build['args'])).flatMap(([name, value]) =>
    typeof value === 'string' && !value.includes('$') ? [[name, value] as const] : [],
  );
  return {
    ...(isInside ? { context } : {}),
    ...(path !== undefined && !path.startsWith('..') && build['dockerfile_inline'] === undefined
      ? { dockerfile: path }
      : {}),
    ...(target === undefined || target.includes('$') ? {} : { target }),
    args: Object.fromEntries(args),
  };
}

const numberOf = (text: unknown): number | undefined => {
  const number = typeof text === 'number' ? text : /^\d{1,5}$/.test(String(text)) ? Number(text) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
};

type At = ServiceFacts['at'];

function portsOf(service: ComposeMap, at: At): readonly PortFacts[] {
  return listOf(service['ports']).flatMap((item, index): PortFacts[] => {
    const port = mapOf(item);
    const container = numberOf(port['target']);
    if (container === undefined) return [];
    const [published, address] = [textOf(port['published']), textOf(port['host_ip'])];
    return [
      {
        container,
        ...(published === undefined ? {} : { published }),
        ...(address === undefined ? {} : { address }),
        place: at('ports', index),
      },
    ];
  });
}

function mountsOf(service: ComposeMap, at: At): readonly MountFacts[] {
  const volumes = listOf(service['volumes']).flatMap((item, index): MountFacts[] => {
    const mount = mapOf(item);
    const [type, source, target] = ['type', 'source', 'target'].map((key) => textOf(mount[key]));
    if (target === undefined) return [];
    const place = at('volumes', index);
    return [{ type: type ?? 'volume', ...(source === undefined ? {} : { source }), target, place }];
  });
  const memory = listOf(service['tmpfs']).flatMap((item, index): MountFacts[] => {
    const target = textOf(item)?.split(':', 1)[0];
    return target === undefined ? [] : [{ type: 'tmpfs', target, place: at('tmpfs', index) }];
  });
  return [...volumes, ...memory];
}

function environmentOf(value: unknown): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(mapOf(value)).map(([name, item]) => [name, item === null ? null : String(item)]),
  );
}
