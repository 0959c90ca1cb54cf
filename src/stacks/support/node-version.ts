/** Which version of Node.js an app asks for: the order is told where the runtime is. */
import { intersects, minVersion, Range, satisfies, validRange } from 'semver';
import { asOf, runtimeImages, type VersionLine } from '../../catalog/bases.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import { leastOf } from '../../model/range.ts';
import { readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { EngineConstraint } from '../contract.ts';
import { unsatisfied } from './engine-constraints.ts';
import { exact, type VersionFiles, type VersionStatement, versionStatements } from './versions.ts';

const images = runtimeImages.node;

const places: VersionFiles = {
  files: ['.nvmrc', '.node-version'],
  tools: ['nodejs', 'node'],
  fields: [{ path: ['volta', 'node'] }, { path: ['devEngines', 'runtime', 'version'] }, { path: ['engines', 'node'] }],
};

/** Names of the long-term lines, as nvm and the images write them (nodejs/Release). */
const codenames: Readonly<Record<string, string>> = {
  lithium: '26',
  krypton: '24',
  jod: '22',
  iron: '20',
  hydrogen: '18',
  gallium: '16',
  fermium: '14',
};

/** Odd lines are never long-term; from 27 on every one is (nodejs/Release). */
export const isLongTerm = (line: string): boolean => Number(line) % 2 === 0 || Number(line) > 26;

/** Numbers as semver takes them: `00` is none, and one of twenty digits is no line. */
const plainLine = /^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4}))?$/;
const openLine = /^(0|[1-9]\d{0,4})(\.x){1,2}$/;

/** The line that a word means: `22`, `v22`, `lts/jod`, `lts/*`, `node`. */
function lineOf(text: string): string | undefined {
  const word = text.toLowerCase().replace(/^(node-)?v?/, '');
  if (['*', 'x', '', 'latest', 'current', 'node', 'stable', 'lts', 'lts/*', 'lts-latest'].includes(text.toLowerCase()))
    return images.version;
  const codename = text.toLowerCase().replace(/^lts[/-]/, '');
  if (Object.hasOwn(codenames, codename)) return codenames[codename];
  return plainLine.test(word) ? word : openLine.test(word) ? word.split('.')[0] : undefined;
}

/** What the image of a version holds: the newest release of a line. */
const releaseOf = (version: string): string =>
  exact(version) ?? images.lines.find((line) => line.line === version)?.newest ?? `${version}.0`;

/** The constraints that the image of a version does not satisfy. */
export const engineMismatches = (
  version: string,
  constraints: readonly EngineConstraint[],
): readonly EngineConstraint[] => unsatisfied(releaseOf(version), constraints);

/** The lines that satisfy every package; where there is none, all of them: the install says it then. */
function satisfying(lines: readonly VersionLine[], constraints: readonly EngineConstraint[]): readonly VersionLine[] {
  const inside = lines.filter((line) => engineMismatches(line.line, constraints).length === 0);
  return inside.length > 0 ? inside : lines;
}

let lastRange: { readonly text: string; readonly range: Range | undefined } | undefined;

/** A range as it is read once: it is compared with every line, and may be as long as a project likes. Undefined: it is none. */
function rangeOf(text: string): Range | undefined {
  if (lastRange?.text !== text) lastRange = { text, range: validRange(text) === null ? undefined : new Range(text) };
  return lastRange.range;
}

/** The newest long-term line inside a range; where only some releases of a line are inside, the first of those. */
function insideRange(text: string, constraints: readonly EngineConstraint[] = []): string | undefined {
  const range = rangeOf(text);
  if (!range) return undefined;
  const inside = satisfying(
    images.lines.filter(({ line }) => intersects(range, `${line}.x`)),
    constraints,
  );
  const chosen = inside.find(({ line }) => isLongTerm(line)) ?? inside[0];
  if (!chosen) return undefined;
  if (satisfies(`${chosen.line}.9999.0`, range)) return chosen.line;
  const least = minVersion(range);
  return least && String(least.major) === chosen.line ? `${least.major}.${least.minor}` : chosen.line;
}

