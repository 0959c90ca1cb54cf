import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../src/model/artifact.ts';
import { type DriftLines, Drift as DriftSchema } from '../../../src/model/check.ts';
import type { Decision } from '../../../src/model/plan.ts';
import { driftOf } from '../../../src/reconcile/drift.ts';
import { piecesOf } from '../../../src/reconcile/hunks.ts';
import { reconcile } from '../../../src/reconcile/reconcile.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A file as it would be generated: each line with its decision. */
type Rows = readonly (readonly [line: string, decision: string])[];

const artifactOf = (rows: Rows, path = 'compose.yml'): Artifact => ({
  path,
  kind: 'compose',
  mode: 0o644,
  content: rows.map(([line]) => `${line}\n`).join(''),
  origins: rows.flatMap(([line, decision], index) =>
    line === '' ? [] : [{ start: index + 1, end: index + 1, decision }],
  ),
});

const decided = (choice: string, from: Decision['from'] = []): Decision => ({
  choice,
  why: `why ${choice}`,
  by: from.length > 0 ? 'detected' : 'default',
  from,
  assertions: from.flatMap((one) => one.assertion ?? []),
});

const cache = [{ file: 'specs/assertions.json', line: 15, assertion: 'A-012', why: 'assertion A-012: a cache' }];
const port = [{ file: 'src/index.ts', line: 4, why: 'listen(4000)' }];
const decisions = {
  header: decided('header', [{ file: 'specs/assertions.json', why: '2 of 2 confirmed' }]),
  app: decided('the app'),
  port: decided('port 4000', port),
  variable: decided('points to redis', cache),
  redis: decided('Redis as cache', cache),
};

const before: Rows = [
  ['# made of A-001', 'header'],
  ['', ''],
  ['services:', 'app'],
  ['  app:', 'app'],
  ['    environment:', 'app'],
  ['      PORT: 3000', 'port'],
  ['    restart: always', 'app'],
];
const after: Rows = [
  ['# made of A-001, A-012', 'header'],
  ['', ''],
  ['services:', 'app'],
  ['  app:', 'app'],
  ['    environment:', 'app'],
  ['      PORT: 4000', 'port'],
  ['      REDIS_URL: redis', 'variable'],
  ['    restart: always', 'app'],
  ['', ''],
  ['  redis:', 'redis'],
  ['    image: redis', 'redis'],
];

type Setup = { readonly base?: Rows | undefined; readonly fresh?: Rows; readonly mine?: string | undefined };

async function drift({ base = before, fresh = after, mine = artifactOf(before).content }: Setup = {}, there = true) {
  const artifacts = [artifactOf(fresh)];
  const last = new Map([['compose.yml', { content: artifactOf(base).content, kind: 'generated' as const }]]);
  const changes = await reconcile({
    artifacts,
    last,
    disk: () => (there ? { content: mine, mode: 0o644 } : undefined),
    sha256,
    accept: {},
  });
  return driftOf({ artifacts, changes, last, decisions, has: () => there });
}

const linesOf = (report: Awaited<ReturnType<typeof drift>>): readonly DriftLines[] =>
  report.causes.flatMap((cause) => cause.decisions.flatMap((decision) => decision.lines));

