import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explained } from '../../../src/flows/lint.ts';
import { CheckReport } from '../../../src/model/check.ts';
import { VerifyReport } from '../../../src/model/contract.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { dockwrightHere } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';
import { git } from '../../support/git.ts';

/** In the project, within this process: a program of its own takes a second to start. */
const run = (args: readonly string[]) => dockwrightHere([...args, '--cwd', root]);

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-lint-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const app = {
  'package.json':
    '{ "name": "notes", "type": "module", "engines": { "node": "24" }, "scripts": { "start": "node server.js" } }\n',
  'package-lock.json':
    '{ "name": "notes", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "notes", "engines": { "node": "24" } } } }\n',
  'server.js':
    "import { createServer } from 'node:http';\ncreateServer((_request, response) => response.end('ok')).listen(3000);\nprocess.on('SIGTERM', () => process.exit(0));\n",
  '.dockerignore': 'node_modules\n.git\n.env\n',
};
const good = `FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY server.js ./
USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:3000/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
`;
const poor = good.replace('USER node\n', '').replace('CMD ["node", "server.js"]', 'CMD npm start');
const database = (image: string) =>
  `services:\n  web:\n    build: .\n    restart: always\n    ports: ["3000:3000"]\n  db:\n    image: ${image}\n    restart: always\n    env_file: .env\n    volumes: ["data:/var/lib/postgresql/data"]\nvolumes:\n  data:\n`;

const reportOf = async () => {
  const { out, code } = await run(['check', '--json']);
  return { code, report: CheckReport.parse(JSON.parse(out)) };
};
const itemOf = ({ items }: CheckReport) => items.find(({ id }) => id === 'docker-files');

describe('check on Docker files of the author', () => {
  it('reports nothing on a good Dockerfile, and has no line of it where there is none', async () => {
    fill(root, { ...app, Dockerfile: good });
    const { report } = await reportOf();
    expect(report.findings).toBeUndefined();
    expect(itemOf(report)).toMatchObject({ status: 'pass', ok: true, detail: 'no findings' });
    fill(root, app);
    const { report: none } = await reportOf();
    expect(none.findings).toBeUndefined();
    expect(itemOf(none)).toBeUndefined();
  });

  it('reports by line, with reason and fix, and a warning makes nothing fail', async () => {
    fill(root, { ...app, Dockerfile: poor });
    const { report } = await reportOf();
    expect(report.findings?.map(({ rule, severity, file, line }) => [rule, severity, `${file}:${line}`])).toEqual([
      ['root-user', 'warning', 'Dockerfile:1'],
      ['shell-form-start', 'warning', 'Dockerfile:8'],
    ]);
    expect(itemOf(report)).toMatchObject({ ok: true, detail: '2 findings' });
    const words = await run(['check']);
    expect(words.out).toContain('Findings in your Docker files');
    expect(words.out).toMatch(/Dockerfile:8 CMD uses the shell form/);
    const github = await run(['check', '--format', 'github']);
    expect(github.out).toMatch(/^::warning file=Dockerfile,line=8,.*title=Dockwright%3A shell-form-start::CMD uses/m);
  });

  it('fails on an error, and names the line and the fix', async () => {
    fill(root, { ...app, Dockerfile: good, 'compose.yaml': database('postgres:18') });
    const { code, report } = await reportOf();
    expect(code).toBe(1);
    expect(report.ready).toBe(false);
    expect(itemOf(report)).toMatchObject({ status: 'fail', file: 'compose.yaml', line: 10 });
    fill(root, { ...app, Dockerfile: good, 'compose.yaml': database('postgres:17') });
    expect(itemOf((await reportOf()).report)).toMatchObject({ ok: true });
  });

  it.each([
    ['its Dockerfile', { '.devcontainer/Dockerfile': 'FROM debian:13\nBOGUS x\n' }],
    ['its compose file', { '.devcontainer/docker-compose.yml': database('postgres:18') }],
    [
      'a file that it names elsewhere',
      {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "../editor/docker-compose.editor.yml" }',
        'editor/docker-compose.editor.yml': `${database('postgres:18').replace('build: .', 'build: { context: .., dockerfile: editor/Dockerfile }')}`,
        'editor/Dockerfile': 'FROM mcr.microsoft.com/devcontainers/base\n',
      },
    ],
    ['one that cannot be read', { '.devcontainer/api/docker-compose.yml': 'services:\n  a: [\n' }],
  ])('does not fail on an error of the container of an editor alone: %s', async (_name, more) => {
    fill(root, { ...app, Dockerfile: good, '.devcontainer/devcontainer.json': '{ "image": "debian:13" }', ...more });
    const { report } = await reportOf();
    expect(itemOf(report)).toMatchObject({ status: 'pass' });
    expect(report.findings?.some(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('fails on an error of a file that the editor shares with the deployment', async () => {
    fill(root, {
      ...app,
      Dockerfile: good,
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": ["../compose.yaml"], "service": "web" }',
      'compose.yaml': database('postgres:18'),
    });
    const { report } = await reportOf();
    expect(itemOf(report)).toMatchObject({ status: 'fail', file: 'compose.yaml' });
  });

  it('judges none of the files that were generated', async () => {
    fill(root, app);
    expect((await run(['--yes'])).code).toBe(0);
    const { report } = await reportOf();
    expect(report.findings).toBeUndefined();
    expect(itemOf(report)).toBeUndefined();
  });

  it('judges a file that was adopted, and none that was replaced', async () => {
    fill(root, { ...app, Dockerfile: poor });
    expect((await run(['--yes', '--accept', 'Dockerfile=mine'])).code).toBe(0);
    expect((await reportOf()).report.findings?.map(({ rule }) => rule)).toEqual(['root-user', 'shell-form-start']);
    fill(root, { ...app, Dockerfile: poor });
    git(root, 'init', '--quiet');
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message', 'x');
    expect((await run(['--yes', '--accept', 'Dockerfile=generated'])).code).toBe(0);
    expect((await reportOf()).report.findings).toBeUndefined();
  });

  it('shows text of the files without the characters that nobody sees', async () => {
    fill(root, { ...app, Dockerfile: `${good}LABEL a="\u202e"\nCOPPY \u001b[2J\n` });
    const words = await run(['check']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(words.out).not.toMatch(/\u001b\[2J|\u202e/);
    expect(words.out).toContain('Unknown instruction COPPY');
  });
});

describe('verify', () => {
  const finding = (rule: string): Finding => ({
    rule,
    severity: 'warning',
    message: 'The image runs as root.',
    why: 'It matters.',
    file: 'Dockerfile',
    line: 4,
  });
  const item = (id: string, status: 'pass' | 'fail') => ({ id, number: 2, title: id, status, evidence: [] });
  const base = { image: 'a', overrides: [], isolation: [] };

  it('names the lines of the author that explain an item that fails, and no others', () => {
    const report = { ...base, items: [item('hardened', 'fail'), item('stops', 'pass'), item('logs', 'fail')] };
    const shown = explained(report, [finding('root-user'), finding('signals')]);
    expect(VerifyReport.parse(shown)).toEqual(shown);
    expect(shown.items.map(({ causes }) => causes?.map(({ rule }) => rule))).toEqual([
      ['root-user'],
      undefined,
      undefined,
    ]);
    expect(shown.findings).toHaveLength(2);
    expect(explained(report, [])).toBe(report);
  });
});
