/** Which packages a lockfile of lines (Yarn's, pnpm's) has, and which ask for which: enough to tell what an install for production brings. */

/** A package that is asked for, with its range; in a lockfile of pnpm the release takes its place. */
export type DependencyRequest = { readonly name: string; readonly range: string };

/** The packages of a lockfile: whether one is there, and what is there for some that are asked for. */
export type LockedGraph = {
  readonly has: (name: string) => boolean;
  readonly reachedFrom: (asked: readonly DependencyRequest[]) => ReadonlySet<string>;
};

type Entry = { readonly name: string; readonly asks: DependencyRequest[] };

/** A key in all forms: `micromatch@^4.0.8`, `@babel/core@npm:^7`, `/micromatch/4.0.8`, `/micromatch@4.0.8(x@1.0.0)`. */
const keyForm = /^\/?((?:@[^/@]+\/)?[^/@]+)[@/](?:npm:)?(.*)$/;

/** Reads the entries whose heads stand `indent` spaces from the left, a row at a time: a lockfile is far too long to be read as a whole. */
export function lockedGraph(text: string, indent: number): LockedGraph {
  const byKey = new Map<string, Entry[]>();
  const byName = new Map<string, Entry[]>();
  let current: readonly Entry[] = [];
  let inside = false;
  for (const row of text.split('\n')) {
    const own = row.trim();
    const depth = row.length - row.trimStart().length;
    if (own === '' || own.startsWith('#')) continue;
    if (depth <= indent) {
      inside = false;
      current = depth === indent && own.replace(/ \{\}$/, '').endsWith(':') ? entriesOf(own, byKey, byName) : [];
    } else if (depth === indent + 2) inside = own === 'dependencies:' || own === 'optionalDependencies:';
    else if (inside && depth === indent + 4) {
      const asked = askedIn(own);
      if (asked) for (const entry of current) entry.asks.push(asked);
    }
  }
  const answer = ({ name, range }: DependencyRequest) => byKey.get(`${name}@${range}`) ?? byName.get(name) ?? [];
  return {
    has: (name) => byName.has(name),
    reachedFrom: (asked) => {
      const seen = new Set(asked.flatMap(answer));
      // a set gives what is added while it is walked, too
      for (const entry of seen) for (const item of entry.asks.flatMap(answer)) seen.add(item);
      return new Set([...seen].map(({ name }) => name));
    },
  };
}

/** `"a@^1, a@^1.2":` is one entry, by each of its keys. */
function entriesOf(head: string, byKey: Map<string, Entry[]>, byName: Map<string, Entry[]>): readonly Entry[] {
  const keys = head
    .replace(/ \{\}$/, '')
    .slice(0, -1)
    .replaceAll(/["']/g, '')
    .split(', ');
  const asks: DependencyRequest[] = [];
  return keys.flatMap((key) => {
    const [, name, range = ''] = keyForm.exec(key) ?? [];
    if (name === undefined) return [];
    const entry = { name, asks };
    for (const [table, at] of [
      [byKey, `${name}@${range}`],
      [byName, name],
    ] as const)
      table.set(at, [...(table.get(at) ?? []), entry]);
    return [entry];
  });
}

/** `braces "^3.0.3"` of Yarn 1, `braces: "npm:^3.0.3"` of the later ones, `braces: 3.0.3` of pnpm. */
function askedIn(row: string): DependencyRequest | undefined {
  const plain = row.replaceAll(/["']/g, '');
  const end = plain.indexOf(' ');
  return end === -1
    ? undefined
    : { name: plain.slice(0, end).replace(/:$/, ''), range: plain.slice(end + 1).replace(/^npm:/, '') };
}
