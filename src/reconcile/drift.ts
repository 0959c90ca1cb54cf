import { diffIndices } from 'node-diff3';
import type { Artifact, Change } from '../model/artifact.ts';
import type { Drift, DriftCause, DriftDecision, DriftFile, DriftLines, DriftState } from '../model/check.ts';
import type { Decision } from '../model/plan.ts';
import { type Hunk, piecesOf } from './hunks.ts';
import { decisionAt } from './origins.ts';
import type { LastGenerated } from './state.ts';

export type DriftInput = {
  readonly artifacts: readonly Artifact[];
  /** what would happen to each of them now */
  readonly changes: readonly Change[];
  readonly last: LastGenerated;
  /** the decisions of the plan, by path */
  readonly decisions: Readonly<Record<string, Decision>>;
  /** whether a file is on disk */
  readonly has: (path: string) => boolean;
};

/**
 * What changed in the project and its specification since the artifacts were made: file by file, and for each cause the lines that
 * would change. A function of texts: the same commit gives the same answer on any host.
 */
export function driftOf(input: DriftInput): Drift {
  const files = [...input.changes.map((change) => fileOf(change, input.last.has(change.path))), ...leftovers(input)];
  const found = input.changes.flatMap((change) => linesOf(change, input));
  return { drifted: files.some((file) => file.drifted), files, causes: causesOf(found, input.decisions) };
}

const drifting: ReadonlySet<DriftState> = new Set(['missing', 'changed', 'conflict']);

function fileOf(change: Change, ours: boolean): DriftFile {
  const state = stateOf(change, ours);
  const why = state === 'missing' && !change.awaits ? 'not generated yet' : change.why;
  return { path: change.path, state, drifted: drifting.has(state), why };
}

function stateOf(change: Change, ours: boolean): DriftState {
  if (change.act === 'same') return 'in-step';
  if (change.act === 'create') return 'missing';
  if (change.act === 'conflict') return 'conflict';
  if (change.act === 'adopt') return 'yours';
  if (change.act !== 'keep') return 'changed';
  if (change.awaits?.includes(change.path)) return 'missing';
  if (change.before === undefined) return 'deleted';
  return ours ? 'edited' : 'yours';
}

/** Files that were generated once, are still there, and would not be generated any more. */
function leftovers({ artifacts, last, has }: DriftInput): DriftFile[] {
  const now = new Set(artifacts.map((artifact) => artifact.path));
  return [...last.keys()]
    .filter((path) => !now.has(path) && has(path))
    .sort()
    .map((path) => ({
      path,
      state: 'leftover',
      drifted: false,
      why: 'no longer generated; left unchanged, delete it if nothing uses it',
    }));
}

type Found = { readonly decision: string | undefined; readonly lines: DriftLines };

/** The end of the last line begins no further one. */
const linesIn = (text: string): string[] => text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');

/** The lines of one file that would change, each with its decision. */
function linesOf(change: Change, { artifacts, last }: DriftInput): Found[] {
  const artifact = artifacts.find((artifact) => artifact.path === change.path);
  const base = last.get(change.path)?.content;
  const drifts = change.act === 'update' || change.act === 'conflict';
  if (!artifact || base === undefined || change.before === undefined || !drifts) return [];
  const [before, after, mine] = [linesIn(base), linesIn(artifact.content), linesIn(change.before)];
  const place = placing(before, mine);
  return piecesOf(before, after, (line) => decisionAt(artifact, line + 1)).flatMap((piece): Found[] => {
    const [start, end] = place(piece.at, piece.at + piece.old.length);
    if (isThere(piece, mine, start, end)) return [];
    const there = mine.slice(start, end);
    const lines: DriftLines = {
      file: change.path,
      start: start + 1,
      end,
      old: [...piece.old],
      new: [...piece.new],
      ...(sameLines(there, piece.old) ? {} : { mine: there }),
    };
    return [{ decision: piece.decision, lines }];
  });
}

const sameLines = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, index) => line === b[index]);

/** Whether the user made this very change already. */
const isThere = (piece: Hunk, mine: readonly string[], start: number, end: number): boolean =>
  sameLines(mine.slice(start, end), piece.new) ||
  (piece.old.length === 0 && sameLines(mine.slice(Math.max(0, start - piece.new.length), start), piece.new));

/** Where a stretch of the lines that were generated last (0-based, end excluded) is in the file as the user has it. */
function placing(base: readonly string[], mine: readonly string[]): (start: number, end: number) => [number, number] {
  const regions = diffIndices([...base], [...mine]);
  const moved = (at: number, isEnd: boolean): number => {
    let shift = 0;
    for (const { buffer1, buffer2 } of regions) {
      const [from, length] = buffer1;
      // what the user added right before a stretch is before it, and right behind it is behind it
      if (at < from || (isEnd && at === from)) break;
      if (at < from + length) return isEnd ? buffer2[0] + buffer2[1] : buffer2[0];
      shift = buffer2[0] + buffer2[1] - (from + length);
    }
    return at + shift;
  };
  return (start, end) => {
    const first = moved(start, false);
    return [first, Math.max(first, moved(end, true))];
  };
}

/** Decisions with the same evidence are one cause. What has a line or an assertion to show comes first, what is taken away last. */
function causesOf(found: readonly Found[], decisions: Readonly<Record<string, Decision>>): DriftCause[] {
  const byKey = new Map<string | undefined, DriftLines[]>();
  for (const { decision, lines } of found) {
    const key = decision !== undefined && Object.hasOwn(decisions, decision) ? decision : undefined;
    byKey.set(key, [...(byKey.get(key) ?? []), lines]);
  }
  const causes = new Map<string, DriftCause>();
  for (const [key, lines] of byKey) {
    const decision = key === undefined ? undefined : decisions[key];
    const id = decision && decision.from.length > 0 ? JSON.stringify(decision.from) : `decision ${key ?? ''}`;
    const made = causes.get(id);
    const item = decisionOf(key, decision, lines);
    causes.set(id, made ? { ...made, decisions: [...made.decisions, item] } : causeOf(decision, item));
  }
  return [...causes.values()].sort((a, b) => rank(a) - rank(b));
}

const decisionOf = (
  key: string | undefined,
  decision: Decision | undefined,
  lines: readonly DriftLines[],
): DriftDecision =>
  key !== undefined && decision
    ? { key, choice: decision.choice, why: decision.why, by: decision.by, lines: [...lines] }
    : { choice: 'removed', why: 'the decision behind these lines no longer applies', lines: [...lines] };

function causeOf(decision: Decision | undefined, item: DriftDecision): DriftCause {
  const why = decision ? reason(decision) : 'nothing in the project or its specification requires these lines any more';
  return { why, assertions: [...(decision?.assertions ?? [])], from: [...(decision?.from ?? [])], decisions: [item] };
}

const reason = ({ from, choice }: Decision): string => {
  const texts = [...new Set(from.map((evidence) => evidence.why))];
  return texts.length > 0 ? texts.join('; ') : choice;
};

function rank({ from, decisions }: DriftCause): number {
  if (decisions.every((decision) => decision.key === undefined)) return 3;
  if (from.some((evidence) => evidence.assertion !== undefined)) return 0;
  return from.some((evidence) => evidence.line !== undefined) ? 1 : 2;
}
