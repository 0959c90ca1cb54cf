import { describe, expect, it } from 'vitest';
import { generatedFor } from '../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

async function made(text: string, more: Files = {}) {
  const files: Files = {
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } }),
    'index.js': `${text}\nrequire('node:http').createServer((q, r) => r.end('x')).listen(3000);\n`,
    ...more,
  };
  const textOf = await generatedFor(files);
  return { dockerfile: textOf('Dockerfile'), compose: textOf('docker-compose.yml') };
}

const fs = "const fs = require('node:fs'); const path = require('node:path');\n";

describe('a variable that moves what an app keeps out of its own folder', () => {
  it.each([
    [
      'a file beside the working folder',
      `${fs}fs.writeFileSync(path.join(process.env.STATE_DIR || process.cwd(), 'state.json'), '{}');`,
    ],
    [
      'a database, through functions',
      `${fs}const { DatabaseSync } = require('node:sqlite');
function place(name) { const folder = process.env.STATE_DIR?.trim(); return path.join(folder || process.cwd(), name); }
const file = () => place('.state.db');
fs.mkdirSync(path.dirname(file()), { recursive: true });
new DatabaseSync(file());`,
    ],
    [
      'files beside the module',
      `${fs}const folder = process.env.STATE_DIR ?? __dirname;\nfs.appendFileSync(path.resolve(folder, 'log.jsonl'), 'x');`,
    ],
  ])('names a folder that is kept: %s', async (_, text) => {
    const { dockerfile, compose } = await made(text);
    expect(dockerfile).toMatch(/STATE_DIR=data\b/);
    expect(compose).toContain('volumes: [data:/app/data]');
    expect(compose).not.toContain('STATE_DIR');
  });

  it('leaves the folder of that name alone where the project has one', async () => {
    const text = `${fs}fs.writeFileSync(path.join(process.env.STATE_DIR || '.', 'state.json'), '{}');`;
    expect((await made(text, { 'data/seed.json': '{}' })).dockerfile).toMatch(/STATE_DIR=state\b/);
  });

  it.each([
    [
      'has a folder of its own as its default',
      `${fs}fs.mkdirSync(process.env.STATE_DIR || 'kept', { recursive: true });`,
      {},
    ],
    [
      'is only read from',
      `${fs}fs.readFileSync(path.join(process.env.STATE_DIR || process.cwd(), 'package.json'));`,
      {},
    ],
    [
      'has an example that says where',
      `${fs}fs.writeFileSync(path.join(process.env.STATE_DIR || process.cwd(), 'state.json'), '{}');`,
      { '.env.example': 'STATE_DIR=/var/lib/shop\n' },
    ],
  ])('is the owner’s where it %s', async (_, text, more) => {
    expect((await made(text, more)).dockerfile).not.toContain('STATE_DIR');
  });
});
