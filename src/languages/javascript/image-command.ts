/** What the container of the author starts in the end, behind the inits, waiting programs and scripts in front of it. */
import { posix } from 'node:path';
import { type ShellCommand, shellCommands } from '../../formats/shell/commands.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingCommand } from '../../model/existing.ts';
import { programRun } from '../../stacks/javascript.ts';
import { ownPath } from '../support/container/paths.ts';
import type { App } from './app.ts';

/** Programs that only start another one and pass signals on to it. */
const inits = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init', 'exec']);

/** Programs that wait for a port, and then start what stands behind two dashes; `dockerize` needs none. */
const waiting: ReadonlySet<string> = new Set(
  'wait-for-it.sh wait-for-it wait-for.sh wait-for dockerize wait-on wait-port wait'.split(' '),
);

/** Programs that start another one as another user, whose name comes first. */
const changingUser: ReadonlySet<string> = new Set(['gosu', 'su-exec']);

/** The script that comes with the images of runtimes: it runs what it is given. */
const OF_BASE = 'docker-entrypoint.sh';

/** Commands of a script that nothing of the generated set needs: messages, options of the shell, and what waits. */
const idle: ReadonlySet<string> = new Set(
  `${[...waiting].join(' ')} echo printf set true : [ test sleep date nc pg_isready mysqladmin redis-cli`.split(' '),
);

/** Scripts that run each other come to an end here. */
const MAX_DEPTH = 6;

type CommandWords = Pick<ExistingCommand, 'argv' | 'form'>;

/** Whether a program is a shell, by its path. */
export const isShell = (program: string): boolean => /^(ba|da|a)?sh$/.test(posix.basename(program));

/** The line that a shell gets: of the shell form, or of a shell that is started with `-c`; undefined: no shell reads it. */
export function lineOf({ argv, form }: CommandWords): string | undefined {
  const [program = '', flag, line = ''] = argv;
  if (form === 'shell') return program;
  return isShell(program) && flag === '-c' ? line : undefined;
}

/** A command that runs before the app starts, with the script that it stands in. */
export type PrecedingCommand = {
  readonly command: ShellCommand;
  readonly sure: boolean;
  readonly from: readonly Evidence[];
};

/** What the image of the author starts, and what it runs before. */
export type ImageCommand = {
  readonly argv: readonly string[];
  readonly from: readonly Evidence[];
  /** in order; what only waits is not in it */
  readonly before: readonly PrecedingCommand[];
};

type Found = Pick<ImageCommand, 'argv' | 'before'>;

/** The command of the production image, behind what stands in front of it; undefined where it is not one command in the end. */
export function imageCommand(app: Pick<App, 'container' | 'project' | 'path' | 'root'>): ImageCommand | undefined {
  const { stage } = app.container ?? {};
  if (!stage) return undefined;
  const { entrypoint, command } = stage;
  const from = [...(entrypoint?.from ?? []), ...(command?.from ?? [])];
  // an entrypoint in shell form gets no arguments
  const given = entrypoint?.form === 'shell' ? undefined : command;
  const first = entrypoint ?? command;
  if (!first) return undefined;
  const rest = entrypoint && given ? (given.form === 'shell' ? ['sh', '-c', given.argv[0] ?? ''] : given.argv) : [];
  const words = first.form === 'shell' ? ['sh', '-c', first.argv[0] ?? ''] : [...first.argv, ...rest];
  const found = unwrapped(app, words, from, 0);
  return found && found.argv.length > 0 ? { ...found, from } : undefined;
}

type Place = readonly Evidence[];

function unwrapped(
  app: Parameters<typeof imageCommand>[0],
  argv: readonly string[],
  from: Place,
  depth: number,
): Found | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const next = (words: readonly string[]) => unwrapped(app, words, from, depth + 1);
  const behind = behindStarter(argv);
  if (behind) return next(behind);
  const [program = '', flag, line = ''] = argv;
  if (isShell(program) && flag === '-c')
    return ofLine(app, line, { args: argv.slice(3), from, depth, isScript: false });
  const script = scriptOf(app, argv);
  if (!script) return program === OF_BASE ? next(argv.slice(1)) : { argv, before: [] };
  const place = [{ file: script.file, why: 'the image starts the app by this script' }];
  return ofLine(app, script.text, { args: script.args, from: place, depth, isScript: true });
}

