import { languages, loadLanguage } from '../languages/registry.gen.ts';
import { configOf } from '../model/application-config.ts';
import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import { plainName } from '../model/plain-name.ts';
import type { Plan } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import { visibleJson } from '../model/visible.ts';
import { type Authored, withAddresses } from '../plan/applications/addresses.ts';
import { deploymentOf, partOf } from '../plan/applications/deployment.ts';
import { asMember, configKey, type Member } from '../plan/applications/member.ts';
import { withPorts } from '../plan/applications/ports.ts';
import { withCi } from '../plan/ci.ts';
import { authorPorts } from '../plan/kept/ports.ts';
import { keptSet } from '../plan/kept/set.ts';
import { refuseReserved } from '../plan/paths.ts';
import { makePlan, overridden } from '../plan/plan.ts';
import type { Project } from '../project/project.ts';
import type { LastApplication } from '../reconcile/state.ts';
import { services } from '../services/registry.gen.ts';
import { isUndecided, leaveOut, type Selection, type SkippedApplication } from './selection.ts';

/** What the deployment of all applications is called: as the configuration says, as the manifest in the root of the repository, or as its folder. */
async function projectName(project: Project, { name }: Config): Promise<string> {
  const written: string[] = [];
  for (const { name: language, manifests } of languages) {
    const loaded = manifests.some((manifest) => project.has(manifest)) ? await loadLanguage(language) : undefined;
    const found = loaded?.repositoryName?.(project);
    if (found !== undefined) written.push(found);
  }
  const candidates = [name, written[0], project.label].map((text) => plainName(text ?? ''));
  return candidates.find((text) => text !== '') ?? 'app';
}

export type DeploymentInput = Omit<Parameters<typeof makePlan>[0], 'facts' | 'shared' | 'ignored'> & {
  readonly project: Project;
  readonly selection: Selection;
  readonly last: ReadonlyMap<string, LastApplication>;
  readonly ignored: (facts: Facts) => NonNullable<Parameters<typeof makePlan>[0]['ignored']>;
};

/** What was decided for several applications. */
export type Deployed = {
  /** those that the command is about, and all that are deployed */
  readonly members: readonly Member[];
  readonly all: readonly Member[];
  /** the plan of each of the first */
  readonly plan: Plan;
  /** the plan of all */
  readonly whole: Plan;
  /** of those that the command is about, the ones that nothing was decided for, and why */
  readonly leftOut: readonly SkippedApplication[];
  /** what is kept of all for the next run, by name */
  readonly state: ReadonlyMap<string, Required<LastApplication>>;
};

/**
 * Decides the deployment of several applications: each by itself, under names and ports that the others leave free, and with the others that were generated
 * earlier as they are. What an author's compose file starts has the names that it gives.
 */
