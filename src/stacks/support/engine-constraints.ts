import { satisfies, validRange } from 'semver';
import { isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { EngineConstraint } from '../contract.ts';

/** Constraints that a release does not satisfy. A range that is not valid asks for nothing. */
export const unsatisfied = (release: string, constraints: readonly EngineConstraint[]): readonly EngineConstraint[] =>
  constraints.filter((constraint) => validRange(constraint.range) !== null && !satisfies(release, constraint.range));

/** Whether `.npmrc` of the app or of the repository lets an install fail for what a dependency takes of the runtime. */
export function isStrict(project: Project, root: string): boolean {
  const files = [root === '.' ? '.npmrc' : `${root}/.npmrc`, '.npmrc'];
  return files.some((file) =>
    (project.read(file) ?? '').split('\n').some((line) => /^engine-strict(?:\s*=\s*true)?$/.test(line.trim())),
  );
}

const why = (of: string, runtime: string, range: string): string =>
  `${of} only supports ${runtime} ${range.replace(/\s+/g, ' ')}, and engine-strict makes the install fail on other versions`;

/** One constraint for each runtime of an `engines` table of a lockfile. */
function constraintsOf(
  of: string,
  engines: unknown,
  file: string,
  line: number | undefined,
): readonly EngineConstraint[] {
  if (!isTable(engines)) return [];
  return Object.entries(engines).flatMap(([runtime, range]) =>
    typeof range === 'string'
      ? [{ of, runtime, range, from: { file, ...(line === undefined ? {} : { line }), why: why(of, runtime, range) } }]
      : [],
  );
}

/** The constraints in the `packages` of a package-lock.json; what is optional is left out of an install that it does not fit. */
export function inPackageLock(project: Project, lockfile: string): readonly EngineConstraint[] {
  const data = readData(project, lockfile);
  const packages = data?.at(['packages']);
  if (!data || !isTable(packages)) return [];
  return Object.entries(packages).flatMap(([path, item]) => {
    if (path === '' || !isTable(item) || item['optional'] === true || !isTable(item['engines'])) return [];
    const release = typeof item['version'] === 'string' ? `@${item['version']}` : '';
    const name = path.split('node_modules/').at(-1) ?? path;
    return constraintsOf(`${name}${release}`, item['engines'], data.file, data.line(['packages', path, 'engines']));
  });
}

/** The same of a pnpm-lock.yaml, a row at a time: its packages make it far too long to be read as a whole. */
export function inPnpmLock(project: Project, lockfile: string): readonly EngineConstraint[] {
  const found = new Map<string, readonly EngineConstraint[]>();
  const optional = new Set<string>();
  let of = '';
  for (const [index, row] of (project.read(lockfile) ?? '').split('\n').entries()) {
    const key = /^ {2}'?\/?([^\s'].*?)'?:(?: \{\})?\s*$/.exec(row)?.[1];
    if (key !== undefined) of = key.split('(', 1)[0] ?? key;
    else if (/^ {4}optional: true\s*$/.test(row)) optional.add(of);
    const engines = /^ {4}engines: \{(.*)\}\s*$/.exec(row)?.[1];
    if (engines === undefined) continue;
    const pairs = [...engines.matchAll(/(?<![\w-])([\w-]+): (?:'([^']*)'|"([^"]*)"|([^,]+))/g)];
    const table = Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? pair[3] ?? pair[4] ?? '']));
    found.set(of, constraintsOf(of, table, lockfile, index + 1));
  }
  return [...found].flatMap(([name, constraints]) => (optional.has(name) ? [] : constraints));
}
