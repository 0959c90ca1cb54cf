import type { Finding, NotUnderstood } from '../../index.ts';
import { style, symbols } from '../terminal.ts';

const marks: Readonly<Record<Finding['severity'], () => string>> = {
  error: () => style.bad(symbols.bad),
  warning: () => style.warn(symbols.open),
  info: () => style.dim(symbols.dot),
};

const placeOf = ({ file, line }: Finding): string => `${file}:${line}`;

/** Remarks on the author's Docker files: what matters with its reason and the way out, the rest in one line each. */
export function findingLines(findings: readonly Finding[], notUnderstood: readonly NotUnderstood[]): string[] {
  if (findings.length + notUnderstood.length === 0) return [];
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.severity]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [
    '',
    style.bold('Findings in your Docker files'),
    ...[...groups.values()].flatMap(groupLines),
    ...notUnderstood.map(({ file, line, message }) =>
      style.dim(`  ${symbols.skip} ${file}${line === undefined ? '' : `:${line}`} ${message}`),
    ),
  ];
}

/** The findings of one rule: the reason and the fix are said once where they are the same. */
function groupLines(group: readonly Finding[]): string[] {
  const [first] = group;
  if (!first) return [];
  const mark = marks[first.severity]();
  if (first.severity === 'info')
    return group.map(
      (finding) =>
        `  ${mark} ${style.accent(placeOf(finding))} ${style.dim(`${finding.message}${finding.fix ? ` ${finding.fix.description}` : ''}`)}`,
    );
  return [
    '',
    ...group.flatMap((finding, index) => {
      const next = group[index + 1];
      const isLast = next?.why !== finding.why || next.fix?.description !== finding.fix?.description;
      return [
        `  ${mark} ${style.accent(placeOf(finding))} ${finding.message}`,
        ...(isLast ? [`    ${style.dim(finding.why)}`] : []),
        ...(isLast && finding.fix ? [`    ${symbols.arrow} ${finding.fix.description}`] : []),
      ];
    }),
  ];
}
