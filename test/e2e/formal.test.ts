import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dafnyVersion } from '../../src/engine/dafny.ts';
import { hasTlc } from '../../src/engine/tlc.ts';
import { recordProofs } from '../../src/flows/check.ts';
import { openProject } from '../../src/project/disk.ts';
import { readSpecification } from '../../src/spec/specification.ts';
import { copyProject, repository } from '../support/projects.ts';

const there = (await dafnyVersion()) !== undefined && (await hasTlc());
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
