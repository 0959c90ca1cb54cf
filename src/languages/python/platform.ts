/** What files of other platforms start, such as a Procfile: evidence that comes before what is computed, and below the configuration. */
import { shellCommands, shellFor } from '../../formats/shell/commands.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, LeftOut, Process } from '../../model/facts.ts';
import type { Hint } from '../../model/hint.ts';
import { plainName } from '../../model/plain-name.ts';
import { WEB } from '../../model/process-names.ts';
import type { PythonObject } from '../../stacks/python.ts';
import type { App } from './app.ts';

/** One command that a platform starts, without the manager before it. */
type Line = { readonly argv: readonly string[]; readonly from: readonly Evidence[] };

/** A server as the author starts it. */
export type ServerCommand = {
  readonly program: string;
  readonly words: readonly string[];
  readonly from: readonly Evidence[];
};

/** What platforms say of an application. */
export type Platform = {
  readonly web?: ServerCommand;
  readonly processes: readonly Process[];
  /** what runs before a new version starts */
  readonly release?: { readonly argv: readonly string[]; readonly from: readonly Evidence[] };
  readonly leftOut: readonly LeftOut[];
};

/** Managers whose `run` starts a program of the virtual environment, which is on the path of the image. */
const runners = new Set(['uv', 'poetry', 'pdm', 'pipenv']);

/** Processes that start others in time: two of them would start everything twice. */
const clocks = /^(clock|cron|scheduler|schedule|beat|timer)$/;

