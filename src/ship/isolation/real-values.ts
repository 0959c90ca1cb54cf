import { join } from 'node:path';
import type { ComposeModel } from '../../formats/compose/model.ts';
import { readEnv } from '../../formats/env/index.ts';
import { isMap, listOf, mapOf, textOf } from './context.ts';
import type { RealValue } from './leaks.ts';

/** Endings of env files that show which variables there are, and hold no real values. */
const EXAMPLES = ['example', 'sample', 'template', 'dist', 'defaults'];

/** Whether a file is an env file with real values, by its name. */
export function isRealEnv(path: string): boolean {
  const [, ending] = /(?:^|\/)\.env(?:\.([^/]*))?$/.exec(path) ?? [undefined, undefined];
  if (!/(^|\/)\.env(\.[^/]*)?$/.test(path)) return false;
  return !EXAMPLES.includes(ending?.split('.').at(-1) ?? '');
}

const USUAL = ['.env', '.env.local', '.env.development', '.env.production', '.env.staging', '.env.test'];

/** The values of the env files of a project, only to look for them: the usual ones, and those that services name. */
export function realValues(
  root: string,
  model: ComposeModel,
  read: (path: string) => string | undefined,
): readonly RealValue[] {
  const named = Object.values(mapOf(model.services)).flatMap((service) =>
    listOf(mapOf(service)['env_file']).map((entry) => textOf(isMap(entry) ? entry['path'] : entry)),
  );
  return [...new Set([...USUAL, ...named])].flatMap((file) => {
    const text = read(file.startsWith('/') ? file : join(root, file));
    if (text === undefined) return [];
    return Object.entries(readEnv(text, file)).map(([name, value]) => ({ name, value, file }));
  });
}
