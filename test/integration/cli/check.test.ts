import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckReport } from '../../../src/model/check.ts';
import { dockwright, dockwrightHere } from '../../support/cli.ts';
import { copyProject, repository } from '../../support/projects.ts';

let copy: ReturnType<typeof copyProject>;
beforeEach(async () => {
  copy = copyProject(join(repository, 'fixtures/apps/node-http-plain'));
  expect((await here('--yes')).code).toBe(0);
});
afterEach(() => copy.remove());

/** The command in this process: one of its own takes most of a second to start. */
const here = (...args: string[]) => dockwrightHere([...args, '--cwd', copy.root]);

const drift = () => {
  const file = join(copy.root, 'server.js');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('8080', '4321'));
};

describe('dockwright check', () => {
  it('takes `--on-host` only where it runs tests', async () => {
    const wrong = await here('check', '--on-host');
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('--tests');
  });

  it('ends with 0 where all is in step, with 1 where something drifted, in words and as one document', async () => {
    const words = await here('check');
    const document = await here('check', '--json');
    expect(words, words.out + words.err).toMatchObject({ code: 0, err: '' });
    expect(words.out).toMatch(/\nready\n$/);
    expect(words.out).toContain('not run: node --test');
    expect(document.code).toBe(0);
    expect(CheckReport.parse(JSON.parse(document.out))).toMatchObject({ ready: true, drift: { drifted: false } });

    drift();
    appendFileSync(join(copy.root, '.dockerignore'), '# mine\n');
    const changed = await here('check');
    const again = await here('check', '--json');
    expect([changed.code, again.code]).toEqual([1, 1]);
    expect(changed.out).toMatch(/\nnot ready\n$/);
    expect(changed.out).toContain('server.js:');
    expect(changed.out).toMatch(/Dockerfile:\d+\n\s+- .*8080.*\n\s+\+ .*4321/);
    expect(changed.out).toMatch(/\.dockerignore\s+your edits; nothing new to merge/);
    const report = CheckReport.parse(JSON.parse(again.out));
    expect(report).toMatchObject({ ready: false, drift: { drifted: true } });
    expect(again.out).not.toContain(copy.root);
  });

  it('annotates a workflow run: the annotations on standard output, the checklist beside them', async () => {
    drift();
    const ran = await here('check', '--format', 'github');
    expect(ran.code).toBe(1);
    const lines = ran.out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatch(/^::error (file=[^,:]+(,line=\d+)?(,endLine=\d+)?,)?title=[^,:]+::.+$/);
    expect(ran.out).toMatch(/^::error file=Dockerfile,line=\d+/m);
    expect(ran.err).toContain('not ready');
    // named from the root of the repository, where a workflow starts
    const folder = basename(copy.root);
    const above = await dockwright(['check', '--format', 'github', '--cwd', `./${folder}/`], dirname(copy.root));
    expect(above.out).toBe(ran.out.replaceAll('::error file=', `::error file=${folder}/`));
  });

  it('runs the tests where asked, with a limit that it understands', async () => {
    const passed = await here('check', '--tests', '--on-host');
    expect(passed.code, passed.out + passed.err).toBe(0);
    expect(passed.err).toContain('Running the tests: node --test');
    expect(passed.out).not.toContain('in a container');
    const log = /full output: (\S+)/.exec(passed.out)?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).toContain('pass');
    rmSync(dirname(log), { recursive: true });

    writeFileSync(join(copy.root, 'slow.test.js'), 'await new Promise((resolve) => setTimeout(resolve, 60_000));\n');
    const slow = await here('check', '--tests', '--on-host', '--timeout', '1', '--json');
    expect(slow.code).toBe(1);
    const item = CheckReport.parse(JSON.parse(slow.out)).items.find((one) => one.id === 'tests');
    expect(item).toMatchObject({ status: 'fail', detail: expect.stringContaining('within 1 s') });
    rmSync(dirname(item?.log ?? ''), { recursive: true });

    for (const wrong of ['soon', '0', '-1', '1e9']) {
      const ran = await here('check', '--timeout', wrong);
      expect(ran, wrong).toMatchObject({ code: 2, out: '' });
      expect(ran.err, wrong).toContain(wrong);
    }
  });
});
