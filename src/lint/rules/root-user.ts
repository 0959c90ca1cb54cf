/** The final image runs as root, and nothing drops the privileges. */
import { posix } from 'node:path';
import { contentsOf } from '../../catalog/image-contents.ts';
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lastOf, lineageOf, type StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { onShipped, placeOf } from './support/stages.ts';
import { scriptFile, startOfStage } from './support/starts.ts';

/** Programs that go on as another user. */
const DROPS =
  /(^|[\s/"'])(gosu|su-exec|setpriv|runuser|chpst|s6-setuidgid|s6-svscan|fixuid|sudo|su)([\s"']|$)|(^|[\s"'])\/init([\s"']|$)/;

const isRoot = (user: string): boolean => /^(root|0)(:|$)/.test(user.trim());

/** Whether the start goes on as another user, or may: a script that is not there to be read. */
function mayDrop(facts: LintFacts, dockerfile: DockerfileFacts, stage: StageFacts): boolean {
  const installs = lineageOf(stage).flatMap((stageFacts) => stageFacts.runs.flatMap((run) => run.commands));
  if (installs.some(({ argv }) => argv.some((word) => /^(gosu|su-exec|s6|s6-overlay)([=<>~@]|$)/.test(word))))
    return true;
  const start = startOfStage(dockerfile, stage);
  if (!start) return false;
  if (DROPS.test(start.argv.join(' '))) return true;
  const script = scriptFile(facts, dockerfile, stage, start.argv);
  if (script !== undefined) return script.split('\n').some((line) => DROPS.test(line.slice(0, 500)));
  // a script that is made in the image, or fetched
  return /\.sh$|entrypoint/i.test(posix.basename(start.argv[0] ?? '')) && start.what === 'ENTRYPOINT';
}

function rootOf(facts: LintFacts, dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  if (stage.isWindows || mayDrop(facts, dockerfile, stage)) return undefined;
  const services = facts.servicesOf(dockerfile).filter((service) => !service.isDevelopment);
  if (services.length > 0 && services.every(({ user }) => user !== undefined && !isRoot(user))) return undefined;
  const user = lastOf(stage, 'USER');
  const written = user?.args[0]?.text ?? '';
  if (user ? !isRoot(written) : contentsOf(stage.image)?.root !== true) return undefined;
  const node = stage.image.repository === 'node';
  return {
    message: user
      ? `The image runs as ${written}.`
      : `The image runs as root: there is no USER after this line, and ${stage.image.text} runs as root by default.`,
    why: 'An attacker who takes over the process controls everything in the container, and has a head start on the host.',
    ...placeOf(dockerfile, user ?? stage.stage.from),
    fix: {
      safety: 'suggested',
      description: node
        ? 'Add `USER node` after the last line that needs root; folders that the application writes to must belong to that user.'
        : 'Create a user that owns the folders that the application writes to, and add `USER` after the last line that needs root.',
    },
  };
}

export const rule: Rule = {
  name: 'root-user',
  title: 'The image runs as root',
  severity: 'warning',
  weight: 80,
  check: (facts) => onShipped(facts, (dockerfile, stage) => rootOf(facts, dockerfile, stage)),
};
