import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const project = (scripts: Files, packages: readonly string[], files: Files = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'pages',
    scripts,
    engines: { node: '24' },
    dependencies: Object.fromEntries(packages.map((name) => [name, '1.0.0'])),
  }),
  ...files,
});

const siteOf = async (files: Files) => (await factsOf(files)).site?.value;

describe('a site of Angular', () => {
  const angular = (options: object, builder = '@angular/build:application', build = 'ng build', more: object = {}) =>
    project({ build }, ['@angular/core'], {
      'angular.json': JSON.stringify({
        projects: {
          parts: { projectType: 'library', architect: { build: { builder: '@angular/build:ng-packagr' } } },
          shop: { projectType: 'application', architect: { build: { builder, options, ...more } } },
        },
      }),
      'src/main.ts': 'export {};\n',
    });
  const staging = { configurations: { staging: { baseHref: '/try/', outputPath: 'try' } } };

  it.each([
    ['where nothing is said', angular({}), 'dist/shop/browser'],
    ['as a text', angular({ outputPath: 'out' }), 'out/browser'],
    ['as an object', angular({ outputPath: { base: 'out', browser: '' } }), 'out'],
    [
      'by the builder of before',
      angular({ outputPath: 'dist/www' }, '@angular-devkit/build-angular:browser'),
      'dist/www',
    ],
    ['by the command', angular({}, undefined, 'ng build --output-path=public'), 'public/browser'],
    ['by its configuration', angular({}, undefined, 'ng build --configuration staging', staging), 'try/browser'],
  ])('lies where its settings say: %s', async (_, files, output) => expect((await siteOf(files))?.output).toBe(output));

  it('has the path of the configuration that it is built with', async () => {
    expect((await siteOf(angular({}, undefined, 'ng build -c staging', staging)))?.base).toBe('try');
    expect((await siteOf(angular({}, undefined, 'ng build', staging)))?.base).toBeUndefined();
  });

  it.each([
    ['a library', angular({}, undefined, 'ng build parts')],
    ['a server beside it', angular({ server: 'src/main.server.ts', ssr: true, outputMode: 'server' })],
  ])('is none: %s', async (_, files) => expect(await siteOf(files)).toBeUndefined());

  const fonts = (page: string, options: object = {}, more: object = {}, build = 'ng build') => ({
    ...angular(options, undefined, build, more),
    'src/index.html': `<link href="${page}" rel="stylesheet">\n`,
  });
  const google = 'https://fonts.googleapis.com/icon?family=Roboto';
  it.each([
    ['fonts of a page', fonts(google), true],
    ['fonts of another host', fonts('https://use.typekit.net/abc.css'), true],
    [
      'fonts that a configuration keeps',
      fonts(google, { optimization: false }, { configurations: { live: { optimization: true } } }, 'ng build -c live'),
      true,
    ],
    ['none, where they are switched off', fonts(google, { optimization: { fonts: false } }), false],
    ['none, where the browser asks for them', fonts(google, { optimization: { fonts: { inline: false } } }), false],
    ['none, where the page names no host', fonts('/styles.css'), false],
  ])('downloads while it builds: %s', async (_, files, isSaid) => {
    const { notes } = await factsOf(files);
    expect(notes.some(({ code }) => code === 'build-downloads')).toBe(isSaid);
  });

  it('is one, where all pages are made before', async () => {
    const files = angular({ server: 'src/main.server.ts', ssr: true, outputMode: 'static' });
    expect(await siteOf(files)).toMatchObject({ tool: 'angular', page: 'index.csr.html' });
  });
});

