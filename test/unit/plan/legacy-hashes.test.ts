import { describe, expect, it } from 'vitest';
import { factsOf } from '../../support/facts.ts';
import { generatedFor } from '../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const manifest = (more: object): string => JSON.stringify({ name: 'shop', version: '1.0.0', ...more });

/** The flags that the Dockerfile of these files gives its build and its development form. */
async function flags(files: Files): Promise<readonly string[]> {
  const text = (await generatedFor(files))('Dockerfile');
  expect(text).not.toBe('');
  return text.split('\n').filter((line) => line.includes('NODE_OPTIONS'));
}

const page: Files = { 'public/index.html': '<div id="app"></div>', 'src/main.js': '', 'src/index.js': '' };
const set = 'ENV NODE_OPTIONS=--openssl-legacy-provider';

const npm = (release: string): Files => ({
  ...page,
  'package.json': manifest({ scripts: { build: 'react-scripts build' }, dependencies: { 'react-scripts': '4.0.3' } }),
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { 'react-scripts': '4.0.3' } },
      'node_modules/react-scripts': { version: '4.0.3' },
      'node_modules/react-scripts/node_modules/webpack': { version: release },
    },
  }),
});
const pnpm = (release: string): Files => ({
  ...page,
  'package.json': manifest({
    scripts: { build: 'vue-cli-service build' },
    devDependencies: { '@vue/cli-service': '^4.5.0' },
  }),
  'pnpm-lock.yaml': `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    devDependencies:\n      '@vue/cli-service':\n        specifier: ^4.5.0\n        version: 4.5.19\n\npackages:\n\n  '@vue/cli-service@4.5.19':\n    resolution: {integrity: sha512-a}\n\n  webpack@${release}:\n    resolution: {integrity: sha512-b}\n`,
});
const yarn = (release: string): Files => ({
  'package.json': manifest({
    scripts: { build: 'node scripts/build.js', start: 'node dist/server.js' },
    dependencies: { express: '^4.0.0' },
    devDependencies: { webpack: '^4.0.0' },
  }),
  'scripts/build.js': "require('webpack')(require('../webpack.config.js'), () => {});",
  'webpack.config.js':
    "module.exports = { target: 'node', entry: './src/server.js', output: { path: __dirname + '/dist', filename: 'server.js' } };",
  'src/server.js': "require('express')().listen(3000);",
  'yarn.lock': `# yarn lockfile v1\n\n\nexpress@^4.0.0:\n  version "4.21.0"\n\nwebpack@^4.0.0:\n  version "${release}"\n`,
});
const bun = (release: string): Files => ({
  ...page,
  'package.json': manifest({
    scripts: { build: 'vue-cli-service build' },
    devDependencies: { '@vue/cli-service': '^5.0.0' },
  }),
  'bun.lock': `{ "lockfileVersion": 1, "workspaces": { "": { "devDependencies": { "@vue/cli-service": "^5.0.0" } } }, "packages": { "@vue/cli-service": ["@vue/cli-service@5.0.0", "", {}, ""], "@vue/cli-service/webpack": ["webpack@${release}", "", {}, ""] } }`,
});

describe('a bundler that hashes by what OpenSSL 3 refuses', () => {
  it.each([
    ['webpack 4 below Create React App, by npm', npm('4.44.2')],
    ['webpack 4 of Vue CLI, by pnpm', pnpm('4.46.0')],
    ['webpack 4 that a script of the project loads, by Yarn', yarn('4.46.0')],
  ])('is given the flag where it builds, and where it is developed: %s', async (_, files) => {
    expect((await flags(files)).length).toBeGreaterThan(0);
    expect(await flags(files)).toContain(set);
  });

  it('is given it by any manager, as long as Node.js builds', async () => {
    const files = bun('5.50.0');
    const { details, runtime } = await factsOf(files);
    expect(details).toMatchObject({ oldHashes: { value: 'webpack 5.50.0', from: [{ file: 'bun.lock' }] } });
    expect(runtime).toMatchObject({ value: { name: 'bun' } });
  });

  it.each([
    ['webpack 5 with an MD4 of its own', npm('5.61.0')],
    ['the last webpack 4', pnpm('4.47.0')],
    ['a runtime before OpenSSL 3', { ...yarn('4.46.0'), '.nvmrc': '16\n' }],
    [
      'a script of the author that says so itself',
      {
        ...npm('4.44.2'),
        'package.json': manifest({
          scripts: { build: 'NODE_OPTIONS=--openssl-legacy-provider react-scripts build' },
          dependencies: { 'react-scripts': '4.0.3' },
        }),
      },
    ],
    [
      'an old one that builds nothing here',
      {
        ...npm('4.44.2'),
        'index.html': '<script type="module" src="/src/main.js"></script>',
        'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7.0.0' } }),
      },
    ],
  ])('is left as it is: %s', async (_, files) => {
    expect((await flags(files)).filter((line) => line.startsWith('ENV'))).toEqual([]);
  });
});
