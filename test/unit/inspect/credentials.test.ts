import { describe, expect, it } from 'vitest';
import { readCredentials } from '../../../src/inspect/credentials.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { factsOf } from '../../support/facts.ts';
import { generatedFor } from '../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

const token = 'LiteralTokenOfMine1234567';
const password = 'pw0fSomebody';

const app = (more: Files = {}, dependencies: Readonly<Record<string, string>> = { express: '5' }): Files => ({
  'package.json': JSON.stringify({ name: 'mini', type: 'module', scripts: { start: 'node server.js' }, dependencies }),
  'package-lock.json': JSON.stringify({
    name: 'mini',
    lockfileVersion: 3,
    packages: {
      '': { dependencies },
      ...Object.fromEntries(Object.keys(dependencies).map((name) => [`node_modules/${name}`, { version: '1.0.0' }])),
    },
  }),
  'server.js': "import http from 'node:http';\nhttp.createServer((q, r) => r.end('ok')).listen(3000);\n",
  ...more,
});

const python = (more: Files = {}): Files => ({
  'pyproject.toml': '[project]\nname = "mini"\nrequires-python = ">=3.13"\ndependencies = ["fastapi"]\n',
  'uv.lock': 'version = 1\n',
  'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
  ...more,
});

const codesOf = async (files: Files) =>
  (await factsOf(files)).notes.filter(({ code }) => ['token-in-clear', 'password-in-address'].includes(code));

/** The instructions of a Dockerfile, each on one line. */
const instructions = (text: string) => text.replace(/\\\n\s*/g, '').split('\n');

describe('settings with a login in clear', () => {
  it.each<[string, Files, string]>([
    ['.npmrc', app({ '.npmrc': `//npm.example.com/:_authToken=${token}\n` }), 'npm install'],
    ['.npmrc', app({ '.npmrc': `registry=https://bob:${password}@npm.example.com/\n` }), 'npm install'],
    [
      'bunfig.toml',
      {
        ...app({
          'bunfig.toml': `[install.scopes]\nacme = { url = "https://npm.example.com/", token = "${token}" }\n`,
          'bun.lock': '{}',
        }),
        'package-lock.json': '',
      },
      'bun install',
    ],
    [
      'uv.toml',
      python({ 'uv.toml': `[[index]]\nname = "acme"\nurl = "https://bob:${password}@pip.example.com/simple"\n` }),
      'uv sync',
    ],
  ])('%s is a secret of what installs, and in no stage', async (file, files, installs) => {
    const text = await generatedFor(Object.fromEntries(Object.entries(files).filter(([, one]) => one !== '')));
    const id = file.replace(/^\./, '');
    const lines = instructions(text('Dockerfile'));
    const installing = lines.filter((line) =>
      line.includes(`--mount=type=secret,id=${id},target=/app/${file},required=true`),
    );
    expect(installing.length).toBeGreaterThan(0);
    for (const line of installing) expect(line).toContain(installs.split(' ')[0]);
    expect(lines.filter((line) => line.startsWith('COPY') && line.includes(file))).toEqual([]);
    expect(text('.dockerignore').split('\n')).toContain(file);
    expect(text('docker-compose.yml')).toContain(`file: ./${file}`);
    for (const path of ['Dockerfile', 'docker-compose.yml', '.env.example', '.dockerignore']) {
      expect(text(path)).not.toContain(token);
      expect(text(path)).not.toContain(password);
    }
  });

  it('is a secret of every command of a manager that reads its settings at each', async () => {
    const text = await generatedFor({
      ...app({
        '.yarnrc.yml': `nodeLinker: node-modules\nnpmScopes:\n  acme:\n    npmAuthToken: ${token}\n`,
        'yarn.lock': '__metadata:\n  version: 8\n',
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
        'server.ts': "import http from 'node:http';\nhttp.createServer((q, r) => r.end('ok')).listen(3000);\n",
      }),
      'package.json': JSON.stringify({
        name: 'mini',
        packageManager: 'yarn@4.9.1',
        scripts: { build: 'tsc', start: 'node dist/server.js' },
        dependencies: { express: '5' },
        devDependencies: { typescript: '5' },
      }),
      'package-lock.json': '{}',
    });
    const runs = instructions(text('Dockerfile')).filter((line) =>
      /^RUN .*\byarn (install|workspaces|build|run)/.test(line),
    );
    expect(runs.length).toBeGreaterThan(1);
    for (const line of runs) expect(line).toContain('id=yarnrc.yml,target=/app/.yarnrc.yml');
  });

  it('is in no stage, whoever reads it: pip.conf, .pypirc, a file of a folder', async () => {
    const files = app({
      'pip.conf': `[global]\nextra-index-url = https://bob:${password}@pip.example.com/simple\n`,
      'tools/.pypirc': `[acme]\nusername = bob\npassword = ${password}\n`,
    });
    const text = await generatedFor(files);
    const ignored = text('.dockerignore').split('\n');
    expect(ignored).toContain('pip.conf');
    expect(ignored).toContain('tools/.pypirc');
    expect(text('Dockerfile')).not.toMatch(/pip\.conf|pypirc/);
    expect(await codesOf(files)).toMatchObject([
      { code: 'token-in-clear', from: [{ file: 'pip.conf', line: 2 }] },
      { code: 'token-in-clear', from: [{ file: 'tools/.pypirc', line: 3 }] },
    ]);
  });

  it.each<[string, string]>([
    ['.npmrc', 'save-exact=true\nlegacy-peer-deps=true\n'],
    [
      '.npmrc',
      '@acme:registry=https://npm.example.com/\n//npm.example.com/:_authToken=${NPM_TOKEN}\n//npm.example.com/:always-auth=true\n',
    ],
    ['.npmrc', '; //npm.example.com/:_authToken=secretOfAComment\n'],
  ])('stays a file like others where it holds none: %s', async (file, content) => {
    const files = app({ [file]: content });
    expect(await codesOf(files)).toEqual([]);
    const text = await generatedFor(files);
    expect(text('Dockerfile')).toMatch(/^COPY .*\.npmrc.* \.\/$/m);
    expect(text('.dockerignore')).not.toContain('.npmrc');
  });
});

