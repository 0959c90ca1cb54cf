import { describe, expect, it } from 'vitest';
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
