/** A mount of the sources hides the packages that the image has installed. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import type { MountFacts, ServiceFacts } from '../facts/compose.ts';
import { lineageOf, type StageFacts, stageNamed } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { installOf } from './support/installs.ts';
import { isInside } from './support/paths.ts';

/** Folders of a stage in which packages of JavaScript are installed: others lie elsewhere in the image. */
const installedIn = (stage: StageFacts): readonly string[] =>
  lineageOf(stage).flatMap((stageFacts) =>
    stageFacts.runs.flatMap(({ commands, folder }) =>
      commands.some((command) => /^(npm|yarn|pnpm|bun)$/.test(installOf(command)?.manager ?? '')) ? [folder] : [],
    ),
  );

/** The mount from the project that hides a folder, unless another one puts the packages back. */
function hiding(packages: string, { mounts, build }: ServiceFacts): MountFacts | undefined {
  const deepest = mounts
    .filter(({ target }) => isInside(packages, posix.normalize(target).replace(/\/$/, '')))
    .sort((a, b) => b.target.length - a.target.length)[0];
  const isProject =
    deepest?.type === 'bind' && deepest.source !== undefined && isInside(build?.context ?? '.', deepest.source);
  return isProject || (deepest?.type === 'bind' && deepest.source === '.') ? deepest : undefined;
}

/** A start that installs needs nothing of the image. */
const installsItself = ({ command = [], entrypoint = [] }: ServiceFacts): boolean =>
  /\b(install|ci|add)\b|^(yarn|bun)$/.test([...entrypoint, ...command].join(' '));

function hidden(facts: LintFacts, service: ServiceFacts): Remark | undefined {
  const dockerfile = facts.dockerfileOf(service);
  if (!dockerfile || installsItself(service)) return undefined;
  const { target } = service.build ?? {};
  const stage = target === undefined ? dockerfile.stages.at(-1) : stageNamed(dockerfile.stages, target);
  for (const folder of stage ? installedIn(stage) : []) {
    const packages = posix.join(folder, 'node_modules');
    const mount = hiding(packages, service);
    if (mount)
      return {
        message: `The mount at ${mount.target} hides the packages that the image installs in ${packages}.`,
        why: 'The container sees the node_modules of the host instead: on a fresh clone there is none and the application does not start, and packages with native code fit another system.',
        ...mount.place,
        fix: {
          safety: 'suggested',
          description: `Add the volume \`${packages}\` to the service, or mount only the source folders.`,
        },
      };
  }
  return undefined;
}

export const rule: Rule = {
  name: 'hidden-packages',
  title: 'A mount hides the installed packages',
  severity: 'warning',
  weight: 56,
  check: (facts) => facts.services.flatMap((service) => hidden(facts, service) ?? []),
};
