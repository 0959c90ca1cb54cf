import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../../../src/model/facts.ts';
import { factsOf, manifest, said } from '../../../../support/facts.ts';

const vite = { scripts: { build: 'tsc -b && vite build' }, devDependencies: { vite: '^7.0.0' } };

/** A site whose page loads one module; `more` replaces files of it, `settings` what package.json says. */
const siteOf = (more: Readonly<Record<string, string>> = {}, settings: object = vite): Promise<Facts> =>
  factsOf({
    'package.json': manifest(settings),
    'index.html': '<div id="root"></div><script type="module" src="/src/main.ts"></script>',
    'src/main.ts': 'console.log(import.meta.env.VITE_API_URL ?? "/api")',
    ...more,
  });

const withConfig = async (text: string, build = 'vite build') =>
  (await siteOf({ 'vite.config.ts': text }, { ...vite, scripts: { build } })).site?.value;

describe('what a development server hands on', () => {
  const handed = async (text: string) => (await withConfig(`export default { server: { proxy: ${text} } };`))?.proxies;
  const api = { path: '/api', target: 'http://localhost:3001', strips: false };

  it.each([
    ['an address', `{ '/api': 'http://localhost:3001' }`, [api]],
    ['an object', `{ '/api': { target: 'http://localhost:3001', changeOrigin: true } }`, [api]],
    ['an address without its account', `{ '/api': 'http://me:hunter2@localhost:3001' }`, [api]],
    ['a pattern', `{ '^/api/.*': { target: 'http://localhost:3001' } }`, [api]],
    ['what stands in for a variable', `{ '/api': { target: process.env.API ?? 'http://localhost:3001' } }`, [api]],
    [
      'a path without its beginning',
      String.raw`{ '/api': { target: 'http://localhost:3001', rewrite: (path) => path.replace(/^\/api/, '') } }`,
      [{ ...api, strips: true }],
    ],
    [
      'nothing that becomes another path',
      `{ '/api': { target: 'http://localhost:3001', rewrite: (path) => '/v2' + path } }`,
      undefined,
    ],
    ['nothing that no plain beginning names', `{ '^/(a|b)': 'http://localhost:3001' }`, undefined],
  ] as const)('is read: %s', async (_, text, proxies) => {
    expect(await handed(text)).toEqual(proxies);
  });

  const mode = { '/api': { target: 'http://localhost:3001', pathRewrite: { '^/api': '' } } };
  const middleware = `const { createProxyMiddleware } = require('http-proxy-middleware');
module.exports = (app) => app.use('/api', createProxyMiddleware({ target: 'http://localhost:3001' }));`;
  it.each([
    [
      'of webpack, in a list',
      {
        'webpack.config.js': `const HtmlWebpackPlugin = require('html-webpack-plugin');\nmodule.exports = { plugins: [new HtmlWebpackPlugin()], devServer: { proxy: [{ context: ['/api', '/ws'], target: 'http://localhost:3001' }] } };`,
      },
      'webpack',
      {},
      [api, { ...api, path: '/ws' }],
    ],
    [
      'of Rsbuild',
      { 'rsbuild.config.ts': `export default { server: { proxy: { '/api': 'http://localhost:3001' } } };` },
      'rsbuild build',
      {},
      [api],
    ],
    [
      'of Angular, in a file of data',
      {
        'angular.json': JSON.stringify({
          projects: {
            shop: {
              projectType: 'application',
              architect: {
                build: { builder: '@angular/build:application', options: {} },
                serve: { options: { proxyConfig: 'src/proxy.conf.json' } },
              },
            },
          },
        }),
        'src/proxy.conf.json': JSON.stringify(mode),
      },
      'ng build',
      {},
      [{ ...api, strips: true }],
    ],
    [
      'of Create React App, whatever has no file',
      {},
      'react-scripts build',
      { proxy: 'http://localhost:3001' },
      [{ ...api, path: '/' }],
    ],
    ['of Create React App, by its middleware', { 'src/setupProxy.js': middleware }, 'react-scripts build', {}, [api]],
    [
      'of Create React App, by a middleware that is told the path',
      { 'src/setupProxy.js': middleware.replace("'/api', create", 'create').replace('({', "(['/api'], {") },
      'react-scripts build',
      {},
      [api],
    ],
  ])('is read %s', async (_, files, build, more, proxies) => {
    const packages = { webpack: '5', '@rsbuild/core': '1', '@angular/core': '20', 'react-scripts': '5' };
    const { site } = await siteOf(files, { scripts: { build }, devDependencies: packages, ...more });
    expect(site?.value.proxies).toEqual(proxies);
  });

  it('is read of Vue CLI, and told to the owner', async () => {
    const vue = { scripts: { build: 'vue-cli-service build' }, devDependencies: { '@vue/cli-service': '5.0.8' } };
    const config = `module.exports = { devServer: { proxy: { '/api': { target: 'http://localhost:3001', pathRewrite: { '^/api': '' } } } } };`;
    const { site, notes } = await siteOf({ 'vue.config.js': config }, vue);
    expect(site?.value.proxies).toEqual([{ ...api, strips: true }]);
    expect(notes.filter(({ code }) => code === 'dev-proxy').map(({ message }) => message)).toEqual([
      expect.stringContaining('proxies /api to http://localhost:3001'),
    ]);
  });
});

