import { nameMatcher } from '../../catalog/variable-names.ts';
import { expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Dependency, ServiceUse, Variable } from '../../model/facts.ts';
import type { ServiceDetection } from '../../services/contract.ts';
import { services } from '../../services/registry.gen.ts';
import { type App, type Module, present, resolve } from './app.ts';
import { placesOf } from './places.ts';

/** Distributions whose modules have another name, by the module. */
const distributions: Readonly<Record<string, string>> = {
  psycopg: 'psycopg',
  psycopg2: 'psycopg2',
  MySQLdb: 'mysqlclient',
  rq: 'rq',
  sqlite3: 'sqlite3',
};

const schemeOf = (text: string | undefined): string | undefined =>
  /^([a-z][a-z0-9+.-]*):/i.exec(text ?? '')?.[1]?.toLowerCase();

/** The packages that the modules import and the project depends on, as services know their clients. */
function clientsOf(app: App, dependencies: readonly Dependency[]): ReadonlyMap<string, Module | undefined> {
  const found = new Map<string, Module | undefined>();
  for (const module of app.modules)
    for (const whole of module.names.values()) {
      const [top = ''] = whole.split('.');
      const name = distributions[top] ?? top;
      if (!found.has(name)) found.set(name, module);
    }
  // a driver is imported by nobody but the library that an address names it for
  for (const { name, dev } of dependencies) if (!dev && !found.has(name)) found.set(name, undefined);
  return found;
}

type Draft = Pick<Variable, 'name' | 'required' | 'default' | 'example' | 'from'>;
type ConnectionPart = {
  readonly service: string;
  readonly part: NonNullable<Variable['part']>;
  readonly scheme?: string;
  /** what it looks like, where no file of the project says it */
  readonly example?: string;
};

/** The backing services that an application uses, and what its variables point to. */
export function readServices(
  app: App,
  variables: readonly Draft[],
  dependencies: readonly Dependency[],
): { readonly services: readonly ServiceUse[]; readonly pointing: ReadonlyMap<string, ConnectionPart> } {
  const clients = clientsOf(app, dependencies);
  const used = services.filter((service) => service.clients.some((client) => clients.has(client)));
  const pointing = new Map<string, ConnectionPart>();
  const placed = placesOf(app, new Set(variables.map(({ name }) => name)));
  for (const variable of variables) {
    const found = pointingOf(variable, used) ?? placed.get(variable.name) ?? fileOf(variable, used, clients);
    const scheme = found?.part === 'url' ? spelling(app, variable, found.service, clients) : undefined;
    if (found) pointing.set(variable.name, { ...found, ...present('scheme', scheme) });
  }
  const pointed = services.filter((serviceDetection) =>
    [...pointing.values()].some(({ service }) => service === serviceDetection.name),
  );
  const needed = services.filter(
    (service) => pointed.includes(service) || (used.includes(service) && isOnlyMeant(service, clients)),
  );
  return {
    services: needed.map((serviceDetection) => useOf(serviceDetection, pointing, clients, variables)),
    pointing,
  };
}

/** A file of the application needs no variable; a server is used where a variable says where it is. */
const isOnlyMeant = ({ embedded }: ServiceDetection, clients: ReadonlyMap<string, unknown>): boolean =>
  embedded === true && !clients.has('psycopg') && !clients.has('asyncpg') && !clients.has('psycopg2');

function pointingOf(
  { name, default: value, example }: Draft,
  used: readonly ServiceDetection[],
): ConnectionPart | undefined {
  const scheme = schemeOf(value) ?? schemeOf(example);
  const base = scheme?.split('+')[0];
  const ofScheme = base === undefined ? undefined : services.filter((service) => service.schemes.includes(base));
  const [meant] = ofScheme ?? [];
  // where a file stands in while developing, production has the server whose driver is there
  const server = used.find(({ embedded, variables: rows }) => !embedded && rows.some((row) => row.match === name));
  if (meant && !(meant.embedded && server))
    return {
      service: (ofScheme?.find((serviceDetection) => used.includes(serviceDetection)) ?? meant).name,
      part: 'url',
    };
  for (const serviceDetection of used) {
    const row = serviceDetection.variables.find(({ match }) => nameMatcher([match])(name));
    if (row) return { service: serviceDetection.name, part: row.part };
  }
  const prefixed = behindPrefix(name, used);
  if (prefixed) return prefixed;
  const others = services.filter((service) => service.variables.some(({ match }) => match === name));
  const [only] = others;
  const part = only?.variables.find(({ match }) => match === name)?.part;
  return others.length === 1 && only && part !== undefined ? { service: only.name, part } : undefined;
}

