/** Finds what holds for a path of keys: rules are named by patterns such as `services.*.ports`, where `*` is any key or item. */
export type Rules<T> = { readonly at: (path: readonly string[]) => T | undefined };

type Branch<T> = { rule?: T; readonly next: Map<string, Branch<T>> };

/** How items of a list are named in a path. */
export const ITEM = '[]';

export function rules<T>(table: Readonly<Record<string, T>>): Rules<T> {
  const root: Branch<T> = { next: new Map() };
  for (const [pattern, rule] of Object.entries(table)) {
    let branch = root;
    for (const key of pattern.split('.')) {
      const next = branch.next.get(key) ?? { next: new Map() };
      branch.next.set(key, next);
      branch = next;
    }
    branch.rule = rule;
  }
  return { at: (path) => search(root, path, 0) };
}

function search<T>(branch: Branch<T>, path: readonly string[], depth: number): T | undefined {
  const key = path[depth];
  if (key === undefined) return branch.rule;
  for (const next of [branch.next.get(key), key === '*' ? undefined : branch.next.get('*')]) {
    const found = next && search(next, path, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
