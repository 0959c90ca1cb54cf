import { posix } from 'node:path';
import { initProgram } from '../catalog/init.ts';
import { webServer } from '../catalog/web.ts';
import { foldersOf } from '../model/folders.ts';
import { evidenceOf } from '../model/known.ts';
import type { Stage, Step } from '../model/plan.ts';
import type { ProductionBase, Recipe } from '../model/recipe.ts';
import {
  bringsInit,
  type ImageContext,
  needsInit,
  ownVariables,
  signalReason,
  systemSteps,
  volumesOf,
  writableSteps,
} from './context.ts';
import { key, stepsOf } from './execute.ts';

const numericUser = 'not root; numeric, so that Kubernetes can tell that it is not 0';

/** The stage that ships. */
export function productionStage(context: ImageContext): Stage {
  const { decide, recipe } = context;
  const { base, lacking, contents } = recipe.production;
  const decision = decide(key('stages.production'), { choice: base.image, why: base.why, by: base.by });
  const user = decide(key('stages.production.user'), { choice: `${base.uid}:${base.gid}`, why: numericUser });
  const steps: Step[] = [
    ...folderSteps(context),
    ...(base.shell ? systemSteps(context, 'production', 'both') : []),
    ...stepsOf('production', lacking, decision, decide),
    ...initSteps(context),
    ...stepsOf('production', contents, decision, decide).map((step) => ownedWhereWritten(context, step)),
    ...writableSteps(context),
    ...variableSteps(context),
    { do: 'user', uid: base.uid, gid: base.gid, decision: user, note: numericUser },
    ...exposeSteps(context),
    ...checkSteps(context),
    ...startSteps(context),
    ...labelSteps(context),
  ];
  return { name: 'production', from: { image: base.image }, steps, decision };
}

/** What ships into a folder that the app writes belongs to the user that it runs as: a new volume takes its files over with their owners. */
function ownedWhereWritten(context: ImageContext, step: Step): Step {
  if (step.do !== 'copy' || step.from !== undefined || step.chown !== undefined) return step;
  const to = posix.resolve(foldersOf(context.facts).image, step.to);
  const { uid, gid } = context.recipe.production.base;
  const isWritten = volumesOf(context).some(({ path }) => to === path || to.startsWith(`${path}/`));
  return isWritten ? { ...step, chown: `${uid}:${gid}` } : step;
}

function folderSteps({ recipe, decide }: ImageContext): Step[] {
  const { folder } = recipe.production;
  if (folder === undefined) return [];
  const why = 'relative paths of the app start from this folder';
  return [{ do: 'workdir', path: folder, decision: decide(key('stages.production.workdir'), { choice: folder, why }) }];
}

function variableSteps({ facts, recipe, decide }: ImageContext): Step[] {
  const values = { ...recipe.production.env, ...ownVariables(facts) };
  if (Object.keys(values).length === 0) return [];
  const decision = decide(key('stages.production.env'), {
    choice: Object.keys(values).join(', '),
    why: 'defaults for production',
    ...(facts.port && 'value' in facts.port ? evidenceOf(facts.port) : {}),
  });
  return [{ do: 'env', values, decision }];
}

function exposeSteps({ facts, decide }: ImageContext): Step[] {
  const { port } = facts;
  if (!port || !('value' in port)) return [];
  const { number } = port.value;
  const decision = decide(key('stages.production.expose'), {
    choice: String(number),
    why: 'the port that the app listens on',
    ...evidenceOf(port),
  });
  const others = (facts.otherPorts ?? []).map((other) => ({
    do: 'expose' as const,
    port: other.value.number,
    decision: decide(key(`stages.production.expose.${other.value.number}`), {
      choice: String(other.value.number),
      why: other.value.inside ? `the app also listens there, for ${other.value.inside}` : 'the app also listens there',
      ...evidenceOf(other),
    }),
  }));
  return [{ do: 'expose', port: number, decision }, ...others];
}

function checkSteps({ probes, recipe }: ImageContext): Step[] {
  const { ready } = probes;
  const { base, probes: asking } = recipe.production;
  if (!ready?.check || sharesImage(recipe)) return [];
  const note = ready.note ?? asking.note;
  return [
    {
      do: 'healthcheck',
      check: { ...ready.check, argv: inside(base, ready.check.argv) },
      decision: ready.decision,
      ...(note === undefined ? {} : { note }),
    },
  ];
}

/** Whether other processes run the same image: a check in it would ask them too, and one that is switched off stops `docker compose up --wait`. */
export const sharesImage = ({ production: { processes = [] } }: Recipe): boolean => processes.length > 0;

