import { posix } from 'node:path';
import { foreignRuntimes } from '../../../catalog/foreign-runtimes.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { type Data, isTable, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import type { App } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { buildScripts } from '../scripts/follow.ts';
import { fromCatalog } from './catalogs.ts';
import { memberClosure } from './member-closure.ts';
import type { Members } from './members.ts';
import { type Runner, runnersOf } from './runners.ts';

type Blocker = NonNullable<Facts['blocker']>;

/** So many names are in a message, at most. */
const MAX_NAMES = 5;

/**
 * Why an application cannot be cut out of its repository, with the ways out. undefined: nothing that is known stops it. Nothing is refused where a Docker
 * file of the author builds it: what a build needs is then the author's business. `makesPages`: a builder of pages decides what they are made for.
 */
export function readBlocker(app: App, toolchain: Toolchain, makesPages: boolean): Blocker | undefined {
  if (app.container) return undefined;
  return (
    ofRunner(app) ??
    (makesPages ? undefined : ofPlatform(app, toolchain)) ??
    (app.members ? ofMembers(app, app.members, toolchain) : undefined)
  );
}

/** Scripts that start an application for developing, and those that start it in production. */
const ofDeveloping = ['dev', 'start:dev', 'start'];
const ofProduction = ['start', 'start:prod', 'start:production', 'serve'];

/** An application that only the program of a platform starts, and whose settings say so. */
function ofPlatform(app: App, toolchain: Toolchain): Blocker | undefined {
  const programs = (names: readonly string[]) =>
    names.flatMap((name) => toolchain.followed(name)?.commands.map(({ argv }) => argv[0] ?? '') ?? []);
  for (const { title, program, files, instead } of foreignRuntimes) {
    const file = files.map(app.path).find((path) => app.project.has(path));
    const others = programs(ofProduction).filter((value) => value !== program);
    if (file === undefined || others.length > 0 || !programs(ofDeveloping).includes(program)) continue;
    return {
      code: 'runtime-foreign',
      message: `Could not make an image of ${app.root === '.' ? 'the app' : app.root}: it targets ${title}, whose runtime is not available as an image.`,
      next: [
        `Add a file that serves its handler with Node.js or Bun, ${instead}, and a script \`start\` that runs it.`,
        `Or deploy it with \`${program} deploy\`.`,
      ],
      from: [{ file, why: `its settings are those of ${title}` }],
    };
  }
  return undefined;
}

function ofRunner(app: App): Blocker | undefined {
  for (const runner of runnersOf(app.project)) {
    const found = blockers[runner.name](app, runner);
    if (found) return found;
  }
  return undefined;
}

const blockers: Readonly<Record<Runner['name'], (app: App, runner: Runner) => Blocker | undefined>> = {
  rush: (app, runner) => ({
    ...refusal(
      app,
      runner,
      'installs packages from a lockfile below common/config/rush, which package managers cannot use directly',
    ),
    next: [
      `Run \`rush deploy --project ${app.manifest?.text(['name']) ?? app.root}\`, which writes a complete folder for it, and deploy that folder: \`--cwd common/deploy\`.`,
      'Or write a Dockerfile that runs Rush: Dockwright keeps it, and `dockwright check` reviews it.',
    ],
  }),
  moon: (app, runner) => ({
    ...refusal(app, runner, 'keeps the tasks that build and start it in its own files'),
    next: [
      `Run \`moon docker file ${posix.basename(app.root)}\`, which writes a Dockerfile: Dockwright keeps it, and \`dockwright check\` reviews it.`,
      'Or move the tasks into scripts of package.json (`build`, `start`), and delete the folder .moon.',
    ],
  }),
  nx: (app, runner) => {
    const build = targetsAlone(app);
    if (!runner.projects.includes(app.root) && build === undefined) return undefined;
    const folder = build ?? app.root;
    return {
      ...refusal(
        app,
        runner,
        `builds ${folder} with targets in project.json, and there is no manifest with its dependencies and scripts`,
      ),
      from: [{ file: pathIn(folder, 'project.json'), why: 'the targets of Nx' }],
      next: [
        `Add ${pathIn(folder, 'package.json')} with the scripts \`build\` and \`start\` and the dependencies, and name its folder in \`workspaces\` of package.json.`,
        'Or run `nx g @nx/node:setup-docker`, which writes a Dockerfile: Dockwright keeps it, and `dockwright check` reviews it.',
      ],
    };
  },
  lerna: (app, runner) => {
    const linked = linkedByLerna(app, runner);
    if (linked.length === 0) return undefined;
    const globs = [...new Set(runner.projects.map((folder) => `${posix.dirname(folder)}/*`))];
    return {
      ...refusal(app, runner, `links it with ${linked.join(', ')}, which no package manager installs`),
      next: [
        `Add \`"workspaces": ${JSON.stringify(globs)}\` to package.json in the root, install once, and commit the lockfile: Lerna works with that.`,
      ],
    };
  },
};

