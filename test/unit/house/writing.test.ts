import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** The functions that change files, or finish or undo an interrupted write, and who outside of write/ may call them. */
const changing: Readonly<Record<string, readonly string[]>> = {
  writeFiles: ['flows/generate.ts writeGeneration', 'flows/check.ts recordProofs', 'flows/pin.ts writePins'],
  makeFolder: ['flows/generate.ts writeGeneration'],
  pruneFolder: ['flows/generate.ts writeGeneration'],
};

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Every use of a name in a file, with the function at the top of the file that it is in. */
function usesOf(file: string, names: readonly string[]): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const { program } = parseSync(file, text);
  const found: string[] = [];
  const visit = (node: unknown, inside: string): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, inside);
    if (!isNode(node) || node.type === 'ImportDeclaration') return;
    if (node.type === 'Identifier' && names.includes(String(node['name']))) found.push(`${node['name']} ${inside}`);
    const own = isNode(node['id']) ? String(node['id']['name']) : undefined;
    const next = inside === '' && own !== undefined ? own : inside;
    for (const [key, value] of Object.entries(node)) if (key !== 'id') visit(value, next);
  };
  visit(program.body, '');
  return found.map((use) => use.replace(' ', ` ${file} `));
}

describe('files of the user', () => {
  it('are changed by the flows that write, and by no other', () => {
    const outside = files.filter((file) => !file.startsWith('write/'));
    const uses = outside.flatMap((file) => usesOf(file, Object.keys(changing)));
    const allowed = Object.entries(changing).flatMap(([name, places]) => places.map((place) => `${name} ${place}`));
    expect([...new Set(uses)].sort()).toEqual([...allowed].sort());
  });

  it('are brought to an end after an interruption by writing alone', () => {
    const uses = files.flatMap((file) => usesOf(file, ['recover']));
    expect(uses).toEqual(['recover write/write.ts writeFiles']);
    const readers = ['write/folder.ts', 'write/record.ts', 'write/paths.ts', 'write/recover.ts'];
    const able = /\b(writeFileSync|mkdirSync|openSync|rmdirSync|unlinkSync|appendFileSync)\b/;
    // recover.ts holds both the reading and the ending: what reads there is `readInterrupted`
    expect(readers.filter((file) => able.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
  });

  it('are reached by the guard of write/paths.ts alone, wherever their path comes from', () => {
    const joined = files
      .filter((file) => file.startsWith('write/'))
      .filter((file) => /\b(resolve|posix\.resolve)\(/.test(readFileSync(join(source, file), 'utf8')));
    expect(joined).toEqual(['write/paths.ts']);
  });

  it('and nothing that is in a repository decides where the record of a write lies', () => {
    const record = readFileSync(join(source, 'write/record.ts'), 'utf8');
    expect([...record.matchAll(/readFileSync|readdirSync/g)]).toEqual([]);
    expect(readFileSync(join(source, 'write/journal.ts'), 'utf8')).not.toMatch(/join\(top, [^)]*journal/);
    expect(readFileSync(join(source, 'write/lock.ts'), 'utf8')).not.toMatch(/\btop\b/);
  });
});
