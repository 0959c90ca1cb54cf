import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../../src/flows/check.ts';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { CheckReport } from '../../../src/model/check.ts';
import { copyProject, repository } from '../../support/projects.ts';

const assertion = (id: string, natural: string, status = 'confirmed') => ({
  id,
  natural,
  status,
  type: 'invariant',
  category: 'structure',
  source: 'interview',
});
const kept = assertion('A-001', 'Every note is persisted durably in the database');
const cached = assertion('A-002', 'Look-ups of notes are answered from a Redis cache');

let copy: ReturnType<typeof copyProject>;
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(copy.root, file)), { recursive: true });
  writeFileSync(join(copy.root, file), text);
};
const read = (file: string) => readFileSync(join(copy.root, file), 'utf8');
const specify = (...assertions: object[]) =>
  write(
    'specs/assertions.json',
    `${JSON.stringify({ version: '1.0.0', archetype: 'web-service', assertions }, null, 2)}\n`,
  );
const accept = async () => writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: false });

async function report() {
  const found = await check({ cwd: copy.root });
  expect(CheckReport.parse(found)).toEqual(found);
  return found;
}
const itemOf = async (id: string) => (await report()).items.find((item) => item.id === id);

beforeEach(async () => {
  copy = copyProject(join(repository, 'fixtures/apps/bun-hono-postgres'));
  specify(kept);
  await accept();
});
afterEach(() => copy.remove());

describe('drift', () => {
  it('is none right after generating, and none after an edit by hand', async () => {
    const fresh = await report();
    expect(fresh).toMatchObject({ ready: true, drift: { drifted: false, causes: [] } });
    expect(fresh.drift.files.every((file) => file.state === 'in-step')).toBe(true);
    appendFileSync(join(copy.root, 'Dockerfile'), '# mine\n');
    rmSync(join(copy.root, 'docker-compose.dev.yml'));
    const edited = await report();
    expect(edited).toMatchObject({ ready: true, drift: { drifted: false, causes: [] } });
    const states = Object.fromEntries(edited.drift.files.map((file) => [file.path, file.state]));
    expect(states).toMatchObject({ Dockerfile: 'edited', 'docker-compose.dev.yml': 'deleted' });
  });

  it('of a specification that asks for a cache names the assertion once, with all that follows', async () => {
    specify(kept, cached);
    const found = await report();
    expect(found).toMatchObject({ ready: false, drift: { drifted: true } });
    const [first] = found.drift.causes;
    expect(first).toMatchObject({
      assertions: ['A-002'],
      from: [{ file: 'specs/assertions.json', assertion: 'A-002' }],
    });
    expect(found.drift.causes.filter((cause) => cause.assertions.join() === 'A-002')).toHaveLength(1);
    const compose = read('docker-compose.yml').split('\n');
    for (const key of ['workloads.app.env.REDIS_URL', 'workloads.app.after.redis', 'services.redis']) {
      const decision = first?.decisions.find((one) => one.key === key);
      expect(
        decision?.lines.map((lines) => lines.file),
        key,
      ).toContain('docker-compose.yml');
    }
    const files = new Set(first?.decisions.flatMap((one) => one.lines.map((lines) => lines.file)));
    expect([...files]).toEqual(['docker-compose.yml', 'docker-compose.dev.yml', 'docker-compose.prod.yml']);
    const variable = first?.decisions[0]?.lines[0];
    expect(variable?.new).toEqual(['      REDIS_URL: redis://redis:6379']);
    // the variables are sorted: it goes right behind the address of the database
    expect(compose[(variable?.start ?? 0) - 2]).toContain('DATABASE_URL');
    // what generating would then write is what was announced
    await accept();
    expect(read('docker-compose.yml').split('\n')[(variable?.start ?? 0) - 1]).toBe(variable?.new[0]);
    expect(await report()).toMatchObject({ ready: true, drift: { drifted: false } });
  });

  it('of a project that listens elsewhere names the line of the source', async () => {
    write('src/index.ts', read('src/index.ts').replaceAll('3000', '4321'));
    const { drift, items } = await report();
    const cause = drift.causes.find((one) => one.from.some((evidence) => evidence.file === 'src/index.ts'));
    expect(cause?.from[0]?.line).toBeGreaterThan(0);
    const lines = cause?.decisions.flatMap((decision) => decision.lines) ?? [];
    expect(lines.some((one) => one.new.some((line) => line.includes('4321')))).toBe(true);
    for (const one of lines) {
      const there = read(one.file)
        .split('\n')
        .slice(one.start - 1, one.end);
      expect(there, `${one.file}:${one.start}`).toEqual(one.old);
    }
    expect(items.find((item) => item.id === 'artifacts')).toMatchObject({ ok: false, next: expect.any(String) });
  });

  it('of lines that the user changed too shows their side, and where to decide', async () => {
    write('docker-compose.yml', read('docker-compose.yml').replace(':-3000}:3000', ':-9999}:3000'));
    write('src/index.ts', read('src/index.ts').replaceAll('3000', '4321'));
    const { drift, items, ready } = await report();
    const file = drift.files.find((one) => one.path === 'docker-compose.yml');
    expect([ready, file?.state]).toEqual([false, 'conflict']);
    const lines = drift.causes.flatMap((cause) => cause.decisions.flatMap((decision) => decision.lines));
    const both = lines.find((one) => one.mine?.some((line) => line.includes('9999')));
    expect(both?.file).toBe('docker-compose.yml');
    expect(both?.new.join()).toContain('4321');
    expect(items.find((item) => item.id === 'artifacts')?.next).toContain('docker-compose.yml');
  });

  it('says the same in another folder, and holds no path of the machine', async () => {
    specify(kept, cached);
    const here = JSON.stringify(await report());
    const other = copyProject(copy.root);
    try {
      expect(JSON.stringify(await check({ cwd: other.root }))).toBe(here);
      expect(here).not.toContain(copy.root);
    } finally {
      other.remove();
    }
  });
});