/** The address of a database for a mapper that has the driver of no server: it is that of a file, whose driver Python brings. */
function fileOf(
  { name }: Draft,
  used: readonly ServiceDetection[],
  clients: ReadonlyMap<string, unknown>,
): ConnectionPart | undefined {
  const embedded = services.find((service) => service.embedded);
  const isMapped = [...mappers].some((mapper) => clients.has(mapper));
  const isServed = used.some(({ drivers, dialect, embedded: isFile }) => !isFile && (drivers || dialect));
  if (!embedded || !isMapped || isServed) return undefined;
  const isAddress = services.some(({ variables, dialect }) =>
    variables.some(({ match, part }) => dialect !== undefined && part === 'url' && nameMatcher([match])(name)),
  );
  if (!isAddress) return undefined;
  const driver = clients.has('aiosqlite') ? '+aiosqlite' : '';
  return { service: embedded.name, part: 'url', example: `sqlite${driver}:///app.db` };
}

const mappers = new Set(['sqlalchemy', 'flask_sqlalchemy', 'flask-sqlalchemy', 'sqlmodel', 'peewee']);

/** The usual name of a variable of a service that is used, behind words of the application: `SHOP_POSTGRES_HOST`; undefined: none, or one of several services. */
function behindPrefix(name: string, used: readonly ServiceDetection[]): ConnectionPart | undefined {
  const words = name.toUpperCase().split('_');
  for (let at = 1; at < words.length - 1; at += 1) {
    const rest = words.slice(at).join('_');
    const found = used.flatMap((serviceDetection) =>
      serviceDetection.variables.flatMap(({ match, part }) =>
        match === rest && !serviceDetection.embedded ? [{ service: serviceDetection.name, part }] : [],
      ),
    );
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** How the library that gets an address wants it spelled; undefined: as it is usual. */
function spelling(
  app: App,
  { default: value, example }: Draft,
  service: string,
  clients: ReadonlyMap<string, unknown>,
): string | undefined {
  const written = schemeOf(value) ?? schemeOf(example);
  if (
    written?.includes('+') &&
    services.some(({ name, schemes }) => name === service && schemes.includes(written.split('+')[0] ?? ''))
  )
    return written;
  if (!clients.has('sqlalchemy') && !clients.has('sqlmodel')) return undefined;
  const isAsync = callsOf(app).some((call) => /create_async_engine$|async_engine_from_config$/.test(call));
  const drivers = services.find(({ name }) => name === service)?.drivers ?? {};
  const own = Object.entries(drivers).flatMap(([client, item]) => (clients.has(client) ? [item] : []));
  const found = isAsync ? own.find((item) => item.isAsync) : own.find((item) => !item.isAsync);
  return found?.scheme;
}

/** What the modules call. */
const callsOf = (app: App): readonly string[] =>
  app.modules.flatMap((module) =>
    expressionsOf(module.syntax.body).flatMap((expression) => {
      const path = expression.kind === 'call' ? pathOf(expression.callee) : undefined;
      return path === undefined ? [] : [resolve(app, module, path)];
    }),
  );

function useOf(
  serviceDetection: ServiceDetection,
  pointing: ReadonlyMap<string, ConnectionPart>,
  clients: ReadonlyMap<string, Module | undefined>,
  variables: readonly Draft[],
): ServiceUse {
  const names = [...pointing].flatMap(([name, { service }]) => (service === serviceDetection.name ? [name] : []));
  const client = serviceDetection.clients.find((name) => clients.has(name));
  const role = client === undefined ? undefined : serviceDetection.clientRoles?.[client];
  const module = client === undefined ? undefined : clients.get(client);
  const seen = module ? [{ file: module.syntax.file, why: `${client} is imported` }] : [];
  const read = variables.filter(({ name }) => names.includes(name)).flatMap(({ from }) => from.slice(0, 1));
  const isNeeded = names.some((name) => variables.find((variable) => variable.name === name)?.required);
  return {
    service: serviceDetection.name,
    ...present('client', client),
    ...present('role', role ?? roleOf(serviceDetection, names)),
    required: serviceDetection.required || isNeeded,
    variables: names,
    from: [...seen, ...read],
  };
}

/** The broker of a queue is one by the name of its variable. */
const roleOf = (serviceDetection: ServiceDetection, names: readonly string[]): string | undefined =>
  serviceDetection.clientRoles && names.some((name) => /BROKER|QUEUE/.test(name)) ? 'queue' : undefined;
