/** What keeps services up after a crash, and the disk from filling: said once for all compose files of a deployment. */
import type { Remark, Rule } from '../contract.ts';
import type { ComposeSet, ServiceFacts } from '../facts/compose.ts';

/** Services that are meant to stay: not those of a profile or that end by themselves. */
const stays = (service: ServiceFacts, set: ComposeSet): boolean =>
  !service.has('profiles') &&
  !service.isDevelopment &&
  !set.services.some(({ after }) =>
    after.some(({ name, condition }) => name === service.name && condition === 'service_completed_successfully'),
  );

const named = (services: readonly ServiceFacts[]): string => {
  const names = services.map(({ name }) => name);
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

export const rule: Rule = {
  name: 'restart-and-logs',
  title: 'Services have no restart policy or no limit of their logs',
  severity: 'info',
  weight: 10,
  check: (facts) => {
    const sets = facts.sets.filter(({ use }) => use === 'production');
    const judged = sets.length > 0 ? sets : facts.sets.filter(({ use }) => use === 'base');
    return judged.flatMap((set): Remark[] => {
      const services = set.services.filter((service) => stays(service, set));
      const restarts = services.filter((service) => !service.has('restart') && !service.has('deploy'));
      const logs = services.filter((service) => !service.has('logging'));
      const [first] = restarts.length > 0 ? restarts : logs;
      // who limits no log at all has the limit in the daemon, or has not thought of it: worth half a sentence, not one of its own
      if (!first || restarts.length === 0) return [];
      return [
        {
          message: `${named(restarts)} ${restarts.length === 1 ? 'does' : 'do'} not start again after a crash or a reboot${logs.length > 0 ? ', and logs grow without a limit' : ''}.`,
          why: 'The first error that nobody caught takes the service down until somebody notices; logs fill the disk.',
          ...first.place,
          fix: {
            safety: 'suggested',
            description:
              'Add `restart: unless-stopped`, and `logging: { options: { max-size: 10m, max-file: "3" } }`, to each of them.',
          },
        },
      ];
    });
  },
};