describe('what drifted', () => {
  it('is nothing where nothing changed, and where only the user did', async () => {
    expect(await drift({ fresh: before })).toEqual({
      drifted: false,
      files: [{ path: 'compose.yml', state: 'in-step', drifted: false, why: 'as generated' }],
      causes: [],
    });
    const edited = await drift({ fresh: before, mine: `${artifactOf(before).content}# mine\n` });
    expect(edited).toMatchObject({ drifted: false, files: [{ state: 'edited', drifted: false }], causes: [] });
  });

  it('is said once for each cause, the assertions first, with the lines of every decision', async () => {
    const report = await drift();
    expect(DriftSchema.parse(report)).toEqual(report);
    expect(report.drifted).toBe(true);
    expect(report.causes.map((cause) => [cause.why, cause.decisions.map((one) => one.key)])).toEqual([
      ['assertion A-012: a cache', ['variable', 'redis']],
      ['listen(4000)', ['port']],
      ['2 of 2 confirmed', ['header']],
    ]);
    expect(report.causes[0]).toMatchObject({ assertions: ['A-012'], from: cache });
    expect(report.causes[0]?.decisions.map((one) => one.lines)).toEqual([
      [{ file: 'compose.yml', start: 7, end: 6, old: [], new: ['      REDIS_URL: redis'] }],
      [{ file: 'compose.yml', start: 8, end: 7, old: [], new: ['', '  redis:', '    image: redis'] }],
    ]);
    expect(report.causes[1]?.decisions[0]?.lines).toEqual([
      { file: 'compose.yml', start: 6, end: 6, old: ['      PORT: 3000'], new: ['      PORT: 4000'] },
    ]);
  });

  it('names the lines where they are on disk, below what the user added', async () => {
    const mine = artifactOf(before).content.replace('services:', '# mine\n# too\nservices:');
    const moved = await drift({ mine });
    expect(linesOf(moved).map(({ start, end }) => [start, end])).toEqual([
      [9, 8],
      [10, 9],
      [8, 8],
      [1, 1],
    ]);
  });

  it('keeps apart what the user added right beside a line that changes', async () => {
    const mine = artifactOf(before).content.replace('      PORT: 3000\n', '# above\n      PORT: 3000\n# below\n');
    const lines = linesOf(await drift({ mine }));
    expect(lines.find((one) => one.old.length > 0)).toEqual({
      file: 'compose.yml',
      start: 7,
      end: 7,
      old: ['      PORT: 3000'],
      new: ['      PORT: 4000'],
    });
    // new lines go behind what the user put in the same place
    expect(lines[0]).toEqual({ file: 'compose.yml', start: 9, end: 8, old: [], new: ['      REDIS_URL: redis'] });
  });

  it('shows all that the user made of a stretch of lines', async () => {
    const rest = '      PORT: 3000\n    restart: always\n';
    const theirs = ['      PORT: 1', '      HOST: 2', '    restart: no', '    init: true'];
    const mine = artifactOf(before).content.replace(rest, `${theirs.join('\n')}\n`);
    expect(linesOf(await drift({ mine })).find((one) => one.old[0]?.includes('3000'))).toMatchObject({
      start: 6,
      end: 9,
      mine: theirs,
    });
  });

  it('shows what the user has where both changed a line', async () => {
    const report = await drift({ mine: artifactOf(before).content.replace('3000', '5000') });
    expect(report).toMatchObject({ drifted: true, files: [{ state: 'conflict' }] });
    expect(linesOf(report)).toContainEqual({
      file: 'compose.yml',
      start: 6,
      end: 6,
      old: ['      PORT: 3000'],
      new: ['      PORT: 4000'],
      mine: ['      PORT: 5000'],
    });
  });

  it('leaves out what the user did already', async () => {
    const mine = artifactOf(before)
      .content.replace('3000', '4000')
      .replace('always', 'always\n\n  redis:\n    image: redis');
    expect(linesOf(await drift({ mine })).flatMap((lines) => lines.new)).toEqual([
      '      REDIS_URL: redis',
      '# made of A-001, A-012',
    ]);
  });

  it('says which lines nothing asks for any more', async () => {
    const report = await drift({ base: after, fresh: before, mine: artifactOf(after).content });
    const gone = report.causes.at(-1);
    expect(gone).toMatchObject({ assertions: [], from: [], decisions: [{ choice: 'removed' }] });
    expect(gone?.decisions[0]?.key).toBeUndefined();
    expect(gone?.decisions[0]?.lines.map(({ start, end, old }) => [start, end, old.length])).toEqual([
      [7, 7, 1],
      [9, 11, 3],
    ]);
  });

  it('knows files that are deleted, missing, the user’s own, or no longer generated', async () => {
    expect(await drift({}, false)).toMatchObject({ drifted: false, files: [{ state: 'deleted' }] });
    const one = artifactOf(after);
    const none = { artifacts: [one], last: new Map(), decisions, has: () => true };
    const at = { path: 'compose.yml', mode: 0o644, base: null };
    expect(driftOf({ ...none, changes: [{ ...at, act: 'create', why: 'new', content: one.content }] })).toMatchObject({
      drifted: true,
      files: [{ state: 'missing' }],
      causes: [],
    });
    expect(driftOf({ ...none, changes: [{ ...at, act: 'keep', why: 'yours', before: 'x' }] })).toMatchObject({
      drifted: false,
      files: [{ state: 'yours' }],
    });
    const last = new Map([['old.yml', { content: 'x', kind: 'generated' as const }]]);
    expect(driftOf({ ...none, artifacts: [], changes: [], last })).toMatchObject({
      drifted: false,
      files: [{ path: 'old.yml', state: 'leftover' }],
    });
    expect(driftOf({ ...none, artifacts: [], changes: [], last, has: () => false }).files).toEqual([]);
  });

  it('reads Windows line endings as the lines they are', async () => {
    const mine = artifactOf(before).content.replaceAll('\n', '\r\n');
    expect(linesOf(await drift({ mine }))).toEqual(linesOf(await drift()));
  });
});

