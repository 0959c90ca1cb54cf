import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const app = (config: string, more: Files = {}, scripts: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'notes',
    scripts: { build: 'next build', start: 'next start', ...scripts },
    engines: { node: '24' },
    dependencies: { next: '16.4.6', react: '19.2.0', pg: '8.16.3' },
  }),
  'next.config.mjs': `import { flags } from './flags.mjs';\nexport default { ${config} };\n`,
  'flags.mjs': 'export const flags = {};\n',
  'src/app/page.tsx':
    "import { db } from './db';\nexport default async () => <b>{process.env.NEXT_PUBLIC_TEAM}{await db()}</b>;\n",
  'src/app/db.ts':
    "import pg from 'pg';\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nexport const db = () => pool.query('select 1');\n",
  ...more,
});
const planOf = async (files: Files) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });

describe('Next.js', () => {
  it('is a web app whose routes are its sources, with a server that Next makes', async () => {
    const facts = await factsOf(app("output: 'standalone'"));
    expect(said(facts.archetype)).toBe('web-app');
    expect(said(facts.entry)).toBe('src/app/page.tsx');
    expect(said(facts.port)).toEqual({ number: 3000, variable: 'PORT' });
    expect(facts.services.map(({ service }) => service)).toEqual(['postgres']);
    expect(detailsOf(facts).fullStack?.value).toMatchObject({
      output: '.next/standalone',
      start: ['node', 'server.js'],
    });
  });

  it('is given values for its pages while it is built, and the others when it starts', async () => {
    const { images, workloads } = await planOf(app("output: 'standalone'"));
    expect(Object.keys(images['app']?.args ?? {})).toEqual(['NEXT_PUBLIC_TEAM']);
    expect(Object.keys(workloads['app']?.env ?? {})).toContain('DATABASE_URL');
    expect(workloads['app']).toMatchObject({ shape: 'service', readOnly: true });
    expect(workloads['app']?.writable.map(({ path, kind }) => [path, kind])).toContainEqual([
      '/app/.next/cache',
      'tmpfs',
    ]);
  });

  it('without standalone output runs beside the packages of production and its settings, with what those import', async () => {
    const plan = await planOf(app('reactStrictMode: true', {}, { start: 'next start -p 4000' }));
    const steps = plan.images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
    const copied = steps.flatMap((step) => (step.do === 'copy' ? step.sources : []));
    expect(copied).toEqual(expect.arrayContaining(['/app/node_modules', '/app/.next', 'next.config.mjs', 'flags.mjs']));
    expect(Object.values(plan.workloads['app']?.ports ?? {})[0]?.container).toBe(4000);
  });

  const typed = (config: string, next: string, node: string, more: Files = {}): Files => {
    const files = app('', { 'next.config.ts': config, 'tsconfig.json': '{}', ...more });
    const manifest = JSON.parse(files['package.json'] ?? '{}');
    Object.assign(manifest, { engines: { node }, devDependencies: { typescript: '5.9.3' } });
    manifest.dependencies.next = next;
    const { 'next.config.mjs': _, ...rest } = files;
    return { ...rest, 'package.json': JSON.stringify(manifest) };
  };
  const plainConfig = "import type { NextConfig } from 'next';\nexport default {} satisfies NextConfig;\n";

  it.each([
    ['before release 16', plainConfig, '^15.5.28', '24', true],
    ['on a Node.js that does not read TypeScript', plainConfig, '16.4.6', '20', true],
    ['where they import files of the app', "import './flags';\nexport default {};\n", '16.4.6', '24', true],
    ['not where Node.js reads them', plainConfig, '16.4.6', '24', false],
  ])('carries the compiler for settings in TypeScript %s', async (_, config, next, node, carries) => {
    const plan = await planOf(typed(config, next, node, { 'flags.ts': '' }));
    const steps = plan.images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
    const copied = steps.flatMap((step) => (step.do === 'copy' ? step.sources : []));
    expect(copied).toContain('next.config.ts');
    expect(copied.includes('/app/node_modules/typescript')).toBe(carries);
    expect(copied.includes('tsconfig.json')).toBe(config.includes('./flags'));
  });

  it('carries no compiler beside settings in JavaScript, nor twice where it is a dependency of production', async () => {
    const files = typed(plainConfig, '15.5.28', '24');
    const manifest = JSON.parse(files['package.json'] ?? '{}');
    manifest.dependencies.typescript = '5.9.3';
    delete manifest.devDependencies;
    const { 'next.config.ts': _, ...rest } = typed('', '15.5.28', '24', { 'next.config.mjs': 'export default {};\n' });
    for (const one of [rest, { ...files, 'package.json': JSON.stringify(manifest) }])
      expect(JSON.stringify((await planOf(one)).images['app']?.stages)).not.toContain('node_modules/typescript');
  });

  it.each([
    ['is worked out', 'output: process.env.OUT', 'output'],
    ['traces from another folder', "output: 'standalone', outputFileTracingRoot: '..'", 'outputFileTracingRoot'],
  ])('is refused by name where its output %s', async (_, config, word) => {
    const { archetype } = await factsOf(app(config));
    expect(archetype).toMatchObject({ ask: 'archetype' });
    expect('why' in archetype && archetype.why).toContain(word);
  });

  it.each([
    [
      'fonts that a page asks a service for',
      { 'src/app/layout.tsx': "import { Inter } from 'next/font/google';\nexport default () => null;\n" },
      {},
      'next/font/local',
    ],
    [
      'fonts of a page in the other router',
      { 'pages/_app.jsx': "const { Inter } = require('next/font/google');\nexport default () => null;\n" },
      {},
      'next/font/local',
    ],
    ['engines that a dependency gets by itself', {}, { prisma: '6.19.0' }, 'PRISMA_ENGINES_MIRROR'],
    [
      'nothing where the fonts are in the project',
      { 'src/app/layout.tsx': "import font from 'next/font/local';\nexport default () => null;\n" },
      {},
      undefined,
    ],
  ] as const)('says what its build downloads: %s', async (_, more, dependencies, instead) => {
    const files = app('', more);
    const manifest = JSON.parse(files['package.json'] ?? '{}');
    Object.assign(manifest.dependencies, dependencies);
    const { notes } = await factsOf({ ...files, 'package.json': JSON.stringify(manifest) });
    const said = notes.filter(({ code }) => code === 'build-downloads').map(({ message }) => message);
    expect(said).toEqual(instead === undefined ? [] : [expect.stringContaining(instead)]);
  });

  const offersOf = async (files: Files) => (await planOf(files)).offers?.map(({ what, file }) => `${file} ${what}`);

  it('is offered standalone output where it is off, and made without it', async () => {
    const plan = await planOf(app('compress: true'));
    expect(plan.offers).toMatchObject([{ file: 'next.config.mjs', what: "`output: 'standalone'`", lines: [] }]);
    expect(plan.offers?.[0]?.edits).toHaveLength(1);
    expect(plan.edits.map(({ file }) => file)).not.toContain('next.config.mjs');
    // without settings there is no file to edit
    const { 'next.config.mjs': _, ...bare } = app('');
    expect((await planOf(bare)).offers?.[0]).toMatchObject({
      edits: [],
      lines: expect.arrayContaining(["  output: 'standalone',"]),
    });
    // where it is on nothing left to do, and a command that asks for the edit goes on working
    expect((await planOf(app("output: 'standalone'"))).offers?.[0]).toMatchObject({ edits: [], lines: [] });
  });

  it.each([
    ['may be on already', app("...(process.env.CI ? { output: 'standalone' } : {})")],
    [
      'is decided behind the object',
      { ...app(''), 'next.config.mjs': 'const c = {};\nc.output = pick();\nexport default c;\n' },
    ],
    [
      'would leave out a server of the author',
      app(
        '',
        {
          'server.js':
            "const next = require('next');\nrequire('node:http').createServer(next({}).getRequestHandler()).listen(3000);\n",
        },
        { start: 'node server.js' },
      ),
    ],
  ])('is offered no standalone output where it %s', async (_, files) => {
    expect((await offersOf(files)) ?? []).toEqual([]);
  });

  const renewing: readonly [string, string, string][] = [
    ['a time', 'src/app/tides/page.tsx', 'export const revalidate = 60;\nexport default () => null;\n'],
    [
      'what it asks for',
      'src/app/tides/page.tsx',
      "export default async () => <b>{await fetch('/t', { next: { revalidate: 5 } })}</b>;\n",
    ],
    [
      'a call',
      'src/lib/moor.ts',
      "'use server';\nimport { revalidatePath } from 'next/cache';\nexport async function moor() {\n  revalidatePath('/');\n}\n",
    ],
    [
      'the other router',
      'pages/tides.jsx',
      'export const getStaticProps = () => ({ props: {}, revalidate: 30 });\nexport default () => null;\n',
    ],
    [
      'a directive',
      'src/app/tides/page.tsx',
      "export default async function Tides() {\n  'use cache';\n  return null;\n}\n",
    ],
    [
      'paths that the build does not know',
      'src/app/[port]/page.tsx',
      'export function generateStaticParams() {\n  return [];\n}\nexport default () => null;\n',
    ],
    [
      'a page that is made when it is asked for',
      'pages/[port].jsx',
      "export const getStaticPaths = () => ({ paths: [], fallback: 'blocking' });\nexport const getStaticProps = () => ({ props: {} });\nexport default () => null;\n",
    ],
  ];

  it.each(renewing)('is offered to keep its pages in memory where they are made anew by %s', async (_, file, text) => {
    const plan = await planOf(app("output: 'standalone', experimental: { ppr: true }", { [file]: text }));
    const offer = plan.offers?.find(({ what }) => what.includes('isrFlushToDisk'));
    expect(offer?.edits).toHaveLength(1);
    expect(offer?.why).toContain(file);
  });

  it.each([
    [
      'are never made anew',
      '',
      'export const revalidate = false;\nexport const dynamicParams = false;\nexport function generateStaticParams() {\n  return [];\n}\nexport default () => null;\n',
    ],
    ['are made at each request', '', 'export const revalidate = 0;\nexport default () => null;\n'],
    [
      'go where the author says',
      "cacheHandler: './cache.js'",
      'export const revalidate = 60;\nexport default () => null;\n',
    ],
  ])('is offered nothing for pages that %s', async (_, config, page) => {
    const files = app(`output: 'standalone', ${config}`, { 'src/app/tides/page.tsx': page });
    expect((await offersOf(files))?.filter((one) => one.includes('isrFlushToDisk'))).toEqual([]);
  });

  const acting: readonly [string, string, string][] = [
    ['a module of them', 'src/lib/moor.ts', "'use server';\nexport async function moor() {}\n"],
    [
      'a function inside of a page',
      'src/app/tides/page.tsx',
      "export default () => {\n  async function moor() {\n    'use server';\n  }\n  return <form action={moor} />;\n};\n",
    ],
    [
      'an arrow',
      'src/app/tides/page.tsx',
      "const moor = async () => {\n  'use server';\n};\nexport default () => <form action={moor} />;\n",
    ],
  ];
  const actionKey = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY';
  const builtBy = ({ images }: Awaited<ReturnType<typeof planOf>>) =>
    images['app']?.stages.find(({ name }) => name === 'build')?.steps.find((step) => step.do === 'run');

  it.each(acting)('with server actions has one key in every build and at every start: %s', async (_, file, text) => {
    const plan = await planOf(app("output: 'standalone'", { [file]: text }));
    expect(plan.images['app']?.buildSecrets.map(({ env }) => env)).toEqual([actionKey]);
    expect(plan.workloads['app']?.env[actionKey]).toMatchObject({ secret: true, value: { required: true } });
    expect(plan.settings[actionKey]).toMatchObject({ generate: 'key', form: { bytes: 32, encoding: 'base64' } });
    const step = builtBy(plan);
    expect(step).toMatchObject({ mounts: expect.arrayContaining([{ type: 'secret', id: actionKey, env: actionKey }]) });
    // nothing stands in for what the build is given
    expect(step?.do === 'run' && Object.keys(step.env ?? {})).not.toContain(actionKey);
    expect(step?.do === 'run' && step.after?.join('\n')).toContain('.next');
    expect(plan.images['app']?.varies?.what).not.toContain('server actions');
  });

  it('of an older release makes one more key, which nothing uses', async () => {
    const files = app("output: 'standalone'", {
      'src/lib/moor.ts': "'use server';\nexport async function moor() {}\n",
    });
    const older = { ...files, 'package.json': (files['package.json'] ?? '').replace('16.4.6', '14.2.35') };
    expect((await planOf(older)).images['app']?.varies?.what).toContain('server actions');
  });

  it.each([
    ['none', {}],
    ['a text that reads like one', { 'src/lib/moor.ts': "export const hint = 'use server';\n" }],
    ['those of a test', { 'src/lib/moor.test.ts': "'use server';\nexport async function moor() {}\n" }],
  ])('without server actions needs no key for them: %s', async (_, more) => {
    const plan = await planOf(app("output: 'standalone'", more));
    expect(plan.images['app']?.buildSecrets).toEqual([]);
    expect(plan.settings[actionKey]).toBeUndefined();
    const step = builtBy(plan);
    expect(step?.do === 'run' && step.after).toBeUndefined();
  });

  it('that makes files alone is a site', async () => {
    const facts = await factsOf(app("output: 'export', distDir: 'site'"));
    expect(said(facts.archetype)).toBe('web-app');
    expect(facts.site?.value).toMatchObject({ tool: 'next-export', output: 'site', assets: '_next/static' });
  });

  it.each([
    ['says what each build writes anew', '', true],
    ['says nothing where the author fixes the id of the build', ", generateBuildId: () => '1'", false],
  ])('that makes files alone %s, and reports nothing', async (_, more, varies) => {
    const { images } = await planOf(app(`output: 'export'${more}`));
    expect(images['app']?.varies?.folder).toBe(varies ? '/usr/share/nginx/html' : undefined);
    const steps = images['app']?.stages.find(({ name }) => name === 'build')?.steps ?? [];
    expect(steps).toContainEqual(expect.objectContaining({ do: 'env', values: { NEXT_TELEMETRY_DISABLED: '1' } }));
    const mounts = steps.flatMap((step) => (step.do === 'run' ? (step.mounts ?? []) : []));
    expect(mounts).toEqual([{ type: 'cache', target: '/app/.next/cache' }]);
  });

  it.each([
    ['the folder where the server writes into folders of its own alone', {}, ['.'], []],
    [
      'folders and settings where it writes beside the sources of TypeScript',
      { 'tsconfig.json': '{}', 'settings.js': '' },
      ['./flags.mjs', './next.config.mjs', './settings.js', './src'],
      ['tsconfig.json', 'next-env.d.ts'],
    ],
  ])('that makes files alone is developed with %s', async (_, more, mounts, writes) => {
    const { images, workloads } = await planOf(app("output: 'export'", more));
    expect(workloads['app']?.development?.mounts.map(({ source }) => source)).toEqual(mounts);
    const steps = images['app']?.stages.find(({ name }) => name === 'development')?.steps ?? [];
    const given = steps.flatMap((step) => (step.do === 'run' && step.argv[0] === 'chown' ? step.argv.slice(2) : []));
    expect(given).toEqual(writes);
  });

  it.each([
    ['of the app router, compiled', {}, 'src/app/health/[...probe]/route.js', '/health/ready'],
    [
      'of the app router in TypeScript',
      { 'tsconfig.json': '{}' },
      'src/app/health/[...probe]/route.ts',
      '/health/ready',
    ],
  ])('answers for its health by a route %s', async (_, more, path, ready) => {
    const plan = await planOf(app("basePath: '/notes'", more));
    expect(plan.sources.map((source) => source.path)).toEqual([path]);
    expect(plan.workloads['app']?.probes.ready?.path).toBe(`/notes${ready}`);
  });

  it('of the pages router answers for its health below /api', async () => {
    const { 'src/app/page.tsx': page = '', 'src/app/db.ts': db = '', ...files } = app('');
    const plan = await planOf({ ...files, 'lib/db.ts': db, 'pages/index.tsx': page.replace('./db', '../lib/db') });
    expect(plan.sources.map((source) => source.path)).toEqual(['pages/api/health/[...probe].js']);
    expect(plan.sources[0]?.body.map(({ text }) => text).join('')).toContain('export default async function handler');
    expect(plan.workloads['app']?.probes.ready?.path).toBe('/api/health/ready');
  });

  it.each([
    ['a middleware goes before the routes', { 'src/middleware.ts': 'export const middleware = () => {};\n' }, ''],
    [
      'one sees all but some',
      { 'src/middleware.ts': "export const config = { matcher: ['/((?!api|_next).*)'] };\n" },
      '',
    ],
    ['one sees what is below', { 'src/proxy.ts': "export const config = { matcher: '/health/:path*' };\n" }, ''],
    [
      'one has a pattern with more',
      { 'middleware.js': "export const config = { matcher: [{ source: '/x' }] };\n" },
      '',
    ],
    ['a folder of that name has pages', { 'src/app/health/page.tsx': 'export default () => null;\n' }, ''],
    ['addresses are rewritten', {}, 'rewrites: async () => []'],
  ])('gets no route where %s', async (_, more, config) => {
    expect((await planOf(app(config, more))).sources).toEqual([]);
  });

  it.each([
    ['a folder', "['/admin/:path*']"],
    ['several', "['/admin/:path*', '/api/:path*', '/account']"],
    ['one path', "'/account'"],
  ])('gets its route where a middleware never sees it: %s', async (_, matcher) => {
    const middleware = `export function middleware() {}\nexport const config = { matcher: ${matcher} };\n`;
    const plan = await planOf(app('', { 'src/middleware.ts': middleware }));
    expect(plan.sources.map((source) => source.path)).toEqual(['src/app/health/[...probe]/route.js']);
  });

  it.each([
    [
      'of the app router',
      { 'src/app/(api)/healthz/route.ts': 'export const GET = () => Response.json({});\n' },
      '/healthz',
    ],
    ['of the pages router', { 'pages/api/health.ts': 'export default (_, res) => res.json({});\n' }, '/api/health'],
  ])('is asked at the route that its author wrote %s', async (_, more, path) => {
    const { workloads } = await planOf(app('', more));
    expect(workloads['app']?.probes.live?.path ?? workloads['app']?.probes.ready?.path).toBe(path);
  });
});

