import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../../src/flows/check.ts';
import { testsNotRun, testsRun } from '../../../src/flows/tests.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import type { CheckItem } from '../../../src/model/check.ts';
import type { Progress } from '../../../src/model/contract.ts';
import type { Command } from '../../../src/model/facts.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { copyProject, repository } from '../../support/projects.ts';

const node = process.execPath;
let root: string;
const logs: string[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright tests ')));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  for (const log of logs.splice(0)) rmSync(dirname(log), { recursive: true });
});

async function factsWith(test: Command | undefined) {
  const project = memoryProject({ 'package.json': '{"name":"x","scripts":{"start":"node index.js"}}', 'index.js': '' });
  const [facts] = (await inspect(project)).apps;
  if (!facts) throw new Error('no app');
  const commands = {
    start: facts.commands.start,
    ...(test ? { test: { value: test, by: 'config' as const, from: [] } } : {}),
  };
  return { ...facts, commands };
}

async function run(test: Command | undefined, more: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const events: Progress[] = [];
  const asked = { project: memoryProject({}), root, onHost: true, timeoutMs: 20_000, ...more };
  const item = await testsRun(await factsWith(test), asked, (event) => events.push(event));
  if (item.log) logs.push(item.log);
  return { item, events };
}
const logOf = (item: CheckItem) => readFileSync(item.log ?? '', 'utf8');
const script = (text: string, ...args: string[]): Command => ({ argv: [node, '-e', text, ...args] });

