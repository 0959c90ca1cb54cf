import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../src/project/memory.ts';

/** Far above what an ordinary run takes, far below what a backtracking engine takes. Milliseconds. */
const LIMIT = 5000;

async function timeOf(files: Readonly<Record<string, string>>): Promise<number> {
  const started = performance.now();
  await inspect(memoryProject(files), { config: {} });
  return performance.now() - started;
}

const server = "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n";
const manifest = (more: object) => JSON.stringify({ name: 'r', scripts: { start: 'node server.js' }, ...more });

/** Each took more than ten seconds, or never ended, while the pattern was a regular expression. */
const slow: readonly [string, Readonly<Record<string, string>>][] = [
  [
    'a workspace glob of many stars',
    { 'package.json': manifest({ workspaces: ['*a*a*a*a*a*a*b'] }), [`${'a'.repeat(200)}/package.json`]: manifest({}) },
  ],
  [
    'a workspace glob of many globstars',
    {
      'package.json': manifest({ workspaces: [`${'**/a*'.repeat(12)}/b`] }),
      [`${'a/'.repeat(60)}package.json`]: manifest({}),
    },
  ],
  [
    'a workspace glob of many braces',
    {
      'package.json': manifest({ workspaces: ['{a,b}'.repeat(60)] }),
      [`${'a'.repeat(60)}/package.json`]: manifest({}),
    },
  ],
  [
    'a wildcard of scripts',
    {
      'package.json': manifest({
        scripts: { start: `run-s ${'*a'.repeat(14)}*b`, ['a'.repeat(180)]: 'node server.js' },
      }),
    },
  ],
  [
    'a page of script tags',
    { 'package.json': manifest({ devDependencies: { vite: '7.0.0' } }), 'index.html': '<script<i'.repeat(40_000) },
  ],
  ['an .npmrc of line ends', { 'package.json': manifest({ dependencies: {} }), '.npmrc': '\n\t'.repeat(40_000) }],
  ['an example of quotes', { 'package.json': manifest({}), '.env.example': `A="${'" " '.repeat(40_000)}x` }],
  ['an example of blanks', { 'package.json': manifest({}), '.env.example': `A=b${' '.repeat(100_000)}c` }],
  ['a name of dashes', { 'package.json': manifest({ name: `a${'-'.repeat(100_000)}b` }) }],
];

/** Constants of which each is made of the one before, twice. */
const doubling = (begin: string, line: (at: number) => string): string =>
  [begin, ...Array.from({ length: 60 }, (_, at) => line(at))].join('\n');

const goMain = (first: string): string =>
  `package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\n${doubling(first, (at) => `var a${at + 1} = a${at} + a${at}`)}\n\nfunc main() {\n\tos.Getenv(a60)\n\tos.Getenv(a22)\n\thttp.ListenAndServe(":8080"+a20, nil)\n}\n`;

const pythonMain = (first: string): string =>
  `import os\nfrom flask import Flask\napp = Flask(__name__)\n${doubling(first, (at) => `a${at + 1} = a${at} + a${at}`)}\nos.environ.get("B", a60)\nos.environ.get(a22)\napp.run(port=int(os.environ.get("PORT", a20)))\n`;

const longer: readonly [string, Readonly<Record<string, string>>][] = [
  ['texts in Go', { 'go.mod': 'module example.com/a\n', 'main.go': goMain('const a0 = "x"') }],
  ['variables in Go', { 'go.mod': 'module example.com/a\n', 'main.go': goMain('var a0 = os.Getenv("A")') }],
  ['texts in Python', { 'requirements.txt': 'flask\n', 'app.py': pythonMain('a0 = "x"') }],
  ['variables in Python', { 'requirements.txt': 'flask\n', 'app.py': pythonMain('a0 = os.environ["A"]') }],
];

describe('constants that double the one before', () => {
  it.each(longer)('take no time: %s', { timeout: 60_000 }, async (_, files) => {
    expect(await timeOf(files)).toBeLessThan(LIMIT);
  });
});

describe('a pattern of a project', () => {
  it.each(slow)('takes no time: %s', { timeout: 60_000 }, async (_, files) => {
    expect(await timeOf({ 'server.js': server, ...files })).toBeLessThan(LIMIT);
  });

  it('still finds the members that a glob names, and leaves out those that one with ! names', async () => {
    const found = await inspect(
      memoryProject({
        'package.json': JSON.stringify({ private: true, workspaces: ['apps/*', '{tools,jobs}/**', '!apps/old'] }),
        'apps/api/package.json': manifest({ name: 'api' }),
        'apps/old/package.json': manifest({ name: 'old' }),
        'tools/one/two/package.json': manifest({ name: 'two' }),
        'jobs/nightly/package.json': manifest({ name: 'nightly' }),
        'other/x/package.json': manifest({ name: 'x' }),
        ...Object.fromEntries(
          ['apps/api', 'apps/old', 'tools/one/two', 'jobs/nightly', 'other/x'].map((folder) => [
            `${folder}/server.js`,
            server,
          ]),
        ),
      }),
      { config: {} },
    );
    expect(found.apps.map((app) => app.root)).toEqual(['apps/api', 'jobs/nightly', 'tools/one/two']);
  });
});
