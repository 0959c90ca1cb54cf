/** pnpm: `pnpm-lock.yaml`. No base image includes it, so npm installs the version that the project declares. */
import { posix } from 'node:path';
import { gte, lt, valid } from 'semver';
import { pnpmDefault, pnpmReleases } from '../../catalog/tools.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { UserError } from '../../model/errors.ts';
import type { Evidence, Known } from '../../model/evidence.ts';
import type { Mount } from '../../model/plan.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readSettings } from '../../project/settings.ts';
import type { Detection, Locked, Manager, NotLocked } from '../contract.ts';
import { inPnpmLock, isStrict } from '../support/engine-constraints.ts';
import { lockedGraph } from '../support/locked-graph.ts';
import { folderIn, groups, literally, textsOf } from '../support/lockfiles.ts';
import { below, existingFiles, managerField, scriptRun } from '../support/packages.ts';

export const detection: Detection = {
  name: 'pnpm',
  title: 'pnpm',
  role: 'manager',
  files: ['pnpm-lock.yaml'],
  fields: ['packageManager=pnpm@'],
};

function version(project: Project, root: string): Known<string> | undefined {
  const named = managerField(project, root, detection.name);
  if (named) return named;
  const file = [root === '.' ? 'pnpm-lock.yaml' : `${root}/pnpm-lock.yaml`, 'pnpm-lock.yaml'].find((value) =>
    project.has(value),
  );
  const written = file && /^lockfileVersion:\s*['"]?(\d+\.\d+)/m.exec(project.read(file)?.slice(0, 2000) ?? '')?.[1];
  const release = written && pnpmReleases[written];
  if (!file || !release) return undefined;
  return { value: release, by: 'detected', from: [{ file, line: 1, why: `its lockfileVersion is ${written}` }] };
}

/** Where packages are kept between builds; pnpm's own place would be in the layer. */
const store = '/root/.local/share/pnpm/store';
const cache: Mount = { type: 'cache', target: store };

/**
 * What stands above `packages`: the ranges of each folder, as package.json has them. An override takes the place of a range. A frozen
 * install wants them to be the very same.
 */
function locked(project: Project, root: string, lockfile: string): Locked | NotLocked {
  const head = headOf(project.read(lockfile) ?? '', lockfile);
  if (!isTable(head) || head['lockfileVersion'] === undefined)
    return { unknown: `${lockfile} is not a lockfile written by pnpm`, broken: true };
  const folder = folderIn(lockfile, root) || '.';
  const importers = head['importers'];
  const entry = isTable(importers) ? importers[folder] : folder === '.' ? head : undefined;
  if (!isTable(entry)) return literally({}, new Set());
  // versions 5 of the form have the ranges in a table of their own
  const written = groups.flatMap((group) =>
    Object.entries(isTable(entry[group]) ? entry[group] : {}).flatMap(([name, item]): [string, string][] =>
      isTable(item) && typeof item['specifier'] === 'string' ? [[name, item['specifier']]] : [],
    ),
  );
  const ranges = { ...textsOf(entry['specifiers']), ...Object.fromEntries(written) };
  return literally(ranges, new Set(Object.keys(textsOf(head['overrides'])).map(overridden)));
}

/** The package that an override is for: `a>b@1` is for b. */
const overridden = (key: string): string => {
  const spec = key.split('>').at(-1) ?? '';
  const version = spec.indexOf('@', 1);
  return version === -1 ? spec : spec.slice(0, version);
};

/** The packages make most of a lockfile, and only what is above them is wanted; a document before the last is pnpm's own. */
function headOf(text: string, file: string): unknown {
  // every application of a workspace asks for the same one, and it has an entry of each member
  if (lastHead?.text !== text) lastHead = { text, head: readHead(text, file) };
  return lastHead.head;
}

let lastHead: { readonly text: string; readonly head: unknown } | undefined;

function readHead(text: string, file: string): unknown {
  const own = text.split(/^---\s*$/m).at(-1) ?? '';
  try {
    return parseYaml(own.split(/^(?:packages|snapshots):/m)[0] ?? '', file).value;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Files that the settings name: patches of packages, wherever they lie, and what else changes how packages are resolved. */
function filesNamed(project: Project, root: string): readonly string[] {
  const settings = readSettings(project, pathIn(root, 'pnpm-workspace.yaml')) ?? {};
  const patches = {
    ...readData(project, pathIn(root, 'package.json'))?.texts(['pnpm', 'patchedDependencies']),
    ...textsOf(settings['patchedDependencies']),
  };
  const hook = settings['pnpmfile'];
  const files = [...Object.values(patches), ...(typeof hook === 'string' ? [hook] : [])];
  return [...new Set(files.map((file) => posix.normalize(file)))].filter((file) => !/^(\.\.)?\//.test(file)).sort();
}

/** Settings by which a project says whose scripts run (https://pnpm.io/settings#onlybuiltdependencies). */
const aboutBuilds = [
  'onlyBuiltDependencies',
  'onlyBuiltDependenciesFile',
  'neverBuiltDependencies',
  'ignoredBuiltDependencies',
  'allowBuilds',
  'dangerouslyAllowAllBuilds',
];

function saysWhatIsBuilt(project: Project, root: string): boolean {
  const manifests = [...new Set([root === '.' ? 'package.json' : `${root}/package.json`, 'package.json'])];
  const settings = project.read('pnpm-workspace.yaml') ?? '';
  return (
    manifests.some((file) => aboutBuilds.some((name) => readData(project, file)?.at(['pnpm', name]) !== undefined)) ||
    /^['"]?(onlyBuiltDependencies(File)?|(never|ignored)BuiltDependencies|allowBuilds|dangerouslyAllowAllBuilds)['"]?\s*:/m.test(
      settings,
    )
  );
}

/** pnpm 10 runs no script of a package unless the project says so; the flag against that is there from 10.9, and 11 stops with an error instead. */
const leavesOut = (release: string): boolean =>
  valid(release) !== null && gte(release, '10.9.0') && lt(release, '11.0.0');

/** Without this setting pnpm only warns. */
const refuses = (project: Project, root: string): boolean =>
  isStrict(project, root) || /^engineStrict:\s*true\s*$/m.test(project.read('pnpm-workspace.yaml') ?? '');

/** Whether the packages of all members lie in one folder (https://pnpm.io/settings#nodelinker). */
const isHoisted = (project: Project, root: string): boolean =>
  readSettings(project, pathIn(root, 'pnpm-workspace.yaml'))?.['nodeLinker'] === 'hoisted' ||
  (project.read(pathIn(root, '.npmrc')) ?? '')
    .split('\n')
    .some((line) => /^node-linker\s*=\s*hoisted$/.test(line.trim()));

/**
 * Keys of packages in all forms of its lockfile: `  webpack@5.50.0:`, `  /webpack@5.50.0(x@1.0.0):` and, before version 6, `  /webpack/5.50.0_x@1.0.0:`.
 * A row at a time: a lockfile is far too long to be read as a whole.
 */
const releases = (project: Project, lockfile: string, name: string): readonly string[] => {
  const found = (project.read(lockfile) ?? '').split('\n').flatMap((row) => {
    const key = /^ {2}['"]?\/?([^\s'"].*?)['"]?:(?: \{\})?\s*$/.exec(row)?.[1];
    if (key === undefined || !(key.startsWith(`${name}@`) || key.startsWith(`${name}/`))) return [];
    const release = /^\d[^(_/]*/.exec(key.slice(name.length + 1))?.[0];
    return release === undefined ? [] : [release];
  });
  return [...new Set(found)];
};

/** Settings by which packages lie beside the app that it does not name (https://pnpm.io/settings#publichoistpattern). */
const hoists = (project: Project, root: string): boolean => {
  const settings = readSettings(project, pathIn(root, 'pnpm-workspace.yaml')) ?? {};
  const lines = (project.read(pathIn(root, '.npmrc')) ?? '').split('\n').map((line) => line.trim());
  return (
    isHoisted(project, root) ||
    ['shamefullyHoist', 'publicHoistPattern'].some((key) => settings[key] !== undefined && settings[key] !== false) ||
    lines.some((line) => /^(shamefully-hoist\s*=\s*true|public-hoist-pattern\b.*)$/.test(line))
  );
};

/** What the app does not name lies beside those that ask for it, unless settings say otherwise. */
const reached: Manager['reached'] = (project, lockfile, _folder, production) => {
  const graph = lockedGraph(project.read(lockfile) ?? '', 2);
  if (!hoists(project, posix.dirname(lockfile))) return (name) => (graph.has(name) ? 'apart' : 'absent');
  const shipped = graph.reachedFrom(production);
  return (name) => (shipped.has(name) ? 'production' : graph.has(name) ? 'development' : 'absent');
};

/** An entry of the lockfile begins with `name@release`, in older forms with `/name@release` or `/name/release`. */
const brought: Manager['brought'] = (project, lockfile, name) => {
  const release = releases(project, lockfile, name).find((release) => valid(release) !== null);
  const folder = isHoisted(project, posix.dirname(lockfile)) ? '' : 'node_modules/.pnpm/';
  return release === undefined ? undefined : { path: `${folder}node_modules/${name}`, release };
};

/** https://pnpm.io/settings#sharedworkspacelockfile */
function lockfileOfEach(project: Project, root: string): Evidence | undefined {
  const settings = pathIn(root, 'pnpm-workspace.yaml');
  if (readSettings(project, settings)?.['sharedWorkspaceLockfile'] === false)
    return { file: settings, why: 'it sets sharedWorkspaceLockfile to false' };
  const file = pathIn(root, '.npmrc');
  const lines = (project.read(file) ?? '').split('\n');
  const at = lines.findIndex((line) => /^shared-workspace-lockfile\s*=\s*false$/.test(line.trim()));
  return at === -1 ? undefined : { file, line: at + 1, why: 'it sets shared-workspace-lockfile to false' };
}

export const manager: Manager = {
  locked,
  releases,
  engineConstraints: (project, root, lockfile) => (refuses(project, root) ? inPnpmLock(project, lockfile) : []),
  lockfiles: [{ path: 'pnpm-lock.yaml', format: 'text' }],
  reads: (project, root) => {
    const usual = [
      ...existingFiles(project, root, ['.npmrc', 'pnpm-workspace.yaml', '.pnpmfile.cjs', '.pnpmfile.mjs']),
      ...below(project, root, 'patches'),
    ];
    const named = existingFiles(project, root, filesNamed(project, root));
    return [
      ...usual,
      ...named.filter((file) => !usual.some((value) => file === value || file.startsWith(`${value}/`))),
    ];
  },
  version,
  notBuilt: (project, root, asked, names) =>
    names.length > 0 && leavesOut(asked ?? pnpmDefault) && !saysWhatIsBuilt(project, root) ? names : [],
  installInto: ({ version: asked }) => ({
    argv: ['npm', 'install', '--global', `pnpm@${asked ?? pnpmDefault}`],
    why: asked ? 'the version of pnpm that the project uses' : 'the image does not include pnpm',
  }),
  install: ({ lockfile, production, tokens, ignoreScripts, member, build = [] }) => ({
    argv: [
      'pnpm',
      'install',
      ...(lockfile ? ['--frozen-lockfile'] : ['--no-frozen-lockfile']),
      ...(production ? ['--prod'] : []),
      ...(ignoreScripts ? ['--ignore-scripts'] : build.length > 0 ? ['--dangerously-allow-all-builds'] : []),
      // all that is there is installed for building; what runs is the application with what it depends on
      ...(member && production && member.folder !== '.' ? [`--filter=${member.name}...`] : []),
      `--store-dir=${store}`,
    ],
    mounts: [cache, ...tokens.map((token): Mount => ({ type: 'secret', id: token, env: token }))],
    // since 10.34 and 11.5 pnpm reads variables in the settings of a user alone (https://pnpm.io/npmrc); an image has no other user
    ...(tokens.length > 0 ? { env: { NPM_CONFIG_USERCONFIG: '.npmrc' } } : {}),
    why: [
      lockfile
        ? `exactly the versions in ${lockfile}${production ? ', without development dependencies' : ''}`
        : 'no lockfile: two builds can install different versions',
      ...(build.length > 0 && !ignoreScripts
        ? [`${build.join(', ')} has an install script, which pnpm 10 does not run unless the project allows it`]
        : []),
    ].join('; '),
  }),
  // `prunedAt` and `lastValidatedTimestamp`
  timestampFiles: [
    'node_modules/.modules.yaml',
    'node_modules/.pnpm-workspace-state.json',
    'node_modules/.pnpm-workspace-state-v1.json',
  ],
  prune: () => ({
    argv: ['pnpm', 'prune', '--prod', '--ignore-scripts'],
    mounts: [cache],
    // it has no flag for the store, which must be that of the install; from release 11 on variables of pnpm have names of its own
    env: { CI: 'true', npm_config_store_dir: store, pnpm_config_store_dir: store },
  }),
  // `pnpm rebuild` without names runs those of the project, too
  stripScripts: (scripts) => ['npm', 'pkg', 'delete', ...scripts.map((name) => `scripts.${name}`)],
  exec: (argv) => ['pnpm', 'exec', ...argv],
  publish: ({ access, registry }) => ({
    look: ['pnpm', 'pack', '--dry-run'],
    login: ['npm', 'login', ...(registry ? [`--registry=${registry}`] : [])],
    send: [
      'pnpm',
      'publish',
      ...(access ? [`--access=${access}`] : []),
      ...(registry ? [`--registry=${registry}`] : []),
    ],
  }),
  brought,
  reached,
  besideMember: (project, _lockfile, { root }) => !isHoisted(project, root),
  lockfileOfEach,
  listed: (project, lockfile) => {
    const head = headOf(project.read(lockfile) ?? '', lockfile);
    const importers = isTable(head) ? head['importers'] : undefined;
    return isTable(importers) ? new Set(Object.keys(importers)) : isTable(head) ? new Set() : undefined;
  },
  membersFile: 'pnpm-workspace.yaml',
  memberLinks: (name) => [`node_modules/.pnpm/node_modules/${name}`],
  memberScript: ({ folder }, script) => ['pnpm', `--dir=${folder}`, 'run', script],
  script: (name, args) => ['pnpm', 'run', name, ...args],
  runs: (argv, scripts) =>
    scriptRun('pnpm', argv, scripts, {
      short: ['start', 'test', 't'],
      bare: true,
      own: new Set([
        'install',
        'i',
        'add',
        'exec',
        'dlx',
        'publish',
        'pack',
        'rebuild',
        'prune',
        'deploy',
        'fetch',
        'link',
        'update',
        'up',
        'why',
        'list',
        'ls',
        'audit',
        'outdated',
        'init',
        'create',
        'store',
        'config',
      ]),
    }),
};
