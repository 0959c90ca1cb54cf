import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../src/model/artifact.ts';
import { UserError } from '../../../src/model/errors.ts';
import { nextState, reconcile } from '../../../src/reconcile/reconcile.ts';
import { type LastGenerated, readState, stateFiles } from '../../../src/reconcile/state.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const artifact = (content: string): Artifact => ({
  path: 'Dockerfile',
  kind: 'dockerfile',
  mode: 0o644,
  content,
  origins: [],
});
const last = (content: string): LastGenerated => new Map([['Dockerfile', { content, kind: 'generated' }]]);
const nothing: LastGenerated = new Map();

async function change(
  fresh: string,
  base: string | undefined,
  mine: string | undefined,
  accept: Record<string, 'mine' | 'generated'> = {},
) {
  const [one] = await reconcile({
    artifacts: [artifact(fresh)],
    last: base === undefined ? nothing : last(base),
    disk: () => (mine === undefined ? undefined : { content: mine, mode: 0o640 }),
    sha256,
    accept,
  });
  if (!one) throw new Error('no change');
  return one;
}

describe('what happens to a file', () => {
  it('is made where there is none', async () => {
    expect(await change('new\n', undefined, undefined)).toMatchObject({ act: 'create', content: 'new\n', base: null });
  });

  it('stays where it was there before Dockwright, whatever it holds', async () => {
    const kept = await change('new\n', undefined, 'mine\n');
    expect(kept.act).toBe('keep');
    expect(kept.content).toBeUndefined();
  });

  it('follows the project where nobody edited it, with the mode that it has', async () => {
    expect(await change('new\n', 'old\n', 'old\n')).toMatchObject({
      act: 'update',
      content: 'new\n',
      mode: 0o640,
      base: sha256('old\n'),
    });
  });

  it('keeps an edit when nothing is new', async () => {
    expect((await change('old\n', 'old\n', 'old\nmine\n')).act).toBe('keep');
  });

  it('merges an edit with what is new', async () => {
    expect(await change('A\nb\nc\nd\n', 'a\nb\nc\nd\n', 'a\nb\nc\nd\nmine\n')).toMatchObject({
      act: 'update',
      content: 'A\nb\nc\nd\nmine\n',
    });
  });

  it('keeps Windows line endings', async () => {
    expect(await change('A\nb\nc\nd\n', 'a\nb\nc\nd\n', 'a\r\nb\r\nc\r\nd\r\nmine\r\n')).toMatchObject({
      content: 'A\r\nb\r\nc\r\nd\r\nmine\r\n',
    });
    expect((await change('a\nb\n', 'a\nb\n', 'a\r\nb\r\n')).act).toBe('same');
  });

  it('is a conflict where both changed the same line, and the word of the user decides', async () => {
    expect((await change('generated\n', 'base\n', 'mine\n')).act).toBe('conflict');
    expect(await change('generated\n', 'base\n', 'mine\n', { Dockerfile: 'mine' })).toMatchObject({ act: 'keep' });
    expect(await change('generated\n', 'base\n', 'mine\n', { Dockerfile: 'generated' })).toMatchObject({
      act: 'update',
      content: 'generated\n',
    });
  });

  it('stays deleted where the user deleted it', async () => {
    expect((await change('new\n', 'old\n', undefined)).act).toBe('keep');
    expect((await change('new\n', 'old\n', undefined, { Dockerfile: 'generated' })).act).toBe('create');
  });

  it('never loses a line of the user’s without a conflict', async () => {
    const line = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const text = fc.array(line, { maxLength: 8 }).map((all) => all.map((one) => `${one}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(text, text, fc.nat(8), fc.nat(1000), async (base, fresh, at, mark) => {
        const rows = base.split('\n');
        const edit = `# mine ${mark}`;
        rows.splice(Math.min(at, rows.length - 1), 0, edit);
        const result = await change(fresh, base, rows.join('\n'));
        expect(result.act === 'conflict' || (result.content ?? result.before ?? '').includes(edit)).toBe(true);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});

describe('What was generated last', () => {
  it('is read as it was written, and free of anything but paths and texts', () => {
    const files = stateFiles(last('FROM x\n'), sha256);
    expect([...files.keys()]).toEqual(['.dockwright/state.json', '.dockwright/last/Dockerfile']);
    expect(readState((path) => files.get(path), sha256)).toEqual(last('FROM x\n'));
    expect(readState(() => undefined, sha256).size).toBe(0);
  });

  it('is refused where it is broken', () => {
    const files = stateFiles(last('FROM x\n'), sha256);
    for (const broken of ['', '[', '{"version":2}', '{"version":1,"files":{"a":1}}']) {
      expect(() => readState((path) => (path.endsWith('state.json') ? broken : files.get(path)), sha256)).toThrow(
        UserError,
      );
    }
    expect(() => readState((path) => (path.endsWith('state.json') ? files.get(path) : 'edited'), sha256)).toThrow(
      /changed by hand/,
    );
    expect(() => readState((path) => (path.endsWith('state.json') ? files.get(path) : undefined), sha256)).toThrow(
      /missing/,
    );
  });

  it('does not claim a file that is the user’s', async () => {
    const changes = [await change('new\n', undefined, 'mine\n')];
    expect(nextState([artifact('new\n')], changes, nothing).size).toBe(0);
    expect(
      nextState([artifact('new\n')], [await change('new\n', undefined, undefined)], nothing).get('Dockerfile')?.content,
    ).toBe('new\n');
  });
});
