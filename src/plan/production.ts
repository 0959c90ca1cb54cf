import { posix } from 'node:path';
import { initProgram } from '../catalog/init.ts';
import type { Stage, Step } from '../model/plan.ts';
import { because } from './decide.ts';
import {
  bringsInit,
  copies,
  type Frame,
  key,
  linked,
  needsInit,
  needsModules,
  ownVariables,
  readsOf,
  signalReason,
  systemSteps,
  writableSteps,
} from './frame.ts';

/** The stage that ships. */
export function productionStage(frame: Frame): Stage {
  const { base, decide, facts, stacks } = frame;
  const decision = decide(key('stages.production'), { choice: base.image, why: base.why, by: base.by });
  const workdir = decide(key('stages.production.workdir'), {
    choice: '/app',
    why: 'the folder that relative paths of the app start from',
  });
  const user = decide(key('stages.production.user'), {
    choice: `${base.uid}:${base.gid}`,
    why: 'not root; as a number, so that Kubernetes can see that it is not 0',
  });
  const values = { ...stacks.runtime.production, ...ownVariables(facts) };
  const env = decide(key('stages.production.env'), {
    choice: Object.keys(values).join(', '),
    why: 'what production sets by itself',
    ...(facts.port && 'value' in facts.port ? because(facts.port) : {}),
  });
  const steps: Step[] = [
    { do: 'workdir', path: '/app', decision: workdir },
    ...(base.shell ? systemSteps(frame, 'production') : []),
    ...base.brings.map((file) => linked('base', file.source, file.to, decision)),
    ...initSteps(frame),
    ...contents(frame),
    ...writableSteps(frame),
    { do: 'env', values, decision: env },
    {
      do: 'user',
      uid: base.uid,
      gid: base.gid,
      decision: user,
      note: 'not root; as a number, so that Kubernetes can see that it is not 0',
    },
    ...exposeSteps(frame),
    ...checkSteps(frame),
    ...startSteps(frame),
    ...labelSteps(frame),
  ];
  return { name: 'production', from: { image: base.image }, steps, decision };
}

function exposeSteps({ facts, decide }: Frame): Step[] {
  const port = facts.port;
  if (!port || !('value' in port)) return [];
  const { number } = port.value;
  const decision = decide(key('stages.production.expose'), {
    choice: String(number),
    why: 'the port that the app listens on',
    ...because(port),
  });
  return [{ do: 'expose', port: number, decision }];
}

function checkSteps({ probes, base }: Frame): Step[] {
  const { ready } = probes;
  if (!ready?.check) return [];
  const note = base.shell
    ? 'the runtime asks itself: the image has no curl'
    : 'the image has no shell and no curl: the runtime asks itself';
  return [
    {
      do: 'healthcheck',
      check: { ...ready.check, argv: inside(base, ready.check.argv) },
      decision: ready.decision,
      note,
    },
  ];
}

function initSteps(frame: Frame): Step[] {
  if (!bringsInit(frame)) return [];
  return [linked('init', initProgram.path, initProgram.to, key('stages.init'))];
}

/** What the process is made of: the build's output, or the source with its modules; and the files that it reads. */
function contents(frame: Frame): Step[] {
  const { output, facts, decide } = frame;
  const decision = decide(key('stages.production.contents'), {
    choice: output.kind === 'built' ? `the contents of ${output.folder}` : 'the source',
    why: output.why,
  });
  const reads = readsOf(frame);
  const read =
    reads.length === 0
      ? decision
      : decide(key('stages.production.reads'), {
          choice: reads.join(', '),
          why: 'the running app reads them',
          from: facts.reads.flatMap((one) => one.from),
        });
  const modules = needsModules(frame) ? [linked('modules', '/app/node_modules', './node_modules', decision)] : [];
  const manifest = facts.manifest ? [facts.manifest] : [];
  if (output.kind === 'built') {
    const { folder, keeps } = output;
    const own = keeps ? copies(manifest, decision) : [];
    return [
      ...modules,
      ...own,
      linked('build', `/app/${folder}`, keeps ? `./${folder}` : './', decision),
      ...copies(reads, read),
    ];
  }
  const sources = [...new Set([...manifest, ...facts.sources])];
  // what the project's own scripts have made lies among the sources
  if (frame.generates.length > 0)
    return [
      ...modules,
      ...sources.map((path) => linked('build', `/app/${path}`, `./${path}`, decision)),
      ...copies(reads, read),
    ];
  return [...modules, ...copies(sources, decision), ...copies(reads, read)];
}

