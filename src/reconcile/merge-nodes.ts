import { diffIndices } from 'node-diff3';

/**
 * A part of a text that is merged as one: an instruction, an entry of a mapping, a line. The texts of the parts of a whole, put one
 * behind the other, are the text of the whole, byte for byte.
 */
export type MergeNode = {
  /** what it is for, in the words of the file: `ENV NODE_ENV in stage production`, `services.app.ports` */
  readonly title: string;
  /** the same for two versions of one part, whatever it says; undefined: nothing tells it from its neighbours */
  readonly key: string | undefined;
  /** parts of one kind that stand at one place are versions of each other; undefined: only the key says so */
  readonly kind: string | undefined;
  readonly text: string;
  /** where it begins in the whole text, in UTF-16 units */
  readonly start: number;
  readonly inside: MergeContent;
};

export type MergeContent =
  | { readonly type: 'leaf' }
  /** merged line by line where both sides changed it; `holds` says whether what comes out is still one part */
  | { readonly type: 'lines'; readonly holds: (text: string) => boolean }
  /** parts one behind the other; `empty` is what the first says where none of the others is left */
  | { readonly type: 'block'; readonly parts: readonly MergeNode[]; readonly empty?: (head: string) => string }
  /** parts with something between them, which is written anew where both sides changed the list */
  | {
      readonly type: 'list';
      readonly open: string;
      readonly items: readonly MergeNode[];
      readonly between: string;
      readonly close: string;
    };

/** A part that both sides changed in different ways; undefined: that side took it away. */
export type MergeConflict = {
  readonly title: string;
  readonly mine: MergeNode | undefined;
  readonly base: MergeNode | undefined;
  readonly fresh: MergeNode | undefined;
};

export type Merging = {
  /** whose part is taken where both changed it; undefined: none is, and the text is not to be used */
  readonly prefer: 'mine' | 'generated' | undefined;
  readonly clashes: MergeConflict[];
  /** changed parts that the user does not have, of a file that was never made by us: they stay out. Undefined: each is a clash */
  readonly leftOut?: string[];
};

/** Line ends, a byte order mark and the last line break say nothing: what is there of them stays. */
const plain = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/\n$/, '');
const same = (a: MergeNode, b: MergeNode): boolean => plain(a.text) === plain(b.text);

/** Merges three versions of a part. What only one side changed is taken from that side. */
export function mergeUnit(merging: Merging, mine: MergeNode, base: MergeNode | undefined, fresh: MergeNode): string {
  if (same(mine, fresh) || (base && same(fresh, base))) return mine.text;
  if (base && same(mine, base)) return fresh.text;
  const inside = mergeInside(merging, mine, base, fresh);
  return inside ?? clash(merging, { title: mine.title, mine, base, fresh });
}

function mergeInside(
  merging: Merging,
  mine: MergeNode,
  base: MergeNode | undefined,
  fresh: MergeNode,
): string | undefined {
  const [a, o, b] = [mine.inside, base?.inside, fresh.inside];
  if (a.type === 'block' && b.type === 'block' && (!o || o.type === 'block'))
    return filled(a, mergeList(merging, a.parts, o?.parts ?? [], b.parts));
  if (a.type === 'list' && b.type === 'list' && (!o || o.type === 'list')) {
    const open = pick(a.open, o?.open, b.open);
    const close = pick(a.close, o?.close, b.close);
    if (open === undefined || close === undefined) return undefined;
    return open + mergeList(merging, a.items, o?.items ?? [], b.items).join(a.between) + close;
  }
  if (a.type === 'lines' && b.type === 'lines' && o?.type === 'lines' && base)
    return mergeLines(mine, base, fresh, a.holds);
  return undefined;
}

/** The text of a block; each side may have taken out what the other left. */
function filled({ empty }: Extract<MergeContent, { type: 'block' }>, texts: readonly string[]): string {
  const [head = '', ...rest] = texts;
  return empty && rest.every((text) => text === '') ? empty(head) : joined(texts);
}

/** The side that changed a text; undefined: both did, in different ways. */
function pick(mine: string, base: string | undefined, fresh: string): string | undefined {
  if (plain(mine) === plain(fresh) || plain(fresh) === plain(base ?? '')) return mine;
  return plain(mine) === plain(base ?? '') ? fresh : undefined;
}

/** Line by line, where no line is changed by both and what comes out is still what it was. */
function mergeLines(
  mine: MergeNode,
  base: MergeNode,
  fresh: MergeNode,
  holds: (text: string) => boolean,
): string | undefined {
  const merging: Merging = { prefer: undefined, clashes: [] };
  const [a, o, b] = [mine, base, fresh].map((node) => lineUnits(node.text, node.start, node.title));
  const text = joined(mergeList(merging, a ?? [], o ?? [], b ?? []));
  return merging.clashes.length === 0 && holds(text) ? text : undefined;
}

/** The lines of a text as parts. */
export function lineUnits(text: string, start: number, title: string): readonly MergeNode[] {
  let at = start;
  return text.split(/(?<=\n)/).map((line): MergeNode => {
    const unit: MergeNode = { title, key: undefined, kind: 'line', text: line, start: at, inside: { type: 'leaf' } };
    at += line.length;
    return unit;
  });
}

function clash(merging: Merging, mergeConflict: MergeConflict): string {
  if (merging.leftOut && mergeConflict.mine === undefined) {
    merging.leftOut.push(mergeConflict.title);
    return '';
  }
  if (merging.prefer === undefined) merging.clashes.push(mergeConflict);
  return (merging.prefer === 'generated' ? mergeConflict.fresh : mergeConflict.mine)?.text ?? '';
}

