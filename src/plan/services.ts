import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ExistingService } from '../model/existing.ts';
import type { Facts, ServiceUse } from '../model/facts.ts';
import type { Question } from '../model/plan.ts';
import type { Requirement, RequirementKind } from '../model/requirement.ts';
import type { BackingService, ServiceDetection } from '../services/contract.ts';
import { keepsRunning, type RunningServices } from './running.ts';

/** A backing service that the deployment gets, and everything that asks for it. */
export type ChosenService = {
  readonly name: string;
  readonly host: string;
  readonly detection: ServiceDetection;
  /** undefined: embedded, a file of the app, or outside */
  readonly service: BackingService | undefined;
  readonly role: string | undefined;
  readonly required: boolean;
  readonly client: string | undefined;
  readonly variables: readonly string[];
  readonly image: string | undefined;
  /** how the author's compose files run it */
  readonly existing: ServiceUse['existing'];
  readonly from: readonly Evidence[];
  readonly assertions: readonly string[];
  readonly by: 'detected' | 'config';
  /** the configuration or the specification asks for it, whatever the code shows */
  readonly isAsked: boolean;
  /** the author's compose files start it */
  readonly kept?: Pick<ExistingService, 'healthcheck'>;
};

export type ServiceRegistry = {
  readonly services: readonly ServiceDetection[];
  readonly load: (name: string) => Promise<BackingService | undefined>;
};

type Draft = { use?: ServiceUse; requirements: Requirement[]; role?: string | undefined };

const servesKind = (service: ServiceDetection, kind: RequirementKind) =>
  service.serves.find((served) => served.kind === kind);

/** The service of `drafts` that already serves a requirement, else the one that it names, else the first of its kind. */
function serviceFor(
  requirement: Requirement,
  drafts: ReadonlyMap<string, Draft>,
  services: readonly ServiceDetection[],
): ServiceDetection | undefined {
  const named = services.find((service) => service.name === requirement.service);
  if (named) return named;
  const able = services.filter((service) => servesKind(service, requirement.kind));
  return (
    able.find((service) => drafts.has(service.name)) ??
    able.find((service) => servesKind(service, requirement.kind)?.first)
  );
}

/** Of two roles the one that may lose nothing: a cache that is also a queue keeps what a queue keeps. */
function stricter(service: ServiceDetection, value: string | undefined, other: string | undefined): string | undefined {
  if (value === undefined || other === undefined) return value ?? other;
  return service.requiredByRole?.[value] || !service.requiredByRole?.[other] ? value : other;
}

/** One requirement's places as evidence. */
const evidenceOf = (requirement: Requirement): Evidence[] =>
  requirement.from.map((place) => ({
    file: place.file,
    line: place.line,
    ...(requirement.assertions[0] ? { assertion: requirement.assertions[0] } : {}),
    why: `${place.why}: ${place.text}`,
  }));

/**
 * Which backing services the deployment gets: those that the project uses, and those that clear requirements ask for.
 * Unclear requirements become questions, never services; `services.NAME` in the configuration overrules both. `hosts` are the compose services that other
 * applications of the deployment have, by the backing service; `running` are the compose services that were deployed before.
 */
export async function chooseServices(
  facts: Facts,
  requirements: readonly Requirement[],
  config: Config,
  registry: ServiceRegistry,
  hosts: Readonly<Record<string, string>> = {},
  running: RunningServices = {},
): Promise<{ chosen: readonly ChosenService[]; questions: readonly Question[] }> {
  const drafts = new Map<string, Draft>();
  for (const use of facts.services) drafts.set(use.service, { use, requirements: [], role: use.role });
  const questions: Question[] = [];
  for (const requirement of requirements) {
    const service = serviceFor(requirement, drafts, registry.services);
    if (!service) continue;
    const draft = drafts.get(service.name);
    if (requirement.certainty === 'unclear') {
      if (!draft && !questions.some((question) => question.key === `services.${service.name}`))
        questions.push(ask(service, requirement));
      continue;
    }
    const role = stricter(service, draft?.role, servesKind(service, requirement.kind)?.role);
    drafts.set(service.name, { ...draft, requirements: [...(draft?.requirements ?? []), requirement], role });
  }
  for (const [name, setting] of Object.entries(config.services ?? {})) {
    if (setting === false) drafts.delete(name);
    else if (!drafts.has(name)) drafts.set(name, { requirements: [], role: setting.role });
  }
  const chosen: ChosenService[] = [];
  for (const service of registry.services) {
    const draft = drafts.get(service.name);
    if (draft)
      chosen.push(await complete(service, draft, { config, registry, running }, { ...hosts, ...hostsOf(chosen) }));
  }
  return {
    chosen,
    // answered by the configuration, or settled by a clear sentence that came later
    questions: questions.filter((question) => {
      const name = question.key.slice('services.'.length);
      return !drafts.has(name) && !(name in (config.services ?? {}));
    }),
  };
}

