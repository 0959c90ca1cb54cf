import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { insertYaml, removeYaml, setYaml } from '../../../../src/formats/yaml/edit.ts';
import { parseYaml } from '../../../../src/formats/yaml/parse.ts';
import { map, printYaml, scalar, seq } from '../../../../src/formats/yaml/print.ts';
import { UserError } from '../../../../src/model/errors.ts';

const compose = `# my own remark
services:
    app:   # four spaces, and this
        image: "shop:1"   # pinned
        ports: [ "80:80",  "443:443" ]
        environment: { A: 1, B: two }
        command:
            - bun
            - index.js
    # between
    db:
        image: postgres:17

volumes:
`;

describe('an edit', () => {
  it('changes the bytes of a value and nothing else', () => {
    expect(setYaml(compose, ['services', 'app', 'image'], 'shop:2')).toBe(compose.replace('"shop:1"', 'shop:2'));
    expect(setYaml(compose, ['services', 'app', 'ports', 1], '8443:443')).toBe(
      compose.replace('"443:443"', '"8443:443"'),
    );
    expect(setYaml(compose, ['services', 'app', 'environment', 'B'], null)).toBe(compose.replace('two', 'null'));
    expect(setYaml(compose, ['volumes'], { data: null })).toBe(compose.replace('volumes:', 'volumes: { data: null }'));
    expect(setYaml(compose, ['services', 'app', 'command'], ['bun', 'server.js'])).toBe(
      compose.replace(/command:[\s\S]*index.js/, 'command: [bun, server.js]'),
    );
  });

  it('adds behind what is there, in the layout that is there', () => {
    expect(insertYaml(compose, ['services', 'db'], 'restart', 'always')).toBe(
      compose.replace('postgres:17', 'postgres:17\n        restart: always'),
    );
    expect(insertYaml(compose, ['services', 'app', 'environment'], 'C', 'x y')).toBe(
      compose.replace('B: two', 'B: two, C: x y'),
    );
    expect(insertYaml(compose, ['services', 'app', 'command'], '', '--watch')).toBe(
      compose.replace('- index.js', '- index.js\n            - --watch'),
    );
    expect(insertYaml('a: {}', ['a'], 'b', 1)).toBe('a: { b: 1 }');
    expect(insertYaml('a: 1', [], 'b', 2)).toBe('a: 1\nb: 2');
  });

  it('takes a part out with its line', () => {
    expect(removeYaml(compose, ['services', 'app', 'image'])).toBe(
      compose.replace('        image: "shop:1"   # pinned\n', ''),
    );
    expect(removeYaml(compose, ['services', 'app', 'environment', 'A'])).toBe(compose.replace('A: 1, ', ''));
    expect(removeYaml(compose, ['services', 'app', 'command', 1])).toBe(
      compose.replace('            - index.js\n', ''),
    );
    expect(removeYaml(compose, ['services', 'db', 'image'])).toBe(compose.replace('image: postgres:17', '{}'));
  });

  it('keeps the line ends of Windows', () => {
    const text = 'a:\r\n  b: 1 # one\r\n  c: 2\r\n';
    expect(setYaml(text, ['a', 'b'], 3)).toBe('a:\r\n  b: 3 # one\r\n  c: 2\r\n');
    expect(insertYaml(text, ['a'], 'd', 4)).toBe('a:\r\n  b: 1 # one\r\n  c: 2\r\n  d: 4\r\n');
    expect(removeYaml(text, ['a', 'b'])).toBe('a:\r\n  c: 2\r\n');
  });

  it.each([
    ['an anchor', 'a: &x { b: 1 }\nc: *x\n', ['a']],
    ['an alias', 'a: &x { b: 1 }\nc: *x\n', ['c']],
    ['a part that is not there', 'a: 1\n', ['b']],
    ['a comment that would be lost', 'a:\n  # why\n  b: 1\n', ['a']],
    ['a comment between brackets', 'a: [ b, # why\n  c ]\n', ['a']],
    ['a comment behind the sign of a block', 'a: | # why\n  text\n', ['a']],
    ['a file of two documents', 'a: 1\n---\nb: 2\n', ['a']],
  ])('is refused for %s', (_name, text, path) => {
    expect(() => setYaml(text, path, 1)).toThrow(UserError);
  });

  it('between brackets never drops a comment', () => {
    const text = 'a: [ b, # why\n  c ]\nd: [ # none yet\n  ]\n';
    expect(() => removeYaml(text, ['a', 0])).toThrow(/comments/);
    expect(() => removeYaml(text, ['a', 1])).toThrow(/comments/);
    expect(() => insertYaml(text, ['d'], '', 1)).toThrow(/comments/);
    expect(insertYaml(text, ['a'], '', 'e')).toBe(text.replace('c ]', 'c, e ]'));
    expect(removeYaml('a: [ b, c ]\n', ['a', 0])).toBe('a: [ c ]\n');
    expect(removeYaml('a: [ b, c ]\n', ['a', 1])).toBe('a: [ b ]\n');
  });

  const leaf = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'yes',
      'no',
      '012',
      '1e3',
      '22:22',
      '~',
      'null',
      '- x',
      '# x',
      'a: b',
      '*x',
      '&x',
      '!x',
      '%x',
      '@x',
      '`x',
      'x ',
      ' x',
      'a\nb',
      '${X:?y}',
      '.',
      '0x1f',
      '2026-01-01',
      '{',
      '[',
      ',',
      "'",
      '"',
    ),
  );
  const key = fc.stringMatching(/^[a-z]{1,5}$/);
  const tree = fc.dictionary(
    key,
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { minKeys: 1, maxKeys: 3 })),
    { minKeys: 1, maxKeys: 4, noNullPrototype: true },
  );

  /** The data as a person would lay it out, with remarks between the lines. */
  const layOut = (data: Record<string, unknown>): string =>
    `# top\n${Object.entries(data)
      .map(([name, value]) => `# about ${name}\n${printYaml(map([{ key: name, value: nodeOf(value) }])).text}`)
      .join('\n')}`;
  const nodeOf = (value: unknown): ReturnType<typeof map> | ReturnType<typeof seq> | ReturnType<typeof scalar> =>
    Array.isArray(value)
      ? seq(
          value.map((one) => scalar(one as string)),
          { flow: true },
        )
      : typeof value === 'object' && value !== null
        ? map(Object.entries(value).map(([name, one]) => ({ key: name, value: scalar(one as string) })))
        : scalar(value as string);

  it('keeps every other line, and says what was meant', () => {
    fc.assert(
      fc.property(tree, leaf, fc.nat(), (data, value, pick) => {
        const text = layOut(data);
        expect(parseYaml(text, 'x').value).toEqual(data);
        const names = Object.keys(data);
        const name = names[pick % names.length] ?? '';
        const edited = setYaml(text, [name], value);
        expect(parseYaml(edited, 'x').value).toEqual({ ...data, [name]: value });
        for (const other of names) expect(edited).toContain(`# about ${other}\n`);
        const without = names.length > 1 ? removeYaml(text, [name]) : text;
        if (names.length > 1)
          expect(Object.keys(parseYaml(without, 'x').value as object)).toEqual(names.filter((one) => one !== name));
        expect(parseYaml(insertYaml(text, [], 'added', value), 'x').value).toEqual({ ...data, added: value });
      }),
      { numRuns: 1000, seed: 11 },
    );
  });
});

