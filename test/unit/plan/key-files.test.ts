import { describe, expect, it } from 'vitest';
import { artifact } from '../../../src/artifacts/dockerignore.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const manifest = JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '24' } });
const server = (path: string) =>
  `const fs = require('node:fs');\nconst path = require('node:path');\nconst key = fs.readFileSync(${path});\nrequire('node:http').createServer((q, r) => r.end(key)).listen(3000);\n`;
const privateKey = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----\n';

/** The ignore file of a project, and what is said of keys in it. */
async function printed(files: Files) {
  const facts = await factsOf({ 'package.json': manifest, ...files });
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const [ignore] = artifact.print(plan, ['package.json', ...Object.keys(files)]);
  return {
    lines: ignore?.content.split('\n') ?? [],
    notes: facts.notes.filter(({ code }) => code === 'key-in-source').map(({ message }) => message),
  };
}

describe('keys and certificates of the repository', () => {
  it.each([
    ['in a folder', "'keys/private.pem'", 'keys/private.pem'],
    ['beside the source', "path.join(__dirname, 'jwt.key')", 'jwt.key'],
  ])('reach the build where the application reads them by their names, and it is said: %s', async (_, path, file) => {
    const { lines, notes } = await printed({ 'server.js': server(path), [file]: privateKey });
    expect(lines).toContain(`!${file}`);
    expect(notes).toEqual([expect.stringContaining(`The app reads ${file}, a private key that is committed`)]);
  });

  it('need no word where everybody may know them', async () => {
    const { lines, notes } = await printed({
      'server.js': server("'certs/ca.pem'"),
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
    });
    expect(lines).toContain('!certs/ca.pem');
    expect(notes).toEqual([]);
  });

  it('stay out where nothing reads them, or only the folder that they lie in', async () => {
    const unread = await printed({ 'server.js': server("'a.txt'"), 'a.txt': '', 'keys/private.pem': privateKey });
    const inFolder = await printed({
      'server.js': "require('node:fs').readdirSync('keys'); require('node:http').createServer().listen(3000);",
      'keys/private.pem': privateKey,
      'keys/list.json': '[]',
    });
    for (const { lines, notes } of [unread, inFolder]) {
      expect(lines.some((line) => line.startsWith('!') && line.includes('pem'))).toBe(false);
      expect(notes).toEqual([]);
    }
  });
});