/** The names of compose services that are taken, by what has them. */
const hostsOf = (chosen: readonly ChosenService[]): Readonly<Record<string, string>> =>
  Object.fromEntries(chosen.map(({ name, host }) => [name, host]));

/** Two services of one kind keep apart by their own names. */
const hostOf = ({ name, host }: ServiceDetection, hosts: Readonly<Record<string, string>>): string =>
  (Object.hasOwn(hosts, name) ? hosts[name] : undefined) ?? (Object.values(hosts).includes(host) ? name : host);

type ServiceContext = {
  readonly config: Config;
  readonly registry: ServiceRegistry;
  readonly running: RunningServices;
};

async function complete(
  detection: ServiceDetection,
  draft: Draft,
  { config, registry, running }: ServiceContext,
  hosts: Readonly<Record<string, string>>,
): Promise<ChosenService> {
  const setting = config.services?.[detection.name];
  const settings = setting === false ? undefined : setting;
  const service = detection.embedded || detection.outside ? undefined : await registry.load(detection.name);
  if (settings?.role !== undefined && service && !service.roles.includes(settings.role)) {
    throw new UserError({
      code: 'role-unknown',
      message: `The key "services.${detection.name}.role" is ${JSON.stringify(settings.role)}, a role that ${detection.title} cannot have`,
      next: [`Valid values: ${service.roles.join(', ')}`],
    });
  }
  const role = settings?.role ?? draft.role ?? service?.roles[0];
  const byRole = role === undefined ? undefined : detection.requiredByRole?.[role];
  const configured = !draft.use && draft.requirements.length === 0;
  const host = hostOf(detection, hosts);
  const before = Object.hasOwn(running, host) ? running[host] : undefined;
  const own = settings?.image ?? draft.use?.existing?.image;
  const usual = before && service?.container({ app: 'app', host, role }).image;
  const same = own === undefined ? keepsRunning(before, detection, service, usual) : undefined;
  return {
    name: detection.name,
    host,
    detection,
    service,
    role,
    required: settings?.required ?? byRole ?? draft.use?.required ?? detection.required,
    client: draft.use?.client,
    variables: draft.use?.variables ?? [],
    image: own ?? same?.image,
    existing: draft.use?.existing,
    from: [
      ...(draft.use?.from ?? []),
      ...(same ? [same.from] : []),
      ...draft.requirements.flatMap(evidenceOf),
      ...(configured ? [{ why: `services.${detection.name} is set in the configuration` }] : []),
    ],
    assertions: [...new Set(draft.requirements.flatMap((requirement) => requirement.assertions))].sort(),
    by: configured ? 'config' : 'detected',
    isAsked: settings !== undefined || draft.requirements.length > 0,
  };
}

function ask(service: ServiceDetection, requirement: Requirement): Question {
  return {
    key: `services.${service.name}`,
    ask: `Does the app need ${service.title}?`,
    why: `the specification may require it (${requirement.kind}), but is not clear: ${requirement.from[0]?.text ?? ''}`,
    choices: [
      { value: 'false', label: 'no' },
      { value: '{}', label: `yes, add ${service.title}` },
    ],
    default: 'false',
    from: evidenceOf(requirement),
  };
}
