import { usualServers } from '../../catalog/python.ts';
import type { Evidence, Known } from '../../model/evidence.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { LimitedVariable } from '../../model/recipe.ts';
import type { PythonDetails, PythonFramework, PythonObject } from '../../stacks/python.ts';
import { keptFlags, names, type ServerCommand } from './platform.ts';

/** A server of objects: what it is called on the command line, and the variables that say where it listens. */
type Server = {
  readonly program: string;
  /** it serves the objects of one framework alone, which names it */
  readonly own?: true;
  readonly interfaces: readonly PythonObject['interface'][];
  readonly port: string | undefined;
  readonly host: string | undefined;
  /** it reads how many workers it has, and which proxies it trusts, from the usual variables */
  readonly isTold?: true;
  /** `isLive`: it holds connections open, as those of Socket.IO; `loop`: the library that switches between them */
  readonly argv: (object: PythonObject, isLive: boolean, loop: string | undefined) => readonly string[];
};

/** Variables of uvicorn and gunicorn (https://www.uvicorn.org/settings/, https://docs.gunicorn.org/en/stable/settings.html). */
const WORKERS = 'WEB_CONCURRENCY';
const PROXIES = 'FORWARDED_ALLOW_IPS';

/** Requests that one worker of gunicorn takes at a time: by default it is one, which a slow client blocks; a connection that stays open takes one for itself. */
const THREADS = 4;
const LIVE_THREADS = 100;

const nameOf = ({ module, name }: PythonObject): string => `${module}:${name}`;

/** The servers, by how they are told things (https://www.uvicorn.org/settings/, https://docs.gunicorn.org/en/stable/settings.html). */
const servers: readonly Server[] = [
  {
    program: 'uvicorn',
    interfaces: ['asgi'],
    port: 'UVICORN_PORT',
    host: 'UVICORN_HOST',
    isTold: true,
    argv: (object) => ['uvicorn', ...(object.isFactory ? ['--factory'] : []), nameOf(object)],
  },
  {
    program: 'gunicorn',
    interfaces: ['wsgi'],
    // it listens on every interface where the variable of the port is set
    port: 'PORT',
    host: undefined,
    isTold: true,
    // the heartbeat of the workers lies in memory: on a disk that is slow they are taken for dead
    argv: (object, isLive, loop) => [
      'gunicorn',
      ...['--worker-tmp-dir', '/dev/shm'],
      ...(loop === undefined ? ['--threads', String(isLive ? LIVE_THREADS : THREADS)] : ['--worker-class', loop]),
      object.isFactory ? `${nameOf(object)}()` : nameOf(object),
    ],
  },
  {
    program: 'hypercorn',
    interfaces: ['asgi', 'wsgi'],
    port: undefined,
    host: undefined,
    argv: (object) => [
      'hypercorn',
      '--bind',
      '0.0.0.0:8000',
      object.isFactory ? `${nameOf(object)}()` : nameOf(object),
    ],
  },
  {
    program: 'granian',
    interfaces: ['asgi', 'wsgi'],
    port: 'GRANIAN_PORT',
    host: 'GRANIAN_HOST',
    argv: (object) => [
      'granian',
      '--interface',
      object.interface,
      ...(object.isFactory ? ['--factory'] : []),
      nameOf(object),
    ],
  },
  {
    program: 'sanic',
    own: true,
    interfaces: ['asgi'],
    port: undefined,
    host: undefined,
    argv: (object) => [
      'sanic',
      nameOf(object),
      ...['--host', '0.0.0.0', '--port', '8000'],
      ...(object.isFactory ? ['--factory'] : []),
    ],
  },
];

/** How an object is served. */
export type ServerFacts = Pick<Facts, 'port' | 'host' | 'signals' | 'variables'> & {
  readonly start: Known<{ argv: string[] }>;
  readonly limited: readonly LimitedVariable[];
  readonly added: NonNullable<PythonDetails['added']>;
};

const usualPort = 8000;

/** The server that the project has for an object, else the usual one of its kind, which is installed besides. */
export function serve(
  object: Known<PythonObject>,
  dependencies: readonly Dependency[],
  port: number | undefined,
  written?: ServerCommand,
  framework?: PythonFramework,
): ServerFacts {
  const own = dependencies.filter(({ dev }) => !dev);
  const { server, found, kept } = chooseServer(object.value, own, written, framework);
  const from: Evidence[] = [...(kept && written ? written.from : []), ...(found ? [found.from] : []), ...object.from];
  const live = own.find(({ name }) => liveLibraries.has(name));
  const loop = live && ['eventlet', 'gevent'].find((one) => own.some(({ name }) => name === one));
  const [program = '', ...words] = server?.argv(object.value, live !== undefined, loop) ?? [];
  const argv = [program, ...(kept ?? []), ...(kept && kept.length > 0 ? withoutWorkers(words) : words)];
  const listening = { number: port ?? usualPort, ...(server?.port === undefined ? {} : { variable: server.port }) };
  return {
    start: { value: { argv: [...argv] }, by: 'detected', from },
    ...toldOf(server?.isTold ? program : undefined, live !== undefined, from),
    port: { value: listening, by: port === undefined ? 'default' : 'detected', from },
    ...(server?.host === undefined
      ? {}
      : { host: { value: { address: '0.0.0.0', variable: server.host }, by: 'detected', from } }),
    signals: { value: ['SIGTERM'], by: 'detected', from: [{ why: `${server?.program} stops gracefully on SIGTERM` }] },
    added: found ? withWorkers(found, loop) : [{ ...missing(object.value), from: object.from }],
  };
}

