import { describe, expect, it } from 'vitest';
import { literalValue, lookup, parseSource } from '../../../src/formats/source/index.ts';

/** The value of the constant `last` of a module. */
function workedOut(text: string) {
  const source = parseSource('a.js', text);
  const binding = lookup(source, 'last', text.length);
  return binding?.init && literalValue(source, binding.init);
}

const doubling = (depth: number, sum: (name: string) => string): string =>
  [
    "const a0 = 'x';",
    ...Array.from({ length: depth }, (_, at) => `const a${at + 1} = ${sum(`a${at}`)};`),
    `const last = a${depth};`,
  ].join('\n');

describe('constants that are made of each other', () => {
  it.each([
    ['a sum', (name: string) => `${name} + ${name}`],
    ['a template', (name: string) => `\`\${${name}}\${${name}}\``],
    ['a member', (name: string) => `({ k: ${name} + ${name} }).k`],
  ])('are worked out once each, and only as far as a setting is long: %s', (_, sum) => {
    expect(workedOut(doubling(10, sum))).toBe('x'.repeat(1024));
    expect(workedOut(doubling(200, sum))).toBeUndefined();
  });

  it('have no value where they need each other', () => {
    expect(workedOut("const last = b + 'x';\nconst b = last + 'y';\n")).toBeUndefined();
    expect(workedOut('const last = `${last}`;\n')).toBeUndefined();
  });

  it('are numbers and texts as before', () => {
    expect(workedOut("const port = 3000;\nconst last = 'http://localhost:' + port;")).toBe('http://localhost:3000');
    expect(workedOut('const a = 2;\nconst last = a * a + 1;')).toBe(5);
  });
});
