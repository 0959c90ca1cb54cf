import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { shippedSizes } from '../../../src/flows/shipped-sizes.ts';
import { committedProject } from '../../support/committed.ts';

const server = (more: Readonly<Record<string, string>>, script = 'node server.js') =>
  committedProject({
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: script }, engines: { node: '24' } }),
    'server.js': "require('node:http').createServer((q, r) => r.end('x')).listen(3000);",
    ...more,
  });

async function weights(root: string) {
  const { context } = await generate({ cwd: root });
  return shippedSizes(context.plan, context.project).map(({ path, bytes }) => [path, bytes]);
}

const heavy = 'x'.repeat(300_000);

describe('what an image takes of the project', () => {
  it.each([
    [
      'a folder that nothing names',
      { 'recordings/a.txt': heavy, 'recordings/b.txt': heavy },
      [['recordings', 600_000]],
    ],
    [
      'a file beside it',
      { 'words.txt': heavy, 'recordings/a.txt': heavy + heavy },
      [
        ['recordings', 600_000],
        ['words.txt', 300_000],
      ],
    ],
    [
      'what the source reads',
      {
        'server.js':
          "require('node:fs').readFileSync('data/all.csv');\nrequire('node:http').createServer((q, r) => r.end('x')).listen(3000);",
        'data/all.csv': heavy,
      },
      [['data', 300_000]],
    ],
  ])('is weighed, the heaviest first: %s', async (_, more, expected) => {
    const found = await weights(server(more));
    expect(found.map(([path, bytes]) => [String(path).split('/')[0], bytes])).toEqual(expected);
  });

  it.each([
    ['weighs little', { 'words.txt': 'x' }],
    ['is no part of it', { 'docs/film.txt': heavy }],
  ])('is not said of what %s', async (_, more) => {
    expect(await weights(server(more))).toEqual([]);
  });
});