describe('a site of webpack', () => {
  const webpack = (settings: string, files: Files = {}, build = 'webpack') =>
    project({ build }, ['webpack', 'webpack-cli', 'webpack-dev-server'], {
      'webpack.config.js': `const path = require('node:path');\nmodule.exports = { ${settings} };\n`,
      'src/index.js': "document.title = 'pages';\n",
      ...files,
    });
  const page = 'plugins: [new HtmlWebpackPlugin()]';

  it.each([
    ['where nothing is said', webpack(page), 'dist'],
    ['worked out from its folder', webpack(`${page}, output: { path: path.join(__dirname, 'www') }`), 'www'],
    [
      'in a text that begins with its folder',
      webpack(`${page}, output: { path: \`\${__dirname}/www/app\` }`),
      'www/app',
    ],
    ['in a sum that begins with its folder', webpack(`${page}, output: { path: __dirname + '/www' }`), 'www'],
    [
      'in a text that begins with its folder by a name',
      webpack(`${page}, output: { path: \`\${path.resolve(__dirname, 'www')}/app\` }`),
      'www/app',
    ],
    ['by the command', webpack(page, {}, 'webpack --output-path public'), 'public'],
    [
      'in what it is merged from',
      webpack(
        '',
        {
          'settings/all.js': `module.exports = { output: { path: require('path').resolve(__dirname, '../site') }, ${page} };\n`,
          'settings/prod.js': "module.exports = merge(require('./all'), { mode: 'production' });\n",
        },
        'webpack --config settings/prod.js',
      ),
      'site',
    ],
  ])('lies where its settings say: %s', async (_, files, output) => expect((await siteOf(files))?.output).toBe(output));

  it.each([
    ['a page that is copied', webpack('plugins: [new CopyPlugin({})]', { 'public/index.html': '<main></main>\n' })],
    ['a page that lies in the output', webpack('', { 'dist/index.html': '<main></main>\n' })],
  ])('needs a page: %s', async (_, files) => expect((await siteOf(files))?.tool).toBe('webpack'));

  const given = (more: string, options: string) =>
    webpack(`plugins: [new HtmlWebpackPlugin({ ${options} })]`, {
      'webpack.config.js': `module.exports = (env, argv) => {\n  const isLive = argv.mode === 'production';\n  return { plugins: [new HtmlWebpackPlugin({ ${options} })], ${more} };\n};\n`,
    });
  it.each([
    ['by the output', given("output: { publicPath: '/shop/' }", ''), 'shop'],
    ['by the page', given('', "publicPath: isLive ? '/static/shop/' : '/'"), 'static/shop'],
    ['by the page before the output', given("output: { publicPath: '/a/' }", "publicPath: '/b/'"), 'b'],
    ['not for developing', given('', "publicPath: isLive ? '/' : '/try/'"), undefined],
  ])('is asked for below a path: %s', async (_, files, base) => expect((await siteOf(files))?.base).toBe(base));

  it.each([
    ['by its page', given('', "publicPath: '/shop/'"), true],
    ['in a folder of files', given("output: { publicPath: '/static/' }", ''), true],
    ['in a path of its own', given("output: { publicPath: '/shop/' }", ''), undefined],
    ['in none', given('', ''), undefined],
  ])('shows its page at any path where its files lie %s', async (_, files, everywhere) =>
    expect((await siteOf(files))?.everywhere).toBe(everywhere),
  );

  it.each([
    ['no page', webpack('')],
    ['a program', webpack(`target: 'node', ${page}`)],
    ['a library', webpack(`output: { library: { type: 'module' } }, ${page}`)],
  ])('is none: %s', async (_, files) => expect(await siteOf(files)).toBeUndefined());

  it('has a file for each of several pages', async () => {
    const two = await siteOf(
      webpack('plugins: [new HtmlWebpackPlugin(), new HtmlWebpackPlugin({ filename: "b.html" })]'),
    );
    expect([two?.fallback, (await siteOf(webpack(page)))?.fallback]).toEqual([false, true]);
  });
});

