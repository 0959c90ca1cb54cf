import { imageName, isEnding, mainWorkloads, routeOf, schedulerName } from '../model/applications.ts';
import { composeArguments, type Form, hasForm, startingForm } from '../model/compose-arguments.ts';
import { localUrl } from '../model/local-url.ts';
import type { Image, Plan, Workload } from '../model/plan.ts';
import { toolbox } from '../ship/verification.ts';
import { workloadsOf } from '../ship/workloads.ts';
import { refuseBroken } from './broken.ts';
import { loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { buildSecretsOf } from './secrets.ts';

/** One everyday command of a project: what it is for, and the words to type. */
export type EverydayCommand = {
  readonly id: string;
  readonly title: string;
  readonly argv: readonly string[];
  /** variables that stand before it */
  readonly env?: Readonly<Record<string, string>>;
  /** what to know before typing it */
  readonly note?: string;
  /** it wants a terminal */
  readonly terminal?: boolean;
  /** it goes on until it is stopped */
  readonly stays?: boolean;
};

type Deployed = {
  readonly plan: Plan;
  /** services that a command is about, where others are deployed as well; empty: all */
  readonly only: readonly string[];
  readonly name: string;
  readonly workload: Workload;
  readonly image: Image | undefined;
};

/** The everyday commands for this very project: build, run, look, get in, scale, stop. */
export async function everydayCommands(options: FlowOptions): Promise<readonly EverydayCommand[]> {
  const context = await loadContext(options);
  refuseBroken(context);
  const { plan, deployed } = context;
  const isPart = deployed !== undefined && deployed.members.length < deployed.all.length;
  return commandsOf(plan, isPart ? mainWorkloads(plan) : []);
}

/** The same for a plan; `only` are services, where not all that the compose files start are meant. Throws a UserError for a library, which nothing runs. */
export function commandsOf(plan: Plan, only: readonly string[] = []): readonly EverydayCommand[] {
  const running = only.filter((name) => !isEnding(plan.workloads[name]?.shape));
  const [main, ...others] = workloadsOf(plan).map((workload): Deployed => ({ plan, only: running, ...workload }));
  if (!main) return [];
  const all = plan.applications && others.length > 0 ? [main, ...others] : undefined;
  const apps = applicationsOf(plan, only);
  if (!all) return [...ofShape(main), ...testOf(main), ...verifyOf(apps)];
  return [
    ...ofShape(main).filter(({ id }) => !isOfOne(main, id)),
    ...all.flatMap((deployed) =>
      [...ofShape(deployed).filter(({ id }) => isOfOne(deployed, id)), ...testOf(deployed)].map(named(deployed)),
    ),
    ...verifyOf(apps),
  ];
}

/** The applications that some services belong to. */
const applicationsOf = ({ applications = {} }: Plan, services: readonly string[]): readonly string[] =>
  Object.entries(applications).flatMap(([name, { workloads }]) =>
    workloads.some((workload) => services.includes(workload)) ? [name] : [],
  );

/** Commands that each of several applications has for itself; the others are about the whole deployment. */
const ofOne: ReadonlySet<string> = new Set(['ask', 'logs', 'shell', 'scale', 'schedule', 'pipe', 'platforms']);

const isOfOne = ({ workload }: Deployed, id: string): boolean =>
  ofOne.has(id) || (id === 'run' && isEnding(workload.shape));

const named =
  ({ name }: Deployed) =>
  (command: EverydayCommand): EverydayCommand => ({
    ...command,
    id: `${command.id}-${name}`,
    title: `${name}: ${command.title}`,
  });

function ofShape(deployed: Deployed): readonly EverydayCommand[] {
  const { shape } = deployed.workload;
  if (shape === 'command') return ofCommand(deployed);
  return shape === 'job' || shape === 'schedule' ? ofJob(deployed) : ofServer(deployed);
}

/** A command of compose on the files of a form; without one on those that start some of the workloads, or all. */
const composeOn =
  (plan: Plan, form: Form | undefined) =>
  (...args: string[]): readonly string[] => ['docker', 'compose', ...composeArguments(plan, form), ...args];

/** One for a form that there may not be. */
const inForm = (
  plan: Plan,
  form: Form,
  make: (compose: ReturnType<typeof composeOn>) => EverydayCommand,
): readonly EverydayCommand[] => (hasForm(plan, form) ? [make(composeOn(plan, form))] : []);

function ofServer(deployed: Deployed): readonly EverydayCommand[] {
  const { plan, only, name, workload } = deployed;
  const watch = Object.values(plan.workloads).some(({ development: own }) => own?.rebuilt) ? ['--watch'] : [];
  const [port] = Object.values(workload.ports);
  const compose = composeOn(plan, startingForm(plan, only.length > 0 ? [...only] : undefined));
  const ready = routeOf(plan, name, 'ready')?.path ?? workload.probes.ready?.path ?? plan.routes['ready']?.path ?? '/';
  return [
    { id: 'build', title: 'build the image', argv: compose('build', ...only) },
    {
      id: 'run',
      title: 'start it and wait until it is healthy',
      argv: compose('up', '--build', '--detach', '--wait', ...only),
    },
    { id: 'status', title: 'show what is running', argv: compose('ps') },
    ...(port?.publish
      ? [
          {
            id: 'ask',
            title: 'send a request',
            argv: [
              'curl',
              '--fail',
              ...(port.https ? ['--insecure'] : []),
              localUrl(port, port.publish.default, ready),
            ],
          },
        ]
      : []),
    {
      id: 'logs',
      title: 'show the last log lines',
      argv: compose('logs', '--tail', '100', name),
      note: 'add --follow to keep reading',
    },
    inside(deployed),
    scale(deployed),
    ...inForm(plan, 'development', (develop) => ({
      id: 'develop',
      title: 'develop, with hot reload',
      argv: develop('up', '--build', ...watch, ...only),
      stays: true,
    })),
    ...(startingForm(plan) === 'production'
      ? []
      : inForm(plan, 'production', (produce) => ({
          id: 'production',
          title: 'start it with the limits of production',
          argv: produce('up', '--build', '--detach', '--wait', ...only),
        }))),
    { id: 'stop', title: 'stop it', argv: compose('stop', ...only) },
    {
      id: 'down',
      title: 'remove the containers',
      argv: compose('down', ...only),
      note: 'keeps the volumes; --volumes deletes the data too',
    },
  ];
}

/** A shell in the container; where the image has none, one of the build image beside it that sees its processes and its network. */
function inside({ plan, name, image }: Deployed): EverydayCommand {
  const compose = composeOn(plan, startingForm(plan, [name]));
  if (!image || image.shell)
    return { id: 'shell', title: 'open a shell', argv: compose('exec', name, 'sh'), terminal: true };
  const at = `container:${plan.name}-${name}-1`;
  return {
    id: 'debug',
    title: 'debug with a sidecar',
    // the files of a process of another user are behind ptrace's permission, which root of a container has not
    argv: [
      ...['docker', 'run', '--rm', '-it', '--cap-add', 'SYS_PTRACE'],
      ...['--pid', at, '--network', at, toolbox(image) ?? 'debian', 'sh'],
    ],
    note: 'the image has no shell; its files are in /proc/1/root/',
    terminal: true,
  };
}

/** Several containers share a range of ports of this machine; a file that only one may write forbids it. */
function scale({ plan, name, workload }: Deployed): EverydayCommand {
  const port = Object.values(workload.ports)[0]?.publish;
  const title = 'run several containers';
  const compose = composeOn(plan, startingForm(plan));
  if (workload.replicas.max === 1) {
    const why = plan.decisions[workload.replicas.decision]?.why ?? 'only one instance may run';
    return { id: 'scale', title, argv: [], note: `not available: ${why}` };
  }
  if (workload.kept && port) {
    const note = `not available: your compose file publishes ${name} on one fixed port`;
    return { id: 'scale', title, argv: [], note };
  }
  const argv = compose('up', '--detach', '--no-recreate', '--scale', `${name}=2`);
  return port
    ? {
        id: 'scale',
        title,
        argv,
        env: { [port.variable]: `${port.default}-${port.default + 9}` },
        note: 'each container uses a port of the range',
      }
    : { id: 'scale', title, argv };
}

function ofJob({ plan, name, workload }: Deployed): readonly EverydayCommand[] {
  const compose = composeOn(plan, startingForm(plan, [name]));
  return [
    { id: 'build', title: 'build the image', argv: compose('build', name) },
    { id: 'run', title: 'run it once', argv: compose('run', '--rm', '--build', name) },
    ...(workload.scheduler
      ? [
          {
            id: 'schedule',
            title: `run it on schedule (${workload.schedule?.cron ?? ''}, UTC)`,
            argv: compose('--profile', 'schedule', 'up', '--build', '--detach'),
          },
          {
            id: 'logs',
            title: 'show the logs',
            argv: compose('--profile', 'schedule', 'logs', '--tail', '100', schedulerName(name)),
          },
        ]
      : []),
    ...inForm(plan, 'development', (develop) => ({
      id: 'develop',
      title: 'run from source',
      argv: develop('run', '--rm', '--build', name),
    })),
    {
      id: 'down',
      title: 'remove the containers',
      argv: compose('--profile', 'schedule', 'down'),
      note: 'keeps the volumes',
    },
  ];
}

function ofCommand({ plan, name, image }: Deployed): readonly EverydayCommand[] {
  const compose = composeOn(plan, startingForm(plan, [name]));
  return [
    { id: 'build', title: 'build the image', argv: compose('build', name) },
    {
      id: 'run',
      title: 'run it',
      argv: compose('run', '--rm', name, '--help'),
      note: 'replace --help with your own arguments',
    },
    {
      id: 'pipe',
      title: 'pass a file on standard input',
      argv: [
        'docker',
        'run',
        '--rm',
        '--interactive',
        '--init',
        '--read-only',
        '--cap-drop',
        'ALL',
        `${imageName(plan, image)}:local`,
      ],
      note: 'append `< FILE`',
    },
    ...inForm(plan, 'development', (develop) => ({
      id: 'develop',
      title: 'run from source',
      argv: develop('run', '--rm', '--build', name, '--help'),
    })),
    ...(image && image.platforms.length > 1
      ? [
          {
            id: 'platforms',
            title: 'build it for other platforms',
            argv: ['dockwright', 'build', '--platform', ...image.platforms],
            note: 'push the result to a registry, which can hold all platforms',
          },
        ]
      : []),
  ];
}

/** What brings its database up to date, and its tests. */
function testOf({ plan, name, image }: Deployed): readonly EverydayCommand[] {
  const asked = (image ? buildSecretsOf(plan, image) : []).flatMap(({ name: secret, needsConsent }) =>
    needsConsent ? [secret] : [],
  );
  const compose = composeOn(plan, startingForm(plan, [name]));
  const migrate = plan.applications ? `${name}-migrate` : 'migrate';
  return [
    ...(plan.workloads[migrate]
      ? [{ id: 'migrate', title: 'migrate the database', argv: compose('run', '--rm', '--build', migrate) }]
      : []),
    ...(image?.targets.test
      ? [
          {
            id: 'test',
            title: 'run the tests in the image',
            argv: [
              ...['docker', 'build', ...(image.dockerfile === 'Dockerfile' ? [] : ['--file', image.dockerfile])],
              ...['--target', image.targets.test],
              ...image.buildSecrets.flatMap(({ id, env }) => ['--secret', `id=${id},env=${env}`]),
              ...(image.secretFiles ?? []).flatMap(({ id, file }) => ['--secret', `id=${id},src=${file}`]),
              image.context.root,
            ],
            ...(asked.length > 0
              ? { note: `passes the value of ${asked.join(' and ')} from this shell to the build` }
              : {}),
          },
        ]
      : []),
  ];
}

const verifyOf = (only: readonly string[]): readonly EverydayCommand[] => [
  {
    id: 'verify',
    title: 'prove that it works',
    argv: ['dockwright', 'verify', ...(only.length > 0 ? ['--app', only.join(',')] : [])],
  },
];