type ResolvedVersion = { readonly saying: VersionStatement; readonly version: string; readonly pinned: boolean };

/** What is meant, the most telling first: a release, a line, a range. */
function meant(
  all: readonly VersionStatement[],
  constraints: readonly EngineConstraint[] = [],
): ResolvedVersion | undefined {
  const read = [
    (versionStatement: VersionStatement) => exact(versionStatement.text),
    (versionStatement: VersionStatement) => lineOf(versionStatement.text),
    (versionStatement: VersionStatement) => insideRange(versionStatement.text, constraints),
  ];
  for (const [at, reader] of read.entries()) {
    for (const saying of all) {
      const version = reader(saying);
      if (version !== undefined) return { saying, version, pinned: at === 0 };
    }
  }
  return undefined;
}

type Version = Known<{ version: string; range?: string }> | Unknown;

/** The version, and with it the constraints that took a newer one out of the question. */
export function version(project: Project, root: string, constraints: readonly EngineConstraint[] = []): Version {
  const free = chosen(project, root, []);
  const taken = 'value' in free ? engineMismatches(free.value.version, constraints) : [];
  if (taken.length === 0) return free;
  const found = chosen(project, root, constraints);
  if (!('value' in found) || !('value' in free) || found.value.version === free.value.version) return found;
  return {
    ...found,
    by: 'detected',
    from: [...found.from, ...taken.slice(0, 1).map((engineConstraint) => engineConstraint.from)],
  };
}

function chosen(project: Project, root: string, constraints: readonly EngineConstraint[]): Version {
  const all = versionStatements(project, root, places);
  const found = meant(all, constraints);
  if (found) {
    const { text, from } = found.saying;
    return {
      value: { version: found.version, ...(found.pinned ? {} : { range: text }) },
      by: 'detected',
      from: [from],
    };
  }
  const [first] = all;
  if (!first)
    return (
      writtenAgainst(project, root, constraints) ?? lockedLongAgo(project, root, constraints) ?? usual(constraints)
    );
  return {
    why: `no version of Node.js known as of ${asOf} matches "${first.text}"`,
    ask: 'runtime',
    from: [first.from],
  };
}

/** What tells of a version without asking for it. */
const hints = {
  types: 'the source uses the types of Node.js',
  form: 'the lockfile has a format that was written up to Node.js',
};

/** Whether a reason only hints at a version. */
export const isHint = ({ why }: Evidence): boolean => Object.values(hints).some((hint) => why.startsWith(hint));

/** The line of the catalogue; where a package refuses it, the newest one that gets fixes, or else the newest, that none refuses. */
function usual(constraints: readonly EngineConstraint[]): Version {
  const value = { version: images.version };
  if (engineMismatches(value.version, constraints).length === 0) return { value, by: 'default', from: [] };
  const line = bestOf(satisfying(images.lines, constraints));
  return { value: line ? { version: line } : value, by: 'default', from: [] };
}

const bestOf = (lines: readonly VersionLine[]): string | undefined =>
  (
    lines.find((line) => line.supported && isLongTerm(line.line)) ??
    lines.find((line) => isLongTerm(line.line)) ??
    lines[0]
  )?.line;

/** The oldest supported long-term line that is not older than the types that the source was written against. */
function writtenAgainst(project: Project, root: string, constraints: readonly EngineConstraint[]): Version | undefined {
  const data = readData(project, root === '.' ? 'package.json' : `${root}/package.json`);
  const path = ['devDependencies', 'dependencies']
    .map((group) => [group, '@types/node'])
    .find((item) => data?.text(item));
  const range = path && data?.text(path);
  const least = leastOf(range)?.major;
  if (!data || !path || !range || least === undefined) return undefined;
  const version = notMuchLater(least, constraints);
  const at = data.line(path);
  const why = `${hints.types} ${range}`;
  if (version === undefined) return undefined;
  const from = { file: data.file, ...(at === undefined ? {} : { line: at }), why };
  return { value: { version, range }, by: 'detected', from: [from] };
}

