import { posix } from 'node:path';
import type { Config } from '../model/config.ts';
import { because, type Evidence, knownValue } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { foldersOf, inRepository } from '../model/folders.ts';
import type { EnvVar, Plan, Setting, Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import { composeFiles } from './compose-files.ts';
import { signalReason } from './context.ts';
import type { Decide } from './decide.ts';
import { planSecretFiles } from './environment.ts';
import type { Chosen } from './services.ts';
import type { Settings } from './settings.ts';

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
  readonly chosen: readonly Chosen[];
  readonly env: Readonly<Record<string, EnvVar>>;
  readonly probes: Workload['probes'];
  readonly writable: Workload['writable'];
  readonly decide: Decide;
};

/** The folder that has to be writable for a path: the path itself where it is one, else the folder of the file. */
function folderOf(image: string, path: string): string {
  const folder = /\.[a-z0-9]+$/i.test(posix.basename(path)) ? posix.dirname(path) : path;
  return posix.normalize(folder.startsWith('/') ? folder : posix.join(image, folder));
}

/** Files of services that live inside the app, where only the default of a variable says where they are. */
const embeddedFiles = (facts: Facts, chosen: readonly Chosen[]): Facts['writes'] =>
  chosen
    .filter((one) => one.detection.embedded)
    .flatMap((one) => facts.variables.filter((variable) => one.variables.includes(variable.name)))
    .flatMap((variable) =>
      variable.default === undefined || variable.default.startsWith(':')
        ? []
        : [{ value: variable.default.replace(/^file:/, ''), by: 'detected' as const, from: variable.from }],
    );

/** What the app writes: a volume where it would be lost, memory where it is scratch. */
export function planWritable(
  facts: Facts,
  config: Config,
  chosen: readonly Chosen[],
  decide: Decide,
): Workload['writable'] {
  const rows = new Map<string, Workload['writable'][number]>();
  const { image } = foldersOf(facts);
  rows.set('/tmp', {
    path: '/tmp',
    kind: 'tmpfs',
    decision: decide('workloads.app.writable./tmp', {
      choice: 'memory',
      why: 'the root file system is read-only; libraries expect a place for scratch files',
    }),
  });
  for (const row of boundRows(facts, decide)) rows.set(row.path, row);
  const isMounted = (path: string) => [...rows.values()].some((row) => row.kind === 'bind' && isBelow(row.path, path));
  const written = [
    ...facts.writes,
    ...embeddedFiles(facts, chosen),
    ...(config.writable ?? []).map((value) => ({ value, by: 'config' as const, from: [] })),
  ];
  for (const write of written) {
    const path = folderOf(image, write.value);
    if (rows.has(path) || path.startsWith('/tmp') || isMounted(posix.resolve(image, write.value))) continue;
    const isKept = facts.data?.some((one) => folderOf(image, one.path) === path);
    const scratch = !isKept && /^(tmp|temp|cache|\.cache|logs?)$/.test(posix.basename(path));
    // the whole app folder cannot be a volume: it would hide the app; a file in it becomes a link into one
    if (path === image) linkInto(image, rows, write, decide);
    if (path === image || path === '/') continue;
    // the author's volume goes on under its own key
    const before = facts.data?.find((one) => folderOf(image, one.path) === path)?.volume;
    const volume = before ?? volumeName(path, [...rows.values()]);
    const decision = decide(`workloads.app.writable.${path}`, {
      choice: scratch ? 'memory' : `the volume ${volume}`,
      why: scratch
        ? 'the app writes scratch files there'
        : 'the app writes there, and a new container must find it again',
      ...because(write),
    });
    rows.set(path, scratch ? { path, kind: 'tmpfs', decision } : { path, kind: 'volume', volume, decision });
  }
  return [...rows.values()];
}

