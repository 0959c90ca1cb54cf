import type { Generation, Plan } from '../../index.ts';
import { mainWorkloads, routeOf } from '../../model/applications.ts';
import { composeArguments, type Form, hasForm, startingForm, valuesPath } from '../../model/compose-arguments.ts';
import { localUrl } from '../../model/local-url.ts';
import { style, symbols } from '../terminal.ts';

/** What is started first: the application, by the name of its service; of several one that runs on. */
function mainOf(plan: Plan) {
  const all = Object.entries(plan.workloads);
  const running = all.find(([, { shape }]) => ['service', 'site', 'worker'].includes(shape));
  return (plan.applications ? running : undefined) ?? all[0] ?? [];
}

/** Whether packages are built before the application: an edit in them is another image. */
const isWatched = ({ workloads }: Plan): boolean =>
  Object.values(workloads).some(({ development }) => development?.rebuilt !== undefined);

/** The start of a command of compose on the files of a form. */
const composeOf = (plan: Plan, form: Form | undefined): string =>
  ['docker compose', ...composeArguments(plan, form)].join(' ');

/** How it is started, by what it is. */
function startOf(plan: Plan, folder: string): string {
  const [name = 'app', workload] = mainOf(plan);
  const shape = workload?.shape;
  const compose = folder ? `docker compose${folder}` : composeOf(plan, startingForm(plan));
  if (shape === 'command') return `${compose} run --rm --build ${name} --help`;
  return shape === 'job' || shape === 'schedule'
    ? `${compose} run --rm --build ${name}`
    : `${compose} up --build --wait`;
}

/** A library is published, not deployed. */
const published = ({ context }: Generation, written: readonly string[], steps: readonly string[]): string[] => [
  style.bold(written.length > 0 ? 'Written' : 'Nothing to change'),
  ...written.map((path) => `  ${style.good(symbols.good)} ${path}`),
  '',
  style.bold(`To publish ${context.facts.title.value}`),
  ...steps.map((step, index) => `  ${index + 1}. ${step}`),
];

/** What is left to do for a file of settings that a compose file of the author reads. */
function envFileStep(
  { path, place, example, rows }: NonNullable<NonNullable<Generation['env']>['files']>[number],
  isWritten: boolean,
): string[] {
  const open = Object.entries(rows).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (isWritten) return open.length > 0 ? [`set the empty variables in ${path}: ${open.join(', ')}`] : [];
  const names = Object.keys(rows);
  const made = example === undefined ? `create ${path}` : `copy ${example} to ${path}`;
  const set = names.length === 0 || example !== undefined ? '' : ` with ${names.join(', ')}`;
  return [`${made}${set}: ${place} reads it, and no container starts without it`];
}

/** A password that is made again, where an earlier run made one: a volume of before keeps the old one, and lets nobody else in. */
function keptVolumeSteps({ context, env, last }: Generation): string[] {
  if (last.size === 0 || !env) return [];
  return Object.entries(context.plan.services).flatMap(([name, { volume, env: own }]) => {
    const secrets = Object.values(own).flatMap(({ value, secret }) =>
      secret && value.from === 'user' && env.fills.includes(value.variable) ? [value.variable] : [],
    );
    return volume && secrets.length > 0
      ? [
          `${secrets.join(', ')} is new, but an existing volume ${volume.name} keeps the password that ${name} was created with. Put that password into .env, or remove the volume and its data (docker compose down --volumes)`,
        ]
      : [];
  });
}

/** Files that only whoever deploys has, and that are not there. */
const ownFileSteps = ({ context, folder }: Generation): string[] =>
  Object.values(context.plan.secrets).flatMap(({ file, target }) =>
    file && target !== undefined && !folder.isTaken(file)
      ? [`put your own ${file} in place: the app reads it, and Git ignores it`]
      : [],
  );

