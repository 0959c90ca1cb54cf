/**
 * Yarn: classic (1.x) and modern (2 to 4), distinguished by the lockfile. With Plug'n'Play there are no node_modules, and only Yarn's own loader can
 * find packages, so an image gets node_modules instead, through a Yarn setting.
 */
import { posix } from 'node:path';
import { major, valid } from 'semver';
import { yarnClassic, yarnDefault, yarnPlainChecksums, yarnReleases } from '../../catalog/tools.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { UserError } from '../../model/errors.ts';
import type { Known } from '../../model/evidence.ts';
import type { Mount } from '../../model/plan.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, Locked, Manager, NotLocked } from '../contract.ts';
import { lockedGraph } from '../support/locked-graph.ts';
import { below, existingFiles, managerField, scriptRun } from '../support/packages.ts';

export const detection: Detection = {
  name: 'yarn',
  title: 'Yarn',
  role: 'manager',
  files: ['yarn.lock'],
  fields: ['packageManager=yarn@'],
};

function version(project: Project, root: string): Known<string> | undefined {
  return managerField(project, root, detection.name) ?? ownRelease(project, root) ?? ofLockfile(project, root);
}

/** The release that the project carries with it: `yarnPath` of `.yarnrc.yml` names its file. */
function ownRelease(project: Project, root: string): Known<string> | undefined {
  const file = nearest(project, root, '.yarnrc.yml');
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined) return undefined;
  const path = yarnPath(text, file);
  const name = typeof path === 'string' ? posix.basename(path) : '';
  const release = /^yarn-([^/]+)\.[cm]?js$/.exec(name)?.[1];
  const value = release === undefined ? null : valid(release);
  // not all releases of Yarn 2 are on npm; any later one hands over to the file of the project
  if (value === null || major(value) < 3) return undefined;
  return { value, by: 'detected', from: [{ file, why: `yarnPath is ${path}` }] };
}

const yarnPath = (text: string, file: string): unknown => settingOf(text, file, 'yarnPath');

/** Whether a normalized path leads to a file of the folder that it starts from. */
const isInside = (path: string): boolean => path !== '.' && !/^(\.\.)?\//.test(path);

/** Plugins that `.yarnrc.yml` names by their files: Yarn loads them before it does anything (yarnpkg.com/configuration/yarnrc#plugins). */
function pluginsNamed(project: Project, root: string): readonly string[] {
  const file = pathIn(root, '.yarnrc.yml');
  const plugins = settingOf(project.read(file) ?? '', file, 'plugins');
  const paths = (Array.isArray(plugins) ? plugins : []).map((plugin: unknown) =>
    isTable(plugin) ? plugin['path'] : plugin,
  );
  return paths.flatMap((path) => (typeof path === 'string' ? [posix.normalize(path)] : [])).filter(isInside);
}

