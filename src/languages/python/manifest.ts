import { posix } from 'node:path';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import { plainName } from '../../model/plain-name.ts';
import { type Data, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { loadPythonManager, pythonManagers } from '../../stacks/managers/python.registry.gen.ts';
import type { PythonManager, PythonReads } from '../../stacks/python.ts';
import type { App } from './app.ts';
import { requirementsFolder } from './packages.ts';

/** `pyproject.toml` of an application. */
export const pyproject = (project: Project, root: string): Data | undefined =>
  readData(project, pathIn(root, 'pyproject.toml'));

/** In one line: labels, comments and names hold no break. */
const oneLine = (text: string | undefined): string | undefined =>
  text?.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim() || undefined;

const inData = (data: Data, path: readonly string[], why: string): Evidence => {
  const line = data.line([...path]);
  return { file: data.file, ...(line === undefined ? {} : { line }), why };
};

/** A text of the table of a project, as the standard or Poetry has it. */
function written(data: Data | undefined, key: string): { readonly text: string; readonly from: Evidence } | undefined {
  for (const path of [
    ['project', key],
    ['tool', 'poetry', key],
  ]) {
    const text = oneLine(data?.text(path));
    if (data && text !== undefined) return { text, from: inData(data, path, `${path.join('.')} is ${text}`) };
  }
  return undefined;
}

/** The name of an application, of its manifest or its folder. */
export const nameIn = (project: Project, root: string): string =>
  plainName(written(pyproject(project, root), 'name')?.text ?? folderName(project, root)) || 'app';

const folderName = (project: Project, root: string): string =>
  oneLine(posix.basename(root === '.' ? project.label : root).replace(/^\.+$/, '')) ?? 'app';

/** Name, title, version and description. */
export function readName({ project, root, config }: App): Pick<Facts, 'name' | 'title' | 'version' | 'description'> {
  const data = pyproject(project, root);
  const name = written(data, 'name');
  const from = name ? [name.from] : [{ why: 'the folder has that name' }];
  const title = config.name ?? name?.text ?? folderName(project, root);
  const by = config.name === undefined ? ('detected' as const) : ('config' as const);
  const known = <T>(value: T) => ({ value, by, from });
  const rest = (key: 'version' | 'description') => {
    const found = written(data, key);
    return found ? { [key]: detected(found.text, [found.from]) } : {};
  };
  return { name: known(plainName(title) || 'app'), title: known(title), ...rest('version'), ...rest('description') };
}

/** What installs, with what it reads and what the project depends on. */
export type InstallFacts = {
  readonly manager: Facts['manager'];
  readonly loaded: PythonManager | undefined;
  /** where its files lie in the repository */
  readonly folder: string;
  readonly lockfile: Facts['lockfile'];
  readonly reads: PythonReads;
  readonly dependencies: readonly Dependency[];
  readonly notes: Facts['notes'];
};

/** Files that say a manager without what this version could install from, and the way out of each. */
const refused: readonly {
  readonly file: string;
  /** a table of pyproject.toml, where that is the file: others use it too */
  readonly table?: readonly string[];
  readonly title: string;
  readonly next: string;
}[] = [
  { file: 'Pipfile', title: 'Pipenv without a lockfile', next: 'Run `pipenv lock` and commit Pipfile.lock.' },
  {
    file: 'environment.yml',
    title: 'conda',
    next: 'Create a requirements.txt, or a pyproject.toml for uv, with the packages that the application needs from PyPI.',
  },
  {
    file: 'setup.py',
    title: 'setuptools without a lockfile',
    next: 'Create a requirements.txt, or list the dependencies in pyproject.toml.',
  },
  {
    file: 'pyproject.toml',
    table: ['tool', 'poetry'],
    title: 'Poetry without a lockfile',
    next: 'Run `poetry lock` and commit poetry.lock.',
  },
];

/** What is known of a manager that cannot install yet: a deployment is refused by its name. */
export function refusedManager({ project, root }: App): Facts['blocker'] {
  const found = refused.find(
    ({ file, table }) =>
      project.has(pathIn(root, file)) && (!table || pyproject(project, root)?.at(table) !== undefined),
  );
  if (!found) return nothingInstalls;
  const { file, title, next } = found;
  return {
    code: 'manager-not-supported',
    message: `${pathIn(root, file)} belongs to ${title}, and Dockwright cannot install from it.`,
    next: [next],
    from: [{ file: pathIn(root, file), why: `${title} reads it` }],
  };
}

/** Without a list of packages there is nothing to install from. */
const nothingInstalls: Facts['blocker'] = {
  code: 'no-requirements',
  message: 'No requirements.txt, uv.lock or pyproject.toml lists the dependencies.',
  next: [
    'Create a requirements.txt (`pip freeze > requirements.txt`), or run `uv init` and `uv add PACKAGE`, and commit the files.',
  ],
  from: [],
};

/** Chooses the manager: the configuration says it, else a lockfile does, else a manifest. */
export async function readInstalling(app: App): Promise<InstallFacts> {
  const { project, root, config } = app;
  const has = (file: string) => project.has(pathIn(root, file));
  const found: Found[] = [];
  for (const { name, files = [] } of pythonManagers) {
    const file = files.find(has);
    const loaded = file === undefined ? undefined : await loadPythonManager(name);
    if (file !== undefined && loaded) found.push({ name, file, loaded });
  }
  const wanted = config.manager;
  // a lockfile says more than a manifest, which tools of every kind read
  const locked = found.filter(({ loaded }) => loaded.lockfiles.some(has));
  const here =
    wanted === undefined ? (preferred(locked) ?? usable(app, found)) : found.find(({ name }) => name === wanted);
  const chosen = here ?? (await belowPackage(app));
  if (!chosen) {
    const why = 'no requirements.txt, uv.lock or pyproject.toml lists the dependencies';
    return {
      manager: { why, ask: 'manager', from: [] },
      loaded: undefined,
      folder: root,
      lockfile: undefined,
      reads: { production: [], development: [] },
      dependencies: [],
      notes: [],
    };
  }
  const { name, file, loaded, folder = '.' } = chosen;
  const place = posix.join(root, folder);
  const path = loaded.lockfiles.map((lockfile) => pathIn(folder, lockfile)).find(has);
  const from = [{ file: pathIn(root, file), why: `${file} is there` }];
  return {
    manager: wanted === undefined ? detected({ name }, from) : { value: { name }, by: 'config', from: [...from] },
    loaded,
    folder: place,
    lockfile:
      path === undefined
        ? undefined
        : detected({ path: pathIn(root, path), format: 'text' as const }, [
            { file: pathIn(root, path), why: 'it lists the dependencies' },
          ]),
    reads: placed(loaded.reads(project, place), folder),
    dependencies: loaded.dependencies(project, place),
    notes: path === undefined ? [notLocked(from)] : [],
  };
}

const notLocked = (from: readonly Evidence[]): Facts['notes'][number] => ({
  code: 'not-locked',
  message: 'There is no lockfile, so each build resolves the versions again. Run `uv lock` and commit uv.lock.',
  from: [...from],
});

/** Files that installing reads, relative to the application. */
const placed = (reads: PythonReads, folder: string): PythonReads => ({
  ...reads,
  production: reads.production.map((file) => posix.join(folder, file)),
  development: reads.development.map((file) => posix.join(folder, file)),
});

/** A manager found by a file in the application, or in a folder of it. */
type Found = {
  readonly name: string;
  readonly file: string;
  readonly loaded: PythonManager;
  readonly folder?: string;
};

/** The requirements of a package are those of the application that it belongs to, where that has none of its own. */
async function belowPackage({ project, root, config }: App): Promise<Found | undefined> {
  const folder = requirementsFolder(project, root);
  if (folder === undefined) return undefined;
  for (const { name, files = [] } of pythonManagers) {
    if (config.manager !== undefined && config.manager !== name) continue;
    const file = files.map((file) => pathIn(folder, file)).find((value) => project.has(pathIn(root, value)));
    const loaded = file === undefined ? undefined : await loadPythonManager(name);
    if (file !== undefined && loaded?.takesPaths) return { name, file, loaded, folder };
  }
  return undefined;
}

/** A file that only one manager writes says more than one that any of them can write for others; a manager that has come last is the one that is used. */
const preferred = (locked: readonly Found[]): Found | undefined => {
  const isUsual = ({ name }: Found) =>
    pythonManagers.find((pythonManager) => pythonManager.name === name)?.isDefault === true;
  const own = locked.filter((found) => !isUsual(found));
  return own.find(({ loaded }) => loaded.takesManifest) ?? own[0] ?? locked[0];
};

/** A `pyproject.toml` that names dependencies in the standard's way, where nothing else says how to install. */
const usable = ({ project, root }: App, found: readonly Found[]) =>
  Array.isArray(pyproject(project, root)?.at(['project', 'dependencies']))
    ? found.find(({ loaded }) => loaded.takesManifest)
    : undefined;

/** The manifest that a message names. */
export function manifestOf(project: Project, root: string): string | undefined {
  const own = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.py', 'manage.py'].find((file) =>
    project.has(pathIn(root, file)),
  );
  const folder = own === undefined ? requirementsFolder(project, root) : undefined;
  return folder === undefined ? own : pathIn(folder, 'requirements.txt');
}
