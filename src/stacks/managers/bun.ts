/** Bun as package manager: `bun.lock` (text, since 1.2) or `bun.lockb` (binary). */
import { posix } from 'node:path';
import { lt, valid } from 'semver';
import { runtimeImages } from '../../catalog/bases.ts';
import { npmRelease } from '../../catalog/tools.ts';
import type { Mount } from '../../model/plan.ts';
import { isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, Locked, Manager, NotLocked } from '../contract.ts';
import { folderIn, literally, rangesOf, within } from '../support/lockfiles.ts';
import { managerField } from '../support/packages.ts';

export const detection: Detection = {
  name: 'bun',
  title: 'Bun',
  role: 'manager',
  files: ['bun.lock', 'bun.lockb'],
  fields: ['packageManager=bun@'],
};

/** Where Bun keeps downloaded packages for root, whose user the build stages run as. */
const cache = '/root/.bun/install/cache';

/** What installing reads besides the manifest and the lockfile; a patch or a workspace that is missing stops a frozen install. */
function reads(project: Project, root: string): readonly string[] {
  const folder = root === '.' ? '' : `${root}/`;
  const settings = ['.npmrc', 'bunfig.toml'].filter((file) => project.has(folder + file));
  const patches = Object.values(readData(project, `${folder}package.json`)?.texts(['patchedDependencies']) ?? {});
  return [...new Set([...settings, ...patches.filter((file) => project.has(folder + file))])].sort();
}

/** Commands of Bun's own, which come before scripts of the same name: `bun test` is never the script `test`. */
const builtIn = new Set([
  'test',
  'build',
  'install',
  'add',
  'remove',
  'x',
  'create',
  'init',
  'pm',
  'link',
  'publish',
  'upgrade',
  'exec',
  'repl',
  'ci',
  'update',
  'audit',
  'outdated',
  'patch',
  'info',
  'why',
]);

function runs(argv: readonly string[], scripts: readonly string[]): ReturnType<NonNullable<Manager['runs']>> {
  if (argv[0] !== 'bun') return undefined;
  const words = argv.slice(1).filter((word) => word !== '--bun' && word !== '-b' && word !== '--silent');
  const explicit = words[0] === 'run';
  const rest = explicit ? words.slice(1) : words;
  const [script, ...args] = rest.filter((word, index) => index > 0 || !word.startsWith('-'));
  if (script === undefined || !scripts.includes(script) || (!explicit && builtIn.has(script))) return undefined;
  return { script, args: args[0] === '--' ? args.slice(1) : args };
}

/**
 * `workspaces` of bun.lock holds what each package.json asked for. A frozen install takes another range that the release in the lockfile
 * lies in, and refuses a dependency too few or too many.
 */
function locked(project: Project, root: string, lockfile: string): Locked | NotLocked {
  if (lockfile.endsWith('.lockb')) return { unknown: `${lockfile} is binary: only Bun itself can read it` };
  const data = readData(project, lockfile);
  const workspaces = data?.at(['workspaces']);
  if (!data || data.broken || !isTable(workspaces)) {
    // an empty one is what an interrupted install leaves, and the next one fills it
    const broken = !isTable(data?.at([])) && project.read(lockfile)?.trim() !== '';
    return { unknown: `${lockfile} is not a lockfile written by Bun`, broken };
  }
  const entry = workspaces[folderIn(lockfile, root)];
  const exact = literally(rangesOf(entry), new Set());
  const own = isTable(entry) && typeof entry['name'] === 'string' ? entry['name'] : '';
  const release = (name: string) =>
    [`${own}/${name}`, name].map((key) => data.text(['packages', key, 0])).find((value) => value !== undefined);
  return {
    ...exact,
    wrong: (name, range) => {
      const why = exact.wrong(name, range);
      const version = release(name)?.replace(/^.+@/, '');
      return why !== undefined && exact.names?.includes(name) && within(version, range) ? undefined : why;
    },
  };
}

/**
 * Bun gives each member of a workspace a folder of its own since 1.3, where the lockfile was begun by that (`configVersion`) and bunfig.toml says nothing else
 * (https://bun.com/docs/pm/isolated-installs); else all are in the root, except another version of one.
 */
