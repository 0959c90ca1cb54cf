import type { Decision } from '../model/plan.ts';
import type { FlowOptions } from './options.ts';

/** Why a line of a generated file is there. */
export type Explanation = {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** `mine`: the line is not ours, the user wrote it */
  readonly origin: 'generated' | 'mine' | 'blank';
  /** path of the plan that it comes from, and the decision behind it with its evidence (lines found anew) */
  readonly key?: string;
  readonly decision?: Decision;
};

/** Explains one line of a generated file, as it stands on disk (or as it would be generated, where it is not there yet). */
export async function explain(
  _options: FlowOptions & { readonly file: string; readonly at: number },
): Promise<Explanation> {
  throw new Error('written next');
}
