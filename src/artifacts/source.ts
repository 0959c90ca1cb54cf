import type { Artifact } from '../model/artifact.ts';
import type { Plan, SourceFile } from '../model/plan.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines } from './lines.ts';

/** A source file of the plan: its header, and the text that its language gave. */
function sourceFile(plan: Plan, { path, comment, body }: SourceFile): Artifact {
  const out = lines();
  for (const line of header(plan, path)) out.add(`${comment} ${line}`, headerDecision);
  for (const { text, decision } of body) {
    if (decision === undefined) out.blank();
    else out.add(text, decision);
  }
  return out.artifact(path, 'source');
}

export const artifact: ArtifactPrinter = {
  name: 'source',
  title: 'Source files: the health module, the scheduler of a job',
  order: 90,
  print: (plan) => plan.sources.map((source) => sourceFile(plan, source)),
};