describe('Next.js in a workspace', () => {
  const standalone = "output: 'standalone'";
  const member = (config: string, root: Files): Files => ({
    ...Object.fromEntries(Object.entries(app(config)).map(([path, text]) => [`apps/notes/${path}`, text])),
    'packages/ui/package.json': '{ "name": "@all/ui", "version": "1.0.0" }',
    ...root,
  });
  const workspaces = '{ "name": "all", "private": true, "workspaces": ["apps/*", "packages/*"] }';
  const ofNpm = (packages: object = {}): Files => ({
    'package.json': workspaces,
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: { 'apps/notes': {}, 'packages/ui': {}, ...packages },
    }),
  });
  const ofPnpm = (settings = ''): Files => ({
    'package.json': '{ "name": "all", "private": true }',
    'pnpm-workspace.yaml': `packages: ["apps/*", "packages/*"]\n${settings}`,
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  apps/notes: {}\n  packages/ui: {}\n",
  });
  const ofBun = (version: number): Files => ({
    'package.json': workspaces,
    'bun.lock': JSON.stringify({
      lockfileVersion: 1,
      configVersion: version,
      workspaces: { '': { name: 'all' }, 'apps/notes': { name: 'notes' }, 'packages/ui': { name: '@all/ui' } },
      packages: {},
    }),
  });
  const fullStackOf = async (files: Files) => detailsOf(await factsOf(files)).fullStack?.value;

  it.each([
    ['of npm', member(standalone, ofNpm())],
    ['of pnpm', member(standalone, ofPnpm())],
    ['whose root is named', member(`${standalone}, outputFileTracingRoot: path.join(__dirname, '../../')`, ofNpm())],
    [
      'whose root is named as it was in version 14',
      member(`${standalone}, experimental: { outputFileTracingRoot: resolve(import.meta.dirname, '../..') }`, ofBun(1)),
    ],
  ])('%s has its server below the folder of the workspace', async (_, files) => {
    expect(await fullStackOf(files)).toMatchObject({ output: '.next/standalone', nested: true });
  });

  it.each([
    ['whose settings name its own folder', `${standalone}, outputFileTracingRoot: __dirname`],
    ['whose settings name its own folder by a path', `${standalone}, outputFileTracingRoot: './'`],
  ])('%s has it in that one', async (_, config) => {
    const found = await fullStackOf(member(config, ofNpm()));
    expect([found?.output, found?.nested]).toEqual(['.next/standalone', undefined]);
  });

  it.each([
    ['is another folder', `${standalone}, outputFileTracingRoot: '../'`],
    ['is worked out', `${standalone}, outputFileTracingRoot: process.env.ROOT`],
  ])('is refused by name where its root %s', async (_, config) => {
    const { archetype } = await factsOf(member(config, ofNpm()));
    expect('why' in archetype && archetype.why).toContain('outputFileTracingRoot');
  });

  it('is not refused for a root that only the other output has', async () => {
    expect(await fullStackOf(member("outputFileTracingRoot: '../'", ofNpm()))).toMatchObject({ inPlace: true });
  });

  it.each([
    ['the root with npm', ofNpm(), '../../node_modules'],
    [
      'its own with npm, where another version is in the root',
      ofNpm({ 'apps/notes/node_modules/next': {} }),
      'node_modules',
    ],
    ['its own with pnpm', ofPnpm(), 'node_modules'],
    ['the root with pnpm, where it is told to', ofPnpm('nodeLinker: hoisted\n'), '../../node_modules'],
    ['its own with a new lockfile of Bun', ofBun(1), 'node_modules'],
    ['the root with an older one of Bun', ofBun(0), '../../node_modules'],
  ])('starts with the package in the folder of %s', async (_, root, folder) => {
    const found = await fullStackOf(member('reactStrictMode: true', root));
    expect(found?.start).toEqual(['node', `${folder}/next/dist/bin/next`, 'start']);
  });

  it('is put together where the server looks for its files', async () => {
    const files = member(standalone, ofNpm());
    const facts = await factsOf(files);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    const steps = Object.values(plan.images)[0]?.stages.find(({ name }) => name === 'production')?.steps ?? [];
    expect(steps.flatMap((step) => (step.do === 'copy' ? [[step.sources[0], step.to]] : []))).toEqual([
      ['/app/apps/notes/.next/standalone', '/app/'],
      ['/app/apps/notes/.next/static', './.next/static'],
    ]);
  });
});

