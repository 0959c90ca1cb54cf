import { isOnlyExample } from '../../../catalog/placeholders.ts';
import { readEnv } from '../../../formats/env/index.ts';
import type { Variable } from '../../../model/facts.ts';
import { holdsSecret } from '../../../model/secret-names.ts';
import type { App } from '../app.ts';
import { isSettable } from '../environment/variables.ts';

/** The file by which tools for the web are told what production has (https://vite.dev/guide/env-and-mode, https://nextjs.org/docs/pages/guides/environment-variables). */
const NAME = '.env.production';

/** Nothing, another variable, or what is replaced later: `API_URL_PLACEHOLDER`. */
const hasNoValue = (value: string): boolean => value === '' || value.includes('$') || isOnlyExample(value);

/**
 * Variables of a build, with the values that a committed file has for production: everybody who loads a page reads them, and the file itself is in no context,
 * as whatever else it holds is not for everybody. A value that names another one is left to its owner.
 */
export function withModeFile(app: App, prefixes: readonly string[], variables: readonly Variable[]): Variable[] {
  const file = app.path(NAME);
  if (prefixes.length === 0 || !app.project.files().includes(file)) return [...variables];
  const all = new Map(variables.map((one) => [one.name, one]));
  for (const [name, value] of Object.entries(readEnv(app.project.read(file) ?? '', file))) {
    const isPublic = prefixes.some((prefix) => name.startsWith(prefix));
    if (!isPublic || !isSettable(name) || hasNoValue(value) || holdsSecret(name, value)) continue;
    const known = all.get(name);
    all.set(name, {
      ...known,
      name,
      required: false,
      secret: false,
      default: value,
      ofProduction: true,
      from: [...(known?.from ?? []), { file, why: `${NAME} gives ${name} for production` }],
    });
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
