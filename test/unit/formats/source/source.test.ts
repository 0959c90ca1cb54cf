import { describe, expect, it } from 'vitest';
import {
  commentAt,
  isGlobal,
  literalValue,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  parseSource,
  type Source,
  stringValue,
  walk,
} from '../../../../src/formats/source/index.ts';

const parse = (text: string, file = 'a.ts'): Source => parseSource(file, text);

/** The value of the last statement of a file: `x;` */
function last(source: Source): Node {
  const statement = source.program.body.at(-1);
  if (statement?.type !== 'ExpressionStatement') throw new Error('the file must end in an expression');
  return statement.expression;
}
const value = (text: string) => {
  const source = parse(text);
  return literalValue(source, last(source));
};

describe('parseSource', () => {
  it('counts offsets in UTF-16 units, also behind characters of two', () => {
    const source = parse('// 🤨 é\nconst port = "ünï 🤨"; serve(port)');
    const found: string[] = [];
    walk(source.program, (node) => {
      if (node.type === 'CallExpression') found.push(source.sourceText.slice(node.start, node.end));
    });
    expect(found).toEqual(['serve(port)']);
  });

  it('finds the line of an offset, in both line ends', () => {
    const source = parse('a;\r\n\r\nb;\nc;');
    expect(['a', 'b', 'c'].map((name) => source.line(source.sourceText.indexOf(name)))).toEqual([1, 3, 4]);
  });

  it('reports what does not parse, with its line, and does not throw', () => {
    const source = parse('const ok = 1;\nconst x = ;\n');
    expect(source.problems).toMatchObject([{ line: 2 }]);
    expect(() => parse('\0\ud800<<<<', 'x.js')).not.toThrow();
  });

  it('reads JSX in .js and .tsx, and generics with angle brackets in .ts', () => {
    expect(parse('export const a = <p>hi</p>;', 'a.js').problems).toEqual([]);
    expect(parse('export const a = <p>hi</p>;', 'a.tsx').problems).toEqual([]);
    expect(parse('export const a = <string>b;', 'a.ts').problems).toEqual([]);
    expect(parse('export const a = <p>hi</p>;', 'a.ts').problems).not.toEqual([]);
  });

  it('gives the same tree for the same text, and a new one for a changed text', () => {
    expect(parse('let same')).toBe(parse('let same'));
    expect(parse('let other').sourceText).toBe('let other');
  });
});

describe('imports', () => {
  const imports = (text: string) => parse(text).imports.map(({ span: _, ...one }) => one);

  it('tells the forms, the names and the types apart', () => {
    expect(
      imports(
        `import x, { type y as z, w } from './a'; import * as n from 'n'; import 's'; export * from './b'; export { u } from './u'`,
      ),
    ).toEqual([
      {
        specifier: './a',
        names: [
          { imported: 'default', local: 'x' },
          { imported: 'y', local: 'z' },
          { imported: 'w', local: 'w' },
        ],
        typeOnly: false,
        dynamic: false,
        form: 'import',
      },
      { specifier: 'n', names: [{ imported: '*', local: 'n' }], typeOnly: false, dynamic: false, form: 'import' },
      { specifier: 's', names: [], typeOnly: false, dynamic: false, form: 'import' },
      { specifier: './b', names: [], typeOnly: false, dynamic: false, form: 'export' },
      { specifier: './u', names: [], typeOnly: false, dynamic: false, form: 'export' },
    ]);
  });

  it('knows what is gone at run time', () => {
    expect(
      imports(
        `import type { A } from 'a'; import { type B } from 'b'; export type { C } from 'c'; import {} from 'd'`,
      ).map((one) => one.typeOnly),
    ).toEqual([true, true, true, false]);
  });

  it('reads import() and require(), with what they give', () => {
    expect(
      imports(
        `const { a: b, ...rest } = await import('m'); const p = require('pg'); function f() { return require(\`late\`) } import q = require('q')`,
      ),
    ).toEqual([
      { specifier: 'm', names: [{ imported: 'a', local: 'b' }], typeOnly: false, dynamic: true, form: 'call' },
      {
        specifier: 'pg',
        names: [{ imported: '*', local: 'p' }],
        typeOnly: false,
        dynamic: false,
        form: 'require',
        called: true,
      },
      { specifier: 'late', names: [], typeOnly: false, dynamic: true, form: 'require', called: true },
      { specifier: 'q', names: [{ imported: '*', local: 'q' }], typeOnly: false, dynamic: false, form: 'require' },
    ]);
  });

  it('leaves specifiers that are worked out at run time alone', () => {
    expect(imports('import(`./${x}`); require(name); other.require("x")')).toEqual([]);
  });
});