export async function planApplications(input: DeploymentInput): Promise<Deployed> {
  const { selection, config, project, last, ignored, ...rest } = input;
  const { chosen, apps, names = new Map<string, string>() } = selection;
  const before = await lastPlans(last);
  const nameOf = ({ root, name }: Facts) => names.get(root) ?? name.value;
  const isChosen = new Set(chosen.map(nameOf));
  const fixed = [...before].flatMap(([name, { root, plan }]): Member[] =>
    isChosen.has(name) || !names.has(root) ? [] : [{ name, root, plan }],
  );
  const shared = { project: await projectName(project, config) };
  const made: Member[] = [];
  const leftOut: SkippedApplication[] = [];
  // one whose plan cannot be read any more is decided again
  const lost = new Set([...last].flatMap(([name, { root }]) => (before.has(name) || !names.has(root) ? [] : [root])));
  for (const root of lost) if (!apps.some((app) => app.root === root)) throw unreadable(root);
  for (const facts of apps.filter((app) => chosen.includes(app) || lost.has(app.root))) {
    const name = nameOf(facts);
    const hosts = hostsOf([...before.values(), ...made].map(({ plan }) => plan));
    const own = ofMember(config, facts.root);
    const plan = await makePlan({
      ...rest,
      specification: specificationFor(rest.specification, facts, chosen),
      config: own,
      facts,
      shared: { ...shared, hosts },
      ignored: ignored(facts),
    }).catch((error: unknown) => {
      const own = chosen.length > 1 ? ofApplication(error, name, facts.root) : error;
      if (!selection.every || before.has(name) || !isUndecided(own)) throw own;
      leftOut.push({ name, error: own });
    });
    if (!plan) continue;
    made.push(asMember(plan, { name, project: shared.project, facts }));
  }
  const [first] = leftOut;
  if (made.length === 0 && first) throw first.error;
  const plans = new Map([...before].map(([name, { plan }]) => [name, plan]));
  const members = withPorts(made, fixed, plans, authorsPorts(apps, input));
  const all = withAddresses([...members, ...fixed], authoredOf(apps, nameOf));
  refuseTwoSets(all);
  const about = all.filter(({ name }) => isChosen.has(name));
  const [alone] = about.length === 1 ? about : [];
  const publish = alone?.plan.publish ? { publish: alone.plan.publish } : {};
  const whole = await overridden(withCi({ ...deploymentOf(all), ...publish }, { config, ci: input.ci }), config);
  refuseReserved(whole);
  return {
    members: about,
    all,
    plan: about.length === all.length ? whole : { ...partOf(whole, deploymentOf(about)), ...publish },
    whole,
    leftOut: [...selection.leftOut, ...leftOut],
    state: await statePlans(all),
  };
}

/** What the author's compose files say of where the applications are, also where a generated set takes their place. */
function authoredOf(apps: readonly Facts[], nameOf: (facts: Facts) => string): Authored {
  const services = apps.map((facts) => {
    const sets = (facts.docker?.compose ?? []).filter(({ use }) => use === 'base' || use === 'production');
    const own = sets.flatMap((set) => set.services.filter(({ runs }) => runs === 'application'));
    return [nameOf(facts), own] as const;
  });
  const valuesOf = (all: (typeof services)[number][1]) =>
    Object.fromEntries(
      all.toReversed().flatMap(({ env }) => Object.entries(env).map(([name, { value }]) => [name, value ?? ''])),
    );
  return {
    hosts: new Map(services.map(([name, all]) => [name, all.map((item) => item.name)])),
    values: new Map(services.map(([name, all]) => [name, valuesOf(all)])),
  };
}

/** The ports of this machine that the author's compose files take, whichever of the applications they start. */
const authorsPorts = (
  apps: readonly Facts[],
  { config, replaced }: Pick<DeploymentInput, 'config' | 'replaced'>,
): number[] => [
  ...new Set(
    apps.flatMap((facts) => {
      const set = keptSet(facts, config, replaced);
      return set ? authorPorts(set) : [];
    }),
  ),
];

/** The kinds of backing services that any service is of, and those that an application uses. */
const serviceKinds: ReadonlySet<string> = new Set(services.flatMap(({ serves }) => serves.map(({ kind }) => kind)));
const kindsOf = (facts: Facts): ReadonlySet<string> =>
  new Set(
    services
      .filter(({ name }) => facts.services.some(({ service }) => service === name))
      .flatMap(({ serves }) => serves.map(({ kind }) => kind)),
  );

/**
 * What a specification, which speaks of the whole, asks of one of several applications: a backing service where it uses one of that kind; where none of them
 * does, of the first that answers requests.
 */
function specificationFor(
  specification: Specification | undefined,
  facts: Facts,
  chosen: readonly Facts[],
): Specification | undefined {
  if (!specification || chosen.length < 2) return specification;
  const first = chosen.find(({ archetype }) => knownValue(archetype) === 'web-service') ?? chosen[0];
  const own = kindsOf(facts);
  const isAsked = (kind: string) =>
    !serviceKinds.has(kind) || own.has(kind) || (facts === first && !chosen.some((item) => kindsOf(item).has(kind)));
  return { ...specification, requirements: specification.requirements.filter(({ kind }) => isAsked(kind)) };
}

