import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const schema =
  "{ type: 'object', required: ['MAIL_HOST', 'MAIL_PORT'], properties: { MAIL_HOST: { type: 'string' }, MAIL_PORT: { type: 'number', default: 25 }, MAIL_FROM: { type: 'string' } } }";

async function read(plugin: string, more = ''): Promise<readonly unknown[]> {
  const { variables } = await factsOf({
    'package.json': JSON.stringify({
      name: 'letters',
      scripts: { start: 'node server.js' },
      dependencies: { fastify: '5.0.0', '@fastify/autoload': '6.0.0', '@fastify/env': '5.0.0' },
      engines: { node: '24' },
    }),
    'server.js': `const path = require('node:path');\nconst app = require('fastify')();\napp.register(require('@fastify/autoload'), { dir: path.join(__dirname, 'plugins') });\n${more}app.listen({ port: 3000 });\n`,
    'plugins/settings.js': plugin,
  });
  return variables.map(({ name, required }) => [name, required]);
}

const wanted = [
  ['MAIL_FROM', false],
  ['MAIL_HOST', true],
  ['MAIL_PORT', false],
];

describe('the schema of a plugin that checks the variables', () => {
  it.each([
    [
      'options beside it',
      `const env = require('@fastify/env');\nmodule.exports = env;\nmodule.exports.autoConfig = { confKey: 'config', schema: ${schema}, data: process.env };\n`,
    ],
    [
      'options that a function gives',
      `const env = require('@fastify/env');\nconst schema = ${schema};\nmodule.exports = env;\nmodule.exports.autoConfig = (app) => ({ schema, dotenv: true });\n`,
    ],
    [
      'the name that it had before',
      `const env = require('fastify-env');\nmodule.exports = async (app) => { app.register(env, { schema: ${schema} }); };\n`,
    ],
  ])('is read from %s', async (_, plugin) => {
    expect(await read(plugin)).toEqual(wanted);
  });

  it.each([
    [
      'another plugin has them',
      `module.exports = require('@fastify/helmet');\nmodule.exports.autoConfig = { schema: ${schema} };\n`,
    ],
    [
      'they are those of a route',
      `const env = require('@fastify/env');\nmodule.exports = async (app) => { app.get('/', { schema: ${schema} }, () => 1); };\n`,
    ],
  ])('is none where %s', async (_, plugin) => {
    expect(await read(plugin)).toEqual([]);
  });
});

describe('a variable that a function leaves without a word where it is missing', () => {
  const ofFunction = (body: string) =>
    read('module.exports = async () => {};\n', `function watch() { ${body} }\nwatch();\n`);
  it.each([
    ['a statement', 'if (!process.env.NOTIFY) return; send(process.env.NOTIFY!);'.replace('!)', ')')],
    ['a block', 'if (!process.env.NOTIFY) { return; } JSON.parse(process.env.NOTIFY);'],
    ['a comparison', 'if (process.env.NOTIFY === undefined) return null; new URL(process.env.NOTIFY);'],
  ])('is optional: %s', async (_, body) => {
    expect(await ofFunction(body)).toEqual([['NOTIFY', false]]);
  });

  it('is needed where it says so', async () => {
    const body =
      "if (!process.env.NOTIFY) { console.error('NOTIFY is missing'); return; } new URL(process.env.NOTIFY);";
    expect(await ofFunction(body)).toEqual([['NOTIFY', true]]);
  });
});
