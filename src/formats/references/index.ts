/** Images and actions that files name: where, by which version, and what they are pinned to. */
import { composeReferences } from './compose.ts';
import { dockerfileReferences } from './dockerfile.ts';
import type { Reference, References, ReferringKind } from './types.ts';
import { workflowReferences } from './workflow.ts';

export type { Reference, References, ReferringKind, Unpinnable } from './types.ts';

const readers: Readonly<Record<ReferringKind, (text: string) => References>> = {
  dockerfile: dockerfileReferences,
  compose: composeReferences,
  workflow: workflowReferences,
};

const MARK = '\uFEFF';

/** What a file refers to. Offsets are those of the text without its byte order mark. */
export const referencesIn = (kind: ReferringKind, text: string): References =>
  readers[kind](text.startsWith(MARK) ? text.slice(MARK.length) : text);

/** The text with other pins: `pinOf` says the digest or commit of a reference, null for none, undefined to leave it as it is. Every other byte stays. */
export function withPins(
  kind: ReferringKind,
  text: string,
  pinOf: (reference: Reference) => string | null | undefined,
): string {
  const mark = text.startsWith(MARK) ? MARK : '';
  let content = text.slice(mark.length);
  const { references } = readers[kind](content);
  const edits = references.flatMap((reference) => editsOf(reference, pinOf(reference)));
  for (const { start, end, text: added } of edits.toSorted((a, b) => b.start - a.start))
    content = content.slice(0, start) + added + content.slice(end);
  return mark + content;
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function editsOf(reference: Reference, pin: string | null | undefined): readonly Edit[] {
  const { kind, key, pin: before, span, written, note } = reference;
  if (pin === undefined || pin === (before ?? null)) return [];
  if (kind === 'image') return [{ ...span, text: pin === null ? '' : `${written}@${pin}` }];
  const version = key?.slice(key.indexOf('@') + 1);
  if (version === undefined || !note) return [];
  if (pin === null)
    return [
      { ...span, text: version },
      { ...note, text: '' },
    ];
  return [{ ...span, text: pin }, ...(before === undefined ? [{ ...note, text: ` # ${version}` }] : [])];
}
