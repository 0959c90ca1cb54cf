import type { CheckItem, CheckReport, Drift, DriftCause, DriftLines } from '../../index.ts';
import { cut, padded, style, symbols, uncolored, widest } from '../terminal.ts';
import { findingLines } from './findings.ts';

const marks: Readonly<Record<CheckItem['status'], () => string>> = {
  pass: () => style.good(symbols.good),
  fail: () => style.bad(symbols.bad),
  'not-known': () => style.warn(symbols.open),
  'not-run': () => style.dim(symbols.skip),
};

/** The checklist and, below it, what changed. */
export function checkLines({ items, drift, ready, findings = [], notUnderstood = [] }: CheckReport): string[] {
  const width = widest(items.map((item) => item.title));
  return [
    ...items.flatMap((item) => itemLines(item, width)),
    ...driftLines(drift),
    ...findingLines(findings, notUnderstood),
    '',
    ready ? style.good('ready') : style.bad('not ready'),
  ];
}

/** Longer details stand below their title. */
const MIN_TEXT_WIDTH = 60;

function itemLines(item: CheckItem, width: number): string[] {
  const short = item.detail.length <= MIN_TEXT_WIDTH;
  const head = `${marks[item.status]()} ${padded(item.title, short ? width : 0)}`;
  return [
    short ? `${head}  ${style.dim(item.detail)}` : head,
    ...(short ? [] : item.detail.split('; ').map((part) => `    ${style.dim(part)}`)),
    ...(item.output ?? []).map((line) => `    ${style.dim('|')} ${uncolored(line)}`),
    ...(item.log ? [`    ${style.dim(`full output: ${item.log}`)}`] : []),
    ...(item.next ? [`    ${symbols.arrow} ${item.next}`] : []),
  ];
}

const notable: ReadonlySet<string> = new Set(['edited', 'deleted', 'yours', 'leftover']);

function driftLines({ causes, files }: Drift): string[] {
  const kept = files.filter((file) => notable.has(file.state));
  const width = widest(kept.map((file) => file.path));
  return [
    ...(causes.length > 0 ? ['', style.bold('What changed, and the lines that depend on it')] : []),
    ...causes.flatMap(causeLines),
    ...(kept.length > 0 ? ['', style.bold('No drift')] : []),
    ...kept.map((file) => `  ${padded(file.path, width)}  ${style.dim(file.why)}`),
  ];
}

function causeLines(cause: DriftCause): string[] {
  const places = cause.from.flatMap((item) => (item.file ? [`${item.file}${item.line ? `:${item.line}` : ''}`] : []));
  const at = [...new Set(places)].filter((place) => !cause.why.includes(place));
  return [
    '',
    `  ${style.warn(symbols.dot)} ${cause.why}${at.length > 0 ? `  ${style.accent(at.join(', '))}` : ''}`,
    ...cause.decisions.flatMap((decision) => [
      decision.choice === cause.why
        ? `    ${style.dim(decision.why)}`
        : `    ${short(decision.choice)}  ${style.dim(decision.why)}`,
      ...alike(decision.lines).flatMap(changeLines),
    ]),
  ];
}

/** The same change in several files is shown once. */
function alike(all: readonly DriftLines[]): (readonly DriftLines[])[] {
  const groups = new Map<string, DriftLines[]>();
  for (const lines of all) {
    const text = JSON.stringify([lines.old, lines.new, lines.mine]);
    groups.set(text, [...(groups.get(text) ?? []), lines]);
  }
  return [...groups.values()];
}

/** So many lines of one change are shown; the diff of `dockwright --dry-run` has them all. */
const MAX_ROWS = 6;

const placeOf = ({ file, start, end }: DriftLines) => `${file}:${end > start ? `${start}-${end}` : start}`;

function changeLines(group: readonly DriftLines[]): string[] {
  const [first] = group;
  if (!first) return [];
  const rows = [
    ...first.old.map((line) => style.bad(`- ${line}`)),
    ...(first.mine ?? []).map((line) => style.warn(`! ${line}  (yours)`)),
    ...first.new.map((line) => style.good(`+ ${line}`)),
  ];
  const hidden = rows.length - MAX_ROWS;
  return [
    `      ${style.accent(group.map(placeOf).join(', '))}`,
    ...(hidden > 1 ? rows.slice(0, MAX_ROWS) : rows).map((row) => `        ${row}`),
    ...(hidden > 1 ? [style.dim(`        ${hidden} more lines`)] : []),
  ];
}

const short = (text: string) => cut(text, 72);
