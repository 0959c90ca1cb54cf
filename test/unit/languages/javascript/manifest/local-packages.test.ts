import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const node = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '26' }, ...more });
const listens = "require('node:http').createServer().listen(process.env.PORT ?? 3000);\n";

describe('dependencies of the project itself', () => {
  it('are read by installing, folders and archives; what is not there, or outside, is not', async () => {
    const dependencies = {
      a: 'file:vendor/a',
      b: 'file:./vendor/b-1.0.0.tgz',
      c: 'link:shared',
      d: 'file:../d',
      e: 'file:none',
      f: '^1.0.0',
    };
    const { installs } = await factsOf({
      'package.json': node({ dependencies }),
      'server.js': listens,
      'vendor/a/package.json': '{}',
      'vendor/b-1.0.0.tgz': '',
      'shared/index.js': '',
    });
    expect(installs).toEqual(['vendor/a', 'vendor/b-1.0.0.tgz', 'shared']);
  });
});
