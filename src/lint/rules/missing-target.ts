/** A compose file builds from a Dockerfile or a stage that does not exist. */
import type { Remark, Rule } from '../contract.ts';
import type { ServiceFacts } from '../facts/compose.ts';
import { stageNamed } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';

const WHY = 'The build of the service fails, and with it `docker compose up`.';

function missing(service: ServiceFacts, facts: LintFacts): Remark | undefined {
  const { build, at, name } = service;
  if (build?.dockerfile === undefined) return undefined;
  const { dockerfile: path, target, context } = build;
  const dockerfile = facts.dockerfileOf(service);
  if (!dockerfile) {
    const inside = context === undefined || context === '.' ? '' : `${context}/`;
    // written for another folder, such as by the file that includes it
    if (facts.has(path.slice(inside.length)) && inside !== '') return undefined;
    // a folder of which nothing is here may be a submodule, or be made by a script
    if (facts.has(path) || facts.read(path) !== undefined || !facts.all.some((file) => file.startsWith(inside)))
      return undefined;
    return {
      message: `${name} is built from ${path}, which does not exist.`,
      why: WHY,
      ...at('build', 'dockerfile'),
      fix: { safety: 'suggested', description: 'Use an existing Dockerfile, relative to the context.' },
    };
  }
  if (target === undefined || dockerfile.stages.length === 0 || stageNamed(dockerfile.stages, target)) return undefined;
  const names = dockerfile.stages.flatMap(({ stage }) => stage.name ?? []);
  return {
    message: `${name} is built from the stage ${target}, which ${path} does not have.`,
    why: WHY,
    ...at('build', 'target'),
    fix: {
      safety: 'suggested',
      description:
        names.length > 0
          ? `Use one of its stages: ${names.join(', ')}.`
          : `Remove \`target\`, or name the stage in ${path}: \`FROM … AS ${target}\`.`,
    },
  };
}

export const rule: Rule = {
  name: 'missing-target',
  title: 'A compose file builds from a missing file or stage',
  severity: 'error',
  weight: 99,
  check: (facts) => facts.services.flatMap((service) => missing(service, facts) ?? []),
};
