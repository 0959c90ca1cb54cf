/** Services without a restart policy or a log limit: reported once for all compose files of a deployment. */
import type { Remark, Rule } from '../contract.ts';
import type { ComposeSet, ServiceFacts } from '../facts/compose.ts';
import { listed } from './support/words.ts';

/** Services that are meant to stay: not those of a profile, or that end by themselves. */
const staying = ({ services }: ComposeSet): readonly ServiceFacts[] =>
  services.filter(({ isTask, isDevelopment }) => !isTask && !isDevelopment);

export const rule: Rule = {
  name: 'restart-and-logs',
  title: 'Services have no restart policy and no log limit',
  severity: 'info',
  weight: 10,
  check: (facts) => {
    const production = facts.sets.filter(({ use }) => use === 'production');
    const judged = production.length > 0 ? production : facts.sets.filter(({ use }) => use === 'base');
    const services = judged.flatMap(staying);
    const down = services.filter((service) => !service.has('restart') && !service.has('deploy'));
    const [first] = down;
    if (!first) return [];
    const isOne = new Set(down.map(({ name }) => name)).size === 1;
    const logs = services.some((service) => !service.has('logging')) ? ', and logs grow without a limit' : '';
    const remark: Remark = {
      message: `${listed(down.map(({ name }) => name))} ${isOne ? 'does' : 'do'} not restart after a crash or a reboot${logs}.`,
      why: 'The first uncaught error takes a service down until somebody notices, and logs fill the disk.',
      ...first.place,
      fix: {
        safety: 'suggested',
        description:
          'Add `restart: unless-stopped`, and `logging: { options: { max-size: 10m, max-file: "3" } }`, to each of them.',
      },
    };
    return [remark];
  },
};
