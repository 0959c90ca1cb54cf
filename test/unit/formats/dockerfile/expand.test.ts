import { describe, expect, it } from 'vitest';
import {
  expandWord,
  expandWords,
  parseDockerfile,
  scopes,
  valuesOf,
} from '../../../../src/formats/dockerfile/index.ts';

const env = { name: 'foobarbar', path: '/usr/lib/a.tar.gz', empty: '', sentence: 'a b', star: 'a*b', brace: 'x}y/z' };

describe('expandWord', () => {
  it.each([
    ['$name', 'foobarbar'],
    ['${name}x', 'foobarbarx'],
    ['${empty:-d}${empty-d}${no-d}', 'dd'],
    ['${empty:+d}${empty+d}${no+d}', 'd'],
    ['${name?m}${name:?m}${empty?m}', 'foobarbarfoobarbar'],
    ['${name#*o}', 'obarbar'],
    ['${name##*b}', 'ar'],
    ['${name%b*}', 'foobar'],
    ['${name%%b*}', 'foo'],
    ['${path##*/}', 'a.tar.gz'],
    ['${path%.*}', '/usr/lib/a.tar'],
    ['${path%%.*}', '/usr/lib/a'],
    ['${name/bar/X}', 'fooXbar'],
    ['${name//bar/X}', 'fooXX'],
    ['${name//?/X}', 'XXXXXXXXX'],
    ['${name//*/X}', 'X'],
    ['${path//\\//_}', '_usr_lib_a.tar.gz'],
    ['${star/\\*/-}', 'a-b'],
    ['${brace%\\}*}', 'x'],
    ['${no:-${name}}', 'foobarbar'],
    ['${no:-"a}b"}', 'a}b'],
    ['"$sentence"', 'a b'],
    ["'$name'", '$name'],
    ['\\$name', '$name'],
    ['"\\$name \\\\ \\n"', '$name \\ \\n'],
    ['a\\ b', 'a b'],
    ['$', '$'],
    ['<<EOF', '<<EOF'],
  ])('%s is %s', (word, value) => {
    expect(expandWord(word, env).value).toBe(value);
  });

  it('says what it looked up', () => {
    expect(expandWord('$name ${no:-$other} $name', env)).toMatchObject({ used: ['name'], unset: ['other', 'no'] });
  });

  it('takes the escape character of the tree', () => {
    expect(expandWord('c:\\$name`$', env, { escape: '`' }).value).toBe('c:\\foobarbar$');
  });

  it.each([
    ['${no:?give it one}', 'no: give it one in "${no:?give it one}"'],
    ['${empty:?}', 'empty: is empty in "${empty:?}"'],
    ['${no?}', 'no: is not set in "${no?}"'],
    ['${name:#x}', 'the modifier :# does not exist in "${name:#x}"'],
    ['${name^x}', 'the modifier ^ does not exist in "${name^x}"'],
    ['${name:-${no}', '} is missing in "${name:-${no}"'],
    ["'a", 'a single quote is not closed in "\'a"'],
    ['${name#\\x}', 'invalid escape \'\\x\' in "${name#\\\\x}"'],
  ])('%s is refused', (word, message) => {
    expect(() => expandWord(word, env)).toThrow(expect.objectContaining({ code: 'dockerfile-expansion', message }));
  });

  it('does not take what an object inherits for a variable', () => {
    expect(expandWord('a$constructor', {})).toEqual({ value: 'a', used: [], unset: ['constructor'] });
  });

  it('splits what it expands', () => {
    expect(expandWords('$sentence "$sentence" 1', env)).toEqual(['a', 'b', 'a b', '1']);
  });
});

describe('scopes', () => {
  const seen = (text: string) =>
    scopes(parseDockerfile(text)).map(({ instruction, stage, variables }) => [
      instruction.keyword,
      stage,
      valuesOf(variables),
    ]);

  it('shows a global ARG to FROM only, until a stage declares it', () => {
    expect(seen('ARG v=1\nFROM a:$v\nRUN b\nARG v\nRUN c\nFROM d\nRUN e\n')).toEqual([
      ['ARG', -1, {}],
      ['FROM', 0, { v: '1' }],
      ['RUN', 0, {}],
      ['ARG', 0, {}],
      ['RUN', 0, { v: '1' }],
      ['FROM', 1, { v: '1' }],
      ['RUN', 1, {}],
    ]);
  });

  it('hands ENV and ARG down to a stage that builds on another', () => {
    expect(seen('ARG b=base\nFROM x AS base\nARG a=1\nENV e=${a}2\nFROM $b\nRUN c\nFROM y\nRUN d\n').slice(5)).toEqual([
      ['RUN', 1, { a: '1', e: '12' }],
      ['FROM', 2, { b: 'base' }],
      ['RUN', 2, {}],
    ]);
  });

  it('expands the pairs of one ENV with what stood before it, those of one ARG from left to right', () => {
    expect(seen('FROM x\nENV a=1\nENV a=2 b=$a\nARG c=3 d=$c\nRUN e\n').at(-1)).toEqual([
      'RUN',
      0,
      { a: '2', b: '1', c: '3', d: '3' },
    ]);
  });

  it('lets an ARG without a value leave an ENV alone, and knows no value that comes from outside', () => {
    const text = 'FROM x\nENV a=1\nARG a\nARG out\nENV b=$out\nRUN c\n';
    const last = scopes(parseDockerfile(text)).at(-1);
    expect(last && valuesOf(last.variables)).toEqual({ a: '1' });
    expect([...(last?.variables.values() ?? [])].map((one) => `${one.kind} ${one.name}`)).toEqual([
      'env a',
      'arg out',
      'env b',
    ]);
  });
});