/** A path in the container of one that is relative to the application. */
const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Files and folders of the project that the author mounts into the application: where they are now, what they hold is found again. */
function boundRows(facts: Facts, decide: Decide): Workload['writable'] {
  const folder = posix.dirname(composeFiles(facts).file);
  const { image } = foldersOf(facts);
  return (facts.mounted ?? []).map(({ source, path: own, readOnly, from }) => {
    const path = posix.resolve(image, own);
    const relative = posix.relative(folder, source);
    const decision = decide(`workloads.app.writable.${path}`, {
      choice: `${source} of the project`,
      why: 'the author mounts it there: what it holds must be found again',
      from,
    });
    const isFixed = readOnly ? { isFixed: true } : {};
    return { path, kind: 'bind', source: relative.startsWith('.') ? relative : `./${relative}`, ...isFixed, decision };
  });
}

/**
 * Who runs the application where it writes into folders of this machine: who owns what is in them. Another user of the image could not write there, and
 * nobody but the owner of the machine can change that.
 */
function ownerOf({ mounted = [] }: Facts): Pick<Workload, 'user' | 'privileges'> {
  const user = mounted.find((one) => one.user !== undefined)?.user;
  if (user === undefined) return {};
  return { user, ...(/^0+(:|$)/.test(user) ? { privileges: 'kept' as const } : {}) };
}

/** Named after the folder; after the whole path where another volume has that name: two folders are not one. */
function volumeName(path: string, others: Workload['writable']): string {
  const named = (text: string) =>
    text
      .replace(/[^a-z0-9_-]/gi, '-')
      .replace(/^-+/, '')
      .toLowerCase();
  const taken = new Set(others.flatMap((one) => (one.kind === 'volume' ? [one.volume] : [])));
  const short = named(posix.basename(path)) || 'data';
  if (!taken.has(short)) return short;
  const whole = named(path) || short;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? whole : `${whole}-${count}`;
    if (!taken.has(name)) return name;
  }
}

/** What each shape is, and why it is run so. */
const shapes: Readonly<Record<Workload['shape'], { readonly choice: string; readonly why: string }>> = {
  service: { choice: 'a service', why: 'it answers requests until it is stopped' },
  site: { choice: 'a site', why: 'its files are given out until it is stopped' },
  worker: { choice: 'a worker', why: 'it works until it is stopped' },
  job: { choice: 'a job', why: 'it runs once and ends: nothing starts it again' },
  schedule: {
    choice: 'a job with a schedule',
    why: 'it runs once and ends; the profile `schedule` runs it again in time',
  },
  command: { choice: 'a command', why: 'whoever needs it runs it with arguments, and it ends' },
};

/** A file that the app writes beside itself: a link leads into a folder that is kept. */
function linkInto(
  image: string,
  rows: Map<string, Workload['writable'][number]>,
  write: Facts['writes'][number],
  decide: Decide,
): void {
  const name = posix.basename(write.value);
  if (!/\.(db|sqlite3?|json|data)$/i.test(name)) return;
  const path = `${image}/data`;
  const before = rows.get(path);
  if (before) {
    rows.set(path, { ...before, links: [...(before.links ?? []), name] });
    return;
  }
  const decision = decide(`workloads.app.writable.${path}`, {
    choice: 'the volume data',
    why: `the app writes ${name} beside itself, where nothing can be mounted: a link leads to where it is kept`,
    ...because(write),
  });
  rows.set(path, { path, kind: 'volume', volume: 'data', links: [name], decision });
}

