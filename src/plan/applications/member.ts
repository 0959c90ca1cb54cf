import { isEnding } from '../../model/applications.ts';
import type { Facts } from '../../model/facts.ts';
import type { Plan, Workload } from '../../model/plan.ts';
import { builtWithout } from '../processes.ts';
import { imageVariable } from '../published.ts';
import { sorted } from '../settings.ts';

/** One of several applications of a repository: its plan says everything under names that no other one has. */
export type Member = {
  /** of its compose service, and of everything that belongs to it alone */
  readonly name: string;
  readonly root: string;
  readonly plan: Plan;
};

type Naming = {
  readonly name: string;
  /** of the deployment of all */
  readonly project: string;
  readonly facts: Pick<Facts, 'root' | 'data'>;
};

/** What all applications have in common: of one decision about it the first counts. */
const shared = /^(compose|header|production\..*|services\..*|settings\..*|kept|kept\.(services|elsewhere)\..*)$/;

/** Keys of the configuration that are about all applications. */
const ofAll = /^services\./;

/** What an application is called in a plan of its own. */
const ALONE = 'app';

const under = (name: string, key: string): string => (key === ALONE ? name : `${name}-${key}`);

/** The key of a decision in the deployment of several applications. */
function decisionKey(key: string, { name }: Naming, { settingOf, workloadOf }: Renaming): string {
  const [group = '', first = '', ...rest] = key.split('.');
  if (group === 'settings') return ['settings', settingOf(first), ...rest].join('.');
  if (group === 'workloads') return [group, workloadOf(first) ?? under(name, first), ...rest].join('.');
  if (group === 'images') return [group, under(name, first), ...rest].join('.');
  return shared.test(key) ? key : `${key}.${name}`;
}

/** A value in which every decision has its new key. */
function withDecisions<T>(value: T, keyOf: (key: string) => string): T {
  if (Array.isArray(value)) return value.map((item) => withDecisions(item, keyOf)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'decision' && typeof item === 'string' ? keyOf(item) : withDecisions(item, keyOf),
    ]),
  ) as T;
}

/** A table with other names, and with other rows where `rowOf` makes them. */
const renamed = <T>(
  record: Readonly<Record<string, T>>,
  nameOf: (key: string) => string,
  rowOf: (row: T, name: string) => T = (row) => row,
): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, row]) => [nameOf(key), rowOf(row, nameOf(key))]));

/** The variable that says at which port of this machine an application is reached. */
function portVariable(name: string, taken: Plan['settings']): string {
  const stem = name.toUpperCase().replaceAll('-', '_');
  const own = /^\d/.test(stem) ? `APP_${stem}` : stem;
  return taken[`${own}_PORT`] ? `${own}_PUBLISHED_PORT` : `${own}_PORT`;
}

/** What is called otherwise in the deployment of several. */
type Renaming = {
  readonly name: string;
  /** the variable of its port */
  readonly variable: string;
  readonly settingOf: (setting: string) => string;
  readonly volumeOf: (volume: string) => string;
  /** undefined: it is no workload of the application */
  readonly workloadOf: (other: string) => string | undefined;
};

/** What the workloads are called: those that the author's compose files start keep their names, and no other one gets a name that stands there. */
function workloadNames({ workloads, services, kept }: Plan, name: string): ReadonlyMap<string, string> {
  const taken = new Set([...Object.keys(kept?.services ?? {}), ...Object.keys(services)]);
  return new Map(
    Object.entries(workloads).map(([key, workload]) => {
      const own = under(name, key);
      return [key, workload.kept ? key : taken.has(own) ? `${own}-app` : own];
    }),
  );
}

function renamingOf(plan: Plan, { name, facts }: Naming): Renaming {
  const { workloads, settings } = plan;
  const names = workloadNames(plan, name);
  // what is the author's is called and published as the compose files say
  const all = Object.values(workloads).filter(({ kept }) => !kept);
  const isPublished = all.some(({ ports }) => Object.values(ports).some(({ publish }) => publish?.variable === 'PORT'));
  const variable = portVariable(name, settings);
  const own = new Set(all.flatMap(({ writable }) => writable.map(({ volume }) => volume)));
  const images = new Map(
    Object.values(workloads).flatMap(({ published, image, target }) =>
      published
        ? [[published.variable, imageVariable(`${under(name, image)}${target ? `-${target}` : ''}`)] as const]
        : [],
    ),
  );
  // the author's volumes keep their names, for what is in them
  const before = new Set(facts.data?.map(({ volume }) => volume));
  return {
    name,
    variable,
    settingOf: (setting) => (isPublished && setting === 'PORT' ? variable : (images.get(setting) ?? setting)),
    volumeOf: (volume) => (own.has(volume) && !before.has(volume) ? `${name}-${volume}` : volume),
    workloadOf: (other) => names.get(other),
  };
}

