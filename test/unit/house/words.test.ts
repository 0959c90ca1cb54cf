import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

/** Rooms that are made of names; formats/source, formats/package-json, formats/go and formats/python are formats of one language, as formats/dockerfile is one of Docker. */
const own =
  /^(languages\/(?!support\/)[a-z]+\/|stacks\/|services\/|hints\/|catalog\/|lint\/rules\/|formats\/(source|package-json|html|go|python)\/|.*\.gen\.ts$)/;

/** Words that only one language has: names of its files and folders, its variables, endings of its sources, its programs and itself. */
const words = [
  /\bpackage(-lock)?\.json\b|\bnode_modules\b|\btsconfig|\bnpmrc\b|\bbunfig\b/,
  /\b(NODE|BUN|DENO|PYTHON|GO)_?[A-Z]*_?(ENV|OPTIONS|PATH|PORT|HOME|CACHE)\b|\bnpm_[a-z]+|\bPYTHON[A-Z]+\b/,
  /\b(requirements\.txt|pyproject|Pipfile|site-packages|go\.(mod|sum|work)|setup\.(py|cfg))\b/,
  /\b(Node\.js|Deno|TypeScript|JavaScript|Python|Golang)\b|\bBun\b/,
  /(^|[\s`'"])(npm|npx|pnpm|yarn|bunx|bun|deno|tsx|tsc|pip|pipx|uv|poetry|gunicorn|uvicorn)([\s`'"@,]|$)/,
  // an ending as a text of its own, or in a pattern
  /^\.[cm]?[jt]sx?$|^\.(py|go)$|\\\.\(?\[?[cm]+\]?\??\[?[jt]+\]?sx?|\\\.\(?(py|go)\b/,
];

type Text = { readonly value: string; readonly start: number };

/** Texts, parts of templates and patterns; not the files that are imported. */
function textsOf(text: string, file: string): Text[] {
  const found: Text[] = [];
  const visit = (node: unknown, parent: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const child of node) visit(child, parent);
      return;
    }
    const { type, value, regex, start } = node as {
      type?: string;
      value?: unknown;
      regex?: { pattern: string };
      start?: number;
    };
    const imported = /^(Import|Export)/.test(parent);
    const raw = type === 'TemplateElement' ? (value as { raw: string }).raw : (regex?.pattern ?? value);
    if (
      (type === 'Literal' || type === 'TemplateElement') &&
      typeof raw === 'string' &&
      start !== undefined &&
      !imported
    )
      found.push({ value: raw, start });
    for (const child of Object.values(node)) visit(child, type ?? parent);
  };
  visit(parseSync(file, text).program, '');
  return found;
}

const wordsIn = (text: string, file: string): string[] =>
  textsOf(text, file)
    .filter(({ value }) => words.some((word) => word.test(value)))
    .map(({ value, start }) => `${file}:${text.slice(0, start).split('\n').length} ${value.slice(0, 80)}`);

describe('a word of one language', () => {
  it('stands in its own folder, its stacks, the services and the catalogue alone', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !own.test(file),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(files.sort().flatMap((file) => wordsIn(readFileSync(join(source, file), 'utf8'), file))).toEqual([]);
  });

  it.each([
    "const file = 'package.json';",
    'const folder = `/app/node_modules`;',
    "const env = { name: 'NODE_ENV' };",
    'const ending = /\\.[cm]?[jt]sx?$/;',
    "const ending = '.py';",
    "const next = 'run `npm install` and commit the lockfile';",
    "const message = 'the version of Node.js';",
    "const file = 'go.mod';",
    "const flag = 'PYTHONUNBUFFERED';",
  ])('is found: %s', (code) => expect(wordsIn(code, 'a.ts')).toHaveLength(1));

  it.each([
    "import { read } from '../languages/registry.gen.ts';",
    "const why = 'the node, or the line that is meant';",
    "const sentence = 'an express letter to the go-between';",
    "const types = 'text/javascript application/json';",
  ])('is not what only looks like one: %s', (code) => expect(wordsIn(code, 'a.ts')).toEqual([]));
});
