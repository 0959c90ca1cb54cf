import { describe, expect, it } from 'vitest';
import { lex } from '../../../../src/formats/dockerfile/lex.ts';
import { expanded } from '../../../support/dockerfile.ts';

const env = { name: 'foobarbar', path: '/usr/lib/a.tar.gz', empty: '', sentence: 'a b', star: 'a*b', brace: 'x}y/z' };

describe('a word that is expanded', () => {
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
    expect(expanded(word, env)).toBe(value);
  });

  it('says what it looked up', () => {
    expect(lex('$name ${no:-$other} $name', env, { escape: '\\' })).toMatchObject({
      used: ['name'],
      unset: ['other', 'no'],
    });
  });

  it('takes the escape character of the tree', () => {
    expect(expanded('c:\\$name`$', env, '`')).toBe('c:\\foobarbar$');
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
    expect(() => expanded(word, env)).toThrow(expect.objectContaining({ code: 'dockerfile-expansion', message }));
  });

  it('does not take what an object inherits for a variable', () => {
    expect(lex('a$constructor', {}, { escape: '\\' })).toMatchObject({ value: 'a', used: [], unset: ['constructor'] });
  });

  it('splits what it expands', () => {
    expect(lex('$sentence "$sentence" 1', env, { escape: '\\' }).words).toEqual(['a', 'b', 'a b', '1']);
  });
});