describe('a site', () => {
  it('is what a tool builds by the build script', async () => {
    const facts = await siteOf();
    expect(facts.archetype).toMatchObject({ value: 'web-app', from: [{ file: 'package.json', line: 4 }] });
    expect(facts.site?.value).toEqual({
      tool: 'vite',
      output: 'dist',
      assets: 'assets',
      fallback: true,
      port: 5173,
      dev: ['vite', '--host', '0.0.0.0', '--port', '5173', '--strictPort'],
    });
    expect(said(facts.entry)).toBe('src/main.ts');
    expect(facts.variables).toMatchObject([{ name: 'VITE_API_URL', default: '/api', secret: false }]);
  });

  it('loads the modules that its page really names: not those in a comment, in a text, or elsewhere', async () => {
    const page = `<!-- <script src="/src/old.ts"></script> -->
      <script src="https://cdn.example/a.js"></script><p title='<script src="/src/text.ts">'></p>
      <SCRIPT TYPE=module SRC=/src/app.ts></SCRIPT>`;
    const files = { 'index.html': page, 'src/app.ts': '', 'src/old.ts': '', 'src/text.ts': '' };
    expect(said((await siteOf(files)).entry)).toBe('src/app.ts');
  });

  it('reads the variables of its pages: between percent signs, and in their own scripts, but not in a text of those', async () => {
    const page = `<title>%VITE_TITLE%</title>
<script type="module">
  const note = 'import.meta.env.VITE_NOTE';
  console.log(import.meta.env.VITE_INLINE);
</script>
<script type="module" src="/src/main.ts"></script>`;
    const { variables } = await siteOf({ 'index.html': page, 'src/main.ts': '' });
    expect(variables.map(({ name, from }) => [name, from[0]?.line])).toEqual([
      ['VITE_INLINE', 4],
      ['VITE_TITLE', 1],
    ]);
  });

  it.each([
    ['vite preview', 'only shows what was built'],
    ['serve -s dist', 'is a server of other people for the same files'],
  ])('is one beside the start script `%s`, which %s', async (start) => {
    expect(said((await siteOf({}, { ...vite, scripts: { start, build: 'vite build' } })).archetype)).toBe('web-app');
  });

  it.each([
    ['npm exec -- vite build', {}],
    ['run-p type-check "build-only {@}" --', {}],
    ['bunx --bun vite build', { 'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": {} }' }],
    ['yarn vite build', { 'yarn.lock': '# yarn lockfile v1\n' }],
    ['pnpm build:all', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }],
  ])('is built by `%s`, too', async (build, files) => {
    const scripts = { build, 'build:all': 'vite build', 'build-only': 'vite build', 'type-check': 'vue-tsc --build' };
    const facts = await siteOf(files, { ...vite, scripts });
    expect(facts.site?.value.tool).toBe('vite');
  });

  it('is none where the start script runs a server of the project, which gives the files out', async () => {
    const facts = await siteOf(
      { 'server.js': "import express from 'express';\nexpress().listen(3000);" },
      { ...vite, scripts: { start: 'node server.js', build: 'vite build' }, dependencies: { express: '^5.0.0' } },
    );
    expect(facts.site).toBeUndefined();
    expect(said(facts.archetype)).toBe('web-service');
    expect(said(facts.entry)).toBe('server.js');
  });

  it.each([
    ['a library', "export default { build: { lib: { entry: 'src/main.ts' } } }"],
    ['a part of a server', "export default { build: { ssr: 'src/server.ts' } }"],
  ])('is none where the build makes %s', async (_, text) => {
    expect(await withConfig(text)).toBeUndefined();
  });

  it('is one where rendering on a server is switched off', async () => {
    expect(await withConfig('export default { build: { ssr: false } }')).toMatchObject({ tool: 'vite' });
  });

  it.each(['next', 'nuxt', '@sveltejs/kit', 'electron'])('is none with %s, and the question names it', async (name) => {
    const facts = await siteOf({}, { ...vite, dependencies: { [name]: '1.0.0' } });
    expect(facts.site).toBeUndefined();
    expect(facts.archetype).toMatchObject({ ask: 'archetype', why: expect.stringContaining(name) });
  });
});

