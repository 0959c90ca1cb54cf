/** npm, which comes with Node.js: `package-lock.json`, or `npm-shrinkwrap.json`. */
import { posix } from 'node:path';
import { coerce, satisfies } from 'semver';
import type { Mount } from '../../model/plan.ts';
import { isAtLeast } from '../../model/version-line.ts';
import { isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, Locked, Manager, Member, NotLocked } from '../contract.ts';
import { inPackageLock, isStrict } from '../support/engine-constraints.ts';
import { folderIn, rangesOf, within } from '../support/lockfiles.ts';
import { below, existingFiles, managerField, scriptRun } from '../support/packages.ts';

export const detection: Detection = {
  name: 'npm',
  title: 'npm',
  role: 'manager',
  files: ['package-lock.json', 'npm-shrinkwrap.json'],
  fields: ['packageManager=npm@'],
  isDefault: true,
};

const cache: Mount = { type: 'cache', target: '/root/.npm' };
const secrets = (tokens: readonly string[]) =>
  tokens.map((token): Mount => ({ type: 'secret', id: token, env: token }));

/**
 * What is not `dev` in the lockfile: a development dependency that is also a peer of one of production is installed with it, and
 * `devOptional` where the peer is an optional one.
 */
function shared(project: Project, root: string): readonly string[] {
  const packages = readData(project, root === '.' ? 'package-lock.json' : `${root}/package-lock.json`)?.at([
    'packages',
  ]);
  if (!isTable(packages)) return [];
  return Object.entries(packages).flatMap(([path, item]) => {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    return name !== undefined && isTable(item) && item['dev'] !== true ? [name] : [];
  });
}

/**
 * The root entry is a copy of package.json (lockfile versions 2 and 3); version 1 has only what is installed. `npm ci` takes any range
 * that the release in the lockfile lies in.
 */
function locked(project: Project, root: string, lockfile: string): Locked | NotLocked {
  const data = readData(project, lockfile);
  const folder = folderIn(lockfile, root);
  const packages = data?.at(['packages']);
  const installed = isTable(packages) ? packages : data?.at(['dependencies']);
  if (!data || data.broken || !isTable(installed))
    return { unknown: `${lockfile} is not a lockfile written by npm`, broken: !isTable(data?.at([])) };
  const ranges = isTable(packages) ? rangesOf(packages[folder]) : undefined;
  const paths = (name: string) =>
    ranges ? [posix.join(folder, 'node_modules', name), `node_modules/${name}`] : [name];
  return {
    wrong: (name, range) => {
      if (ranges && Object.hasOwn(ranges, name) && ranges[name] === range) return undefined;
      const item = paths(name)
        .map((path) => installed[path])
        .find(isTable);
      const release = typeof item?.['version'] === 'string' ? item['version'] : undefined;
      if (!item) return 'it is not in there';
      return within(release, range) === false ? `in there it is ${release}` : undefined;
    },
  };
}

/** The application with what it runs with; for building also its siblings with their tools, and those in the root. */
const ofMember = ({ folder, siblings }: Member, production: boolean): readonly string[] => {
  const isRoot = folder === '.';
  const folders = [
    ...(isRoot ? [] : [folder]),
    ...(production && !isRoot ? [] : siblings.map((sibling) => sibling.folder)),
  ];
  return [
    ...folders.map((value) => `--workspace=${value}`),
    ...((isRoot || !production) && folders.length > 0 ? ['--include-workspace-root'] : []),
    ...(isRoot && folders.length === 0 ? ['--workspaces=false'] : []),
  ];
};

/** What lies at the top of the tree: those of a package alone lie below it. */
const brought: Manager['brought'] = (project, lockfile, name) => {
  const path = `node_modules/${name}`;
  const item = readData(project, lockfile)?.at(['packages', path]);
  return isTable(item) && item['dev'] !== true && typeof item['version'] === 'string'
    ? { path, release: item['version'] }
    : undefined;
};

/** Of every package the lockfile says by itself whether development alone asks for it. */
const reached: Manager['reached'] = (project, lockfile, folder) => {
  const data = readData(project, lockfile);
  const packages = data?.at(['packages']);
  const installed = isTable(packages) ? packages : data?.at(['dependencies']);
  if (!data || data.broken || !isTable(installed)) return () => undefined;
  return (name) => {
    const paths = isTable(packages) ? [posix.join(folder, 'node_modules', name), `node_modules/${name}`] : [name];
    const item = paths.map((path) => (Object.hasOwn(installed, path) ? installed[path] : undefined)).find(isTable);
    return item === undefined ? 'absent' : item['dev'] === true ? 'development' : 'production';
  };
};

