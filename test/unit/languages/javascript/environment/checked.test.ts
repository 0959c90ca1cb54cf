import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** The variables of an application in CommonJS, by what is demanded of each. */
async function variables(text: string, more: Readonly<Record<string, string>> = {}) {
  const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text, ...more });
  return facts.variables.map(({ name, required, default: usual }) => [name, required, usual]);
}

describe('fields that are optional unless they are required', () => {
  it.each([
    [
      'a schema of Joi that checks by itself',
      `const Joi = require('joi');
const schema = Joi.object().keys({ PORT: Joi.number().default(3000), API_HOST: Joi.string().required().description('where it is'), LEVEL: Joi.string() }).unknown();
const { value: env, error } = schema.prefs({ errors: { label: 'key' } }).validate(process.env, { abortEarly: false });
console.log(env.PORT, error);`,
    ],
    [
      'a schema that Joi is given',
      `const joi = require('@hapi/joi');
const schema = joi.object({ PORT: joi.number().default(3000), API_HOST: joi.string().required(), LEVEL: joi.string() }).unknown().required();
const { error, value } = joi.validate(process.env, schema);
console.log(value.API_HOST, error);`,
    ],
    [
      'a schema of yup',
      `const yup = require('yup');
const env = yup.object({ PORT: yup.number().default(3000), API_HOST: yup.string().required(), LEVEL: yup.string() }).validateSync(process.env);
console.log(env);`,
    ],
    [
      'what the configuration of Nest checks',
      `import * as Joi from 'joi';
import { ConfigModule } from '@nestjs/config';
export const config = ConfigModule.forRoot({ isGlobal: true, validationSchema: Joi.object({ PORT: Joi.number().default(3000), API_HOST: Joi.string().required(), LEVEL: Joi.string() }) });`,
    ],
  ])('are those of %s', async (_, text) => {
    expect(await variables(text)).toEqual([
      ['API_HOST', true, undefined],
      ['LEVEL', false, undefined],
      ['PORT', false, '3000'],
    ]);
  });

  it('are none where something else is checked', async () => {
    const text = `const Joi = require('joi');
const user = Joi.object({ NAME: Joi.string().required() });
module.exports = (request) => user.validate(request.body, { abortEarly: false });`;
    expect(await variables(text)).toEqual([]);
    expect(await variables(`const check = { validate() {} }; check.validate(process.env, { strict: true });`)).toEqual(
      [],
    );
  });

  it('give what they check as a port', async () => {
    const config = `const joi = require('joi');
const { value } = joi.object({ APP_PORT: joi.number().default(4040) }).validate(process.env);
module.exports = { port: value.APP_PORT };`;
    const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } };
    const facts = await factsOf({
      'package.json': JSON.stringify(manifest),
      'index.js': "require('node:http').createServer().listen(require('./config').port);",
      'config.js': config,
    });
    expect(facts.port).toMatchObject({ value: { number: 4040, variable: 'APP_PORT' } });
  });
});

describe('what a function checks that the configuration of Nest is given', () => {
  const nest = "import { ConfigModule } from '@nestjs/config';\n";
  const fields = `  @IsInt() PORT: number = 3000;
  @IsString() @IsNotEmpty() API_HOST!: string;
  @IsOptional() @IsIn(['debug', 'info']) LEVEL?: string;`;
  const read = `import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Settings } from './settings.js';
export function validate(config) {
  const made = plainToInstance(Settings, config, { enableImplicitConversion: true });
  if (validateSync(made).length > 0) throw new Error('settings');
  return made;
}`;
  it.each([
    [
      'a class of another module',
      `${nest}import { validate } from './validate.js';\nexport const config = ConfigModule.forRoot({ isGlobal: true, validate });`,
      { 'validate.ts': read, 'settings.ts': `export class Settings {\n${fields}\n}` },
    ],
    [
      'a class that is made from another',
      `${nest}class Base { @IsInt() PORT: number = 3000; @IsString() API_HOST: string; }
class Settings extends Base { @IsOptional() @IsString() LEVEL?: string; note = 'no field of it'; }
const check = (given) => plainToClass(Settings, given);
export const config = ConfigModule.forRoot({ validate: check });`,
      {},
    ],
    [
      'a schema of zod',
      `${nest}import { z } from 'zod';
const schema = z.object({ PORT: z.coerce.number().default(3000), API_HOST: z.string(), LEVEL: z.string().optional() });
export const config = ConfigModule.forRoot({ validate: (given) => schema.parse(given) });`,
      {},
    ],
    [
      'a class, from the variables themselves',
      `class Settings {\n${fields}\n}\nexport const settings = plainToInstance(Settings, process.env);`,
      {},
    ],
  ])('is read: %s', async (_, text, more) => {
    const manifest = { name: 'shop', type: 'module', scripts: { start: 'tsx index.ts' }, engines: { node: '24' } };
    const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.ts': text, ...more });
    expect(facts.variables.map(({ name, required, default: usual }) => [name, required, usual])).toEqual([
      ['API_HOST', true, undefined],
      ['LEVEL', false, undefined],
      ['PORT', false, '3000'],
    ]);
  });

  it('and is nothing where the class is of what a request brings', async () => {
    const text = `class Order { @IsString() NAME: string; }
export const handle = (request) => plainToInstance(Order, request.body);
export const list = SomeModule.forRoot({ validate: (token) => token.length > 3 });`;
    const manifest = { name: 'shop', type: 'module', scripts: { start: 'tsx index.ts' }, engines: { node: '24' } };
    const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.ts': text });
    expect(facts.variables).toEqual([]);
  });
});
