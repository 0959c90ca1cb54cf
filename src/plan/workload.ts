import type { Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { inRepository } from '../model/folders.ts';
import { evidenceOf, knownValue } from '../model/known.ts';
import type { EnvVar, Setting, Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import { signalReason } from './context.ts';
import type { Decide } from './decide.ts';
import { heapOf, memoryForHeap } from './memory.ts';
import { decideSecretFiles, planSecretFiles } from './secret-files.ts';
import { keysOf } from './service-keys.ts';
import type { ChosenService } from './services.ts';
import type { Settings } from './settings.ts';
import { planSourceMounts } from './source-mounts.ts';

/** When it runs, and who says so. */
export type Schedule = {
  readonly cron: string;
  readonly by: 'config' | 'detected';
  readonly from: readonly Evidence[];
  readonly assertions: readonly string[];
};

type Input = {
  readonly facts: Facts;
  readonly shape: Workload['shape'];
  readonly schedule: Schedule | undefined;
  /** the command that starts the app in its image, and how the image runs a file */
  readonly start: {
    readonly argv: readonly string[];
    readonly inside: (argv: readonly string[]) => readonly string[];
  };
  readonly recipe: Recipe;
  readonly chosen: readonly ChosenService[];
  readonly env: Readonly<Record<string, EnvVar>>;
  readonly probes: Workload['probes'];
  readonly writable: Workload['writable'];
  readonly decide: Decide;
};

/**
 * Who runs the application where it writes into folders of this machine: who owns what is in them. Another user of the image could not write there, and
 * nobody but the owner of the machine can change that.
 */
function ownerOf({ mounted = [] }: Facts): Pick<Workload, 'user' | 'privileges'> {
  const user = mounted.find((one) => one.user !== undefined)?.user;
  if (user === undefined) return {};
  return { user, ...(/^0+(:|$)/.test(user) ? { privileges: 'kept' as const } : {}) };
}

/** What each shape is, and why it is run so. */
const shapes: Readonly<Record<Workload['shape'], { readonly choice: string; readonly why: string }>> = {
  service: { choice: 'a service', why: 'it answers requests until it is stopped' },
  site: { choice: 'a site', why: 'its files are served until it is stopped' },
  worker: { choice: 'a worker', why: 'it works until it is stopped' },
  job: { choice: 'a job', why: 'it runs once and exits; nothing restarts it' },
  schedule: {
    choice: 'a job with a schedule',
    why: 'it runs once and exits; the profile `schedule` runs it on schedule',
  },
  command: { choice: 'a command', why: 'users run it with arguments, and it exits' },
};

/** The app as it runs: with its port, variables, probes and limits. */
export function planWorkload(input: Input): Workload {
  const { facts, env, probes, writable, decide } = input;
  decideSecretFiles(facts, decide);
  const secretFiles = Object.keys(planSecretFiles(facts));
  const decision = decide('workloads.app', {
    ...shapes[input.shape],
    ...('value' in facts.archetype ? evidenceOf(facts.archetype) : {}),
  });
  const owner = ownerOf(facts);
  const restarted = runsOn(input.shape) ? 'restarted unless stopped' : 'never restarted';
  decide('workloads.app.hardening', {
    choice: `${owner.privileges ? 'read-only root' : 'read-only root, no capabilities, no new privileges'}, processes limited, ${restarted}`,
    why:
      owner.user === undefined
        ? 'an intruder must not have permissions that the app does not need'
        : `the files in the folders mounted from the host belong to the user ${owner.user}, and nobody else may write there: give them to the user 1000 (chown -R 1000:1000), and remove the line that sets the user`,
  });
  return {
    shape: input.shape,
    image: 'app',
    ...keysOf('workloads.app', facts.carried, decide),
    ports: portsOf(input),
    env: { ...env },
    ...(secretFiles.length > 0 ? { secrets: secretFiles } : {}),
    writable: [...writable],
    readOnly: true,
    ...owner,
    probes,
    signals: signalsOf(input),
    resources: resourcesOf(input),
    replicas: replicasOf(input),
    after: afterOf(input),
    ...scheduled(input),
    ...planSourceMounts(input),
    decision,
  };
}

function portsOf({ facts: { port, https, otherPorts = [] }, decide }: Input): Workload['ports'] {
  if (!port || !('value' in port)) return {};
  const { number } = port.value;
  const decision = decide('workloads.app.ports.http', {
    choice: `${number}, published`,
    why: 'the port that the app listens on',
    ...evidenceOf(port),
  });
  const over = https ? { https: true as const } : {};
  const others = otherPorts.map(({ value: { number: other, variable, inside }, from }) => {
    const why = inside
      ? `for ${inside}: reachable from other containers, and not published`
      : 'the app also listens there';
    const place = decide(`workloads.app.ports.${other}`, {
      choice: inside ? `${other}, not published` : `${other}, published`,
      why,
      from,
    });
    // PORT is the one of the main port
    const own = variable === undefined || variable === 'PORT' ? `PORT_${other}` : variable;
    const publish = { address: '', variable: own, default: other };
    return [`port-${other}`, { container: other, ...(inside ? {} : { publish }), decision: place }] as const;
  });
  return {
    http: { container: number, ...over, publish: { address: '', variable: 'PORT', default: number }, decision },
    ...Object.fromEntries(others),
  };
}

function signalsOf({ facts, decide }: Input): Workload['signals'] {
  const handles = facts.signals.value;
  const drain = facts.drain;
  const grace = Math.max(usualGrace, (drain?.value ?? 0) + 5);
  return {
    handles: [...handles],
    init: !handles.includes('SIGTERM'),
    grace,
    decision: decide('workloads.app.signals', {
      choice: handles.length > 0 ? `handles ${handles.join(', ')}` : 'an init runs as PID 1',
      why:
        drain && grace > usualGrace
          ? `docker stop waits ${grace} s: the app gives open requests ${drain.value} s to finish`
          : 'docker stop must end it in time, without losing work',
      ...withDrain(signalReason(facts), grace > usualGrace ? drain : undefined),
    }),
  };
}

/** How long docker stop waits before it kills, in seconds, where the app says nothing longer. */
const usualGrace = 15;

const withDrain = (reason: ReturnType<typeof signalReason>, drain: Facts['drain']) => ({
  ...reason,
  from: [...reason.from, ...(drain?.from ?? [])],
});

const usualResources = { limits: { cpus: 1, memory: '512M' }, reservations: { cpus: 0.25, memory: '128M' } };

function resourcesOf(input: Input): Workload['resources'] {
  const { recipe, decide } = input;
  const own = input.facts.limits;
  const resources = recipe.production.server?.resources ?? usualResources;
  const cpus = own?.value.cpus ?? resources.limits.cpus;
  const heap = heapOf([...input.start.argv, ...Object.values(recipe.production.env), ...textsOf(input.env)]);
  const needed = heap === undefined ? resources.limits.memory : (memoryForHeap(heap) ?? resources.limits.memory);
  const memory = own?.value.memory ?? needed;
  const variables = limitedVariables(input);
  return {
    limits: { cpus, memory },
    reservations: {
      cpus: Math.min(resources.reservations.cpus, cpus),
      memory: isLess(memory, resources.reservations.memory) ? memory : resources.reservations.memory,
    },
    ...(variables ? { variables } : {}),
    decision: decide('workloads.app.resources', {
      choice: `${cpus} CPU and ${memory.replace('M', ' MB').replace('G', ' GB')} at most`,
      why: `one container must not starve the others${memory === resources.limits.memory || own ? '' : `; its heap may grow to ${heap} MB`}`,
      ...(own ? { from: own.from } : {}),
    }),
  };
}

/** Whether one size is below another; both in megabytes or gigabytes. */
function isLess(one: string, other: string): boolean {
  const megabytes = (text: string) => Number.parseInt(text, 10) * (text.endsWith('G') ? 1024 : 1);
  return megabytes(one) < megabytes(other);
}

const textsOf = (env: Workload['env']): readonly string[] =>
  Object.values(env).flatMap(({ value }) =>
    value.from === 'literal' ? [value.text] : value.from === 'user' ? [value.default ?? ''] : [],
  );

/** Variables by which the app follows its limits, but for those that the project sets itself. */
function limitedVariables({ recipe, env, decide }: Input): Workload['resources']['variables'] {
  const all = (recipe.production.limited ?? []).filter(
    ({ name }) => env[name] === undefined && recipe.production.env[name] === undefined,
  );
  if (all.length === 0) return undefined;
  return Object.fromEntries(
    all.map(({ name, of, share, why, from }) => {
      const choice =
        of === 'cpus' ? 'the CPUs of the limit' : `${Math.round((share ?? 1) * 100)} % of the memory limit`;
      const decision = decide(`workloads.app.resources.${name}`, { choice, why, ...(from ? { from } : {}) });
      return [name, { of, ...(share === undefined ? {} : { share }), decision }];
    }),
  );
}

function replicasOf({ chosen, decide }: Input): Workload['replicas'] {
  const embedded = chosen.find(({ detection }) => detection.embedded);
  const reason = embedded
    ? {
        choice: 'one',
        why: `${embedded.detection.title} is a file: two containers must not write it`,
        from: embedded.from,
      }
    : { choice: 'one', why: 'nothing requires more' };
  return { count: 1, ...(embedded ? { max: 1 } : {}), decision: decide('workloads.app.replicas', reason) };
}

/** What it waits for: a service that it cannot do without until that is healthy, another until it is started. */
const afterOf = ({ chosen, decide }: Input): Workload['after'] =>
  chosen
    .filter(({ service, detection }) => service && !detection.only)
    .map(({ host, required, kept, from, assertions }) => ({
      name: host,
      // compose waits for no health that nobody checks
      until: required && (!kept || kept.healthcheck) ? ('healthy' as const) : ('started' as const),
      decision: decide(`workloads.app.after.${host}`, {
        choice: required ? `waits until ${host} is healthy` : `starts after ${host}, healthy or not`,
        why: required ? 'the app cannot serve requests without it' : 'the app runs degraded without it',
        from,
        assertions,
      }),
    }));

/** The tag of the image, the port and the owner on this machine, unless `known` has settings of these names. */
export function workloadSettings(
  facts: Facts,
  { shape, development }: Pick<Workload, 'shape' | 'development'>,
  known: Settings,
  decide: Decide,
): Settings {
  const user = development?.user;
  const port = knownValue(facts.port);
  const tag = (): Setting => ({
    purpose: 'tag of the image',
    required: false,
    secret: false,
    default: 'local',
    decision: decide('settings.TAG', {
      choice: 'local',
      why: 'an image that was built here, until a registry is set',
    }),
  });
  return {
    ...(known['TAG'] ? {} : { TAG: tag() }),
    ...(port && !known['PORT'] ? { PORT: publishSetting(port.number, shape === 'site' ? 'site' : 'app', decide) } : {}),
    ...(user && !known[user.variable] ? { [user.variable]: ownerSetting(user, decide) } : {}),
  };
}

const ownerSetting = (user: { readonly variable: string; readonly default: string }, decide: Decide): Setting => ({
  purpose: 'user and group that own the project folder on the host: the development server runs as them',
  required: false,
  secret: false,
  default: user.default,
  decision: decide(`settings.${user.variable}`, {
    choice: user.default,
    why: 'the development server writes into the folder, so its files get the owner of the folder',
  }),
});

function publishSetting(port: number, what: string, decide: Decide): Setting {
  return {
    purpose: `port on the host for the ${what}`,
    required: false,
    secret: false,
    default: String(port),
    decision: decide('settings.PORT', {
      choice: String(port),
      why: 'the same port as in the container, unless it is taken',
    }),
  };
}

const runsOn = (shape: Workload['shape']) => ['service', 'site', 'worker'].includes(shape);

function scheduled({ facts, schedule, shape, start, recipe, decide }: Input): Pick<Workload, 'schedule' | 'scheduler'> {
  const { scheduler } = recipe;
  if (!schedule || !scheduler || shape !== 'schedule') return {};
  const { cron, by, from, assertions } = schedule;
  const why = 'the schedule, in UTC';
  const decision = decide('workloads.app.schedule', { choice: cron, why, by, from, assertions });
  const argv = [...start.inside(scheduler.argv), ...start.argv];
  return {
    schedule: { cron, decision },
    scheduler: { file: inRepository(facts, scheduler.file), path: scheduler.path, argv },
  };
}
