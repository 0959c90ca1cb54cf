import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tooDeep } from '../../../../src/formats/source/depth.ts';
import { parseSource, walk } from '../../../../src/formats/source/index.ts';
import { repository } from '../../../support/projects.ts';

const many = 20_000;

/** Each ends the process where it reaches the parser. */
const bombs: Readonly<Record<string, string>> = {
  brackets: '['.repeat(many),
  parentheses: `${'('.repeat(many)}1${')'.repeat(many)}`,
  objects: `x = ${'{a:'.repeat(many)}1${'}'.repeat(many)}`,
  functions: 'function f() {'.repeat(many) + '}'.repeat(many),
  templates: `${'`${'.repeat(many)}1${'}`'.repeat(many)}`,
  conditions: `${'a ? b : '.repeat(many)}1`,
  'conditions by line': `${'a ?\n b :\n '.repeat(many)}1`,
  arrows: `${'a => '.repeat(many)}1`,
  statements: `${'if (x) '.repeat(many)};`,
  'statements by line': `${'if (x)\n'.repeat(many)};`,
  'else if': `if (x) {}${' else if (x) {}'.repeat(many)}`,
  assignments: `${'a = '.repeat(many)}1`,
  powers: `${'1 ** '.repeat(many)}1`,
  sums: `${'1 +\n'.repeat(many)}1`,
  members: `a${'.b'.repeat(many)}`,
  news: `${'new '.repeat(many)}a`,
  elements: `${'<a>'.repeat(many)}${'</a>'.repeat(many)}`,
  types: `let x: ${'A<'.repeat(many)}B${'>'.repeat(many)}`,
};

describe('a source that is nested too deep', () => {
  for (const [name, text] of Object.entries(bombs)) {
    it(`is a problem of the file, not the end of the process: ${name}`, () => {
      const source = parseSource('bomb.tsx', text);
      expect(source.problems).toMatchObject([{ message: 'it is nested too deeply' }]);
      expect(source.sourceText).toBe(text);
      expect(source.program.body).toEqual([]);
    });
  }

  it('begins right behind what can be read', () => {
    for (const [one, most] of [
      ['(', 750],
      ['a ', 3_000],
      ['-', 3_000],
      ['a?', 1_500],
    ] as const) {
      expect(tooDeep(one.repeat(most)), one).toBeUndefined();
      expect(tooDeep(one.repeat(most + 1)), one).toBeGreaterThan(0);
    }
  });

  it('is none that people write', () => {
    const table = `export const rows = [\n${"  { id: 1, name: 'a(b', tags: ['x'] },\n".repeat(20_000)}];\n`;
    const bare = `${"const a = require('a')\nlet b = a.b\nfoo(a, b)\nif (a) {\n  b()\n}\n".repeat(5_000)}`;
    const prose = `export const page = <p>\n${"  It's a long text (of many words): and no mark\n".repeat(500)}</p>;\n`;
    const steps = `if (a === 1) { b(); }${' else if (a === 2) { b(); }'.repeat(300)}`;
    for (const text of [table, bare, prose, steps]) expect(tooDeep(text)).toBeUndefined();
  });

  it('is none of our own, and none of the libraries at hand', () => {
    const folders = [
      'src',
      'test',
      'node_modules/yaml',
      'node_modules/zod',
      'node_modules/commander',
      'node_modules/vitest',
    ];
    const files = folders.flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
        .map((file) => join(repository, folder, file)),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => tooDeep(readFileSync(file, 'utf8')) !== undefined)).toEqual([]);
  });

  it('has a limit that can be walked', () => {
    for (const links of [600, 1_000, 1_400]) {
      const text = `${'a ? b : '.repeat(links)}1`;
      if (tooDeep(text) !== undefined) continue;
      let nodes = 0;
      walk(parseSource(`${links}.ts`, text).program, () => {
        nodes += 1;
      });
      expect(nodes).toBeGreaterThan(links);
    }
  });
});
