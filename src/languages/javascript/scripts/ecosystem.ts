/**
 * The file that tells pm2 what to start (`ecosystem.config.js`, `process.json`: pm2.keymetrics.io, "Ecosystem File"): its programs with their
 * arguments, interpreters and variables. Nothing of it is run; what is no plain text in it is left out.
 */
import { posix } from 'node:path';
import { literalValue, type Node, nodesOf, property, resolve, type Source } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { isTable, readData } from '../../../project/data.ts';
import { readSource } from '../../../project/source.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { type App, inSource } from '../app.ts';
import { isWorkerName } from './worker-name.ts';

/** A program that the process manager starts. */
export type ManagedProgram = {
  readonly name?: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** why nobody can start it in a container as it is */
  readonly apart?: string;
  readonly from: readonly Evidence[];
};

type Entry = {
  readonly text: (key: string) => string | undefined;
  readonly words: (key: string) => readonly string[];
  readonly env: (key: string) => Readonly<Record<string, string>>;
  readonly from: readonly Evidence[];
};

/** What a command line of pm2 starts, the application first; undefined: it is none that a file tells, and nothing that hands over to a package manager. */
export function toldPrograms(app: App, argv: readonly string[]): readonly ManagedProgram[] | undefined {
  const [program = '', ...words] = argv;
  if (!['pm2', 'pm2-runtime', 'pm2-docker'].includes(program)) return undefined;
  const isVerb = starting.has(words[0] ?? '');
  if (program === 'pm2' && !isVerb) return undefined;
  const rest = isVerb ? words.slice(1) : words;
  const [first = ''] = rest;
  const behind = rest.indexOf('--');
  if (managers.some(({ name }) => name === first) && behind !== -1)
    return [{ argv: [first, ...rest.slice(behind + 1)], env: {}, from: [] }];
  const file = rest.find((word) => /\.(json|config\.[cm]?js)$/.test(word));
  const entries = file === undefined ? undefined : entriesOf(app, file);
  if (!entries) return undefined;
  const mode = flag(rest, '--env');
  const only = flag(rest, '--only')?.split(',');
  const told = entries
    .filter((entry) => !only || only.includes(entry.text('name') ?? ''))
    .flatMap((entry) => toldOf(entry, mode) ?? []);
  return applicationFirst(told);
}

/** Verbs that start what a file names. */
const starting: ReadonlySet<string> = new Set(
  'start restart reload startOrRestart startOrReload startOrGracefulReload'.split(' '),
);

const flag = (words: readonly string[], name: string): string | undefined => {
  const at = words.indexOf(name);
  return at === -1 ? words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) : words[at + 1];
};

/** The application is the first that is no further process by its name or its file. */
function applicationFirst(told: readonly ManagedProgram[]): readonly ManagedProgram[] {
  const main =
    told.find(({ name, argv, apart }) => !apart && !isWorkerName(name ?? '') && !argv.some(isWorkerName)) ??
    told.find(({ apart }) => !apart);
  return main ? [main, ...told.filter((managedProgram) => managedProgram !== main)] : told;
}

function toldOf(entry: Entry, mode: string | undefined): ManagedProgram | undefined {
  const script = entry.text('script');
  if (script === undefined) return undefined;
  const name = entry.text('name');
  const env = { ...entry.env('env'), ...(mode === undefined ? {} : entry.env(`env_${mode}`)) };
  const apart = apartOf(entry);
  return {
    ...(name === undefined ? {} : { name }),
    argv: [...startOf(entry, script), ...entry.words('args')],
    env,
    ...(apart === undefined ? {} : { apart }),
    from: entry.from,
  };
}