describe('a folder of pages that a command names', () => {
  it.each([
    ['VitePress', 'vitepress', 'docs/.vitepress/dist', ['vitepress', 'dev', 'docs']],
    ['VuePress', 'vuepress', 'docs/.vuepress/dist', ['vuepress', 'dev', 'docs']],
  ])('of %s is built and served from there', async (_, tool, output, dev) => {
    const site = await siteOf(project({ 'docs:build': `${tool} build docs` }, [tool], { 'docs/index.md': '# Hi\n' }));
    expect([site?.output, site?.documents, site?.dev.slice(0, 3)]).toEqual([output, ['docs'], dev]);
  });

  it('is that of the app, where it names none', async () => {
    const site = await siteOf(project({ build: 'vitepress build' }, ['vitepress'], { 'index.md': '# Hi\n' }));
    expect([site?.output, site?.documents]).toEqual(['.vitepress/dist', ['.']]);
  });

  it('asks git for dates where its settings say so', async () => {
    const dated = (value: string) =>
      project({ build: 'vitepress build' }, ['vitepress'], {
        '.vitepress/config.ts': `export default { lastUpdated: ${value} };\n`,
        'index.md': '# Hi\n',
      });
    const [on, off] = await Promise.all([factsOf(dated('true')), factsOf(dated('false'))]);
    expect([on.asksGit?.value, off.asksGit]).toEqual([expect.stringContaining('lastUpdated'), undefined]);
  });
});

describe('which of several tools builds the site', () => {
  it('is the one that the build script runs first', async () => {
    const files = project({ build: 'vite build && storybook build' }, ['vite', 'storybook'], {
      'index.html': '<main></main>\n',
    });
    expect((await siteOf(files))?.tool).toBe('vite');
  });

  it('is none, where pages are built beside a server', async () => {
    const server = "require('node:http').createServer((_, answer) => answer.end('ok')).listen(3000);\n";
    const scripts = { 'docs:build': 'vitepress build docs', start: 'node server.js' };
    const facts = await factsOf(project(scripts, ['vitepress'], { 'server.js': server, 'docs/index.md': '# Hi\n' }));
    expect([said(facts.archetype), facts.site, facts.commands.build]).toEqual(['web-service', undefined, undefined]);
  });
});

describe('Gatsby', () => {
  const gatsby = (more: Readonly<Record<string, string>> = {}) => ({
    'package.json': JSON.stringify({
      name: 'press',
      scripts: { build: 'gatsby build', start: 'gatsby develop' },
      engines: { node: '24' },
      dependencies: { gatsby: '5.14.0', react: '18.2.0' },
    }),
    'src/pages/index.tsx': 'export const Head = () => <title>Press</title>;\nexport default () => <p>Press</p>;\n',
    ...more,
  });

  it.each([
    [
      'a function',
      { 'src/api/mail.ts': 'export default (_, answer) => answer.json({});\n' },
      'the function src/api/mail.ts',
    ],
    [
      'a page that is made when it is asked for',
      {
        'src/pages/news.tsx':
          'export async function getServerData() { return { props: {} }; }\nexport default () => null;\n',
      },
      '`getServerData` of src/pages/news.tsx',
    ],
    [
      'a page that is put off',
      {
        'src/pages/old.jsx':
          'const config = async () => () => ({ defer: true });\nexport { config };\nexport default () => null;\n',
      },
      '`config` of src/pages/old.jsx',
    ],
    [
      'pages that are put off',
      {
        'gatsby-node.mjs':
          "export const createPages = ({ actions }) => actions.createPage({ path: '/old', defer: true });\n",
      },
      '`defer` of gatsby-node.mjs',
    ],
  ])('is refused by name with %s', async (_, more, part) => {
    const { archetype, site } = await factsOf(gatsby(more));
    expect(site).toBeUndefined();
    expect('why' in archetype && archetype.why).toContain(`${part} of Gatsby needs a server`);
  });

  it('that makes files alone is a site', async () => {
    const utility = { 'src/utils/get.ts': 'export const getServerData = 1;\n' };
    expect((await factsOf(gatsby(utility))).site?.value.tool).toBe('gatsby');
  });
});
