import { describe, expect, it } from 'vitest';
import { hints } from '../../../../../src/hints/registry.gen.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf } from '../../../../support/facts.ts';

const listens = "require('node:http').createServer().listen(process.env.PORT ?? 3000);\n";
const shipped = async (files: Readonly<Record<string, string>>) =>
  (detailsOf(await factsOf(files)).unproved ?? []).map(({ value }) => value);

const manifest = (more: object) => JSON.stringify({ name: 'shop', engines: { node: '26' }, ...more });

describe('what ships without a proof that it is needed', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'folders that a package is told of, in CommonJS',
      {
        'package.json': manifest({ scripts: { start: 'node server.js' } }),
        'server.js': listens,
        'changes/001.js': '',
        'mails/a.hbs': 'a',
      },
      ['changes', 'mails'],
    ],
    [
      'data beside what the compiler makes, and none of its sources',
      {
        'package.json': manifest({
          scripts: { build: 'tsc', start: 'node dist/server.js' },
          devDependencies: { typescript: '5' },
        }),
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
        'src/server.ts': listens,
        'tools/import.ts': '',
        'seeds/a.json': '[]',
      },
      ['seeds'],
    ],
    [
      'what a server of Bun with packages of native code may read',
      {
        'package.json': JSON.stringify({
          name: 'a',
          type: 'module',
          scripts: { start: 'bun server.js' },
          dependencies: { sharp: '1' },
        }),
        'bun.lock': '{}',
        'server.js':
          "import sharp from 'sharp';\nsharp();\nconst dir = import.meta.dir; console.log(dir);\nBun.serve({ fetch: () => new Response(dir) });\n",
        'words/de.txt': 'a',
      },
      ['words'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await shipped(files)).toEqual(expected);
  });

  it('is no test, no document, no tool, no deployment, no secret, and no project of its own', async () => {
    const none = [
      'test/a.js',
      'docs/a.html',
      'README.md',
      'eslint.config.js',
      'jest.config.js',
      'Dockerfile',
      'compose.yaml',
      'keys/a.pem',
    ];
    const more = [
      'k8s/a.yaml',
      '.github/a.yml',
      'client/package.json',
      'client/src/a.js',
      'LICENSE',
      'tsconfig.json',
      'fly.toml',
      'tools/Dockerfile',
      'docker/init.sql',
      'dockerfiles/README.md',
      'nginx/site.conf',
      'sonar-project.properties',
      'lefthook.yml',
    ];
    const files = Object.fromEntries([...none, ...more].map((path) => [path, path.endsWith('.json') ? '{}' : '']));
    expect(
      await shipped({
        ...files,
        'package.json': manifest({ scripts: { start: 'node server.js' } }),
        'server.js': listens,
      }),
    ).toEqual([]);
  });

  it('is no file of another platform', async () => {
    const files = Object.fromEntries(hints.flatMap((one) => one.files).map((path) => [path, '']));
    expect(
      await shipped({
        ...files,
        'package.json': manifest({ scripts: { start: 'node server.js' } }),
        'server.js': listens,
      }),
    ).toEqual([]);
  });

  it('is, of a workspace, no other member; of a member, what lies in its own folder', async () => {
    const repository = {
      'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['packages/*', 'apps/*'] }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'packages/money/package.json': '{"name":"money","main":"index.js"}',
      'packages/money/index.js': 'module.exports = 1;\n',
      'apps/api/package.json': manifest({ scripts: { start: 'node server.js' }, dependencies: { money: '*' } }),
      'apps/api/server.js': `require('money');\n${listens}`,
      'apps/api/mails/a.hbs': 'a',
      'pictures/a.svg': '',
    };
    expect(await shipped(repository)).toEqual(['mails']);
    const own = { scripts: { start: 'node server.js' }, workspaces: ['packages/*'], dependencies: { money: '*' } };
    const root = {
      'package.json': manifest(own),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'server.js': `require('money');\n${listens}`,
      'packages/money/package.json': '{"name":"money","main":"index.js"}',
      'packages/money/index.js': 'module.exports = 1;\n',
      'packages/money/rates.json': '{}',
      'mails/a.hbs': 'a',
    };
    expect(await shipped(root)).toEqual(['mails']);
  });

  it.each([
    ['what Next.js serves with its packages', '', ['mails']],
    ['nothing beside its own server', "output: 'standalone'", []],
  ])('is, of a full-stack framework, %s', async (_, setting, expected) => {
    const files = {
      'package.json': JSON.stringify({
        name: 'web',
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '16.0.0', react: '19.0.0' },
        engines: { node: '24' },
      }),
      'next.config.mjs': `export default { ${setting} };\n`,
      'app/page.tsx': 'export default function Page() { return null; }\n',
      'app/layout.tsx': 'export default function Layout({ children }) { return children; }\n',
      'public/a.svg': '',
      'mails/a.hbs': 'a',
    };
    expect(await shipped(files)).toEqual(expected);
  });

  it('is nothing where the app writes: a volume lies there', async () => {
    const source = `${listens}const fs = require('node:fs');\nfs.writeFileSync('data/a.json', '1');\n`;
    const files = {
      'package.json': manifest({ scripts: { start: 'node server.js' } }),
      'server.js': source,
      'data/b.json': '',
    };
    expect(await shipped(files)).toEqual([]);
  });

  it('is nothing beside one file that holds everything', async () => {
    const files = {
      'package.json': JSON.stringify({ name: 'a', scripts: { start: 'bun src/index.ts' } }),
      'bun.lock': '{}',
      'src/index.ts': "Bun.serve({ fetch: () => new Response('') });\n",
      'words/de.txt': 'a',
    };
    expect(await shipped(files)).toEqual([]);
  });
});
