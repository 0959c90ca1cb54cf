import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

/** The rooms where things are decided. */
const rooms = ['plan', 'inspect', 'languages', 'flows', 'cli'];
const MAX_LINES = 60;

/** Functions of more lines than that, with those inside of them, as `file:line lines`. */
function longIn(file: string, text: string): string[] {
  const found: string[] = [];
  const line = (offset: number) => text.slice(0, offset).split('\n').length;
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    const { type, start = 0, end = 0 } = node as { type?: string; start?: number; end?: number };
    const lines = /^(Arrow)?Function/.test(type ?? '') ? line(end) - line(start) + 1 : 0;
    if (lines > MAX_LINES) found.push(`${file}:${line(start)} ${lines} lines`);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(file, text).program);
  return found;
}

describe('a function', () => {
  it('fits on a screen', () => {
    const files = rooms.flatMap((room) =>
      readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${room}/${file}`),
    );
    expect(files.length).toBeGreaterThan(80);
    expect(files.flatMap((file) => longIn(file, readFileSync(join(source, file), 'utf8')))).toEqual([]);
  });

  it('that does not is found', () => {
    const body = (lines: number) => `function f() {\n${'  g();\n'.repeat(lines - 2)}}\n`;
    expect(longIn('a.ts', body(MAX_LINES))).toEqual([]);
    expect(longIn('a.ts', `const x = 1;\n${body(MAX_LINES + 1)}`)).toEqual([`a.ts:2 ${MAX_LINES + 1} lines`]);
  });
});
