import { languages, loadLanguage } from '../languages/registry.gen.ts';
import { configOf } from '../model/application-config.ts';
import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Facts, Repository } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import { nearest } from '../model/nearest.ts';
import { plainName } from '../model/plain-name.ts';
import type { Plan } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import { visibleJson } from '../model/visible.ts';
import { withAddresses } from '../plan/applications/addresses.ts';
import { deploymentOf, partOf } from '../plan/applications/deployment.ts';
import { asMember, configKey, type Member } from '../plan/applications/member.ts';
import { applicationNames } from '../plan/applications/names.ts';
import { withPorts } from '../plan/applications/ports.ts';
import { refuseReserved } from '../plan/paths.ts';
import { makePlan, overridden } from '../plan/plan.ts';
import type { Project } from '../project/project.ts';
import type { LastApplication } from '../reconcile/state.ts';
import { services } from '../services/registry.gen.ts';
import { manifestNames } from './language.ts';
import type { FlowOptions } from './options.ts';

/** The applications that a command is about. */
export type Selection = {
  /** in the order of their folders */
  readonly chosen: readonly Facts[];
  /** every application that was read */
  readonly apps: readonly Facts[];
  /** the names of all applications by their folders; undefined: the repository holds one, which needs none */
  readonly names: ReadonlyMap<string, string> | undefined;
};

/** One of all applications of a repository; the sources of some are not read. */
type Listed = Pick<Facts, 'root' | 'scope'> & { readonly name: Pick<Facts['name'], 'value'> };

const listed = ({ apps, others = [] }: Repository): readonly Listed[] =>
  [
    ...apps,
    ...others.flatMap(({ root, name, scope, application }): Listed[] =>
      application ? [{ root, name: { value: name }, ...(scope === undefined ? {} : { scope }) }] : [],
    ),
  ].sort((a, b) => (a.root < b.root ? -1 : 1));

/**
 * The applications whose sources are read, as `inspect` takes them: those that the options name, else those that were generated earlier, and those
 * whose kept plan was lost. Undefined: all.
 */
export function wantedApplications(
  { app, all }: Pick<FlowOptions, 'app' | 'all'>,
  last: ReadonlyMap<string, LastApplication>,
): string | undefined {
  if (all) return undefined;
  const before = [...last.values()].filter(({ plan }) => app === undefined || plan === undefined);
  const names = [...(app === undefined ? [] : [app]), ...before.map(({ root }) => root)];
  return names.length > 0 ? names.join(',') : undefined;
}

/**
 * Which applications of a repository a command is about: those that the options name, else those that were generated earlier (`last`), else the only
 * one. Throws a UserError that lists them where that is not clear.
 */
export function selectApplications(
  repository: Repository,
  { app, all }: Pick<FlowOptions, 'app' | 'all'>,
  last: ReadonlyMap<string, LastApplication>,
): Selection {
  const { apps } = repository;
  const every = listed(repository);
  if (every.length === 0) {
    throw new UserError({
      code: 'no-app',
      message: `no application was found here: there is no ${manifestNames()} and no source file that starts one`,
      next: ['change to the folder of the application, or name it: `--cwd DIR`'],
    });
  }
  const roots = new Set(every.map(({ root }) => root));
  const before = [...last].filter(([, { root }]) => roots.has(root));
  const given = new Map(before.map(([name, { root }]) => [root, name]));
  const names = every.length > 1 ? applicationNames(every, given) : undefined;
  const chosen = (facts: readonly Facts[]): Selection => ({
    apps,
    names,
    chosen: facts.map((one) => feasible(one, facts.length > 1)),
  });
  if (!all && app !== undefined) return chosen(named(repository, app, names));
  const [only] = apps;
  if (only && every.length === 1) return chosen([only]);
  if (all) return chosen(deployable(apps));
  const again = apps.filter(({ root }) => given.has(root));
  if (again.length > 0) return chosen(again);
  throw ambiguous(repository, names);
}

/** A library is published, and nothing of it runs: it is deployed with others only where somebody names it. */
function deployable(apps: readonly Facts[]): readonly Facts[] {
  const running = apps.filter(({ archetype }) => knownValue(archetype) !== 'library');
  return running.length > 0 ? running : apps;
}

/** Refuses an application that no deployment can be made of, before anything of it is decided or written. */
function feasible(facts: Facts, hasOthers: boolean): Facts {
  const { blocker } = facts;
  if (!blocker) return facts;
  const [place] = blocker.from;
  throw new UserError({
    code: blocker.code,
    message: blocker.message,
    ...(place?.file === undefined
      ? {}
      : { where: { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) } }),
    next: [...blocker.next, ...(hasOthers ? [leaveOut] : [])],
  });
}

const leaveOut = 'Or leave it out: name the others, `--app NAME,NAME`.';

const titleOf = ({ root, name }: Listed, names: Selection['names']): string => names?.get(root) ?? name.value;