describe('variables of full-stack frameworks', () => {
  const kit = (text: string, more: Files = {}): Files => ({
    'package.json': JSON.stringify({
      name: 'clinic',
      type: 'module',
      scripts: { build: 'vite build' },
      engines: { node: '24' },
      devDependencies: { '@sveltejs/kit': '2.0.0', '@sveltejs/adapter-node': '5.0.0', vite: '7.0.0' },
    }),
    'svelte.config.js':
      "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
    'src/routes/+server.ts': text,
    ...more,
  });
  const named = (facts: Awaited<ReturnType<typeof factsOf>>, name: string) =>
    facts.variables.find((one) => one.name === name);

  it('are given to what runs where they are secrets, and stood in for while it is built', async () => {
    const files = kit(
      "import { MAIL_TOKEN, MAIL_FROM } from '$env/static/private';\nexport const GET = () => send(MAIL_TOKEN, MAIL_FROM);\n",
    );
    const facts = await factsOf(files);
    expect(named(facts, 'MAIL_TOKEN')).toMatchObject({ secret: true, required: true });
    expect(named(facts, 'MAIL_TOKEN')?.built).toBeUndefined();
    expect(named(facts, 'MAIL_FROM')).toMatchObject({ secret: false, built: true });
    const note = facts.notes.find(({ code }) => code === 'secret-in-code')?.message;
    expect(note).toMatch(/writes the value of MAIL_TOKEN.*placeholder.*`\$env\/dynamic\/private`/);
    const plan = await planOf(files);
    expect(Object.keys(plan.images['app']?.args ?? {})).toEqual(['MAIL_FROM']);
    expect(Object.keys(plan.workloads['app']?.env ?? {})).toContain('MAIL_TOKEN');
    const steps = plan.images['app']?.stages.find(({ name }) => name === 'build')?.steps ?? [];
    expect(JSON.stringify(steps)).toContain('"MAIL_TOKEN":"placeholder');
  });

  it.each([
    ['MONGODB_URI', 'mongodb', 'new MongoClient(MONGODB_URI)'],
    ['DATABASE_URL', 'pg', 'new Pool({ connectionString: DATABASE_URL })'],
  ])('are never written into the image where they are the address of a database: %s', async (name, client, call) => {
    const files = kit(
      `import { MongoClient, Pool } from '${client}';\nimport { ${name} } from '$env/static/private';\nexport const GET = () => ${call};\n`,
    );
    const manifest = { ...JSON.parse(files['package.json'] ?? '{}'), dependencies: { [client]: '8.0.0' } };
    const all = { ...files, 'package.json': JSON.stringify(manifest) };
    const facts = await factsOf(all);
    expect(facts.notes.find(({ code }) => code === 'secret-in-code')?.message).toContain(name);
    const plan = await planOf(all);
    expect(plan.images['app']?.args ?? {}).toEqual({});
    const steps = plan.images['app']?.stages.find((stage) => stage.name === 'build')?.steps ?? [];
    expect(JSON.stringify(steps)).toContain(`"${name}":`);
    expect(plan.workloads['app']?.env[name]?.value).toMatchObject({ from: 'parts' });
  });

  it('stay build arguments where they name the file of a database', async () => {
    const facts = await factsOf(
      kit("import { DATABASE_URL } from '$env/static/private';\nexport const GET = () => open(DATABASE_URL);\n", {
        '.env.example': 'DATABASE_URL=file:./local.db\n',
      }),
    );
    expect(named(facts, 'DATABASE_URL')).toMatchObject({ secret: false, built: true });
  });

  it('have no remark where a secret is read when the server starts', async () => {
    const facts = await factsOf(
      kit("import { env } from '$env/dynamic/private';\nexport const GET = () => send(env.MAIL_TOKEN);\n"),
    );
    expect(named(facts, 'MAIL_TOKEN')).toMatchObject({ secret: true });
    expect(facts.notes.map(({ code }) => code)).not.toContain('secret-in-code');
  });

  it('are none that the framework sets itself', async () => {
    const text =
      "if (!process.env.NEXT_PHASE && !process.env.QUEUE_URL) throw new Error('no queue');\nexport const register = () => process.env.NEXT_RUNTIME;\n";
    const facts = await factsOf(app('reactStrictMode: true', { 'src/instrumentation.ts': text }));
    expect(named(facts, 'QUEUE_URL')).toBeDefined();
    expect(facts.variables.map(({ name }) => name)).not.toContain('NEXT_PHASE');
    expect(facts.variables.map(({ name }) => name)).not.toContain('NEXT_RUNTIME');
  });

  it.each([
    [
      'the folder of SvelteKit',
      kit("import { pool } from '$lib/server/db';\nexport const GET = () => pool;\n", {
        'src/lib/server/db.ts':
          "import pg from 'pg';\nexport const pool = new pg.Pool({ connectionString: process.env.TICKETS });\n",
      }),
    ],
    [
      'the root of Nuxt',
      {
        'package.json': JSON.stringify({
          name: 'events',
          scripts: { build: 'nuxt build' },
          engines: { node: '24' },
          dependencies: { nuxt: '4.2.0', pg: '8.16.3' },
        }),
        'nuxt.config.ts': 'export default defineNuxtConfig({});\n',
        'server/api/all.get.ts':
          "import { pool } from '~~/database/pool';\nexport default defineEventHandler(() => pool.query('select 1'));\n",
        'database/pool.ts':
          "import pg from 'pg';\nexport const pool = new pg.Pool({ connectionString: process.env.TICKETS });\n",
      },
    ],
  ])('are read through the names by which the sources import each other: %s', async (_, files) => {
    const facts = await factsOf({ ...files });
    expect(named(facts, 'TICKETS')).toBeDefined();
  });

  it('need no package of development beside a server that holds its packages', async () => {
    const files = (config: string) =>
      app(config, { 'src/app/page.tsx': "import { tint } from 'tint';\nexport default () => <b>{tint()}</b>;\n" });
    const manifest = (text: string) =>
      text.replace('"dependencies"', '"devDependencies":{"tint":"1.0.0"},"dependencies"');
    const codes = async (config: string) => {
      const all = files(config);
      const facts = await factsOf({ ...all, 'package.json': manifest(all['package.json'] ?? '') });
      return facts.notes.map(({ code }) => code);
    };
    expect(await codes("output: 'standalone'")).not.toContain('needed-when-running');
    expect(await codes('reactStrictMode: true')).toContain('needed-when-running');
  });
});

