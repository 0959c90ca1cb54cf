import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

async function read(settings: string, use: string) {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'ferry',
      scripts: { start: 'node index.js' },
      dependencies: { convict: '6.2.4' },
      engines: { node: '24' },
    }),
    'settings.js': `const convict = require('convict');\n${settings}`,
    'index.js': `const settings = require('./settings');\n${use}`,
  });
  return { port: said(facts.port), variables: facts.variables.map((one) => [one.name, one.required, one.default]) };
}

const listen = (port: string) => `require('node:http').createServer((q, r) => r.end()).listen(${port});\n`;
const table =
  "{ web: { port: { doc: 'where it listens', format: 'port', default: 4300, env: 'WEB_PORT' } }, key: { format: String, default: null, env: 'FERRY_KEY' }, name: { format: '*', default: null, env: 'FERRY_NAME' }, kind: { format: ['slow', 'fast'], default: 'slow', env: 'KIND' }, fixed: { default: 3 } }";

describe('a table of settings with the variable of each', () => {
  it.each([
    ['by its path', `module.exports = convict(${table});\n`, listen("settings.get('web.port')")],
    [
      'by a name of the module',
      `const rows = ${table};\nconst all = convict(rows);\nmodule.exports = { port: all.get('web.port') };\n`,
      listen('settings.port'),
    ],
    [
      'of all that it holds',
      "const all = convict({ port: { format: 'port', default: 4300, env: 'WEB_PORT' } });\nmodule.exports = { ...all.getProperties(), extra: 1 };\n",
      listen('settings.port'),
    ],
  ])('says the port: %s', async (_, settings, use) => {
    expect((await read(settings, use)).port).toEqual({ number: 4300, variable: 'WEB_PORT' });
  });

  it('demands what has no default, where it is checked', async () => {
    const settings = `const all = convict(${table});\nall.validate({ allowed: 'strict' });\nmodule.exports = all;\n`;
    expect((await read(settings, listen("settings.get('web.port')"))).variables).toEqual([
      ['FERRY_KEY', true, undefined],
      ['FERRY_NAME', false, undefined],
      ['KIND', false, 'slow'],
      ['WEB_PORT', false, '4300'],
    ]);
  });

  it('demands nothing where nothing checks it', async () => {
    const { variables } = await read(`module.exports = convict(${table});\n`, listen("settings.get('web.port')"));
    expect(variables.filter(([, required]) => required)).toEqual([]);
  });

  it('is none where another function is given it', async () => {
    const { variables } = await read(
      `const rows = require('./rows');\nmodule.exports = rows.of(${table});\n`,
      listen('4300'),
    );
    expect(variables).toEqual([]);
  });
});
