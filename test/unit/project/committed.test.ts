import { describe, expect, it } from 'vitest';
import { committed } from '../../../src/project/committed.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const files = {
  'package.json': '{}',
  'certs/ca.pem': 'a',
  'certs/server.key': 'b',
  'data/cache/one.json': '1',
  'data/seed.json': '2',
  'dist/index.js': '3',
  'src/index.ts': '4',
  'web/dist/app.js': '5',
  'web/.env.local': '6',
};
const left = (ignore: Readonly<Record<string, string>>, tracked: readonly string[] = []) => {
  const project = memoryProject({ ...files, ...ignore });
  const shown = new Set(committed(project, () => new Set(tracked)).files());
  return Object.keys(files).filter((file) => !shown.has(file));
};

describe('the project as a clone has it', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['names', { '.gitignore': 'dist\n' }, ['dist/index.js', 'web/dist/app.js']],
    ['a path from the root', { '.gitignore': '/dist/\n' }, ['dist/index.js']],
    ['wildcards', { '.gitignore': 'certs/*.key\n*.local\n' }, ['certs/server.key', 'web/.env.local']],
    ['a folder but for one file', { '.gitignore': 'data/**\n!data/seed.json\n' }, ['data/cache/one.json']],
    ['files of a folder below', { 'web/.gitignore': 'dist\n' }, ['web/dist/app.js']],
    [
      'a folder below that keeps what the root leaves out',
      { '.gitignore': '*.local\n', 'web/.gitignore': '!.env.local\n' },
      [],
    ],
    [
      'nothing brings back what lies in a folder that is left out',
      { '.gitignore': 'data\n!data/seed.json\n' },
      ['data/cache/one.json', 'data/seed.json'],
    ],
    ['remarks', { '.gitignore': '# dist\n\n' }, []],
  ])('lacks what the ignore files say: %s', (_, ignore, expected) => {
    expect(left(ignore)).toEqual(expected);
  });

  it('has what git lists all the same', () => {
    expect(left({ '.gitignore': 'dist\n' }, ['dist/index.js'])).toEqual(['web/dist/app.js']);
  });

  it('says of what is not there whether git would leave it out', () => {
    const project = committed(memoryProject({ ...files, '.gitignore': '*.key\n' }));
    expect([project.leftOut?.('new.key'), project.leftOut?.('new.pem'), project.has('certs/server.key')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