describe('a server of the author', () => {
  const express = "import express from 'express';\nconst app = express();\n";
  const listens = 'app.listen(Number(process.env.PORT ?? 4000));\n';
  const project = (scripts: object, dependencies: object, files: Files): Files => ({
    'package.json': JSON.stringify({
      name: 'booking',
      type: 'module',
      scripts,
      engines: { node: '24' },
      dependencies: { express: '5.1.0', pg: '8.16.3', ...dependencies },
    }),
    'lib/log.js': 'export const log = console.log;\n',
    ...files,
  });
  const database =
    "import pg from 'pg';\nexport const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\n";
  const router = (server: string, more: Files = {}): Files =>
    project(
      { build: 'react-router build', start: 'node server.js', dev: 'node dev.js' },
      { '@react-router/dev': '7.9.0', '@react-router/express': '7.9.0', 'react-router': '7.9.0' },
      {
        'server.js': server,
        'app/root.tsx': "import './data';\nexport default () => import.meta.env.VITE_TITLE;\n",
        'app/data.ts': database,
        ...more,
      },
    );
  const routed = `${express}import { log } from './lib/log.js';\napp.use(await import('./build/server/index.js').then((one) => one.app));\nlog('up');\n${listens}`;

  it.each([
    ['React Router', router(routed), 'build', ['node', 'server.js']],
    [
      'React Router, whose build is named by a constant',
      router(
        `${express}const made = './build/server/index.js';\napp.use(await import(made).then((one) => one.app));\n${listens}`,
      ),
      'build',
      ['node', 'server.js'],
    ],
    [
      'SvelteKit',
      project(
        { build: 'vite build', start: 'node server/index.js' },
        { '@sveltejs/kit': '2.0.0', vite: '7.0.0' },
        {
          'svelte.config.js':
            "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
          'server/index.js': `${express}import { handler } from '../build/handler.js';\napp.use(handler);\n${listens}`,
          'src/routes/+page.server.ts': `${database}export const load = () => pool.query('select 1');\n`,
        },
      ),
      'build',
      ['node', 'server/index.js'],
    ],
    [
      'Astro',
      project(
        { build: 'astro build', start: 'node run.js' },
        { astro: '5.0.0', '@astrojs/node': '9.0.0' },
        {
          'astro.config.mjs':
            "import node from '@astrojs/node';\nexport default { output: 'server', adapter: node({ mode: 'middleware' }) };\n",
          'run.js': `${express}import { handler } from './dist/server/entry.mjs';\napp.use(handler);\n${listens}`,
          'src/pages/api.ts': `${database}export const GET = () => pool.query('select 1');\n`,
        },
      ),
      'dist',
      ['node', 'run.js'],
    ],
    [
      'Next.js',
      app(
        '',
        {
          'server.mjs':
            "import { createServer } from 'node:http';\nimport next from 'next';\nconst app = next({});\ncreateServer(app.getRequestHandler()).listen(Number(process.env.PORT ?? 4000));\n",
        },
        { start: 'node server.mjs' },
      ),
      '.next',
      ['node', 'server.mjs'],
    ],
    [
      'TanStack Start',
      project(
        { build: 'vite build', start: 'node server.js' },
        { '@tanstack/react-start': '1.169.0', vite: '7.0.0' },
        {
          'vite.config.js':
            "import { tanstackStart } from '@tanstack/react-start/plugin/vite';\nexport default { plugins: [tanstackStart()] };\n",
          'server.js': `${express}import { toNodeHandler } from 'srvx/node';\nconst { default: made } = await import('./dist/server/server.js');\napp.use(toNodeHandler(made.fetch));\n${listens}`,
          'src/routes/index.ts': `${database}export const load = () => pool.query('select 1');\n`,
        },
      ),
      'dist',
      ['node', 'server.js'],
    ],
  ])('runs with what the framework builds beside it: %s', async (_, files, output, start) => {
    const facts = await factsOf({ ...files });
    expect(detailsOf(facts).fullStack?.value).toMatchObject({ output, start, server: start[1] });
    expect(said(facts.port)).toEqual({ number: 4000, variable: 'PORT' });
    expect(facts.services.map(({ service }) => service)).toEqual(['postgres']);
    expect(facts.notes.map(({ code }) => code)).not.toContain('missing-import');
    const plan = await planOf({ ...files });
    const production = plan.images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
    const copied = production.flatMap((step) => (step.do === 'copy' ? step.sources : []));
    expect(copied.some((one) => one.endsWith(start[1]?.split('/')[0] ?? '-'))).toBe(true);
    expect(copied).toContain(`/app/${output}`);
    expect(plan.images['app']?.stages.map(({ name }) => name)).toContain('build');
  });

  it('of Next.js runs beside its packages, whatever else is put together for a server of the framework', async () => {
    const server =
      "import next from 'next';\nconst made = next({});\nmade.prepare();\nimport { createServer } from 'node:http';\ncreateServer(made.getRequestHandler()).listen(4000);\n";
    const facts = await factsOf(app("output: 'standalone'", { 'server.mjs': server }, { start: 'node server.mjs' }));
    expect(detailsOf(facts).fullStack?.value).toMatchObject({ output: '.next', inPlace: true, selfContained: false });
  });

  it('brings what it imports, is asked at routes of its own, and is developed as its author does', async () => {
    const files = router(routed);
    const plan = await planOf(files);
    const stage = (name: string) => plan.images['app']?.stages.find((one) => one.name === name)?.steps ?? [];
    const copied = stage('production').flatMap((step) => (step.do === 'copy' ? step.sources : []));
    expect(copied).toEqual(expect.arrayContaining(['server.js', 'health.js']));
    expect(copied.some((one) => one === 'lib' || one === 'lib/log.js')).toBe(true);
    expect(plan.workloads['app']?.probes.ready?.path).toBe('/ready');
    expect(Object.keys(plan.images['app']?.args ?? {})).toEqual(['VITE_TITLE']);
    expect(JSON.stringify(stage('development'))).toContain('dev.js');
  });

  it('that a loader of TypeScript starts has that loader', async () => {
    const files = router('');
    const plain = JSON.parse(files['package.json'] ?? '');
    for (const [group, needed] of [
      ['devDependencies', ['needed-when-running']],
      ['dependencies', []],
    ] as const) {
      const manifest = { ...plain, scripts: { ...plain.scripts, start: 'tsx server.ts' } };
      manifest[group] = { ...plain[group], tsx: '4.20.0' };
      const { 'server.js': _server, ...others } = files;
      const facts = await factsOf({ ...others, 'server.ts': routed, 'package.json': JSON.stringify(manifest) });
      expect(detailsOf(facts).fullStack?.value.start).toEqual(['node', '--import', 'tsx', 'server.ts']);
      const codes = facts.notes.map(({ code }) => code);
      expect(codes.filter((code) => code === 'needed-when-running')).toEqual(needed);
      expect(codes).not.toContain('start-for-development');
    }
  });

  it.each([
    [
      'that says nothing of what is built',
      router(`${express}app.get('/', (_, answer) => answer.send('ok'));\n${listens}`),
    ],
    ['that names another folder', router(`${express}app.use(express.static('./build-info/client'));\n${listens}`)],
  ])('is the whole application: one %s', async (_, files) => {
    const facts = await factsOf(files);
    expect(said(facts.archetype)).toBe('web-service');
    expect(detailsOf(facts).fullStack).toBeUndefined();
  });
});
