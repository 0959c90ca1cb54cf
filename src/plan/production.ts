import { initProgram } from '../catalog/init.ts';
import type { Stage, Step } from '../model/plan.ts';
import { because } from './decide.ts';
import {
  copies,
  type Frame,
  key,
  linked,
  needsInit,
  needsModules,
  ownVariables,
  readsOf,
  signalReason,
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
  return [{ do: 'healthcheck', check: ready.check, decision: ready.decision, note }];
}

function initSteps({ facts }: Frame): Step[] {
  if (!needsInit(facts)) return [];
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
  if (output.kind === 'built')
    return [...modules, linked('build', `/app/${output.folder}`, './', decision), ...copies(reads, read)];
  const manifest = facts.manifest ? [facts.manifest] : [];
  return [...modules, ...copies([...new Set([...manifest, ...facts.sources])], decision), ...copies(reads, read)];
}

function startSteps({ facts, output, decide }: Frame): Step[] {
  const start = decide(key('stages.production.cmd'), {
    choice: output.start.join(' '),
    why: needsInit(facts)
      ? 'the exec form: signals reach the app through the init'
      : 'the exec form: signals reach the app, which handles SIGTERM itself',
    ...signalReason(facts),
  });
  if (needsInit(facts)) {
    return [
      { do: 'entrypoint', argv: [initProgram.to, '--'], decision: key('stages.init') },
      { do: 'cmd', argv: [...output.start], decision: start },
    ];
  }
  const handler = facts.signals.from[0]?.file;
  return [
    {
      do: 'cmd',
      argv: [...output.start],
      decision: start,
      note: `${handler ?? 'the app'} handles SIGTERM, so the server can be process 1`,
    },
  ];
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