const besideMember: Manager['besideMember'] = (project, lockfile, { folder, root }, name) => {
  const locked = readData(project, lockfile);
  const member = locked?.text(['workspaces', folder, 'name']) ?? '';
  return isIsolated(project, root, lockfile) || locked?.at(['packages', `${member}/${name}`]) !== undefined;
};

function isIsolated(project: Project, root: string, lockfile: string): boolean {
  const linker = readData(project, posix.join(root, 'bunfig.toml'))?.text(['install', 'linker']);
  return linker === undefined ? readData(project, lockfile)?.at(['configVersion']) === 1 : linker === 'isolated';
}

/** Packages that others need lie beside those of the app, or, in a workspace with a folder for each member, in one of Bun's own. */
const brought: Manager['brought'] = (project, lockfile, name) => {
  const release = readData(project, lockfile)?.text(['packages', name, 0])?.replace(/^.+@/, '');
  const data = readData(project, posix.join(posix.dirname(lockfile), 'package.json'));
  const isAlone = data?.at(['workspaces']) === undefined;
  const folder = !isAlone && isIsolated(project, posix.dirname(lockfile), lockfile) ? 'node_modules/.bun/' : '';
  return release === undefined ? undefined : { path: `${folder}node_modules/${name}`, release };
};

/** A package that lies below another one has the path of both as its key; what is read is `name@release` in its entry. */
const releases: Manager['releases'] = (project, lockfile, name) => {
  const packages = readData(project, lockfile)?.at(['packages']);
  const entries = isTable(packages) ? Object.values(packages) : [];
  const ids = entries.flatMap((entry) => (Array.isArray(entry) && typeof entry[0] === 'string' ? [entry[0]] : []));
  return ids.flatMap((id) => (id.startsWith(`${name}@`) ? [id.slice(name.length + 1)] : []));
};

export const manager: Manager = {
  besideMember,
  brought,
  releases,
  locked,
  lockfiles: [
    { path: 'bun.lock', format: 'text' },
    { path: 'bun.lockb', format: 'binary' },
  ],
  reads,
  install: ({ lockfile, production, tokens, ignoreScripts, member }) => ({
    argv: [
      'bun',
      'install',
      ...(lockfile ? ['--frozen-lockfile'] : []),
      ...(production ? ['--production'] : []),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      ...(member && production && member.folder !== '.' ? [`--filter=./${member.folder}`] : []),
    ],
    mounts: [
      { type: 'cache', target: cache } satisfies Mount,
      ...tokens.map((token): Mount => ({ type: 'secret', id: token, env: token })),
    ],
    why: lockfile
      ? `exactly the versions in ${lockfile}${production ? ', without development dependencies' : ''}`
      : 'no lockfile: two builds can install different versions',
  }),
  listed: (project, lockfile) => {
    const workspaces = lockfile.endsWith('.lockb') ? undefined : readData(project, lockfile)?.at(['workspaces']);
    return isTable(workspaces) ? new Set(Object.keys(workspaces)) : undefined;
  },
  stripScripts: (scripts) => ['bun', 'pm', 'pkg', 'delete', ...scripts.map((name) => `scripts.${name}`)],
  version: (project, root) => managerField(project, root, detection.name),
  installInto: ({ runtime, version }) =>
    runtime === detection.name
      ? undefined
      : {
          image: `oven/bun:${version ?? runtimeImages.bun.version}-slim`,
          source: '/usr/local/bin/bun',
          to: '/usr/local/bin/bun',
          why: 'the package manager that wrote the lockfile; the app itself runs on another runtime',
        },
  // releases before 1.1 do not know the flag, and take no notice of it
  exec: (argv) => ['bun', 'x', '--no-install', ...argv],
  publish: ({ access, registry }) => ({
    look: ['bun', 'pm', 'pack', '--dry-run'],
    login: ['bunx', `npm@${npmRelease}`, 'login', ...(registry ? [`--registry=${registry}`] : [])],
    send: [
      'bun',
      'publish',
      ...(access ? [`--access=${access}`] : []),
      ...(registry ? [`--registry=${registry}`] : []),
    ],
  }),
  // releases before 1.4 refuse a lockfile whose members are not all there
  everyManifest: (version) => version !== undefined && valid(version) !== null && lt(version, '1.4.0'),
  memberScript: ({ folder }, script) => ['bun', 'run', `--cwd=${folder}`, script],
  script: (name, args) => ['bun', 'run', name, ...args],
  runs,
};
