import type { CheckItem } from '../../../model/check.ts';
import { item } from '../../../model/check-item.ts';
import type { Facts } from '../../../model/facts.ts';
import { committed } from '../../../project/committed.ts';
import { readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import type { Locked, Manager } from '../../../stacks/contract.ts';
import { loadManager, managers } from '../../../stacks/managers/registry.gen.ts';

const title = 'There is one lockfile, in sync with package.json';

/** Whether there is a lockfile, only one, and made for the dependencies of package.json. It is read as data; no package manager is run. */
export async function lockfileItem(disk: Project, facts: Facts): Promise<CheckItem> {
  const project = committed(disk);
  const wanted = dependenciesOf(project, facts);
  const found = await lockfilesOf(project, facts.root);
  const name = 'value' in facts.manager ? facts.manager.value.name : undefined;
  const install = name ? `\`${name} install\`` : 'the install command of your package manager';
  const [first, ...others] = found;
  if (!first) {
    if (Object.keys(wanted).length === 0)
      return item('lockfile', title, { status: 'pass', detail: 'no dependencies to lock' });
    const [hidden] = await lockfilesOf(disk, facts.root);
    return item('lockfile', title, {
      status: 'fail',
      detail: hidden ? `${hidden.path} exists, but .gitignore ignores it` : 'there is no lockfile',
      next: hidden ? `remove ${hidden.path} from .gitignore and commit it` : `run ${install} and commit the lockfile`,
      file: hidden ? '.gitignore' : pathIn(facts.root, 'package.json'),
    });
  }
  if (others.length > 0) {
    const paths = found.map((lockfile) => lockfile.path);
    // what was guessed from the lockfiles themselves is no reason to delete one of them
    const isGuess = facts.notes.some(({ code }) => code === 'two-managers');
    const used = isGuess ? undefined : found.find((lockfile) => lockfile.name === name);
    return item('lockfile', title, {
      status: 'fail',
      detail: `${paths.join(' and ')} exist, and may disagree`,
      next: used
        ? `${used.path} is used; delete ${paths.filter((path) => path !== used.path).join(' and ')}`
        : 'delete those that your package manager does not use',
      file: (found.find((lockfile) => lockfile !== used) ?? first).path,
    });
  }
  return compared(
    first.path,
    first.manager.locked(project, facts.root, first.path),
    wanted,
    first.name,
    peersOf(project, facts),
  );
}

type Lockfile = { readonly name: string; readonly path: string; readonly manager: Manager };

/** The lockfiles of every package manager in the folder of the app; where there is none, those in the root of the repository. */
async function lockfilesOf(project: Project, root: string): Promise<readonly Lockfile[]> {
  for (const folder of new Set([root, '.'])) {
    const found: Lockfile[] = [];
    for (const { name, files } of managers) {
      // what a manager is recognised by names its lockfiles too: without one of them the manager stays unloaded
      if (!files?.some((file) => project.has(pathIn(folder, file)))) continue;
      const manager = await loadManager(name);
      for (const lockfile of manager?.lockfiles ?? []) {
        const path = pathIn(folder, lockfile.path);
        if (manager && project.has(path)) found.push({ name, path, manager });
      }
    }
    if (found.length > 0) return found;
  }
  return [];
}

const manifestOf = (project: Project, facts: Facts) => readData(project, pathIn(facts.root, 'package.json'));

/** What installing resolves; of a name that stands in several groups the optional one counts, as for every package manager. */
function dependenciesOf(project: Project, facts: Facts): Readonly<Record<string, string>> {
  const data = manifestOf(project, facts);
  const groups = ['devDependencies', 'dependencies', 'optionalDependencies'];
  return Object.assign({}, ...groups.map((group) => data?.texts([group]) ?? {}));
}

const peersOf = (project: Project, facts: Facts): ReadonlySet<string> =>
  new Set(Object.keys(manifestOf(project, facts)?.texts(['peerDependencies']) ?? {}));

function compared(
  path: string,
  locked: Locked | { readonly unknown: string },
  wanted: Readonly<Record<string, string>>,
  manager: string,
  peers: ReadonlySet<string>,
): CheckItem {
  if ('unknown' in locked) {
    const detail = `${locked.unknown}; it is not known whether it is in sync`;
    return item('lockfile', title, { status: 'not-known', detail, file: path });
  }
  const wrong = Object.entries(wanted).flatMap(([name, range]) => {
    const why = locked.wrong(name, range);
    return why === undefined ? [] : [`${name} ${range}: ${why}`];
  });
  const gone = (locked.names ?? []).filter((name) => !Object.hasOwn(wanted, name) && !peers.has(name));
  const problems = [...wrong, ...gone.map((name) => `${name}: no longer in package.json`)];
  if (problems.length === 0) return item('lockfile', title, { status: 'pass', detail: path, file: path });
  return item('lockfile', title, {
    status: 'fail',
    detail: `${path} is out of date: ${problems.join('; ')}`,
    next: `run \`${manager} install\` and commit ${path}`,
    file: path,
  });
}
