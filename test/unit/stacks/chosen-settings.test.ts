import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (build: string, dependencies: object, more: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'garden',
    scripts: { build, ...more },
    engines: { node: '24' },
    dependencies,
  }),
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
});

const adapters = "import node from '@sveltejs/adapter-node';\nimport files from '@sveltejs/adapter-static';\n";
const kit = (settings: string, build = 'vite build'): Files => ({
  ...manifest(build, {
    '@sveltejs/kit': '2.47.0',
    '@sveltejs/adapter-node': '5.4.0',
    '@sveltejs/adapter-static': '3.0.0',
    vite: '7.2.0',
  }),
  'svelte.config.js': `${adapters}${settings}`,
  'src/routes/+layout.ts': 'export const prerender = true;\n',
});

describe('an adapter of several', () => {
  it.each([
    [
      'a text',
      "const isFiles = process.env.KIND === 'files';\nexport default { kit: { adapter: isFiles ? files() : node() } };\n",
    ],
    ['a variable', 'export default { kit: { adapter: process.env.PAGES ? files() : node() } };\n'],
    [
      'two variables',
      "export default { kit: { adapter: process.env.CI && process.env.KIND !== 'server' ? files() : node() } };\n",
    ],
  ])('is the one of a build that sets nothing: by %s', async (_, settings) => {
    const facts = await factsOf(kit(settings));
    expect(facts.site).toBeUndefined();
    expect(detailsOf(facts).fullStack?.value.output).toBe('build');
  });

  it.each([
    [
      'another that its script sets',
      kit(
        "export default { kit: { adapter: process.env.KIND === 'files' ? files() : node() } };\n",
        'KIND=files vite build',
      ),
    ],
    [
      'another by a denial',
      kit("export default { kit: { adapter: process.env.KIND !== 'server' ? files() : node() } };\n"),
    ],
  ])('is %s', async (_, files) => {
    expect((await factsOf(files)).site?.value.tool).toBe('sveltekit-static');
  });

  it('stays open where only running it would tell', async () => {
    const facts = await factsOf(kit('export default { kit: { adapter: pick() ? files() : node() } };\n'));
    expect('value' in facts.archetype).toBe(false);
  });
});

describe('the output of Next.js', () => {
  const next = (settings: string, build = 'next build'): Files => ({
    ...manifest(build, { next: '16.0.0', react: '19.2.0' }, { start: 'next start' }),
    'next.config.mjs': `export default { ${settings} };\n`,
    'app/page.jsx': 'export default () => <b>roses</b>;\n',
  });
  it.each([
    ["output: process.env.TARGET === 'files' ? 'export' : 'standalone'", 'next build', '.next/standalone'],
    ["output: process.env.TARGET === 'image' ? 'standalone' : undefined", 'next build', '.next'],
    [
      "output: process.env.TARGET === 'image' ? 'standalone' : undefined",
      'TARGET=image next build',
      '.next/standalone',
    ],
    ["output: process.env.VERCEL || process.env.PREVIEW ? undefined : 'standalone'", 'next build', '.next/standalone'],
  ])('is that of the build as its script runs it: %s, %s', async (settings, build, output) => {
    expect(detailsOf(await factsOf(next(settings, build))).fullStack?.value.output).toBe(output);
  });
});

describe('a site of components', () => {
  const vue: Files = {
    ...manifest('vue-cli-service build', { vue: '2.7.0', '@vue/cli-service': '5.0.8' }),
    'public/index.html': '<div id="app"></div>',
    'src/main.js': "import Vue from 'vue';\nimport App from './App';\nnew Vue({ render: (h) => h(App) });\n",
    'src/App.vue':
      '<template><b>{{ base }}</b></template>\n<script>export default { data: () => ({ base: process.env.VUE_APP_BASE }) };</script>\n',
    'src/store/modules/beds.js': 'export const beds = process.env.VUE_APP_BEDS;\n',
    '.env.production': "VUE_APP_BASE = '/garden'\n",
  };
  it('has the variables of components and of modules that nothing imports by name', async () => {
    const facts = await factsOf(vue);
    expect(facts.variables.map(({ name }) => name)).toEqual(['VUE_APP_BASE', 'VUE_APP_BEDS']);
    expect(facts.notes.map(({ code }) => code)).not.toContain('missing-import');
  });

  it('is built with its files of variables, also where nothing is known to read them', async () => {
    const files = { ...vue, 'src/App.vue': '<template><b>roses</b></template>\n', 'src/store/modules/beds.js': '' };
    const facts = await factsOf(files);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => files[file as keyof typeof files],
    });
    expect(plan.images['app']?.context.leavesOut.flatMap(({ patterns }) => patterns)).toContain('!.env.production');
  });

  it('keeps a file with a secret out of its build', async () => {
    const facts = await factsOf({ ...vue, '.env.production': 'VUE_APP_BASE=/garden\nDB_PASSWORD=roses\n' });
    expect(facts.modeFiles).toBeUndefined();
  });

  it('says what is missing', async () => {
    const { 'src/App.vue': _app, ...others } = vue;
    expect((await factsOf(others)).notes.map(({ code }) => code)).toContain('missing-import');
  });

  it('may be made of a file for each route', async () => {
    const facts = await factsOf({
      ...manifest('vite-ssg build', { vue: '3.5.0', vite: '7.2.0', 'vite-ssg': '28.0.0' }),
      'index.html': '<div id="app"></div><script type="module" src="/src/main.ts"></script>',
      'src/main.ts': "import { ViteSSG } from 'vite-ssg';\nexport const createApp = ViteSSG({}, { routes: [] });\n",
    });
    expect(said(facts.archetype)).toBe('web-app');
    expect(facts.site?.value).toMatchObject({ tool: 'vite', output: 'dist', fallback: false });
  });
});

describe('variables of the settings of Next.js', () => {
  const planned = async (settings: string, page: string) => {
    const files: Files = {
      ...manifest('next build', { next: '16.0.0', react: '19.2.0' }, { start: 'next start' }),
      'next.config.mjs': settings,
      'app/page.jsx': `export default () => <b>{${page}}</b>;\n`,
    };
    const facts = await factsOf(files);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    return {
      args: Object.keys(plan.images['app']?.args ?? {}),
      env: Object.keys(plan.workloads['app']?.env ?? {}).filter((name) => !name.startsWith('NEXT_')),
    };
  };

  it.each([
    [
      'an address that requests are handed on to',
      "export default { rewrites: async () => [{ source: '/api/:p*', destination: `${process.env.API_URL}/:p*` }] };\n",
      ['API_URL'],
    ],
    ['a path', "const basePath = process.env.BASE_PATH || '';\nexport default { basePath };\n", ['BASE_PATH']],
    [
      'a name in the code',
      'export default { env: { SHOP: process.env.SHOP, theme: process.env.THEME } };\n',
      ['SHOP', 'THEME'],
    ],
    [
      'how it is built, and a secret',
      'export default { analyze: process.env.ANALYZE, token: process.env.UPLOAD_TOKEN };\n',
      [],
    ],
  ])('are given to the build: %s', async (_, settings, args) => {
    expect((await planned(settings, "'roses'")).args).toEqual(args);
  });

  it('are no variables of the server where they define a name in the code', async () => {
    const { env } = await planned(
      "export default { env: { release: '1.2.3' } };\n",
      'process.env.release ?? process.env.REGION',
    );
    expect(env).toEqual(['REGION']);
  });
});