describe('the output folder of Vite', () => {
  it.each([
    ['a text', "export default defineConfig({ build: { outDir: 'site' } })", 'site'],
    ['a function', "export default defineConfig(({ mode }) => ({ build: { outDir: './site/' } }))", 'site'],
    ['a constant', "const build = { outDir: 'site' };\nexport default { build }", 'site'],
    ['__dirname', "export default { build: { outDir: path.resolve(__dirname, 'a', 'site') } }", 'a/site'],
    ['the working folder', "export default { build: { outDir: join(process.cwd(), 'site') } }", 'site'],
    ['a URL', "export default { build: { outDir: fileURLToPath(new URL('./site', import.meta.url)) } }", 'site'],
    ['root', "export default { root: 'web' }", 'web/dist'],
    ['root, beside it', "export default { root: 'web', build: { outDir: '../site' } }", 'site'],
    ['root, fixed', "export default { root: './web', build: { outDir: resolve(__dirname, 'site') } }", 'site'],
    ['a plugin with a root of its own', "export default { plugins: [pwa({ root: 'x', outDir: 'y' })] }", 'dist'],
  ])('is read from %s', async (_, text, output) => {
    expect((await withConfig(text))?.output).toBe(output);
  });

  it('is that of the flag before that of the settings, and of the settings that the flag names', async () => {
    const text = "export default { build: { outDir: 'site' } }";
    expect((await withConfig(text, 'vite build --outDir public'))?.output).toBe('public');
    const facts = await siteOf({ 'other.ts': text }, { ...vite, scripts: { build: 'vite build -c other.ts' } });
    expect(facts.site?.value.output).toBe('site');
  });
});

describe('what the page needs', () => {
  it('starts from the page below root', async () => {
    const facts = await siteOf({
      'vite.config.ts': "export default { root: 'web' }",
      'web/index.html': '<script type="module" src="/main.ts"></script>',
      'web/main.ts': 'console.log(import.meta.env.VITE_OTHER)',
    });
    expect(said(facts.entry)).toBe('web/main.ts');
    expect(facts.variables.map((one) => one.name)).toEqual(['VITE_OTHER']);
  });

  it.each([
    ["export default { base: '/shop/' }", 'vite build', 'shop'],
    ['export default {}', 'vite build --base=/a/b/', 'a/b'],
    ["export default { base: 'https://example.com/shop/' }", 'vite build', 'shop'],
    ["export default { base: './' }", 'vite build', undefined],
    ["export default { base: '/' }", 'vite build', undefined],
    ["export default { base: '/a b;{' }", 'vite build', undefined],
  ])('lies at the path of %s with `%s`', async (text, build, base) => {
    expect((await withConfig(text, build))?.base).toBe(base);
  });

  it('has a file for each path where several pages are built', async () => {
    const input = "{ main: resolve(__dirname, 'index.html'), about: resolve(__dirname, 'about.html') }";
    expect(await withConfig(`export default { build: { rollupOptions: { input: ${input} } } }`)).toMatchObject({
      fallback: false,
    });
    expect(
      await withConfig("export default { build: { rollupOptions: { input: { main: 'index.html' } } } }"),
    ).toMatchObject({ fallback: true });
  });

  it.each(['', '.', 'a b', 'x{'])('keeps no folder for ever that is called "%s"', async (name) => {
    const found = await withConfig(`export default { build: { assetsDir: '${name}' } }`);
    expect(found).toMatchObject({ output: 'dist' });
    expect(found).not.toHaveProperty('assets');
  });

  it('takes variables of its own prefix, and of components and the page', async () => {
    const facts = await siteOf({
      'vite.config.ts': "export default { envPrefix: ['APP_', 'PUB_'] }",
      'index.html': '<title>%PUB_TITLE%</title>\n<script type="module" src="/src/main.ts"></script>',
      'src/main.ts':
        "import Page from './Page.vue';\nconsole.log(Page, import.meta.env.APP_ONE, import.meta.env.VITE_NO)",
      'src/Page.vue': '<script setup lang="ts">\nconst url = import.meta.env.APP_URL\n</script>',
      'src/test/Page.vue': '<script setup>import.meta.env.APP_TEST</script>',
      'dist/index.html': '%PUB_OLD%',
      '.env.example': '# Where the prices come from\nAPP_URL=https://prices.example\n',
    });
    expect(facts.variables.map((one) => one.name)).toEqual(['APP_ONE', 'APP_URL', 'PUB_TITLE']);
    expect(facts.variables[1]).toMatchObject({
      purpose: 'Where the prices come from',
      example: 'https://prices.example',
      from: [{ file: 'src/Page.vue', line: 2 }],
    });
  });
});

