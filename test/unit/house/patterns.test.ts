import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

/** Places where a program makes a regular expression at run time: from the constructor, or from the argument of `match`, `matchAll` or `search`. */
function madePatterns(text: string, file: string): string[] {
  const found: string[] = [];
  const report = (start: number, what: string) =>
    found.push(`${file}:${text.slice(0, start).split('\n').length} ${what}`);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const part of node) visit(part);
      return;
    }
    const {
      type,
      start = 0,
      callee,
      arguments: args,
    } = node as {
      type?: string;
      start?: number;
      callee?: { type?: string; name?: string; property?: { name?: string } };
      arguments?: readonly { type?: string; regex?: unknown }[];
    };
    if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') report(start, 'RegExp');
    const method = callee?.type === 'MemberExpression' ? (callee.property?.name ?? '') : '';
    if (type === 'CallExpression' && ['match', 'matchAll', 'search'].includes(method) && !args?.[0]?.regex)
      report(start, method);
    for (const part of Object.values(node)) visit(part);
  };
  visit(parseSync(file, text).program);
  return found;
}

describe('regular expressions', () => {
  it('are literals: none is made from a string at run time, as that string may be a project’s', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => madePatterns(readFileSync(join(source, file), 'utf8'), file))).toEqual([]);
  });

  it('are found by this rule in every spelling', () => {
    const made = [
      'new RegExp(glob)',
      'RegExp(glob, "u")',
      'text.match(glob)',
      'text.matchAll(glob)',
      'text.search("a+")',
    ];
    expect(made.filter((line) => madePatterns(line, 'x.ts').length === 0)).toEqual([]);
    expect(madePatterns('text.match(/a/); /b/.test(text); text.replace(glob, ""); text.split(glob)', 'x.ts')).toEqual(
      [],
    );
  });
});
