import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

/** Who may look at the variables of the shell as a whole: what makes the environment of a program and finds it, the terminal, where a write is recorded, and the one decision on build secrets. */
const whole = new Set([
  'cli/terminal.ts',
  'engine/docker.ts',
  'engine/path.ts',
  'engine/programs.ts',
  'engine/tests.ts',
  'flows/secrets.ts',
  'write/record.ts',
]);

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const isEnvironment = (node: unknown): boolean =>
  isNode(node) &&
  node.type === 'MemberExpression' &&
  isNode(node['object']) &&
  node['object']['name'] === 'process' &&
  isNode(node['property']) &&
  node['property']['name'] === 'env';

/** Every use of `process.env` that is no variable by a name that stands there: the whole table, or a name that is worked out. */
function openUses(file: string): readonly number[] {
  const text = readFileSync(join(source, file), 'utf8');
  const found: number[] = [];
  const visit = (node: unknown, named: boolean): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, false);
    if (!isNode(node)) return;
    if (isEnvironment(node)) {
      if (!named) found.push(text.slice(0, node.start).split('\n').length);
      return;
    }
    for (const [key, value] of Object.entries(node)) {
      const property = node['property'];
      const literal = isNode(property) && (node['computed'] !== true || property.type === 'Literal');
      visit(value, node.type === 'MemberExpression' && key === 'object' && literal);
    }
  };
  visit(parseSync(file, text).program, false);
  return found;
}

describe('variables of the shell', () => {
  it('are read by a name of ours: by one that a project chose only where a person may allow it', () => {
    const wrong = files.flatMap((file) => (whole.has(file) ? [] : openUses(file).map((line) => `${file}:${line}`)));
    expect(wrong).toEqual([]);
    expect(openUses('flows/secrets.ts')).toHaveLength(1);
  });
});
