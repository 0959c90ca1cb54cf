/** A lockfile is copied that the repository does not have, while it has that of another package manager: a template's Dockerfile stayed when the manager changed. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import type { CopyFacts, DockerfileFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { lockfiles } from './support/lockfiles.ts';

/** The remark on a copy; silent where nothing shows that another lockfile is meant: one may be made before the build. */
function missing(facts: LintFacts, { path, context }: DockerfileFacts, copy: CopyFacts): Remark | undefined {
  if (!copy.isContext) return undefined;
  const absent = copy.sources
    .map((source) => posix.join(context, source))
    .find((file) => lockfiles.includes(posix.basename(file)) && !facts.has(file));
  if (absent === undefined) return undefined;
  const folder = posix.dirname(absent);
  const other = lockfiles.map((name) => posix.join(folder, name)).find((file) => facts.has(file));
  if (other === undefined) return undefined;
  return {
    message: `${absent} is copied, which does not exist; the project has ${other}.`,
    why: 'The build fails at this line on every machine with a fresh clone.',
    file: path,
    line: copy.from.startLine,
    fix: {
      safety: 'suggested',
      description: `Copy ${posix.basename(other)}, and install with the package manager that wrote it.`,
    },
  };
}

export const rule: Rule = {
  name: 'missing-lockfile',
  title: 'The lockfile of another package manager is copied, which does not exist',
  severity: 'error',
  weight: 98,
  check: (facts) =>
    facts.dockerfiles.flatMap((file) =>
      file.stages.flatMap(({ copies }) => copies.flatMap((copy) => missing(facts, file, copy) ?? [])).slice(0, 1),
    ),
};