/**
 * The plan of one application as a part of the deployment of several: its workloads, images, volumes, routes and port are called after it. What is
 * shared (backing services, settings, secrets) keeps its name.
 */
export function asMember(plan: Plan, naming: Naming): Member {
  const { name, project, facts } = naming;
  const renaming = renamingOf(plan, naming);
  const keyOf = (key: string) => decisionKey(key, naming, renaming);
  const nameOf = (key: string) => renaming.workloadOf(key) ?? key;
  const { site, ...moved } = withDecisions(plan, keyOf);
  const names = Object.keys(plan.workloads).map(nameOf);
  return {
    name,
    root: facts.root,
    plan: {
      ...moved,
      name: project,
      images: renamed(
        moved.images,
        (key) => under(name, key),
        (image, key) => ({ ...image, name: project === key ? key : `${project}-${key}` }),
      ),
      workloads: renamed(builtBeside(moved.workloads), nameOf, (workload) => memberWorkload(workload, renaming)),
      volumes: renamed(moved.volumes, renaming.volumeOf),
      settings: sorted(
        renamed(moved.settings, renaming.settingOf, (setting, key) =>
          key === renaming.settingOf('PORT') && key !== 'PORT'
            ? { ...setting, purpose: `port on the host for ${name}` }
            : setting,
        ),
      ),
      routes: Object.fromEntries(Object.entries(moved.routes).map(([key, route]) => memberRoute(key, route, nameOf))),
      ...(site ? { sites: { [name]: site } } : {}),
      applications: { [name]: { root: facts.root, archetype: plan.archetype, workloads: names } },
      decisions: renamed(moved.decisions, keyOf),
      questions: moved.questions.map((question) => ({
        ...question,
        key: ofAll.test(question.key) ? question.key : `apps.${configKey(facts.root)}.${question.key}`,
      })),
    },
  };
}

/** What the keys of one application stand under in the configuration. */
export const configKey = (root: string): string => root.split('/').at(-1) ?? root;

/** A route under the name of the workload that answers it. */
function memberRoute(
  key: string,
  route: Plan['routes'][string],
  nameOf: (workload: string) => string,
): [string, Plan['routes'][string]] {
  const workload = nameOf(route.workload);
  const purpose = key.startsWith(`${route.workload}-`) ? key.slice(route.workload.length + 1) : key;
  return [`${workload}-${purpose}`, { ...route, workload }];
}

/** A job beside other applications is started by hand: it builds for itself alone. */
const builtBeside = (workloads: Plan['workloads']): Plan['workloads'] =>
  isEnding(workloads['app']?.shape) ? builtWithout('app', workloads) : workloads;

function memberWorkload(workload: Workload, { name, variable, settingOf, volumeOf, workloadOf }: Renaming): Workload {
  const { kept, published } = workload;
  return {
    ...workload,
    ...(published ? { published: { ...published, variable: settingOf(published.variable) } } : {}),
    image: under(name, workload.image),
    ...(workload.builtBy === undefined ? {} : { builtBy: workloadOf(workload.builtBy) ?? workload.builtBy }),
    hardening: `workloads.${name}.hardening`,
    ports: Object.fromEntries(
      Object.entries(workload.ports).map(([key, port]) => [
        key,
        port.publish?.variable === 'PORT' && !kept ? { ...port, publish: { ...port.publish, variable } } : port,
      ]),
    ),
    writable: workload.writable.map((row) =>
      row.volume === undefined || kept ? row : { ...row, volume: volumeOf(row.volume) },
    ),
    after: workload.after.map((row) => ({ ...row, name: workloadOf(row.name) ?? row.name })),
  };
}
