import type { Expression } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ValueKind } from '../../model/facts.ts';

/** A place that reads a variable. */
export type VariableRead = {
  readonly name: string;
  readonly required: boolean;
  readonly default?: string;
  readonly kind?: ValueKind;
  readonly purpose?: string;
  readonly secret?: true;
  /** whose key it is: a value that is made up would look set */
  readonly external?: string;
  readonly from: Evidence;
};

/** A plain value as the environment would have it. */
export function plainText(expression: Expression | undefined): string | undefined {
  switch (expression?.kind) {
    case 'text':
    case 'number':
      return expression.value;
    case 'boolean':
      return expression.value ? 'True' : 'False';
    default:
      return undefined;
  }
}
