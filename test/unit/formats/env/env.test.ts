import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envValue, readEnv } from '../../../../src/formats/env/index.ts';
import { parseEnv } from '../../../../src/formats/env/parse.ts';
import { UserError } from '../../../../src/model/errors.ts';

const values = (text: string) =>
  Object.fromEntries(parseEnv(text, '.env').map((entry) => [entry.name, entry.value] as const));

describe('an .env file', () => {
  // what `docker compose config` says of the same text; test/e2e/env.test.ts asks it again
  it.each<[string, Record<string, string | undefined>]>([
    ['A=1#b', { A: '1#b' }],
    ['A=1 #b', { A: '1' }],
    ['A= #x', { A: '#x' }],
    ['A="a" # c\nB=2', { A: 'a', B: '2' }],
    ['A="a" B=2', { A: 'a', B: '2' }],
    ["A='a\\'b'", { A: "a'b" }],
    ["A='a\\nb $x'", { A: 'a\\nb $x' }],
    ['A="a\\tb\\nc\\qd\\\\e\\"f"', { A: 'a\tb\nc\\qd\\e"f' }],
    ['A="\\0101\\012"', { A: 'A\\12' }],
    ['A="a\\\\nb"', { A: 'a\\nb' }],
    ['A="\\$b$$c"', { A: '$b$c' }],
    ['A=\t x y \t', { A: 'x y' }],
    ['export A=1\nexportB=2', { A: '1', exportB: '2' }],
    ['A: 1', { A: '1' }],
    ['A\nB=1', { A: undefined, B: '1' }],
    ['A=\nB=""', { A: '', B: '' }],
    ['A="x\ny"\nB=1', { A: 'x\ny', B: '1' }],
    ['A-b.c=1\r\né=2\r\n', { 'A-b.c': '1', é: '2' }],
    ['\uFEFFA=x"y', { A: 'x"y' }],
  ])('%j is read as Compose reads it', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('has its lines, the remarks above them, and where other variables go in', () => {
    const text = '# The file.\n\n# Where\n# it listens\nPORT=3000 # not this\nKEY="a\nb"\n\n#OFF=1\nURL=http://$HOST\n';
    expect(parseEnv(text, '.env')).toEqual([
      { name: 'PORT', value: '3000', interpolates: false, line: 5, comment: 'Where\nit listens' },
      { name: 'KEY', value: 'a\nb', interpolates: false, line: 6, comment: '' },
      { name: 'URL', value: 'http://$HOST', interpolates: true, line: 10, comment: 'OFF=1' },
    ]);
    const interpolates = ["'$A'", '"$A"', '$A', '$', '$1', '$$A', '"\\$A"', '${A:-b}'].map(
      (value) => parseEnv(`X=${value}`, '.env')[0]?.interpolates,
    );
    expect(interpolates).toEqual([false, true, true, false, false, false, false, true]);
  });

  it('is refused with the line, and without the value', () => {
    for (const [text, line] of [
      ['A=1\nPASS="hunter2', 2],
      ['A B=hunter2', 1],
      ['A=1\n\nP@SS=hunter2', 3],
    ] as const) {
      try {
        parseEnv(text, '.env');
        throw new Error('nothing was refused');
      } catch (error) {
        expect(error).toMatchObject({ code: 'env-invalid', where: { file: '.env', line } });
        expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('hunter2');
      }
    }
  });

  it('gives every value back that was written for it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab1$${}\'"\\# \n\r\t=:ntx`!,é%~'), maxLength: 10 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (list) => {
        const file = list.map((value, index) => `V${index}=${envValue(value)}\n`).join('');
        expect(parseEnv(file, '.env').map(({ value, interpolates }) => [value, interpolates])).toEqual(
          list.map((value) => [value, false]),
        );
      }),
      { numRuns: 3000, seed: 5 },
    );
  });

  it('of any text gives variables or a UserError', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'A=\n "\'#\\$'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(text, (one) => {
        try {
          parseEnv(one, '.env');
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 3000, seed: 6 },
    );
  });

  it('gives the values that Compose would set, and of a file that Compose refuses what is in there all the same', () => {
    const text = 'A=1 # one\nB="two\\$"\nA=3\nNAMED\nC=\'x\\y\'\n';
    expect(readEnv(text, '.env')).toEqual({ A: '3', B: 'two$', C: 'x\\y' });
    expect(readEnv('GOOD=1\nBAD NAME=2\nSECRET=s3cret\n', '.env')).toMatchObject({ GOOD: '1', SECRET: 's3cret' });
  });
});
