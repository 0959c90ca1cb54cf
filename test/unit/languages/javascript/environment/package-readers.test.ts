import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const base = { name: 'shop', type: 'module', scripts: { start: 'node index.ts' }, engines: { node: '24' } };

async function read(text: string, more: Files = {}) {
  const facts = await factsOf({ 'package.json': JSON.stringify(base), 'index.ts': text, ...more });
  return {
    port: said(facts.port),
    variables: facts.variables.map((one) => [one.name, one.required, one.default]),
  };
}

const server = (port: string) =>
  `import { createServer } from 'node:http';\ncreateServer((q, r) => r.end()).listen(${port});\n`;

describe('a function of a package that reads one variable', () => {
  it.each([
    [
      'a method of a class of helpers',
      "import { ConfigUtils } from '@own/lib';\nconst port = ConfigUtils.getIntValueFromEnv('PORT', 4100);\n",
    ],
    ['a function', "import { getEnvVar } from 'some-tools';\nconst port = Number(getEnvVar('PORT', '4100'));\n"],
    ['a function of its kind', "import getenv from 'getenv';\nconst port = getenv.int('PORT', 4100);\n"],
  ])('gives the port: %s', async (_, text) => {
    expect((await read(`${text}${server('port')}`)).port).toEqual({ number: 4100, variable: 'PORT' });
  });

  it('demands a variable without a default where the package is known to do so', async () => {
    const text = "import getenv from 'getenv';\nconsole.log(getenv('API_HOST'), getenv.string('REGION', 'eu'));\n";
    expect((await read(text)).variables).toEqual([
      ['API_HOST', true, undefined],
      ['REGION', false, 'eu'],
    ]);
  });

  it.each([
    ['it sets one', "import { setEnv } from 'some-tools';\nsetEnv('API_HOST', 'x');\n"],
    ['its name is none of a variable', "import { getEnv } from 'some-tools';\ngetEnv('production');\n"],
    [
      'it is a function of the project that does something else',
      "import { getEnv } from './env.ts';\ngetEnv('API_HOST');\n",
    ],
  ])('is none where %s', async (_, text) => {
    const more = { 'env.ts': 'export const getEnv = (name: string) => name.length;\n' };
    expect((await read(text, more)).variables).toEqual([]);
  });
});

describe('a bot in several processes', () => {
  const bot =
    "import { Client } from 'discord.js';\nconst client = new Client({ intents: [] });\nclient.login(process.env.TOKEN);\nconsole.log(process.env.LOG_LEVEL);\n";
  const manifest = (more: object) => JSON.stringify({ ...base, dependencies: { 'discord.js': '14' }, ...more });

  it.each([
    [
      'of what is built',
      {
        'package.json': manifest({
          scripts: { build: 'tsc', start: 'node dist/index.js' },
          devDependencies: { typescript: '5' },
        }),
        'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }',
        'src/index.ts':
          "import { ShardingManager } from 'discord.js';\nconst manager = new ShardingManager('./dist/bot.js', { token: process.env.TOKEN });\nmanager.spawn();\n",
        'src/bot.ts': bot,
      },
    ],
    [
      'of a file beside it',
      {
        'package.json': manifest({ scripts: { start: 'node index.js' } }),
        'index.js':
          "import { ShardingManager } from 'discord.js';\nconst token = process.env.TOKEN;\nnew ShardingManager('./bot.js', { token }).spawn();\n",
        'bot.js': bot,
      },
    ],
    [
      'of another package',
      {
        'package.json': manifest({ scripts: { start: 'node index.js' } }),
        'index.js':
          "import { ClusterManager } from 'discord-hybrid-sharding';\nnew ClusterManager(`${import.meta.dirname}/bot.js`, { token: process.env.TOKEN }).spawn();\n",
        'bot.js': bot,
      },
    ],
  ])('is read where it is started from: %s', async (_, files) => {
    const { variables } = await factsOf(files);
    expect(variables.map(({ name, required }) => [name, required])).toEqual([
      ['LOG_LEVEL', false],
      ['TOKEN', true],
    ]);
  });
});
