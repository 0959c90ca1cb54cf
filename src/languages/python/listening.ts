/** Programs that open a port by themselves, and those that serve a file of pages: Python runs their file, or their own program does. */
import { posix } from 'node:path';
import { type Argument, type Expression, expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, Facts, Process, Route } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { PythonArgument, PythonListener, PythonPages } from '../../stacks/python.ts';
import { argumentFor } from './accessors.ts';
import { type App, inModule, type Module, present, resolve } from './app.ts';
import { importsOf, isBelow, isImported } from './import-roots.ts';
import type { UsedFramework } from './objects.ts';
import { optionalIn } from './options.ts';
import { processName } from './platform.ts';
import { isGuard, type Program, polls } from './programs.ts';
import { type Piece, piecesOf, type Reading, textOf } from './values.ts';

/** A program that answers by itself. */
export type Listening = Pick<Facts, 'port' | 'host' | 'notes'> & {
  readonly framework: string;
  readonly program: Program;
  readonly isHttp: boolean;
  /** its program loads a file again once it changes */
  readonly reloads?: true;
  readonly env: Readonly<Record<string, string>>;
  readonly routes: readonly Route[];
  /** folders in the root that it reads although nothing names them */
  readonly folders: readonly string[];
};

/** The program that opens a port, or serves pages; undefined: none does. */
export function chooseListening(
  app: App,
  used: readonly UsedFramework[],
  reading: Reading,
  dependencies: readonly Dependency[],
  programs: readonly Program[],
): Listening | undefined {
  const [first] = used.flatMap(({ name, framework: { listens = [] } }) =>
    calledIn(app, name, listens, reading, programs),
  );
  return (
    first ??
    used
      .flatMap(({ name, framework: { pages } }) => pages && pagesOf(app, name, pages, dependencies))
      .find((one) => one)
  );
}

/** Calls that hand an object to a server (https://www.uvicorn.org/#running-programmatically); Flask's own is one where it runs beside something else. */
const handing: readonly PythonListener[] = [
  ...['uvicorn.run', 'uvicorn.Config'].map((call) => ({
    call,
    port: { name: 'port' },
    host: { name: 'host' },
    usual: { port: 8000, host: '127.0.0.1' },
    stops: true as const,
  })),
  { call: 'waitress.serve', port: { name: 'port' }, host: { name: 'host' }, usual: { port: 8080 } },
];
const flask: PythonListener = {
  call: '.run',
  port: { name: 'port' },
  host: { name: 'host' },
  usual: { port: 5000, host: '127.0.0.1' },
};

/**
 * The program that serves an object and does more than that, so that a server which is given the object alone would leave the rest out: a bot beside its API,
 * or a file that registers handlers and starts what another one makes. Undefined: the object is all that there is.
 */
export function servingProgram(app: App, reading: Reading, programs: readonly Program[]): Listening | undefined {
  const calls = [...callsIn(app, 'uvicorn', handing, reading), ...callsIn(app, 'flask', [flask], reading)];
  for (const { module, one, listener, place } of calls) {
    const handed = argumentFor(one.args, { name: 'app', at: 0 });
    // by its name the server imports the object itself, and the program only starts it
    if (handed?.kind === 'text' || isAlone(module, one)) continue;
    const program = programs.find((of) => {
      const reached = reachedFrom(app, of);
      if (!reached.has(module) || (of.file !== module.file && isGuarded(module, one))) return false;
      const registers = listener !== flask && of.file !== module.file && registersIn(app, of.file);
      return registers || [...reached].some(polls);
    });
    const from = inModule(module, one.start, `${pathOf(one.callee)} listens`);
    if (program) return listeningOf(listener === flask ? 'flask' : 'uvicorn', program, listener, place, from);
  }
  return undefined;
}

/** Programs of the application that wait for what comes from elsewhere beside its server, such as a bot: each a process of the same image. */
export function programsBeside(app: App, server: string | undefined, programs: readonly Program[]): Process[] {
  const served = app.modules.find(({ file }) => file === server);
  const names = new Set<string>();
  return programs.flatMap((program) => {
    const own = app.modules.find(({ file }) => file === program.file);
    if (!own || program.file === server || !polls(own) || isImported(app, own)) return [];
    if (served && reachedFrom(app, program).has(served)) return [];
    const name = names.has(nameOf(program)) ? processName(program.file) : nameOf(program);
    names.add(name);
    return [{ name, command: { argv: [...program.argv] }, entry: program.file, from: [...program.from] }];
  });
}

/** The last part of the path of a program that says what it is for: `bot` of `bot/main.py`. */
function nameOf({ file }: Program): string {
  const parts = file.replace(/\.py$/, '').split('/');
  return processName(parts.findLast((part) => !/^(__main__|main|run|app)$/.test(part)) ?? '');
}

/** Whether a call stands below the main guard of its module: no other program makes it. */
const isGuarded = ({ syntax }: Module, call: Expression): boolean =>
  expressionsOf(syntax.body.filter(isGuard)).includes(call);

