import { posix } from 'node:path';
import { callOf, dottedName, fieldsOf, type GoNode, nodesIn, stringOf } from '../../formats/go/index.ts';
import type { Archetype } from '../../model/archetype.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { Project } from '../../project/project.ts';
import { goBots, goCommandLines, goFileDatabases, goServers, isOfModule } from '../../stacks/go.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Listening } from './listening.ts';
import { type GoProgram, inGo } from './program.ts';
import { textOf, type Value } from './value.ts';

/** Signals that the program asks to be told of: without any in the call, all of them. */
export function readSignals({ calls }: Evaluation): Facts['signals'] {
  const found = ['Notify', 'NotifyContext'].flatMap((name) => calls.get(name) ?? []);
  const all = found.flatMap(({ node, file }) => {
    const call = callOf(node);
    if (call?.name !== 'signal.Notify' && call?.name !== 'signal.NotifyContext') return [];
    const names = call.args.slice(1).map((arg) => dottedName(arg)?.split('.').at(-1) ?? '');
    const signals =
      names.length === 0 ? ['SIGINT', 'SIGTERM'] : names.map((name) => (name === 'Interrupt' ? 'SIGINT' : name));
    return [{ signals, from: inGo(file, node, `it handles ${signals.join(', ')}`) }];
  });
  return detected(
    [...new Set(all.flatMap(({ signals }) => signals))].filter((name) => name.startsWith('SIG')).sort(),
    all.map(({ from }) => from),
  );
}

/** Servers and routers that the program imports. */
export function readFrameworks({ packages }: GoProgram): Facts['frameworks'] {
  const used = goServers.flatMap(({ module, name }) => {
    const found = packages.find(({ path }) => isOfModule(path, module));
    return found ? [detected(name, [found.from])] : [];
  });
  return used.slice(0, 1);
}

/** What is deployed: by where it listens, else by what it is made with. */
export function readArchetype(
  { program, calls }: Evaluation,
  listening: readonly Listening[],
  signals: Facts['signals'],
): Known<Archetype> | Unknown {
  const [first] = listening;
  if (first) return detected('web-service', [first.from]);
  const tool = program.packages.find(({ path }) => goCommandLines.some((module) => isOfModule(path, module)));
  const works = ['Tick', 'NewTicker', 'Consume', 'Subscribe'].flatMap((name) => calls.get(name) ?? [])[0];
  if (works) return detected('worker', [inGo(works.file, works.node, 'it runs until it is stopped')]);
  if (signals.value.length > 0) return detected('worker', signals.from);
  const bot = program.packages.find(({ path }) => goBots.some((module) => isOfModule(path, module)));
  if (bot) return detected('worker', [bot.from]);
  const loop = endlessLoop(program);
  if (loop) return detected('worker', [loop]);
  if (tool) return detected('cli-tool', [tool.from]);
  const args = program.files.flatMap((file) =>
    nodesIn(file.root, 'SelectorExpr')
      .filter((node) => dottedName(node) === 'os.Args' || dottedName(node) === 'os.Stdin')
      .map((node) => inGo(file, node, 'it reads its arguments')),
  );
  if (args.length > 0) return detected('cli-tool', args.slice(0, 1));
  const [main] = program.files;
  return {
    why: 'the program opens no port, reads no arguments and waits for nothing that is known here',
    ask: 'archetype',
    choices: ['worker', 'data-pipeline', 'cli-tool'],
    from: main ? [{ file: main.file, why: 'it begins there' }] : [],
  };
}

/** A loop that waits between its rounds, and that nothing in it leaves. */
function endlessLoop({ files }: GoProgram): Evidence | undefined {
  for (const file of files)
    for (const node of nodesIn(file.root, 'ForStatement')) {
      const [, block] = node.children;
      const waits = () => nodesIn(node, 'SelectorExpr').some((inner) => dottedName(inner) === 'time.Sleep');
      if (block?.type === 'Block' && waits() && !isLeft(node)) return inGo(file, node, 'it repeats without an end');
    }
  return undefined;
}

const isLeft = (loop: GoNode): boolean =>
  nodesIn(loop, 'ReturnStatement').length > 0 ||
  nodesIn(loop, 'GotoStatement').some(({ children }) => children[0]?.text !== 'continue');

/** The arguments by which a program asks itself how it is: a flag or a command called healthcheck. */
export function readHealthcheck({
  program,
  calls,
}: Evaluation): { readonly argv: readonly string[]; readonly from: Evidence } | undefined {
  const names = ['healthcheck', 'health-check', 'health'];
  for (const { node, file } of calls.get('Bool') ?? []) {
    const call = callOf(node);
    const name = call?.name === 'flag.Bool' ? stringOf(call.args[0]) : undefined;
    if (name !== undefined && names.includes(name))
      return { argv: [`-${name}`], from: inGo(file, node, `it has a flag -${name}`) };
  }
  for (const file of program.files) {
    for (const node of nodesIn(file.root, 'TypedLiteral')) {
      if (dottedName(node.children[0]) !== 'cobra.Command') continue;
      const [name = ''] = (stringOf(fieldsOf(node).get('Use')) ?? '').split(' ');
      if (names.includes(name)) return { argv: [name], from: inGo(file, node, `it has a command ${name}`) };
    }
    for (const node of nodesIn(file.root, 'BinaryExp')) {
      const [left, operator, right] = node.children;
      const name = stringOf(right);
      const isArgument = left?.type === 'IndexExpr' && dottedName(left.children[0]) === 'os.Args';
      if (isArgument && operator?.text === '==' && name !== undefined && names.some((value) => name.endsWith(value)))
        return { argv: [name], from: inGo(file, node, `it takes ${name}`) };
    }
  }
  return undefined;
}

const serving = new Set('serve server start run web http api daemon'.split(' '));

