/** Files of variables that a runtime is told to read (`--env-file`, nodejs.org/api/cli.html, bun.com/docs/runtime/environment-variables). */

import { UserError } from '../../model/errors.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { parseEnv } from './parse.ts';

const flags = ['--env-file', '--env-file-if-exists'];

/** The files that a command names, in their order: the last one counts. */
export function envFilesOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, at) => {
    const [flag = '', value] = word.split('=', 2);
    return flags.includes(flag) ? [value ?? argv[at + 1] ?? ''] : [];
  });
}

/** Whether an image can hold a file of variables: it is one of the project, and has no secret in it. */
export function canShip(text: string | undefined, file: string): boolean {
  const entries = text === undefined ? undefined : entriesOf(text, file);
  return entries?.every(({ name }) => !isSecretName(name)) ?? false;
}

/** The variables of a file; undefined where compose could not read it either. */
export function entriesOf(text: string, file: string): ReturnType<typeof parseEnv> | undefined {
  try {
    return parseEnv(text, file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
