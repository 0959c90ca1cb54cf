import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

/** Its default would not be told otherwise. */
const shown = { variables: { TOKEN: { secret: false } } };

/** What is said of TOKEN, of an application that starts with index.ts. */
async function token(text: string, more: Files = {}) {
  const manifest = { name: 'bot', type: 'module', scripts: { start: 'node index.ts' }, engines: { node: '24' } };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.ts': text, ...more }, shown);
  const found = facts.variables.find(({ name }) => name === 'TOKEN');
  return found && { required: found.required, default: found.default };
}

const config = {
  'config.ts': "export const config = { token: process.env.TOKEN || '', port: process.env.PORT ?? 3000 };\n",
};
const imported = "import { config } from './config.ts';\n";
const demanded = { required: true, default: undefined };
const stays = { required: false, default: '' };

describe('a value without which the program ends at its start', () => {
  it.each([
    ['beside every function', `${imported}if (!config.token) throw new Error('no token');\n`, config],
    [
      'in a function that is called at the start',
      `${imported}function check() {\n  const { token } = config;\n  if (token === '' || !config.port) process.exit(1);\n}\nasync function main() {\n  check();\n}\nmain();\n`,
      config,
    ],
    [
      'in a function that is called where it stands',
      `${imported}(async () => {\n  if (!config.token) {\n    console.error('no token');\n    process.exit(1);\n  }\n})();\n`,
      config,
    ],
    [
      'of a schema that lets it be missing',
      "import { z } from 'zod';\nconst env = z.object({ TOKEN: z.string().optional() }).parse(process.env);\nif (!env.TOKEN) throw new Error('no token');\n",
      {},
    ],
    [
      'in a function that says whether all are there',
      "export function validateEnv() {\n  if (!process.env.TOKEN) return { valid: false, message: 'no token' };\n  return { valid: true, message: '' };\n}\nif (!validateEnv().valid) process.exit(1);\n",
      {},
    ],
    [
      'in a function of another form that does',
      'const checkConfig = (): boolean => {\n  if (!process.env.TOKEN) {\n    return false;\n  }\n  return true;\n};\ncheckConfig();\n',
      {},
    ],
    [
      'in a list of what is missing',
      `${imported}const errors: string[] = [];\nif (!config.token) errors.push('TOKEN is missing');\nif (errors.length > 0) {\n  console.error(errors);\n  process.exit(1);\n}\n`,
      config,
    ],
    [
      'in a list of what is missing in production, through an accessor',
      `const optional = (env: NodeJS.ProcessEnv, name: string) => env[name]?.trim() || undefined;
function load(env: NodeJS.ProcessEnv = process.env) {
  const issues: { key: string }[] = [];
  const mode = env.NODE_ENV;
  const token = optional(env, 'TOKEN');
  if (mode === 'production' && !token) {
    issues.push({ key: 'TOKEN' });
  }
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return { token };
}
load();\n`,
      {},
    ],
    [
      'where it is for production',
      `${imported}const isProd = process.env.NODE_ENV === 'production';\nif (isProd && !config.token) throw new Error('no token');\n`,
      config,
    ],
  ])('is required: %s', async (_, text, more) => {
    expect(await token(text, more)).toEqual(demanded);
  });

  it.each([
    [
      'in an answer to a request',
      `${imported}export function handle() {\n  if (!config.token) throw new Error('no token');\n}\n`,
    ],
    [
      'in a function that asks something else',
      `${imported}const hasFeature = (): boolean => {\n  if (!config.token) {\n    return false;\n  }\n  return true;\n};\nhasFeature();\n`,
    ],
    [
      'in a list that is only told',
      `${imported}const warnings: string[] = [];\nif (!config.token) warnings.push('no token');\nif (warnings.length > 0) console.warn(warnings);\n`,
    ],
    ['where the program goes on', `${imported}if (!config.token) console.warn('no token');\n`],
    ['where another value does as well', `${imported}if (!config.token && !config.port) throw new Error('neither');\n`],
  ])('stays as it is: %s', async (_, text) => {
    expect(await token(text, config)).toEqual(stays);
  });

  it('has its default where that is a value', async () => {
    const more = { 'config.ts': "export const config = { token: process.env.TOKEN || 'dev' };\n" };
    const text = `${imported}if (!config.token) throw new Error('no token');\n`;
    expect(await token(text, more)).toEqual({ required: false, default: 'dev' });
  });
});

describe('what signs in with a variable alone', () => {
  const required = async (text: string) =>
    (await factsOfSource(text)).variables.map(({ name, required }) => [name, required]);
  it.each([
    "import { Client } from 'discord.js';\nnew Client({}).login(process.env.BOT_KEY);",
    'const bot = { client: await make() };\nawait bot.client.login(process.env.BOT_KEY as string);',
    'class Bot { async start() { await this.client.login(process.env.BOT_KEY); } }\nawait new Bot().start();',
  ])('needs it: %s', async (text) => expect(await required(text)).toEqual([['BOT_KEY', true]]));

  it.each([
    "client.login(process.env.BOT_KEY ?? 'none');",
    'if (process.env.BOT_KEY) client.login(process.env.BOT_KEY);',
    'request.login(process.env.BOT_KEY, done);',
  ])('does without it: %s', async (text) => expect(await required(text)).toEqual([['BOT_KEY', false]]));
});

describe('what a schema of the variables demands', () => {
  const other = "export const link = () => process.env.TOKEN || 'NOT SET';\n";
  it.each([
    "import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nexport const env = createEnv({ server: { TOKEN: z.string() }, runtimeEnv: process.env });\n",
    "import { z } from 'zod';\nexport const env = z.object({ TOKEN: z.string().min(1) }).parse(process.env);\n",
    "import { cleanEnv, str } from 'envalid';\nexport const env = cleanEnv(process.env, { TOKEN: str() });\n",
  ])('has no default that another place has: %s', async (text) => {
    expect(await token(`import './env.ts';\n${other}`, { 'env.ts': text })).toEqual(demanded);
  });

  it('has the default that is set for everybody first, and that of its own', async () => {
    const schema = (field: string) =>
      `import { z } from 'zod';\nexport const env = z.object({ TOKEN: ${field} }).parse(process.env);\n`;
    const first = "process.env.TOKEN ??= 'first';\n";
    expect(await token(`${first}${schema('z.string()')}`)).toEqual({ required: false, default: 'first' });
    expect(await token(`${schema("z.string().default('own')")}${other}`)).toEqual({ required: false, default: 'own' });
  });
});
