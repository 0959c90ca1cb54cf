import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

/** Every import of ours in a file, those of types too, by the path below src. */
function importsOf(file: string, text: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module;
  const named = [
    ...staticImports.map((one) => one.moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...dynamicImports.map(
      (one) => /^['"](.*)['"]$/.exec(text.slice(one.moduleRequest.start, one.moduleRequest.end))?.[1] ?? '',
    ),
  ];
  return [...new Set(named.filter((name) => name.startsWith('.')).map((name) => normalize(join(file, '..', name))))];
}

/** The circles of a graph: groups of files that reach each other (Tarjan's strongly connected components). */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    stack.push(file);
    for (const other of graph.get(file) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(file, Math.min(low.get(file) ?? 0, low.get(other) ?? 0));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

describe('imports', () => {
  it('make no circle', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const graph = new Map(files.map((file) => [file, importsOf(file, readFileSync(join(source, file), 'utf8'))]));
    expect(graph.size).toBeGreaterThan(200);
    expect(circlesIn(graph)).toEqual([]);
  });

  it('that make one are found, also by way of a third file, a type or an import while running', () => {
    const files = {
      'a.ts': "import type { B } from './b.ts';",
      'b.ts': "export { c } from './c.ts';",
      'c.ts': "const load = () => import('./a.ts');",
      'd.ts': "import { c } from './c.ts';",
    };
    const graph = new Map(Object.entries(files).map(([file, text]) => [file, importsOf(file, text)]));
    expect(circlesIn(graph)).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });
});
