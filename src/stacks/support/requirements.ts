/** Requirements of Python (https://packaging.python.org/specifications/dependency-specifiers/), and the files that hold one a line. */
import { posix } from 'node:path';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency } from '../../model/facts.ts';
import { type Data, isTable } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';

/** The name of a package as registries compare it: `Flask_SQLAlchemy` is `flask-sqlalchemy`. */
const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** A requirement in its parts; undefined: it names no package. */
function requirementOf(
  text: string,
): { readonly name: string; readonly extras: readonly string[]; readonly range: string } | undefined {
  const [, name, extras = '', rest = ''] =
    /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;#]*)/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return {
    name: normalName(name),
    extras: extras
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((value) => value !== ''),
    range: rest.trim(),
  };
}

/** A dependency for each requirement: an extra is one of its own, `uvicorn[standard]`, as it brings programs and drivers. */
function dependencyOf(text: string, dev: boolean, from: Evidence): readonly Dependency[] {
  const found = requirementOf(text);
  if (!found) return [];
  const { name, extras, range } = found;
  return [{ name, range, dev, from }, ...extras.map((extra) => ({ name: `${name}[${extra}]`, range, dev, from }))];
}

/** The dependencies of a list in a manifest: `project.dependencies`, or a group of `dependency-groups`. */
export function listedDependencies(data: Data, path: readonly string[], dev: boolean): readonly Dependency[] {
  const rows = data.at([...path]);
  if (!Array.isArray(rows)) return [];
  const line = data.line([...path]);
  const from = { file: data.file, ...(line === undefined ? {} : { line }), why: `${path.join('.')} requires it` };
  return rows.flatMap((row) => (typeof row === 'string' ? dependencyOf(row, dev, from) : []));
}

/**
 * The dependencies of a table in a manifest: `fastapi = "^0.110"`, `uvicorn = { extras = ["standard"], version = "*" }`, without those that the manager
 * does not count as such.
 */
export function tableDependencies(
  data: Data,
  path: readonly string[],
  dev: boolean,
  counts: (name: string, value: unknown) => boolean = () => true,
): readonly Dependency[] {
  const table = data.at([...path]);
  if (!isTable(table)) return [];
  return Object.entries(table).flatMap(([name, item]) => {
    if (!counts(name, item)) return [];
    const extras = isTable(item) && Array.isArray(item['extras']) ? `[${item['extras'].join(',')}]` : '';
    const line = data.line([...path, name]);
    const from = { file: data.file, ...(line === undefined ? {} : { line }), why: `${path.join('.')} requires it` };
    return dependencyOf(`${name}${extras}`, dev, from);
  });
}

/** The names in a table of a manifest; empty without that table. */
export const namesIn = (data: Data, path: readonly string[]): readonly string[] => {
  const table = data.at([...path]);
  return isTable(table) ? Object.keys(table) : [];
};

/** Whether a group of dependencies is one of production by its name: a server, or a driver that developing does without. */
export const isForProduction = (group: string): boolean =>
  /^(prod|production|deploy|deployment|server|release)$/i.test(group);

/** Chains of files are followed so deep. */
const MAX_DEPTH = 8;

/** An index of packages that a project names besides the usual one. */
export type PythonIndex = {
  readonly name?: string;
  /** as it is written, with the variables in it */
  readonly url: string;
  /** the manager is told that it asks for a login */
  readonly asks?: true;
  readonly from: Evidence;
};

/** What files of requirements say. */
type Requirements = {
  readonly files: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly indexes: readonly PythonIndex[];
  readonly isHashed: boolean;
};

/** A file of requirements, with those that it names by `-r` and `-c`: the paths in the application, and what they ask for. */
export function readRequirements(project: Project, root: string, file: string, dev: boolean, depth = 0): Requirements {
  const path = pathIn(root, file);
  const lines = project.read(path)?.split('\n');
  if (!lines || depth > MAX_DEPTH) return { files: [], dependencies: [], indexes: [], isHashed: false };
  const files = [file];
  const dependencies: Dependency[] = [];
  const indexes: PythonIndex[] = [];
  let isHashed = lines.some((line) => line.includes('--hash='));
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const from = { file: path, line: index + 1, why: `${file} requires it` };
    const [, option, other] = /^(-r|-c|--requirement|--constraint)[\s=]+(\S+)/.exec(line) ?? [];
    if (option && other) {
      const next = posix.normalize(posix.join(posix.dirname(file), other));
      const inner = readRequirements(project, root, next, dev, depth + 1);
      files.push(...inner.files);
      isHashed ||= inner.isHashed;
      indexes.push(...inner.indexes);
      if (option === '-r' || option === '--requirement') dependencies.push(...inner.dependencies);
    } else if (line.startsWith('-')) {
      const [, url] = /^(?:-i|--index-url|--extra-index-url)[\s=]+(\S+)/.exec(line) ?? [];
      if (url !== undefined) indexes.push({ url, from: { ...from, why: `${file} names it` } });
    } else {
      // `# via …` behind a line of pip-compile is no part of it
      dependencies.push(...dependencyOf(line, dev, from));
    }
  }
  return { files: [...new Set(files)], dependencies, indexes, isHashed };
}
