/** Neither the image nor a compose file has a health check. */
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lastOf, lineageOf, type StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { onShipped } from './support/stages.ts';

function unchecked(facts: LintFacts, dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  if (lastOf(stage, 'HEALTHCHECK')) return undefined;
  const services = facts.servicesOf(dockerfile).filter((service) => !service.isDevelopment);
  if (services.some((service) => service.has('healthcheck'))) return undefined;
  const exposes = lineageOf(stage).some((stageFacts) =>
    stageFacts.stage.instructions.some(({ keyword }) => keyword === 'EXPOSE'),
  );
  if (!exposes && services.every((service) => service.ports.length === 0)) return undefined;
  const last = stage.stage.instructions.findLast(({ keyword }) => /^(CMD|ENTRYPOINT|EXPOSE)$/.test(keyword));
  const { startLine } = last ?? stage.stage.from;
  return {
    message: 'There is no health check: the image has no HEALTHCHECK, and no compose file adds one.',
    why: 'A server that hangs counts as running: other services cannot wait for it, and nobody notices when it stops responding.',
    file: dockerfile.path,
    line: startLine,
    fix: {
      safety: 'suggested',
      description:
        'Add a HEALTHCHECK that requests a route of the application with a program that the image includes, or a `healthcheck:` for the service in the compose file.',
    },
  };
}

export const rule: Rule = {
  name: 'no-health-check',
  title: 'The image has no health check',
  severity: 'info',
  weight: 60,
  check: (facts) => onShipped(facts, (dockerfile, stage) => unchecked(facts, dockerfile, stage)),
};