describe("the project's own tests, on this machine where a person says so", () => {
  it('pass where they end with 0, in the folder of the app, with their variables, without a terminal', async () => {
    const program = 'console.log(process.cwd(), process.env.MODE, process.env.CI !== undefined, process.stdin.isTTY)';
    const { item, events } = await run({ ...script(program), env: { MODE: 'test' } });
    expect(item).toMatchObject({ id: 'tests', status: 'pass', ok: true });
    expect(logOf(item)).toMatch(new RegExp(`^${root} test true undefined\n$`));
    expect(statSync(item.log ?? '').mode & 0o777).toBe(0o600);
    expect(events.map((event) => event.type)).toEqual(['step', 'log', 'done']);
    expect(relative(root, item.log ?? '')).toMatch(/^\.\./);
  });

  it('are a list of arguments that no shell reads', async () => {
    const odd = ['$HOME', '; touch x', "it's", '*'];
    const { item } = await run(script('console.log(JSON.stringify(process.argv.slice(1)))', ...odd));
    expect(JSON.parse(logOf(item))).toEqual(odd);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });

  it('fail with their last lines and the whole output in a file', async () => {
    const program =
      'for (let i = 1; i <= 30; i++) console.log(`\\u001B[31mline ${i}\\u001B[39m`); process.exitCode = 3';
    const { item } = await run(script(program));
    expect(item).toMatchObject({ status: 'fail', ok: false, detail: expect.stringContaining('exited with code 3') });
    expect(item.next).toContain('check --tests');
    expect(item.output).toHaveLength(20);
    expect([item.output?.[0], item.output?.at(-1)]).toEqual(['line 11', 'line 30']);
    expect(logOf(item).split('\n')).toHaveLength(31);
  });

  it('fail where they take too long, and nothing of them goes on', async () => {
    const beat = join(root, 'beat');
    const child = `setInterval(() => require('fs').writeFileSync(${JSON.stringify(beat)}, String(Date.now())), 20)`;
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); console.log('begun'); setInterval(() => {}, 1000)`;
    const { item } = await run(script(program), { timeoutMs: 2500 });
    expect(item).toMatchObject({ status: 'fail', detail: expect.stringContaining('within 2.5 s'), output: ['begun'] });
    expect(item.next).toContain('--timeout');
    const last = readFileSync(beat, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(readFileSync(beat, 'utf8')).toBe(last);
  });

  it('fail where their program is not there, and where nothing says how they are run', async () => {
    expect((await run({ argv: ['no-such-program-here'] })).item).toMatchObject({
      status: 'fail',
      detail: '`no-such-program-here` could not be started: The program no-such-program-here was not found.',
      next: expect.stringContaining('Install'),
    });
    expect((await run(undefined)).item).toMatchObject({
      status: 'fail',
      next: expect.stringContaining('scripts.test'),
    });
  });

  it('end when the work is interrupted', async () => {
    const abort = new AbortController();
    const running = run(script('setInterval(() => {}, 1000)'), { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('stopped')), 200);
    await expect(running).rejects.toThrow('stopped');
  });

  it('do not fill the disk or the memory', async () => {
    const { item } = await run(
      script('const l = "x".repeat(1e6); for (let i = 0; i < 50; i++) console.log(l); console.log("end")'),
    );
    expect(item.status).toBe('pass');
    expect(statSync(item.log ?? '').size).toBeLessThan(34e6);
    expect(logOf(item).endsWith('(output truncated)\n')).toBe(true);
  });

  it('are no failure where nobody asked for them', async () => {
    const { argv } = script('');
    expect(testsNotRun(await factsWith({ argv }))).toMatchObject({
      status: 'not-run',
      ok: true,
      next: expect.stringContaining('--tests'),
    });
    expect(testsNotRun(await factsWith(undefined))).toMatchObject({ status: 'not-run', ok: true });
  });
});

describe("the project's own tests, where no person says that they run on this machine", () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });
  const ran = () => script(`require('fs').writeFileSync(${JSON.stringify(join(root, 'ran'))}, '')`);
  const asked = () => ({ project: memoryProject({}), root, timeoutMs: 20_000 });

  it.each([
    ['there is no docker', undefined],
    ['no engine answers', 'exit 1'],
    ['docker has no buildx', `echo '{"ServerVersion":"28","ClientInfo":{"Plugins":[]}}'`],
  ])('are not run where %s, and the checklist is not ready', async (_why, docker) => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    if (docker) writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 });
    process.env['PATH'] = bin;
    const item = await testsRun(await factsWith(ran()), asked(), () => undefined);
    expect(item).toMatchObject({
      status: 'not-run',
      ok: false,
      detail: expect.stringMatching(/^not run: .*container/),
    });
    expect(item.next).toMatch(/docker.*, or run the tests.* `dockwright check --tests --on-host`/i);
    expect(item.log).toBeUndefined();
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });

  it('are no bug of ours where what answers is no engine', async () => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'docker'), '#!/bin/sh\necho null\n', { mode: 0o755 });
    process.env['PATH'] = bin;
    await expect(testsRun(await factsWith(ran()), asked(), () => undefined)).rejects.toMatchObject({ exit: 4 });
  });
});

describe('the tests of a real project', () => {
  it('are run by `check` only where asked, and their result is part of the whole', async () => {
    const copy = copyProject(join(repository, 'fixtures/apps/node-http-plain'));
    const testsOf = async (tests?: { timeoutMs: number; onHost: boolean }) => {
      const { items } = await check({ cwd: copy.root, ...(tests ? { tests } : {}) });
      const item = items.find((one) => one.id === 'tests');
      if (item?.log) logs.push(item.log);
      return item;
    };
    try {
      writeFileSync(
        join(copy.root, 'trace.test.js'),
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n",
      );
      expect(await testsOf()).toMatchObject({ status: 'not-run' });
      expect(existsSync(join(copy.root, 'ran'))).toBe(false);
      expect(await testsOf({ timeoutMs: 30_000, onHost: true })).toMatchObject({ status: 'pass' });
      expect(existsSync(join(copy.root, 'ran'))).toBe(true);
      writeFileSync(
        join(copy.root, 'trace.test.js'),
        "import { strictEqual } from 'node:assert';\nstrictEqual(1, 2);\n",
      );
      const failed = await testsOf({ timeoutMs: 30_000, onHost: true });
      expect(failed).toMatchObject({ status: 'fail', ok: false });
      expect(logOf(failed ?? ({} as CheckItem))).toContain('1 !== 2');
    } finally {
      copy.remove();
    }
  });
});