/** Reads what the platforms of an application start. Nothing of it is run. */
export async function readPlatform(app: App, dependencies: readonly Dependency[]): Promise<Platform> {
  const hints = app.input.hints.filter(({ says }) => says === 'process' || says === 'release');
  await shellFor(hints.map(({ value }) => value));
  const processes: Process[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  for (const hint of hints) {
    const { says, name = 'process', value, from } = hint;
    if (says !== 'process' || name === WEB || seen.has(name)) continue;
    seen.add(name);
    const line = lineOf(hint);
    const entry = line && startedFile(app, line.argv, dependencies);
    if (line && entry !== undefined && !isDynamic(line.argv))
      processes.push({
        name: processName(name),
        command: { argv: [...line.argv] },
        ...(entry === '' ? {} : { entry }),
        ...(clocks.test(name) || line.argv.includes('beat') ? { single: true } : {}),
        from: [...from],
      });
    else {
      const why = `\`${value}\` is not a single command that starts a module of the application: start it beside the application if you need it`;
      leftOut.push({ what: `process ${name}`, why, from: [...from] });
    }
  }
  const release = releaseOf(app, hints, dependencies);
  const web = hints.find(({ says, name }) => says === 'process' && name === WEB);
  const written = web && lineOf(web);
  const [program, ...words] = written?.argv ?? [];
  return {
    ...(written && program !== undefined ? { web: { program, words, from: written.from } } : {}),
    processes,
    ...release,
    leftOut: [...leftOut, ...release.leftOut],
  };
}

const isDynamic = (argv: readonly string[]): boolean => argv.some((word) => /[$`*?]/.test(word));

/** The one command of a line; undefined: it is more than that. */
function lineOf({ value, from }: Hint): Line | undefined {
  const { commands, plain } = shellCommands(value);
  const [only] = commands;
  if (!plain || !only || commands.length > 1 || only.background || Object.keys(only.env).length > 0) return undefined;
  return { argv: withoutRunner(only.argv), from };
}

const withoutRunner = (argv: readonly string[]): readonly string[] => {
  const own = argv[0] === 'exec' ? argv.slice(1) : argv;
  const rest = runners.has(own[0] ?? '') && own[1] === 'run' && !own[2]?.startsWith('-') ? own.slice(2) : own;
  return rest[0] === 'python3' ? ['python', ...rest.slice(1)] : rest;
};

/** The file of the application that a command starts; empty: a program of a package does; undefined: it is not known to be there. */
export function startedFile(
  app: App,
  argv: readonly string[],
  dependencies: readonly Dependency[],
): string | undefined {
  const [program = '', first = '', second = ''] = argv;
  if (program !== 'python') return dependencies.some(({ name, dev }) => name === program && !dev) ? '' : undefined;
  if (first === '-m') {
    const own = app.byName.get(second) ?? app.byName.get(`${second}.__main__`);
    return own?.file ?? (dependencies.some(({ name }) => name === second.split('.')[0]) ? '' : undefined);
  }
  const script = argv.slice(1).find((word) => !word.startsWith('-'));
  return script !== undefined && app.files.includes(script.replace(/^\.\//, ''))
    ? script.replace(/^\.\//, '')
    : undefined;
}

/** One command before a new version starts, besides collecting files, which is done while the image is built. */
function releaseOf(
  app: App,
  hints: readonly Hint[],
  dependencies: readonly Dependency[],
): Pick<Platform, 'release' | 'leftOut'> {
  const hint = hints.find(({ says }) => says === 'release');
  if (!hint) return { leftOut: [] };
  const { commands, plain } = shellCommands(hint.value);
  const left = commands.filter(({ argv }) => !argv.includes('collectstatic'));
  const [only] = left;
  if (plain && !only) return { leftOut: [] };
  const isClear = plain && left.length === 1 && only && !only.dynamic && Object.keys(only.env).length === 0;
  const argv = isClear ? withoutRunner(only.argv) : [];
  if (argv.length > 0 && startedFile(app, argv, dependencies) !== undefined)
    return { release: { argv, from: hint.from }, leftOut: [] };
  const why =
    'it is not a single known command: set the key "migrate" to a command that must run before the app starts';
  return { leftOut: [{ what: `release ${hint.value}`, why, from: [...hint.from] }] };
}

/** As the name of a container, and none that another has. */
export const processName = (written: string): string => {
  const name = plainName(written) || 'process';
  return ['app', 'migrate', 'schedule'].includes(name) ? `${name}-process` : name;
};

/** The processes besides, where what is computed does not start the same already: a queue or the program itself. */
export function withoutTwins(
  own: readonly Process[],
  written: readonly Process[],
  main: { readonly argv: readonly string[]; readonly file: string } | undefined,
): Process[] {
  const isSame = (one: readonly string[], other: readonly string[]) =>
    one[0] !== 'python' && one[0] === other[0] && verbOf(one) === verbOf(other);
  const twin = ({ command, entry }: Process) =>
    written.some(
      (one) => isSame(one.command.argv, command.argv) || (command.argv[0] === 'python' && one.entry === entry),
    );
  const isMain = ({ entry, command }: Process) =>
    main !== undefined && (entry === main.file || isSame(main.argv, command.argv));
  return [...written.filter((one) => !isMain(one)), ...own.filter((one) => !twin(one))];
}

/** What the program of a queue is to do. */
const verbOf = (argv: readonly string[]): string | undefined =>
  argv.find((word) => ['worker', 'beat', 'scheduler'].includes(word));

/** Whether the author starts this object with a server: `main:app`, `shop.wsgi`, `shop:create_app()`. */
export function names({ words }: ServerCommand, { module, name }: PythonObject): boolean {
  return words.some((word) => {
    const [path, of = 'application'] = word.replace(/\(\)$/, '').split(':');
    return path === module && of === name;
  });
}

/** Flags of servers that the deployment says itself: where it listens, and what is loaded again; with how many words each has. */
const ownFlags: ReadonlyMap<string, number> = new Map([
  ...['-b', '--bind', '--host', '--port', '--worker-tmp-dir', '--interface', '--fd', '--uds'].map(
    (one) => [one, 2] as const,
  ),
  ...['--reload', '--daemon', '-D', '--factory'].map((one) => [one, 1] as const),
]);

/** The flags that are kept; undefined: one of them changes the folder that everything else is named from. */
export function keptFlags({ words }: ServerCommand, object: PythonObject): readonly string[] | undefined {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [flag = ''] = word.split('=');
    if (['--chdir', '--pythonpath', '--app-dir', '--env-file'].includes(flag)) return undefined;
    if (names({ program: '', words: [word], from: [] }, object)) continue;
    const size = ownFlags.get(flag);
    const next = words[at + 1] ?? '';
    const isVariable = word.startsWith('-') && !word.includes('=') && next.includes('$');
    if (size !== undefined || isVariable) at += word.includes('=') || size === 1 ? 0 : 1;
    else if (!isDynamic([word])) kept.push(word);
  }
  return kept;
}
