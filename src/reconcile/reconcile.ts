import type { Artifact, Change } from '../model/artifact.ts';
import { decisionAt } from './origins.ts';
import type { LastGenerated, LastText } from './state.ts';

export type OnDisk = (path: string) => { readonly content: string; readonly mode: number } | undefined;

type Input = {
  readonly artifacts: readonly Artifact[];
  readonly last: LastGenerated;
  readonly disk: OnDisk;
  readonly sha256: (text: string) => string;
  /** files that stayed as their author wrote them the last time */
  readonly kept?: ReadonlySet<string>;
  /** conflicts, decided by the user, by file */
  readonly accept: Readonly<Record<string, 'mine' | 'generated'>>;
};

/**
 * What has to happen to each file: a function of what was generated last, what is on disk and what is new. A file that was there
 * before the first run is the user's and stays; so do edits of generated files, merged with what is new; so do deletions.
 */
export function reconcile(input: Input): Promise<readonly Change[]> {
  const accepted = (path: string) => (Object.hasOwn(input.accept, path) ? input.accept[path] : undefined);
  const isGone = ({ path }: Artifact) =>
    input.kept?.has(path) === true && accepted(path) !== 'generated' && !input.disk(path);
  const awaits = input.artifacts.filter((one) => isPart(one) && isGone(one)).map(({ path }) => path);
  const changes = input.artifacts.map((artifact) => {
    if (isGone(artifact)) return goneOf(artifact);
    if (awaits.length > 0) return waiting(artifact, awaits, input);
    return changeOf(
      artifact,
      input.last.get(artifact.path),
      input.disk(artifact.path),
      input.sha256,
      accepted(artifact.path),
    );
  });
  return Promise.all(changes);
}

/** What the other files name: without it none of them works. */
const isPart = ({ kind }: Artifact): boolean => kind === 'dockerfile' || kind === 'compose';

/** A file of the author's that is no longer there: another one takes its place on request only. */
const goneOf = (artifact: Artifact): Change => ({
  path: artifact.path,
  mode: artifact.mode,
  base: null,
  act: 'keep',
  why: `your own file is gone; \`--accept ${artifact.path}=generated\` generates a new one`,
  ...(isPart(artifact) ? { awaits: [artifact.path] } : {}),
});

/** A file beside one of the author's that is gone: a new text of it would name what nobody asked for yet. */
function waiting({ path, mode: own }: Artifact, awaits: readonly string[], { disk, sha256 }: Input): Change {
  const there = disk(path);
  const mode = there?.mode ?? own;
  const why = `nothing is written until ${awaits.join(' and ')} is back, or generated`;
  const common = { path, mode, act: 'keep' as const, why, awaits: [...awaits] };
  return there ? { ...common, base: sha256(there.content), before: there.content } : { ...common, base: null };
}

async function changeOf(
  artifact: Artifact,
  was: ReturnType<LastGenerated['get']>,
  disk: ReturnType<OnDisk>,
  sha256: (text: string) => string,
  accepted: 'mine' | 'generated' | undefined,
): Promise<Change> {
  const { path, content: fresh } = artifact;
  const base = was?.content;
  const mode = disk?.mode ?? artifact.mode;
  const same = { path, mode, base: disk ? sha256(disk.content) : null, ...(disk ? { before: disk.content } : {}) };
  const write = (act: Change['act'], content: string, why: string): Change => ({ ...same, act, content, why });
  if (!disk) {
    if (base === undefined) return write('create', fresh, 'new');
    if (accepted === 'generated') return write('create', fresh, 'you deleted it, then asked for it again');
    return { ...same, act: 'keep', why: `you deleted it; \`--accept ${path}=generated\` brings it back` };
  }
  const mine = disk.content;
  if (sameText(mine, fresh)) return { ...same, act: 'same', why: 'as generated' };
  if (base === undefined) {
    if (accepted === 'generated') return write('update', inStyleOf(mine, fresh), 'you chose the generated content');
    if (accepted === 'mine')
      return { ...same, act: 'adopt', why: 'your version from now on, with new content merged into it' };
    const why = `your own file, older than the deployment; \`--accept ${path}=mine\` adopts it`;
    return { ...same, act: 'keep', offer: fresh, why };
  }
  if (sameText(mine, base)) return write('update', inStyleOf(mine, fresh), 'the project or its specification changed');
  if (sameText(base, fresh)) return { ...same, act: 'keep', why: 'your edits; nothing new to merge' };
  // what reads YAML is loaded where there is something to merge, which is seldom
  const { mergeTexts } = await import('./merge.ts');
  const adopted = was?.kind === 'adopted';
  const { text, conflicts, leftOut } = mergeTexts(artifact.kind, { mine, base, fresh }, { prefer: accepted, adopted });
  const without = leftOut.length > 0 ? `; it has no ${leftOut.join(', ')}, which would have new content` : '';
  if (conflicts.length > 0) {
    const places = conflicts.map((conflict) => conflict.title).join(', ');
    const reasoned = conflicts.map((conflict) => ({ ...conflict, ...decisionOf(artifact, conflict.generated) }));
    return { ...same, act: 'conflict', conflicts: reasoned, why: `you and the project changed ${places}` };
  }
  return sameText(text, mine)
    ? { ...same, act: 'keep', why: `your edits already contain the new content${without}` }
    : write('update', text, `new content, merged with your edits${without}`);
}

