import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

/** The table of docs/architecture.md: which room may import which. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  formats: ['model'],
  catalog: ['model'],
  engine: ['model', 'catalog'],
  write: ['model'],
  project: ['model', 'formats', 'catalog'],
  spec: ['model', 'project', 'formats', 'catalog'],
  stacks: ['model', 'project', 'formats', 'catalog'],
  services: ['model', 'project', 'formats', 'catalog'],
  hints: ['model', 'project', 'formats', 'catalog'],
  languages: ['model', 'project', 'formats', 'catalog', 'stacks', 'services'],
  inspect: ['model', 'project', 'formats', 'catalog', 'languages', 'services', 'hints'],
  plan: ['model', 'catalog', 'languages', 'services'],
  artifacts: ['model', 'formats', 'catalog'],
  lint: ['model', 'formats', 'catalog'],
  reconcile: ['model', 'formats'],
  ship: ['model', 'engine', 'formats', 'catalog'],
  flows: [
    'model',
    'formats',
    'catalog',
    'engine',
    'write',
    'project',
    'spec',
    'stacks',
    'services',
    'hints',
    'languages',
    'inspect',
    'plan',
    'artifacts',
    'lint',
    'reconcile',
    'ship',
  ],
  index: ['flows', 'model'],
  cli: ['index', 'model'],
  main: ['cli', 'engine'],
};

/** Modules that only some rooms may use: the shell around the pure core. */
const reserved: Readonly<Record<string, readonly string[]>> = {
  'node:fs': ['project', 'write', 'engine'],
  'node:fs/promises': ['project', 'write', 'engine'],
  'node:child_process': ['engine'],
  'node:net': ['engine'],
  'node:http': ['engine'],
  '@clack/prompts': ['cli'],
  commander: ['cli'],
  'oxc-parser': ['formats'],
  '@lezer/common': ['formats'],
  '@lezer/go': ['formats'],
  '@lezer/python': ['formats'],
  htmlparser2: ['formats'],
  yaml: ['formats'],
  'jsonc-parser': ['formats'],
  'smol-toml': ['formats'],
  unbash: ['formats'],
  // by way of model/zod.ts, which sets it up
  zod: ['model'],
};

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();
const roomOf = (file: string) => (file.split('/')[0] ?? '').replace(/\.ts$/, '');

type Import = { readonly from: string; readonly typeOnly: boolean };

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const { module } = parseSync(file, text);
  const stated = module.staticImports.map((one) => ({
    from: one.moduleRequest.value,
    typeOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
  }));
  const again = module.staticExports.flatMap((one) =>
    one.entries.flatMap((entry) =>
      entry.moduleRequest ? [{ from: entry.moduleRequest.value, typeOnly: entry.isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports.flatMap((one) => {
    const literal = /^['"](.*)['"]$/.exec(text.slice(one.moduleRequest.start, one.moduleRequest.end));
    return literal?.[1] ? [{ from: literal[1], typeOnly: false }] : [];
  });
  return [...stated, ...again, ...dynamic];
}

const imports = files.map((file) => ({ file, room: roomOf(file), imports: importsOf(file) }));

describe('the rooms', () => {
  it('are all in the table', () => {
    expect([...new Set(imports.map((one) => one.room))].filter((room) => !(room in mayImport))).toEqual([]);
    expect(imports.length).toBeGreaterThan(50);
  });

  it('import only what the table allows', () => {
    const wrong = imports.flatMap(({ file, room, imports: all }) =>
      all
        .filter((one) => one.from.startsWith('.') && one.from.endsWith('.ts'))
        .map((one) => roomOf(relative(source, join(source, file, '..', one.from))))
        .filter((other) => other !== room && !mayImport[room]?.includes(other))
        .map((other) => `${file} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  it('reach languages, stacks and services through their registries and contracts alone', () => {
    // and through what only the facts of one language have: stacks/LANGUAGE.ts
    const allowed = /(registry\.gen|contract|\/stacks\/[a-z]+)\.ts$/;
    const wrong = imports.flatMap(({ file, room, imports: all }) =>
      all
        .filter((one) => /\/(languages|stacks|services|hints)\//.test(one.from) && !allowed.test(one.from))
        .filter((one) => roomOf(relative(source, join(source, file, '..', one.from))) !== room)
        .map((one) => `${file} imports ${one.from}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keep files, programs, parsers and the terminal where they belong', () => {
    const wrong = imports.flatMap(({ file, room, imports: all }) =>
      all
        .filter((one) => !one.typeOnly && reserved[one.from] && !reserved[one.from]?.includes(room))
        .map((one) => `${file} imports ${one.from}`),
    );
    expect(wrong).toEqual([]);
  });

  it('build in one place, where the frontend of the Dockerfile is examined before', () => {
    const builds = /\b(buildxBuild|buildxCheck)\b/;
    const wrong = files.filter(
      (file) =>
        !/^(ship\/image|engine\/buildx)\.ts$/.test(file) && builds.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('print and exit in the cli alone', () => {
    const wrong = files.filter(
      (file) => roomOf(file) !== 'cli' && /\bconsole\.|process\.(exit|stdout|stderr)\b/.test(withoutTexts(file)),
    );
    expect(wrong).toEqual([]);
  });
});

/** The source without its string and template literals, which may speak of a console. */
function withoutTexts(file: string): string {
  const text = readFileSync(join(source, file), 'utf8');
  const { program } = parseSync(file, text);
  let out = text;
  const blank = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const one of node) blank(one);
      return;
    }
    const { type, start, end } = node as { type?: string; start?: number; end?: number };
    if ((type === 'Literal' || type === 'TemplateElement') && start !== undefined && end !== undefined)
      out = out.slice(0, start) + ' '.repeat(end - start) + out.slice(end);
    for (const one of Object.values(node)) blank(one);
  };
  blank(program);
  return out.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
