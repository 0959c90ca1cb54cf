/** Programs that answer no requests: workers of queues, bots, jobs and tools, told apart by what their modules do. */
import { posix } from 'node:path';
import {
  type Expression,
  expressionsOf,
  pathOf,
  type Statement,
  statementsOf,
  valuesIn,
} from '../../formats/python/index.ts';
import type { Archetype } from '../../model/archetype.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { hasModule, importsOf } from './import-roots.ts';
import type { Queue } from './queues.ts';

/** A program of the application, with what kind of application it makes. */
export type Program = {
  readonly argv: readonly string[];
  /** the file that it starts with, relative to the application */
  readonly file: string;
  readonly archetype: Archetype;
  /** it stops gracefully on SIGTERM by itself */
  readonly stops: boolean;
  readonly from: readonly Evidence[];
};

/**
 * The program that starts where no object answers requests, one of `written` before others; undefined: no module starts anything. A module deep in a package that
 * somebody installs starts nothing by a name of its own: its main guard shows what it does.
 */
export function chooseProgram(
  queue: Queue | undefined,
  programs: readonly Program[],
  written: readonly string[],
  isPackage: boolean,
): Program | undefined {
  if (queue)
    return { argv: queue.worker, file: queue.module.file, archetype: 'worker', stops: true, from: [queue.from] };
  const all = programs.filter(
    ({ file }) => !isPackage || file.split('/').length < 3 || usual.includes(posix.basename(file, '.py')),
  );
  return all.find(({ file }) => written.includes(file)) ?? all[0];
}

/** The programs of an application, the likeliest to be meant first. */
export const programsOf = (app: App): readonly Program[] =>
  app.modules
    .flatMap((module) => startingOf(app, module))
    .sort((a, b) => a.rank - b.rank)
    .map(({ program }) => program);

/** Names of files that programs usually begin with, the likeliest first. */
const usual = ['main', 'bot', 'run', 'app', 'worker', 'job', 'cli', '__main__', 'server', 'start', 'serve'];

type Starting = { readonly program: Program; readonly rank: number };

/** What a module starts when Python runs it: what stands below its main guard, or a call that is made at once. */
function startingOf(app: App, module: Module): readonly Starting[] {
  const guard = module.syntax.body.find(isGuard);
  const base = posix.basename(module.file, '.py');
  const at = usual.indexOf(base);
  const staying = stayingAt(app, module);
  const first = guard ?? (at >= 0 || staying ? module.syntax.body.find(isCall) : undefined) ?? staying;
  if (!first) return [];
  const depth = module.file.split('/').length - 1;
  const archetype: Archetype = staying ? 'worker' : takesArguments(module) ? 'cli-tool' : 'data-pipeline';
  const why = staying
    ? `${module.file} starts, opens no port and stays alive`
    : `${module.file} starts, does its work and exits`;
  return [
    {
      rank: depth * 20 + (at === -1 ? usual.length : at) + (guard ? 0 : 10),
      program: {
        argv: ['python', ...startOf(app, module, base)],
        file: module.file,
        archetype,
        stops: false,
        from: [inModule(module, first.start, why)],
      },
    },
  ];
}

/** A module of a package is run by its name, so that what it imports beside it is found; by its path where it imports that without the name of its folder. */
function startOf(app: App, module: Module, base: string): readonly string[] {
  if (importsBeside(app, module)) return [module.file];
  if (base === '__main__') return ['-m', module.name.replace(/\.__main__$/, '')];
  return module.file.includes('/') ? ['-m', module.name] : [module.file];
}

/** Whether a module imports one of its own folder by a name that only that folder has. */
const importsBeside = ({ files }: App, { file, syntax }: Module): boolean =>
  file.includes('/') &&
  importsOf(syntax.body).some(({ level, path }) => {
    const [top = ''] = path.split('.');
    return level === 0 && hasModule(files, `${posix.dirname(file)}/${top}`) && !hasModule(files, top);
  });

/** `if __name__ == '__main__':`, or `in` several such names */
export const isGuard = (statement: Statement): boolean =>
  statement.kind === 'if' &&
  statement.branches.some(
    ({ test }) =>
      test?.kind === 'binary' &&
      [test.left, test.right].some((side) => side.kind === 'name' && side.name === '__name__') &&
      [test.left, test.right].some((side) =>
        valuesIn(side).some((value) => value.kind === 'text' && value.value === '__main__'),
      ),
  );

const isCall = (statement: Statement): boolean =>
  statement.kind === 'other' && statement.body.length === 0 && statement.values[0]?.kind === 'call';

/** Calls that go on until the program is stopped, by the last part of their names. */
const staying = new Set(
  'run_polling start_polling infinity_polling polling run_forever serve_forever start_consuming run_until_disconnected run_pending'.split(
    ' ',
  ),
);

/** Those that wait for what comes from elsewhere: a loop that only runs is none. */
const polling = new Set([...staying].filter((name) => !['run_forever', 'serve_forever', 'run_pending'].includes(name)));

/** Libraries whose clients stay connected when they are run. */
const connected =
  /^(discord|disnake|nextcord|interactions|hikari|pyrogram|telethon|slack_bolt|mastodon|irc|nats|paho)(\.|$)/;

/** Schedulers that keep the program alive. */
const scheduler = /(^|\.)BlockingScheduler$/;

/** Whether a module waits for what comes from elsewhere: a bot, or a consumer. */
export function polls(module: Module): boolean {
  const waits = waiting(module, polling);
  return expressionsOf(module.syntax.body).some(waits);
}

/** Whether a call of a module is one of those, or runs a client that stays connected. */
function waiting(module: Module, calls: ReadonlySet<string>): (value: Expression) => boolean {
  const isConnected = [...module.names.values()].some((name) => connected.test(name));
  return (value) => {
    if (value.kind !== 'call') return false;
    const { callee } = value;
    if (callee.kind === 'name') return calls.has(callee.name);
    if (callee.kind !== 'attribute') return false;
    return calls.has(callee.name) || (isConnected && ['run', 'start'].includes(callee.name));
  };
}

/** Where a module waits for what comes, or repeats without an end. */
function stayingAt(app: App, module: Module): Statement | undefined {
  const waits = waiting(module, staying);
  return statementsOf(module.syntax.body).find(
    (statement) =>
      isEndless(statement) ||
      expressionsOf([statement]).some(
        (value) =>
          waits(value) || (value.kind === 'call' && scheduler.test(resolve(app, module, pathOf(value.callee) ?? ''))),
      ),
  );
}

/** `while True:` */
const isEndless = ({ kind, ...statement }: Statement): boolean =>
  kind === 'other' &&
  'values' in statement &&
  statement.body.length > 0 &&
  statement.values[0]?.kind === 'boolean' &&
  statement.values[0].value;

/** Whether a module reads the words of its command line. */
const takesArguments = (module: Module): boolean =>
  [...module.names.values()].some((name) => /^(argparse|click|typer|fire|docopt)(\.|$)/.test(name));