function named(repository: Repository, asked: string, names: Selection['names']): readonly Facts[] {
  const { apps } = repository;
  const every = listed(repository);
  const words = asked
    .split(',')
    .map((word) =>
      word
        .trim()
        .replace(/^\.\//, '')
        .replace(/(.)\/$/, '$1'),
    )
    .filter((word) => word !== '');
  const found = words.map((word) => {
    const matching = [
      every.find((app) => titleOf(app, names) === word),
      every.find(({ root }) => root === word),
      every.find(({ name }) => name.value === word),
    ].find((one) => one !== undefined);
    if (!matching) throw unknown(repository, word, names);
    return matching.root;
  });
  if (found.length === 0) throw ambiguous(repository, names);
  return apps.filter(({ root }) => found.includes(root));
}

function unknown(repository: Repository, word: string, names: Selection['names']): UserError {
  const library = (repository.others ?? []).find((one) => !one.application && (one.name === word || one.root === word));
  if (library) {
    return new UserError({
      code: 'app-library',
      message: `${library.root} is no application: it has no script that starts it, so others import it or nobody does.`,
      next: ['Add a script "start" to it, or name an application: `dockwright inspect` lists them.'],
    });
  }
  const titles = listed(repository).map((app) => titleOf(app, names));
  const near = nearest(word, titles);
  return new UserError({
    code: 'app-unknown',
    message: `no application is called "${word}"; there are: ${titles.join(', ')}`,
    next: [...(near ? [`did you mean ${near}?`] : []), ...wayOut(titles)],
  });
}

const wayOut = (titles: readonly string[]): readonly string[] =>
  titles.length > 1
    ? [`name one: \`--app ${titles[0]}\`; several with commas`, 'deploy every one: `--all`']
    : ['leave out `--app`: there is no other application'];

function ambiguous(repository: Repository, names: Selection['names']): UserError {
  const every = listed(repository);
  const titles = every.map((app) => titleOf(app, names));
  const kindOf = (root: string) => repository.apps.find((app) => app.root === root)?.archetype;
  return new UserError({
    code: 'app-ambiguous',
    message: `this repository holds several applications: ${titles.join(', ')}`,
    next: wayOut(titles),
    details: {
      applications: every.map((app) => {
        const kind = kindOf(app.root);
        return {
          name: titleOf(app, names),
          root: app.root,
          ...(kind && 'value' in kind ? { archetype: kind.value } : {}),
        };
      }),
    },
  });
}

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
  /** what is kept of all for the next run, by name */
  readonly state: ReadonlyMap<string, Required<LastApplication>>;
};

/**
 * Decides the deployment of several applications: each by itself, under names and ports that the others leave free, and with the others that were generated
 * earlier as they are. Undefined: an author's compose file starts the only application that is chosen, and everything has the names that it gives.
 */
export async function planApplications(input: DeploymentInput): Promise<Deployed | undefined> {
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
  // one whose plan cannot be read any more is decided again
  const lost = new Set([...last].flatMap(([name, { root }]) => (before.has(name) || !names.has(root) ? [] : [root])));
  for (const root of lost) if (!apps.some((one) => one.root === root)) throw unreadable(root);
  for (const facts of apps.filter((one) => chosen.includes(one) || lost.has(one.root))) {
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
      throw chosen.length > 1 ? ofApplication(error, name, facts.root) : error;
    });
    if (plan.kept && plan.kept.compose.length > 0) {
      if (chosen.length === 1) return undefined;
      throw startsSeveral(plan.kept.compose, nameOf(chosen[0] ?? facts));
    }
    made.push(asMember(plan, { name, project: shared.project, facts }));
  }
  const plans = new Map([...before].map(([name, { plan }]) => [name, plan]));
  const members = withPorts(made, fixed, plans);
  const all = withAddresses([...members, ...fixed]);
  const about = all.filter(({ name }) => isChosen.has(name));
  const [alone] = about.length === 1 ? about : [];
  const publish = alone?.plan.publish ? { publish: alone.plan.publish } : {};
  const whole = await overridden({ ...deploymentOf(all), ...publish }, config);
  refuseReserved(whole);
  return {
    members: about,
    all,
    plan: about.length === all.length ? whole : { ...partOf(whole, deploymentOf(about)), ...publish },
    whole,
    state: await statePlans(all),
  };
}

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
    !serviceKinds.has(kind) || own.has(kind) || (facts === first && !chosen.some((one) => kindsOf(one).has(kind)));
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
    message: `What is kept of ${root} was written by another version of Dockwright, and is not read by this one.`,
    next: ['Generate everything that is deployed again: run `dockwright` without `--app`.'],
  });

const startsSeveral = (files: readonly string[], name: string): UserError =>
  new UserError({
    code: 'compose-kept',
    message: `${files.join(', ')} of yours starts applications of this repository, and only one of them at a time is completed.`,
    next: [
      `name one: \`--app ${name}\``,
      'or have a generated set in the place of your files: `--set existing=replace`',
    ],
  });
