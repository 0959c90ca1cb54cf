import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { projects } from '../../support/projects.ts';
import { attempt, type Files } from './attempt.ts';

const notTheirs = new Set(['case.json', 'expected', 'node_modules', 'dist', '.env']);

/** The text files of a project, without what belongs to its test. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => !notTheirs.has(path.split('/')[0] ?? '') && !/\.(lockb|png|ico|woff2?)$/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

/** What may happen to a file: all numbers are parts of its length, so that a smaller case is a simpler one. */
export type Mutation = {
  readonly file: number;
  readonly kind: 'cut' | 'drop' | 'twice' | 'flip' | 'put' | 'splice' | 'value' | 'word' | 'whole' | 'gone';
  readonly at: number;
  readonly length: number;
  readonly text: string;
};
export type Case = { readonly project: number; readonly mutations: readonly Mutation[] };

/** Words that mean something in one of the formats, or to a careless reader. */
const nasty = [
  '"',
  "'",
  '`',
  '\\',
  '\n',
  '\r',
  '\0',
  '\u2028',
  '\ufeff',
  '\ud800',
  '${',
  '$$',
  '$(',
  '{{',
  '}',
  ']',
  '[',
  '(',
  '*/',
  '/*',
  '//',
  '#',
  '<<',
  '&a ',
  '*a',
  '!!js ',
  '---\n',
  '- ',
  ': ',
  '?',
  '|',
  '>',
  '%',
  '@',
  '..',
  '../',
  '/',
  './',
  '-',
  '--',
  '=',
  ',',
  ';',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'undefined',
  'NaN',
  'FROM ',
  'RUN ',
  'COPY ',
  'process.env.',
  'await ',
  'import ',
  'export ',
  'require(',
  'app.listen(',
  '=>',
  '...',
  '?.',
  'class ',
  'new ',
  'typeof ',
  'function* ',
];
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  '.',
  '..',
  '/',
  '\0',
  '$',
  'a\nb',
  '*',
  [],
  {},
  [null],
  [[]],
  { a: null },
  '__proto__',
  'npm run x',
  '^1 || ',
  'node',
  [7],
  ['a', 7],
];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 4 })
  .map((parts) => parts.join(''));
const share = fc.integer({ min: 0, max: 9_999 });