type Choice = {
  readonly server: Server | undefined;
  /** the dependency that brings it; undefined: it is installed besides */
  readonly found: Dependency | undefined;
  /** flags of the author's command; undefined: the author starts another server, or none */
  readonly kept: readonly string[] | undefined;
};

/** The author's server, that of the framework, one that the project depends on, or the usual one, in this order. */
function chooseServer(
  object: PythonObject,
  own: readonly Dependency[],
  written: ServerCommand | undefined,
  framework: PythonFramework | undefined,
): Choice {
  // the extra `fastapi[standard]` brings uvicorn
  const brought = own.find(({ name }) => name === 'fastapi[standard]' || name === 'fastapi[all]');
  const has = (program: string) =>
    own.find(({ name }) => name === program) ?? (program === 'uvicorn' ? brought : undefined);
  const flags = written && names(written, object) ? keptFlags(written, object) : undefined;
  // a server of the other kind answers by workers that it is given
  const isGiven = flags?.some((flag) => /\b(uvicorn|UvicornWorker|asgi)\b/.test(flag)) === true;
  const fits = ({ interfaces }: Server) => interfaces.includes(object.interface);
  const asWritten = servers.find(
    (server) =>
      flags !== undefined &&
      server.program === written?.program &&
      has(server.program) !== undefined &&
      (fits(server) || isGiven),
  );
  const server =
    asWritten ??
    servers.find(({ program }) => program === framework?.server) ??
    servers.find((other) => !other.own && fits(other) && has(other.program)) ??
    servers.find(({ program }) => program === usualServers[object.interface].program);
  return { server, found: server && has(server.program), kept: asWritten && flags };
}

/** What a server reads from the usual variables; without `program` it reads none of them. */
function toldOf(
  program: string | undefined,
  isLive: boolean,
  [first]: readonly Evidence[],
): Pick<ServerFacts, 'variables' | 'limited'> {
  if (program === undefined) return { variables: [], limited: [] };
  const from = (variable: string): Evidence[] => [{ ...first, why: `${program} reads ${variable}` }];
  const purpose = 'addresses of the proxies whose X-Forwarded headers are trusted; 127.0.0.1 by default';
  return {
    variables: [{ name: PROXIES, required: false, secret: false, purpose, from: from(PROXIES) }],
    limited: isLive
      ? []
      : [{ name: WORKERS, of: 'cpus', why: `${program} starts as many workers`, from: from(WORKERS) }],
  };
}

type Added = NonNullable<PythonDetails['added']>;

const missing = (object: PythonObject): Pick<Added[number], 'requirement' | 'why'> => {
  const { requirement, program } = usualServers[object.interface];
  const what = object.interface.toUpperCase();
  return {
    requirement,
    why: `the project has no ${what} server, so ${program} is installed in addition, in a pinned version`,
  };
};

/** gunicorn without a version is one that no longer has workers of eventlet, since 26 (https://docs.gunicorn.org/en/stable/news.html). */
const withWorkers = (found: Dependency, loop: string | undefined): Added =>
  found.name !== 'gunicorn' || loop !== 'eventlet' || /[=<~]/.test(found.range)
    ? []
    : [
        {
          requirement: usualServers.wsgi.requirement,
          why: 'the newest gunicorn has no workers for eventlet, so an earlier one is installed',
          from: [found.from],
        },
      ];

/** Libraries that hold a connection for each client, in one process (https://flask-socketio.readthedocs.io/en/latest/deployment.html). */
const liveLibraries = new Set(['flask-socketio', 'flask-sock', 'simple-websocket']);

/** How the author's own flags run its workers is left to them. */
const withoutWorkers = (words: readonly string[]): readonly string[] =>
  words.filter((word, at) => !ofWorkers.has(word) && !ofWorkers.has(words[at - 1] ?? ''));
const ofWorkers = new Set(['--threads', '--worker-class']);

/** What is said of a server that the project lacks. */
export const addedNotes = (added: NonNullable<PythonDetails['added']>): Facts['notes'] =>
  added.map(({ requirement, why, from }) => ({
    code: 'server-added',
    message: `${why} (${requirement}). Add it to the dependencies of the project to choose its version.`,
    from: [...from],
  }));

/** The command with which an application is developed: the same object, loaded again at each change. */
export function developing(facts: Facts, object: PythonObject | undefined): readonly string[] | undefined {
  const argv = knownValue(facts.commands.start)?.argv ?? [];
  const port = String(knownValue(facts.port)?.number ?? usualPort);
  if (!object) return undefined;
  if (object.framework === 'django') return ['python', 'manage.py', 'runserver', `0.0.0.0:${port}`];
  if (argv[0] === 'uvicorn' || argv[0] === 'granian' || argv[0] === 'hypercorn')
    return [argv[0], '--reload', ...argv.slice(1)];
  return argv[0] === 'gunicorn' ? ['gunicorn', '--reload', ...argv.slice(1)] : undefined;
}
