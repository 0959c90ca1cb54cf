import { diff3Merge } from 'node-diff3';
import type { Artifact, Change } from '../model/artifact.ts';
import type { LastGenerated } from './state.ts';

export type OnDisk = (path: string) => { readonly content: string; readonly mode: number } | undefined;

type Input = {
  readonly artifacts: readonly Artifact[];
  readonly last: LastGenerated;
  readonly disk: OnDisk;
  readonly sha256: (text: string) => string;
  /** conflicts, decided by the user, by file */
  readonly accept: Readonly<Record<string, 'mine' | 'generated'>>;
};

/**
 * What has to happen to each file: a function of what was generated last, what is on disk and what is new. A file that was there
 * before the first run is the user's and stays; so do edits of generated files, merged with what is new; so do deletions.
 */
export function reconcile(input: Input): readonly Change[] {
  return input.artifacts.map((artifact) => {
    const accepted = Object.hasOwn(input.accept, artifact.path) ? input.accept[artifact.path] : undefined;
    return changeOf(
      artifact,
      input.last.get(artifact.path)?.content,
      input.disk(artifact.path),
      input.sha256,
      accepted,
    );
  });
}

function changeOf(
  artifact: Artifact,
  base: string | undefined,
  disk: ReturnType<OnDisk>,
  sha256: (text: string) => string,
  accepted: 'mine' | 'generated' | undefined,
): Change {
  const { path, content: fresh } = artifact;
  const mode = disk?.mode ?? artifact.mode;
  const same = { path, mode, base: disk ? sha256(disk.content) : null, ...(disk ? { before: disk.content } : {}) };
  const write = (act: Change['act'], content: string, why: string): Change => ({ ...same, act, content, why });
  if (!disk) {
    if (base === undefined) return write('create', fresh, 'new');
    if (accepted === 'generated') return write('create', fresh, 'you deleted it, and asked for it again');
    return { ...same, act: 'keep', why: `you deleted it; \`--accept ${path}=generated\` brings it back` };
  }
  const mine = disk.content;
  if (sameText(mine, fresh)) return { ...same, act: 'same', why: 'as generated' };
  if (accepted === 'generated') return write('update', inStyleOf(mine, fresh), 'you asked for the generated text');
  if (base === undefined) {
    return { ...same, act: 'keep', why: 'it was there before Dockwright: it is yours and stays as it is' };
  }
  if (accepted === 'mine') return { ...same, act: 'keep', why: 'you asked to keep it as it is' };
  if (sameText(mine, base)) return write('update', inStyleOf(mine, fresh), 'the project or its specification changed');
  if (sameText(base, fresh)) return { ...same, act: 'keep', why: 'your edits, and nothing new' };
  const merged = merge(mine, base, fresh);
  if (merged === undefined) {
    return {
      ...same,
      act: 'conflict',
      content: fresh,
      why: 'you and Dockwright changed the same lines in different ways',
    };
  }
  return sameText(merged, mine)
    ? { ...same, act: 'keep', why: 'your edits already hold what is new' }
    : write('update', inStyleOf(mine, merged), 'what is new, merged with your edits');
}

const lines = (text: string) => text.replaceAll('\r\n', '\n').split('\n');
const sameText = (a: string, b: string) => a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');

/** The line endings that were there stay. */
const inStyleOf = (mine: string, text: string) =>
  mine.includes('\r\n') ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text;

/** A three-way merge by lines; undefined where both sides changed the same lines differently. */
function merge(mine: string, base: string, fresh: string): string | undefined {
  const regions = diff3Merge(lines(mine), lines(base), lines(fresh), { excludeFalseConflicts: true });
  const out: string[] = [];
  for (const region of regions) {
    if (!region.ok) return undefined;
    out.push(...region.ok);
  }
  return out.join('\n');
}

/** What counts as generated last once the changes are made: the new text of everything that is ours, also where an edit stays. */
export function nextState(
  artifacts: readonly Artifact[],
  changes: readonly Change[],
  last: LastGenerated,
): LastGenerated {
  const next = new Map<string, { content: string; kind: 'generated' | 'adopted' }>();
  for (const change of changes) {
    const artifact = artifacts.find((one) => one.path === change.path);
    const before = last.get(change.path);
    if (!artifact) continue;
    const ours = before !== undefined || change.content !== undefined || change.act === 'same';
    if (ours) next.set(change.path, { content: artifact.content, kind: before?.kind ?? 'generated' });
  }
  return next;
}
