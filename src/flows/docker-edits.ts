import { keptEditOf } from '../artifacts/kept-edits.ts';
import type { Change } from '../model/artifact.ts';
import type { KeptEdit, Plan, SourceOffer } from '../model/plan.ts';
import { sha256 } from '../write/write.ts';

type Offer = Pick<KeptEdit, 'file' | 'what' | 'why' | 'needs' | 'decision'>;

/** A change of a Docker file of the author's, or of a file of settings, that is offered, and what it would make of the file. */
export type DockerEdit = Omit<Offer, 'file'> & {
  /** line (1-based) of the file as it is, where it begins */
  readonly line: number;
  /** the file with this change alone */
  readonly change: Change;
};

type TextEdit = { readonly start: number; readonly end: number; readonly text: string };
type OnDisk = (path: string) => { readonly content: string; readonly mode: number } | undefined;

type Placed = { readonly offer: Offer; readonly edits: readonly [TextEdit, ...TextEdit[]] };

const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** The edits that have a place in the files as they are, in their order. */
function placed({ kept, offers = [] }: Plan, disk: OnDisk): readonly Placed[] {
  const ofFiles = (kept?.edits ?? []).flatMap((offer): Placed[] => {
    const text = disk(offer.file)?.content;
    const edit = text === undefined ? undefined : keptEditOf(withoutMark(text), offer);
    return edit ? [{ offer, edits: [edit] }] : [];
  });
  return [...ofFiles, ...offers.flatMap((offer) => placedSetting(offer, disk))];
}

/** A change of settings, where the file is what it was worked out for. */
function placedSetting(offer: SourceOffer, disk: OnDisk): readonly Placed[] {
  const [first, ...more] = offer.edits;
  const text = disk(offer.file)?.content;
  const isSame = text !== undefined && sha256(withoutMark(text)) === offer.hash;
  return first && isSame ? [{ offer, edits: [first, ...more] }] : [];
}

function changeOf(file: string, all: readonly Placed[], disk: OnDisk): Change {
  const { content: text, mode } = disk(file) ?? { content: '', mode: 0o644 };
  let content = withoutMark(text);
  for (const edit of all.flatMap(({ edits }) => edits).toSorted((a, b) => b.start - a.start))
    content = content.slice(0, edit.start) + edit.text + content.slice(edit.end);
  const why = [...new Set(all.map(({ offer }) => offer.what))].join('; ');
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return { path: file, act: 'edit', why, base: sha256(text), content: mark + content, before: text, mode };
}

/** Line of the first character that an edit changes; lines that come after a line begin on the next. */
function lineOf(text: string, { start }: TextEdit): number {
  const before = withoutMark(text).slice(0, start);
  return before.split('\n').length;
}

/** The edits of the author's files that a plan offers, each with what it makes of the file. */
export const offeredEdits = (plan: Plan, disk: OnDisk): readonly DockerEdit[] =>
  placed(plan, disk)
    .toSorted((a, b) => a.offer.file.localeCompare(b.offer.file, 'en') || a.edits[0].start - b.edits[0].start)
    .map(({ offer, edits }) => ({
      what: offer.what,
      why: offer.why,
      ...(offer.needs ? { needs: offer.needs } : {}),
      decision: offer.decision,
      line: lineOf(disk(offer.file)?.content ?? '', edits[0]),
      change: changeOf(offer.file, [{ offer, edits }], disk),
    }));

/** The chosen edits together: a change for each file. */
export function appliedEdits(plan: Plan, disk: OnDisk, isChosen: (edit: Offer) => boolean): readonly Change[] {
  const chosen = placed(plan, disk).filter(({ offer }) => isChosen(offer));
  const files = [...new Set(chosen.map(({ offer }) => offer.file))].sort();
  return files.map((file) =>
    changeOf(
      file,
      chosen.filter(({ offer }) => offer.file === file),
      disk,
    ),
  );
}
