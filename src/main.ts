#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { saysVersion } from './cli/version.ts';

const words = process.argv.slice(2);
if (!saysVersion(words)) {
  // built, the command line is a file beside this one; from the sources it is a module
  const { openProgram } = await import('./engine/program.ts');
  const file = fileURLToPath(new URL('program.cjs', import.meta.url));
  const opened = openProgram<typeof import('./cli/main.ts')>(file, words);
  const { main } = opened?.program ?? (await import('./cli/main.ts'));
  await main(words, () => opened?.keep());
}
