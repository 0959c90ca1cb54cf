/** What rules on the stages of Dockerfiles have in common: which they look at, and where a remark stands. */
import type { Instruction } from '../../../formats/dockerfile/index.ts';
import type { Remark } from '../../contract.ts';
import type { DockerfileFacts, StageFacts } from '../../facts/dockerfile.ts';
import type { LintFacts } from '../../facts/facts.ts';

type Judge = (dockerfile: DockerfileFacts, stage: StageFacts) => Remark | undefined;

/** The remarks on the stages that run in production. */
export const onShipped = (facts: LintFacts, judge: Judge): readonly Remark[] =>
  facts.dockerfiles.flatMap((dockerfile) => dockerfile.shipped.flatMap((stage) => judge(dockerfile, stage) ?? []));

/** The remarks on every stage that takes part in building those. */
export const onReached = (facts: LintFacts, judge: Judge): readonly Remark[] =>
  facts.dockerfiles.flatMap((dockerfile) => [...dockerfile.reached].flatMap((stage) => judge(dockerfile, stage) ?? []));

/** The lines of an instruction. */
export const placeOf = (
  { path }: DockerfileFacts,
  { startLine, endLine }: Pick<Instruction, 'startLine' | 'endLine'>,
): Pick<Remark, 'file' | 'line' | 'endLine'> => ({ file: path, line: startLine, endLine });
