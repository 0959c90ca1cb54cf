/** The page of error codes and questions, read from the places in `src` that make them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { exitCodes, exitMeanings } from '../../src/cli/exit-codes.ts';
import { code, page, root, table } from './markdown.ts';

type Node = { readonly type: string; readonly [key: string]: unknown };
type Entry = { readonly code: string; readonly exit: string; readonly message: string; readonly next: string };

/** A string of the source as people read it: what is filled in at run time is `…`. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node?.type !== 'TemplateLiteral') return undefined;
  const parts = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return parts.map(({ value }) => value.cooked).join('…');
}

/** The properties of an object of the source by name. */
function propertiesOf(node: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const property of node['properties'] as readonly Node[]) {
    const key = property['key'] as Node | undefined;
    const name = key?.type === 'Identifier' ? key['name'] : textOf(key);
    if (typeof name === 'string') found.set(name, property['value'] as Node);
  }
  return found;
}

/** The first string of a list of the source. */
function firstOf(node: Node | undefined): string {
  const elements = node?.type === 'ArrayExpression' ? (node['elements'] as readonly (Node | null)[]) : [];
  for (const element of elements) {
    const text = textOf(element ?? undefined);
    if (text !== undefined) return text;
  }
  return '';
}

/** Objects of every source file that have all of these properties. */
function objectsWith(...names: readonly string[]): readonly ReadonlyMap<string, Node>[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.sort().flatMap((file) => {
    const found: ReadonlyMap<string, Node>[] = [];
    const { program } = parseSync(file, readFileSync(join(root, 'src', file), 'utf8'));
    new Visitor({
      ObjectExpression: (node) => {
        const properties = propertiesOf(node as unknown as Node);
        if (names.every((name) => properties.has(name))) found.push(properties);
      },
    }).visit(program);
    return found;
  });
}

function errors(): readonly Entry[] {
  const entries = objectsWith('code', 'message', 'next').flatMap((properties) => {
    const name = textOf(properties.get('code'));
    const exit = properties.get('exit');
    const number = exit === undefined ? exitCodes.usage : exit.type === 'Literal' ? exit['value'] : '';
    if (name === undefined || name === 'bug' || name === 'interrupted') return [];
    const message = textOf(properties.get('message')) ?? firstOf(properties.get('message'));
    return [{ code: name, exit: String(number), message, next: firstOf(properties.get('next')) }];
  });
  // one code can have several messages; where the source computes one, the others say enough
  const seen = new Set<string>();
  return entries
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
    .filter((entry) => {
      const key = `${entry.code} ${entry.message}`;
      const known = seen.has(key) || (entry.message === '' && seen.has(entry.code));
      seen.add(key).add(entry.code);
      return !known;
    });
}

function questions(): readonly (readonly string[])[] {
  const rows = objectsWith('key', 'ask', 'why').flatMap((properties) => {
    const key = textOf(properties.get('key'));
    const ask = textOf(properties.get('ask'));
    return ask === undefined ? [] : [[key === undefined ? 'named by the question' : code(key), ask]];
  });
  return rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

/** The page, without its path. */
export const errorPage = (): string =>
  page(
    'Exit codes, errors and questions',
    'everyone who runs Dockwright from a script or a workflow',
    'With `--json` every run prints one document on standard output: a result, or `{ "error": { "code", "message", "next", … } }`, even after a bug or an interrupt. `code` is stable; messages may change. `…` is a placeholder for text that depends on the project.',
    '## Exit codes',
    table(
      ['Exit code', 'Meaning'],
      Object.entries(exitCodes).map(([name, number]) => [String(number), exitMeanings[name as keyof typeof exitCodes]]),
    ),
    '## Error codes',
    table(
      ['Code', 'Exit code', 'Message', 'What to do'],
      errors().map(({ code: name, exit, message, next }) => [code(name), exit, message, next]),
    ),
    '## Questions',
    'Asked at a terminal. Without one, `--yes --json` exits with code 2 and lists each open question with its key; answer it with `--set KEY=VALUE` or in `dockwright.json`.',
    table(['Key', 'Question'], questions()),
  );