/** Whether a call is all that stands below the main guard of its module. */
const isAlone = ({ syntax }: Module, call: Expression): boolean =>
  syntax.body.some(
    (one) =>
      isGuard(one) &&
      one.kind === 'if' &&
      one.branches.some(({ body }) => body.length === 1 && expressionsOf(body).includes(call)),
  );

/** Whether a file has functions that something else calls by their decorators. */
const registersIn = (app: App, file: string): boolean =>
  app.modules.some(
    (module) =>
      module.file === file && module.syntax.body.some((one) => one.kind === 'function' && one.decorators.length > 0),
  );

/** The calls that listen, each with the program that makes it. */
function calledIn(
  app: App,
  framework: string,
  listens: readonly PythonListener[],
  reading: Reading,
  programs: readonly Program[],
): readonly Listening[] {
  const calls = callsIn(app, framework, listens, reading);
  const reaching = calls.length === 0 ? [] : programs.map((of) => ({ of, reached: reachedFrom(app, of) }));
  return calls.flatMap(({ module, one, listener, place }) => {
    const isOnlyOwn = isGuarded(module, one);
    const program = reaching.find(
      ({ of, reached }) => reached.has(module) && (of.file === module.file || !isOnlyOwn),
    )?.of;
    const call = pathOf(one.callee) ?? listener.call;
    const at = place.number === undefined ? '' : ` on port ${place.number}`;
    const from = inModule(module, one.start, `${call} listens${at}`);
    return program ? [listeningOf(framework, program, listener, place, from)] : [];
  });
}

type Call = {
  readonly module: Module;
  readonly one: Expression & { kind: 'call' };
  readonly listener: PythonListener;
  readonly place: Place;
};

/** The calls of a framework that listen. */
function callsIn(app: App, framework: string, listens: readonly PythonListener[], reading: Reading): readonly Call[] {
  if (listens.length === 0) return [];
  return app.modules.flatMap((module) => {
    const calls = expressionsOf(module.syntax.body).flatMap((one) => {
      if (one.kind !== 'call') return [];
      const listener = listens.find(({ call }) => isCall(app, module, one, call, framework));
      const place = listener && placeOf(app, module, one.args, listener, reading);
      return listener && place ? [{ module, one, listener, place }] : [];
    });
    // what only runs where somebody asks for it opens no port of the deployment
    const optional = calls.length === 0 ? new Set() : optionalIn(app, module, new Map());
    return calls.filter(({ one }) => !optional.has(one));
  });
}

type Place = {
  readonly number?: number | undefined;
  readonly variable?: string;
  readonly host?: string;
  readonly hostVariable?: string;
};

function isCall(
  app: App,
  module: Module,
  one: Expression & { kind: 'call' },
  call: string,
  framework: string,
): boolean {
  if (!call.startsWith('.')) return resolve(app, module, pathOf(one.callee) ?? '') === call;
  if (one.callee.kind !== 'attribute' || `.${one.callee.name}` !== call) return false;
  const isUsed = importsOf(module.syntax.body).some(({ path }) => isBelow(path, framework));
  return isUsed && !isForeign(app, module, pathOf(one.callee.object), framework);
}

/** Whether a name is another package, as in `asyncio.run()`: what the application made itself is none. */
function isForeign(app: App, module: Module, path: string | undefined, framework: string): boolean {
  const known = module.names.get(path?.split('.')[0] ?? '');
  return known !== undefined && !isBelow(known, framework) && modulesOn(app, known).length === 0;
}

/** Where a call listens; undefined: it is not known to listen at all, as the `listen(5)` of a socket. */
function placeOf(
  app: App,
  module: Module,
  args: readonly Argument[],
  { port, host, address, usual, variables }: PythonListener,
  reading: Reading,
): Place | undefined {
  const argument = ({ name = '', at = Number.POSITIVE_INFINITY }: PythonArgument = {}) =>
    argumentFor(args, { name, at });
  const pieces = (one: Expression | undefined) => one && piecesOf({ app, module, reading }, one);
  if (address) return ofAddress(pieces, argument(address));
  const [number, name] = [argument(port), argument(host)];
  const said = pieces(number);
  const isOpen = number === undefined || said?.length === 0;
  if (isOpen && usual === undefined) return undefined;
  const place = isOpen ? { number: usual?.port, ...present('variable', variables?.port) } : portOf(said);
  if (usual === undefined && (place?.number ?? MIN_PORT) < MIN_PORT) return undefined;
  if (name === undefined)
    return { ...place, ...present('host', usual?.host), ...present('hostVariable', variables?.host) };
  return { ...place, ...hostOf(pieces(name)) };
}

/** What is below is a length of a queue. */
const MIN_PORT = 80;

