import { posix } from 'node:path';
import { processLimit } from '../catalog/process-limit.ts';
import { map, printYaml, scalar, seq, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';
import { imageName, projectOf, schedulerName, startedName } from '../model/applications.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Check, EnvVar, Image, Plan, Service, Workload } from '../model/plan.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { remark } from './lines.ts';
import { isOverlay } from './overlay.ts';
import { composeValue, escaped } from './reference.ts';

/** One entry of a mapping, with the decision behind it and, where it is not plain, why it is there. */
export const entry = (key: string, value: YamlNode, decision: string, comment?: string): YamlEntry => ({
  key,
  value,
  decision,
  ...(comment ? { comment } : {}),
});

const list = (values: readonly string[]): YamlNode =>
  seq(
    values.map((value) => scalar(value)),
    { flow: true },
  );

/** A mount in its short form; in the long one where a colon of a path would end that part. */
export function mounted(type: 'bind' | 'volume', source: string, target: string, readOnly: boolean): YamlNode {
  const [from, to] = [escaped(source), escaped(target)];
  if (!/:/.test(source + target)) return scalar(`${from}:${to}${readOnly ? ':ro' : ''}`);
  const parts = { type, source: from, target: to, ...(readOnly ? { read_only: true } : {}) };
  return map(
    Object.entries(parts).map(([key, value]) => ({ key, value: scalar(value) })),
    { flow: true },
  );
}

/** The words of a command, quoted as everybody writes them; no variable of Compose is among them. */
export const words = (argv: readonly string[]): YamlNode =>
  seq(
    argv.map((word) => scalar(escaped(word), { quote: true })),
    { flow: true },
  );

/** The backing services that each form of the deployment has. */
export const inEveryForm = ({ services }: Plan): readonly (readonly [string, Service])[] =>
  Object.entries(services).filter(([, { only }]) => only === undefined);

/** The base form: the app as it runs, and its backing services. */
export function composeBase(plan: Plan): Artifact {
  const path = plan.compose.file;
  // without a name the volumes are called as they were: after the folder
  const project = projectOf(plan);
  const services = [
    ...Object.entries(plan.workloads).map(([name, workload]) =>
      entry(name, app(plan, name, workload), workload.decision),
    ),
    ...Object.entries(plan.workloads).flatMap(([name, workload]) => scheduler(plan, name, workload)),
    ...inEveryForm(plan).map(([name, service]) => entry(name, backing(plan, service), service.decision, service.note)),
  ];
  const root = map([
    ...(project === null ? [] : [entry('name', scalar(project), 'compose')]),
    entry('services', map(services), 'compose'),
    ...definitions(plan),
  ]);
  return composeFile(plan, path, root);
}

/** What the services of a file refer to: volumes, secrets, configurations. */
export function definitions(plan: Plan): YamlEntry[] {
  const volumes = Object.entries(plan.volumes).map(([name, volume]) =>
    entry(
      name,
      volume.name === undefined ? scalar(null) : map([entry('name', scalar(volume.name), volume.decision)]),
      volume.decision,
      hintFor(plan, name),
    ),
  );
  const secrets = [
    ...buildSecrets(plan).map((secret) =>
      entry(secret.id, map([entry('environment', scalar(secret.env), secret.decision)]), secret.decision),
    ),
    ...builtImages(plan).flatMap(({ secretFiles = [] }) =>
      secretFiles.map(({ id, file, decision }) =>
        entry(id, map([entry('file', scalar(fromCompose(plan, file)), decision)]), decision, settingsRemark),
      ),
    ),
    ...Object.values(plan.secrets).flatMap(({ file, target, decision }) =>
      file === undefined
        ? []
        : [
            entry(
              secretKey({ file, target }),
              map([entry('file', scalar(fromCompose(plan, file)), decision)]),
              decision,
              target ? localRemark : secretRemark,
            ),
          ],
    ),
  ];
  return [
    ...(volumes.length > 0 ? [entry('volumes', map(volumes), 'compose')] : []),
    ...(secrets.length > 0 ? [entry('secrets', map(secrets), 'compose')] : []),
    ...configs(plan),
  ];
}

/** The artifact of a compose file: its header, and the decisions of its lines. */
export function composeFile(plan: Plan, path: string, root: YamlMap): Artifact {
  const opening = header(plan, path).map(remark);
  const printed = printYaml(root);
  const shift = opening.length + 1;
  return {
    path,
    kind: 'compose',
    mode: 0o644,
    content: `${opening.join('\n')}\n\n${printed.text}`,
    origins: [
      { start: 1, end: opening.length, decision: headerDecision },
      ...printed.origins.map((origin) => ({ ...origin, start: origin.start + shift, end: origin.end + shift })),
    ],
  };
}

const secretRemark = 'contains only the value; readable by the user of the image, and ignored by Git';

const localRemark = 'a file on this machine, not in the image; readable by the user of the image, and ignored by Git';

const settingsRemark =
  'a file of this repository that contains a login: only for the install instruction, and in no layer';

/** The images that our own services build. */
const builtImages = (plan: Plan) =>
  Object.entries(plan.images).flatMap(([key, image]) =>
    Object.values(plan.workloads).some((workload) => workload.image === key && !workload.kept) ? [image] : [],
  );

/** Secrets of the images that our own services build: a service of the author's names its own. */
const buildSecrets = (plan: Plan) => builtImages(plan).flatMap((image) => image.buildSecrets);

const hintFor = (plan: Plan, volume: string) =>
  Object.values(plan.services).find((service) => service.volume?.name === volume)?.hint;

function secretFiles(plan: Plan, workload: Workload): YamlEntry[] {
  const found = (workload.secrets ?? []).flatMap((key) => plan.secrets[key] ?? []);
  const [first] = found;
  if (!first) return [];
  const named = found.map((one) => {
    const source = scalar(secretKey(one));
    const target = one.target === undefined ? [] : [entry('target', scalar(one.target), one.decision)];
    return target.length > 0 ? map([entry('source', source, one.decision), ...target]) : source;
  });
  return [entry('secrets', seq(named, { flow: named.every(({ type }) => type === 'scalar') }), first.decision)];
}

/** How a compose file calls a secret: by the name of its file, or by the path of one that lies beside the code. */
const secretKey = ({ file = '', target }: Pick<Plan['secrets'][string], 'file' | 'target'>): string =>
  target === undefined ? posix.basename(file) : file.replaceAll('/', '-').replace(/^[^A-Za-z0-9]+/, '');

/** The image that is built of a workload. */
export const builtImage = (plan: Plan, workload: Workload): string => `${startedName(plan, workload)}:\${TAG:-local}`;

export function app(plan: Plan, name: string, workload: Workload): YamlNode {
  const image = plan.images[workload.image];
  const decision = workload.decision;
  return map([
    ...(workload.builtBy === undefined ? [buildOf(plan, workload)] : []),
    entry(
      'image',
      scalar(builtImage(plan, workload)),
      plan.settings['TAG']?.decision ?? decision,
      ...(workload.builtBy === undefined
        ? []
        : [`built by \`${workload.builtBy}\`: two builds with the same name would collide`]),
    ),
    ...(workload.builtBy === undefined ? [] : [entry('pull_policy', scalar('never'), decision)]),
    ...(workload.command ? [entry('command', words(workload.command), decision)] : []),
    ...carried(workload),
    ...profiles(plan, name, workload),
    ...((workload.shape === 'command' || workload.command || image?.kept) && workload.signals.init
      ? [entry('init', scalar(true), workload.signals.decision)]
      : []),
    ...environment(workload.env, decision),
    ...secretFiles(plan, workload),
    ...ports(workload),
    ...after(plan, workload),
    ...(image?.kept ? checkOf(workload) : []),
    ...(workload.check
      ? [
          {
            ...healthcheck(workload.check, workload.check.decision),
            comment: 'here instead of in the image, which other processes share',
          },
        ]
      : []),
    entry('restart', scalar(keptRunning(workload) ? 'unless-stopped' : 'no'), hardeningKey(workload)),
    ...hardening(plan, workload),
  ]);
}

/** What the author's service says and nothing here has another value for. */
const carried = ({ keys = [] }: Pick<Workload, 'keys'>): YamlEntry[] =>
  keys.map(({ key, value, decision }) => entry(key, dataNode(value), decision));

type Data = NonNullable<Workload['keys']>[number]['value'];

const dataNode = (value: Data): YamlNode => {
  if (Array.isArray(value)) return seq(value.map(dataNode), { flow: true });
  if (typeof value !== 'object' || value === null) return scalar(value);
  return map(Object.entries(value).map(([key, one]) => ({ key, value: dataNode(one) })));
};

/** How the image of a workload is built. */
export function buildOf(plan: Plan, workload: Workload): YamlEntry {
  const image = plan.images[workload.image];
  const decision = workload.decision;
  const secrets = [...(image?.buildSecrets ?? []), ...(image?.secretFiles ?? [])];
  return entry(
    'build',
    map([
      entry('context', scalar(image ? fromCompose(plan, image.context.root) : '.'), decision),
      ...(image ? dockerfileOf(image, image.dockerfile, decision) : []),
      ...targetOf(workload.target ?? image?.targets.production, decision),
      ...buildArgs(image?.args ?? {}, decision),
      ...(secrets.length > 0
        ? [entry('secrets', list(secrets.map((secret) => secret.id)), secrets[0]?.decision ?? decision)]
        : []),
    ]),
    decision,
  );
}

/** A path of the repository as the compose file names it: from the folder that the compose file lies in. */
export function fromCompose({ compose }: Plan, path: string): string {
  const relative = posix.relative(posix.dirname(compose.file), path);
  return relative === '' ? '.' : relative.startsWith('..') ? relative : `./${relative}`;
}

/** The name of a Dockerfile, where it is another one than the engine looks for. */
export function dockerfileOf(image: Image, dockerfile: string, decision: string): YamlEntry[] {
  const path = posix.relative(image.context.root, dockerfile);
  return path === 'Dockerfile' ? [] : [entry('dockerfile', scalar(path), decision)];
}

/** The stage; without one it is the last. */
export const targetOf = (target: string | undefined, decision: string): YamlEntry[] =>
  target === undefined ? [] : [entry('target', scalar(target), decision)];

/** The check of a workload, where its image has none. */
export const checkOf = ({ probes: { ready } }: Workload): YamlEntry[] =>
  ready?.check
    ? [{ ...healthcheck(ready.check, ready.decision), ...(ready.note === undefined ? {} : { comment: ready.note }) }]
    : [];

/** Whether a workload runs until it is stopped. */
export const keptRunning = (workload: Workload): boolean => ['service', 'site', 'worker'].includes(workload.shape);

/** A command is started by hand, with arguments, and so is a job beside other applications: `docker compose up` leaves them alone. */
function profiles({ applications }: Plan, name: string, { shape, decision }: Workload): YamlEntry[] {
  if (shape === 'command') return [entry('profiles', list(['cli']), decision)];
  const isJob = Object.values(applications ?? {}).some(({ workloads }) => workloads[0] === name) && isEnding(shape);
  return isJob ? [entry('profiles', list(['jobs']), decision)] : [];
}

const isEnding = (shape: Workload['shape']): boolean => shape === 'job' || shape === 'schedule';

/** The decision behind what a container may not do. */
const hardeningKey = ({ hardening: own = 'workloads.app.hardening' }: Workload): string => own;

const hardening = (plan: Plan, workload: Workload): YamlEntry[] => [
  ...(workload.user === undefined
    ? []
    : [entry('user', scalar(workload.user, { quote: true }), hardeningKey(workload))]),
  ...storage(plan, workload),
  ...(workload.privileges === 'kept'
    ? []
    : [
        entry('cap_drop', list(['ALL']), hardeningKey(workload)),
        entry('security_opt', list(['no-new-privileges:true']), hardeningKey(workload)),
      ]),
  entry('pids_limit', scalar(processLimit), hardeningKey(workload)),
];

/** What of the same is added to a service of the author's. */
export function hardeningOver(plan: Plan, workload: Workload, adds: ReadonlySet<string>): YamlEntry[] {
  const init = entry('init', scalar(true), workload.signals.decision);
  return [...(adds.has('init') ? [init] : []), ...hardening(plan, workload).filter(({ key }) => adds.has(key))];
}

/** The same image, kept running under a profile: it starts the job at the times of its schedule. */
function scheduler(plan: Plan, name: string, workload: Workload): YamlEntry[] {
  const { schedule } = workload;
  if (!schedule || !workload.scheduler) return [];
  const { decision } = schedule;
  const service = map([
    entry(
      'image',
      scalar(`${imageName(plan, plan.images[workload.image])}:\${TAG:-local}`),
      plan.settings['TAG']?.decision ?? decision,
    ),
    entry('profiles', list(['schedule']), decision),
    entry('entrypoint', words([...workload.scheduler.argv]), decision),
    entry('command', list([]), decision),
    ...environment({ ...workload.env, SCHEDULE: cronVariable(schedule.cron, decision) }, decision),
    entry(
      'configs',
      seq([
        map(
          [
            entry('source', scalar(schedulerName(name)), decision),
            entry('target', scalar(workload.scheduler.path), decision),
          ],
          { flow: true },
        ),
      ]),
      decision,
    ),
    ...after(plan, workload),
    entry('restart', scalar('unless-stopped'), decision),
    ...hardening(plan, workload),
  ]);
  return [entry(schedulerName(name), service, decision, 'docker compose --profile schedule up --detach')];
}

const cronVariable = (cron: string, decision: string): EnvVar => ({
  value: { from: 'literal', text: cron },
  secret: false,
  purpose: 'cron schedule, in UTC',
  decision,
});

function configs(plan: Plan): YamlEntry[] {
  const files = Object.entries(plan.workloads).flatMap(([name, { schedule, scheduler: program }]) =>
    schedule && program
      ? [
          entry(
            schedulerName(name),
            map([entry('file', scalar(fromCompose(plan, program.file)), schedule.decision)], { flow: true }),
            schedule.decision,
          ),
        ]
      : [],
  );
  return files.length > 0 ? [entry('configs', map(files), 'compose')] : [];
}

/** Build arguments: what is not set keeps the default of the Dockerfile. */
function buildArgs(args: Readonly<Record<string, EnvVar>>, decision: string): YamlEntry[] {
  const rows = Object.entries(args).map(([name, one]) =>
    entry(name, scalar(composeValue(one.value) ?? null), one.decision),
  );
  return rows.length > 0 ? [entry('args', map(rows), decision)] : [];
}

/** The variables of a container. */
export function environment(env: Readonly<Record<string, EnvVar>>, decision: string): YamlEntry[] {
  const rows = Object.entries(env).map(([name, variable]) => {
    const value = composeValue(variable.value);
    return entry(name, value === undefined ? scalar(null) : scalar(value), variable.decision);
  });
  return rows.length > 0 ? [entry('environment', map(rows), decision)] : [];
}

function ports(workload: Workload): YamlEntry[] {
  const rows = Object.values(workload.ports).flatMap((port) =>
    port.publish
      ? [
          {
            text: `${port.publish.address ? `${port.publish.address}:` : ''}\${${port.publish.variable}:-${port.publish.default}}:${port.container}`,
            decision: port.decision,
          },
        ]
      : [],
  );
  const [first] = rows;
  return first
    ? [
        entry(
          'ports',
          seq(
            rows.map((row) => scalar(row.text, { quote: true })),
            { flow: true },
          ),
          first.decision,
        ),
      ]
    : [];
}

const conditions = {
  healthy: 'service_healthy',
  completed: 'service_completed_successfully',
  started: 'service_started',
} as const;

export function after(plan: Plan, workload: Workload): YamlEntry[] {
  const rows = workload.after
    .filter((one) => plan.services[one.name] ?? plan.workloads[one.name])
    .map((one) =>
      entry(
        one.name,
        map([entry('condition', scalar(conditions[one.until]), one.decision)], { flow: true }),
        one.decision,
      ),
    );
  return rows.length > 0 ? [entry('depends_on', map(rows), workload.decision)] : [];
}

/**
 * A place in memory. The engine makes the folder when the container first starts, and at a restart takes its mode for that of the place: only whom it
 * belongs to says who may write there then. `/tmp` is in every image, for everybody.
 */
function inMemory(plan: Plan, { image, user }: Workload, path: string): string {
  const steps = plan.images[image]?.stages.find(({ name }) => name === 'production')?.steps ?? [];
  const own = steps.flatMap((step) => (step.do === 'user' ? [`${step.uid}:${step.gid}`] : []))[0];
  const [uid, gid] = /^(\d+):(\d+)$/.exec(user ?? own ?? '')?.slice(1) ?? [];
  return path === '/tmp' || uid === undefined ? escaped(path) : `${escaped(path)}:uid=${uid},gid=${gid}`;
}

/** A read-only root file system, and the places that may be written all the same. */
function storage(plan: Plan, workload: Workload): YamlEntry[] {
  const memory = workload.writable.filter((one) => one.kind === 'tmpfs');
  const volumes = workload.writable.filter((one) => one.kind === 'volume' || one.kind === 'bind');
  const decision = hardeningKey(workload);
  return [
    ...(workload.readOnly ? [entry('read_only', scalar(true), decision)] : []),
    ...(memory[0]
      ? [entry('tmpfs', list(memory.map((one) => inMemory(plan, workload, one.path))), memory[0].decision)]
      : []),
    ...(volumes[0]
      ? [
          entry(
            'volumes',
            seq(
              volumes.map((one) =>
                one.kind === 'bind'
                  ? mounted('bind', one.source ?? '', one.path, one.isFixed === true)
                  : mounted('volume', one.volume ?? '', one.path, false),
              ),
              { flow: true },
            ),
            volumes[0].decision,
          ),
        ]
      : []),
  ];
}

/** A health check in Compose's form. */
export function healthcheck(check: Check, decision: string): YamlEntry {
  return entry(
    'healthcheck',
    map([
      entry('test', words(['CMD', ...check.argv]), decision),
      entry('interval', scalar(`${check.interval}s`), decision),
      entry('timeout', scalar(`${check.timeout}s`), decision),
      entry('retries', scalar(check.retries), decision),
      entry('start_period', scalar(`${check.startPeriod}s`), decision),
      entry('start_interval', scalar(`${check.startInterval}s`), decision),
    ]),
    decision,
  );
}

export function backing(plan: Plan, service: Service): YamlNode {
  const { decision } = service;
  return map([
    entry('image', scalar(service.image), decision),
    ...(service.command ? [entry('command', words(service.command), decision)] : []),
    ...carried(service),
    ...environment(service.env, decision),
    ...mountsOf(plan, service),
    healthcheck(service.check, decision),
    entry('restart', scalar('unless-stopped'), decision),
    entry('security_opt', list(['no-new-privileges:true']), decision),
    entry('pids_limit', scalar(processLimit), decision),
  ]);
}

/** The data of a service, and what of the project is mounted into it. */
function mountsOf(plan: Plan, { volume, files = [], decision }: Service): readonly YamlEntry[] {
  const data = volume
    ? [
        volume.folder === undefined
          ? mounted('volume', volume.name, volume.path, false)
          : mounted('bind', volume.folder, volume.path, false),
      ]
    : [];
  const all = [...data, ...files.map(({ source, path }) => mounted('bind', fromCompose(plan, source), path, true))];
  return all.length === 0 ? [] : [entry('volumes', seq(all, { flow: true }), volume?.decision ?? decision)];
}

export const artifact: ArtifactPrinter = {
  name: 'compose',
  title: 'Compose file',
  order: 30,
  print: (plan) => (isOverlay(plan) ? [] : [composeBase(plan)]),
};
