import type { Source } from '../../../formats/source/index.ts';
import type { TextForm, ValueKind } from '../../../model/facts.ts';
import type { Condition } from './conditional-reads.ts';

/** One place that reads a variable. */
export type VariableRead = {
  readonly name: string;
  readonly source: Source;
  readonly offset: number;
  readonly required: boolean;
  /** it is used as if it were set, and nothing says that it must be: a test of it elsewhere takes that back */
  readonly assumed?: boolean;
  /** the program ends where it is missing, whatever stands in for it elsewhere */
  readonly demanded?: boolean;
  /** it is given its default for everything that reads it: `process.env.X ??= 'y'` */
  readonly settles?: boolean;
  /** it is only looked at whether it is set: the app goes on without it */
  readonly optional: boolean;
  /** it is needed by this choice alone */
  readonly choice?: Condition;
  readonly default?: string;
  readonly values?: readonly string[];
  readonly purpose?: string;
  readonly example?: string;
  readonly form?: TextForm;
  readonly kind?: ValueKind;
};
