import { describe, expect, it } from 'vitest';
import { addedEntry, changedValue, removedEntry, type YamlEdit } from '../../../src/formats/yaml/edit.ts';

const made = (text: string, edit: YamlEdit | undefined): string | undefined =>
  edit && text.slice(0, edit.start) + edit.text + text.slice(edit.end);

describe('an entry that is added to a YAML text', () => {
  const add = (text: string, path = ['a', 'b']) => made(text, addedEntry(text, path, 'new', 'new:\n  x: 1\n'));

  it('comes behind the last one, as deep as the others, and everything else stays', () => {
    expect(add('a:\n  b:\n    c: 1 # one\n  d: 2\n')).toBe('a:\n  b:\n    c: 1 # one\n    new:\n      x: 1\n  d: 2\n');
    expect(add('a:\n  b:\n    c: 1\n\n  # about d\n  d: 2\n')).toBe(
      'a:\n  b:\n    c: 1\n    new:\n      x: 1\n\n  # about d\n  d: 2\n',
    );
    expect(add('a:\n    b:\n          c: [1,\n            2]')).toBe(
      'a:\n    b:\n          c: [1,\n            2]\n          new:\n            x: 1',
    );
    expect(add('a:\r\n  b:\r\n    c: 1\r\n')).toBe('a:\r\n  b:\r\n    c: 1\r\n    new:\r\n      x: 1\r\n');
    expect(add('a:\n  b:\n    # first\n    c: |\n      text\n\n      more\n')).toBe(
      'a:\n  b:\n    # first\n    c: |\n      text\n\n      more\n    new:\n      x: 1\n',
    );
  });

  it('is none where there is no such mapping, where the key is there, or where nothing stands on lines of its own', () => {
    for (const text of [
      'a: 1\n',
      'a:\n  b: { c: 1 }\n',
      'a: { b: { c: 1 } }\n',
      'a:\n  b:\n    - c\n',
      'a:\n  b:\n    new: 2\n',
      'a:\n  b: *other\n'.replace('*other', '1'),
      '- a\n',
      '',
    ])
      expect(add(text), text).toBeUndefined();
  });
});

describe('a value that is changed in a YAML text', () => {
  const change = (text: string) => made(text, changedValue(text, ['a', 'b'], 'old', 'new'));

  it('keeps its quotes and its comment', () => {
    expect(change('a:\n  # why\n  b: old # what\n')).toBe('a:\n  # why\n  b: new # what\n');
    expect(change("a:\n  b:   'old'\n")).toBe("a:\n  b:   'new'\n");
    expect(change('a: { x: old, b: "old" }\n')).toBe('a: { x: old, b: "new" }\n');
  });

  it('is none where it is another one', () => {
    for (const text of [
      'a:\n  b: older\n',
      'a:\n  b: ${X:-old}\n',
      'a:\n  c: old\n',
      'a:\n  b:\n    old: 1\n',
      'a: old\n',
    ])
      expect(change(text), text).toBeUndefined();
  });
});

describe('an entry that is taken out of a YAML text', () => {
  const remove = (text: string) => made(text, removedEntry(text, ['a', 'b']));

  it('goes with its lines, and comments stay', () => {
    expect(remove('a:\n  # kept\n  b: 1 # gone\n  c: 2\n')).toBe('a:\n  # kept\n  c: 2\n');
    expect(remove('a:\n  c: 2\n  b:\n    - 1')).toBe('a:\n  c: 2\n');
  });

  it('is none where it is the only one, or on a line with others', () => {
    for (const text of ['a:\n  b: 1\n', 'a: { b: 1, c: 2 }\n', 'a:\n  c: 2\n'])
      expect(remove(text), text).toBeUndefined();
  });
});
