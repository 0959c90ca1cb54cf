/** Files of variables that a runtime is told to read (`--env-file`, nodejs.org/api/cli.html, bun.com/docs/runtime/environment-variables). */

import { UserError } from '../../model/errors.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { type EnvEntry, parseEnv } from './parse.ts';

const flags = ['--env-file', '--env-file-if-exists'];

/** The files that a command names, in their order: the last one counts. */
export function envFilesOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, at) => {
    const [flag = '', value] = word.split('=', 2);
    return flags.includes(flag) ? [value ?? argv[at + 1] ?? ''] : [];
  });
}

/** Whether an image can hold a file of variables: it is one of the project, and has no secret in it. */
export const canShip = (text: string | undefined, file: string): boolean =>
  isOpen(text === undefined ? undefined : entriesOf(text, file));

/** Whether the variables of a file could be read, and none of them is a secret. */
export const isOpen = (entries: readonly EnvEntry[] | undefined): boolean =>
  entries?.every(({ name }) => !isSecretName(name)) ?? false;

/** The variables of a file; undefined where compose could not read it either. */
export function entriesOf(text: string, file: string): readonly EnvEntry[] | undefined {
  try {
    return parseEnv(text, file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