/** The words behind a program that only starts another one; undefined: it is none, or has nothing behind it. */
function behindStarter(argv: readonly string[]): readonly string[] | undefined {
  const program = posix.basename(argv[0] ?? '');
  const dashes = argv.indexOf('--');
  if (inits.has(program)) {
    if (dashes !== -1) return argv.slice(dashes + 1);
    const at = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'));
    return at === -1 ? [] : argv.slice(at);
  }
  if (changingUser.has(program) && argv.length > 2) return argv.slice(2);
  if (!waiting.has(program)) return undefined;
  if (dashes !== -1) return argv.slice(dashes + 1);
  if (program !== 'dockerize') return undefined;
  const at = argv.findIndex(
    (word, index) => index > 0 && !word.startsWith('-') && !takesValue.has(argv[index - 1] ?? ''),
  );
  return at === -1 ? undefined : argv.slice(at);
}

/** Flags of dockerize whose value is the next word (github.com/jwilder/dockerize). */
const takesValue: ReadonlySet<string> = new Set(
  '-wait -timeout -wait-retry-interval -wait-http-header -template -stdout -stderr -env -env-section -delims'.split(
    ' ',
  ),
);

type CommandLine = {
  /** what the script is given */
  readonly args: readonly string[];
  readonly from: Place;
  readonly depth: number;
  /** a script may decide and repeat before its last command; a line in a Dockerfile that does is not read */
  readonly isScript: boolean;
};

/** What a line of shell or a script starts at its end. */
function ofLine(
  app: Parameters<typeof imageCommand>[0],
  text: string,
  { args, from, depth, isScript }: CommandLine,
): Found | undefined {
  const { commands, plain, inside = [], endsInside } = shellCommands(text);
  const last = commands.at(-1);
  if ((!plain && !isScript) || !last || endsInside) return undefined;
  const earlier = commands.slice(0, -1);
  const isRow = commands.every(({ after, background }) => !background && after !== '||' && after !== '|');
  const moves = [...earlier, ...inside].some(({ argv: [program = ''] }) => ['cd', 'pushd'].includes(program));
  if (!isRow || moves || Object.keys(last.env).length > 0) return undefined;
  const isGiven = (word: string) => word === '$@' || word === '$*';
  const argv = last.argv.flatMap((word) => (isGiven(word) ? args : [word]));
  const isKnown = !last.dynamic || last.argv.some(isGiven);
  if (!isKnown || argv.length === 0 || argv.some((word) => /[$`]/.test(word))) return undefined;
  const found = unwrapped(app, argv, from, depth + 1);
  if (!found) return undefined;
  const before = [
    ...inside.map((command) => ({ command, sure: false, from })),
    ...earlier.map((command) => ({ command, sure: true, from })),
  ].filter(({ command }) => !isIdle(command));
  return { argv: found.argv, before: [...before, ...found.before] };
}

/** Whether a command leaves nothing that the app needs: it says something, or waits. */
function isIdle({ argv }: ShellCommand): boolean {
  const [program] = programRun(argv) ?? argv;
  return program === undefined || idle.has(posix.basename(program));
}

/** The script of the project that a command runs, by the path that it has in the image; undefined: it runs none. */
function scriptOf(
  { container, project, path, root }: Parameters<typeof imageCommand>[0],
  argv: readonly string[],
): { readonly file: string; readonly text: string; readonly args: readonly string[] } | undefined {
  const stage = container?.stage;
  const ofShell = isShell(argv[0] ?? '');
  const words = ofShell ? argv.slice(1) : argv;
  const [name = '', ...args] = words;
  if (!container || !stage || name === '' || name.startsWith('-')) return undefined;
  const inPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin'].map((folder) => posix.join(folder, name));
  const places = name.includes('/') || ofShell ? [posix.resolve(stage.workdir, name)] : inPath;
  for (const place of places) {
    const own = ownPath(container, stage, place, root);
    const file = own === undefined ? undefined : path(own);
    const text = file === undefined ? undefined : project.read(file);
    if (file === undefined || text === undefined) continue;
    const [head = ''] = text.split('\n', 1);
    const isScript = ofShell || (head.startsWith('#!') && /\b(ba|da|a)?sh\s*$/.test(head)) || /\.sh$/.test(name);
    return isScript ? { file, text, args } : undefined;
  }
  return undefined;
}

/** The lines and scripts of the shell that the container starts by: their grammar is loaded before they are read. */
export function shellLines(app: Pick<App, 'container' | 'project' | 'path' | 'root'>): readonly string[] {
  const { stage } = app.container ?? {};
  const found = new Map<string, string>();
  const read = (words: readonly string[], depth: number): void => {
    for (const at of words.keys()) {
      const script = scriptOf(app, words.slice(at, at + 2));
      if (!script || found.has(script.file)) continue;
      found.set(script.file, script.text);
      if (depth < MAX_DEPTH) read(script.text.split(/\s+/), depth + 1);
    }
  };
  const lines = [stage?.entrypoint, stage?.command].flatMap((command) => {
    const line = command && lineOf(command);
    if (command) read(line === undefined ? command.argv : line.split(/\s+/), 0);
    return line ?? [];
  });
  return [...lines, ...found.values()];
}
