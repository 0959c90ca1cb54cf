/**
 * Variables of node-config, which a file maps to its settings: `config/custom-environment-variables.yml` has `database: { host: DB_HOST }`
 * (https://github.com/node-config/node-config/wiki/Environment-Variables). The values of the files for every place and for production are their defaults.
 */

import type { Source } from '../../../formats/source/index.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { isTable, readData } from '../../../project/data.ts';
import { readSettings } from '../../../project/settings.ts';
import { services } from '../../../services/registry.gen.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { VariableRead } from './variable-read.ts';

type Table = Readonly<Record<string, unknown>>;

const endings = ['.json', '.json5', '.yaml', '.yml'];

/** Deeper than this no settings lie. */
const deepest = 12;

/** The variables of such a file, read where a source takes its settings from the package. */
export function usesOfConfig(context: AnalysisContext, source: Source): readonly VariableRead[] {
  const imported = source.imports.find((imported) => imported.specifier === 'config');
  const { manifest } = context.app;
  if (!imported || manifest?.texts(['dependencies'])?.['config'] === undefined) return [];
  const names = tableOf(context, 'custom-environment-variables');
  if (!names) return [];
  const settings = ['production', 'default'].flatMap((name) => tableOf(context, name) ?? []);
  return variablesIn(names, settings, 0).map(({ name, value }) => ({
    name,
    source,
    offset: imported.span.start,
    required: value === undefined && isDemanded(name),
    optional: value !== undefined,
    ...(value === undefined ? {} : { default: value }),
  }));
}

function tableOf({ app }: AnalysisContext, name: string): Table | undefined {
  const file = endings.map((ending) => app.path(`config/${name}${ending}`)).find((path) => app.project.has(path));
  if (file === undefined) return undefined;
  const value = /ya?ml$/.test(file) ? readSettings(app.project, file) : readData(app.project, file)?.at([]);
  return isTable(value) ? value : undefined;
}

/**
 * What has no value in any file may be missing, as an account of a service that asks for none; a secret of the application's own is what it cannot do
 * without.
 */
const isDemanded = (name: string): boolean =>
  isSecretName(name) &&
  !services.some(({ variables }) => variables.some(({ match }) => firstWord(match) === firstWord(name)));

const firstWord = (name: string): string => name.split('_')[0] ?? name;

type Named = { readonly name: string; readonly value: string | undefined };

function variablesIn(names: Table, settings: readonly unknown[], depth: number): readonly Named[] {
  return Object.entries(names).flatMap(([key, named]): readonly Named[] => {
    const values = settings.map((table) => (isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined));
    // `{ __name: 'LIMITS', __format: 'json' }`
    const own = isTable(named) && typeof named['__name'] === 'string' ? named['__name'] : named;
    if (typeof own === 'string') return own === '' ? [] : [{ name: own, value: textOf(values) }];
    return isTable(own) && depth < deepest ? variablesIn(own, values, depth + 1) : [];
  });
}

/** The first value that is there, as an environment would have it; a list or a table is there, and no text. */
function textOf(values: readonly unknown[]): string | undefined {
  const found = values.find((value) => value !== undefined && value !== null);
  if (found === undefined) return undefined;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}
