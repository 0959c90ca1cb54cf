/** Further processes that the manifest itself names: scripts such as `start:worker`, and what a start script runs beside the application. */
import type { LeftOut } from '../../../model/facts.ts';
import type { Hint } from '../../../model/hint.ts';
import { type App, inData, present } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import type { FurtherProcess } from './commands.ts';
import { scriptsOf } from './follow.ts';

/** `start:worker`, `worker`, `worker:start`, `start-worker:prod`; not `worker:dev` or `build:worker`. */
const named =
  /^(?:(?:start|run|serve)[:-])?(workers?|queues?|consumers?|jobs?|crons?|scheduler|schedule|clock|beat|bot|processor|listener|subscriber|daemon)(?:[:-](?:start|run|work|prod|production)){0,2}$/;
const behind = /^start[:-]([a-z][a-z0-9-]*?)(?:[:-](?:prod|production))?$/;

/** Names behind `start:` that are the application itself, or no process of production. */
const others: ReadonlySet<string> = new Set(
  'prod production dev development debug local watch test e2e staging web server app api docker build inspect hot ci all ssr client frontend ui storybook docs migrate migrations db seed swc ts js cluster pm2 https http preview mock nodemon'.split(
    ' ',
  ),
);

/** Processes by the scripts of the manifest, each as a line that a platform would have. */
export function furtherHints(app: App, toolchain: Toolchain): readonly Hint[] {
  const { manifest } = app;
  if (!manifest) return [];
  const hints = Object.keys(scriptsOf(app)).flatMap((script): Hint[] => {
    const name = nameOf(script);
    const argv = name === undefined ? undefined : toolchain.loadedManager?.script(script, []);
    if (name === undefined || !argv || !isForProduction(app, toolchain, script)) return [];
    const from = [inData(manifest, ['scripts', script], `the script ${script} starts a separate process`)];
    return [{ hint: 'scripts', says: 'process', name, value: argv.join(' '), from }];
  });
  return hints.filter(({ name }, at) => hints.findIndex((other) => other.name === name) === at);
}

function nameOf(script: string): string | undefined {
  const known = named.exec(script)?.[1];
  if (known !== undefined) return known;
  const name = behind.exec(script)?.[1];
  return name === undefined || others.has(name) ? undefined : name;
}

/** Whether a script starts one file of the project, and with nothing that only serves development. */
function isForProduction(app: App, toolchain: Toolchain, script: string): boolean {
  const commands = toolchain.followed(script)?.commands ?? [];
  const started = commands.flatMap((command) =>
    command.dynamic ? [] : (toolchain.loadedRuntime?.starts?.(command.argv, readFile(app)) ?? []),
  );
  return started.length === 1 && started[0]?.dropped.length === 0 && commands.every(({ beside }) => !beside);
}

/** The script that starts the application, and what it runs beside it. */
function besideOf(app: App, toolchain: Toolchain) {
  const script = ['start:prod', 'start:production', 'prod', 'start'].find((value) =>
    Object.hasOwn(scriptsOf(app), value),
  );
  const commands = script === undefined ? [] : (toolchain.followed(script)?.commands ?? []);
  return { script, beside: commands.filter((command) => command.beside || command.told?.apart !== undefined) };
}

/** What a process manager starts beside the application, and no container of it can start. */
export function skippedProcesses(app: App, toolchain: Toolchain): readonly LeftOut[] {
  return besideOf(app, toolchain).beside.flatMap(({ told, argv, dynamic }): LeftOut[] => {
    if (!told || (!dynamic && toolchain.loadedRuntime?.starts?.(argv, readFile(app)))) return [];
    const why =
      told.apart ??
      `\`${argv.join(' ')}\` does not start a file of the application: start it beside the application if you need it`;
    return [{ what: `process ${told.name ?? argv.join(' ')}`, why, from: [...told.from] }];
  });
}

/** What the start script runs beside the application: `concurrently "node server.js" "node worker.js"`. */
export function startedBeside(app: App, toolchain: Toolchain): readonly FurtherProcess[] {
  const { manifest } = app;
  const { script, beside } = besideOf(app, toolchain);
  if (script === undefined || !manifest) return [];
  return beside.flatMap(({ argv, env, dynamic, told }): FurtherProcess[] => {
    const found = dynamic ? undefined : toolchain.loadedRuntime?.starts?.(argv, readFile(app));
    if (!found || found.dropped.length > 0) return [];
    const why = `the script ${script} runs it beside the application`;
    const from = [inData(manifest, ['scripts', script], why), ...(told?.from ?? [])];
    return [{ ...present('name', told?.name), file: found.file, argv: found.argv, env, from }];
  });
}

const readFile = (app: App) => (file: string) => app.project.read(app.path(file));