/** How it is asked once it runs: of several applications each that has a port; and how what ends is run beside them. */
function askSteps(plan: Plan): string[] {
  const [main] = mainOf(plan);
  const apps = plan.applications ? mainWorkloads(plan) : [main ?? ''];
  const isRunning = ['service', 'site', 'worker'].includes(plan.workloads[main ?? '']?.shape ?? '');
  return apps.flatMap((name) => {
    const workload = plan.workloads[name];
    const [port] = Object.values(workload?.ports ?? {});
    if (port?.publish) {
      const path = routeOf(plan, name, 'ready')?.path ?? workload?.probes.ready?.path ?? '/';
      return [`curl ${port.https ? '--insecure ' : ''}${localUrl(port, port.publish.default, path)}`];
    }
    const isRun = name !== main && isRunning && ['job', 'schedule'].includes(workload?.shape ?? '');
    return isRun ? [`${composeOf(plan, startingForm(plan, [name]))} run --rm --build ${name}`] : [];
  });
}

/** What is left for the owner to set: in the file that was written, where one was. */
const settingStep = (names: readonly string[], written: string | undefined): string =>
  written === undefined
    ? `copy .env.example to .env and set ${names.join(', ')}`
    : `set the values that only you know, in ${written}: ${names.join(', ')}`;

/** What became of a write that was interrupted; undefined: none was. */
const interruptedOf = ({ folder: { interrupted } }: Generation): string | undefined =>
  interrupted && `the interrupted write was ${interrupted.outcome}`;

/** What was done, how far it is proved, and what comes next: only what is true of this project. */
export function summary(
  generation: Generation,
  written: readonly string[],
  consent: { readonly env: boolean },
): string[] {
  const { context, env, options } = generation;
  const { plan, specification } = context;
  const recovered = interruptedOf(generation);
  const good = (text: string) => `  ${style.good(symbols.good)} ${text}`;
  const bad = (text: string) => `  ${style.warn(symbols.skip)} ${text}`;
  const proof = (title: string, status: string, why: string) =>
    status === 'verified' ? [good(`${title}: ${why}`)] : status === 'absent' ? [] : [bad(`${title}: ${why}`)];
  const [name = 'app', main] = mainOf(plan);
  const runsOn = ['service', 'site', 'worker'].includes(main?.shape ?? '');
  const filled = env === undefined || (consent.env && env.leaves.length === 0);
  const missing = env && !consent.env ? [...env.fills, ...env.leaves] : (env?.leaves ?? []);
  const folder = options.output ? ` --project-directory ${context.root} -f ${options.output}/${plan.compose.file}` : '';
  if (Object.keys(plan.workloads).length === 0 && !plan.publish) return [style.bold('Nothing was added')];
  if (plan.publish) return published(generation, written, plan.publish.steps);
  const steps = [
    ...(generation.unset.length > 0 ? [`set ${generation.unset.join(', ')} in ${valuesPath(plan)}`] : []),
    ...(env && !consent.env
      ? Object.entries(env.secrets).map(([name, file]) => `put the value of ${name} into ${file}`)
      : []),
    ...ownFileSteps(generation),
    ...(consent.env ? keptVolumeSteps(generation) : []),
    ...(env?.files ?? []).flatMap((file) => envFileStep(file, consent.env)),
    ...(filled || missing.length === 0 ? [] : [settingStep(missing, consent.env ? env?.path : undefined)]),
    startOf(plan, folder),
    ...askSteps(plan),
    'dockwright build, then dockwright verify: measure the image, and prove that it works',
  ];
  return [
    style.bold('Written'),
    ...(written.length > 0 ? written : [recovered ?? '.dockwright: the record of this run, for the next one']).map(
      good,
    ),
    '',
    style.bold('Verification'),
    ...(specification
      ? [
          ...(specification.confirmed === specification.counted
            ? [good(`${specification.confirmed} of ${specification.counted} assertions confirmed`)]
            : [bad(`${specification.confirmed} of ${specification.counted} assertions confirmed`)]),
          ...proof('Dafny', specification.dafny.status, specification.dafny.why),
          ...proof('TLC', specification.tlc.status, specification.tlc.why),
        ]
      : [bad('no specification, so the image labels claim nothing')]),
    bad('nothing has been built or started yet'),
    '',
    style.bold('Next'),
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    ...(!hasForm(plan, 'development')
      ? []
      : [
          `  development: ${folder ? `docker compose${folder}` : composeOf(plan, 'development')} ${runsOn ? `up --build${isWatched(plan) ? ' --watch' : ''}` : `run --rm --build ${name}`}`,
        ]),
  ];
}
