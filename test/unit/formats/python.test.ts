import { beforeAll, describe, expect, it } from 'vitest';
import { expressionsOf, loadPython, parsePython, pathOf, statementsOf } from '../../../src/formats/python/index.ts';

beforeAll(() => loadPython());

const texts = (code: string) =>
  expressionsOf(parsePython('a.py', code).body).flatMap((one) => (one.kind === 'text' ? [one.value] : []));

describe('a module of Python', () => {
  it.each([
    ['import os', [{ module: 'os', level: 0, local: 'os' }]],
    [
      'import a.b as c, d.e',
      [
        { module: 'a.b', level: 0, local: 'c' },
        { module: 'd.e', level: 0, local: 'd' },
      ],
    ],
    [
      'from .x import (y as z, w)',
      [
        { module: 'x', level: 1, name: 'y', local: 'z' },
        { module: 'x', level: 1, name: 'w', local: 'w' },
      ],
    ],
    ['from ... import far', [{ module: '', level: 3, name: 'far', local: 'far' }]],
  ])('has its imports: %s', (code, imported) => {
    const [first] = parsePython('a.py', code).body;
    expect(first?.kind === 'import' && first.imported).toEqual(imported);
  });

  it.each([
    [`a = 'it\\'s'`, ["it's"]],
    [`a = r'\\d+'`, ['\\d+']],
    [`a = """two\nlines"""`, ['two\nlines']],
    [`a = 'one ' 'two'`, ['one two']],
    [`a = ('b', ["c"], {'d': "e"})`, ['b', 'c', 'd', 'e']],
  ])('has its texts: %s', (code, values) => expect(texts(code)).toEqual(values));

  it('has calls with names of arguments, attributes and decorators', () => {
    const { body } = parsePython(
      'a.py',
      "@app.get('/x', name='y')\nasync def f(a, b: int = 2, *c): return os.environ['Z']\n",
    );
    const [one] = body;
    expect(one).toMatchObject({
      kind: 'function',
      name: 'f',
      isAsync: true,
      parameters: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    });
    const paths = expressionsOf(body).flatMap((each) => (each.kind === 'call' ? pathOf(each.callee) : []));
    expect(paths).toEqual(['app.get']);
    expect(expressionsOf(body).some((each) => each.kind === 'subscript')).toBe(true);
  });

  it('has every statement, also in what chooses and what tries', () => {
    const code =
      'if a:\n  b = 1\nelif c:\n  d = 2\nelse:\n  e = 3\ntry:\n  f = 4\nexcept X:\n  g = 5\nwith h() as i:\n  j = 6\n';
    const names = statementsOf(parsePython('a.py', code).body).flatMap((one) =>
      one.kind === 'assign' ? one.targets.flatMap((target) => pathOf(target) ?? []) : [],
    );
    expect(names).toEqual(['b', 'd', 'e', 'f', 'g', 'j']);
  });

  it('has the comment above a line or behind it, and none of another', () => {
    const module = parsePython('a.py', '# who writes\na = 1\nb = 2  # how often\nc = 3\n');
    expect(module.body.map(({ start }) => module.comment(start))).toEqual(['who writes', 'how often', undefined]);
  });

  it.each([['def ('], ['class'], ['(((('], ['a = {'], ["x = '"], ['é = "ü"\n\u0000']])(
    'is read whatever its text is: %j',
    (code) => expect(parsePython('a.py', code).body).toBeInstanceOf(Array),
  );

  it.each([
    ['brackets', '('.repeat(20_000)],
    ['a sum', `a = 1${' + 1'.repeat(20_000)}`],
    ['lists', `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('that is nested deeper than anybody writes is empty: %s', (_, code) => {
    expect(expressionsOf(parsePython('a.py', code).body)).toEqual([]);
  });
});
