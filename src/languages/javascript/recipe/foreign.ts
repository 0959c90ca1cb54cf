import { posix } from 'node:path';
import { runtimeOfImage } from '../../../catalog/runtime-images.ts';
import { type ShellCommand, shellCommands, shellFor } from '../../../formats/shell/commands.ts';
import type { Facts } from '../../../model/facts.ts';
import { knownValue } from '../../../model/known.ts';
import type { ForeignImage, ForeignRuntime } from '../../../model/recipe.ts';
import { isAtLeast } from '../../../model/version-line.ts';
import type { Runtime } from '../../../stacks/contract.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { isShell, lineOf } from '../image-command.ts';
import type { Stacks } from './stacks.ts';

/** Has to come before `runtimeIn`: the grammar of the shell is loaded where a command of the author needs it. */
export async function prepareForeign({ docker }: Facts): Promise<void> {
  const stages = (docker?.dockerfiles ?? []).flatMap((file) => file.stages);
  const services = (docker?.compose ?? []).flatMap((set) => set.services);
  const commands = [...stages, ...services].flatMap(({ entrypoint, command }) => [entrypoint, command]);
  await shellFor(commands.flatMap((command) => (command ? (lineOf(command) ?? []) : [])));
}

/** What of an image that its author wrote the runtime of the app can do; undefined: its base is none that brings that runtime. */
export function runtimeIn(facts: Facts, { runtime }: Stacks, image: ForeignImage): ForeignRuntime | undefined {
  const wanted = knownValue(facts.runtime);
  const found = runtimeOfImage(image.base);
  if (!wanted || found?.runtime !== wanted.name) return undefined;
  const program = programIn(image.base, runtime, wanted.version);
  const run = (argv: readonly string[]) => (program === undefined ? argv : [program, ...argv.slice(1)]);
  const resolved = resolve(facts, image, wanted.name, program);
  const started = resolved && runtime.starts?.(resolved.argv);
  const watch = started && canWatch(runtime, found.version) ? watching(runtime, started.file, started.argv) : undefined;
  return {
    probes: {
      http: (port, variable, path, asking) => run(runtime.probe(port, variable, path, asking, found.version)),
      port: (port, variable) => run(runtime.probePort(port, variable, found.version)),
    },
    ...(started ? { file: started.file } : {}),
    ...behindEntrypoint(image, wanted.name, program, watch),
    isDirect: resolved?.isDirect ?? false,
    packages: ['node_modules'],
  };
}

/** Whether a runtime of a version can start a program again when its files change. */
export const canWatch = ({ watchesFrom = 0 }: Runtime, version: string | undefined): boolean =>
  isAtLeast(watchesFrom, version);

/** Where the program of the runtime lies, in a base whose PATH does not lead to it. */
const programIn = (base: string, runtime: Runtime, version: string): string | undefined =>
  base.includes('distroless') ? runtime.bases(version).find(({ kind }) => kind === 'distroless')?.program : undefined;

/** What of a command a container is told: not the runtime where that is the entrypoint, and nothing where that starts the file itself. */
function behindEntrypoint(
  { entrypoint = [] }: ForeignImage,
  name: string,
  program: string | undefined,
  watch: readonly string[] | undefined,
): Pick<ForeignRuntime, 'watch'> {
  const at = entrypoint.findIndex((word) => posix.basename(word) === name);
  if (!watch || (at !== -1 && at < entrypoint.length - 1)) return {};
  const isEntrypoint = at !== -1 || (program !== undefined && entrypoint.length === 0);
  return { watch: isEntrypoint ? watch.slice(1) : watch };
}

/** The same command, started again at each change of its files; undefined where it needs more than the runtime. */
function watching(runtime: Runtime, file: string, argv: readonly string[]): readonly string[] | undefined {
  const words = runtime.watch(file).slice(0, -1);
  const rest =
    words[0] === argv[0] ? argv.slice(1).filter((word) => word !== 'run' && !words.includes(word)) : undefined;
  return rest && [...words, ...rest];
}

type Resolved = { readonly argv: readonly string[]; readonly isDirect: boolean };

const inits = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init', 'docker-entrypoint.sh']);

/** The command of the process itself: without an init, a shell or a package manager around it. */
function resolve(facts: Facts, image: ForeignImage, name: string, program: string | undefined): Resolved | undefined {
  const given = image.command.form === 'shell' ? parsed(image.command.argv[0] ?? '') : image.command.argv;
  const words = [...(image.entrypoint ?? []), ...(given ?? [])];
  if (given === undefined) return undefined;
  // the runtime is the entrypoint of a base that has nothing else
  const whole = program !== undefined && posix.basename(words[0] ?? '') !== name ? [name, ...words] : words;
  return unwrapped(facts, whole);
}

function unwrapped(facts: Facts, argv: readonly string[]): Resolved | undefined {
  const [first = ''] = argv;
  const program = posix.basename(first);
  if (inits.has(program)) {
    const rest = argv.slice(1);
    const at = rest.findIndex((word) => !word.startsWith('-'));
    return at === -1 ? undefined : unwrapped(facts, rest.slice(at));
  }
  if (program === 'exec') return unwrapped(facts, argv.slice(1));
  if (isShell(first)) {
    const inner = argv[1] === '-c' ? parsed(argv[2] ?? '') : undefined;
    return inner && unwrapped(facts, inner);
  }
  const script = scriptOf(argv);
  if (script === undefined) return { argv: [program, ...argv.slice(1)], isDirect: true };
  const start = knownValue(facts.commands.start);
  return start && (start.script ?? 'start') === script ? { argv: start.argv, isDirect: false } : undefined;
}

/** The script that `npm start`, `yarn run start:prod` and their like run. */
function scriptOf([program = '', ...words]: readonly string[]): string | undefined {
  if (!managers.some(({ name }) => name === program)) return undefined;
  const named = words.filter((word) => !word.startsWith('-'));
  // what looks like a file is none of the scripts
  if (named[0] === 'run' || named[0] === 'run-script') return named[1]?.includes('.') ? undefined : named[1];
  // a manager that is a runtime too runs files by themselves
  return runtimes.some(({ name }) => name === program) ? undefined : (named[0] ?? '');
}

/** The one command of a line of shell; undefined where it does more than one thing, or where only running it would tell. */
function parsed(line: string): readonly string[] | undefined {
  const { commands, plain } = shellCommands(line);
  const [only] = commands;
  return plain && commands.length === 1 && only && isKnown(only) ? only.argv : undefined;
}

const isKnown = ({ dynamic, background, env }: ShellCommand): boolean =>
  !dynamic && !background && Object.keys(env).length === 0;