/** The start command in a base: one that has the runtime as its entrypoint is given the arguments alone. */
function startIn(
  base: Frame['base'],
  argv: readonly string[],
): { readonly entrypoint: readonly string[]; readonly argv: readonly string[] } {
  const { program } = base;
  if (program === undefined || posix.basename(program) !== argv[0]) return { entrypoint: [], argv };
  return { entrypoint: [program], argv: argv.slice(1) };
}

/** A command that runs inside a container of a base: the runtime by its path, where the PATH does not lead to it. */
export const inside = (base: Frame['base'], argv: readonly string[]): string[] =>
  base.program !== undefined && posix.basename(base.program) === argv[0] ? [base.program, ...argv.slice(1)] : [...argv];

function startSteps(frame: Frame): Step[] {
  const { facts, output, base, decide } = frame;
  if (frame.shape === 'command') return commandSteps(frame);
  const signals = signalReason(facts);
  const script = 'value' in facts.commands.start ? facts.commands.start.value.script : undefined;
  const start = decide(key('stages.production.cmd'), {
    choice: output.start.join(' '),
    why: `${script === undefined ? 'the exec form' : `from the script ${script}, in the exec form`}: signals reach the app${
      needsInit(facts) ? ' through the init' : ', which handles SIGTERM itself'
    }`,
    ...signals,
    from: [...('value' in facts.commands.start ? facts.commands.start.from : []), ...signals.from],
  });
  // where the runtime is the entrypoint of the base, the command is what comes behind it
  const { entrypoint, argv } = startIn(base, output.start);
  if (bringsInit(frame)) {
    return [
      { do: 'entrypoint', argv: [initProgram.to, '--', ...entrypoint], decision: key('stages.init') },
      { do: 'cmd', argv: [...argv], decision: start },
    ];
  }
  const [from] = facts.signals.from;
  // a program of a package that starts the app is named by the script alone
  const handler = from?.file === facts.manifest ? 'what starts the app' : from?.file;
  return [
    {
      do: 'cmd',
      argv: [...argv],
      decision: start,
      note: `${handler ?? 'the app'} handles SIGTERM, so the server can be process 1`,
    },
  ];
}

/** A command is the entrypoint: what stands behind the name of the image are its arguments. */
function commandSteps({ output, base, decide }: Frame): Step[] {
  const argv = inside(base, output.start);
  const decision = decide(key('stages.production.entrypoint'), {
    choice: argv.join(' '),
    why: 'what stands behind the name of the image are its arguments; standard input and exit code are its own',
  });
  return [{ do: 'entrypoint', argv, decision }];
}

function labelSteps({ labels, specification, decide }: Frame): Step[] {
  const decision = decide(key('labels'), {
    choice: Object.keys(labels).join(', '),
    why: specification ? 'what the image is, and how far its specification is proved' : 'what the image is',
    from: specification ? [{ file: specification.file, why: specification.summary }] : [],
    assertions: specification?.assertions ?? [],
  });
  const revision = decide(key('labels.revision'), {
    choice: 'a build argument',
    why: 'it belongs to the moment: `dockwright build` sets it to the commit',
  });
  return [
    { do: 'label', values: { ...labels }, decision },
    {
      do: 'arg',
      name: 'REVISION',
      default: 'unknown',
      decision: revision,
      note: '`dockwright build` sets it to the commit; last, because it changes with each',
    },
    { do: 'label', values: { 'org.opencontainers.image.revision': '$REVISION' }, decision: revision },
  ];
}
