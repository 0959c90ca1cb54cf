import { structuredPatch } from 'diff';
import { type Change, type Conflict, decisionsByLine, type Generation, maskedText } from '../../index.ts';
import { cut, style, symbols, wrappedColumns } from '../terminal.ts';

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
  return wrappedColumns(
    changes.map((change) => {
      const lines = change.content === undefined ? '' : `${change.content.split('\n').length - 1} lines`;
      const why = change.act === 'create' && change.why === 'new' ? '' : change.why;
      return [verbs[change.act], change.path, [lines, why].filter(Boolean).join(', ')];
    }),
  ).flatMap(([line = '', ...more], index) => {
    const act = changes[index]?.act;
    const paint =
      act === 'create'
        ? style.good
        : act === 'conflict'
          ? style.bad
          : act === 'update' || act === 'edit'
            ? style.warn
            : style.dim;
    return [paint(line.slice(0, verb)) + line.slice(verb), ...more];
  });
};

/** A change as a coloured diff, with the reason for what is new in each part of it. A new file is all additions. */
export function diffLines(change: Change, generation?: Generation): string[] {
  const written = change.content ?? change.offer;
  if (written === undefined) return [];
  const text = maskedText(change.path, written);
  const before = maskedText(change.path, change.before ?? '');
  const artifact = generation?.artifacts.find((artifact) => artifact.path === change.path);
  const keys = artifact ? decisionsByLine(artifact, written) : [];
  const { hunks } = structuredPatch(change.path, change.path, before, text, undefined, undefined, {
    context: 3,
  });
  // where every line ends with it, a carriage return is a part of the line break
  const carriage = everyLineEndsWithCarriage(before) && everyLineEndsWithCarriage(text);
  return hunks.flatMap((hunk) => [
    style.accent(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
    ...hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line) => painted(carriage ? line.replace(/\r$/, '') : line)),
    ...(change.before === undefined ? [] : hunkReasons(hunk, keys, generation)),
  ]);
}

const everyLineEndsWithCarriage = (text: string): boolean => !/(^|[^\r])\n/.test(text);

const painted = (line: string): string =>
  line.startsWith('+') ? style.good(line) : line.startsWith('-') ? style.bad(line) : style.dim(line);

/** Why the lines that a part of a diff adds are there: each reason once. */
function hunkReasons(
  hunk: { readonly newStart: number; readonly lines: readonly string[] },
  keys: readonly (string | undefined)[],
  generation: Generation | undefined,
): string[] {
  const found = new Set<string>();
  let line = hunk.newStart - 1;
  for (const text of hunk.lines) {
    const key = text.startsWith('+') ? keys[line] : undefined;
    if (key !== undefined) found.add(key);
    if (!text.startsWith('-') && !text.startsWith('\\')) line += 1;
  }
  return [...found].flatMap((key) => {
    const why = reasonOf(generation, key);
    return why ? [style.dim(`  ${symbols.dot} ${why}`)] : [];
  });
}

/** What was decided and why, with the assertions and the first place that say so. */
function reasonOf(generation: Generation | undefined, key: string | undefined): string | undefined {
  const decision = key === undefined || key === 'header' ? undefined : generation?.context.plan.decisions[key];
  if (!decision) return undefined;
  const [from] = decision.from;
  const place = from ? ` (${from.file}${from.line === undefined ? '' : `:${from.line}`})` : '';
  const ids = decision.assertions.length > 0 ? ` ${decision.assertions.join(' ')}` : '';
  return `${short(decision.choice)}: ${decision.why}${ids}${place}`;
}

/** A conflict for somebody who sees one for the first time: what each side says, and why the new side says it. */
export function conflictLines(change: Change, generation: Generation): string[] {
  return (change.conflicts ?? []).flatMap((conflict) => [
    style.bold(`${change.path}: ${conflict.title}`),
    ...side('you wrote', change.path, conflict.mine && shown(change.path, conflict.mine), style.warn),
    ...side('generated now', undefined, conflict.generated, style.good),
    ...because(generation, conflict),
    ...side('generated last', undefined, conflict.base === null ? null : { line: 0, text: conflict.base }, style.dim),
    '',
  ]);
}

const shown = (path: string, { line, text }: NonNullable<Conflict['mine']>): Conflict['mine'] => ({
  line,
  text: maskedText(path, text),
});

function because(generation: Generation, item: Conflict): string[] {
  const why = item.generated === null ? 'no longer needed' : reasonOf(generation, item.decision);
  return why ? [style.dim(`    ${symbols.dot} ${why}`)] : [];
}

function side(
  who: string,
  file: string | undefined,
  text: Conflict['mine'],
  paint: (text: string) => string,
): string[] {
  const place = file !== undefined && text ? style.dim(` ${file}:${text.line}`) : '';
  if (!text) return [`  ${who}: ${style.dim(who === 'you wrote' ? 'nothing: you removed it' : 'nothing')}`];
  return [`  ${who}${place}`, ...text.text.split(/\r?\n/).map((line) => `    ${paint(line)}`)];
}

/** The reasons behind an artifact: each decision once, in the order of its lines. */
export function reasonLines(generation: Generation, path: string): string[] {
  const artifact = generation.artifacts.find((artifact) => artifact.path === path);
  const keys = [...new Set((artifact?.origins ?? []).map((origin) => origin.decision))];
  const { decisions } = generation.context.plan;
  return wrappedColumns(
    keys.flatMap((key) => {
      const decision = decisions[key];
      if (!decision || key === 'header') return [];
      const ids = decision.assertions.length > 0 ? ` (${decision.assertions.join(' ')})` : '';
      const lines = artifact?.origins.filter((origin) => origin.decision === key) ?? [];
      const [first] = lines;
      return [[first ? `${first.start}` : '', short(decision.choice), `${decision.why}${ids}`]];
    }),
    `  ${symbols.dot} `,
  ).flat();
}

const short = (text: string) => cut(text, 48);
