import type { Finding, Severity } from '../model/finding.ts';
import type { LintFacts } from './facts/facts.ts';

/** What a rule reports; its name and usual severity are filled in. */
export type Remark = Omit<Finding, 'rule' | 'severity'> & { readonly severity?: Severity };

/** rules/NAME.ts exports one of these as `rule`. */
export type Rule = {
  /** the name of its file */
  readonly name: string;
  /** what it finds, in a few words */
  readonly title: string;
  readonly severity: Severity;
  /** what weighs more comes first among findings of one severity */
  readonly weight: number;
  /** the remarks on these files. Pure, linear in their size, and silent where something is not known. */
  readonly check: (facts: LintFacts) => readonly Remark[];
};
