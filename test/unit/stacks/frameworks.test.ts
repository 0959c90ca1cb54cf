import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const project = (build: string, packages: readonly string[], files: Files = {}, start?: string): Files => ({
  'package.json': JSON.stringify({
    name: 'notes',
    type: 'module',
    scripts: { build, ...(start === undefined ? {} : { start }) },
    engines: { node: '24' },
    dependencies: Object.fromEntries(packages.map((name) => [name, '1.0.0'])),
  }),
  ...files,
});

const kit = (adapter: string, more: Files = {}, start?: string): Files =>
  project(
    'vite build',
    ['@sveltejs/kit', 'vite'],
    {
      'svelte.config.js': `import adapter from '${adapter}';\nexport default { kit: { adapter: adapter() } };\n`,
      'src/routes/+page.server.ts': 'export const load = () => ({ at: process.env.REGION });\n',
      ...more,
    },
    start,
  );
const astro = (settings: string, more: Files = {}, start?: string): Files =>
  project(
    'astro build',
    ['astro', '@astrojs/node'],
    {
      'astro.config.mjs': `import node from '@astrojs/node';\nexport default { ${settings} };\n`,
      'src/pages/notes.ts': 'export const GET = () => new Response(import.meta.env.API_SECRET_KEY);\n',
      ...more,
    },
    start,
  );
const nuxt = (settings: string, more: Files = {}, build = 'nuxt build'): Files =>
  project(build, ['nuxt'], { 'nuxt.config.ts': `export default defineNuxtConfig({ ${settings} });\n`, ...more });
const nitro = (settings: string, packages: readonly string[]): Files =>
  project('nitro build', packages, {
    'nitro.config.ts': `export default { ${settings} };\n`,
    'server/routes/index.ts': 'export default () => process.env.GREETING;\n',
  });
const router = (settings: string, packages: readonly string[], start?: string): Files =>
  project(
    'react-router build',
    ['@react-router/dev', 'react-router', ...packages],
    { 'react-router.config.ts': `export default { ${settings} };\n`, 'app/root.tsx': 'export default () => null;\n' },
    start,
  );

const tanstack = (plugins: string, packages: readonly string[] = ['nitro'], version = '^1.169.0'): Files => {
  const files = project('vite build', ['@tanstack/react-start', 'vite', ...packages], {
    'vite.config.ts': `import { tanstackStart } from '@tanstack/react-start/plugin/vite';\nimport { nitro } from 'nitro/vite';\nexport default { plugins: [tanstackStart(), ${plugins}] };\n`,
    'src/routes/__root.tsx': 'export const Route = process.env.REGION;\n',
  });
  const manifest = files['package.json']?.replace(
    '"@tanstack/react-start":"1.0.0"',
    `"@tanstack/react-start":"${version}"`,
  );
  return { ...files, 'package.json': manifest ?? '' };
};
const angular = (options: object, packages: readonly string[] = ['@angular/core', '@angular/ssr']): Files =>
  project('ng build', packages, {
    'angular.json': JSON.stringify({
      projects: { notes: { architect: { build: { builder: '@angular/build:application', options } } } },
    }),
    'src/server.ts': "import express from 'express';\nexpress().listen(process.env['PORT'] || 4000);\n",
  });
const served = { server: 'src/main.server.ts', outputMode: 'server', ssr: { entry: 'src/server.ts' } };
const solid = (settings: string, more: Files = {}): Files =>
  project('vinxi build', ['@solidjs/start', 'vinxi'], {
    'app.config.ts': `export default defineConfig({ ${settings} });\n`,
    'src/routes/index.tsx': 'export default () => process.env.REGION;\n',
    ...more,
  });
const remix = (options: string, packages: readonly string[], build = 'remix vite:build'): Files =>
  project(build, ['@remix-run/dev', ...packages], {
    'vite.config.ts': `import { vitePlugin } from '@remix-run/dev';\nexport default { plugins: [vitePlugin({ ${options} })] };\n`,
    'app/root.tsx': 'export default () => null;\n',
  });