describe('the checklist', () => {
  it('names the field of package.json that is missing', async () => {
    expect(await itemOf('manifest')).toMatchObject({ status: 'pass', detail: 'notes-api 1.0.0' });
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    write('package.json', JSON.stringify({ ...manifest, name: undefined }));
    expect(await itemOf('manifest')).toMatchObject({
      status: 'fail',
      detail: 'the field name is missing',
      next: 'add it to package.json',
      file: 'package.json',
    });
  });

  it('asks for a package.json where there is none', async () => {
    rmSync(join(copy.root, 'package.json'));
    expect(await itemOf('manifest')).toMatchObject({
      status: 'fail',
      detail: 'package.json does not exist',
      next: expect.stringContaining('name, version and scripts.start'),
    });
  });

  it('goes on where nothing says what starts, and says what is asked', async () => {
    rmSync(join(copy.root, 'src'), { recursive: true });
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    write('package.json', JSON.stringify({ ...manifest, scripts: {} }));
    const { items, ready } = await report();
    expect(ready).toBe(false);
    const failing = Object.fromEntries(items.filter((item) => !item.ok).map((item) => [item.id, item]));
    expect(failing['manifest']?.detail).toContain('scripts.start');
    expect(failing['plan']?.next).toContain('--set entry=');
    expect(items.some((item) => item.id === 'confirmed')).toBe(true);
  });

  it('names the assertions that are open, and the line of the first', async () => {
    expect(await itemOf('confirmed')).toMatchObject({ status: 'pass', detail: '1 of 1' });
    specify(kept, assertion('A-003', 'A note has a title', 'proposed'), assertion('A-004', 'It sings', 'denied'));
    const item = await itemOf('confirmed');
    expect(item).toMatchObject({ status: 'fail', detail: '1 of 2; open: A-003 (proposed)' });
    expect(
      read('specs/assertions.json')
        .split('\n')
        .slice((item?.line ?? 0) - 1)
        .join('\n'),
    ).toMatch(/^\s*\{\s*"id": "A-003"/);
  });

  it('has no items for proofs that nobody wrote, and fails for one that is not recorded', async () => {
    expect(await itemOf('dafny')).toBeUndefined();
    write('specs/dafny/notes.dfy', 'lemma Fine() ensures true {}\n');
    expect(await itemOf('dafny')).toMatchObject({ status: 'fail', next: expect.stringContaining('--record') });
  });

  it('fails where an offered edit was not made', async () => {
    expect(await itemOf('wiring')).toMatchObject({ status: 'pass' });
    copy.remove();
    copy = copyProject(join(repository, 'fixtures/apps/bun-elysia'));
    expect(await itemOf('wiring')).toMatchObject({ status: 'fail', detail: expect.stringContaining('src/') });
  });
});

describe('values of this machine', () => {
  it.each([
    ['POSTGRES_PASSWORD=h@rb/ur\n', 'fail'],
    ['POSTGRES_PASSWORD="a b"\n', 'fail'],
    ["POSTGRES_PASSWORD='%41'\n", 'fail'],
    ['POSTGRES_PASSWORD=plain_-.~09\n', undefined],
    ['POSTGRES_PASSWORD=\nOTHER=a b@\n', undefined],
  ])('have to fit into the address that they are part of: %#', async (text, status) => {
    write('.env', text);
    const found = await itemOf('values');
    expect(found?.status).toBe(status);
    if (status) {
      expect(found?.detail).toContain('POSTGRES_PASSWORD');
      expect(JSON.stringify(found)).not.toContain('h@rb');
    }
  });
  it('have the characters said beside them', () => {
    expect(read('.env.example')).toMatch(/letters, digits.*POSTGRES_PASSWORD=/s);
  });
});
