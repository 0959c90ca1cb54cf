import { createTwoFilesPatch } from 'diff';
import type { Change, Generation } from '../../index.ts';
import { columns, style, symbols } from '../terminal.ts';

const verbs: Readonly<Record<Change['act'], string>> = {
  create: 'new',
  update: 'change',
  keep: 'keep',
  same: 'same',
  adopt: 'adopt',
  conflict: 'conflict',
  edit: 'edit',
};

/** One file of the preview: what happens to it, and why. */
export const changeLines = (changes: readonly Change[]): string[] => {
  const verb = 2 + Math.max(0, ...changes.map((change) => verbs[change.act].length));
  return columns(
    changes.map((change) => {
      const lines = change.content === undefined ? '' : `${change.content.split('\n').length - 1} lines`;
      const why = change.act === 'create' && change.why === 'new' ? '' : change.why;
      return [verbs[change.act], change.path, [lines, why].filter(Boolean).join(', ')];
    }),
  ).map((line, index) => {
    const act = changes[index]?.act;
    const paint =
      act === 'create'
        ? style.good
        : act === 'conflict'
          ? style.bad
          : act === 'update' || act === 'edit'
            ? style.warn
            : style.dim;
    return paint(line.slice(0, verb)) + line.slice(verb);
  });
};

/** A change as a coloured diff. A new file is all additions. */
export function diffLines(change: Change): string[] {
  if (change.content === undefined) return [];
  const patch = createTwoFilesPatch(
    change.path,
    change.path,
    change.before ?? '',
    change.content,
    undefined,
    undefined,
    { context: 3 },
  );
  return patch
    .split('\n')
    .slice(4)
    .filter((line) => line !== '' && !line.startsWith('\\'))
    .map((line) =>
      line.startsWith('+')
        ? style.good(line)
        : line.startsWith('-')
          ? style.bad(line)
          : line.startsWith('@@')
            ? style.accent(line)
            : style.dim(line),
    );
}

/** The reasons behind an artifact: each decision once, in the order of its lines. */
export function reasonLines(generation: Generation, path: string): string[] {
  const artifact = generation.artifacts.find((one) => one.path === path);
  const keys = [...new Set((artifact?.origins ?? []).map((origin) => origin.decision))];
  const { decisions } = generation.context.plan;
  return columns(
    keys.flatMap((key) => {
      const decision = decisions[key];
      if (!decision || key === 'header') return [];
      const ids = decision.assertions.length > 0 ? ` (${decision.assertions.join(' ')})` : '';
      const lines = artifact?.origins.filter((origin) => origin.decision === key) ?? [];
      const [first] = lines;
      return [[first ? `${first.start}` : '', short(decision.choice), `${decision.why}${ids}`]];
    }),
    `  ${symbols.dot} `,
  );
}

const short = (text: string) => (text.length > 48 ? `${text.slice(0, 47)}…` : text);
