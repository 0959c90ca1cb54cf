import { posix } from 'node:path';
import type { ExistingCompose, ExistingService } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { KeptFiles } from '../../model/plan.ts';
import type { ChosenService } from '../services.ts';
import { splitServices } from './services.ts';
import type { KeptSet } from './set.ts';
import { suggestions } from './suggest.ts';

/**
 * What the variables of a file of settings have to hold so that the services of its compose files find each other, by the path of the file in the
 * repository: addresses and accounts of databases that the files start. A value may name another variable of the same file.
 */
export function envFileValues(
  set: KeptSet,
  facts: Facts,
  chosen: readonly ChosenService[],
): Pick<KeptFiles, 'envFiles'> {
  const values: Record<string, Record<string, string>> = {};
  for (const compose of set.docker.compose)
    for (const path of filesIn(compose))
      values[path] = { ...valuesIn(path, compose, set, facts, chosen), ...values[path] };
  const known = Object.entries(values).filter(([, rows]) => Object.keys(rows).length > 0);
  return known.length > 0 ? { envFiles: Object.fromEntries(known) } : {};
}

const isRead = ({ envFiles }: ExistingService, path: string): boolean =>
  envFiles.some(({ value }) => posix.normalize(value) === path);

const filesIn = ({ services, use }: ExistingCompose): readonly string[] =>
  use === 'other' || use === 'test'
    ? []
    : [...new Set(services.flatMap(({ envFiles }) => envFiles.map(({ value }) => posix.normalize(value))))];

function valuesIn(
  path: string,
  compose: ExistingCompose,
  set: KeptSet,
  facts: Facts,
  chosen: readonly ChosenService[],
): Readonly<Record<string, string>> {
  const alone = { ...set, base: compose, production: undefined };
  const { adopted } = splitServices(chosen, alone, () => true);
  const told = (reads: (kept: ExistingService) => boolean) =>
    adopted.flatMap(({ kept, detection: { login } }) =>
      login && reads(kept)
        ? [login.user, login.database, login.password].flatMap((item) => item?.variables[0] ?? [])
        : [],
    );
  const all = told(({ envFiles }) => envFiles.length > 0);
  const connected = facts.variables.filter(({ service, part }) => service !== undefined && part !== 'other');
  const suggest = suggestions(alone, facts, adopted, all);
  // names that another file gives the database are known; its password is made when the files are written
  const known = (text: string) =>
    text.replace(/\$\{(\w+)\}/g, (whole, name) => (all.includes(name) ? (suggest(name)?.value ?? whole) : whole));
  const names = new Set([...connected.map(({ name }) => name), ...told((kept) => isRead(kept, path))]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = suggest(name)?.value;
      return value === undefined ? [] : [[name, known(value)]];
    }),
  );
}
