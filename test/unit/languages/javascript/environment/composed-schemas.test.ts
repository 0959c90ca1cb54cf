import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

/** The variables of an application in CommonJS, by what is demanded of each. */
async function variables(files: Files) {
  const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), ...files });
  return facts.variables.map(({ name, required, default: usual }) => [name, required, usual]);
}

const nest = (schema: string) =>
  `import * as Joi from 'joi';
import { ConfigModule } from '@nestjs/config';
${schema}
export const config = ConfigModule.forRoot({ isGlobal: true, validationSchema });`;

const database = `import * as Joi from 'joi';
export const database = { API_HOST: Joi.string().required(), LEVEL: Joi.string() };
export const databaseSchema = Joi.object(database);
export const text = Joi.string();
export const needed = Joi.string().required();
`;

describe('schemas that are put together', () => {
  const found = [
    ['API_HOST', true, undefined],
    ['LEVEL', false, undefined],
    ['PORT', false, '3000'],
  ];
  it.each<[string, Files]>([
    [
      'of keys of another file',
      {
        'index.js': nest(
          "import { database } from './database.js';\nconst validationSchema = Joi.object({ PORT: Joi.number().default(3000) }).keys(database);",
        ),
        'database.js': database,
      },
    ],
    [
      'of two schemas',
      {
        'index.js': nest(
          "import { databaseSchema } from './database.js';\nconst validationSchema = Joi.object({ PORT: Joi.number().default(3000) }).concat(databaseSchema);",
        ),
        'database.js': database,
      },
    ],
    [
      'of two schemas from nothing, and more',
      {
        'index.js': nest(
          "import { databaseSchema } from './database.js';\nconst base = Joi.object().concat(databaseSchema).unknown(true);\nconst validationSchema = base.append({ PORT: Joi.number().default(3000) });",
        ),
        'database.js': database,
      },
    ],
    [
      'of a table of another file that is spread',
      {
        'index.js': nest(
          "import { database } from './database.js';\nconst validationSchema = Joi.object({ ...database, PORT: Joi.number().default(3000) });",
        ),
        'database.js': database,
      },
    ],
    [
      'of a module of tables',
      {
        'index.js': nest(
          "import * as all from './database.js';\nconst validationSchema = Joi.object({ ...all.database, PORT: Joi.number().default(3000) });",
        ),
        'database.js': database,
      },
    ],
    [
      'of fields of another file',
      {
        'index.js': nest(
          "import { text, needed } from './database.js';\nconst validationSchema = Joi.object({ API_HOST: needed, LEVEL: text, PORT: Joi.number().default(3000) });",
        ),
        'database.js': database,
      },
    ],
    [
      'of fields that are demanded afterwards',
      {
        'index.js': nest(
          "const validationSchema = Joi.object({ API_HOST: Joi.string(), LEVEL: Joi.string(), PORT: Joi.number().default(3000) }).fork(['API_HOST'], (one) => one.required());",
        ),
      },
    ],
    [
      'of a field that is said anew',
      {
        'index.js': nest(
          'const base = Joi.object({ API_HOST: Joi.string(), LEVEL: Joi.string().required() });\nconst validationSchema = base.keys({ API_HOST: Joi.string().required(), LEVEL: Joi.string(), PORT: Joi.number().default(3000) });',
        ),
      },
    ],
    [
      'where all is demanded but what says otherwise',
      {
        'index.js': nest(
          "const validationSchema = Joi.object({ API_HOST: Joi.string(), LEVEL: Joi.string().optional(), PORT: Joi.number().default(3000) }).options({ presence: 'required' });",
        ),
      },
    ],
  ])('have the fields %s', async (_, files) => expect(await variables(files)).toEqual(found));

  it('are read inside of each other by what they are given', async () => {
    const text = `const Joi = require('joi');
const schema = Joi.object({ port: Joi.number().default(3000), database: Joi.object({ host: Joi.string().required(), pool: Joi.object({ most: Joi.number(), least: Joi.number().required() }) }) });
const { value, error } = schema.validate({ port: process.env.PORT, database: { host: process.env.DB_HOST, pool: { most: process.env.DB_POOL, least: process.env.DB_LEAST } } });
console.log(value.database.host, error);`;
    expect(await variables({ 'index.js': text })).toEqual([
      ['DB_HOST', true, undefined],
      ['DB_LEAST', true, undefined],
      ['DB_POOL', false, undefined],
      ['PORT', false, '3000'],
    ]);
  });

  it.each([
    [
      'one of zod',
      "const z = require('zod');\nconst env = z.object({ SETTINGS: z.object({ a: z.string() }) }).parse(process.env);",
    ],
    [
      'one of Joi',
      "const Joi = require('joi');\nconst { value: env } = Joi.object({ SETTINGS: Joi.object({ a: Joi.string() }).required() }).validate(process.env);",
    ],
    [
      'one that is parsed',
      "const z = require('zod');\nconst env = z.object({ SETTINGS: z.string().pipe(z.object({ a: z.string() })) }).parse(process.env);",
    ],
  ])('keep a variable that holds a table: %s', async (_, text) => {
    expect(await variables({ 'index.js': `${text}\nconsole.log(env);` })).toEqual([['SETTINGS', true, undefined]]);
  });

  it('name no variable after a table inside of them', async () => {
    const schema =
      'const validationSchema = Joi.object({ API_HOST: Joi.string().required(), database: Joi.object({ HOST: Joi.string().required() }) });';
    expect(await variables({ 'index.js': nest(schema) })).toEqual([['API_HOST', true, undefined]]);
  });
});

describe('schemas of zod that lie in several files', () => {
  const base = `import { z } from 'zod';
export const base = z.object({ API_HOST: z.string(), LEVEL: z.string().optional() });
export const other = z.object({ API_HOST: z.string().optional(), LEVEL: z.string(), OLD: z.string() });
`;
  const head = "import { z } from 'zod';\nimport { base, other } from './base.js';\n";
  const port = "z.object({ PORT: z.string().default('3000') })";
  it.each([
    ['extends a table', "base.extend({ PORT: z.string().default('3000') })"],
    ['merges a schema', `base.merge(${port})`],
    ['extends by the table of another schema', `${port}.extend(base.shape)`],
    ['spreads the table of another schema', "z.object({ ...base.shape, PORT: z.string().default('3000') })"],
    ['is both of two', `z.intersection(base, ${port})`],
    ['leaves some out', `${port}.merge(other.omit({ OLD: true, API_HOST: true, LEVEL: true })).merge(base)`],
    [
      'takes some, and changes what is demanded',
      `${port}.merge(other.pick({ API_HOST: true, LEVEL: true }).partial({ LEVEL: true }).required({ API_HOST: true }))`,
    ],
  ])('have the fields of all: one %s', async (_, schema) => {
    const text = `${head}const env = (${schema}).parse(process.env);\nconsole.log(env);`;
    expect(await variables({ 'index.js': text, 'base.js': base })).toEqual([
      ['API_HOST', true, undefined],
      ['LEVEL', false, undefined],
      ['PORT', false, '3000'],
    ]);
  });

  it('are not read from the table of something else', async () => {
    const text = `${head}const form = { shape: 1 };\nconst env = ${port}.extend(form.shape).parse(process.env);\nconsole.log(env);`;
    expect(await variables({ 'index.js': text, 'base.js': base })).toEqual([['PORT', false, '3000']]);
  });
});
