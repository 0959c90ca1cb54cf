import { UserError } from '../../model/errors.ts';
import type { Decision, KeptFiles, Plan, Service, Setting } from '../../model/plan.ts';
import { together } from '../edits.ts';
import { sorted } from '../settings.ts';
import type { Member } from './member.ts';

/** Tables of the same kind as one: of one name the first counts, unless `join` makes one row of two. */
function joined<T>(
  tables: readonly Readonly<Record<string, T>>[],
  join: (a: T, b: T) => T = (a) => a,
): Record<string, T> {
  const rows = new Map<string, T>();
  for (const table of tables)
    for (const [name, row] of Object.entries(table)) {
      const before = rows.get(name);
      rows.set(name, before === undefined ? row : join(before, row));
    }
  return Object.fromEntries(rows);
}

/** A setting of several applications: required where one of them cannot do without. */
function joinSettings(a: Setting, b: Setting): Setting {
  const isOpen = (item: Setting) => item.required && item.default === undefined;
  return !isOpen(a) && isOpen(b) ? b : a;
}

/** A service of several applications: as the one needs it that cannot do without. */
const joinServices = (a: Service, b: Service): Service => (!a.required && b.required ? b : a);

/** Decisions about what is shared rest on what each application says. */
function joinDecisions(a: Decision, b: Decision): Decision {
  const seen = new Set(a.from.map((item) => JSON.stringify(item)));
  const more = b.from.filter((item) => !seen.has(JSON.stringify(item)));
  const assertions = [...new Set([...a.assertions, ...b.assertions])];
  return more.length === 0 && assertions.length === a.assertions.length
    ? a
    : { ...a, from: [...a.from, ...more], assertions };
}

type Form = KeptFiles['forms']['production'];

/** A form of several applications: the author's where there is one, else added for those that it works for. */
const joinForms = (a: Form, b: Form): Form =>
  (['author', 'added'] as const).find((value) => value === a || value === b) ?? 'none';

const joinKept = (a: KeptFiles, b: KeptFiles): KeptFiles => ({
  ...a,
  files: [...new Set([...a.files, ...b.files])].sort(),
  forms: {
    development: joinForms(a.forms.development, b.forms.development),
    production: joinForms(a.forms.production, b.forms.production),
  },
  services: joined([a.services, b.services]),
  notWritten: distinct([...a.notWritten, ...b.notWritten]),
  ...(a.edits || b.edits ? { edits: distinct([...(a.edits ?? []), ...(b.edits ?? [])]) } : {}),
  ...(a.settingsFile || b.settingsFile ? { settingsFile: true } : {}),
  ...(a.envFiles || b.envFiles
    ? { envFiles: joined([a.envFiles ?? {}, b.envFiles ?? {}], (item, other) => ({ ...other, ...item })) }
    : {}),
});

/** What stays of an author's files. What one application sees as somebody else's service may be another one. */
function keptOf(plans: readonly Plan[]): Pick<Plan, 'kept'> {
  const [first, ...more] = plans.flatMap(({ kept }) => kept ?? []);
  if (!first) return {};
  const kept = more.reduce(joinKept, first);
  const known = new Set(
    plans.flatMap(({ workloads, services }) => [...Object.keys(workloads), ...Object.keys(services)]),
  );
  const services = Object.fromEntries(Object.entries(kept.services).filter(([name]) => !known.has(name)));
  return { kept: { ...kept, services } };
}

/** Rows that several applications may have in common, each once. */
function distinct<T>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function refuseSameNames(members: readonly Member[]): void {
  const seen = new Map<string, string>();
  for (const { root, plan } of members) {
    // a container of the author's may hold several applications
    for (const name of [
      ...Object.entries(plan.workloads).flatMap(([name, { kept }]) => (kept ? [] : [name])),
      ...Object.keys(plan.services).map((host) => `service ${host}`),
    ]) {
      const other = seen.get(name);
      seen.set(name, root);
      if (other === undefined || name.startsWith('service ')) continue;
      throw new UserError({
        code: 'name-taken',
        message: `${other} and ${root} would both have a container named "${name}".`,
        next: ['Give one of the two packages, or its process, another name.'],
      });
    }
  }
}

/**
 * The deployment of several applications of a repository as one plan: an image and workloads for each, and what they share (backing services, settings,
 * secrets) once. The applications have names and ports that do not collide.
 */
export function deploymentOf(members: readonly Member[]): Plan {
  const all = [...members].sort((a, b) => (a.root < b.root ? -1 : 1));
  const plans = all.map(({ plan }) => plan);
  const [first] = plans;
  if (!first) throw new Error('no application to deploy');
  refuseSameNames(all);
  const of = <T>(get: (plan: Plan) => Readonly<Record<string, T>> | undefined, join?: (a: T, b: T) => T) =>
    joined(
      plans.map((plan) => get(plan) ?? {}),
      join,
    );
  const leftOut = distinct(plans.flatMap((plan) => plan.leftOut ?? []));
  const offers = distinct(plans.flatMap((plan) => plan.offers ?? []));
  const sites = of((plan) => plan.sites);
  const main = plans.find((plan) => Object.keys(plan.workloads).length > 0) ?? first;
  return {
    version: 1,
    name: first.name,
    archetype: main.archetype,
    images: of((plan) => plan.images),
    workloads: of((plan) => plan.workloads),
    services: of((plan) => plan.services, joinServices),
    volumes: of((plan) => plan.volumes),
    networks: of((plan) => plan.networks),
    secrets: sorted(of((plan) => plan.secrets)),
    settings: sorted(of((plan) => plan.settings, joinSettings)),
    routes: of((plan) => plan.routes),
    sources: plans.flatMap((plan) => plan.sources),
    edits: together(distinct(plans.flatMap((plan) => plan.edits))),
    ...(offers.length > 0 ? { offers } : {}),
    manual: distinct(plans.flatMap((plan) => plan.manual)),
    ...(Object.keys(sites).length > 0 ? { sites } : {}),
    applications: of((plan) => plan.applications),
    ci: first.ci,
    ...(first.specification ? { specification: first.specification } : {}),
    ...keptOf(plans),
    compose: first.compose,
    ...(leftOut.length > 0 ? { leftOut } : {}),
    decisions: sorted(of((plan) => plan.decisions, joinDecisions)),
    questions: distinct(plans.flatMap((plan) => plan.questions)),
  };
}

const tables = [
  'images',
  'workloads',
  'services',
  'volumes',
  'secrets',
  'settings',
  'routes',
  'sites',
  'applications',
] as const;

/** What a plan says of the things that another one names: the part of a deployment that some of its applications need. */
export function partOf(whole: Plan, part: Plan): Plan {
  const rows = tables.flatMap((table) => {
    const named = part[table];
    const all: Readonly<Record<string, unknown>> = whole[table] ?? {};
    return named ? [[table, Object.fromEntries(Object.keys(named).map((name) => [name, all[name]]))] as const] : [];
  });
  return { ...part, compose: whole.compose, decisions: whole.decisions, ...Object.fromEntries(rows) };
}