/** Forms of lockfiles that are no longer written, by the newest line of Node.js of the time when they were. */
const oldForms: readonly { readonly file: string; readonly form: RegExp; readonly line: number }[] = [
  // npm 6 came with Node.js 14 (https://nodejs.org/en/about/previous-releases)
  { file: 'package-lock.json', form: /"lockfileVersion":\s*1\b/, line: 14 },
  // pnpm 7 is of the time of Node.js 18 (https://pnpm.io/installation#compatibility)
  { file: 'pnpm-lock.yaml', form: /^lockfileVersion:\s*['"]?5\./, line: 18 },
];

/** A lockfile of an old form: what was last installed years ago was written for what there was then. */
function lockedLongAgo(project: Project, root: string, constraints: readonly EngineConstraint[]): Version | undefined {
  for (const { file, form, line } of oldForms) {
    const path = [root === '.' ? file : `${root}/${file}`, file].find((value) => project.has(value));
    const start = path === undefined ? [] : (project.read(path)?.slice(0, 2000) ?? '').split('\n');
    const at = start.findIndex((text) => form.test(text));
    const version = at === -1 ? undefined : notMuchLater(line, constraints);
    if (path === undefined || version === undefined) continue;
    const why = `${hints.form} ${line}`;
    return { value: { version }, by: 'detected', from: [{ file: path, line: at + 1, why }] };
  }
  return undefined;
}

/** The oldest supported long-term line that is not older than a line, and that no package refuses. */
function notMuchLater(least: number, constraints: readonly EngineConstraint[]): string | undefined {
  const later = images.lines.filter((line) => isLongTerm(line.line) && Number(line.line) >= least);
  const open = satisfying(later, constraints);
  const noneFits = open.some((versionLine) => engineMismatches(versionLine.line, constraints).length > 0);
  // an install that is refused is worse than a line that is older than the types
  return noneFits
    ? bestOf(satisfying(images.lines, constraints))
    : (open.findLast((versionLine) => versionLine.supported) ?? open[0])?.line;
}

/** What is said elsewhere and does not agree with what was taken. */
export function versionConflicts(
  project: Project,
  root: string,
): readonly { code: string; message: string; from: readonly Evidence[] }[] {
  const all = versionStatements(project, root, places);
  const found = meant(all);
  if (!found) return [];
  return all
    .filter((versionStatement) => versionStatement !== found.saying && !agrees(versionStatement.text, found.version))
    .map((versionStatement) => ({
      code: 'runtime-version-conflict',
      message: `Node.js ${found.version} is used, as ${found.saying.from.file} says; ${versionStatement.from.file} says ${versionStatement.text}`,
      from: [found.saying.from, versionStatement.from],
    }));
}

function agrees(text: string, taken: string): boolean {
  const range = lineOf(text) ?? text;
  return validRange(range) === null || intersects(range, exact(taken) ?? `${taken}.x`);
}

/** What is to be said of a version as of the catalogue's date. */
export function supportNotes(asked: string): readonly { code: string; message: string }[] {
  const [major = ''] = asked.split('.');
  const line = images.lines.find((line) => line.line === major);
  if (line?.supported) return [];
  const newest = images.lines[0];
  if (!line && newest && Number(major) > Number(newest.line)) {
    const message = `Node.js ${asked} is newer than the versions known as of ${asOf}: check that its image exists`;
    return [{ code: 'runtime-unknown', message }];
  }
  const message = `Node.js ${major} no longer gets fixes (as of ${asOf}); the current LTS version is ${images.version}`;
  return [{ code: 'runtime-past', message }];
}
