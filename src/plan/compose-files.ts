import { composeNames } from '../catalog/docker-files.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Decide } from './decide.ts';

/** The name where the project has none. */
const usualCompose = 'docker-compose.yml';

/** The compose file that is there under one of its names is the one; its companions are named after it. */
export function composeFiles(facts: Facts): Plan['compose'] {
  const there = facts.root === '.' ? facts.existing : (facts.docker?.compose ?? []).flatMap(({ files }) => files);
  const file = composeNames.find((name) => there.includes(name)) ?? usualCompose;
  const [stem, extension] = [file.replace(/\.ya?ml$/, ''), file.slice(file.lastIndexOf('.'))];
  const companion = (name: string) => {
    const names = composeNames.map((composeName) => composeName.replace(/\.ya?ml$/, (ending) => `.${name}${ending}`));
    return names.find((value) => there.includes(value)) ?? `${stem}.${name}${extension}`;
  };
  return { file, development: companion('dev'), production: companion('prod') };
}

/** What every file rests on: the name of the compose file, what the production form says of every container, and what a file says at its beginning. */
export function decideFiles(compose: Plan['compose'], summary: Plan['specification'], decide: Decide): void {
  decide('compose', {
    choice: compose.file,
    why:
      compose.file === usualCompose ? 'the name that every version of Compose knows' : 'the name that the project uses',
  });
  decide('production.logging', {
    choice: 'three log files of 10 MB per container',
    why: 'without a limit, Docker keeps all logs of a container until the disk is full',
  });
  decide('production.services', {
    choice: 'a memory limit, and 30 s to stop',
    why: 'a service without a limit can take the memory of all others; one that is killed must repair its data at the next start',
  });
  decide('header', {
    choice: 'what made this file, and from what',
    why: 'readers should know where the file comes from, and that they can edit it',
    assertions: summary?.assertions ?? [],
    from: summary ? [{ file: summary.file, why: summary.summary }] : [],
  });
}