/** A project and what happened to it. */
export const cases: fc.Arbitrary<Case> = fc.record({
  project: fc.nat(200),
  mutations: fc.array(
    fc.record({
      file: fc.nat(10_000),
      kind: fc.constantFrom(
        'cut',
        'drop',
        'twice',
        'flip',
        'put',
        'splice',
        'value',
        'value',
        'word',
        'word',
        'whole',
        'gone',
      ),
      at: share,
      length: fc.oneof(fc.nat(20), share),
      text: soup,
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Every key that does not change what kind of app a project is. */
const config = {
  $schema: './node_modules/dockwright/schemas/config.schema.json',
  port: 3000,
  include: ['data'],
  writable: ['uploads'],
  health: { live: '/live', ready: '/ready' },
  services: { redis: { role: 'cache', required: false } },
  variables: { LOG_LEVEL: { default: 'info', purpose: 'how much is said' } },
  platforms: ['linux/amd64'],
  budget: '200MB',
  overrides: {},
};

/** The projects that are spoiled: every fixture and example, as it is, with files that users have, and as it is after a first run. */
export async function corpus(): Promise<readonly Files[]> {
  const found: Files[] = [];
  for (const { folder } of projects) {
    const bare = filesOf(folder);
    const more = {
      '.gitignore': 'dist\n.env\n',
      '.nvmrc': '22\n',
      '.npmrc': 'a=b\n',
      '.tool-versions': 'nodejs 22.1.0\nbun 1.3.0\n',
    };
    const project = { 'dockwright.json': JSON.stringify(config, null, 2), ...more, ...bare };
    found.push(bare, project);
    const { files } = await attempt(bare);
    found.push({ ...bare, ...files });
  }
  return found;
}

const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)];

/** Files that people and tools write by hand come up more often than sources. */
function choose(files: Files, number: number): string {
  const paths = Object.keys(files).sort();
  const settings = paths.filter(
    (path) => /json$|ya?ml$|toml$|^\.|file$|lock$|\/assertions/i.test(path) && !path.includes('.dockwright/last/'),
  );
  return pick(number % 2 === 0 && settings.length > 0 ? settings : paths, Math.floor(number / 2)) ?? '';
}

export function spoiled(
  projectsOf: readonly Files[],
  { project, mutations }: Case,
): { files: Files; touched: readonly string[] } {
  const files: Record<string, string | Uint8Array> = { ...pick(projectsOf, project) };
  const touched: string[] = [];
  for (const mutation of mutations) {
    const path = choose(files, mutation.file);
    const before = files[path] ?? '';
    if (path === '') break;
    touched.push(`${mutation.kind} ${path}`);
    if (mutation.kind === 'gone') delete files[path];
    else files[path] = changed(typeof before === 'string' ? before : new TextDecoder().decode(before), mutation, files);
  }
  return { files, touched };
}

function changed(text: string, { kind, at, length, text: other, file }: Mutation, files: Files): string | Uint8Array {
  const start = Math.floor((text.length * at) / 10_000);
  const count = length < 20 ? length : Math.floor((text.length * length) / 10_000);
  const end = Math.min(text.length, start + count);
  const middle = text.slice(start, end);
  switch (kind) {
    case 'cut':
      return text.slice(0, start);
    case 'drop':
      return text.slice(0, start) + text.slice(end);
    case 'twice':
      return text.slice(0, end) + middle + text.slice(end);
    case 'put':
      return text.slice(0, start) + other + text.slice(start);
    case 'flip': {
      const bytes = new TextEncoder().encode(text);
      const place = Math.floor((bytes.length * at) / 10_000);
      for (let index = place; index < Math.min(bytes.length, place + (length % 5) + 1); index += 1)
        bytes[index] = (bytes[index] ?? 0) ^ (1 << (length % 8));
      return bytes;
    }
    case 'splice': {
      const from = pick(Object.values(files), file + length);
      const donor = typeof from === 'string' ? from : '';
      const place = Math.floor((donor.length * (9_999 - at)) / 10_000);
      return text.slice(0, start) + donor.slice(place, place + Math.max(5, count)) + text.slice(end);
    }
    case 'value':
      return (
        withValue(text, at, values[length % values.length], other) ?? text.slice(0, start) + other + text.slice(end)
      );
    case 'word':
      return withWord(text, at, length, other);
    default:
      // half of them bytes that are no text
      return length % 2 === 0 ? other : Uint8Array.from(other, (char) => char.charCodeAt(0) & 0xff);
  }
}

/** A text with one of its words or texts in the place of another, or a part of our own: what still parses goes furthest. */
function withWord(text: string, at: number, from: number, other: string): string {
  const words = [...text.matchAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`|[\w$]+|[^\w\s]/g)];
  const place = words[Math.floor((words.length * at) / 10_000)];
  if (!place) return other;
  const taken = other === '' ? words[Math.floor((words.length * from) / 10_000)]?.[0] : phrases[from % phrases.length];
  return text.slice(0, place.index) + (taken ?? '') + text.slice(place.index + place[0].length);
}

/** Expressions that lead readers of sources astray. */
const phrases = [
  '(x, x = x)',
  'a => a(a)',
  '{ ...x }',
  '[...x]',
  'x?.[0]?.()',
  '`${x}${`${y}`}`',
  'await import("./" + x)',
  'require(`./${x}`)',
  'process.env',
  'process.env[x]',
  'Number(process.env.PORT ?? "x")',
  '-0',
  '1n',
  '/(/u',
  '/[/]\\//g',
  'class { static { } #a = 1 }',
  'function* () { yield* x }',
  'new.target',
  'import.meta.url',
  '<a b={...c} />',
  'x as unknown as y',
  'x satisfies y',
  'x!',
  'this',
  'super',
  'null',
  'undefined',
  '""',
  "'\\u{1F600}\\0'",
  'export * from "./index.js"',
  'import x from "./index.ts"',
  'enum A { a }',
];

/** A JSON text with one value of it, anywhere, exchanged for another, or one key renamed; undefined where it is none. */
function withValue(text: string, at: number, value: unknown, name: string): string | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return undefined;
  }
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const queue: unknown[] = [tree];
  for (let one = queue.shift(); one !== undefined && places.length < 2_000; one = queue.shift()) {
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, inner] of Object.entries(one)) {
      places.push([one as Record<string, unknown>, key]);
      if (inner !== null) queue.push(inner);
    }
  }
  // the places at the top of a file are those that are read
  const place = pick(places.slice(0, at % 2 === 0 ? 40 : places.length), at);
  if (!place) return JSON.stringify(value);
  const [holder, key] = place;
  if (name.length % 3 === 2) holder[name] = value;
  else holder[key] = value;
  return JSON.stringify(tree, null, 2);
}