/** The interpreter and the file; a package manager, and what has no interpreter, start by themselves. */
function startOf(entry: Entry, script: string): readonly string[] {
  const interpreterName = entry.text('interpreter') ?? entry.text('exec_interpreter');
  const flags = [...entry.words('node_args'), ...entry.words('interpreter_args')];
  const isFile = /\.[cm]?[jt]sx?$/.test(script) || /[/\\]/.test(script);
  if (
    interpreterName === 'none' ||
    managers.some(({ name }) => name === script) ||
    (!isFile && interpreterName === undefined)
  )
    return [script];
  const interpreter = interpreterName ?? runtimes.find(({ isDefault }) => isDefault)?.name ?? '';
  const named = posix.basename(interpreter);
  return [runtimes.some(({ name }) => name === named) ? named : interpreter, ...flags, script];
}

function apartOf(entry: Entry): string | undefined {
  const cron = entry.text('cron_restart');
  if (cron !== undefined)
    return `it is restarted on the schedule ${cron}: start it with the scheduler of your platform`;
  const folder = entry.text('cwd');
  const isElsewhere = folder !== undefined && posix.normalize(`${folder}/`) !== './';
  return isElsewhere ? `it runs in the folder ${folder}: deploy that as a separate application` : undefined;
}

/** The programs that a file names; undefined: it is not there, or names none. */
function entriesOf(app: App, file: string): readonly Entry[] | undefined {
  const path = app.path(file);
  if (!app.project.has(path)) return undefined;
  const entries = file.endsWith('.json') ? ofData(app, path) : ofSource(app, path);
  return entries.length > 0 ? entries : undefined;
}

function ofData(app: App, path: string): readonly Entry[] {
  const data = readData(app.project, path);
  const apps = data?.at(['apps']);
  const whole = data?.at([]);
  const rows = Array.isArray(apps) ? apps : Array.isArray(whole) ? whole : [apps ?? whole];
  return rows.filter(isTable).map((row): Entry => {
    const line = Array.isArray(apps) ? data?.line(['apps', rows.indexOf(row)]) : undefined;
    return {
      text: (key) => plain(row[key]),
      words: (key) => wordsOf(Array.isArray(row[key]) ? row[key].map(plain) : plain(row[key])),
      env: (key) =>
        texts(Object.entries(isTable(row[key]) ? row[key] : {}).map(([name, value]) => [name, plain(value)])),
      from: [{ file: path, ...(line === undefined ? {} : { line }), why: 'the process manager starts it' }],
    };
  });
}

function ofSource(app: App, path: string): readonly Entry[] {
  const source = readSource(app.project, path);
  if (!source) return [];
  return nodesOf(source.program, 'ObjectExpression')
    .filter((object) => property(object, 'script') !== undefined)
    .map((object) => entryOf(source, object));
}

function entryOf(source: Source, object: Node): Entry {
  const value = (key: string) => {
    const node = property(object, key);
    return node && resolve(source, node);
  };
  const literal = (node: Node | undefined) => (node ? plain(literalValue(source, node)) : undefined);
  return {
    text: (key) => literal(value(key)),
    words: (key) => {
      const node = value(key);
      if (node?.type !== 'ArrayExpression') return wordsOf(literal(node));
      return wordsOf(
        node.elements.map((element) => (element && element.type !== 'SpreadElement' ? literal(element) : undefined)),
      );
    },
    env: (key) => {
      const node = value(key);
      if (node?.type !== 'ObjectExpression') return {};
      const rows = node.properties.flatMap((item): [string, string | undefined][] => {
        if (item.type !== 'Property' || item.computed) return [];
        const name = item.key.type === 'Identifier' ? item.key.name : literal(item.key);
        return name === undefined ? [] : [[name, literal(item.value)]];
      });
      return texts(rows);
    },
    from: [inSource(source, object.start, 'the process manager starts it')],
  };
}

const plain = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

const wordsOf = (value: string | undefined | readonly (string | undefined)[]): readonly string[] =>
  typeof value === 'string'
    ? value.split(' ').filter((word) => word !== '')
    : (value ?? []).flatMap((text) => text ?? []);

const texts = (rows: readonly (readonly [string, string | undefined])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