describe('reading', () => {
  it('refuses what would explode', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(() => parseYaml(bomb, 'docker-compose.yml')).toThrow(/docker-compose.yml/);
    expect(() => parseYaml('['.repeat(100_000), 'x')).toThrow(UserError);
    expect(() => parseYaml(`${'- '.repeat(100_000)}x`, 'x')).toThrow(UserError);
  });

  it('refuses data without an end', () => {
    expect(() => parseYaml('a: &a\n  b: *a\n', 'x')).toThrow(/inside what it names/);
    expect(parseYaml('a: &a [1]\nb: [*a, *a]\n', 'x').value).toEqual({ a: [1], b: [[1], [1]] });
  });

  it('names the line of a key that stands twice, and looks each key of a long table up once', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('');
    expect(Object.keys(parseYaml(long, 'x').value as object)).toHaveLength(20_000);
    for (const [text, line] of [
      [`${long}k7: 2\n`, 20_001],
      ['a:\n  b: 1\n  "b": 2\n', 3],
      ['a: 1\n---\nb: 2\n', 2],
    ] as const) {
      try {
        parseYaml(text, 'x');
        throw new Error('nothing was refused');
      } catch (error) {
        expect(error).toMatchObject({ code: 'yaml-invalid', where: { line } });
      }
    }
  });

  it('names the line of what is wrong, and the line of a part', () => {
    try {
      parseYaml('a: 1\nb: [\nc: 2\n', 'docker-compose.yml');
      throw new Error('nothing was refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'yaml-invalid', where: { file: 'docker-compose.yml' } });
    }
    const { line } = parseYaml(compose, 'x');
    expect([line(['services', 'db']), line(['services', 'app', 'ports', 1]), line(['volumes'])]).toEqual([11, 5, 14]);
  });

  it('of any text gives data or a UserError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        try {
          parseYaml(text, 'x');
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 3000, seed: 12 },
    );
  });
});

describe('printing', () => {
  it.each([
    'yes',
    'no',
    'on',
    'y',
    '1e3',
    '012',
    '22:22',
    '0x1f',
    '~',
    'null',
    '2026-01-01',
    '- x',
    '# x',
    'a: b',
    '*x',
    '&x',
    '!x',
    '%x',
    '@x',
    '`x',
    'x ',
    'a\nb',
    '${X:?y}',
    '',
    '.5',
    '1_000',
    'a #b',
    "it's",
    '"q"',
    '\\',
    '<<',
    '=',
    // not '.': only the 1.1 mode of this library takes it for a number, and everybody writes `context: .`
  ])('%j stays itself for readers of YAML 1.1 and 1.2', (value) => {
    const { text } = printYaml(
      map([
        { key: 'k', value: scalar(value) },
        { key: 'f', value: seq([scalar(value)], { flow: true }) },
      ]),
    );
    for (const version of ['1.1', '1.2'] as const)
      expect(parseDocument(text, { version }).toJS()).toEqual({ k: value, f: [value] });
  });

  it('tells the decision behind every line', () => {
    const { text, origins } = printYaml(
      map([
        {
          key: 'a',
          decision: 'one',
          value: map([
            { key: 'b', value: scalar(1) },
            { key: 'c', decision: 'two', comment: 'why', value: seq([scalar(1)]) },
          ]),
        },
        { key: 'd', decision: 'three', value: scalar(null) },
      ]),
    );
    const of = text
      .split('\n')
      .flatMap((line, index) =>
        line.trim() === '' ? [] : [origins.find((one) => one.start <= index + 1 && index + 1 <= one.end)?.decision],
      );
    expect(of).toEqual(['one', 'one', 'two', 'two', 'two', 'three']);
  });
});