describe('the pieces of a change', () => {
  it('turn the old text into the new one, whatever they are', async () => {
    const row = fc.constantFrom('', 'a: 1', 'a: 2', '  b', 'RUN x', 'RUN y');
    const rows = fc.array(row, { maxLength: 12 });
    fc.assert(
      fc.property(rows, rows, (old, fresh) => {
        const pieces = piecesOf(old, fresh, (line) => fresh[line]?.trim().charAt(0));
        const made: string[] = [];
        let at = 0;
        for (const piece of pieces) {
          expect(piece.at).toBeGreaterThanOrEqual(at);
          expect(old.slice(piece.at, piece.at + piece.old.length)).toEqual(piece.old);
          made.push(...old.slice(at, piece.at), ...piece.new);
          at = piece.at + piece.old.length;
        }
        expect([...made, ...old.slice(at)]).toEqual(fresh);
      }),
      { numRuns: 3000, seed: 11 },
    );
  });

  it('leave blank lines with their neighbours', async () => {
    const decisionOf = (fresh: readonly string[]) => (line: number) => fresh[line]?.charAt(0);
    const removed = ['a: 2', 'b: 2'];
    expect(piecesOf(['a: 1', '', 'b: 1'], removed, decisionOf(removed))).toEqual([
      { at: 0, old: ['a: 1', ''], new: ['a: 2'], decision: 'a' },
      { at: 2, old: ['b: 1'], new: ['b: 2'], decision: 'b' },
    ]);
    const added = ['a', '', 'b', ''];
    expect(piecesOf(['a'], added, decisionOf(added))).toEqual([{ at: 1, old: [], new: ['', 'b', ''], decision: 'b' }]);
  });

  it('give an old line to the new one that begins like it', async () => {
    const decisions: Record<string, string> = { EXPOSE: 'port', CMD: 'start' };
    const pieces = piecesOf(['EXPOSE 1', 'CMD a'], ['EXPOSE 2', 'EXPOSE 3', 'CMD b'], (line) =>
      line === 2 ? decisions['CMD'] : decisions['EXPOSE'],
    );
    expect(pieces).toEqual([
      { at: 0, old: ['EXPOSE 1'], new: ['EXPOSE 2', 'EXPOSE 3'], decision: 'port' },
      { at: 1, old: ['CMD a'], new: ['CMD b'], decision: 'start' },
    ]);
  });
});
