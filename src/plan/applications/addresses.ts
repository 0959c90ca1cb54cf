import type { Decision, EnvVar, Image, Plan, Question, Setting } from '../../model/plan.ts';
import { configKey, type Member } from './member.ts';

/** An application that answers others, and the service where it does. */
type Answering = {
  readonly name: string;
  readonly host: string;
  readonly container: number;
  /** it is a service of the author's compose file */
  readonly kept: boolean;
  /** it renders pages: what is said of its address is said for browsers */
  readonly pages: boolean;
  /** its port on this machine, and the variable that says another one */
  readonly published: { readonly variable: string; readonly default: number } | undefined;
};

/** Names of variables that hold an address. */
const addressName = /(^|_)(URL|URI|ORIGIN|ENDPOINT|BASE|HOST)$/i;
/** Names that mean the one application that answers, without its own name. */
const apiName = /(^|_)(API|BACKEND|SERVER)(_|$)/i;
/** An address of this machine, as a development server is found. */
const localAddress = /^(https?:\/\/)(localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(\d{1,5}))?(\/[^\s]*)?$/i;

/** The service of an application itself. */
const mainOf = ({ name, plan }: Member): string => plan.applications?.[name]?.workloads[0] ?? name;

/** The applications of a deployment that answer requests of programs: no sites. */
const answering = (members: readonly Member[]): readonly Answering[] =>
  members.flatMap((member) => {
    const host = mainOf(member);
    const workload = member.plan.workloads[host];
    const port = workload?.shape === 'service' ? Object.values(workload.ports)[0] : undefined;
    return port
      ? [
          {
            name: member.name,
            host,
            container: port.container,
            kept: workload?.kept !== undefined,
            pages: member.plan.archetype === 'web-app',
            published: port.publish && { variable: port.publish.variable, default: port.publish.default },
          },
        ]
      : [];
  });

/** A site, whose pages ask from its own address: where browsers find it, and where they do while developing. */
type Site = {
  readonly name: string;
  readonly published: { readonly variable: string; readonly default: number };
  /** where the server of its tool listens */
  readonly port: number | undefined;
  readonly developed: number;
};

const sitesIn = (members: readonly Member[]): readonly Site[] =>
  members.flatMap((member): Site[] => {
    const workload = member.plan.workloads[mainOf(member)];
    const published = workload?.shape === 'site' ? Object.values(workload.ports)[0]?.publish : undefined;
    if (!workload || !published || workload.kept) return [];
    const { development } = workload;
    const port = development?.port;
    const { variable, default: usual } = published;
    const developed = development?.published ?? port ?? usual;
    return [{ name: member.name, published: { variable, default: usual }, port, developed }];
  });

/** Names of variables that hold where pages come from. */
const originName = /(^|_)(CORS|FRONTEND|CLIENT|WEB|SITE|UI|WEBSITE)(_|$)/i;
/** Where servers of tools listen that make pages, whatever a project has set since. */
const usualPorts: ReadonlySet<string> = new Set(['3000', '4173', '4200', '5173', '8080']);

/** Which site a variable of a server holds the address of: by the port of its development server, or as the only one. */
function siteOf({ name, text }: Variable, sites: readonly Site[]): Site | undefined {
  const local = localAddress.exec(text ?? '');
  if (text && !local) return undefined;
  const [first, ...more] = namesakes(name, sites);
  const byName = more.length === 0 ? first : undefined;
  if (!local) return byName;
  const byPort = sites.filter(({ port }) => String(port) === local[3]);
  if (byPort.length === 1) return byPort[0];
  if (byName) return byName;
  const isAny = originName.test(name) && (local[3] === undefined || usualPorts.has(local[3]));
  return isAny && sites.length === 1 ? sites[0] : undefined;
}

type Variable = { readonly name: string; readonly text: string | undefined };

/** What a variable holds where nobody sets it. */
function variableOf(value: EnvVar['value'], settings: Plan['settings']): Variable | undefined {
  if (value.from !== 'user') return undefined;
  const setting = settings[value.variable];
  return { name: value.variable, text: value.default ?? setting?.default ?? setting?.example };
}

const wordsOf = (name: string): string => `_${name.toUpperCase().replaceAll('-', '_')}_`;

/** The applications that a variable with an address is called after. */
const namesakes = <T extends { readonly name: string }>(variable: string, all: readonly T[]): readonly T[] =>
  addressName.test(variable) ? all.filter(({ name }) => wordsOf(variable).includes(wordsOf(name))) : [];

/**
 * Which application a variable holds the address of: by the port in its usual value, by its own name, or as the only one that answers. `several`: it
 * could be any of them. Undefined: it holds another address, or none.
 */
function targetOf({ name, text }: Variable, others: readonly Answering[]): Answering | 'several' | undefined {
  const local = text === undefined || text === '' ? undefined : localAddress.exec(text);
  if (text && !local) return undefined;
  const byPort = others.filter(({ container }) => String(container) === local?.[3]);
  const isAddress = addressName.test(name);
  const byName = namesakes(name, others);
  const [first, ...more] = byPort.length > 0 ? byPort : byName;
  if (first && more.length === 0) return first;
  const named = byPort.filter((other) => byName.includes(other));
  if (named.length === 1) return named[0];
  if (!isAddress || !apiName.test(name) || local?.[3] !== undefined) return undefined;
  return others.length > 1 ? 'several' : others[0];
}