describe('addresses with a login in manifests and lockfiles', () => {
  it.each<[string, Files, number]>([
    ['package.json', app({}, { ms: `git+https://bob:${password}@git.example.com/ms.git` }), 1],
    [
      'yarn.lock',
      app({
        'yarn.lock': `# yarn lockfile v1\n\nms@1.0.0:\n  resolved "https://bob:${password}@npm.example.com/ms.tgz#abc"\n`,
      }),
      4,
    ],
    [
      'requirements.txt',
      {
        'requirements.txt': `flask\n--extra-index-url https://bob:${password}@pip.example.com/simple\n`,
        'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
      },
      2,
    ],
    [
      'pyproject.toml',
      python({
        'pyproject.toml': `[project]\nname = "mini"\ndependencies = ["fastapi", "acme @ git+https://bob:${password}@git.example.com/acme.git"]\n`,
      }),
      3,
    ],
    ['package.json', app({}, { ms: `git+https://ghp_${'aB3'.repeat(12)}@git.example.com/ms.git` }), 1],
  ])('are reported with their line, and shown nowhere: %s', async (file, files, line) => {
    const facts = await factsOf(files);
    const notes = facts.notes.filter(({ code }) => code === 'password-in-address');
    expect(notes.some(({ from }) => from.some((one) => one.file === file && one.line === line))).toBe(true);
    const text = await generatedFor(files, facts);
    const shown = [JSON.stringify(facts), ...['Dockerfile', 'docker-compose.yml', '.env.example'].map(text)].join('\n');
    expect(shown).not.toContain(password);
    expect(shown).not.toContain(`ghp_${'aB3'.repeat(12)}`);
  });

  it.each([
    'git+https://github.com/acme/ms.git',
    'git+ssh://git@github.com/acme/ms.git',
    'git+https://${GIT_USER}:${GIT_TOKEN}@git.example.com/ms.git',
    'npm:@acme/ms@1.0.0',
    'https://git.example.com:8443/ms.tgz',
  ])('are none where nothing logs in: %s', async (range) => {
    expect(await codesOf(app({}, { ms: range }))).toEqual([]);
  });

  it('are none of others where a script names a database of this machine', () => {
    const scripts = {
      test: 'DATABASE_URL=postgres://app:pw0fSomebody@localhost:5432/app vitest',
      dev: 'DB=mysql://a:longpassword@db/x node .',
    };
    expect(readCredentials(memoryProject({ 'package.json': JSON.stringify({ scripts }) })).logins).toEqual([]);
  });

  it('are found in a lockfile of 20,000 packages in linear time', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `"https://npm.example.com/a${at}/-/a.tgz://://"`);
    const started = performance.now();
    readCredentials(memoryProject({ 'package-lock.json': rows.join('\n'), '.npmrc': '_auth'.repeat(100_000) }));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
