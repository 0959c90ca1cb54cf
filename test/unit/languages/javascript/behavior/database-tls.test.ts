import { describe, expect, it } from 'vitest';
import { factsOf, manifest } from '../../../../support/facts.ts';

const noted = async (source: string, dependencies: object = { pg: '8.16.3' }) => {
  const facts = await factsOf({
    'package.json': manifest({ scripts: { start: 'node index.js' }, engines: { node: '24' }, dependencies }),
    'index.js': `${source}\nrequire('node:http').createServer().listen(3000);\n`,
  });
  return facts.notes.filter(({ code }) => code === 'database-tls').map(({ from }) => from[0]?.line);
};
const pool = (options: string) =>
  `const { Pool } = require('pg');\nconst isProd = process.env.NODE_ENV === 'production';\nnew Pool({ connectionString: process.env.DATABASE_URL, ${options} });`;

describe('TLS that the app asks its database for', () => {
  it.each([
    ['always', pool('ssl: { rejectUnauthorized: false }')],
    ['in production', pool("ssl: process.env.NODE_ENV === 'production' ? { rejectUnauthorized: false } : false")],
    ['in production, by a name', pool('ssl: isProd && { rejectUnauthorized: false }')],
    ['in production, spread', pool('...(isProd ? { ssl: { rejectUnauthorized: false } } : {})')],
    ['wherever it is not developed', pool("ssl: process.env.NODE_ENV !== 'development'")],
    ['wherever it is not tested, by a name', pool("ssl: !(process.env.NODE_ENV == 'test')")],
    ['in production, without options', pool("ssl: process.env.NODE_ENV === 'production' ? true : undefined")],
  ])('is told to its owner: %s', async (_, source) => {
    expect(await noted(source)).toEqual([3]);
  });

  it('is told of a setting of another module', async () => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { start: 'node index.js' },
        engines: { node: '24' },
        dependencies: { pg: '8.16.3' },
      }),
      'settings.js': "const isDev = process.env.NODE_ENV == 'development';\nmodule.exports = { secure: !isDev };\n",
      'index.js':
        "const { Pool } = require('pg');\nconst settings = require('./settings');\nnew Pool({ connectionString: process.env.DATABASE_URL, ssl: settings.secure });\nrequire('node:http').createServer().listen(3000);\n",
    });
    expect(facts.notes.map(({ code }) => code)).toContain('database-tls');
  });

  it('is told of a mapper, too', async () => {
    const source = `const { Sequelize } = require('sequelize');
new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres', dialectOptions: { ssl: { require: true, rejectUnauthorized: false } } });`;
    expect(await noted(source, { sequelize: '6.37.7', pg: '8.16.3' })).toEqual([2]);
  });

  it.each([
    [
      'another variable turns it on',
      pool("ssl: process.env.DATABASE_SSL === 'true' ? { rejectUnauthorized: false } : false"),
    ],
    ['another variable spreads it', pool('...(process.env.PGSSL ? { ssl: { rejectUnauthorized: false } } : {})')],
    ['it is turned off', pool('ssl: false')],
    ['it is for developing, by what it is not', pool("ssl: process.env.NODE_ENV !== 'production'")],
    ['another variable is not one value', pool("ssl: process.env.PGSSLMODE !== 'disable'")],
    [
      'it is for developing',
      pool("ssl: process.env.NODE_ENV === 'production' ? false : { rejectUnauthorized: false }"),
    ],
  ])('is no matter where %s', async (_, source) => {
    expect(await noted(source)).toEqual([]);
  });

  it('is no matter without a database that is run here', async () => {
    const source = "require('node:https').createServer({ ssl: { rejectUnauthorized: false } });";
    expect(await noted(source, {})).toEqual([]);
  });
});
