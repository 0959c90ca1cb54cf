import type { Facts } from '../../model/facts.ts';
import { services } from '../../services/registry.gen.ts';

/** What a compose service is called for another reason. */
const reserved: ReadonlySet<string> = new Set([
  'migrate',
  'schedule',
  ...services.flatMap(({ host, name }) => [host, name]),
]);

/** As compose services and images may be called: lower case, digits and single dashes. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** As its manifest shows it. */
type Application = Pick<Facts, 'root' | 'scope'> & { readonly name: Pick<Facts['name'], 'value'> };

/** The names that an application may have, the best one first. */
function candidatesOf({ root, name, scope }: Application): readonly string[] {
  const own = name.value;
  if (root === '.') return [own, `${own}-app`];
  const folder = plain(root.split('/').at(-1) ?? root);
  const path = plain(root);
  return [scope === undefined ? own : folder, folder, path, `${path}-app`].filter((candidate) => candidate !== '');
}

/**
 * What each of several applications of a repository is called, by its folder: as its package; as its folder where the package has a scope or another
 * application is called so, too. `given` are names that applications have from an earlier run, which stay.
 */
export function applicationNames(
  apps: readonly Application[],
  given: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const found = new Map(apps.flatMap(({ root }) => (given.has(root) ? [[root, given.get(root) ?? ''] as const] : [])));
  const taken = new Set([...reserved, ...given.values()]);
  for (let level = 0; level < 4; level += 1) {
    const open = apps.filter(({ root }) => !found.has(root));
    const wanted = open.map((app) => ({ root: app.root, name: candidatesOf(app)[level] }));
    for (const { root, name } of wanted) {
      const isAlone = wanted.filter((other) => other.name === name).length === 1;
      if (name !== undefined && isAlone && !taken.has(name)) found.set(root, name);
    }
    for (const name of found.values()) taken.add(name);
  }
  for (const [index, { root }] of apps.filter((app) => !found.has(app.root)).entries())
    found.set(root, `app-${index + 1}`);
  return found;
}