/** The app as it runs: with its port, variables, probes and limits. */
export function planWorkload(input: Input): Workload {
  const { facts, env, probes, writable, decide } = input;
  const secretFiles = Object.keys(planSecretFiles(facts));
  const decision = decide('workloads.app', {
    ...shapes[input.shape],
    ...('value' in facts.archetype ? because(facts.archetype) : {}),
  });
  const owner = ownerOf(facts);
  const restarted = runsOn(input.shape) ? 'restarted unless stopped' : 'never restarted';
  decide('workloads.app.hardening', {
    choice: `${owner.privileges ? 'read-only root' : 'read-only root, no capabilities, no new privileges'}, ${restarted}`,
    why:
      owner.user === undefined
        ? 'what the app does not need, an intruder must not have'
        : `the user ${owner.user} made what lies in the folders that are mounted from this machine, and nobody else may write there: give them to the user 1000 (chown -R 1000:1000), and remove the line that names the user`,
  });
  return {
    shape: input.shape,
    image: 'app',
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
    ...development(input),
    decision,
  };
}

function portsOf({ facts: { port }, decide }: Input): Workload['ports'] {
  if (!port || !('value' in port)) return {};
  const { number } = port.value;
  const decision = decide('workloads.app.ports.http', {
    choice: `${number}, published`,
    why: 'the port that the app listens on',
    ...because(port),
  });
  return { http: { container: number, publish: { address: '', variable: 'PORT', default: number }, decision } };
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
      choice: handles.length > 0 ? `handles ${handles.join(', ')}` : 'an init is process 1',
      why:
        drain && grace > usualGrace
          ? `docker stop waits ${grace} s: the app gives its requests ${drain.value} s to end`
          : 'docker stop must end it in time, with nothing lost',
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

function resourcesOf({ recipe, decide }: Input): Workload['resources'] {
  const resources = recipe.production.server?.resources ?? usualResources;
  const { cpus, memory } = resources.limits;
  return {
    ...resources,
    decision: decide('workloads.app.resources', {
      choice: `${cpus} CPU and ${memory.replace('M', ' MB')} at most`,
      why: 'one container must not starve its neighbours',
    }),
  };
}

function replicasOf({ chosen, decide }: Input): Workload['replicas'] {
  const embedded = chosen.find(({ detection }) => detection.embedded);
  const reason = embedded
    ? {
        choice: 'one',
        why: `${embedded.detection.title} is a file: two containers must not write it`,
        from: embedded.from,
      }
    : { choice: 'one', why: 'nothing asks for more' };
  return { count: 1, ...(embedded ? { max: 1 } : {}), decision: decide('workloads.app.replicas', reason) };
}

/** What it waits for: a service that it cannot do without until that is healthy, another until it is started. */
const afterOf = ({ chosen, decide }: Input): Workload['after'] =>
  chosen
    .filter(({ service }) => service)
    .map(({ host, required, kept, from, assertions }) => ({
      name: host,
      // compose waits for no health that nobody checks
      until: required && (!kept || kept.healthcheck) ? ('healthy' as const) : ('started' as const),
      decision: decide(`workloads.app.after.${host}`, {
        choice: required ? `waits until ${host} is healthy` : `starts after ${host}, healthy or not`,
        why: required ? 'the app cannot serve without it' : 'the app answers, degraded, without it',
        from,
        assertions,
      }),
    }));

/** The tag of the image and the port on this machine, unless `known` has settings of these names. */
export function workloadSettings(facts: Facts, shape: Workload['shape'], known: Settings, decide: Decide): Settings {
  const port = knownValue(facts.port);
  const tag = (): Setting => ({
    purpose: 'tag of the image',
    required: false,
    secret: false,
    default: 'local',
    decision: decide('settings.TAG', {
      choice: 'local',
      why: 'an image that was built here, until a registry is named',
    }),
  });
  return {
    ...(known['TAG'] ? {} : { TAG: tag() }),
    ...(port && !known['PORT'] ? { PORT: publishSetting(port.number, shape === 'site' ? 'site' : 'app', decide) } : {}),
  };
}

function publishSetting(port: number, what: string, decide: Decide): Setting {
  return {
    purpose: `the port on this machine that reaches the ${what}`,
    required: false,
    secret: false,
    default: String(port),
    decision: decide('settings.PORT', {
      choice: String(port),
      why: 'the same number outside as inside, unless it is taken',
    }),
  };
}

const runsOn = (shape: Workload['shape']) => ['service', 'site', 'worker'].includes(shape);

function scheduled({ facts, schedule, shape, start, recipe, decide }: Input): Pick<Workload, 'schedule' | 'scheduler'> {
  const { scheduler } = recipe;
  if (!schedule || !scheduler || shape !== 'schedule') return {};
  const { cron, by, from, assertions } = schedule;
  const why = 'the times at which it is to run, in UTC';
  const decision = decide('workloads.app.schedule', { choice: cron, why, by, from, assertions });
  const argv = [...start.inside(scheduler.argv), ...start.argv];
  return {
    schedule: { cron, decision },
    scheduler: { file: inRepository(facts, scheduler.file), path: scheduler.path, argv },
  };
}

/** Folders of the source are mounted; where the source lies in the root, the root is, and the image's modules stay visible. */
function development({ facts, recipe, shape, decide }: Input): Pick<Workload, 'development'> {
  const decision = decide('workloads.app.development', {
    choice: shape === 'service' || shape === 'site' ? 'hot reload' : 'the source as it is',
    why: 'an edit on this machine shows in the container',
    ...(facts.commands.dev ? because(facts.commands.dev) : {}),
  });
  const isFolder = (path: string) => !/\.[a-z0-9]+$/i.test(posix.basename(path));
  const entry = knownValue(facts.entry) ?? '';
  const folders = [...new Set([...facts.sources, ...facts.reads.map((read) => read.value)])].filter(isFolder).sort();
  const { root, context, top, image } = foldersOf(facts);
  const own =
    entry.includes('/') && !recipe.development.mountsAll
      ? folders.map((folder) => ({ source: hostPath(root, folder), target: posix.join(image, folder) }))
      : [{ source: hostPath(root, '.'), target: image }];
  const beside = (recipe.development.beside ?? []).map((folder) => ({
    source: hostPath(context, folder),
    target: posix.join(top, folder),
  }));
  const mounted = [...own, ...beside];
  const rebuilt = (recipe.development.rebuilt ?? []).map((folder) => hostPath(context, folder));
  // packages that a mount would hide
  const keep = recipe.development.keep.filter((folder) =>
    mounted.some(({ target }) => folder.startsWith(`${target}/`)),
  );
  return {
    development: {
      target: 'development',
      mounts: mounted.map((mount) => ({ ...mount, decision })),
      ...(keep.length > 0 ? { keep } : {}),
      ...(rebuilt.length > 0 ? { rebuilt } : {}),
      env: { ...recipe.development.env },
      ...(recipe.development.port === undefined ? {} : { port: recipe.development.port }),
      decision,
    },
  };
}

/** A folder on the host, as a compose file in the root of the repository names it. */
function hostPath(root: string, folder: string): string {
  const path = posix.join(root, folder);
  return path === '.' ? '.' : `./${path}`;
}

/** The volumes that the app and its services write. */
export function planVolumes(
  workload: Workload,
  services: Plan['services'],
  { data = [] }: Pick<Facts, 'data'>,
): Plan['volumes'] {
  const real = (volume: string) => data.find((one) => one.volume === volume)?.name;
  const named = (name: string | undefined) => (name === undefined ? {} : { name });
  return {
    ...Object.fromEntries(
      workload.writable.flatMap((one) =>
        one.volume
          ? [
              [
                one.volume,
                { purpose: `what the app writes to ${one.path}`, ...named(real(one.volume)), decision: one.decision },
              ],
            ]
          : [],
      ),
    ),
    ...Object.fromEntries(
      Object.entries(services).flatMap(([host, one]) =>
        one.volume && one.volume.folder === undefined
          ? [
              [
                one.volume.name,
                { purpose: `the data of ${host}`, ...named(one.volume.realName), decision: one.volume.decision },
              ],
            ]
          : [],
      ),
    ),
  };
}
