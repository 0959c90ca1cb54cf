import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

async function variables(
  files: Files,
  dependencies: Files = { config: '3.3.11' },
  text = "const config = require('config');\n",
) {
  const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' }, dependencies };
  const facts = await factsOf({
    'package.json': JSON.stringify(manifest),
    'index.js': `${text}require('node:http').createServer().listen(3000);`,
    ...files,
  });
  return facts.variables.map(({ name, required, default: usual }) => [name, required, usual]);
}

const expected = [
  ['STORE_AT', false, 'store'],
  ['STORE_LIMIT', false, '7'],
  ['TICKET_SECRET', true, undefined],
];

describe('variables that a file of node-config maps to settings', () => {
  it.each<[string, Files]>([
    [
      'YAML, with values for production',
      {
        'config/custom-environment-variables.yml':
          'store:\n  at: STORE_AT\n  limit: STORE_LIMIT\nticket: { text: TICKET_SECRET }\n',
        'config/default.yml': 'store: { at: localhost, limit: 7 }\n',
        'config/production.yml': 'store: { at: store }\n',
      },
    ],
    [
      'JSON with comments',
      {
        'config/custom-environment-variables.json':
          '{ "store": { "at": "STORE_AT", "limit": { "__name": "STORE_LIMIT", "__format": "number" } }, "ticket": "TICKET_SECRET" }',
        'config/default.json': '{ /* where it lies */ "store": { "at": "store", "limit": 7 } }',
      },
    ],
    [
      'the names alone in one file, the values in another form',
      {
        'config/custom-environment-variables.yaml': 'a: STORE_AT\nb: STORE_LIMIT\nc: TICKET_SECRET\n',
        'config/default.json': '{ "a": "store", "b": 7, "c": null }',
      },
    ],
  ])('are read: %s', async (_, files) => {
    expect(await variables(files)).toEqual(expected);
  });

  it('are no demand where an account may be missing, or a text', async () => {
    const files = {
      'config/custom-environment-variables.yml': 'cache: { password: REDIS_PASSWORD }\nnote: SHOP_NOTE\n',
    };
    expect(await variables(files)).toEqual([
      ['REDIS_PASSWORD', false, undefined],
      ['SHOP_NOTE', false, undefined],
    ]);
  });

  const names = { 'config/custom-environment-variables.yml': 'a: STORE_AT\n' };
  it.each<[string, () => Promise<unknown>]>([
    ['the package is none of the dependencies', () => variables(names, {})],
    ['nothing imports it', () => variables(names, undefined, '')],
    ['the file cannot be read', () => variables({ 'config/custom-environment-variables.yml': 'a: [\n' })],
  ])('are none where %s', async (_, read) => {
    expect(await read()).toEqual([]);
  });
});
