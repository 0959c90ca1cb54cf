import type { Finding, NotUnderstood } from '../model/finding.ts';
import type { Rule } from './contract.ts';
import { type LintFacts, type LintInput, lintFacts } from './facts/facts.ts';
import { rules } from './rules/registry.gen.ts';

/** What the rules say of some files. */
export type LintReport = {
  /** the most important first: by severity, then by weight of the rule, then by place */
  readonly findings: readonly Finding[];
  /** what could not be read, so that no rule judged it */
  readonly notUnderstood: readonly NotUnderstood[];
};

const ORDER: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** Judges Dockerfiles and compose files by every rule. Nothing of them is run; no text makes it throw. */
export async function lint(input: LintInput): Promise<LintReport> {
  const facts = await lintFacts(input);
  const weights = new Map(rules.map((rule) => [rule.name, rule.weight]));
  const judged = new Set(input.files);
  const findings = rules.flatMap((rule) => findingsOf(rule, facts)).filter(({ file }) => judged.has(file));
  return {
    findings: withoutRepeats(findings).sort(
      (a, b) =>
        ORDER[a.severity] - ORDER[b.severity] ||
        (weights.get(b.rule) ?? 0) - (weights.get(a.rule) ?? 0) ||
        compare(a.rule, b.rule) ||
        compare(a.file, b.file) ||
        a.line - b.line,
    ),
    notUnderstood: facts.notUnderstood.filter(({ file }) => judged.has(file)),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const findingsOf = ({ name, severity, check }: Rule, facts: LintFacts): readonly Finding[] =>
  check(facts).map((remark) => ({ rule: name, severity, ...remark }));

/** A line of a base that several sets share is judged in each of them, and reported once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, message }) => {
    const key = JSON.stringify([rule, file, line, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
