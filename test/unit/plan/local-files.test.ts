import { describe, expect, it } from 'vitest';
import { artifact as compose } from '../../../src/artifacts/compose.ts';
import { artifact as ignore } from '../../../src/artifacts/dockerignore.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { committed } from '../../../src/project/committed.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const manifest = JSON.stringify({
  name: 'shop',
  type: 'module',
  scripts: { start: 'node server.js' },
  engines: { node: '24' },
});

async function read(server: string, ignored: string) {
  const files: Record<string, string> = { 'package.json': manifest, 'server.js': server, '.gitignore': ignored };
  const { apps } = await inspect(committed(memoryProject(files)), { config: {} });
  const [facts] = apps;
  if (!facts) throw new Error('an application was expected');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const [text] = compose.print(plan, Object.keys(files));
  const [left] = ignore.print(plan, Object.keys(files));
  return {
    facts,
    lines: text?.content.split('\n').map((line) => line.trim()) ?? [],
    ignored: left?.content.split('\n') ?? [],
  };
}

const listen = "import http from 'node:http';\nhttp.createServer((q, r) => r.end('x')).listen(3000);\n";

describe('a key that the app reads and git leaves out', () => {
  it.each([
    [
      'by its path',
      "import fs from 'node:fs';\nconst key = fs.readFileSync('certs/server.key');\n",
      'certs/*.key\n',
      'certs/server.key',
    ],
    [
      'beside the module',
      "import { readFileSync } from 'node:fs';\nimport path from 'node:path';\nconst key = readFileSync(path.join(import.meta.dirname, 'jwt.pem'));\n",
      '*.pem\n',
      'jwt.pem',
    ],
    [
      'an account of another service',
      "import { readFile } from 'node:fs/promises';\nconst account = JSON.parse(await readFile('config/account.json', 'utf8'));\n",
      'config/\n',
      'config/account.json',
    ],
  ])('is mounted where the app looks for it: %s', async (_, text, out, file) => {
    const { facts, lines, ignored } = await read(text + listen, out);
    expect(facts.localFiles?.map(({ value }) => value)).toEqual([file]);
    expect(facts.notes.some(({ code }) => code === 'key-of-the-owner')).toBe(true);
    expect(lines).toContain(`- { source: ${file.replaceAll('/', '-')}, target: /app/${file} }`);
    expect(lines).toContain(`file: ./${file}`);
    expect(ignored.some((line) => line === file || /^\*\*\/\*\.(pem|key)$/.test(line))).toBe(true);
  });

  it.each([
    [
      'what it looks for first',
      "import fs from 'node:fs';\nif (fs.existsSync('certs/server.key')) fs.readFileSync('certs/server.key');\n",
    ],
    ['what it tries', "import fs from 'node:fs';\ntry { fs.readFileSync('certs/server.key'); } catch {}\n"],
    [
      'what it writes by itself',
      "import fs from 'node:fs';\nfs.writeFileSync('certs/server.key', made);\nfs.readFileSync('certs/server.key');\n",
    ],
    [
      'where a variable says another place',
      "import fs from 'node:fs';\nfs.readFileSync(process.env.KEY_FILE ?? 'certs/server.key');\n",
    ],
    ['what is no key', "import fs from 'node:fs';\nfs.readFileSync('certs/notes.txt');\n"],
    ['data', "import fs from 'node:fs';\nfs.readFileSync('certs/items.json');\n"],
  ])('is not asked for: %s', async (_, text) => {
    expect((await read(text + listen, 'certs/\n')).facts.localFiles).toBeUndefined();
  });
});

describe('settings that the app reads and git leaves out', () => {
  it.each([
    ['required', "const { token } = require('./config.json');\n", 'config.json\n', 'config.json'],
    ['imported', "import conf from './config/bot.json' with { type: 'json' };\n", 'config/*\n', 'config/bot.json'],
    ['required without an ending', "const { key } = require('./settings');\n", 'settings.json\n', 'settings.json'],
    [
      'read as a file',
      "import fs from 'node:fs';\nconst c = fs.readFileSync('./config.yaml', 'utf8');\n",
      '*.yaml\n',
      'config.yaml',
    ],
  ])('are mounted where the app looks for them: %s', async (_, text, out, file) => {
    const { facts, lines } = await read(text + listen, out);
    expect(facts.localFiles?.map(({ value }) => value)).toEqual([file]);
    expect(lines).toContain(`- { source: ${file.replaceAll('/', '-')}, target: /app/${file} }`);
    expect(facts.notes.map(({ code }) => code)).toContain('key-of-the-owner');
    expect(facts.notes.map(({ code }) => code)).not.toContain('missing-import');
  });

  it.each([
    [
      'what is no settings',
      "import data from './made/items.json' with { type: 'json' };\n",
      'made/\n',
      'missing-import',
    ],
    ['what git has to have', "import conf from './config.json' with { type: 'json' };\n", '', 'missing-import'],
    [
      'what it only may look for',
      "import fs from 'node:fs';\nif (fs.existsSync('./config.json')) load();\n",
      'config.json\n',
      'settings-of-the-owner',
    ],
    [
      'what a variable may say otherwise',
      "import fs from 'node:fs';\nfs.readFileSync(process.env.CONF ?? './config/x.toml');\n",
      'config/\n',
      'settings-of-the-owner',
    ],
  ])('are named, and not mounted: %s', async (_, text, out, code) => {
    const { facts } = await read(text + listen, out);
    expect(facts.localFiles).toBeUndefined();
    expect(facts.notes.map((one) => one.code)).toContain(code);
  });

  it('are nothing where the app writes them', async () => {
    const text =
      "import fs from 'node:fs';\nfs.writeFileSync('./data/config.json', '{}');\nfs.readFileSync('./data/config.json');\n";
    const { facts } = await read(text + listen, 'data/\n');
    expect(facts.notes.map(({ code }) => code)).not.toContain('settings-of-the-owner');
    expect(facts.localFiles).toBeUndefined();
  });
});

describe('an app that speaks https itself', () => {
  const isHttps = async (server: string) => (await read(server, '')).facts.https?.value;
  it.each([
    ["import https from 'node:https';\nhttps.createServer(tls, (q, r) => r.end('x')).listen(8443);\n"],
    [
      "import { createServer } from 'https';\nimport express from 'express';\nconst app = express();\nconst server = createServer(tls, app);\nserver.listen(process.env.PORT || 8443);\n",
    ],
    ["import { createSecureServer } from 'node:http2';\ncreateSecureServer(tls, answer).listen(8443);\n"],
    [
      "import Fastify from 'fastify';\nconst app = Fastify({ https: { key, cert } });\nawait app.listen({ port: 8443 });\n",
    ],
  ])('is one whose server takes a key: %#', async (server) => {
    expect(await isHttps(server)).toBe(true);
  });

  it.each([
    [listen],
    [
      "import https from 'node:https';\nimport http from 'node:http';\nhttps.createServer(tls, answer).listen(8443);\nhttp.createServer(answer).listen(8080);\n",
    ],
    ["import https from 'node:https';\nhttps.get('https://example.com');\n" + listen],
    [
      "import Fastify from 'fastify';\nconst app = Fastify({ https: process.env.KEY ? { key, cert } : null });\nawait app.listen({ port: 8443 });\n",
    ],
  ])('is none where it may speak http: %#', async (server) => {
    expect(await isHttps(server)).toBeUndefined();
  });
});
