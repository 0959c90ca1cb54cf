import { parseYaml } from '../formats/yaml/parse.ts';
import { UserError } from '../model/errors.ts';
import { isTable } from './data.ts';
import type { Project } from './project.ts';

const remembered = new WeakMap<Project, Map<string, Readonly<Record<string, unknown>> | undefined>>();

/** A file of settings in YAML, read as a table. undefined: the file is not there, cannot be read, or holds no table. */
export function readSettings(project: Project, file: string): Readonly<Record<string, unknown>> | undefined {
  const known = remembered.get(project) ?? new Map<string, Readonly<Record<string, unknown>> | undefined>();
  remembered.set(project, known);
  if (!known.has(file)) known.set(file, parsed(project, file));
  return known.get(file);
}

function parsed(project: Project, file: string): Readonly<Record<string, unknown>> | undefined {
  const text = project.has(file) ? project.read(file) : undefined;
  if (text === undefined) return undefined;
  try {
    const { value } = parseYaml(text, file);
    return isTable(value) ? value : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
