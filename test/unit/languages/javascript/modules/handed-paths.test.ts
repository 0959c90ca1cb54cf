import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** What an application writes that starts with index.ts. */
async function writesOf(text: string, more: Readonly<Record<string, string>> = {}) {
  const manifest = { name: 'store', type: 'module', scripts: { start: 'node index.ts' }, engines: { node: '24' } };
  const start = "import { createServer } from 'node:http';\ncreateServer((q, r) => r.end()).listen(3000);\n";
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.ts': `${text}${start}`, ...more });
  return facts.writes.map(({ value }) => value).sort();
}

const fs = "import fs from 'node:fs';\nimport path from 'node:path';\n";

describe('a place that is handed on before it is written to', () => {
  it.each([
    [
      'the default of a parameter that is a field',
      `${fs}class Store {\n  constructor(private dir = './data') {}\n  save(name: string) {\n    fs.writeFileSync(path.join(this.dir, name), '');\n  }\n}\nnew Store().save('a');\n`,
      'data',
    ],
    [
      'a field that the constructor sets from its options, or from a text',
      `${fs}class Uploads {\n  path: string;\n  constructor(options: { path?: string } = {}) {\n    this.path = options.path ?? 'uploads';\n    fs.mkdirSync(this.path, { recursive: true });\n  }\n}\nnew Uploads();\n`,
      'uploads',
    ],
    [
      'options that the caller gives',
      `${fs}class Uploads {\n  constructor(private options: { path?: string }) {}\n  save() {\n    fs.writeFileSync(path.join(this.options.path ?? 'uploads', 'a'), '');\n  }\n}\nnew Uploads({ path: './var/files' }).save();\n`,
      'var/files',
    ],
    [
      'options that are taken apart, with a default',
      `${fs}class Cache {\n  #dir;\n  constructor({ dir = 'cache-files' } = {}) {\n    this.#dir = path.resolve(dir);\n  }\n  put(key: string) {\n    fs.writeFileSync(\`\${this.#dir}/\${key}.json\`, '');\n  }\n}\nnew Cache().put('a');\n`,
      'cache-files',
    ],
    [
      'the default of a parameter of a function',
      `${fs}export function save(name: string, dir = 'out/files') {\n  fs.mkdirSync(dir);\n  fs.writeFileSync(path.join(dir, name), '');\n}\nsave('a');\n`,
      'out/files',
    ],
    [
      'a field with a value that the constructor may replace',
      `${fs}class Log {\n  private folder = './journal';\n  constructor(folder?: string) {\n    if (folder) this.folder = folder;\n  }\n  add() {\n    fs.appendFileSync(path.join(this.folder, 'a.log'), '');\n  }\n}\nnew Log().add();\n`,
      'journal',
    ],
  ])('is written: %s', async (_, text, folder) => {
    expect(await writesOf(text)).toEqual([folder]);
  });

  it('is the one that a caller in another module gives', async () => {
    const text = "import { Store } from './store.ts';\nnew Store('./kept').save('a');\n";
    const more = {
      'store.ts': `${fs}export class Store {\n  constructor(private readonly dir: string = './data') {}\n  save(name: string) {\n    fs.writeFileSync(path.join(this.dir, name), '');\n  }\n}\n`,
    };
    expect(await writesOf(text, more)).toEqual(['kept']);
  });

  it.each([
    [
      'nothing says where it is',
      `${fs}export class Store {\n  constructor(private dir: string) {}\n  save() {\n    fs.writeFileSync(this.dir, '');\n  }\n}\n`,
    ],
    [
      'only what is read has a default',
      `${fs}class Pages {\n  constructor(private dir = './pages') {}\n  get(name: string) {\n    return fs.readFileSync(path.join(this.dir, name));\n  }\n}\nnew Pages().get('a');\n`,
    ],
    [
      'it is the folder for passing files',
      `${fs}class Store {\n  constructor(private dir = '/tmp') {}\n  save() {\n    fs.writeFileSync(path.join(this.dir, 'a'), '');\n  }\n}\nnew Store().save();\n`,
    ],
  ])('is not written where %s', async (_, text) => {
    expect(await writesOf(text)).toEqual([]);
  });
});