/** Texts of lines one behind the other: what ended the file before gets its line break. */
function joined(texts: readonly string[]): string {
  const lineBreak = texts.some((text) => text.includes('\r\n')) ? '\r\n' : '\n';
  return texts
    .filter((text) => text !== '')
    .map((text, index, all) => (index === all.length - 1 || text.endsWith('\n') ? text : text + lineBreak))
    .join('');
}

type PlacedText = { text: string; fresh: number | undefined };

/**
 * Merges three versions of a list. The order is that of the user; what is new stands behind the part that it was generated behind. A
 * part that one side took away and the other changed is a clash.
 */
function mergeList(
  merging: Merging,
  mine: readonly MergeNode[],
  base: readonly MergeNode[],
  fresh: readonly MergeNode[],
): readonly string[] {
  const toMine = align(base, mine);
  const toFresh = align(base, fresh);
  const fromMine = new Map([...toMine].map(([of, to]) => [to, of]));
  const known = new Set(toFresh.values());
  const added = fresh.flatMap((_, at) => (known.has(at) ? [] : [at]));
  const out: PlacedText[] = [];
  for (const [at, unit] of mine.entries()) {
    const of = fromMine.get(at);
    if (of === undefined) {
      const twin = added.find((value) => !known.has(value) && isTwin(unit, fresh[value]));
      if (twin !== undefined) known.add(twin);
      const other = twin === undefined ? undefined : fresh[twin];
      out.push({ text: other ? mergeUnit(merging, unit, undefined, other) : unit.text, fresh: twin });
      continue;
    }
    const to = toFresh.get(of);
    const [was, next] = [base[of], to === undefined ? undefined : fresh[to]];
    if (next) out.push({ text: mergeUnit(merging, unit, was, next), fresh: to });
    else if (was && !same(unit, was))
      out.push({
        text: clash(merging, { title: unit.title, mine: unit, base: was, fresh: undefined }),
        fresh: undefined,
      });
  }
  for (const [of, was] of base.entries()) {
    const to = toFresh.get(of);
    const next = to === undefined ? undefined : fresh[to];
    if (toMine.has(of) || !next || to === undefined || same(was, next)) continue;
    const text = clash(merging, { title: was.title, mine: undefined, base: was, fresh: next });
    if (text !== '') place(out, { text, fresh: to });
  }
  for (const at of added)
    if (!out.some((placedText) => placedText.fresh === at)) place(out, { text: fresh[at]?.text ?? '', fresh: at });
  return out.map((placedText) => placedText.text);
}

/** Two parts that both sides added: one, where they are of one name or say the same. */
const isTwin = (unit: MergeNode, other: MergeNode | undefined): boolean =>
  other !== undefined &&
  (unit.key === undefined ? same(unit, other) && plain(unit.text).trim() !== '' : unit.key === other.key);

/** Puts a part behind the nearest one before it that is there, or before the nearest one behind it. */
function place(out: PlacedText[], placedText: PlacedText): void {
  const own = placedText.fresh ?? 0;
  const places = out.flatMap(({ fresh }, at) => (fresh === undefined ? [] : [{ fresh, at }]));
  const before = places.filter((other) => other.fresh < own).sort((a, b) => b.fresh - a.fresh)[0];
  const behind = places.filter((other) => other.fresh > own).sort((a, b) => a.fresh - b.fresh)[0];
  out.splice(before ? before.at + 1 : behind ? behind.at : out.length, 0, placedText);
}

/** Which part of another version each part of a version is: those that stayed, those that moved, those of one name, those at one place. */
function align(base: readonly MergeNode[], other: readonly MergeNode[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (of: number, to: number) => {
    found.set(of, to);
    taken.add(to);
  };
  const gaps: { of: number[]; to: number[] }[] = [];
  let [of, to] = [0, 0];
  const stay = (until: number) => {
    for (; of < until; of += 1, to += 1) pair(of, to);
  };
  const texts = (units: readonly MergeNode[]) => units.map((unit) => plain(unit.text));
  for (const { buffer1, buffer2 } of diffIndices(texts(base), texts(other))) {
    stay(buffer1[0]);
    gaps.push({ of: range(...buffer1), to: range(...buffer2) });
    of = buffer1[0] + buffer1[1];
    to = buffer2[0] + buffer2[1];
  }
  stay(base.length);
  const open = {
    of: () => base.flatMap((_, at) => (found.has(at) ? [] : [at])),
    to: () => other.flatMap((_, at) => (taken.has(at) ? [] : [at])),
  };
  const byName = (name: (unit: MergeNode) => string | undefined) => {
    const [left, right] = [only(base, open.of(), name), only(other, open.to(), name)];
    for (const [key, at] of left) {
      const match = right.get(key);
      if (at !== undefined && match !== undefined) pair(at, match);
    }
  };
  byName((unit) => (plain(unit.text).trim() === '' ? undefined : plain(unit.text)));
  byName((unit) => unit.key);
  for (const gap of gaps) {
    for (const at of gap.of) {
      const { kind } = base[at] ?? {};
      const match = gap.to.find((value) => !taken.has(value) && kind !== undefined && other[value]?.kind === kind);
      if (!found.has(at) && match !== undefined) pair(at, match);
    }
  }
  return found;
}

const range = (start: number, length: number): number[] => Array.from({ length }, (_, index) => start + index);

/** The places of names that stand once; undefined: it stands twice. */
function only(
  units: readonly MergeNode[],
  places: readonly number[],
  name: (unit: MergeNode) => string | undefined,
): ReadonlyMap<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  for (const at of places) {
    const unit = units[at];
    const key = unit && name(unit);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : at);
  }
  return found;
}
