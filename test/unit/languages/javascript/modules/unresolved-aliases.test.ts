import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

type Parts = {
  readonly scripts?: object;
  readonly more?: object;
  readonly dev?: object;
  readonly options?: object;
  readonly source?: string;
};

const notesOf = async ({ scripts = {}, more = {}, dev = {}, options = {}, source }: Parts) => {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'x',
      scripts: { build: 'tsc', start: 'node dist/server.js', ...scripts },
      dependencies: { express: '4.21.2' },
      devDependencies: { typescript: '5.9.3', ...dev },
      ...more,
    }),
    'tsconfig.json': JSON.stringify({
      include: ['src'],
      compilerOptions: { outDir: 'dist', module: 'commonjs', baseUrl: '.', paths: { '@/*': ['src/*'] }, ...options },
    }),
    'src/server.ts':
      source ?? "import express from 'express';\nimport { port } from '@/settings/port';\nexpress().listen(port);\n",
    'src/settings/port.ts': 'export const port = 3000;\nexport type Port = number;\n',
  });
  return facts.notes.filter(({ code }) => code === 'alias-left').map(({ message }) => message);
};

describe('an import by a path of tsconfig.json', () => {
  it('is said where the compiler leaves it and nothing resolves it', async () => {
    const [message] = await notesOf({});
    expect(message).toContain('src/server.ts imports `@/settings/port`');
    expect(message).toContain('`node dist/server.js`');
    expect(message).toContain('tsc-alias');
  });

  it('is said where baseUrl alone makes it', async () => {
    const source = "import { port } from 'src/settings/port';\nrequire('express')().listen(port);\n";
    expect(await notesOf({ options: { paths: {} }, source })).toHaveLength(1);
  });

  it.each<[string, Parts]>([
    ['the build replaces it', { scripts: { build: 'tsc && tsc-alias' }, dev: { 'tsc-alias': '1' } }],
    [
      'a plugin of the compiler replaces it',
      { scripts: { build: 'tspc' }, dev: { 'typescript-transform-paths': '3' } },
    ],
    [
      'a bundler makes the output',
      { scripts: { build: 'tsc --noEmit && esbuild src/server.ts --outfile=dist/server.js' } },
    ],
    ['the start command loads a resolver', { scripts: { start: 'node -r tsconfig-paths/register dist/server.js' } }],
    ['package.json says the same', { more: { _moduleAliases: { '@': 'dist' } } }],
    [
      'Node.js resolves it',
      {
        more: { imports: { '#settings/*': './dist/settings/*.js' } },
        source: "import { port } from '#settings/port';\nrequire('express')().listen(port);\n",
      },
    ],
    [
      'only a type is used',
      {
        source:
          "import { Port } from '@/settings/port';\nconst port: Port = 3000;\nrequire('express')().listen(port);\n",
      },
    ],
    [
      'the import is relative',
      {
        source: "import { port } from './settings/port';\nrequire('express')().listen(port);\n",
      },
    ],
    ['the source itself starts', { scripts: { start: 'tsx src/server.ts' } }],
  ])('is quiet where %s', async (_, parts) => expect(await notesOf(parts)).toEqual([]));
});