/** The command of a program with several that starts its server. */
export function readServeCommand({
  program,
}: Evaluation): { readonly argv: readonly string[]; readonly from: Evidence } | undefined {
  for (const file of program.files) {
    for (const node of nodesIn(file.root, 'TypedLiteral')) {
      if (!['cobra.Command', 'cli.Command'].includes(dottedName(node.children[0]) ?? '')) continue;
      const fields = fieldsOf(node);
      const [name = ''] = (stringOf(fields.get('Use') ?? fields.get('Name')) ?? '').split(' ');
      if (serving.has(name)) return { argv: [name], from: inGo(file, node, `the command ${name} starts the server`) };
    }
  }
  return undefined;
}

/** Calls that read files and folders, by the place of the path. */
const reading: Readonly<Record<string, number>> = {
  'os.ReadFile': 0,
  'os.Open': 0,
  'os.ReadDir': 0,
  'os.DirFS': 0,
  'ioutil.ReadFile': 0,
  'http.Dir': 0,
  'http.ServeFile': 2,
  'template.ParseFiles': 0,
  'template.ParseGlob': 0,
  'filepath.WalkDir': 0,
  'filepath.Walk': 0,
  'filepath.Glob': 0,
  // templates of Fiber, and translations
  'html.New': 0,
  'i18n.LoadMessageFile': 0,
  // migrations that the application runs itself: the folder, as `file://…` where a scheme stands before it
  'migrate.New': 0,
  'migrate.NewWithDatabaseInstance': 0,
  'goose.Up': 1,
  'goose.UpContext': 2,
  'goose.Run': 2,
  'goose.RunContext': 3,
  'casbin.NewEnforcer': 0,
};
/** The same on objects, by the last name. */
const readingMethods: Readonly<Record<string, number>> = {
  ParseFiles: 0,
  ParseGlob: 0,
  LoadMessageFile: 0,
  LoadHTMLGlob: 0,
  LoadHTMLFiles: 0,
  Static: 1,
  StaticFile: 1,
  File: 1,
};
/** Those that take any number of files. */
const several = new Set(['ParseFiles', 'LoadHTMLFiles', 'NewEnforcer']);
const writing: Readonly<Record<string, number>> = {
  'os.Create': 0,
  'os.WriteFile': 0,
  'os.MkdirAll': 0,
  'os.Mkdir': 0,
};

/** Files and folders of the module that the running program reads, and those that it writes; paths are relative to the module. */
export function readFiles(
  evaluation: Evaluation,
  project: Project,
  folder: string,
): { readonly reads: Facts['reads']; readonly writes: Facts['writes'] } {
  const there = (path: string) => {
    const full = posix.join(folder, path);
    return project.has(full) || project.files().some((file) => file.startsWith(`${full}/`));
  };
  const reads = new Map<string, Evidence>();
  const writes = new Map<string, Evidence>();
  for (const [last, calls] of evaluation.calls) {
    for (const { node, file, fn } of calls) {
      const call = callOf(node);
      const text = (at: number | undefined) =>
        at === undefined ? undefined : textOf(evaluate(evaluation, call?.args[at], { file, fn }));
      const name = call?.name ?? '';
      const first = valueAt(reading, name) ?? valueAt(readingMethods, last);
      const places = several.has(last) ? (call?.args.map((_, at) => at) ?? []) : [first];
      for (const read of places.map((at) => plainPath(text(at))))
        if (read !== undefined && there(read) && !reads.has(read))
          reads.set(read, inGo(file, node, `${name} reads ${read}`));
      const written = writtenPath(text(valueAt(writing, name)));
      if (written !== undefined) writes.set(written, inGo(file, node, `${name} writes ${written}`));
      const database = databaseOf(name, (at) => evaluate(evaluation, call?.args[at], { file, fn }));
      if (database !== undefined) writes.set(database, inGo(file, node, `${name} keeps its data in ${database}`));
    }
  }
  return {
    reads: [...reads].map(([path, from]) => detected(path, [from])),
    writes: [...writes].map(([path, from]) => detected(path, [from])),
  };
}

/** The path of a database that a call opens, as it is where no variable says another; undefined: it opens none, or one in memory. */
function databaseOf(name: string, value: (at: number) => Value | undefined): string | undefined {
  const known = goFileDatabases.find((goFileDatabase) => goFileDatabase.name === name);
  if (!known) return undefined;
  const driver = known.drivers && textOf(value(0));
  if (known.drivers && (driver === undefined || !known.drivers.includes(driver))) return undefined;
  const [path = ''] = (textOf(value(known.argument)) ?? '').replace(/^file:(\/\/)?/, '').split('?');
  return path.startsWith(':') || path.includes('$') ? undefined : writtenPath(path);
}

const valueAt = (table: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** What stands before the path of a folder in an address of it. */
const ofFile = 'file://';

/** A path below the working folder, without the part that stands for several names. */
function plainPath(text: string | undefined): string | undefined {
  if (!text || text.startsWith('/')) return undefined;
  const parts = posix.normalize(text.startsWith(ofFile) ? text.slice(ofFile.length) : text).split('/');
  const star = parts.findIndex((part) => part.includes('*') || part.includes('?'));
  const path = parts
    .slice(0, star === -1 ? undefined : star)
    .join('/')
    .replace(/\/$/, '');
  return path === '' || path === '.' || path.startsWith('..') ? undefined : path;
}

/** The folder of what is written: of a file with an ending, the one that it lies in. */
function writtenPath(text: string | undefined): string | undefined {
  if (!text || text.startsWith('/tmp') || text.startsWith('/dev')) return undefined;
  const path = posix.normalize(text).replace(/\/$/, '');
  if (path === '.' || path.startsWith('..')) return undefined;
  return path;
}
