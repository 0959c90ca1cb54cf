import { artifactsOf } from '../../src/artifacts/artifacts.ts';
import type { Facts } from '../../src/model/facts.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { factsOf } from './facts.ts';

/** What is generated for the application of these files, or for one that was read from them: the text by path; '' where there is none. */
export async function generatedFor(
  files: Readonly<Record<string, string>>,
  facts?: Facts,
): Promise<(path: string) => string> {
  const read = (file: string) => files[file];
  const plan = await makePlan({ facts: facts ?? (await factsOf(files)), specification: undefined, config: {}, read });
  const artifacts = artifactsOf(plan, Object.keys(files));
  return (path) => artifacts.find((artifact) => artifact.path === path)?.content ?? '';
}