const refusal = (app: App, { title, name, file }: Runner, why: string) => ({
  code: `workspace-${name}`,
  message: `Could not extract ${app.root} from the repository: ${title} ${why}.`,
  from: [{ file, why: `the projects are those of ${title}` }],
});

/** The folder, of the application or of what it needs, that Nx builds by a target while its manifest has no script for that. */
function targetsAlone({ members, project, root }: App): string | undefined {
  if (root === '.') return undefined;
  const folders = members ? memberClosure(project, members, [root], { runs: false }) : [root];
  return folders.find((folder) => {
    const targets = readData(project, pathIn(folder, 'project.json'))?.at(['targets']);
    const scripts = readData(project, pathIn(folder, 'package.json'))?.texts(['scripts']) ?? {};
    return (
      isTable(targets) && targets['build'] !== undefined && !buildScripts.some((name) => Object.hasOwn(scripts, name))
    );
  });
}

/** The projects of Lerna that an application names as dependencies. */
function linkedByLerna({ manifest, project, root }: App, runner: Runner): readonly string[] {
  const names = new Set(
    runner.projects
      .filter((folder) => folder !== root)
      .flatMap((folder) => readData(project, pathIn(folder, 'package.json'))?.text(['name']) ?? []),
  );
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const own = groups.flatMap((group) => Object.keys(manifest?.texts([group]) ?? {}));
  return [...new Set(own.filter((name) => names.has(name)))].slice(0, MAX_NAMES);
}

function ofMembers(app: App, members: Members, toolchain: Toolchain): Blocker | undefined {
  const folders = memberClosure(app.project, members, [app.root], { runs: false });
  return (
    foreignMembers(app, members, toolchain) ??
    foreignLockfile(app, members, toolchain) ??
    unknownSibling(app, members, folders) ??
    lockedApart(app, members, toolchain) ??
    notLocked(app, members, folders, toolchain)
  );
}

const titleOf = (name: string): string => managers.find((manager) => manager.name === name)?.title ?? name;

const managerName = ({ manager }: Toolchain): string | undefined =>
  'value' in manager ? manager.value.name : undefined;

/** The members are named where the package manager does not look. */
function foreignMembers(app: App, members: Members, toolchain: Toolchain): Blocker | undefined {
  const name = managerName(toolchain);
  const { loadedManager: manager } = toolchain;
  if (name === undefined || !manager) return undefined;
  const place = pathIn(members.root, manager.membersFile ?? 'package.json');
  const inManifest = readData(app.project, pathIn(members.root, 'package.json'))?.at(['workspaces']) !== undefined;
  if (members.file === place || (manager.membersFile === undefined && inManifest)) return undefined;
  const signs: readonly Evidence[] = 'value' in toolchain.manager ? toolchain.manager.from : [];
  return {
    code: 'workspace-foreign',
    message: `Could not extract ${app.root} from the workspace: its members are listed in ${members.file}, but ${titleOf(name)} reads ${place}, so an install would leave them out.`,
    next: [
      `List the members in ${place}, run \`${name} install\`, and commit its lockfile.`,
      `Or remove the files of ${titleOf(name)}, or set "manager" in dockwright.json.`,
    ],
    from: [{ file: members.file, why: 'it lists the members' }, ...signs],
  };
}

