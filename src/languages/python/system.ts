/** What the packages of an application need of the distribution, and the line of Python that their versions leave. */
import { gitNeeds, newestLines, pythonNeeds } from '../../catalog/python-packages.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, Facts } from '../../model/facts.ts';

type Needed = NonNullable<Facts['buildPackages']>;

/** Packages of the distribution: those that the running application needs, and those for installing alone. */
export function systemOf(dependencies: readonly Dependency[]): {
  readonly system: Needed;
  readonly buildPackages: Needed;
} {
  const names = new Set(dependencies.map(({ name }) => name));
  const running = new Map<string, Evidence[]>();
  const building = new Map<string, Evidence[]>();
  const add = (to: Map<string, Evidence[]>, packages: readonly string[], from: Evidence) => {
    for (const packageName of packages) to.set(packageName, [...(to.get(packageName) ?? []), from]);
  };
  for (const { name, range, dev, from } of dependencies) {
    if (/^(@\s*)?git\+/.test(range)) add(building, gitNeeds, from);
    const needs = Object.hasOwn(pythonNeeds, name) ? pythonNeeds[name] : undefined;
    if (!needs || needs.unless?.some((other) => names.has(other))) continue;
    add(building, needs.build ?? [], from);
    // what only tests import is built with the rest, and runs nowhere
    add(dev ? building : running, needs.run ?? [], from);
  }
  const known = (found: Map<string, Evidence[]>): Needed =>
    [...found].map(([value, from]) => ({ value, by: 'detected' as const, from }));
  return { system: known(running), buildPackages: known(building) };
}

const parts = (version: string): readonly number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0);

/** Whether a version is at least another one. */
function isAtLeast(version: string, other: string): boolean {
  const [left, right] = [parts(version), parts(other)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The newest line of Python that every pinned version has wheels for; undefined: any will do. */
export function newestLine(
  dependencies: readonly Dependency[],
): { readonly line: string; readonly from: Evidence } | undefined {
  const found = dependencies.flatMap(({ name, range, from }) => {
    const [, version] = /^={2,3}\s*v?([\d.]+)/.exec(range) ?? [];
    const rows = Object.hasOwn(newestLines, name) ? newestLines[name] : undefined;
    if (version === undefined || !rows) return [];
    const line = rows.find(([first]) => isAtLeast(version, first))?.[1] ?? rows.at(-1)?.[1];
    // the newest row holds for whatever comes after it
    return line === undefined || line === rows[0]?.[1] ? [] : [{ line, name, version, from }];
  });
  const [oldest] = found.sort((a, b) => (isAtLeast(a.line, b.line) ? 1 : -1));
  if (!oldest) return undefined;
  return {
    line: oldest.line,
    from: { ...oldest.from, why: `${oldest.name} ${oldest.version} is made for Python up to ${oldest.line}` },
  };
}
