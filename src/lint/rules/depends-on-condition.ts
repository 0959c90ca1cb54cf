/** A service only waits until another one has started, although that one has a health check. */

import type { Place } from '../../formats/compose/index.ts';
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import type { ComposeSet, ServiceFacts } from '../facts/compose.ts';
import type { LintFacts } from '../facts/facts.ts';
import { listed } from './support/words.ts';

/** Services that say when they are ready. */
const checkedIn = ({ services }: ComposeSet): ReadonlySet<string> =>
  new Set(services.filter(({ test }) => test !== undefined && test[0] !== 'NONE').map(({ name }) => name));

/** Whether it is written out that the beginning is enough: somebody has thought of it. */
const isMeant = ({ file, line }: Place, after: Place, { lineOf }: LintFacts): boolean =>
  line !== after.line || lineOf(file, line).includes('service_started');

function early(service: ServiceFacts, checked: ReadonlySet<string>, facts: LintFacts): Remark | undefined {
  // a console for people connects when somebody asks it to
  if (dataServiceOf(service.image)?.kind === 'console') return undefined;
  const early = service.after.filter(
    ({ name, condition, place }) =>
      condition === 'service_started' &&
      checked.has(name) &&
      !isMeant(service.at('depends_on', name, 'condition'), place, facts),
  );
  const [first] = early;
  if (!first) return undefined;
  const names = listed(early.map(({ name }) => name));
  return {
    ...(service.isDevelopment ? { severity: 'info' as const } : {}),
    message: `${service.name} starts as soon as ${names} ${early.length === 1 ? 'has' : 'have'} started, although ${early.length === 1 ? 'its health check shows' : 'their health checks show'} when ${early.length === 1 ? 'it is' : 'they are'} ready.`,
    why: 'The first connections fail: a service without retries exits or starts incompletely.',
    ...first.place,
    fix: {
      safety: 'suggested',
      description: `Write \`depends_on: { ${first.name}: { condition: service_healthy } }\`.`,
    },
  };
}

export const rule: Rule = {
  name: 'depends-on-condition',
  title: 'A service does not wait for a health check',
  severity: 'warning',
  weight: 32,
  check: (facts) =>
    facts.sets.flatMap((set) => {
      const checked = checkedIn(set);
      return set.services.flatMap((service) => early(service, checked, facts) ?? []);
    }),
};
