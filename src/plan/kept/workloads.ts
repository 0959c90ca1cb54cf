import { posix } from 'node:path';
import { memoryOf } from '../../catalog/service-memory.ts';
import type { ExistingService } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { EnvVar, Workload } from '../../model/plan.ts';
import { needsInit, signalReason } from '../context.ts';
import type { Decide } from '../decide.ts';
import { heapOf, memoryForHeap } from '../memory.ts';
import type { ChosenService } from '../services.ts';
import type { DevelopmentPlan } from './development.ts';
import type { Restrictions } from './hardening.ts';
import { hasOwnCheck } from './health.ts';
import { hostPort } from './ports.ts';
import { additionsTo, runsOn } from './services.ts';
import type { KeptApp } from './set.ts';
import { withoutSources } from './source-mounts.ts';

export type WorkloadInput = {
  readonly app: KeptApp;
  /** all services of the author's base */
  readonly services: readonly ExistingService[];
  readonly image: string;
  readonly shape: Workload['shape'];
  /** with the port that the container listens on */
  readonly facts: Facts;
  readonly bears: Restrictions;
  readonly development: DevelopmentPlan;
  readonly env: Readonly<Record<string, EnvVar>>;
  readonly probes: Workload['probes'];
  /** services that it waits for, and no author's file says so */
  readonly after: readonly ChosenService[];
  readonly embedded: ChosenService | undefined;
  readonly decide: Decide;
};

/** Programs that are an init themselves, and must be process 1. */
const inits = /(^|\/)(tini|tini-static|dumb-init|catatonit|init|s6-svscan|my_init|supervisord)$/;

/** A container of the author's image. Decisions about the first application stand under `workloads.app`, whatever its service is called. */
export function planKeptWorkload(input: WorkloadInput): Workload {
  const { app, facts, bears, decide, shape } = input;
  const { service, built, name } = app;
  const decision = decide(`workloads.${name}`, {
    choice: service ? 'as in your compose file' : 'your own image',
    why: service ? 'started by your compose file' : 'built by your Dockerfile, and not started by a compose file',
    from: service?.from ?? built?.stage.from ?? [],
  });
  // an init of its own must be process 1, and what an image begins with that is not built here is not known
  const isKnown = built !== undefined || service?.entrypoint !== undefined;
  const init = isKnown && !bringsInit(app) && needsInit(facts) && !service?.has.includes('init');
  const writable = writableOf(input);
  return {
    ...(service ? { kept: { has: [...service.has], adds: addsOf(input, init), ...mountsOf(input) } } : {}),
    shape,
    image: input.image,
    ports: portsOf(input),
    env: { ...input.env },
    writable,
    readOnly: bears.readOnly,
    ...(bears.unprivileged ? {} : { privileges: 'kept' as const }),
    probes: input.probes,
    signals: {
      handles: [...facts.signals.value],
      init,
      grace: 15,
      decision: decide(`workloads.${name}.signals`, {
        choice: init ? 'the init of the engine is PID 1' : 'PID 1 is your own command',
        why: init ? 'nothing handles SIGTERM: docker stop would wait, then kill it' : 'docker stop ends it in time',
        ...signalReason(facts),
      }),
    },
    resources: {
      limits: { cpus: 1, memory: memoryFor(app) },
      reservations: { cpus: 0.25, memory: '128M' },
      decision: decide(`workloads.${name}.resources`, {
        choice: 'limits of CPU and memory',
        why: 'one container must not starve the others',
      }),
    },
    replicas: {
      count: 1,
      ...(input.embedded ? { max: 1 } : {}),
      decision: decide(`workloads.${name}.replicas`, { choice: 'one', why: 'nothing requires more' }),
    },
    after: afterOf(input),
    ...developmentOf(input),
    decision,
  };
}

/** The memory that a container gets: more than its author lets the heap grow to, where a flag says that. */
function memoryFor({ service, built }: KeptApp): string {
  const usual = service ? memoryOf(service.image?.value) : '512M';
  const texts = [
    ...[service?.env, built?.stage.env].flatMap((env) => Object.values(env ?? {}).map(({ value }) => value ?? '')),
    ...[service?.command, service?.entrypoint, built?.stage.command, built?.stage.entrypoint].flatMap(
      (command) => command?.argv ?? [],
    ),
  ];
  const heap = heapOf(texts);
  return (heap === undefined ? undefined : memoryForHeap(heap)) ?? usual;
}

/** Whether a container begins with an init that its author has brought. */
export const bringsInit = ({ service, built }: KeptApp): boolean => {
  const [program = ''] = service?.entrypoint?.argv ?? built?.stage.entrypoint?.argv ?? [];
  return inits.test(program.split(/\s/)[0] ?? '');
};

/** What production mounts, where the author's files mount the sources over what the image has built: an edit on that machine is no release. */
function mountsOf({ app, facts, decide }: WorkloadInput) {
  const { hiding, left } = withoutSources(app, facts) ?? {};
  if (!hiding || !left) return {};
  decide(`workloads.${app.name}.mounts`, {
    choice: 'without the sources of the host',
    why: 'a mount over the image would hide its build output',
    from: hiding.flatMap(({ from }) => from),
  });
  const mounts = left.flatMap(({ type, source, target, readOnly }) =>
    (type === 'bind' || type === 'volume') && source !== undefined ? [{ type, source, target, readOnly }] : [],
  );
  return { mounts };
}