function initSteps(context: ImageContext): Step[] {
  if (!bringsInit(context)) return [];
  const { path, to } = initProgram;
  return [{ do: 'copy', from: 'init', sources: [path], to, link: true, decision: key('stages.init') }];
}

/** What a container of the image is told to run in the place of its own command: what comes behind the entrypoint, where there is one. */
export const commandIn = (base: ProductionBase, argv: readonly string[]): string[] => [...startIn(base, argv).argv];

/** The start command in a base: one that has the runtime as its entrypoint is given the arguments alone. */
function startIn(
  { program }: ProductionBase,
  argv: readonly string[],
): { readonly entrypoint: readonly string[]; readonly argv: readonly string[] } {
  if (program === undefined || posix.basename(program) !== argv[0]) return { entrypoint: [], argv };
  return { entrypoint: [program], argv: argv.slice(1) };
}

/** A command that runs inside a container of a base: the runtime by its path, where the PATH does not lead to it. */
export const inside = ({ program }: ProductionBase, argv: readonly string[]): string[] =>
  program !== undefined && posix.basename(program) === argv[0] ? [program, ...argv.slice(1)] : [...argv];

/** The start of a web server whose files get values first: a process that takes its place. */
function fillingSteps({ recipe, decide }: ImageContext): Step[] {
  if (!recipe.production.server?.files.values) return [];
  const argv = [webServer.filling, ...webServer.start];
  const why = 'the script writes the values into the files of the site, then the server replaces it';
  const decision = decide(key('stages.production.cmd'), { choice: argv.join(' '), why, by: 'config' });
  return [{ do: 'cmd', argv, decision, note: 'fills in the values, then runs the server' }];
}

function startSteps(context: ImageContext): Step[] {
  const { facts, recipe, decide } = context;
  const { base, start } = recipe.production;
  if (start === undefined) return fillingSteps(context);
  if (context.shape === 'command') return commandSteps(context, inside(base, start));
  const signals = signalReason(facts);
  const { start: command } = facts.commands;
  const script = 'value' in command ? command.value.script : undefined;
  const decision = decide(key('stages.production.cmd'), {
    choice: start.join(' '),
    why: `${script === undefined ? 'the exec form' : `from the script ${script}, in the exec form`}: signals reach the app${
      needsInit(facts) ? ' through the init' : ', which handles SIGTERM itself'
    }`,
    ...signals,
    from: [...('value' in command ? command.from : []), ...signals.from],
  });
  // where the runtime is the entrypoint of the base, the command is what comes behind it
  const { entrypoint, argv } = startIn(base, start);
  if (bringsInit(context)) {
    return [
      { do: 'entrypoint', argv: [initProgram.to, '--', ...entrypoint], decision: key('stages.init') },
      { do: 'cmd', argv: [...argv], decision },
    ];
  }
  const [from] = facts.signals.from;
  // a program of a package that starts the app is named by the script alone
  const handler = from?.file === facts.manifest ? 'the program that starts the app' : from?.file;
  const note = `${handler ?? 'the app'} handles SIGTERM, so the server can run as PID 1`;
  return [{ do: 'cmd', argv: [...argv], decision, note }];
}

/** A command is the entrypoint: what stands behind the name of the image are its arguments. */
function commandSteps({ decide }: ImageContext, argv: readonly string[]): Step[] {
  const decision = decide(key('stages.production.entrypoint'), {
    choice: argv.join(' '),
    why: 'words after the image name become its arguments; standard input and the exit code are passed through',
  });
  return [{ do: 'entrypoint', argv: [...argv], decision }];
}

function labelSteps({ labels, specification, decide }: ImageContext): Step[] {
  const decision = decide(key('labels'), {
    choice: Object.keys(labels).join(', '),
    why: specification ? 'describes the image, and how far its specification is proved' : 'describes the image',
    from: specification ? [{ file: specification.file, why: specification.summary }] : [],
    assertions: specification?.assertions ?? [],
  });
  const revision = decide(key('labels.revision'), {
    choice: 'a build argument',
    why: '`dockwright build` sets it to the commit',
  });
  return [
    { do: 'label', values: { ...labels }, decision },
    {
      do: 'arg',
      name: 'REVISION',
      default: 'unknown',
      decision: revision,
      note: '`dockwright build` sets it to the commit; kept last, because it changes with every commit',
    },
    { do: 'label', values: { 'org.opencontainers.image.revision': '$REVISION' }, decision: revision },
  ];
}
