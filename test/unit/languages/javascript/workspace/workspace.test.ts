import { describe, expect, it } from 'vitest';
import { composeBase } from '../../../../../src/artifacts/compose.ts';
import { composeDevelopment } from '../../../../../src/artifacts/compose-dev.ts';
import { dockerfile } from '../../../../../src/artifacts/dockerfile.ts';
import { dockerignore } from '../../../../../src/artifacts/dockerignore.ts';
import { matcher } from '../../../../../src/formats/dockerignore/index.ts';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { Facts } from '../../../../../src/model/facts.ts';
import type { Image, Plan } from '../../../../../src/model/plan.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { workspaceManagers, workspaceOf } from '../../../../support/workspaces.ts';

type Files = Readonly<Record<string, string>>;

async function factsAt(files: Files, root: string): Promise<Facts> {
  const { apps } = await inspect(memoryProject(files));
  const found = apps.find((app) => app.root === root);
  if (!found) throw new Error(`${root} is none of ${apps.map((app) => app.root).join(', ')}`);
  return Facts.parse(found);
}

async function planAt(files: Files, root: string): Promise<Plan> {
  const facts = await factsAt(files, root);
  return makePlan({ facts, specification: undefined, config: {}, read: (path) => files[path] });
}

function imageOf(plan: Plan): Image {
  const image = plan.images['app'];
  if (!image) throw new Error('a plan without an image');
  return image;
}

const dockerfileAt = async (files: Files, root: string) => {
  const plan = await planAt(files, root);
  return dockerfile(plan, imageOf(plan));
};

const installs: Readonly<Record<(typeof workspaceManagers)[number], string>> = {
  npm: 'npm ci --omit=dev --workspace=apps/api\n',
  pnpm: 'pnpm install --frozen-lockfile --prod --filter=@shop/api... ',
  yarn1: 'yarn install --frozen-lockfile --production\n',
  yarn4: 'yarn workspaces focus @shop/api --production\n',
  'yarn4-pnp': 'yarn workspaces focus @shop/api --production\n',
  bun: 'bun install --frozen-lockfile --production --filter=./apps/api\n',
};