/** What Bun installs from. */
const locked: Files = { 'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": {} }' };

const fullStackOf = async (files: Files) => detailsOf(await factsOf(files)).fullStack?.value;
const healthOf = async (files: Files) => (await fullStackOf(files))?.health?.path;

describe('a full-stack framework', () => {
  it.each([
    ['SvelteKit for another platform', kit('@sveltejs/adapter-vercel'), 'adapter `vercel`'],
    ['Nuxt for another platform', nuxt("nitro: { preset: 'vercel' }"), 'preset `vercel`'],
    ['Nuxt with a preset that is worked out', nuxt('nitro: { preset: process.env.TARGET }'), 'is computed'],
    ['Nitro for another platform', nitro("preset: 'aws-lambda'", ['nitropack']), 'aws-lambda'],
    ['Nuxt for Bun, which nothing else has', nuxt("nitro: { preset: 'bun' }"), 'preset `bun`'],
    ['Astro as a middleware', astro("adapter: node({ mode: 'middleware' })"), '`middleware`'],
    ['Astro with an adapter that nothing here knows', astro('adapter: elsewhere()'), '`standalone`'],
    ['Astro for a server without an adapter', astro("output: 'server'"), '`standalone`'],
    ['Astro with settings from elsewhere', astro('...shared'), '`standalone`'],
    ['React Router that nothing starts', router('ssr: true', []), '`@react-router/serve`'],
    ['TanStack Start that nothing starts', tanstack('[]', []), 'add `srvx` to the dependencies'],
    [
      'TanStack Start with the plugin of another platform',
      tanstack('cloudflare()', ['@cloudflare/vite-plugin', 'srvx']),
      'another platform',
    ],
    ['TanStack Start for another platform', tanstack("nitro({ preset: 'vercel' })"), 'preset `vercel`'],
    ['Angular without a file of its server', angular({ ...served, ssr: true }), '"src/server.ts"'],
    ['Angular of before', angular({}, ['@angular/core', '@nguniversal/express-engine']), '"outputMode": "server"'],
    ['SolidStart for another platform', solid("server: { preset: 'cloudflare_module' }"), 'cloudflare_module'],
    ['Remix that nothing starts', remix('', []), '`@remix-run/serve`'],
    ['Remix without a server', remix('ssr: false', ['@remix-run/serve']), '`ssr: false`'],
    [
      'Remix with a server of its own for one route at Vercel',
      {
        ...remix('presets: [vercelPreset()]', ['@remix-run/serve']),
        'app/routes/map.tsx': "export const config = { runtime: 'edge' };\nexport default () => null;\n",
      },
      'app/routes/map.tsx',
    ],
  ])('is refused by name: %s', async (_, files, word) => {
    const { archetype } = await factsOf(files);
    expect('why' in archetype && archetype.why).toContain(word);
  });

  const without = (files: Files, file: string, more: Files): Files => {
    const { [file]: _, ...rest } = files;
    return { ...rest, ...more };
  };
  const page = '<p>x</p>\n';
  it.each([
    ['Nuxt', nuxt('', { 'app/app.vue': page, 'app/pages/a.vue': page }), 'app/app.vue'],
    [
      'SvelteKit',
      without(kit('@sveltejs/adapter-node'), 'src/routes/+page.server.ts', { 'src/routes/+page.svelte': page }),
      'src/routes/+page.svelte',
    ],
    [
      'Astro',
      without(astro("adapter: node({ mode: 'standalone' })"), 'src/pages/notes.ts', {
        'src/pages/index.astro': page,
        'README.md': '# x\n',
      }),
      'src/pages/index.astro',
    ],
    [
      'Nuxt with code beside its pages',
      nuxt('', { 'app/app.vue': page, 'server/api/a.ts': 'export default () => 1;\n' }),
      'server/api/a.ts',
    ],
  ])('begins with a page where there is nothing but pages: %s', async (_, files, entry) => {
    const facts = await factsOf(files);
    expect(said(facts.archetype)).toBe('web-app');
    expect(said(facts.entry)).toBe(entry);
  });

  const packages = '{ "lockfileVersion": 3, "packages": { "node_modules/srvx": { "version": "1.0.8" } } }';
  it.each([
    ['npm', { 'package-lock.json': packages }, 'node_modules/srvx'],
    [
      'pnpm',
      { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\npackages:\n\n  srvx@1.0.8:\n    resolution: {}\n" },
      'node_modules/.pnpm/node_modules/srvx',
    ],
    ['Yarn 1', { 'yarn.lock': '# yarn lockfile v1\n\n\nsrvx@^1.0.0:\n  version "1.0.8"\n' }, 'node_modules/srvx'],
    [
      'Yarn 4',
      { 'yarn.lock': '__metadata:\n  version: 8\n\n"srvx@npm:^1.0.0":\n  version: 1.0.8\n' },
      'node_modules/srvx',
    ],
    [
      'Bun',
      {
        'bun.lock':
          '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": { "srvx": ["srvx@1.0.8", "", {}, ""] } }',
      },
      'node_modules/srvx',
    ],
    [
      'npm, for development alone',
      { 'package-lock.json': packages.replace('"version"', '"dev": true, "version"') },
      undefined,
    ],
    ['npm, of before it had a program', { 'package-lock.json': packages.replace('1.0.8', '0.8.2') }, undefined],
  ])('starts TanStack Start with srvx that comes with its packages: %s', async (_, more: Files, folder) => {
    const found = await fullStackOf({ ...tanstack('[]', []), ...more });
    expect(found?.start[1]).toBe(folder && `${folder}/bin/srvx.mjs`);
  });

  it.each([
    ['SvelteKit', kit('@sveltejs/adapter-node', {}, 'node build'), ['node', 'build/index.js']],
    ['SvelteKit, its file', kit('@sveltejs/adapter-node', {}, 'node ./build/index.js'), ['node', 'build/index.js']],
    [
      'Astro',
      astro("adapter: node({ mode: 'standalone' })", {}, 'node ./dist/server/entry.mjs'),
      ['node', 'dist/server/entry.mjs'],
    ],
    ['Nuxt', nuxt(''), ['node', '.output/server/index.mjs']],
    ['Nitro', nitro("preset: 'node-server'", ['nitro']), ['node', '.output/server/index.mjs']],
    ['TanStack Start', tanstack('nitro()'), ['node', '.output/server/index.mjs']],
    [
      'TanStack Start without Nitro',
      tanstack('[]', ['srvx']),
      ['node', 'node_modules/srvx/bin/srvx.mjs', '--prod', '--static', '../client', 'dist/server/server.js'],
    ],
    ['Nuxt for Bun', nuxt("nitro: { preset: 'bun' }", locked), ['bun', '.output/server/index.mjs']],
    ['Nitro for Bun', { ...nitro("preset: 'bun'", ['nitro']), ...locked }, ['bun', '.output/server/index.mjs']],
    [
      'TanStack Start for Bun',
      { ...tanstack("nitro({ preset: 'bun' })"), ...locked },
      ['bun', '.output/server/index.mjs'],
    ],
    ['Nuxt beside the lockfile of Bun', nuxt('', locked), ['node', '.output/server/index.mjs']],
    ['SolidStart', solid(''), ['node', '.output/server/index.mjs']],
    ['Angular', angular(served), ['node', 'dist/notes/server/server.mjs']],
    [
      'Angular, moved',
      angular({ ...served, outputPath: { base: 'out', server: 'api' } }),
      ['node', 'out/api/server.mjs'],
    ],
    [
      'Remix',
      remix('', ['@remix-run/serve']),
      ['node', 'node_modules/@remix-run/serve/dist/cli.js', 'build/server/index.js'],
    ],
    [
      'Remix with the preset of Vercel',
      remix('presets: [vercelPreset()]', ['@remix-run/serve']),
      ['node', 'node_modules/@remix-run/serve/dist/cli.js', 'build/server/nodejs-eyJydW50aW1lIjoibm9kZWpzIn0/index.js'],
    ],
    [
      'React Router with the preset of Vercel',
      router("ssr: true, buildDirectory: 'out', presets: [vercelPreset()]", ['@react-router/serve']),
      ['node', 'node_modules/@react-router/serve/bin.js', 'out/server/nodejs_eyJydW50aW1lIjoibm9kZWpzIn0/index.js'],
    ],
    [
      'React Router with another preset',
      router('ssr: true, presets: [ours()]', ['@react-router/serve']),
      ['node', 'node_modules/@react-router/serve/bin.js', 'build/server/index.js'],
    ],
    [
      'React Router',
      router('ssr: true', ['@react-router/serve'], 'react-router-serve ./build/server/index.js'),
      ['node', 'node_modules/@react-router/serve/bin.js', 'build/server/index.js'],
    ],
  ])('%s is started by what its build makes', async (_, files, start) => {
    expect((await fullStackOf(files))?.start).toEqual(start);
  });

  it.each([
    ['SvelteKit', kit('@sveltejs/adapter-static'), 'sveltekit-static'],
    ['Nuxt', nuxt('', {}, 'nuxt generate'), 'nuxt-generate'],
    ['Nuxt by its preset', nuxt("nitro: { preset: 'github-pages' }"), 'nuxt-generate'],
    ['React Router', router('ssr: false', ['@react-router/node']), 'react-router-spa'],
    ['Astro with an adapter that nothing calls', astro("site: 'https://notes.example'"), 'astro'],
    ['Astro that says so', astro("output: 'static', base: '/notes'"), 'astro'],
    [
      'Astro with the adapter of a platform in its manifest',
      project('astro build', ['astro', '@astrojs/cloudflare'], {
        'astro.config.ts':
          "import { defineConfig } from 'astro/config';\nexport default defineConfig({ integrations: [] });",
        'src/pages/index.astro': '<h1>hello</h1>',
      }),
      'astro',
    ],
  ])('%s that makes files alone is a site', async (_, files, tool) => {
    const facts = await factsOf(files);
    expect([facts.site?.value.tool, detailsOf(facts).fullStack]).toEqual([tool, undefined]);
  });

  it('with a server of its own is that server', async () => {
    const server =
      "import { createServer } from 'node:http';\ncreateServer((_, answer) => answer.end('ok')).listen(3000);\n";
    const facts = await factsOf(kit('@sveltejs/adapter-node', { 'server.js': server }, 'node server.js'));
    expect([said(facts.archetype), detailsOf(facts).fullStack]).toEqual(['web-service', undefined]);
  });

  it('is told which adapter it takes, where it would choose by the platform', async () => {
    const files = kit('@sveltejs/adapter-auto');
    const facts = await factsOf(files);
    expect(facts.notes.map(({ code }) => code)).toContain('framework-output');
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    const steps = plan.images['app']?.stages.find(({ name }) => name === 'build')?.steps ?? [];
    expect(steps.flatMap((step) => (step.do === 'run' && step.env ? [step.env] : []))).toEqual([
      { GCP_BUILDPACKS: '1' },
    ]);
  });
});

describe('a health route as a file', () => {
  it.each([
    ['SvelteKit', kit('@sveltejs/adapter-node'), 'src/routes/health/[[probe]]/+server.ts'],
    ['Nuxt', nuxt(''), 'server/routes/health/[...probe].ts'],
    ['Astro', astro("adapter: node({ mode: 'standalone' })"), 'src/pages/health/[...probe].ts'],
    ['Nitro', nitro("serverDir: './server'", ['nitro']), 'server/routes/health/[...probe].ts'],
    ['TanStack Start', tanstack('nitro()'), 'src/routes/health.{-$probe}.ts'],
    ['SolidStart', solid(''), 'src/routes/health/[...probe].ts'],
    ['Remix', remix('', ['@remix-run/serve']), 'app/routes/health.($probe).ts'],
  ])('is offered for %s', async (_, files, path) => expect(await healthOf(files)).toBe(path));

  it.each([
    ['SvelteKit', kit('@sveltejs/adapter-node', { 'src/hooks.server.ts': 'export const handle = 1;\n' })],
    ['Nuxt', nuxt('', { 'server/middleware/auth.ts': 'export default 1;\n' })],
    ['Astro', astro("adapter: node({ mode: 'standalone' })", { 'src/middleware.ts': 'export const onRequest = 1;\n' })],
    ['TanStack Start of before', tanstack('nitro()', ['nitro'], '^1.120.0')],
    ['SolidStart', solid("middleware: 'src/middleware.ts'")],
    ['Remix, whose routes lie elsewhere', remix("appDirectory: 'web'", ['@remix-run/serve'])],
    ['React Router, whose routes are a list', router('ssr: true', ['@react-router/serve'])],
  ])('is not, where something else answers first: %s', async (_, files) =>
    expect(await healthOf(files)).toBeUndefined(),
  );

  it('is not added where the app has one', async () => {
    const own = { 'src/routes/healthz/+server.ts': "export const GET = () => new Response('ok');\n" };
    const files = kit('@sveltejs/adapter-node', own);
    const facts = await factsOf(files);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    expect([plan.sources, plan.routes['ready']?.path]).toEqual([[], '/healthz']);
  });
});

describe('variables of a framework', () => {
  const variablesOf = async (files: Files) =>
    (await factsOf(files)).variables.map(({ name, required, built }) => [name, required, built ?? false]);

  it('are those of the settings of Nuxt, under the names that its server reads', async () => {
    const settings = "runtimeConfig: { apiKeyV2: '', public: { apiBase: '/api', mapURL: '' } }";
    expect(await variablesOf(nuxt(settings))).toEqual([
      ['NUXT_API_KEY_V2', false, false],
      ['NUXT_PUBLIC_API_BASE', false, false],
      ['NUXT_PUBLIC_MAP_URL', false, false],
    ]);
  });

  it('are fixed by the build of SvelteKit, or read by its server', async () => {
    const page =
      "import { PUBLIC_BRAND } from '$env/static/public';\nimport { env } from '$env/dynamic/private';\nexport const load = () => [PUBLIC_BRAND, env.REGION];\n";
    expect(await variablesOf(kit('@sveltejs/adapter-node', { 'src/routes/+page.server.ts': page }))).toEqual([
      ['BODY_SIZE_LIMIT', false, false],
      ['ORIGIN', true, false],
      ['PUBLIC_BRAND', true, true],
      ['REGION', false, false],
    ]);
  });

  it('are none that a process manager sets', async () => {
    const server =
      "import express from 'express';\nif (process.env['pm_id']) express().listen(process.env['PORT'] || process.env['BACKUP_PORT']);\n";
    expect(await variablesOf({ ...angular(served), 'src/server.ts': server })).toEqual([
      ['BACKUP_PORT', false, false],
      ['NG_ALLOWED_HOSTS', true, false],
    ]);
  });

  it('are given to no build where one looks like a secret: it is named', async () => {
    const facts = await factsOf(astro("adapter: node({ mode: 'standalone' })"));
    expect(facts.variables).toEqual([]);
    expect(facts.notes.find(({ code }) => code === 'secret-in-code')?.message).toContain('API_SECRET_KEY');
  });
});

describe('a file that a bundler is asked for in a way of its own', () => {
  it('is there, and one that is not is named', async () => {
    const page =
      "import css from '../styles.css?url';\nimport gone from '../gone.css?url';\nexport const Route = [css, gone];\n";
    const files = { ...tanstack('nitro()'), 'src/routes/index.tsx': page, 'src/styles.css': 'h1 {}\n' };
    const missing = (await factsOf(files)).notes.filter(({ code }) => code === 'missing-import');
    expect(missing.map(({ message }) => message)).toEqual([expect.stringContaining('../gone.css?url')]);
  });
});