/** The keys that production adds to a service of the author's. */
function addsOf({ app, services, bears, probes }: WorkloadInput, init: boolean): string[] {
  const { service } = app;
  if (!service) return [];
  const has = new Set(service.has);
  const rows: [key: string, isWanted: boolean][] = [
    ['init', init && runsOn(service, services)],
    ['read_only', bears.readOnly && !has.has('read_only')],
    ['tmpfs', bears.readOnly && !has.has('read_only') && !service.mounts.some(({ target }) => target === '/tmp')],
    ['cap_drop', bears.unprivileged && !has.has('cap_drop')],
    ['security_opt', bears.unprivileged && !has.has('security_opt')],
    ['healthcheck', probes.ready?.check !== undefined && !hasOwnCheck(app) && !has.has('healthcheck')],
  ];
  return [...additionsTo(service, services), ...rows.flatMap(([key, isWanted]) => (isWanted ? [key] : []))];
}

function portsOf({ app, facts, decide }: WorkloadInput): Workload['ports'] {
  const { port } = facts;
  if (!port || !('value' in port)) return {};
  const { number } = port.value;
  const published = app.service?.ports.find(({ container }) => container === number);
  if (app.service && !published) return {};
  const host = hostPort(published?.host) ?? number;
  const decision = decide(`workloads.${app.name}.ports.http`, {
    choice: `${number}, published`,
    why: app.service ? 'published by your compose file' : 'the port that the existing image listens on',
    from: port.from,
  });
  return { http: { container: number, publish: { address: '', variable: 'PORT', default: host }, decision } };
}

/** Memory for scratch files beside a read-only root, and volumes where the author’s image says that it keeps data. */
function writableOf({ app, bears, decide }: WorkloadInput): Workload['writable'] {
  const { service, built, name } = app;
  const rows: Workload['writable'][number][] = [];
  if (bears.readOnly) {
    const why = 'the root file system is read-only, and libraries expect a writable place for temporary files';
    rows.push({
      path: '/tmp',
      kind: 'tmpfs',
      decision: decide(`workloads.${name}.writable./tmp`, { choice: 'memory', why }),
    });
  }
  // what its author gives it in memory is as it should be, whatever the image bears
  for (const { type, target: path, from } of bears.readOnly ? [] : (service?.mounts ?? [])) {
    if (type !== 'tmpfs' || rows.some((row) => row.path === path)) continue;
    const why = 'your compose file mounts a tmpfs there';
    rows.push({
      path,
      kind: 'tmpfs',
      decision: decide(`workloads.${name}.writable.${path}`, { choice: 'memory', why, from }),
    });
  }
  for (const { value: path, from } of service ? [] : (built?.stage.volumes ?? [])) {
    if (!path.startsWith('/') || path === '/' || rows.some((row) => row.path === path)) continue;
    const plain =
      posix
        .basename(path)
        .replace(/[^a-z0-9_-]/gi, '-')
        .toLowerCase() || 'data';
    const volume = rows.some((row) => row.volume === plain)
      ? path
          .slice(1)
          .replace(/[^a-z0-9_-]/gi, '-')
          .toLowerCase()
      : plain;
    const why = 'the image keeps data there, which must outlive the container';
    const decision = decide(`workloads.${name}.writable.${path}`, { choice: `the volume ${volume}`, why, from });
    rows.push({ path, kind: 'volume', volume, decision });
  }
  return rows;
}

const afterOf = ({ app, after, decide }: WorkloadInput): Workload['after'] =>
  after
    .filter(({ service, host }) => service && !app.service?.after.includes(host))
    .map(({ host, required, kept, from, assertions }) => {
      const waits = required && (!kept || kept.healthcheck !== undefined);
      return {
        name: host,
        until: waits ? ('healthy' as const) : ('started' as const),
        decision: decide(`workloads.${app.name}.after.${host}`, {
          choice: waits ? `waits until ${host} is healthy` : `starts after ${host}`,
          why: required ? 'the app cannot serve requests without it' : 'the app runs degraded without it',
          from,
          assertions,
        }),
      };
    });

function developmentOf({ app, development, decide }: WorkloadInput): Pick<Workload, 'development'> {
  if (development.kind !== 'form') return {};
  const { choice, why, from, mounts, ...form } = development.form;
  const decision = decide(`workloads.${app.name}.development`, { choice, why, from });
  return { development: { ...form, mounts: mounts.map((mount) => ({ ...mount, decision })), decision } };
}

/** What a service of the author's is: one that is reached, or one that works until it is stopped. */
export function shapeOf({ service, isOnce }: KeptApp, facts: Facts, asked: Workload['shape']): Workload['shape'] {
  if (service === undefined) return asked;
  if (isOnce) return 'job';
  return knownValue(facts.port) !== undefined && service.ports.length > 0 ? 'service' : 'worker';
}