describe('other tools', () => {
  it('Create React App lies where homepage says', async () => {
    const facts = await siteOf(
      { 'src/index.js': 'fetch(process.env.REACT_APP_API)', 'src/main.ts': '', 'index.html': '' },
      {
        homepage: 'https://someone.example/repo',
        scripts: { start: 'react-scripts start', build: 'react-scripts build' },
        dependencies: { 'react-scripts': '^5.0.0' },
      },
    );
    expect(facts.site?.value).toMatchObject({ tool: 'react-scripts', output: 'build', assets: 'static', base: 'repo' });
  });

  it('Astro has its own folders, and a file for each path', async () => {
    const facts = await siteOf(
      {
        'astro.config.mjs':
          "export default defineConfig({ outDir: './out', base: '/docs', build: { assets: 'files' } })",
        'src/pages/index.astro': '---\nconst key = import.meta.env.PUBLIC_KEY_ID\n---',
      },
      { scripts: { build: 'astro check && astro build' }, dependencies: { astro: '^5.0.0' } },
    );
    expect(facts.site?.value).toEqual({
      tool: 'astro',
      output: 'out',
      assets: 'files',
      base: 'docs',
      fallback: false,
      port: 4321,
      dev: ['astro', 'dev', '--host', '0.0.0.0', '--port', '4321'],
    });
    expect(facts.variables.map((one) => one.name)).toEqual(['PUBLIC_KEY_ID']);
  });

  it('Parcel keeps its files beside the page', async () => {
    const facts = await siteOf(
      {},
      { scripts: { build: 'parcel build index.html --dist-dir out' }, devDependencies: { parcel: '^2' } },
    );
    expect(facts.site?.value).toEqual({
      tool: 'parcel',
      output: 'out',
      hashes: true,
      fallback: true,
      port: 1234,
      dev: ['parcel', 'serve', 'index.html', '--host', '0.0.0.0', '--port', '1234'],
    });
  });
});

describe('a site whose packages have names like those of frameworks', () => {
  it.each(['next-themes', 'nuxt-icons-list', 'electron-to-chromium', 'vike-tools', 'next-intl'])(
    'is a site: %s',
    async (name) => {
      const facts = await siteOf({}, { ...vite, dependencies: { [name]: '1.0.0' } });
      expect(said(facts.archetype)).toBe('web-app');
      expect(facts.site?.value.tool).toBe('vite');
    },
  );

  it('is none beside a framework itself', async () => {
    for (const name of ['next', '@remix-run/react', 'electron']) {
      expect((await siteOf({}, { ...vite, dependencies: { [name]: '1.0.0' } })).site).toBeUndefined();
    }
  });

  it('has no other tool that builds it, and hears of none', async () => {
    const built = { builder: '@angular/build:application', options: { browser: 'src/main.ts' } };
    const facts = await siteOf(
      {
        'angular.json': JSON.stringify({
          projects: { shop: { projectType: 'application', architect: { build: built } } },
        }),
      },
      {
        scripts: { build: 'ng build' },
        dependencies: { '@angular/core': '20.0.0' },
        devDependencies: { '@angular/cli': '20.0.0', typescript: '5.9.0' },
      },
    );
    expect(facts.site?.value.tool).toBe('angular');
    for (const one of [facts, await siteOf()]) {
      expect(one.builder).toBeUndefined();
      expect(one.notes.map(({ code }) => code)).not.toContain('not-built');
    }
  });
});