function settingOf(text: string, file: string, key: string): unknown {
  try {
    const { value } = parseYaml(text, file);
    return isTable(value) ? value[key] : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A frozen install refuses a lockfile that it would write in another form, so the form decides. */
function ofLockfile(project: Project, root: string): Known<string> | undefined {
  const file = nearest(project, root, 'yarn.lock');
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || !text) return undefined;
  const known = (value: string, why: string): Known<string> => ({ value, by: 'detected', from: [{ file, why }] });
  const head = text.slice(0, 400).split(/\r?\n/);
  const metadata = head.indexOf('__metadata:');
  if (metadata === -1) return known(yarnClassic, 'it has the format of Yarn 1');
  const form = head.slice(metadata).flatMap((line) => /^ {2}version: (\d+)$/.exec(line)?.[1] ?? [])[0] ?? '';
  const plain = form === '8' && /^ {2}checksum: [0-9a-f]+\r?$/m.test(text);
  const release = plain ? yarnPlainChecksums : yarnReleases[form];
  return known(release ?? yarnDefault, 'it has the format of Yarn 2 and later');
}

/** A file of the app's folder, or else of the repository's root. */
const nearest = (project: Project, root: string, name: string): string | undefined =>
  [root === '.' ? name : `${root}/${name}`, name].find((file) => project.has(file));

const isClassic = (release: string | undefined): boolean => release === undefined || release.startsWith('1.');

const caches = {
  // two installs at a time spoil its files: stages that install wait for each other
  classic: { type: 'cache', target: '/usr/local/share/.cache/yarn', sharing: 'locked' },
  berry: { type: 'cache', target: '/root/.yarn/berry/cache', sharing: 'locked' },
} satisfies Record<string, Mount>;

const modules = { YARN_NODE_LINKER: 'node-modules' };

/**
 * Every entry of either form begins with the ranges that it answers: `"a@^1, a@^1.2":`. What the project overrides by `resolutions`, what
 * lies in a folder, and what is a package of this very repository need no entry of their range.
 */
function locked(project: Project, _root: string, lockfile: string): Locked | NotLocked {
  const text = project.read(lockfile) ?? '';
  if (!/^# yarn lockfile v1$|^__metadata:/m.test(text))
    return { unknown: `${lockfile} is not a lockfile written by Yarn`, broken: true };
  const heads = [...text.matchAll(/^(?![#\s])(.+):\s*$/gm)].map((match) => (match[1] ?? '').replaceAll('"', ''));
  const answers = new Set(heads.flatMap((head) => head.split(/,\s*/)));
  const names = new Set([...answers].map((answer) => answer.replace(/(?<=.)@.*$/s, '')));
  const excused = excusedOf(project, lockfile);
  return {
    wrong: (name, range) => {
      if (excused.has(name) || /^(workspace|link|portal|file|patch|exec):/.test(range)) return undefined;
      if (answers.has(`${name}@${range}`) || answers.has(`${name}@npm:${range}`)) return undefined;
      if (!names.has(name)) return 'it is not in there';
      // an address or a name of a catalogue is written in another way there
      return range === '' || /[:/]/.test(range) ? undefined : 'it is in there for other ranges';
    },
  };
}

/** Either form has the release in the line below the head of an entry: `  version "1.2.3"`, `  version: 1.2.3`. */
const releases = (project: Project, lockfile: string, name: string): readonly string[] => {
  const lines = (project.read(lockfile) ?? '').split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const isOne = line.startsWith(`${name}@`) || line.startsWith(`"${name}@`);
    return (isOne && /^ {2}version:? "?([^"\s]+)"?$/.exec(lines[at + 1] ?? '')?.[1]) || [];
  });
};

/** All packages lie in one folder, those that others ask for too. */
const reached: Manager['reached'] = (project, lockfile, _folder, production) => {
  const graph = lockedGraph(project.read(lockfile) ?? '', 0);
  const shipped = graph.reachedFrom(production);
  return (name) => (shipped.has(name) ? 'production' : graph.has(name) ? 'development' : 'absent');
};

const brought: Manager['brought'] = (project, lockfile, name) => {
  const [release] = releases(project, lockfile, name);
  return release === undefined ? undefined : { path: `node_modules/${name}`, release };
};

/** Patches that ranges of the manifest name: `patch:left-pad@npm%3A1.3.0#./fixes/left-pad.patch`, from the root with `~/`. */
function patchesNamed(project: Project, root: string): readonly string[] {
  const manifest = readData(project, pathIn(root, 'package.json'));
  const ranges = ['dependencies', 'devDependencies', 'resolutions'].flatMap((group) =>
    Object.values(manifest?.texts([group]) ?? {}),
  );
  const files = ranges.flatMap((range) => (range.startsWith('patch:') ? (range.split('#')[1] ?? '').split('&') : []));
  const paths = files.map((file) => posix.normalize((file.split('::')[0] ?? '').replace(/^~\//, '')));
  return [...new Set(paths)].filter(isInside).sort();
}

function excusedOf(project: Project, lockfile: string): ReadonlySet<string> {
  const root = readData(project, posix.join(posix.dirname(lockfile), 'package.json'));
  const resolved = Object.keys(root?.texts(['resolutions']) ?? {}).map(resolvedName);
  if (root?.at(['workspaces']) === undefined) return new Set(resolved);
  const manifests = project.files().filter((file) => file.endsWith('/package.json'));
  const siblings = manifests.flatMap((file) => readData(project, file)?.text(['name']) ?? []);
  return new Set([...resolved, ...siblings]);
}

/** The package that a resolution is for: the last one of `a/**\/@b/c@npm:^1`. */
const resolvedName = (key: string): string => /(?<![^/@])(@[^/@]+\/)?[^/@]+(?=@|$)/.exec(key)?.[0] ?? key;

/** The folder of a member in a line of a lockfile: `  resolution: "@shop/api@workspace:apps/api"`. */
function workspaceFolder(line: string): string | undefined {
  const resolution = /^ {2}resolution: "([^"]*)"/.exec(line)?.[1];
  const at = resolution?.lastIndexOf('@workspace:') ?? -1;
  return at > 0 ? resolution?.slice(at + '@workspace:'.length) : undefined;
}

export const manager: Manager = {
  // Yarn has no such command of its own in its first release: npm runs the scripts of what lies in node_modules
  rebuild: () => ['npm', 'rebuild'],
  stripScripts: (scripts) => ['npm', 'pkg', 'delete', ...scripts.map((name) => `scripts.${name}`)],
  brought,
  reached,
  releases,
  locked,
  lockfiles: [{ path: 'yarn.lock', format: 'text' }],
  reads: (project, root) => {
    const folders = ['.yarn/releases', '.yarn/plugins', '.yarn/patches', 'patches'].flatMap((folder) =>
      below(project, root, folder),
    );
    const named = existingFiles(project, root, [...patchesNamed(project, root), ...pluginsNamed(project, root)]);
    return [
      ...existingFiles(project, root, ['.npmrc', '.yarnrc', '.yarnrc.yml']),
      ...folders,
      ...named.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`))),
    ];
  },
  version,
  installInto: ({ runtime, runtimeVersion, version: asked }) => {
    if (!isClassic(asked)) {
      return {
        argv: ['npm', 'install', '--global', '--force', `@yarnpkg/cli-dist@${asked}`],
        why: 'the version of Yarn that the project uses, replacing the old one in some images',
      };
    }
    // beside another runtime lies what /usr/local of an image of Node.js has: its Yarn is a link from there to a folder that is missing
    if (runtime !== 'node')
      return {
        argv: ['npm', 'install', '--global', '--force', `yarn@${asked ?? yarnClassic}`],
        why: 'the runtime image does not include Yarn',
      };
    // images of Node.js have Yarn 1 up to line 24 (docker-node, README)
    if (Number(runtimeVersion.split('.')[0]) <= 24) return undefined;
    return {
      argv: ['npm', 'install', '--global', `yarn@${asked ?? yarnClassic}`],
      why: 'the image no longer includes Yarn',
    };
  },
  install: ({ lockfile, production, tokens, ignoreScripts, version: asked, member }) => {
    const secrets = tokens.map((token): Mount => ({ type: 'secret', id: token, env: token }));
    const why = lockfile
      ? `exactly the versions in ${lockfile}${production ? ', without development dependencies' : ''}`
      : 'no lockfile: two builds can install different versions';
    if (isClassic(asked)) {
      const argv = [
        'yarn',
        'install',
        ...(lockfile ? ['--frozen-lockfile'] : []),
        ...(production ? ['--production'] : []),
        ...(ignoreScripts ? ['--ignore-scripts'] : []),
      ];
      return { argv, mounts: [caches.classic, ...secrets], why };
    }
    const argv = production
      ? ['yarn', 'workspaces', 'focus', member ? member.name : '--all', '--production']
      : ['yarn', 'install', ...(lockfile ? ['--immutable'] : [])];
    return {
      argv,
      mounts: [caches.berry, ...secrets],
      env: { ...modules, ...(ignoreScripts ? { YARN_ENABLE_SCRIPTS: 'false' } : {}) },
      why,
    };
  },
  stopsWithoutTokens: true,
  prune: ({ version: asked }) =>
    isClassic(asked)
      ? { argv: ['yarn', 'install', '--production', '--ignore-scripts', '--prefer-offline'], mounts: [caches.classic] }
      : {
          argv: ['yarn', 'workspaces', 'focus', '--all', '--production'],
          mounts: [caches.berry],
          env: { ...modules, YARN_ENABLE_SCRIPTS: 'false' },
        },
  exec: (argv) => ['yarn', 'run', ...argv],
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
  everyManifest: (asked) => !isClassic(asked),
  // its commands look for what the linker of the settings would have made
  workspaceEnv: (asked) => (isClassic(asked) ? {} : modules),
  // since 2 it writes the programs of packages into the temporary folder as scripts of the shell, and runs those (@yarnpkg/core, scriptUtils)
  scriptEnv: (asked) => (isClassic(asked) ? {} : { TMPDIR: '/var/tmp' }),
  focuses: (asked) => !isClassic(asked),
  listed: (project, lockfile) => {
    const text = project.read(lockfile) ?? '';
    if (!/^__metadata:/m.test(text)) return undefined;
    return new Set(text.split('\n').flatMap((line) => workspaceFolder(line) ?? []));
  },
  memberLinks: (name, asked) => (isClassic(asked) ? [`node_modules/${name}`] : []),
  memberScript: ({ name }, script) => ['yarn', 'workspace', name, 'run', script],
  script: (name, args) => ['yarn', 'run', name, ...args],
  runs: (argv, scripts) =>
    scriptRun('yarn', argv, scripts, {
      short: ['start', 'test'],
      bare: true,
      own: new Set([
        'install',
        'add',
        'remove',
        'dlx',
        'exec',
        'node',
        'npm',
        'pack',
        'publish',
        'workspace',
        'workspaces',
        'set',
        'up',
        'why',
        'init',
        'create',
        'link',
        'config',
        'cache',
        'audit',
      ]),
    }),
};