/** The address of an application with the path of the address that was there. */
const addressOf = (text: string | undefined, host: string, port: number): string =>
  `http://${host}:${port}${localAddress.exec(text ?? '')?.[4] ?? ''}`;

type Found = {
  readonly args: Record<string, EnvVar>;
  readonly env: Record<string, EnvVar>;
  /** those that have another value while developing */
  readonly developed: Record<string, EnvVar>;
  readonly settings: Record<string, Setting>;
  readonly decisions: Record<string, Decision>;
  readonly questions: Question[];
};

const given = (variable: EnvVar, name: string, address: string, port?: Answering['published']): EnvVar => ({
  ...variable,
  value: { from: 'user', variable: name, required: false, default: address, ...(port ? { port } : {}) },
});

/** What the author's compose files say of several applications, by the name of each. */
export type Authored = {
  /** the services that run it */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** the variables that it is given, with their values */
  readonly values: ReadonlyMap<string, Readonly<Record<string, string>>>;
};

type AddressLookup = (variable: string) => { readonly name: string; readonly address: string } | undefined;

/** The address that the author gives a variable, where it leads to the service of another application: under the name and the port that this one has here. */
function authoredAddresses(
  { hosts, values }: Authored,
  { name: own }: Member,
  members: readonly Member[],
): AddressLookup {
  return (variable) => {
    const given = values.get(own) ?? {};
    const text = Object.hasOwn(given, variable) ? given[variable] : undefined;
    const [, host, path = ''] = /^https?:\/\/([\w.-]+)(?::[^/\s]*)?(\/[^\s$]*)?$/i.exec(text ?? '') ?? [];
    const target = members.find(({ name }) => name !== own && host !== undefined && hosts.get(name)?.includes(host));
    const service = target && mainOf(target);
    const port = service === undefined ? undefined : Object.values(target?.plan.workloads[service]?.ports ?? {})[0];
    return target && port && { name: target.name, address: `http://${service}:${port.container}${path}` };
  };
}

/** Writes down the address of a variable, and why it is that. */
type SetAddress = (key: string, variable: Variable, address: string, reason: Pick<Decision, 'choice' | 'why'>) => void;

/** The build arguments that hold addresses of others: what browsers ask. */
function linkArguments(
  { name: self, root, plan }: Member,
  others: readonly Answering[],
  found: Found,
  put: SetAddress,
): void {
  for (const [name, item] of Object.entries(plan.images[self]?.args ?? {})) {
    const variable = variableOf(item.value, plan.settings);
    const target = variable && targetOf(variable, others);
    if (target === 'several') found.questions.push(ask(name, root, item, others));
    if (!variable || target === undefined || target === 'several' || target.published === undefined) continue;
    const address = addressOf(variable.text, 'localhost', target.published.default);
    found.args[name] = given(item, variable.name, address, target.published);
    put(item.decision, variable, address, {
      choice: `${address}, unless it is set`,
      why: `pages call ${target.name} from the browser, which reaches it on its published port; the address is written into them at build time, so changing it needs a new build`,
    });
  }
}

/** The variables of an application that hold addresses of others, with those addresses. */
function linked(member: Member, others: readonly Answering[], sites: readonly Site[], said: AddressLookup): Found {
  const { name: self, plan } = member;
  const main = plan.workloads[mainOf(member)];
  const found: Found = { args: {}, env: {}, developed: {}, settings: {}, decisions: {}, questions: [] };
  const put: SetAddress = (key, variable, address, reason) => {
    const setting = plan.settings[variable.name];
    const before = plan.decisions[key];
    if (setting) found.settings[variable.name] = { ...setting, required: false, default: address };
    if (before) found.decisions[key] = { ...before, ...reason };
  };
  const fromSite = (
    name: string,
    item: EnvVar,
    variable: Variable,
    { name: site, published, developed }: Omit<Site, 'port'>,
  ): void => {
    const address = addressOf(variable.text, 'localhost', published.default);
    const local = addressOf(variable.text, 'localhost', developed);
    found.env[name] = given(item, variable.name, address, published);
    if (developed !== published.default)
      found.developed[name] = given(item, variable.name, local, { ...published, default: developed });
    put(item.decision, variable, address, {
      choice: `${address}, unless it is set`,
      why: `browsers load the pages of ${site} from its published port, and ${self} must allow that origin`,
    });
  };
  if (!main?.kept) linkArguments(member, others, found, put);
  for (const [name, item] of Object.entries(main?.kept ? {} : (main?.env ?? {}))) {
    const variable = item.secret || found.args[name] ? undefined : variableOf(item.value, plan.settings);
    const own = variable && said(name);
    if (own) {
      found.env[name] = given(item, variable.name, own.address);
      put(item.decision, variable, own.address, {
        choice: `${own.address}, unless it is set`,
        why: `your compose file points it to ${own.name}, and its service has that name here`,
      });
      continue;
    }
    const target = variable && targetOf(variable, others);
    const site = variable && target === undefined && main?.shape !== 'site' ? siteOf(variable, sites) : undefined;
    if (variable && site) fromSite(name, item, variable, site);
    if (!variable || target === undefined || target === 'several') continue;
    // a server that asks nothing of pages names them for links, and for whom it lets in
    if (target.pages && plan.archetype !== 'web-app' && target.published) {
      const { published } = target;
      fromSite(name, item, variable, { name: target.name, published, developed: published.default });
      continue;
    }
    const address = addressOf(variable.text, target.host, target.container);
    found.env[name] = given(item, variable.name, address);
    put(item.decision, variable, address, {
      choice: `${address}, unless it is set`,
      why: `${self} reaches ${target.name} by its service name inside the deployment`,
    });
  }
  return found;
}