describe('values', () => {
  it('reads literals, templates, sums, constants and members of constant objects', () => {
    expect(value(`'a'`)).toBe('a');
    expect(value('`a${1 + 2}b`')).toBe('a3b');
    expect(value(`const A = 'x'; const B = A + '/y'; B`)).toBe('x/y');
    expect(value(`const c = { port: 80, 'host': 'h' } as const; c.host`)).toBe('h');
    expect(value('8 * 1000')).toBe(8000);
  });

  it('does not read what can change or comes from elsewhere', () => {
    expect(value(`let a = 'x'; a`)).toBeUndefined();
    expect(value(`import { a } from './a'; a`)).toBeUndefined();
    expect(value('`a${b}`')).toBeUndefined();
    expect(value('const a = a; a')).toBeUndefined();
  });

  it('takes the constant that is in scope, not one of the same name', () => {
    const source = parse(`const p = 1; function f(p) { use(p) } function g() { const p = 3; use(p) } use(p)`);
    const seen: unknown[] = [];
    walk(source.program, (node) => {
      if (node.type === 'CallExpression' && node.arguments[0]) seen.push(literalValue(source, node.arguments[0]));
    });
    expect(seen).toEqual([undefined, 3, 1]);
  });

  it('gives strings only as strings', () => {
    const source = parse('const n = 3; n');
    expect(stringValue(source, last(source))).toBeUndefined();
  });

  it('writes chains of names, through optional chains and types', () => {
    const path = (text: string) => memberPath(last(parse(text)));
    expect([`process.env`, `process?.env!.X`, `process['env']`, 'import.meta.dir', '(a as any).b'].map(path)).toEqual([
      'process.env',
      'process.env.X',
      'process.env',
      'import.meta.dir',
      'a.b',
    ]);
    expect(['a[b]', 'f().x'].map(path)).toEqual([undefined, undefined]);
  });
});

describe('scope', () => {
  it('knows a global from a name of the file', () => {
    const source = parse(`import { Bun as B } from 'x'; function f(process) { process.env } process.env`);
    expect(isGlobal(source, 'process', source.sourceText.lastIndexOf('process'))).toBe(true);
    expect(isGlobal(source, 'process', source.sourceText.indexOf('process.env'))).toBe(false);
    expect(lookup(source, 'B', 40)?.kind).toBe('import');
  });

  it('binds patterns, parameters with defaults, and functions', () => {
    const source = parse(
      `const { a, b: [c = 1], ...d } = x; function e(f = 2, ...g) { here } try {} catch (h) { there }`,
    );
    const here = source.sourceText.indexOf('here');
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => lookup(source, name, here)?.kind)).toEqual([
      'const',
      undefined,
      'const',
      'const',
      'function',
      'parameter',
      'parameter',
      undefined,
    ]);
    expect(lookup(source, 'h', source.sourceText.indexOf('there'))?.kind).toBe('parameter');
  });
});

describe('commentAt', () => {
  const at = (text: string, needle: string) => {
    const source = parse(text);
    return commentAt(source, source.sourceText.indexOf(needle));
  };
  it('takes what stands above, or behind on the same line', () => {
    expect(at('// the port\n// of the server\nconst x = 1', 'const x')).toBe('the port of the server');
    expect(at('/**\n * Secret of the session.\n * @default none\n */\nconst x = 1', 'const x')).toBe(
      'Secret of the session.',
    );
    expect(at('const x = 1; // how long', 'const x')).toBe('how long');
  });
  it('takes no comment of a neighbour, and no mark of a tool', () => {
    expect(at('const y = 2; // of y\nconst x = 1', 'const x')).toBeUndefined();
    expect(at('// far\n\nconst x = 1', 'const x')).toBeUndefined();
    expect(at('// eslint-disable-next-line no-process-env\nconst x = 1', 'const x')).toBeUndefined();
    expect(at('// ------\nconst x = 1', 'const x')).toBeUndefined();
  });
});

describe('nodesOf', () => {
  it('gives what a walk meets of these types, in its order', () => {
    const text =
      'export default { a: f(g(1), new H(k())), b: [() => m()] };\nclass C { x = new C(); }\nawait import("y");';
    const source = parse(text);
    const types = ['CallExpression', 'NewExpression', 'ImportExpression'] as const;
    for (const wanted of [types, types.slice(0, 1), types.slice(1)]) {
      const met: Node[] = [];
      walk(source.program, (node) => {
        if (wanted.some((type) => type === node.type)) met.push(node);
      });
      expect(met.length).toBeGreaterThan(2);
      expect(nodesOf(source.program, ...wanted)).toEqual(met);
    }
  });
});
