/** Further processes that the manifest itself names: scripts such as `start:worker`, and what a start script runs beside the application. */
import { posix } from 'node:path';
import type { Hint } from '../../../model/hint.ts';
import { type App, inData } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';

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

/** Whether a file is a further process by its name: of several that are started side by side the application is another one. */
export const isFurther = (file: string): boolean =>
  /(?:^|[/._-])(?:workers?|queues?|consumers?|jobs?|crons?|scheduler|schedule|clock|beat|bot|processor|listener|subscriber|daemon)(?:[/._-]|$)/.test(
    file,
  );

/** Processes by the scripts of the manifest, each as a line that a platform would have. */
export function furtherHints(app: App, toolchain: Toolchain): readonly Hint[] {
  const { manifest } = app;
  if (!manifest) return [];
  const hints = Object.keys(scriptsOf(app)).flatMap((script): Hint[] => {
    const name = nameOf(script);
    const argv = name === undefined ? undefined : toolchain.loadedManager?.script(script, []);
    if (name === undefined || !argv || !isForProduction(app, toolchain, script)) return [];
    const from = [inData(manifest, ['scripts', script], `the script ${script} starts a process of its own`)];
    return [{ hint: 'scripts', says: 'process', name, value: argv.join(' '), from }];
  });
  const all = [...hints, ...besideHints(app, toolchain)];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
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
  const started = commands.flatMap((one) =>
    one.dynamic ? [] : (toolchain.loadedRuntime?.starts?.(one.argv, readFile(app)) ?? []),
  );
  return started.length === 1 && started[0]?.dropped.length === 0 && commands.every(({ beside }) => !beside);
}

/** What the start script runs beside the application: `concurrently "node server.js" "node worker.js"`. */
function besideHints(app: App, toolchain: Toolchain): readonly Hint[] {
  const script = ['start:prod', 'start:production', 'prod', 'start'].find((one) => Object.hasOwn(scriptsOf(app), one));
  const { manifest } = app;
  const beside = (script === undefined ? [] : (toolchain.followed(script)?.commands ?? [])).filter(
    (one) => one.beside && !one.dynamic,
  );
  if (script === undefined || !manifest) return [];
  const started = beside.flatMap((one) => {
    const found = toolchain.loadedRuntime?.starts?.(one.argv, readFile(app));
    return found && found.dropped.length === 0 ? [{ one, found }] : [];
  });
  return started.map(({ one, found }): Hint => {
    const settings = Object.entries(one.env).map(([name, value]) => `${name}=${value}`);
    const words = [...settings, ...found.argv];
    const stem = posix.basename(found.file).replace(/\.[cm]?[jt]sx?$/, '');
    const name = stem === 'index' || stem === 'main' ? posix.basename(posix.dirname(found.file)) : stem;
    const from = [inData(manifest, ['scripts', script], `the script ${script} runs it beside the application`)];
    return { hint: 'scripts', says: 'process', name, value: words.join(' '), from };
  });
}

const readFile = (app: App) => (file: string) => app.project.read(app.path(file));
