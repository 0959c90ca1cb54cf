import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { check } from '../../src/flows/check.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import type { CheckItem } from '../../src/model/check.ts';
import { contentsOf } from '../support/folder.ts';
import { docker, standIns, withEngine } from './engine.ts';

const logs: string[] = [];
let around: string;
let root: string;
const path = process.env['PATH'];

beforeEach(() => {
  standIns(['node:26-trixie-slim']);
  around = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright tests in containers ')));
  root = join(around, 'project');
  process.env['CANARY'] = 'canary-of-the-shell';
});
afterEach(() => {
  process.env['PATH'] = path;
  delete process.env['CANARY'];
  for (const log of logs.splice(0)) rmSync(dirname(log), { recursive: true });
  rmSync(around, { recursive: true });
  const named = ['container', 'image'].map((kind) =>
    docker([kind, 'ls', '--all', '--format', kind === 'image' ? '{{.Repository}}' : '{{.Names}}']),
  );
  expect(named.join('\n')).not.toMatch(/dockwright-tests-/);
});

const lock = {
  name: 'x',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: { '': { name: 'x', version: '1.0.0' } },
};
const server =
  "import { createServer } from 'node:http';\nconst server = createServer((q, s) => s.end('ok'));\nserver.listen(Number(process.env.PORT ?? 3000));\nprocess.on('SIGTERM', () => server.close());\n";

