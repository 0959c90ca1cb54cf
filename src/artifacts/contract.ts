import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';

/** artifacts/NAME.ts exports `artifact`: one kind of generated file. It prints the plan and decides nothing. */
export type ArtifactPrinter = {
  readonly name: string;
  readonly title: string;
  /** where its files stand among all that are generated, the lowest first; no two have the same */
  readonly order: number;
  /** the files of this kind that a plan asks for; `files` are the project's, for what has to match them */
  readonly print: (plan: Plan, files: readonly string[]) => readonly Artifact[];
};
