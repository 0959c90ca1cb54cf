/** Programs that open a port by themselves, and those that serve a file of pages: Python runs their file, or their own program does. */
import { posix } from 'node:path';
import { type Argument, type Expression, expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, Facts, Route } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { PythonArgument, PythonListener, PythonPages } from '../../stacks/python.ts';
import { argumentFor } from './accessors.ts';
import { type App, inModule, type Module, present, resolve } from './app.ts';
import { importsOf, isBelow, isImported } from './import-roots.ts';
import type { Used } from './objects.ts';
import { optionalIn } from './options.ts';
import { type Program, programsOf } from './programs.ts';
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
  used: readonly Used[],
  reading: Reading,
  dependencies: readonly Dependency[],
): Listening | undefined {
  const [first] = used.flatMap(({ name, framework: { listens = [] } }) => calledIn(app, name, listens, reading));
  return (
    first ??
    used
      .flatMap(({ name, framework: { pages } }) => pages && pagesOf(app, name, pages, dependencies))
      .find((one) => one)
  );
}

/** The calls that listen, each with the program that makes it. */
function calledIn(
  app: App,
  framework: string,
  listens: readonly PythonListener[],
  reading: Reading,
): readonly Listening[] {
  const found = app.modules.flatMap((module) => {
    const optional = optionalIn(app, module, new Map());
    return expressionsOf(module.syntax.body).flatMap((one) => {
      if (one.kind !== 'call' || optional.has(one)) return [];
      const listener = listens.find(({ call }) => isCall(app, module, one, call, framework));
      const place = listener && placeOf(app, module, one.args, listener, reading);
      return listener && place ? [{ module, one, listener, place }] : [];
    });
  });
  const programs = programsOf(app);
  return found.flatMap(({ module, one, listener, place }) => {
    const program = programs.find(({ file }) => reaches(app, file, module));
    const call = pathOf(one.callee) ?? listener.call;
    const from = inModule(
      module,
      one.start,
      `${call} listens${place.number === undefined ? '' : ` on port ${place.number}`}`,
    );
    return program ? [listeningOf(framework, program, listener, place, from)] : [];
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
  const isUsed = importsOf(module.syntax.body).some(({ path }) => isBelow(path, framework));
  return isUsed && one.callee.kind === 'attribute' && `.${one.callee.name}` === call;
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

/** Whether a program is the module, or imports it, over several steps. */
function reaches(app: App, file: string, module: Module): boolean {
  const seen = new Set<Module>();
  const open = app.modules.filter((one) => one.file === file);
  while (open.length > 0) {
    const one = open.pop();
    if (!one || seen.has(one)) continue;
    if (one === module) return true;
    seen.add(one);
    const paths = [...one.names.values()];
    open.push(...app.modules.filter(({ name }) => paths.some((path) => isBelow(path, name) || isBelow(name, path))));
  }
  return false;
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