/** `'[::]:50051'`, or the pair of a host and a port. */
function ofAddress(
  pieces: (one: Expression | undefined) => readonly Piece[] | undefined,
  value: Expression | undefined,
): Place {
  if (value?.kind === 'list') {
    const [host, port] = value.items;
    return { ...portOf(pieces(port)), ...hostOf(pieces(host)) };
  }
  const all = pieces(value);
  const text = textOf(all);
  const [, host, number] = /^(.*):(\d+)$/.exec(text ?? '') ?? [];
  const last = all?.at(-1);
  const isPort = last?.variable !== undefined && (last.text === undefined || /^\d+$/.test(last.text));
  return {
    ...(number === undefined ? {} : { number: Number(number) }),
    ...(isPort ? { variable: last.variable } : {}),
    ...(host !== undefined && /^(localhost|127\.)/.test(host) ? { host } : {}),
  };
}

function portOf(pieces: readonly Piece[] | undefined): Pick<Place, 'number' | 'variable'> | undefined {
  const [only, ...more] = pieces ?? [];
  if (!only || more.length > 0) return undefined;
  const number = only.text !== undefined && /^\d+$/.test(only.text) ? { number: Number(only.text) } : {};
  return { ...number, ...present('variable', only.variable) };
}

function hostOf(pieces: readonly Piece[] | undefined): Pick<Place, 'host' | 'hostVariable'> {
  const [only, ...more] = pieces ?? [];
  if (!only || more.length > 0) return {};
  return { host: only.text ?? '0.0.0.0', ...present('hostVariable', only.variable) };
}

/** The modules that a program imports, over several steps, with its own. */
function reachedFrom(app: App, { file }: Program): ReadonlySet<Module> {
  const seen = new Set<Module>();
  const open = app.modules.filter((one) => one.file === file);
  for (let one = open.pop(); one; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    const absolute = importsOf(one.syntax.body).flatMap(({ level, path }) => (level === 0 ? [path] : []));
    for (const path of [...one.names.values(), ...absolute]) open.push(...modulesOn(app, path));
  }
  return seen;
}

/** The modules that importing a path runs: `a`, `a.b` and `a.b.c`, as far as they are there. */
function modulesOn({ byName }: App, path: string): readonly Module[] {
  const parts = path.split('.');
  return parts.flatMap((_, at) => byName.get(parts.slice(0, at + 1).join('.')) ?? []);
}

function listeningOf(
  framework: string,
  program: Program,
  { isHttp, usual, stops }: PythonListener,
  place: Place,
  from: Evidence,
): Listening {
  const { number, variable, host, hostVariable } = place;
  const known = number ?? (variable === undefined ? undefined : (usual?.port ?? 8080));
  const isInside = host !== undefined && hostVariable === undefined && /^(localhost|127\.|::1)/.test(host);
  return {
    framework,
    program: { ...program, archetype: 'web-service', stops: program.stops || stops === true, from: [from] },
    isHttp: isHttp !== false,
    env: {},
    routes: [],
    folders: [],
    port:
      known === undefined
        ? { why: 'the port that it listens on is computed', ask: 'port', from: [from] }
        : detected({ number: known, ...present('variable', variable) }, [from]),
    ...present(
      'host',
      hostVariable === undefined && host === undefined
        ? undefined
        : detected({ address: host ?? '0.0.0.0', ...present('variable', hostVariable) }, [from]),
    ),
    notes: isInside
      ? [
          {
            code: 'listens-inside',
            message: `${from.file}:${from.line} listens on ${host}, which cannot be reached from outside the container. Change it to 0.0.0.0, or read it from a variable.`,
            from: [from],
          },
        ]
      : [],
  };
}

/** The file of pages that its program runs: the one with the most usual name among those that import it, nearest to the root. */
function pagesOf(
  app: App,
  framework: string,
  pages: PythonPages,
  dependencies: readonly Dependency[],
): Listening | undefined {
  if (!dependencies.some(({ name, dev }) => name === framework && !dev)) return undefined;
  const rank = ({ file }: Module): number => {
    const at = pages.files.indexOf(posix.basename(file));
    return (file.split('/').length - 1) * 100 + (at === -1 ? pages.files.length : at);
  };
  // what other modules import is a part of a page, and what lies in `pages` is one of several
  const [main] = app.modules
    .filter(
      ({ syntax, file }) =>
        importsOf(syntax.body).some(({ path }) => isBelow(path, framework)) && !/(^|\/)pages\//.test(file),
    )
    .filter((one) => !isImported(app, one))
    .sort((a, b) => rank(a) - rank(b));
  if (!main) return undefined;
  const from: Evidence = { file: main.file, line: 1, why: `${main.file} is a page of ${framework}` };
  const { variables, port, health } = pages;
  return {
    framework,
    program: {
      argv: pages.command(main.file),
      file: main.file,
      archetype: 'web-service',
      stops: true,
      from: [from],
    },
    isHttp: true,
    reloads: true,
    env: pages.env,
    routes: health === undefined ? [] : [{ method: 'GET', path: health, from: [from] }],
    folders: (pages.folders ?? []).filter((folder) => app.files.some((file) => file.startsWith(`${folder}/`))),
    port: { value: { number: port, variable: variables.port }, by: 'default', from: [from] },
    host: detected({ address: '0.0.0.0', variable: variables.host }, [from]),
    notes: [],
  };
}
