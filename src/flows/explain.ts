import { diffIndices } from 'node-diff3';
import type { Artifact } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Decision } from '../model/plan.ts';
import { decisionAt } from '../reconcile/origins.ts';
import { type Generation, generate } from './generate.ts';
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
  options: FlowOptions & { readonly file: string; readonly at: number },
): Promise<Explanation> {
  const { artifacts, changes, context, leftOut } = await generate(options);
  const path = options.file.replace(/^\.\//, '');
  const artifact = artifacts.find((artifact) => artifact.path === path);
  if (!artifact) throw leftOutError(path, leftOut) ?? notGenerated(path, artifacts, context.plan.kept?.files ?? []);
  const text = changes.find((change) => change.path === path)?.before ?? artifact.content;
  const lines = text.split(/\r?\n/);
  const line = lines[options.at - 1];
  if (line === undefined || options.at < 1) {
    throw new UserError({
      code: 'line-outside',
      message: `${path} has ${lines.length} lines, so line ${options.at} does not exist`,
      where: { file: path },
      next: ['Name a line of the file: `dockwright explain FILE:LINE`'],
    });
  }
  const at = { file: path, line: options.at, text: line };
  if (line.trim() === '') return { ...at, origin: 'blank' };
  const generated = counterpart(diffIndices(lines, artifact.content.split('\n')), options.at);
  const key = generated === undefined ? undefined : decisionAt(artifact, generated);
  const decision = key === undefined ? undefined : context.plan.decisions[key];
  return key === undefined || !decision ? { ...at, origin: 'mine' } : { ...at, origin: 'generated', key, decision };
}

type Regions = ReturnType<typeof diffIndices<string>>;

/** The line of the generated text that a line on disk is, or undefined where the user wrote it. */
function counterpart(regions: Regions, at: number): number | undefined {
  let shift = 0;
  for (const region of regions) {
    const [start, length] = region.buffer1;
    if (at - 1 < start) break;
    if (at - 1 < start + length) return undefined;
    shift = region.buffer2[0] + region.buffer2[1] - (start + length);
  }
  return at + shift;
}

/** The decision behind each line of a text that was made from an artifact, such as a merge; undefined: the line is the user's. */
export function decisionsByLine(artifact: Artifact, text: string): readonly (string | undefined)[] {
  const lines = text.split(/\r?\n/);
  const regions = diffIndices(lines, artifact.content.split('\n'));
  return lines.map((_, at) => {
    const line = counterpart(regions, at + 1);
    return line === undefined ? undefined : decisionAt(artifact, line);
  });
}

/** Why no image has a file of the project; undefined: one has it. */
function leftOutError(path: string, rows: Generation['leftOut']): UserError | undefined {
  const row = rows.find(({ files = [] }) => files.includes(path));
  return row
    ? new UserError({
        code: 'left-out',
        message: `${path} is not in any image: ${row.why}.`,
        where: { file: path },
        next: ['If the running application needs it, add it to the key "include".'],
      })
    : undefined;
}

function notGenerated(path: string, artifacts: readonly Artifact[], kept: readonly string[]): UserError {
  const paths = artifacts.map((artifact) => artifact.path);
  if (kept.includes(path)) {
    return new UserError({
      code: 'yours',
      message: `${path} is your own file: Dockwright did not generate any of its lines.`,
      where: { file: path },
      next: [
        '`dockwright inspect` shows what was read from it, and `dockwright check` lists possible improvements by line.',
        ...(paths.length > 0 ? [`Files that can be explained: ${paths.join(', ')}.`] : []),
      ],
    });
  }
  const near = nearest(path, paths);
  return new UserError({
    code: 'not-generated',
    message: `${path} is not a file that Dockwright generates here`,
    where: { file: path },
    next: [near ? `Did you mean ${near}?` : `The generated files are: ${paths.join(', ')}`],
  });
}
