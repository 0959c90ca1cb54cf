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
