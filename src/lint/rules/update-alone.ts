/** The package lists are fetched in a separate layer, which comes from the cache when the packages change. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import type { DockerfileFacts, RunFacts, StageFacts } from '../facts/dockerfile.ts';
import { onReached, placeOf } from './support/stages.ts';

const APT = /^(apt|apt-get|aptitude)$/;

const does = ({ commands }: RunFacts, verbs: RegExp): boolean =>
  commands.some(
    ({ argv }) => APT.test(posix.basename(argv[0] ?? '')) && argv.slice(1).some((word) => verbs.test(word)),
  );

/** A run that installs, or that may: a script that gets packages by itself. */
const installs = (run: RunFacts): boolean => does(run, /^(install|build-dep|upgrade|dist-upgrade|full-upgrade)$/);

function alone(dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  const at = stage.runs.findIndex((run) => does(run, /^update$/) && !installs(run));
  const update = stage.runs[at];
  const install = stage.runs.slice(at + 1).find((run) => does(run, /^install$/));
  if (at === -1 || !update || !install || does(install, /^update$/)) return undefined;
  return {
    message: `\`apt-get update\` runs in a separate layer from the installation in line ${install.from.startLine}.`,
    why: 'When the packages change, the lists come from the cache: the build fails because old versions are gone, or installs outdated versions.',
    ...placeOf(dockerfile, update.from),
    fix: {
      safety: 'suggested',
      description:
        'Combine both in one RUN: `RUN apt-get update && apt-get install -y … && rm -rf /var/lib/apt/lists/*`.',
    },
  };
}

export const rule: Rule = {
  name: 'update-alone',
  title: 'Package lists are fetched in a separate layer',
  severity: 'warning',
  weight: 28,
  check: (facts) => onReached(facts, alone),
};