/** The decision behind the first line of the generated side that is no remark. */
function decisionOf(artifact: Artifact, side: { line: number; text: string } | null): { decision?: string } {
  if (!side) return {};
  const skip = side.text.split('\n').findIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const decision = decisionAt(artifact, side.line + Math.max(0, skip));
  return decision === undefined ? {} : { decision };
}

const sameText = (a: string, b: string) => a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');

/** The line endings that were there stay. */
const inStyleOf = (mine: string, text: string) =>
  mine.includes('\r\n') ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text;

/**
 * What was generated last by the names that the files have now: a file that the user renamed to another name that is generated, as
 * `docker-compose.yml` to `compose.yaml`, is the same file with its edits.
 */
export function followRenames(last: LastGenerated, artifacts: readonly Artifact[], disk: OnDisk): LastGenerated {
  const names = new Set(artifacts.map((artifact) => artifact.path));
  const gone = [...last.keys()].filter((path) => !names.has(path) && !disk(path));
  const next = new Map(last);
  for (const { path } of artifacts) {
    const mine = last.has(path) ? undefined : disk(path)?.content;
    const from =
      mine === undefined ? undefined : gone.find((value) => next.has(value) && isLike(mine, last.get(value)?.content));
    const entry = from === undefined ? undefined : last.get(from);
    if (from === undefined || !entry) continue;
    next.delete(from);
    next.set(path, entry);
  }
  return next;
}

/** Whether most lines of a text that was generated are still there. */
export function isLike(mine: string, generated = ''): boolean {
  const lines = generated.split('\n').filter((line) => line.trim() !== '');
  const there = new Set(mine.split(/\r?\n/));
  return lines.length > 0 && lines.filter((line) => there.has(line)).length * 2 > lines.length;
}

/** What counts as generated last once the changes are made: the new text of everything that is ours, also where an edit stays. */
export function nextState(
  artifacts: readonly Artifact[],
  changes: readonly Change[],
  last: LastGenerated,
): LastGenerated {
  const next = new Map<string, LastText>();
  for (const change of changes) {
    const artifact = artifacts.find((artifact) => artifact.path === change.path);
    const before = last.get(change.path);
    if (!artifact) continue;
    if (change.awaits) {
      if (before) next.set(change.path, before);
      continue;
    }
    const ours = before !== undefined || change.content !== undefined || ['same', 'adopt'].includes(change.act);
    const kind = before?.kind ?? (change.act === 'adopt' ? 'adopted' : 'generated');
    // the text of the author that is replaced says what it said, at every run to come
    const isReplaced = before === undefined && change.act === 'update';
    const replaced = isReplaced ? change.before : before?.replaced;
    const kept = replaced === undefined ? {} : { replaced };
    if (ours) next.set(change.path, { content: artifact.content, kind, ...kept });
  }
  return next;
}
