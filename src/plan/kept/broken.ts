import { posix } from 'node:path';
import { isComposeBase } from '../../catalog/docker-files.ts';
import type { Archetype } from '../../model/archetype.ts';
import type { Config } from '../../model/config.ts';
import type { ExistingDeployment } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { Plan } from '../../model/plan.ts';
import { composeFiles } from '../compose-files.ts';
import { type Decide, recorder } from '../decide.ts';
import type { PlanInput } from '../input.ts';
import { planLabels, summarise } from '../labels.ts';
import { nothingRuns } from '../nothing-to-run.ts';
import { planKeptImage } from './image.ts';
import { keptSet } from './set.ts';

type Broken = ExistingDeployment['broken'];

/**
 * Files of the author that every deployment here begins with, and that cannot be read: a compose file under a name that Compose looks for, a
 * `Dockerfile` where there is no other. Nothing that is laid over them would be valid.
 */
export function brokenFiles(
  { docker, root }: Pick<Facts, 'docker' | 'root'>,
  config: Config,
  replaced: readonly string[] = [],
): Broken {
  if (!docker || config.existing === 'replace') return [];
  const { broken, dockerfiles, compose } = docker;
  const isBase = (file: string) => {
    const folder = posix.dirname(file);
    if (folder !== '.' && folder !== root) return false;
    if (isComposeBase(file)) return !compose.some((set) => set.files.includes(file));
    return posix.basename(file) === 'Dockerfile' && !dockerfiles.some(({ builds }) => builds === 'application');
  };
  return broken.filter(({ file }) => isBase(file) && !replaced.includes(file) && !docker.replaced?.includes(file));
}

/** The plan where such a file is broken: nothing is added, and the reason is given. A Dockerfile that can be read is built as it is. */
export function planBroken(input: PlanInput, archetype: Archetype, broken: Broken): Plan {
  const { facts, specification } = input;
  const { decide, decisions } = recorder();
  const compose = composeFiles(facts);
  const files = [...new Set(broken.map(({ file }) => file))].sort();
  const from = broken.map(({ file, line, message }) => ({
    file,
    ...(line === undefined ? {} : { line }),
    why: message,
  }));
  const decision = decide('kept', {
    choice: files.join(', '),
    why: 'it cannot be read, so nothing can be generated for it',
    from,
  });
  const summary = summarise(specification);
  return {
    version: 1,
    name: facts.name.value,
    archetype,
    ...nothingRuns,
    images: wholeImage(input, decide),
    ...(summary ? { specification: summary } : {}),
    kept: {
      files,
      compose: files,
      forms: { development: 'none', production: 'none' },
      services: {},
      notWritten: broken.map(({ file, line, message }) => ({
        what: 'The deployment',
        why: message.replace(/\.$/, ''),
        next: `Fix ${file}${line === undefined ? '' : `:${line}`} and run the command again, or have it replaced: \`--accept ${file}=generated\`.`,
        decision,
      })),
      decision,
    },
    compose,
    decisions: decisions(),
    questions: [],
  };
}

/** The image of a Dockerfile that is whole, where only a compose file is broken. */
function wholeImage({ facts, config, specification, replaced }: PlanInput, decide: Decide): Plan['images'] {
  const built = keptSet(facts, config, replaced)?.dockerfile;
  if (!built) return {};
  const { value } = planKeptImage({
    key: 'app',
    app: { name: 'app', service: undefined, built, isOnce: false },
    built,
    platforms: config.platforms ?? [],
    labels: planLabels(facts, specification),
    hasIgnore: true,
    decide,
  });
  return { app: { ...value, context: { root: built.dockerfile.context, needs: [], leavesOut: [] } } };
}