/** Of versions 2 and 3 the path of every package is its key; of version 1 packages lie inside of each other. */
const releases: Manager['releases'] = (project, lockfile, name) => {
  const data = readData(project, lockfile);
  const packages = data?.at(['packages']);
  const found = isTable(packages)
    ? Object.entries(packages).flatMap(([path, item]) => (path.endsWith(`node_modules/${name}`) ? [item] : []))
    : nested(data?.at(['dependencies']), name);
  return found.flatMap((item) => (isTable(item) && typeof item['version'] === 'string' ? [item['version']] : []));
};

const nested = (dependencies: unknown, name: string): readonly unknown[] =>
  isTable(dependencies)
    ? Object.entries(dependencies).flatMap(([own, item]) => [
        ...(own === name ? [item] : []),
        ...(isTable(item) ? nested(item['dependencies'], name) : []),
      ])
    : [];

/** `--omit` came with npm 7, and npm 7 with Node.js 15: before, it is passed over, and everything is installed (docs.npmjs.com, "npm install"). */
const withoutDevelopment = (runtime: string | undefined): string =>
  isAtLeast(15, runtime) ? '--omit=dev' : '--only=production';

/** `npm ci` came with npm 5.7, which 8.12 and 10 were the first to bring; 9 ended with 5.6 (nodejs.org, "Previous releases"). */
const hasClean = (runtime: string | undefined): boolean =>
  isAtLeast(10, runtime) || runtime === '8' || (coerce(runtime) ? satisfies(coerce(runtime) ?? '', '^8.12.0') : false);

export const manager: Manager = {
  brought,
  reached,
  releases,
  locked,
  engineConstraints: (project, root, lockfile) => (isStrict(project, root) ? inPackageLock(project, lockfile) : []),
  lockfiles: [
    { path: 'package-lock.json', format: 'text' },
    { path: 'npm-shrinkwrap.json', format: 'text' },
  ],
  besideMember: (project, lockfile, { folder }, name) =>
    readData(project, lockfile)?.at(['packages', `${folder}/node_modules/${name}`]) !== undefined,
  reads: (project, root) => [...existingFiles(project, root, ['.npmrc']), ...below(project, root, 'patches')],
  version: (project, root) => managerField(project, root, detection.name),
  installFlags: ['--legacy-peer-deps', '--force'],
  install: ({ lockfile, production, tokens, ignoreScripts, member, flags = [], runtimeVersion }) => ({
    argv: [
      'npm',
      lockfile && hasClean(runtimeVersion) ? 'ci' : 'install',
      ...(production ? [withoutDevelopment(runtimeVersion)] : []),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      ...(member ? ofMember(member, production) : []),
      ...flags,
    ],
    mounts: [cache, ...secrets(tokens)],
    why: lockfile
      ? `exactly the versions in ${lockfile}${production ? ', without development dependencies' : ''}`
      : 'no lockfile: two builds can install different versions',
  }),
  shared,
  prune: ({ runtimeVersion }) => ({
    argv: ['npm', 'prune', withoutDevelopment(runtimeVersion), '--ignore-scripts'],
    mounts: [cache],
  }),
  rebuild: () => ['npm', 'rebuild'],
  // `npm rebuild` without names runs those of the project that stand around installing, too (npm 7 and later)
  stripScripts: (names, members) => [
    ...['npm', 'pkg', 'delete', ...names.map((name) => `scripts.${name}`)],
    ...(members ? ['--workspaces', '--include-workspace-root'] : []),
  ],
  exec: (argv) => ['npx', '--no-install', ...argv],
  publish: ({ access, registry }) => ({
    look: ['npm', 'pack', '--dry-run'],
    login: ['npm', 'login', ...(registry ? [`--registry=${registry}`] : [])],
    send: [
      'npm',
      'publish',
      ...(access ? [`--access=${access}`] : []),
      ...(registry ? [`--registry=${registry}`] : []),
    ],
  }),
  // of version 1 a lockfile has only what is installed
  listed: (project, lockfile) => {
    const packages = readData(project, lockfile)?.at(['packages']);
    const folders = isTable(packages) ? Object.keys(packages) : undefined;
    return folders && new Set(folders.filter((folder) => folder !== '' && !folder.includes('node_modules/')));
  },
  memberLinks: (name) => [`node_modules/${name}`],
  memberScript: ({ folder }, script) => ['npm', 'run', script, `--workspace=${folder}`],
  script: (name, args) => ['npm', 'run', name, ...(args.length > 0 ? ['--', ...args] : [])],
  runs: (argv, scripts) =>
    scriptRun('npm', argv, scripts, { short: ['start', 'test', 't', 'stop', 'restart'], bare: false, own: new Set() }),
};
