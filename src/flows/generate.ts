import type { Artifact, Change } from '../model/artifact.ts';
import type { Context } from './context.ts';
import type { FlowOptions } from './options.ts';

/** Everything that generating would do; nothing is written yet. */
export type Generation = {
  readonly context: Context;
  readonly artifacts: readonly Artifact[];
  /** what would happen to each file, in the order of the artifacts; `same` ones included */
  readonly changes: readonly Change[];
  /** edits of the user's own sources, offered: made only with consent */
  readonly edits: readonly Change[];
  /** a git-ignored .env with random local secrets, offered where there is none */
  readonly env: Change | undefined;
  /** the folder that is written to: the repository, or `--output` */
  readonly target: string;
};

export type GenerateOptions = FlowOptions & {
  readonly output?: string;
  readonly accept?: Readonly<Record<string, 'mine' | 'generated'>>;
};

/** Reads, decides, prints the artifacts and compares them with what is on disk and what was generated last. */
export async function generate(_options: GenerateOptions): Promise<Generation> {
  throw new Error('written next');
}

/** Writes what was previewed: artifacts always, source edits and `.env` only with consent. Returns the paths written. */
export async function writeGeneration(
  _generation: Generation,
  _consent: { readonly edits: boolean; readonly env: boolean },
): Promise<readonly string[]> {
  throw new Error('written next');
}
