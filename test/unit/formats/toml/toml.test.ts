import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToml } from '../../../../src/formats/toml/index.ts';
import { UserError } from '../../../../src/model/errors.ts';
import { readData } from '../../../../src/project/data.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

describe('TOML', () => {
  it.each<[string, string, readonly (string | number)[], number | undefined]>([
    ['a key', 'a = 1\nb = 2\n', ['b'], 2],
    ['a key in its table', 'b = 1\n[t] # b = 3\nb = 2\n', ['t', 'b'], 3],
    ['a table', 'a = 1\n\n[t]\nb = 2\n', ['t'], 3],
    ['a dotted key', '[a]\nt.b = 1\n', ['a', 't', 'b'], 2],
    ['a part of a dotted key', '[a]\nt.b = 1\n', ['a', 't'], 2],
    ['a key in quotes', '[tools]\n"npm:a.b" = "1"\n\'c\' = 2\n', ['tools', 'npm:a.b'], 2],
    ['a table in quotes', '[a."b.c"]\nd=1\n', ['a', 'b.c', 'd'], 2],
    ['a key behind a text of several lines', 's = """\na = 9\n[t]\n\\""" """\na = 1\n', ['a'], 5],
    ['a key behind a raw text', "s = '''\na = 9\n'''\na = 1\n", ['a'], 4],
    ['a key behind a list of several lines', 'l = [\n "a=1]", # ]\n [1],\n]\nb=1\n', ['b'], 5],
    ['a part of an inline table, by the key of the table', 'x = 1\nt = { b = 2, c = 3 }\n', ['t', 'b'], 2],
    ['the second of several tables', '[[x]]\na=1\n[[x]]\na=2\n[x.y]\nb=1\n', ['x', 1, 'a'], 4],
    ['a table inside the last of several', '[[x]]\na=1\n[[x]]\na=2\n[x.y]\nb=1\n', ['x', 1, 'y', 'b'], 6],
    ['a key with the line ends of Windows', 'a = 1\r\n[t]\r\nb = 2\r\n', ['t', 'b'], 3],
    ['nothing', 'a = 1\n', ['z'], undefined],
  ])('tells the line of %s', (_name, text, path, line) => {
    expect(parseToml(text, 'x.toml').line(path)).toBe(line);
  });

  it('finds every key of a text that is laid out at random', () => {
    const key = fc.stringMatching(/^[a-z]{1,4}$/);
    const value = fc.constantFrom('1', '"#"', '"""\na = 1\n[b]\n"""', '[\n  "]", # [\n  2,\n]', "'\"'", '{ a = "}" }');
    const remark = fc.constantFrom('', '# a = 1\n', '\n', '  \n');
    const table = fc.uniqueArray(fc.tuple(key, value, remark), { selector: ([name]) => name, maxLength: 4 });
    const tables = fc.uniqueArray(fc.tuple(key, table), { selector: ([name]) => name, maxLength: 4 });
    fc.assert(
      fc.property(tables, (list) => {
        let text = '';
        const expected: [string[], number][] = [];
        const here = () => text.split('\n').length;
        for (const [name, rows] of list) {
          expected.push([[name], here()]);
          text += `[${name}]\n`;
          for (const [inner, held, before] of rows) {
            text += before;
            expected.push([[name, inner], here()]);
            text += `${inner} = ${held}\n`;
          }
        }
        const { line } = parseToml(text, 'x.toml');
        expect(expected.map(([path]) => line(path))).toEqual(expected.map(([, where]) => where));
      }),
      { numRuns: 500, seed: 8 },
    );
  });

  it('is refused with its line, whatever it holds', () => {
    try {
      parseToml('a = 1\nb = \n', 'bunfig.toml');
      throw new Error('nothing was refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'toml-invalid', where: { file: 'bunfig.toml', line: 2 } });
    }
    expect(() => parseToml(`a = ${'['.repeat(100_000)}`, 'x')).toThrow(UserError);
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a=[]".\n{}#1 ') })),
        (text) => {
          try {
            expect(parseToml(text, 'x').line(['a'])).toSatisfy((line) => line === undefined || line > 0);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        },
      ),
      { numRuns: 3000, seed: 9 },
    );
  });

  it('that is broken is a file of settings without settings', () => {
    const project = memoryProject({ 'mise.toml': '[tools]\nx = "1"\n', 'bunfig.toml': 'a = ' });
    expect(readData(project, 'mise.toml')?.line(['tools', 'x'])).toBe(2);
    expect(readData(project, 'bunfig.toml')).toMatchObject({ broken: true });
    expect(readData(project, 'bunfig.toml')?.at(['a'])).toBeUndefined();
    expect(readData(project, 'none.toml')).toBeUndefined();
  });
});