describe.each(workspaceManagers)('a workspace of %s', (manager) => {
  const files = workspaceOf(manager);

  it('holds an application for each member that starts, the one with dev alone too', async () => {
    const { apps } = await inspect(memoryProject(files));
    const kinds = apps.map(({ root, archetype }) => [root, 'value' in archetype ? archetype.value : archetype.why]);
    expect(kinds).toEqual([
      ['apps/admin', 'web-service'],
      ['apps/api', 'web-service'],
      ['apps/report', 'data-pipeline'],
      ['apps/site', 'web-app'],
    ]);
  });

  it('gives a member a deployment from the root, with the siblings that it needs in their order', async () => {
    const plan = await planAt(files, 'apps/api');
    const { path, content } = dockerfile(plan, imageOf(plan));
    expect(path).toBe('apps/api/Dockerfile');
    expect(content).toContain(installs[manager]);
    const built = ['packages/money', 'packages/prices'].map((folder) =>
      content.indexOf(`COPY ${folder} ./${folder}\n`),
    );
    expect(built[0]).toBeGreaterThan(0);
    expect(built[1]).toBeGreaterThan(built[0] ?? 0);
    expect(content).toContain('WORKDIR /app/apps/api\n');
    expect(content).not.toContain('COPY packages/unused ');
    expect(composeBase(plan).content).toContain('context: .\n      dockerfile: apps/api/Dockerfile\n');
  });

  it('sends the engine nothing that it does not need', async () => {
    const plan = await planAt(files, 'apps/api');
    const { path, content } = dockerignore(plan, imageOf(plan), Object.keys(files));
    expect(path).toBe('apps/api/Dockerfile.dockerignore');
    const drops = matcher(content.split('\n'));
    const sent = Object.keys(files).filter((file) => !drops(file));
    expect(sent).toContain('packages/prices/data/prices.json');
    expect(sent).toContain('tsconfig.base.json');
    const foreign = sent.filter((file) => /^(apps\/(admin|site|report)|packages\/unused)\//.test(file));
    // later releases of Yarn compare the lockfile with every manifest
    expect(foreign.filter((file) => !file.endsWith('/package.json'))).toEqual([]);
    if (!manager.startsWith('yarn4')) expect(foreign).toEqual([]);
  });

  it('leaves nothing in the image that only installing or building reads', async () => {
    const { content } = await dockerfileAt(files, 'apps/api');
    const removed = content.split('\n').find((line) => line.startsWith('RUN ["rm", "-rf", "') && line.includes('lock'));
    expect(removed).toContain('"packages/tsconfig"');
    expect(removed?.includes('"packages/unused"')).toBe(manager.startsWith('yarn4'));
  });
});

const member = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.2.0', ...more });
const started = { scripts: { start: 'node index.js' } };

/** A workspace with an application that names `lib` by a range. */
const named = (range: string): Files => ({
  'package.json': '{"name":"all","private":true,"workspaces":["apps/*","packages/*"]}',
  'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  'apps/api/package.json': member('api', { ...started, dependencies: { lib: range } }),
  'apps/api/index.js': 'require("node:http").createServer().listen(3000)',
  'packages/lib/package.json': member('lib'),
  'packages/lib/index.js': '',
});

const siblingsOf = async (files: Files, root = 'apps/api') =>
  detailsOf(await factsAt(files, root)).workspace?.siblings.map(({ folder }) => folder);

describe('a sibling', () => {
  it.each([
    'workspace:*',
    'workspace:^',
    '*',
    '^1.0.0',
    '1.2.0',
    'link:../../packages/lib',
    'file:../../packages/lib',
    'portal:../../packages/lib',
    'workspace:packages/lib',
  ])('is named by %s', async (range) => expect(await siblingsOf(named(range))).toEqual(['packages/lib']));

  it.each(['^2.0.0', 'npm:other@1', 'github:a/lib'])('is not meant by %s', async (range) =>
    expect(await siblingsOf(named(range))).toEqual([]),
  );

  it.each<[string, Files]>([
    ['pnpm', { 'pnpm-workspace.yaml': 'packages: ["apps/*","packages/*"]\noverrides:\n  lib: link:./packages/lib\n' }],
    ['Yarn', { 'package.json': '{"workspaces":["*/*"],"resolutions":{"lib":"portal:./packages/lib"}}' }],
    ['npm', { 'package.json': '{"workspaces":["*/*"],"overrides":{"lib":"file:packages/lib"}}' }],
  ])('takes the place of a package where the root of a workspace of %s says so', async (_manager, root) => {
    expect(await siblingsOf({ ...named('^2.0.0'), ...root })).toEqual(['packages/lib']);
    const other = Object.fromEntries(
      Object.entries(root).map(([file, text]) => [file, text.replace('"lib"', '"libs"').replace('lib:', 'libs:')]),
    );
    expect(await siblingsOf({ ...named('^2.0.0'), ...other })).toEqual([]);
  });

  it('is needed when the compiler extends it, or the sources reach into it', async () => {
    const files = {
      ...named('^2.0.0'),
      'apps/api/tsconfig.json': '{ "extends": "presets/base.json" }',
      'apps/api/index.js': 'require("node:http").createServer(require("../../packages/lib/index.js")).listen(3000)',
      'packages/presets/package.json': member('presets'),
      'packages/presets/base.json': '{}',
    };
    const { workspace } = detailsOf(await factsAt(files, 'apps/api'));
    expect(workspace?.siblings).toEqual([
      { name: 'lib', folder: 'packages/lib', runs: true },
      { name: 'presets', folder: 'packages/presets', runs: false },
    ]);
  });

  it('is built before what needs it, also in a circle', async () => {
    const build = { scripts: { build: 'tsc' } };
    const files = {
      ...named('*'),
      'packages/lib/package.json': member('lib', { ...build, dependencies: { base: '*' } }),
      'packages/base/package.json': member('base', { ...build, dependencies: { lib: '*' } }),
    };
    expect(await siblingsOf(files)).toEqual(['packages/base', 'packages/lib']);
  });
});

describe('a root that is an application', () => {
  const files: Files = {
    'package.json': JSON.stringify({
      name: 'shop',
      workspaces: ['packages/*'],
      scripts: { start: 'node server.js' },
      dependencies: { lib: '*' },
    }),
    'package-lock.json': '{"lockfileVersion":3,"packages":{"packages/lib":{},"packages/unused":{}}}',
    'server.js': 'require("node:http").createServer(require("lib")).listen(3000)',
    'packages/lib/package.json': member('lib'),
    'packages/lib/index.js':
      'module.exports = () => require("node:fs").readFileSync(require("node:path").join(__dirname, "data.txt"))',
    'packages/lib/data.txt': '',
    'packages/unused/package.json': member('unused'),
    'packages/unused/index.js': '',
  };

  it('ships with the siblings that it needs, and with no other', async () => {
    const { content } = await dockerfileAt(files, '.');
    const production = content.slice(content.indexOf('AS production'));
    expect(production).toContain('COPY packages/lib /app/packages/lib\n');
    expect(production).not.toMatch(/COPY packages |packages\/unused|data\.txt/);
    expect(production).toContain('COPY package.json server.js ./\n');
  });

  it('ships with a folder of its own that no member is in', async () => {
    const server = `${files['server.js']}; require("./routes/all.js")`;
    const { content } = await dockerfileAt({ ...files, 'server.js': server, 'routes/all.js': '' }, '.');
    expect(content.slice(content.indexOf('AS production'))).toContain('COPY routes ./routes\n');
  });
});

describe('a root that only starts its members', () => {
  const rooted = (script: string, text: string): Files => ({
    'package.json': JSON.stringify({ name: 'shop', workspaces: ['apps/*'], scripts: { dev: script } }),
    'package-lock.json': '{"lockfileVersion":3,"packages":{"apps/api":{}}}',
    'scripts/dev.mjs': text,
    'apps/api/package.json': member('api', started),
    'apps/api/index.js': 'require("node:http").createServer().listen(3000)',
  });
  const rootsOf = async (files: Files) => (await inspect(memoryProject(files))).apps.map(({ root }) => root);

  it.each([
    ['npm', "import { spawn } from 'node:child_process';\nspawn('npm.cmd', ['run', 'dev', '-w', 'api']);"],
    ['pnpm', "import { execa } from 'execa';\nawait execa('pnpm', ['--filter', 'api', 'dev']);"],
    ['bun', 'import { $ } from "zx";\nawait $`${"bun"} run --filter api dev`;'],
  ])('by a file of its own is none, with %s', async (_, text) => {
    expect(await rootsOf(rooted('node scripts/dev.mjs', text))).toEqual(['apps/api']);
  });

  it('is one where that file does the work itself', async () => {
    const text = "import http from 'node:http';\nhttp.createServer().listen(8080);";
    expect(await rootsOf(rooted('node scripts/dev.mjs', text))).toEqual(['.', 'apps/api']);
  });
});

describe('a build script of a sibling', () => {
  const scriptsOf = async (build: string) => {
    const files = { ...named('*'), 'packages/lib/package.json': member('lib', { scripts: { build } }) };
    const { workspace } = detailsOf(await factsAt(files, 'apps/api'));
    return workspace?.siblings.find(({ folder }) => folder === 'packages/lib')?.scripts ?? [];
  };

  it.each(['tsc --noEmit', 'vue-tsc -p tsconfig.json --noEmit', 'eslint . && npx tsc --noEmit'])(
    'that only checks makes nothing, and is not run: %s',
    async (build) => {
      expect(await scriptsOf(build)).toEqual([]);
    },
  );

  it.each(['tsc', 'tsc --noEmit && tsup', 'vite build'])('that makes something is run: %s', async (build) => {
    expect(await scriptsOf(build)).toEqual(['build']);
  });
});

describe('a workspace of pnpm whose root has settings and no manifest', () => {
  const files = {
    'pnpm-workspace.yaml': 'packages: ["apps/*", "packages/*"]\n',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  apps/api: {}\n  packages/lib: {}\n",
    'apps/api/package.json': member('api', { ...started, dependencies: { lib: 'workspace:*' } }),
    'apps/api/index.js': 'require("node:http").createServer(require("lib")).listen(3000)',
    'packages/lib/package.json': member('lib'),
    'packages/lib/index.js': 'module.exports = () => {};',
  };

  it('copies no manifest of the root, and one where it is there', async () => {
    const { content } = await dockerfileAt(files, 'apps/api');
    expect(content).toContain('COPY pnpm-lock.yaml pnpm-workspace.yaml ./\n');
    const whole = await dockerfileAt({ ...files, 'package.json': '{ "name": "all", "private": true }' }, 'apps/api');
    expect(whole.content).toContain('COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\n');
  });
});

describe('what lies outside of a member and its build reads', () => {
  const files = {
    ...named('*'),
    'apps/api/package.json': member('api', {
      scripts: { ...started.scripts, build: 'node ../../tools/build.mjs && vite build' },
      dependencies: { lib: '*' },
    }),
    'apps/api/tsconfig.json': '{ "extends": "../../config/tsconfig.node.json" }',
    'apps/api/vite.config.js': 'import { shared } from "../../config/vite.js"; export default shared;',
    'config/tsconfig.node.json': '{ "extends": "./tsconfig.base.json" }',
    'config/tsconfig.base.json': '{}',
    'config/vite.js': 'export const shared = {};',
    'config/unread.js': '',
    'tools/build.mjs': '',
    'data/regions.json': '{}',
    'turbo.json': '{ "globalDependencies": ["data/*.json"] }',
    'babel.config.js': '',
    'README.md': '',
    LICENSE: '',
    '.prettierrc': '{}',
    '.env': 'SECRET=1',
  };

  it('is in its build, and nothing else of the root', async () => {
    const { workspace } = detailsOf(await factsAt(files, 'apps/api'));
    expect(workspace?.outside).toEqual([
      'babel.config.js',
      'config/tsconfig.base.json',
      'config/tsconfig.node.json',
      'config/vite.js',
      'data/regions.json',
      'tools/build.mjs',
      'turbo.json',
    ]);
  });
});

describe('the folders of an application', () => {
  const alone = {
    'backend/package.json': member('backend', started),
    'backend/index.js': 'require("node:http").createServer().listen(3000)',
    'frontend/package.json': member('frontend', { scripts: { start: 'node index.js' } }),
    'frontend/index.js': 'require("node:http").createServer().listen(3001)',
  };

  it('are its own where it belongs to no workspace and reads nothing above it', async () => {
    const plan = await planAt(alone, 'backend');
    expect(imageOf(plan)).toMatchObject({ dockerfile: 'backend/Dockerfile', context: { root: 'backend' } });
    expect(dockerignore(plan, imageOf(plan), Object.keys(alone)).path).toBe('backend/.dockerignore');
    expect(composeBase(plan).content).toContain('context: ./backend\n      target');
    expect(composeDevelopment(plan).content).toContain('volumes: [./backend:/app, /app/node_modules]');
    expect(dockerfile(plan, imageOf(plan)).content).toContain('COPY package.json index.js ./\n');
  });

  it('are those of the repository where its sources read what lies above it', async () => {
    const files = {
      ...alone,
      'backend/index.js': 'require("node:http").createServer(require("../shared/handler.js")).listen(3000)',
      'shared/handler.js': 'module.exports = () => undefined',
    };
    const { path, content } = await dockerfileAt(files, 'backend');
    expect(path).toBe('backend/Dockerfile');
    expect(content).toContain('WORKDIR /app/backend\n');
    expect(content).toContain('COPY shared/handler.js /app/shared/\n');
    expect(content).toContain('COPY backend/package.json backend/index.js ./\n');
  });

  it('are the whole repository for settings of pnpm that name no members', async () => {
    const files = {
      'package.json': member('shop', started),
      'pnpm-workspace.yaml': 'onlyBuiltDependencies: []\n',
      'index.js': 'require("node:http").createServer().listen(3000)',
    };
    const plan = await planAt(files, '.');
    expect(imageOf(plan)).toMatchObject({ dockerfile: 'Dockerfile', context: { root: '.' } });
    expect(detailsOf(await factsAt(files, '.')).workspace).toBeUndefined();
  });
});
