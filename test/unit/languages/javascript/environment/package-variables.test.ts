import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf } from '../../../../support/facts.ts';

const node = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '26' }, ...more });
const listens = "require('node:http').createServer().listen(process.env.PORT ?? 3000);\n";

describe('variables of npm', () => {
  const read = async (text: string, more: object = {}) =>
    detailsOf(await factsOf({ 'package.json': node(more), 'server.js': `${text}\n${listens}` })).packageVariables;
  it.each<[string, object, Record<string, string> | undefined]>([
    ['console.log(process.env.npm_package_version);', { version: '1.2.3' }, { npm_package_version: '1.2.3' }],
    [
      "console.log(process.env['npm_package_config_max_size']);",
      { config: { max_size: 5 } },
      { npm_package_config_max_size: '5' },
    ],
    ['const env = process.env; console.log(env.npm_package_name);', {}, { npm_package_name: 'shop' }],
    ['console.log(process.env.npm_package_homepage, process.env.npm_lifecycle_event);', {}, undefined],
  ])('are what package.json says: %s', async (text, more, expected) => {
    expect(await read(text, more)).toEqual(expected);
  });
});
