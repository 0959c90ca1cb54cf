import { describe, expect, it } from 'vitest';
import { matcher } from '../../../../src/formats/dockerignore/index.ts';

const files = [
  '.env',
  '.env.example',
  'README.md',
  'docs/README.md',
  'node_modules/a/index.js',
  'packages/a/node_modules/b.js',
  'packages/a/src/main.ts',
  'src/a.test.ts',
  'src/main.ts',
];

/** The files that these lines leave out. */
const leavesOut = (text: string): readonly string[] => files.filter(matcher(text.split(/\r?\n/)));

describe('a .dockerignore', () => {
  // a pattern is a path from the root of the context, unlike in git; a folder that matches takes its content along
  it.each<[string, readonly string[]]>([
    ['node_modules', ['node_modules/a/index.js']],
    ['node_modules/', ['node_modules/a/index.js']],
    ['/node_modules', ['node_modules/a/index.js']],
    ['**/node_modules', ['node_modules/a/index.js', 'packages/a/node_modules/b.js']],
    ['*.md', ['README.md']],
    ['**/*.md', ['README.md', 'docs/README.md']],
    ['*/*.md', ['docs/README.md']],
    ['.env*', ['.env', '.env.example']],
    ['.env*\n!.env.example', ['.env']],
    ['!.env.example\n.env*', ['.env', '.env.example']],
    ['src\n!src/main.ts', ['src/a.test.ts']],
    ['*\n!src', files.filter((file) => !file.startsWith('src/'))],
    ['src/?.test.ts', ['src/a.test.ts']],
    ['src/[a-c].test.ts', ['src/a.test.ts']],
    ['.git\r\nsrc\r\n', ['src/a.test.ts', 'src/main.ts']],
    ['# src\n\n', []],
    ['', []],
  ])('%j leaves out what Docker leaves out', (text, expected) => {
    expect(leavesOut(text)).toEqual(expected);
  });

  it('takes a folder by its whole name', () => {
    expect(matcher(['dist'])('dist/index.js')).toBe(true);
    expect(matcher(['dist'])('distant.js')).toBe(false);
  });
});
