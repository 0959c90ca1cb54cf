import { posix } from 'node:path';
import { updateOf } from '../catalog/archived-distributions.ts';
import type { Config } from '../model/config.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { Plan, Step, Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';
import { key } from './execute.ts';

/** What an image is planned from. */
export type ImageContext = {
  readonly facts: Facts;
  readonly config: Config;
  readonly recipe: Recipe;
  readonly shape: Workload['shape'];
  readonly probes: Workload['probes'];
  readonly writable: Workload['writable'];
  readonly labels: Readonly<Record<string, string>>;
  readonly specification: Plan['specification'];
  readonly decide: Decide;
};

/** Whether the image brings an init of its own. A command gets the engine's (`--init`): it is run by hand, on any platform. */
export const bringsInit = ({ facts, shape }: Pick<ImageContext, 'facts' | 'shape'>): boolean =>
  needsInit(facts) && shape !== 'command';

/** Whether the app's own handler ends it on SIGTERM; if not, process 1 must be an init. */
export const needsInit = (facts: Facts) => !facts.signals.value.includes('SIGTERM');

/** Who ends the app on SIGTERM, as evidence: the handler, or the entry that registers none. */
export const signalReason = (facts: Facts): { by: 'detected'; from: readonly Evidence[] } => {
  const entry = knownValue(facts.entry);
  const none = {
    ...(entry ? { file: entry } : {}),
    why: 'the program that it starts registers no handler for SIGTERM',
  };
  return { by: 'detected', from: needsInit(facts) ? [none] : facts.signals.from };
};

/** When packages of the distribution are needed: while the app is installed and built, while it runs, or both. */
type NeededWhen = 'building' | 'running' | 'both';

/** What an image needs of the distribution, where it can be installed. */
export function systemSteps(
  { facts, decide, recipe }: Pick<ImageContext, 'facts' | 'decide' | 'recipe'>,
  stage: string,
  when: NeededWhen,
): Step[] {
  const { system, runPackages = [], buildPackages = [] } = facts;
  const special = when === 'building' ? buildPackages : runPackages;
  const all = when === 'running' ? special : [...system, ...special];
  if (all.length === 0) return [];
  const names = [...new Set(all.map(({ value }) => value))].sort();
  const decision = decide(key('stages', stage, 'system'), {
    choice: names.join(', '),
    why:
      special.length === 0
        ? 'needed by dependencies, and missing from slim images'
        : when === 'building'
          ? 'needed for installing and building, and missing from slim images'
          : 'needed by the running app, and missing from slim images',
    from: all.flatMap(({ from }) => from),
  });
  const install = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  return [
    {
      do: 'shell',
      script: [...updateOf(recipe.production.base.image), install, 'rm -rf /var/lib/apt/lists/*'],
      decision,
    },
  ];
}

/** The port and the address, as variables where the app reads them. */
export function ownVariables(facts: Facts): Record<string, string> {
  const port = knownValue(facts.port);
  const host = facts.host?.value;
  return {
    ...(port?.variable ? { [port.variable]: String(port.number) } : {}),
    ...(host?.variable ? { [host.variable]: '0.0.0.0' } : {}),
    ...Object.fromEntries(
      (facts.otherPorts ?? []).flatMap(({ value: { number, variable } }) =>
        variable === undefined ? [] : [[variable, String(number)]],
      ),
    ),
  };
}

/** The folders that volumes are mounted on, in the app and outside of it, and those of the app that folders of this machine are mounted on. */
export const volumesOf = ({ writable, facts }: Pick<ImageContext, 'writable' | 'facts'>): Workload['writable'] =>
  writable.filter(
    ({ kind, path, isFixed }) =>
      kind === 'volume' || (kind === 'bind' && !isFixed && posix.extname(path) === '' && isInApp(facts, path)),
  );

const isInApp = (facts: Facts, path: string): boolean => path.startsWith(`${foldersOf(facts).image}/`);

/** Folders for volumes, with the owner that a new volume takes over. */
export function writableSteps(context: Pick<ImageContext, 'writable' | 'recipe' | 'facts'>): Step[] {
  const { recipe, facts } = context;
  const volumes = volumesOf(context);
  const { uid, gid } = recipe.production.base;
  const chown = `${uid}:${gid}`;
  const inside = volumes.find(({ path }) => isInApp(facts, path));
  const outside = volumes.filter(({ path }) => !isInApp(facts, path));
  return [
    ...(inside ? [folder(`${foldersOf(facts).image}/`, './', chown, inside.decision)] : []),
    ...outside.map(({ path, decision }) => folder(`${path}/`, `${path}/`, chown, decision)),
  ];
}

const folder = (path: string, to: string, chown: string, decision: string): Step => ({
  do: 'copy',
  from: 'writable',
  sources: [`/writable${path}`],
  to,
  chown,
  decision,
});