const ask = (variable: string, root: string, item: EnvVar, others: readonly Answering[]): Question => ({
  key: `apps.${configKey(root)}.variables.${variable}.default`,
  ask: `Which application is at ${variable}?`,
  why: `The pages call one of several applications: ${others.map(({ name }) => name).join(', ')}. ${item.purpose}`,
  choices: others.flatMap(({ name, published }) =>
    published === undefined ? [] : [{ value: `http://localhost:${published.default}`, label: name }],
  ),
  default: 'the value in the project',
  from: [],
});

/** An image whose build arguments have these values where nobody sets them, in its Dockerfile too. */
const withArguments = (image: Image, args: Found['args']): Image => ({
  ...image,
  args: { ...image.args, ...args },
  stages: image.stages.map((stage) => ({
    ...stage,
    steps: stage.steps.map((step) => {
      const value = step.do === 'arg' ? args[step.name]?.value : undefined;
      return value?.from === 'user' && value.default !== undefined ? { ...step, default: value.default } : step;
    }),
  })),
});

type Proxies = NonNullable<NonNullable<Plan['sites']>[string]['proxies']>;

/** What a development server hands on belongs to the application that listens at that port, or to the only one that answers. */
const answeredBy =
  (others: readonly Answering[]) =>
  (proxy: Proxies[number]): Proxies[number] => {
    const byPort = others.filter(({ container }) => container === proxy.port);
    const [found, ...more] = byPort.length > 0 ? byPort : others;
    return found && more.length === 0 ? { ...proxy, host: found.host, port: found.container } : proxy;
  };

/**
 * The service that the development server of a site asks at localhost: in a container of its own it would find nobody there. Undefined: none, several, or
 * one that listens elsewhere in its container.
 */
function askedBeside(proxies: Proxies = [], others: readonly Answering[]): string | undefined {
  const asked = proxies.map(({ port }) => others.find((other) => other.container === port && !other.kept)?.host);
  return new Set(asked).size === 1 ? asked[0] : undefined;
}

/**
 * The applications with the addresses of each other, where it is clear which variable holds which: as browsers reach them in pages, else inside the
 * deployment. What lets in the pages of a site gets the address that browsers have them from. What the author's compose files say of an address
 * (`authored`) comes first.
 */
export function withAddresses(members: readonly Member[], authored?: Authored): readonly Member[] {
  const all = answering(members);
  const pages = sitesIn(members);
  return members.map((member) => {
    const others = all.filter(({ name }) => name !== member.name);
    const sites = pages.filter(({ name }) => name !== member.name);
    if (others.length === 0 && sites.length === 0) return member;
    const { plan, name } = member;
    const { args, env, developed, settings, decisions, questions } = linked(
      member,
      others,
      sites,
      authored ? authoredAddresses(authored, member, members) : () => undefined,
    );
    const image = plan.images[name];
    const pagesOf = plan.sites?.[name];
    const proxies = pagesOf?.proxies?.map(answeredBy(others));
    const withEnv = (workload: Plan['workloads'][string]) => {
      const { development } = workload;
      const own = Object.entries(developed).filter(([key]) => Object.hasOwn(workload.env, key));
      const beside = workload.shape === 'site' ? askedBeside(pagesOf?.proxies, others) : undefined;
      return {
        ...workload,
        env: Object.fromEntries(Object.entries(workload.env).map(([key, value]) => [key, env[key] ?? value])),
        ...(development && (own.length > 0 || beside !== undefined)
          ? {
              development: {
                ...development,
                ...(own.length > 0 ? { variables: Object.fromEntries(own) } : {}),
                ...(beside === undefined ? {} : { beside }),
              },
            }
          : {}),
      };
    };
    return {
      ...member,
      plan: {
        ...plan,
        ...(pagesOf && proxies ? { sites: { ...plan.sites, [name]: { ...pagesOf, proxies } } } : {}),
        ...(image && Object.keys(args).length > 0
          ? { images: { ...plan.images, [name]: withArguments(image, args) } }
          : {}),
        workloads: Object.fromEntries(Object.entries(plan.workloads).map(([key, item]) => [key, withEnv(item)])),
        settings: { ...plan.settings, ...settings },
        decisions: { ...plan.decisions, ...decisions },
        questions: [...plan.questions, ...questions],
      },
    };
  });
}
