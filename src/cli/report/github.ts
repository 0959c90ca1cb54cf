import type { CheckReport, DriftCause, DriftLines, Finding } from '../../index.ts';
import { visible } from '../../model/visible.ts';
import { withoutWorkflowCommands } from '../workflow.ts';

/** One annotation of a GitHub workflow run. */
export type Annotation = {
  readonly file?: string | undefined;
  /** 1-based */
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  readonly title: string;
  readonly message: string;
  /** absent: error */
  readonly level?: 'error' | 'warning' | 'notice';
};

const shown = (text: string) => withoutWorkflowCommands(visible(text));

/** A message is several lines of ours; nothing in a line of it is a command to another reader of the log. */
const shownLines = (text: string) =>
  text
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 === 1 ? part : shown(part)))
    .join('');

// GitHub, "Workflow commands": a percent sign first, or the others would be escaped twice
const escapeText = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeText(shown(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** An annotation as the line that a workflow run reads from standard output. */
export function annotationLine({ file, line, endLine, title, message, level = 'error' }: Annotation): string {
  const properties = Object.entries({ file, line: file && line, endLine: file && line && endLine, title })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapeText(shownLines(message))}`;
}

/**
 * What a checklist has to say in a review: each item that fails, and instead of the one for the artifacts each cause in each file that it
 * changes. `prefix` is the folder of the project inside the repository.
 */
export function annotationsOf({ items, drift, findings = [] }: CheckReport, prefix = ''): readonly Annotation[] {
  const place = (file: string) => (prefix === '' ? file : `${prefix}/${file}`);
  const listed = new Set(drift.causes.flatMap((cause) => linesOf(cause).map((lines) => lines.file)));
  const failing = items
    .filter((item) => !item.ok && (item.id !== 'artifacts' || listed.size === 0) && item.id !== 'docker-files')
    .map((item) => ({
      file: item.file && place(item.file),
      line: item.line,
      title: `Dockwright: failed: ${item.title}`,
      message: [item.detail, ...(item.next ? [`Next: ${item.next}`] : [])].map(visible).join('\n'),
    }));
  const others = drift.files
    .filter((file) => file.drifted && !listed.has(file.path) && listed.size > 0)
    .map((file) => ({
      file: place(file.path),
      title: 'Dockwright: drift',
      message: visible(`${file.path}: ${file.why}`),
    }));
  const remarks = findings.map((finding) => ofFinding(finding, place));
  return [...failing, ...drift.causes.flatMap((cause) => ofCause(cause, place)), ...others, ...remarks];
}

/** A remark on a line of the author's: an error fails the run, everything else is to be read. */
const ofFinding = (finding: Finding, place: (file: string) => string): Annotation => ({
  file: place(finding.file),
  line: finding.line,
  ...(finding.endLine === undefined ? {} : { endLine: finding.endLine }),
  title: `Dockwright: ${finding.rule}`,
  message: [finding.message, finding.why, ...(finding.fix ? [`Fix: ${finding.fix.description}`] : [])]
    .map(visible)
    .join('\n'),
  ...(finding.severity === 'error' ? {} : { level: finding.severity === 'warning' ? 'warning' : 'notice' }),
});

const linesOf = (cause: DriftCause): readonly DriftLines[] => cause.decisions.flatMap((decision) => decision.lines);

/** One annotation for each file; files in which the same lines change the same way share one, because a run shows only a few. */
function ofCause(cause: DriftCause, place: (file: string) => string): Annotation[] {
  const files = [...new Set(linesOf(cause).map((lines) => lines.file))];
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const text = patchOf(cause, file);
    groups.set(text, [...(groups.get(text) ?? []), file]);
  }
  return [...groups].flatMap(([text, [file = '', ...others]]): Annotation[] => {
    const first = linesOf(cause).find((lines) => lines.file === file);
    if (!first) return [];
    const line = Math.max(1, Math.min(first.start, first.end + 1));
    const also = others.length > 0 ? [`Also in ${others.map(place).join(', ')}`] : [];
    return [
      {
        file: place(file),
        line,
        ...(first.end > line ? { endLine: first.end } : {}),
        title: `Dockwright: drift: ${cause.why}`,
        message: [text, ...also.map(visible), 'Next: run `dockwright` and review the diff'].join('\n'),
      },
    ];
  });
}

/** What a cause changes in one file: each decision with its lines. */
const patchOf = (cause: DriftCause, file: string): string =>
  cause.decisions
    .flatMap((decision) => {
      const lines = decision.lines.filter((line) => line.file === file);
      return lines.length > 0 ? [`${decision.choice}: ${decision.why}`, ...lines.flatMap(patch)].map(visible) : [];
    })
    .join('\n');

const patch = (lines: DriftLines): string[] => [
  ...lines.old.map((line) => `- ${line}`),
  ...lines.new.map((line) => `+ ${line}`),
];