/** The workspace is that of one package manager, and only another one has written a lockfile. */
function foreignLockfile(app: App, members: Members, toolchain: Toolchain): Blocker | undefined {
  const name = managerName(toolchain);
  if (name === undefined || toolchain.lockfile) return undefined;
  const other = managers
    .flatMap((manager) => (manager.files ?? []).map((file) => ({ manager, file: pathIn(members.root, file) })))
    .find(({ manager, file }) => manager.name !== name && app.project.has(file));
  if (!other) return undefined;
  return {
    code: 'lockfile-foreign',
    message: `Could not install the workspace of ${app.root}: its package manager is ${titleOf(name)}, and ${other.file} is a lockfile of ${other.manager.title}. ${titleOf(name)} would install other versions.`,
    next: [
      `Run \`${name} install\`, commit its lockfile, and delete ${other.file}.`,
      `Or set "manager" to "${other.manager.name}" in dockwright.json.`,
    ],
    from: [
      { file: other.file, why: `a lockfile of ${other.manager.title}` },
      ...('value' in toolchain.manager ? toolchain.manager.from : []),
    ],
  };
}

/** A sibling that is asked for by name, and that no member is. */
function unknownSibling({ project, root }: App, members: Members, folders: readonly string[]): Blocker | undefined {
  for (const folder of folders) {
    const manifest = members.folders.get(folder) ?? readData(project, pathIn(folder, 'package.json'));
    const name = manifest && unknownIn(project, members, manifest);
    if (!manifest || name === undefined) continue;
    return {
      code: 'sibling-missing',
      message: `Could not install ${root}: ${manifest.file} requires ${name} of this workspace, but no member has that name.`,
      next: [
        `Add the folder of ${name}: it may be a submodule that is not checked out, a folder ignored by Git, or one that ${members.file} does not list.`,
      ],
      from: [{ file: manifest.file, why: `it requires ${name}` }],
    };
  }
  return undefined;
}

function unknownIn(project: Project, members: Members, manifest: Data): string | undefined {
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const all = groups.flatMap((group) => Object.entries(manifest.texts([group])));
  const own = readData(project, pathIn(members.root, 'package.json'))?.text(['name']);
  return all.find(([name, written]) => {
    const range = fromCatalog(project, members.root, name, written)?.range ?? written;
    // `workspace:other@*` is another one's name, and with a path it is a folder
    const isPlain = range.startsWith('workspace:') && !/[@/]/.test(range.slice('workspace:'.length));
    return isPlain && !members.names.has(name) && name !== own;
  })?.[0];
}

/** Each member has a lockfile of its own: an install of one is an install of each that it needs, which no command does at once. */
function lockedApart(app: App, members: Members, toolchain: Toolchain): Blocker | undefined {
  const from = toolchain.loadedManager?.lockfileOfEach?.(app.project, members.root);
  if (!from) return undefined;
  const name = managerName(toolchain) ?? '';
  return {
    code: 'lockfile-of-each',
    message: `Could not extract ${app.root} from the workspace: ${from.file} makes ${titleOf(name)} keep a lockfile per member, and Dockwright installs a workspace from a single lockfile.`,
    next: [
      `Remove that setting, run \`${name} install\` in ${members.root === '.' ? 'the root of the repository' : members.root}, commit its lockfile, and delete those of the members.`,
      `Or write a Dockerfile that installs each of them: Dockwright keeps it, and \`dockwright check\` reviews it.`,
    ],
    from: [from],
  };
}

/** The lockfile has no entry of a folder that is installed: a frozen install refuses it. */
function notLocked(app: App, members: Members, folders: readonly string[], toolchain: Toolchain): Blocker | undefined {
  const { lockfile, loadedManager } = toolchain;
  const path = lockfile ? app.path(lockfile.value.path) : undefined;
  const listed = path === undefined ? undefined : loadedManager?.listed?.(app.project, path);
  if (!listed || path === undefined) return undefined;
  const missing = folders.filter(
    (folder) => folder !== members.root && !listed.has(posix.relative(posix.dirname(path), folder)),
  );
  if (missing.length === 0) return undefined;
  const name = managerName(toolchain) ?? '';
  return {
    code: 'lockfile-without-member',
    message: `Could not install ${app.root}: ${path} has no entry for ${missing.slice(0, MAX_NAMES).join(', ')}, so an install from it would fail.`,
    next: [
      `Run \`${name} install\` in ${members.root === '.' ? 'the root of the repository' : members.root}, and commit ${path}.`,
    ],
    from: [{ file: path, why: 'the lockfile of the workspace' }],
  };
}
