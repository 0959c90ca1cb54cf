/** How a container starts: what the image says, with what compose puts in its place. */
import { posix } from 'node:path';
import type { ServiceFacts } from '../../facts/compose.ts';
import {
  type DockerfileFacts,
  isShellName,
  lastOf,
  lineageOf,
  type StageFacts,
  startOf,
} from '../../facts/dockerfile.ts';
import type { LintFacts } from '../../facts/facts.ts';

/** The program that is process 1, as far as it is known, and where that is said. */
export type Start = {
  readonly argv: readonly string[];
  /** given to `/bin/sh -c` */
  readonly isShell: boolean;
  readonly file: string;
  readonly line: number;
  /** the instruction or key that says it */
  readonly what: string;
};

/** The start of a stage: its ENTRYPOINT with the CMD behind it. Undefined: that of the base. */
export function startOfStage({ path }: DockerfileFacts, stage: StageFacts): Start | undefined {
  const [entrypoint, command] = [lastOf(stage, 'ENTRYPOINT'), lastOf(stage, 'CMD')].map(startOf);
  const main = entrypoint ?? command;
  if (!main) return undefined;
  const rest = entrypoint && !entrypoint.isShell && command && !command.isShell ? command.argv : [];
  return {
    argv: main.isShell ? main.argv : [...main.argv, ...rest],
    isShell: main.isShell,
    file: path,
    line: main.from.startLine,
    what: main.from.keyword,
  };
}

/** The start that a service of compose says in the place of that of its image; undefined: it says none. */
export function startOfService(service: ServiceFacts, image: Start | undefined): Start | undefined {
  const { entrypoint, command, at } = service;
  if (!entrypoint && !command) return undefined;
  const place = entrypoint ? at('entrypoint') : at('command');
  const before = !entrypoint && image && !image.isShell && image.what === 'ENTRYPOINT' ? image.argv.slice(0, 1) : [];
  const argv = [...(entrypoint ?? before), ...(command ?? [])];
  return { argv, isShell: false, ...place, what: entrypoint ? 'entrypoint' : 'command' };
}

/** Programs that are made to be process 1, or that begin another one in their own place. */
const INITS = /^(tini|tini-static|dumb-init|catatonit|init|s6-svscan|docker-init|pid1|runsvdir|supervisord)$/;
const INSTEAD = /^(exec|gosu|su-exec|setpriv|env|nice|chpst|with-contenv|doppler|infisical|dotenvx)$/;

export const isInit = (word: string | undefined): boolean => word !== undefined && INITS.test(posix.basename(word));

/** The argument list without what begins another program in its own place: `gosu app server` is `server`. */
export function withoutWrappers(argv: readonly string[]): readonly string[] {
  let rest = argv;
  for (let count = 0; count < 5 && INSTEAD.test(posix.basename(rest[0] ?? '')); count += 1) {
    const program = posix.basename(rest[0] ?? '');
    rest = rest.slice(/^(gosu|su-exec)$/.test(program) ? 2 : 1);
    while (/^-|^[A-Za-z_]\w*=/.test(rest[0] ?? '') && rest.length > 1) rest = rest.slice(1);
  }
  return rest;
}

/** The script that an argument list has a shell run; undefined: none. */
export const shellScript = (argv: readonly string[]): string | undefined =>
  isShellName(argv[0]) && /^-[a-z]*c$/.test(argv[1] ?? '') ? argv[2] : undefined;

/** The text of a script of the project that an image starts; undefined: it is not one, or not there. */
export function scriptFile(
  { read }: LintFacts,
  { context }: DockerfileFacts,
  stage: StageFacts,
  argv: readonly string[],
): string | undefined {
  const word = isShellName(argv[0]) ? argv[1] : argv[0];
  if (word === undefined || word.startsWith('-')) return undefined;
  const name = posix.basename(word);
  const stages = [stage, ...lineageOf(stage)];
  const copies = stages.flatMap((stageFacts) => stageFacts.copies).filter((copy) => copy.isContext);
  const sources = copies.flatMap((copy) => copy.sources);
  const near = sources.filter((source) => posix.basename(source) === name);
  const whole = sources.flatMap((source) => {
    const folder = posix.join(context, source);
    return [posix.join(folder, word.replace(/^\.?\//, '')), posix.join(folder, name)];
  });
  for (const path of [...near.map((source) => posix.join(context, source)), ...whole.slice(0, 40)]) {
    const text = read(path);
    if (text?.startsWith('#!')) return text;
  }
  return undefined;
}
