import { describe, expect, it } from 'vitest';
import {
  callOf,
  dottedName,
  fieldsOf,
  type GoNode,
  nodesIn,
  parseGo,
  parseGoMod,
  stringOf,
} from '../../../../src/formats/go/index.ts';

/** A tree as brackets, for what stands behind `x :=`. */
function shown(node: GoNode | undefined): string {
  if (!node) return '';
  if (node.children.length === 0) return node.text;
  return `${node.type}(${node.children.map(shown).join(' ')})`;
}
const expression = (text: string) =>
  shown(nodesIn(parseGo('a.go', `package a\nfunc f() {\n\tx := ${text}\n}\n`).root, 'VarDecl')[0]?.children.at(-1));

describe('a file in Go', () => {
  it.each([
    ['":" + os.Getenv("PORT")', 'BinaryExp(":" + CallExpr(SelectorExpr(os Getenv) Arguments("PORT")))'],
    ['a + b.c', 'BinaryExp(a + SelectorExpr(b c))'],
    ['!f(x)', 'UnaryExp(! CallExpr(f Arguments(x)))'],
    ['a + b + c.d(1)', 'BinaryExp(BinaryExp(a + b) + CallExpr(SelectorExpr(c d) Arguments(1)))'],
    ['(a + b).c()', 'CallExpr(SelectorExpr(ParenthesizedExpr(BinaryExp(a + b)) c) )'],
    ['a.b(c)', 'CallExpr(SelectorExpr(a b) Arguments(c))'],
  ])('lets what stands behind an operand belong to it: %s', (text, tree) => expect(expression(text)).toBe(tree));

  it('says its package, its imports with their lines, and its comments', () => {
    const file = parseGo(
      'a.go',
      '//go:build linux\n\npackage main\n\nimport (\n\t"os"\n\tc "example.com/chi/v5"\n\t_ "embed"\n)\n',
    );
    expect(file.name).toBe('main');
    expect(file.imports).toEqual([
      { path: 'os', alias: undefined, line: 6 },
      { path: 'example.com/chi/v5', alias: 'c', line: 7 },
      { path: 'embed', alias: '_', line: 8 },
    ]);
    expect(file.comments.map(({ text }) => text)).toEqual(['go:build linux']);
  });

  it('gives values of text, calls and fields', () => {
    const { root } = parseGo(
      'a.go',
      'package a\nvar s = &http.Server{Addr: "a\\tb", Name: `c\\d`}\nvar t = f.g("x", y...)\n',
    );
    const fields = fieldsOf(nodesIn(root, 'TypedLiteral')[0] as GoNode);
    expect([...fields].map(([name, value]) => [name, stringOf(value)])).toEqual([
      ['Addr', 'a\tb'],
      ['Name', 'c\\d'],
    ]);
    const call = callOf(nodesIn(root, 'CallExpr')[0]);
    expect(call?.name).toBe('f.g');
    expect(call?.args.map((arg) => stringOf(arg) ?? dottedName(arg))).toEqual(['x', 'y']);
  });

  it('is read as far as it is valid', () => {
    for (const text of [
      '',
      'package',
      'package a\nfunc {{{',
      '"',
      '\0',
      'package a\nvar x = `',
      `package a\nvar x = ${'('.repeat(20_000)}`,
      `package a\nvar x = ${'f('.repeat(5000)}1${')'.repeat(5000)}`,
    ])
      expect(() => parseGo('a.go', text)).not.toThrow();
  });
});

describe('go.mod', () => {
  it('is read with its blocks, comments and quotes', () => {
    const mod = parseGoMod(
      'module example.com/shop // the shop\n\ngo 1.24.1\n\ntoolchain go1.25.3\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.2.0\n\tgolang.org/x/sys v0.1.0 // indirect\n)\nrequire "a.b/c" v1.0.0\nreplace a.b/c v1.0.0 => ../c\nreplace (\n\tx.y/z => x.y/fork v1.2.3\n)\ntool example.com/tool\n',
    );
    expect(mod).toMatchObject({
      module: 'example.com/shop',
      go: { version: '1.24.1', line: 3 },
      toolchain: { version: '1.25.3' },
      tools: ['example.com/tool'],
    });
    expect(mod.requires.map(({ path, indirect }) => [path, indirect])).toEqual([
      ['github.com/go-chi/chi/v5', false],
      ['golang.org/x/sys', true],
      ['a.b/c', false],
    ]);
    expect(mod.replaces.map(({ path, to }) => [path, to])).toEqual([
      ['a.b/c', '../c'],
      ['x.y/z', 'x.y/fork'],
    ]);
  });

  it('is the same form as go.work', () => {
    expect(parseGoMod('go 1.27\nuse ./api\nuse (\n\t./lib\n\t../other\n)\ntoolchain default\n')).toMatchObject({
      uses: [{ folder: './api' }, { folder: './lib' }, { folder: '../other' }],
      toolchain: undefined,
      module: undefined,
    });
  });
});