/** The configuration of one of several applications: paths of the plan are those of the deployment of all. */
function ofMember(config: Config, root: string): Config {
  const { name: _name, overrides: _overrides, ...own } = configOf(config, root);
  return own;
}

const hostsOf = (plans: readonly Plan[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    plans.flatMap(({ services }) =>
      Object.entries(services).map(([host, { service }]): [string, string] => [service, host]),
    ),
  );

/** The plans of an earlier run that can still be read. */
async function lastPlans(
  last: ReadonlyMap<string, LastApplication>,
): Promise<ReadonlyMap<string, { readonly root: string; readonly plan: Plan }>> {
  if (last.size === 0) return new Map();
  // a large schema, which nothing else reads with
  const { PlanSchema } = await import('../model/plan.ts');
  const found = new Map<string, { root: string; plan: Plan }>();
  for (const [name, { root, plan: text }] of last) {
    const plan = text === undefined ? undefined : PlanSchema.safeParse(parsed(text)).data;
    if (!plan) continue;
    refuseReserved(plan);
    found.set(name, { root, plan });
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A library is published: nothing of it is deployed. */
const running = (all: readonly Member[]): readonly Member[] =>
  all.filter(({ plan }) => Object.keys(plan.workloads).length > 0);

/** What is kept of the applications for the next run: their plans, without what is offered once and without lines of sources, which move. */
async function statePlans(all: readonly Member[]): Promise<ReadonlyMap<string, Required<LastApplication>>> {
  const { PlanSchema } = await import('../model/plan.ts');
  return new Map(
    running(all).map(({ name, root, plan }) => {
      const decisions = Object.fromEntries(
        Object.entries(plan.decisions).map(([key, decision]) => [
          key,
          { ...decision, from: decision.from.map(({ line: _line, ...evidence }) => evidence) },
        ]),
      );
      // keys in one order, whether the plan was made now or read
      const kept = PlanSchema.parse({ ...plan, decisions, edits: [], manual: [], questions: [] });
      return [name, { root, plan: `${visibleJson(JSON.stringify(kept, null, 2))}\n` }];
    }),
  );
}

/** An error of one of several applications: which one, and where it is answered. */
function ofApplication(error: unknown, name: string, root: string): unknown {
  if (!(error instanceof UserError)) return error;
  const { code, message, where, next, exit } = error;
  const own = next.map((step) => step.replace(/--set (?!services\.)/g, `--set apps.${configKey(root)}.`));
  return new UserError({
    code,
    message: `${name}: ${message}`,
    ...(where ? { where } : {}),
    next: [...own, leaveOut],
    exit,
  });
}

/** The plan of an earlier run that this version does not read, of an application whose sources were not read. */
const unreadable = (root: string): UserError =>
  new UserError({
    code: 'state-outdated',
    message: `The record of ${root} was written by another version of Dockwright, which this version cannot read.`,
    next: ['Generate all deployed applications again: run `dockwright` without `--app`.'],
  });

/** Compose files of the author's in several places are several projects, and no deployment begins with all of them. */
function refuseTwoSets(all: readonly Member[]): void {
  const sets = all.map(({ name, root, plan }) => ({ name, root, files: plan.kept?.compose ?? [] }));
  const [first] = sets;
  const other = sets.find(({ files }) => files.join() !== first?.files.join());
  if (!first || !other) return;
  const started = [first, other].map(({ name, files }) =>
    files.length > 0 ? `${name} begins with ${files.join(', ')}` : `${name} with none`,
  );
  throw new UserError({
    code: 'compose-kept',
    message: `Your compose files start these applications separately: ${started.join(', and ')}.`,
    next: [
      `Complete each in its own folder: \`--cwd ${first.root}\``,
      'Or replace your files with one generated set for all applications: `--set existing=replace`',
    ],
  });
}
