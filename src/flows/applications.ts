import { languages, loadLanguage } from '../languages/registry.gen.ts';
import type { Config } from '../model/config.ts';
import { configOf } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import { knownValue } from '../model/evidence.ts';
import type { Facts, Repository } from '../model/facts.ts';
import { nearest } from '../model/nearest.ts';
import type { Plan } from '../model/plan.ts';
import { visibleJson } from '../model/visible.ts';
import { withAddresses } from '../plan/applications/addresses.ts';
import { deploymentOf, partOf } from '../plan/applications/deployment.ts';
import { asMember, configKey, type Member } from '../plan/applications/member.ts';
import { applicationNames, type Called } from '../plan/applications/names.ts';
import { withPorts } from '../plan/applications/ports.ts';
import { refuseReserved } from '../plan/paths.ts';
import { makePlan, overridden } from '../plan/plan.ts';
import type { Project } from '../project/project.ts';
import type { LastApplication } from '../reconcile/state.ts';
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

/**
 * Which applications of a repository a command is about: those that the options name, else those that were generated earlier (`last`), else the only
 * one. Throws a UserError that lists them where that is not clear.
 */
export function selectApplications(
  { apps, others = [] }: Repository,
  { app, all }: Pick<FlowOptions, 'app' | 'all'>,
  last: ReadonlyMap<string, LastApplication>,
): Selection {
  if (apps.length === 0) {
    throw new UserError({
      code: 'no-app',
      message: `no application was found here: there is no ${manifestNames()} and no source file that starts one`,
      next: ['change to the folder of the application, or name it: `--cwd DIR`'],
    });
  }
  const every: readonly Called[] = [
    ...apps.map(({ root, name, scope }) => ({ root, name: name.value, ...(scope === undefined ? {} : { scope }) })),
    ...others.filter(({ application }) => application),
  ].sort((a, b) => (a.root < b.root ? -1 : 1));
  const roots = new Set(every.map(({ root }) => root));
  const before = [...last].filter(([, { root }]) => roots.has(root));
  const names =
    every.length > 1 ? applicationNames(every, new Map(before.map(([name, { root }]) => [root, name]))) : undefined;
  if (!all && app !== undefined) return { apps, names, chosen: named({ apps, others }, app, names) };
  const [only, ...more] = apps;
  if (only && more.length === 0) return { apps, names, chosen: [only] };
  if (all) return { apps, names, chosen: deployable(apps) };
  const again = apps.filter(({ root }) => before.some(([, one]) => one.root === root));
  if (again.length > 0) return { apps, names, chosen: again };
  throw ambiguous(apps, names);
}

/** A library is published, and nothing of it runs: it is deployed with others only where somebody names it. */
function deployable(apps: readonly Facts[]): readonly Facts[] {
  const running = apps.filter(({ archetype }) => knownValue(archetype) !== 'library');
  return running.length > 0 ? running : apps;
}

const titleOf = ({ root, name }: Facts, names: Selection['names']): string => names?.get(root) ?? name.value;

function named({ apps, others = [] }: Repository, asked: string, names: Selection['names']): readonly Facts[] {
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
      apps.find((app) => titleOf(app, names) === word),
      apps.find(({ root }) => root === word),
      apps.find(({ name }) => name.value === word),
    ].find((one) => one !== undefined);
    if (!matching) throw libraryNamed(others, word) ?? unknown(apps, word, names);
    return matching;
  });
  if (found.length === 0) throw ambiguous(apps, names);
  return apps.filter((app) => found.includes(app));
}

/** A package that is there, and that nothing starts. */
function libraryNamed(others: NonNullable<Repository['others']>, word: string): UserError | undefined {
  const found = others.find((one) => !one.application && (one.name === word || one.root === word));
  return (
    found &&
    new UserError({
      code: 'app-library',
      message: `${found.root} is no application: it has no script that starts it, so others import it or nobody does.`,
      next: ['Add a script "start" to it, or name an application: `dockwright inspect` lists them.'],
    })
  );
}

function unknown(apps: readonly Facts[], word: string, names: Selection['names']): UserError {
  const titles = apps.map((app) => titleOf(app, names));
  const near = nearest(word, titles);
  return new UserError({
    code: 'app-unknown',
    message: `no application is called "${word}"; there are: ${titles.join(', ')}`,
    next: [...(near ? [`did you mean ${near}?`] : []), ...wayOut(apps, names)],
  });
}

const wayOut = (apps: readonly Facts[], names: Selection['names']): readonly string[] =>
  apps.length > 1
    ? [
        `name one: \`--app ${names?.get(apps[0]?.root ?? '') ?? 'NAME'}\`; several with commas`,
        'deploy every one: `--all`',
      ]
    : ['leave out `--app`: there is no other application'];

const ambiguous = (apps: readonly Facts[], names: Selection['names']): UserError =>
  new UserError({
    code: 'app-ambiguous',
    message: `this repository holds several applications: ${apps.map((app) => titleOf(app, names)).join(', ')}`,
    next: wayOut(apps, names),
    details: {
      applications: apps.map((app) => ({
        name: titleOf(app, names),
        root: app.root,
        ...('value' in app.archetype ? { archetype: app.archetype.value } : {}),
      })),
    },
  });

/** What the deployment of all applications is called: as the configuration says, as the manifest in the root of the repository, or as its folder. */
async function projectName(project: Project, { name }: Config): Promise<string> {
  const written: string[] = [];
  for (const { name: language, manifests } of languages) {
    const loaded = manifests.some((manifest) => project.has(manifest)) ? await loadLanguage(language) : undefined;
    const found = loaded?.repositoryName?.(project);
    if (found !== undefined) written.push(found);
  }
  const candidates = [name, written[0], project.label].map((text) => imageName(text ?? ''));
  return candidates.find((text) => text !== '') ?? 'app';
}

/** A compose project is a part of host names, which are at most as long as this (RFC 1123). */
const LONGEST = 63;

const imageName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');

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
  const lost = new Set([...last].flatMap(([name, { root }]) => (before.has(name) ? [] : [root])));
  for (const facts of apps.filter((one) => chosen.includes(one) || lost.has(one.root))) {
    const name = nameOf(facts);
    const hosts = hostsOf([...before.values(), ...made].map(({ plan }) => plan));
    const own = ofMember(config, facts.root);
    const plan = await makePlan({
      ...rest,
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
    next: [...own, 'or leave it out: name the others, `--app NAME,NAME`'],
    exit,
  });
}

const startsSeveral = (files: readonly string[], name: string): UserError =>
  new UserError({
    code: 'compose-kept',
    message: `${files.join(', ')} of yours starts applications of this repository, and only one of them at a time is completed.`,
    next: [
      `name one: \`--app ${name}\``,
      'or have a generated set in the place of your files: `--set existing=replace`',
    ],
  });