/** A small service whose tests are this program. With `found`, a file of tests is there, and the plan has a target for them. */
function project(tests: string, { found = true, more = {} }: { found?: boolean; more?: Record<string, string> } = {}) {
  const scripts = { start: 'node server.js', test: `node ${found ? 'server.test.js' : 'try.js'}` };
  const files = {
    'package.json': JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', scripts }),
    'package-lock.json': JSON.stringify(lock),
    'server.js': server,
    '.env': 'CANARY_OF_FILE=canary-of-the-env-file\n',
    [found ? 'server.test.js' : 'try.js']: tests,
    ...more,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** What the tests of a hostile project try: to leave a file, and to find what they have no business with. */
const hostile = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
for (const file of ['../escaped', '${'$'}ROOT/escaped', '/tmp/escaped-by-tests']) { try { writeFileSync(file, 'x'); } catch {} }
console.log('variables:', Object.entries(process.env).map(([name, value]) => name + '=' + value).join(' '));
console.log('socket:', ['/var/run/docker.sock', '/run/docker.sock'].some((file) => existsSync(file)));
console.log('env file:', existsSync('.env') ? readFileSync('.env', 'utf8') : 'none');
console.log('git:', existsSync('.git'));
console.log('capabilities:', /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
process.exitCode = CODE;
`;
const hostileTests = (code: number) => hostile.replaceAll('$ROOT', around).replace('CODE', String(code));

async function testsOf(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<CheckItem> {
  const { timeoutMs = 300_000, ...rest } = options;
  const { items, ready } = await check({ cwd: root, ...rest, tests: { timeoutMs } });
  const item = items.find((one) => one.id === 'tests');
  if (!item) throw new Error('no item');
  if (item.log) logs.push(item.log);
  if (!item.ok) expect(ready).toBe(false);
  return item;
}
const logOf = (item: CheckItem) => readFileSync(item.log ?? '', 'utf8');

withEngine('the tests of a project that nobody has vetted', () => {
  it.each([
    [true, 'while the `test` target is built', false],
    [true, 'while the `test` target of the Dockerfile that is there is built', true],
    [false, 'in a container of the runtime', false],
  ])('run with a test target: %s, %s', async (found, _where, written) => {
    // an ignore file of the project lets through what tests never get
    const open = written ? {} : { '.dockerignore': 'nothing\n!.env\n!.git\n' };
    project(hostileTests(0), { found, more: { '.git/config': '[core]\n', ...open } });
    if (written) await writeGeneration(await generate({ cwd: root }), { edits: false, env: false });
    const files = contentsOf(around);
    const item = await testsOf();
    expect(item).toMatchObject({ status: 'pass', ok: true, detail: expect.stringContaining('in a container') });
    const log = logOf(item);
    expect(log).toContain('CI=true');
    expect(log).toContain('socket: false');
    expect(log).toContain('env file: none');
    expect(log).toContain('git: false');
    expect(log).not.toMatch(/canary-of/);
    expect(contentsOf(around)).toEqual(files);
    expect(existsSync('/tmp/escaped-by-tests')).toBe(false);
    if (!found) expect(log).toContain('capabilities: 0000000000000000');

    writeFileSync(join(root, found ? 'server.test.js' : 'try.js'), hostileTests(7));
    const failed = await testsOf();
    expect(failed).toMatchObject({ status: 'fail', ok: false, detail: expect.stringContaining('exited with code 7') });
    expect(failed.output?.join('\n')).toContain('capabilities:');
  });

  it('run anew each time: a result of the cache is none', async () => {
    project('console.log(`at ${Date.now()}`);');
    const [first, second] = [logOf(await testsOf()), logOf(await testsOf())].map((log) => /^at \d+$/m.exec(log)?.[0]);
    expect(first).toBeDefined();
    expect(second).not.toBe(first);
  });

  it.each([true, false])('are ended at their limit, with a test target: %s', async (found) => {
    project("console.log('begun'); setInterval(() => {}, 1000);", { found });
    // what they need is built before, and does not count
    const item = await testsOf({ timeoutMs: 4000 });
    expect(item).toMatchObject({ status: 'fail', detail: expect.stringContaining('within 4 s') });
    expect(item.output?.join('\n')).toContain('begun');
  });

  it.each([true, false])('end when the work is interrupted, with a test target: %s', async (found) => {
    project('setInterval(() => {}, 1000);', { found });
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stopped')), 5000);
    await expect(testsOf({ signal: abort.signal })).rejects.toThrow('stopped');
  });

  it('cannot bring a frontend of their own, nor a target that runs no tests', async () => {
    const foreign =
      '# syntax=evil.example/frontend\nFROM node:26-trixie-slim AS test\nCOPY . .\nRUN ["npm", "run", "test"]\n';
    const idle = 'FROM node:26-trixie-slim AS test\nWORKDIR /app\nCOPY . .\nCMD ["npm", "run", "test"]\n';
    for (const Dockerfile of [foreign, idle]) {
      project('process.exitCode = 5;', { more: { Dockerfile } });
      expect(await testsOf()).toMatchObject({ status: 'fail', detail: expect.stringContaining('exited with code 5') });
    }
  });

  it('fail where what they need cannot be built, with its last lines', async () => {
    project('', { more: { 'package-lock.json': JSON.stringify({ ...lock, packages: {} }) } });
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
    writeFileSync(join(root, '.npmrc'), '//registry.example.com/:_authToken=${SECRET_TOKEN}\n');
    const dependencies = { dependencies: { 'no-such-package-of-dockwright': '1.0.0' } };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, ...dependencies }));
    const item = await testsOf();
    expect(item).toMatchObject({ status: 'fail', detail: expect.stringContaining('could not be started') });
    expect(item.output?.length).toBeGreaterThan(0);
    expect(item.next).toContain('no build secrets (SECRET_TOKEN)');
  });

  it('start no git of this machine on the way, which would obey the configuration of the project', async () => {
    project('console.log(1);');
    docker(['info', '--format', '{{.ServerVersion}}']);
    const bin = join(around, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${around}/git.log'\nexit 1\n`);
    chmodSync(join(bin, 'git'), 0o755);
    process.env['PATH'] = [bin, path].join(delimiter);
    expect(await testsOf()).toMatchObject({ status: 'pass' });
    expect(existsSync(join(around, 'git.log'))).toBe(false);
  });
});
