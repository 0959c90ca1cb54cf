import { isForeignKey } from '../catalog/foreign-keys.ts';
import type { Facts, ServiceUse } from '../model/facts.ts';
import { services } from '../services/registry.gen.ts';

/** Whether an application may fail for what this run has not: the tables of a database that nothing makes, or what is behind a key of another party. */
export function mayFailUnconfigured({ services: used, migration, notes, variables }: Facts): boolean {
  const isMade = migration !== undefined || notes.some(({ code }) => code === 'migrates-itself');
  const hasTables = ({ service, existing }: ServiceUse) =>
    existing?.files === undefined && services.some(({ name, dialect }) => name === service && dialect !== undefined);
  return (!isMade && used.some(hasTables)) || variables.some(({ name, secret }) => secret && isForeignKey(name));
}
