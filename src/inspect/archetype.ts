import { Archetype } from '../model/archetype.ts';
import type { Config } from '../model/config.ts';
import type { Known } from '../model/evidence.ts';
import type { Specification } from '../model/requirement.ts';

/**
 * What is deployed, where somebody says it: the configuration, else the specification. Undefined: the project shows it, or nobody knows. An
 * archetype of the specification that is not known counts as not said; `plan/` refuses it.
 */
export function statedArchetype(
  config: Config,
  specification: Specification | undefined,
): Known<Archetype> | undefined {
  if (config.archetype !== undefined)
    return { value: config.archetype, by: 'config', from: [{ why: 'the configuration says archetype' }] };
  const written = specification?.archetype;
  const value = Archetype.safeParse(written?.value).data;
  if (!specification || !written || value === undefined) return undefined;
  const { file } = specification;
  return { value, by: 'detected', from: [{ file, line: written.line, why: `the specification says ${value}` }] };
}
