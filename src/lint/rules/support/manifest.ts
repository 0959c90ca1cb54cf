/** What the manifest of an application says, where it is in the folder that is built from. */
import { posix } from 'node:path';
import { parseJson } from '../../../formats/json/index.ts';
import { UserError } from '../../../model/errors.ts';
import type { DockerfileFacts } from '../../facts/dockerfile.ts';
import type { LintFacts } from '../../facts/facts.ts';

/** The names of its development dependencies; undefined: there is no manifest that can be read. */
export function developmentDependencies(
  { read }: LintFacts,
  { context }: DockerfileFacts,
): readonly string[] | undefined {
  const file = posix.join(context, 'package.json');
  const text = read(file);
  if (text === undefined) return undefined;
  try {
    const { value } = parseJson(text, file);
    const all =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['devDependencies'] : {};
    return typeof all === 'object' && all !== null ? Object.keys(all) : [];
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
