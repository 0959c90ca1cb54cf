/** Scripts of the shell that lie in the project. */
import { posix } from 'node:path';
import { shellCommands } from '../../../formats/shell/commands.ts';
import type { App } from '../app.ts';

/** A script of the shell: its file from the folder of the app, and its text. */
export type ShellScript = { readonly file: string; readonly text: string };

const isShell = (program: string): boolean => ['sh', 'bash', 'dash'].includes(posix.basename(program));

/** The script that a command runs: by its own path, or as the first argument of a shell; undefined: it runs none of the project. */
export function readShellScript(app: Pick<App, 'project' | 'path'>, argv: readonly string[]): ShellScript | undefined {
  const [program = '', first] = argv;
  const ofShell = isShell(program);
  const named = ofShell ? first : program.includes('/') ? program : undefined;
  if (named === undefined || named.startsWith('/') || named.startsWith('-')) return undefined;
  const text = app.project.read(app.path(named));
  if (text === undefined) return undefined;
  const [head = ''] = text.split('\n', 1);
  const asks = head.startsWith('#!') && head.trimEnd().endsWith('sh');
  return ofShell || named.endsWith('.sh') || asks ? { file: posix.normalize(named), text } : undefined;
}

/** The texts of the scripts that some lines of shell may run: their grammar is loaded before they are read. */
export const scriptTexts = (app: Pick<App, 'project' | 'path'>, lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => {
    const words = line.split(' ');
    return words.flatMap((word, at) => {
      const argv = isShell(words[at - 1] ?? '') ? ['sh', word] : word.endsWith('.sh') ? ['sh', word] : [word];
      return readShellScript(app, argv)?.text ?? [];
    });
  });

/** The variables that a script gives a value, whatever the environment says: `export NAME="${NAME:-text}"`, `NAME=text`, `: "${NAME:=text}"`. */
export function setByShell(text: string): readonly string[] {
  const { commands } = shellCommands(text);
  const names = commands.flatMap(({ argv, env }) => [
    ...(argv.length === 0 ? Object.keys(env) : []),
    ...(argv[0] === 'export' || argv[0] === 'declare'
      ? argv.slice(1).flatMap((word) => /^(\w+)=/.exec(word)?.[1] ?? [])
      : []),
    ...(argv[0] === ':' ? argv.slice(1).flatMap((word) => /^\$\{(\w+):?=/.exec(word)?.[1] ?? []) : []),
  ]);
  return [...new Set(names)];
}
