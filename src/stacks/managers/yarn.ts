/**
 * Yarn: classic (1.x) and the later ones (2 to 4), told apart by the lockfile. With Plug'n'Play there is no node_modules, and nothing
 * but Yarn's own loader finds a package: an image gets node_modules instead, through the setting that Yarn has for it.
 */
import type { Known } from '../../model/evidence.ts';
import type { Mount } from '../../model/plan.ts';
import type { Project } from '../../project/project.ts';
import type { Manager, Recognise } from '../contract.ts';
import { below, managerField, scriptRun, there } from '../support/packages.ts';

export const recognise: Recognise = {
  name: 'yarn',
  title: 'Yarn',
  role: 'manager',
  files: ['yarn.lock'],
  fields: ['packageManager=yarn@'],
};

const classic = '1.22.22';
const berry = '4.18.1';

function version(project: Project, root: string): Known<string> | undefined {
  const named = managerField(project, root, recognise.name);
  if (named) return named;
  const file = [root === '.' ? 'yarn.lock' : `${root}/yarn.lock`, 'yarn.lock'].find((one) => project.has(one));
  const head = file && project.read(file)?.slice(0, 400);
  if (!file || !head) return undefined;
  const later = /^__metadata:/m.test(head);
  const why = later ? 'its form is that of Yarn 2 and later' : 'its form is that of Yarn 1';
  return { value: later ? berry : classic, by: 'detected', from: [{ file, why }] };
}

const isClassic = (release: string | undefined): boolean => release === undefined || release.startsWith('1.');

const caches = {
  // two installs at a time spoil its files: stages that install wait for each other
  classic: { type: 'cache', target: '/usr/local/share/.cache/yarn', sharing: 'locked' },
  berry: { type: 'cache', target: '/root/.yarn/berry/cache', sharing: 'locked' },
} satisfies Record<string, Mount>;

const modules = { YARN_NODE_LINKER: 'node-modules' };

export const manager: Manager = {
  lockfiles: [{ path: 'yarn.lock', format: 'text' }],
  reads: (project, root) => [
    ...there(project, root, ['.npmrc', '.yarnrc', '.yarnrc.yml']),
    ...['.yarn/releases', '.yarn/plugins', '.yarn/patches', 'patches'].flatMap((folder) =>
      below(project, root, folder),
    ),
  ],
  version,
  brings: ({ runtimeVersion, version: asked }) => {
    if (!isClassic(asked)) {
      return {
        argv: ['npm', 'install', '--global', '--force', `@yarnpkg/cli-dist@${asked}`],
        why: 'the release of Yarn that the project is kept with; over the old one that some images have',
      };
    }
    // images of Node.js have Yarn 1 up to line 24 (docker-node, README)
    if (Number(runtimeVersion.split('.')[0]) <= 24) return undefined;
    return { argv: ['npm', 'install', '--global', `yarn@${asked ?? classic}`], why: 'the image has no Yarn any more' };
  },
  install: ({ lockfile, production, tokens, ignoreScripts, version: asked }) => {
    const secrets = tokens.map((token): Mount => ({ type: 'secret', id: token, env: token }));
    const why = lockfile
      ? `exactly what ${lockfile} says${production ? ', without development dependencies' : ''}`
      : 'there is no lockfile: two builds can give different versions';
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
      ? ['yarn', 'workspaces', 'focus', '--all', '--production']
      : ['yarn', 'install', ...(lockfile ? ['--immutable'] : [])];
    return {
      argv,
      mounts: [caches.berry, ...secrets],
      env: { ...modules, ...(ignoreScripts ? { YARN_ENABLE_SCRIPTS: 'false' } : {}) },
      why,
    };
  },
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
