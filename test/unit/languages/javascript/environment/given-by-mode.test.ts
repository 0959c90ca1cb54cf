import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** The variables of an application in CommonJS, by what is demanded of each. */
async function variables(text: string, more: Readonly<Record<string, string>> = {}) {
  const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text, ...more });
  return facts.variables.map(({ name, required }) => [name, required]);
}

describe('values that a schema checks, by the mode', () => {
  it.each([
    [
      'a table of Joi for tests and another',
      `const Joi = require('joi');
const { value } = Joi.object({ db: Joi.object({ host: Joi.string().required(), level: Joi.string() }).required() }).validate({
  db: process.env.NODE_ENV === 'test' ? { host: process.env.TEST_HOST } : { host: process.env.DB_HOST, level: process.env.DB_LEVEL },
});
console.log(value.db.host);`,
      {},
    ],
    [
      'a table that Joi takes as it is',
      `const Joi = require('joi');
const { value } = Joi.object({ mail: Joi.object({ auth: { pass: Joi.string().required(), level: Joi.string() } }) }).validate({
  mail: { auth: { pass: process.env.NODE_ENV !== 'test' ? process.env.DB_HOST : process.env.TEST_HOST, level: process.env.DB_LEVEL } },
});
console.log(value);`,
      {},
    ],
    [
      'single values of zod',
      `const { z } = require('zod');
const env = z.object({ host: z.string(), level: z.string().optional() }).parse({
  host: 'production' !== process.env.NODE_ENV ? process.env.TEST_HOST : process.env.DB_HOST,
  level: process.env.DB_LEVEL,
});
console.log(env.host);`,
      {},
    ],
    [
      'a table of another module',
      `const yup = require('yup');
const { isProduction, db, ofTests } = require('./raw');
console.log(yup.object({ db: yup.object({ host: yup.string().required(), level: yup.string() }) }).validateSync({ db: isProduction ? db : ofTests }));`,
      {
        'raw.js':
          "exports.isProduction = process.env.NODE_ENV === 'production';\nexports.db = { host: process.env.DB_HOST, level: process.env.DB_LEVEL };\nexports.ofTests = { host: process.env.TEST_HOST };\n",
      },
    ],
  ])('demand what is deployed: %s', async (_, text, more) => {
    expect(await variables(text, more)).toEqual([
      ['DB_HOST', true],
      ['DB_LEVEL', false],
      ['TEST_HOST', false],
    ]);
  });

  it('demand neither of two where something else than the mode chooses', async () => {
    const text = `const { z } = require('zod');
console.log(z.object({ host: z.string() }).parse({ host: process.env.REMOTE ? process.env.FAR : process.env.NEAR }));`;
    expect(await variables(text)).toEqual([
      ['FAR', false],
      ['NEAR', false],
      ['REMOTE', false],
    ]);
  });

  it('name no variable after a field inside of a table that nothing is known of', async () => {
    const text = `const Joi = require('joi');
Joi.object({ port: Joi.number(), db: Joi.object({ host: Joi.string().required() }) }).validate({ port: process.env.APP_PORT, db: require('shop-settings').db });`;
    expect(await variables(text)).toEqual([['APP_PORT', false]]);
  });
});
