import {
  converted,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Dependency, Facts, ServiceUse, Variable } from '../../../model/facts.ts';
import type { ServiceDetection } from '../../../services/contract.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import { type DeclaredDatabase, readDeclared } from '../modules/declared-database.ts';
import { embeddedOptions } from '../modules/embedded-options.ts';
import { packageOf } from '../modules/graph.ts';
import { type DisabledClient, disabledClients } from './disabled-clients.ts';
import { isAddressed, outsideNotes } from './service-addresses.ts';

type DraftVariable = Omit<Variable, 'secret'>;
type Part = NonNullable<Variable['part']>;

/** Which service a variable points to, and with which part of the connection. */
export type ConnectionPart = { readonly service: string; readonly part: Part };

/** The scheme of an address, lower case; undefined: it is none. */
const schemeOf = (text: string | undefined): string | undefined =>
  /^([a-z][a-z0-9+.-]*):/i.exec(text ?? '')?.[1]?.toLowerCase();

/** The backing services that reached source and its variables ask for. `pointing` says of each variable what it points to. */
export function readServices(
  context: AnalysisContext,
  variables: readonly DraftVariable[],
  dependencies: readonly Dependency[],
): { services: readonly ServiceUse[]; pointing: ReadonlyMap<string, ConnectionPart>; notes: Facts['notes'] } {
  const others = disabledClients(context);
  const clients = clientsOf(context, new Set(others.map((other) => other.package)));
  const declared = readDeclared(context.app);
  const shared = sharedClients(clients, declared, variables, context, dependencies);
  const inFiles = embeddedOptions(context);
  const byClient = services.filter(
    (serviceDetection) =>
      inFiles.some(({ service }) => service === serviceDetection) ||
      serviceDetection.clients.some(
        (client) => clients.has(client) && (isOwn(client) || shared.meant.includes(serviceDetection)),
      ),
  );
  const unused = others.flatMap(({ package: { name } }) =>
    services.filter((service) => service.clients.includes(name)),
  );
  const open = services.filter((service) => byClient.includes(service) || !unused.includes(service));
  const given = givenToClients(context, byClient);
  const pointing = wholeAccounts(pointingOf(variables, { byClient, open }, declared, given), given);
  const found = services.flatMap((service) => {
    const used = byClient.includes(service) ? service.clients.filter((value) => clients.has(value)) : [];
    const client = used.find(isOwn) ?? used[0];
    const own = variables.filter((variable) => pointing.get(variable.name)?.service === service.name);
    const inEvidence = inFiles.filter((inFile) => inFile.service === service).map(({ from }) => from);
    if (client === undefined && own.length === 0 && inEvidence.length === 0) return [];
    if (!isAddressed(service, client, own, pointing)) return [];
    const schemes = declared
      .filter((declaredDatabase) => service.schemes.includes(declaredDatabase.scheme))
      .map((declaredDatabase) => declaredDatabase.from);
    const settings = [...inEvidence.slice(0, 1), ...schemes];
    return [use(context, service, client, own, clients, dependencies, settings)];
  });
  // what points to an account of somebody else is the owner's to set
  const kept = new Map([...pointing].filter(([, { service }]) => found.some((item) => item.service === service)));
  return {
    services: found,
    pointing: kept,
    notes: [...shared.notes, ...otherNotes(others), ...outsideNotes(found, kept)],
  };
}

/**
 * Variables that the settings of a mapper name, and that no source reads: the package reads them itself. Only where the sources import a client of
 * that kind of database.
 */
export function readByMappers(context: AnalysisContext, read: ReadonlySet<string>): readonly DraftVariable[] {
  const reached = new Set(context.modules.packages.map((item) => item.name));
  return readDeclared(context.app).flatMap(({ scheme, variable, from }) => {
    const used = services.find(
      (service) => service.schemes.includes(scheme) && service.clients.some((client) => reached.has(client)),
    );
    if (variable === undefined || read.has(variable) || !used) return [];
    const form = used.embedded ? { example: 'file:./app.db' } : {};
    return [
      { name: variable, required: true, ...form, from: [{ ...from, why: `the address comes from ${variable}` }] },
    ];
  });
}

/** Whether only one service has a client: a mapper that speaks to several says nothing by itself. */
const isOwn = (client: string): boolean => services.filter((service) => service.clients.includes(client)).length === 1;

/** Which services the clients that several share are for: what else is used, what settings, imports and addresses say; else a note. */
function sharedClients(
  clients: ReadonlyMap<string, Evidence>,
  declared: readonly DeclaredDatabase[],
  variables: readonly DraftVariable[],
  context: AnalysisContext,
  dependencies: readonly Dependency[],
): { meant: readonly ServiceDetection[]; notes: Facts['notes'] } {
  const names = [...new Set(services.flatMap((service) => service.clients))].filter(
    (client) => clients.has(client) && !isOwn(client),
  );
  if (names.length === 0 || embeddedOptions(context).length > 0) return { meant: [], notes: [] };
  const candidates = services.filter((service) => service.clients.some((client) => names.includes(client)));
  const direct = services.filter((service) => service.clients.some((client) => clients.has(client) && isOwn(client)));
  const kinds = new Set(candidates.flatMap((candidate) => candidate.serves.map((served) => served.kind)));
  const installed = new Set(dependencies.filter((dependency) => !dependency.dev).map((dependency) => dependency.name));
  // the driver that the mapper loads by its name
  const driven = candidates.filter((candidate) =>
    candidate.clients.some((client) => isOwn(client) && installed.has(client)),
  );
  const isOther = driven.length === 1 && direct.every((serviceDetection) => !candidates.includes(serviceDetection));
  if (
    !isOther &&
    direct.some((serviceDetection) =>
      serviceDetection.serves.some((served) => kinds.has(served.kind) && served.kind === 'persistence'),
    )
  )
    return { meant: [], notes: [] };
  const words = new Set(
    context.modules.packages
      .filter((item) => names.includes(item.name))
      .flatMap((item) => item.at.specifier.slice(item.name.length).split(/[/-]/)),
  );
  const schemes = new Set(
    variables.flatMap((variable) => schemeOf(variable.default) ?? schemeOf(variable.example) ?? []),
  );
  const narrowed = [
    driven,
    candidates.filter((candidate) => declared.some((other) => candidate.schemes.includes(other.scheme))),
    candidates.filter((candidate) => [...candidate.schemes, ...candidate.clients].some((name) => words.has(name))),
    candidates.filter((candidate) => candidate.schemes.some((scheme) => schemes.has(scheme))),
    candidates.filter((candidate) =>
      variables.some(
        (variable) =>
          candidate.variables.some((row) => matchesName(row.match, variable.name)) &&
          isOnlyOf(candidate, variable.name, candidates),
      ),
    ),
  ].find((list) => list.length > 0);
  if (narrowed?.length === 1) return { meant: narrowed, notes: [] };
  const embedded = declared.some((declaredDatabase) =>
    services.some((service) => service.embedded && service.schemes.includes(declaredDatabase.scheme)),
  );
  if (embedded) return { meant: [], notes: [] };
  const from = names.flatMap((name) => clients.get(name) ?? []);
  const message = `${names.join(', ')} could be for ${candidates.map((candidate) => candidate.title).join(' or ')}, and it is unclear which`;
  return { meant: [], notes: [{ code: 'service-unclear', message, from }] };
}

const isOnlyOf = (service: ServiceDetection, name: string, candidates: readonly ServiceDetection[]): boolean =>
  candidates.every(
    (candidate) => candidate === service || !candidate.variables.some((row) => matchesName(row.match, name)),
  );

function use(
  context: AnalysisContext,
  service: ServiceDetection,
  client: string | undefined,
  own: readonly DraftVariable[],
  clients: ReadonlyMap<string, Evidence>,
  dependencies: readonly Dependency[],
  settings: readonly Evidence[],
): ServiceUse {
  const role = roleOf(context, service, clients);
  const at = client === undefined ? undefined : clients.get(client);
  const dependency = dependencies.find((dependency) => dependency.name === client);
  const required = role === undefined ? service.required : (service.requiredByRole?.[role] ?? service.required);
  return {
    service: service.name,
    ...(client === undefined ? {} : { client }),
    ...(role === undefined ? {} : { role }),
    required,
    variables: own.map((draftVariable) => draftVariable.name),
    from: [
      ...(at ? [at] : []),
      ...settings,
      ...(dependency ? [dependency.from] : []),
      ...own.flatMap((draftVariable) => draftVariable.from.slice(0, 1)),
    ],
  };
}

/**
 * What a service is used as. A client that serves only one role (a queue library) says it; else the names of the modules that bring the
 * client in, such as `src/cache.ts`, where they agree.
 */
function roleOf(
  context: AnalysisContext,
  service: ServiceDetection,
  clients: ReadonlyMap<string, Evidence>,
): string | undefined {
  const [byClient] = Object.entries(service.clientRoles ?? {}).filter(([client]) => clients.has(client));
  if (byClient) return byClient[1];
  const roles = [...new Set(service.serves.flatMap((serve) => serve.role ?? []))];
  const files = context.modules.packages
    .filter((item) => service.clients.includes(item.name))
    .map((item) => item.source.file.toLowerCase());
  const named = roles.filter((role) => files.some((file) => file.split(/[^a-z]+/).includes(role)));
  return named.length === 1 && files.every((file) => file.split(/[^a-z]+/).includes(named[0] ?? ''))
    ? named[0]
    : undefined;
}

/** Clients that the reached source uses: packages, built-in modules, and names of the runtime such as `Bun.sql`. */
function clientsOf(
  context: AnalysisContext,
  others: ReadonlySet<DisabledClient['package']>,
): ReadonlyMap<string, Evidence> {
  const found = new Map<string, Evidence>();
  const add = (name: string, at: Evidence) => {
    if (!found.has(name)) found.set(name, at);
  };
  for (const item of context.modules.packages) {
    if (others.has(item)) continue;
    const why = `${item.at.specifier} is imported`;
    const at = inSource(item.source, item.at.span.start, why);
    add(item.name, at);
    if (item.at.specifier !== item.name) add(item.at.specifier, at);
    for (const name of item.at.names) add(`${namespaceOf(context, item.name)}.${name.imported}`, at);
  }
  const wanted = new Set(services.flatMap((service) => service.clients.filter((client) => client.includes('.'))));
  for (const source of context.modules.sources) {
    for (const node of nodesOf(source.program, 'MemberExpression')) {
      const path = memberPath(node);
      if (path !== undefined && wanted.has(path)) add(path, inSource(source, node.start, `${path} is used`));
    }
  }
  return found;
}

/** What is said of a service whose client only another value of a variable would reach. */
const otherNotes = (others: readonly DisabledClient[]): Facts['notes'] =>
  others.flatMap(({ package: { name }, variable, value, from }, at) => {
    const service = services.find(({ clients }) => clients.includes(name));
    const isSaid = others.slice(0, at).some((other) => service?.clients.includes(other.package.name));
    const message = `${service?.title ?? name} is left out: ${variable} selects it, and is ${JSON.stringify(value)} by default`;
    return service && !isSaid ? [{ code: 'service-not-chosen', message, from: [from] }] : [];
  });

/** `import { sql } from 'bun'` is `Bun.sql`: the module under the name that the runtime's globals have. */
function namespaceOf(context: AnalysisContext, module: string): string {
  const own = context.runtime?.environment;
  const global = own?.globals[0]?.split('.')[0];
  return global !== undefined && own?.imports.some((imported) => imported.module === module) ? global : module;
}

/** What each variable points to: by the client that it is given to, by the scheme of its default or example, by its name, and by what the source uses. */
function pointingOf(
  variables: readonly DraftVariable[],
  // what a name alone may mean is none that is left out
  { byClient, open }: { readonly byClient: readonly ServiceDetection[]; readonly open: readonly ServiceDetection[] },
  declared: readonly DeclaredDatabase[],
  given: ReadonlyMap<string, ConnectionPart>,
): ReadonlyMap<string, ConnectionPart> {
  const found = new Map<string, ConnectionPart>();
  for (const variable of variables) {
    const handed = given.get(variable.name);
    if (handed) {
      found.set(variable.name, handed);
      continue;
    }
    const setting = declared.find((declaredDatabase) => declaredDatabase.variable === variable.name)?.scheme;
    const scheme = setting ?? schemeOf(variable.default) ?? schemeOf(variable.example);
    const ofScheme = scheme === undefined ? undefined : services.filter((service) => service.schemes.includes(scheme));
    if (ofScheme?.length) {
      const service = ofScheme.find((serviceDetection) => byClient.includes(serviceDetection)) ?? ofScheme[0];
      if (service) found.set(variable.name, { service: service.name, part: 'url' });
      continue;
    }
    const matches = open.flatMap((service) => {
      const row = service.variables.find((item) => matchesName(item.match, variable.name));
      return row ? [{ service, part: row.part, exact: !row.match.startsWith('*') }] : [];
    });
    const used = matches.filter((match) => byClient.includes(match.service));
    // a name alone says little (`DATABASE_URL` is of every database): the source has to use such a service, or only one can be meant
    const chosen = used[0] ?? (matches.length === 1 && matches[0]?.exact ? matches[0] : undefined);
    if (chosen) found.set(variable.name, { service: chosen.service.name, part: chosen.part });
  }
  return found;
}

/**
 * A variable that only its name makes the user of a service, and that has none for the password beside it, may be somebody else than the one that the
 * service is made with: it stays what the owner sets.
 */
function wholeAccounts(
  pointing: ReadonlyMap<string, ConnectionPart>,
  given: ReadonlyMap<string, ConnectionPart>,
): ReadonlyMap<string, ConnectionPart> {
  const has = (service: string, ...parts: Part[]) =>
    [...pointing.values()].some(
      (connectionPart) => connectionPart.service === service && parts.includes(connectionPart.part),
    );
  const isWhole = (name: string, { service, part }: ConnectionPart) =>
    part !== 'user' || given.has(name) || has(service, 'password', 'url');
  return new Map([...pointing].filter(([name, connectionPart]) => isWhole(name, connectionPart)));
}

/** What the options of clients are called, by the part of the connection. */
const optionParts: Readonly<Record<string, Part>> = {
  connectionString: 'url',
  url: 'url',
  endpoint: 'url',
  node: 'url',
  uri: 'url',
  host: 'host',
  hostname: 'host',
  port: 'port',
  user: 'user',
  username: 'user',
  password: 'password',
  accessKeyId: 'user',
  secretAccessKey: 'password',
  database: 'name',
};

/** What clients are handed one by one, where the next argument is no object of options: `new Sequelize(name, user, password, { host })`. */
const argumentParts: Readonly<Record<string, readonly Part[]>> = {
  sequelize: ['name', 'user', 'password'],
  'sequelize-typescript': ['name', 'user', 'password'],
  ioredis: ['port', 'host'],
  redis: ['port', 'host'],
};

/** The variables that the source hands to a client: `new Pool({ connectionString: env.PLACE })`, `new Redis(env.PLACE)`. */
function givenToClients(
  context: AnalysisContext,
  used: readonly ServiceDetection[],
): ReadonlyMap<string, ConnectionPart> {
  const found = new Map<string, ConnectionPart>();
  for (const source of context.modules.sources) {
    const local = new Map(
      source.imports.flatMap((imported) => {
        const client = packageOf(imported.specifier);
        // a library of queues is handed the name of the queue first
        const service = used.find((each) => each.clients.includes(client) && !each.clientRoles?.[client]);
        return service ? imported.names.map((name) => [name.local, { client, service: service.name }] as const) : [];
      }),
    );
    if (local.size === 0) continue;
    for (const node of nodesOf(source.program, 'NewExpression', 'CallExpression')) {
      const used = local.get(moduleName(source, node.callee) ?? '');
      if (used === undefined) continue;
      for (const [value, part] of argumentsOf(context, source, node.arguments, used.client)) {
        const variable = variableIn(context, value);
        if (variable !== undefined && !found.has(variable)) found.set(variable, { service: used.service, part });
      }
    }
  }
  return found;
}

/** The name of the import that a call is of: `pg` of `new pg.Pool()`, and of `new Pool()` where `const { Pool } = pg` took it out before. */
function moduleName(source: Source, callee: Node): string | undefined {
  const name = memberPath(callee)?.split('.')[0];
  const binding = name === undefined ? undefined : lookup(source, name, callee.start);
  const taken = binding?.kind === 'const' && binding.node.type === 'VariableDeclarator' ? binding.node.init : undefined;
  return (taken && memberPath(unwrap(taken))?.split('.')[0]) ?? name;
}

type Value = { readonly source: Source; readonly node: Node };

/** The values that a call hands to a client, each with the part of the connection that it is. */
function argumentsOf(
  context: AnalysisContext,
  source: Source,
  [first, ...others]: readonly Node[],
  client: string,
): readonly (readonly [Value, Part])[] {
  if (!first) return [];
  const names = argumentParts[client];
  const [second] = others;
  if (!names || !second || !isSingleValue(context, source, second)) return partsOf(context, source, first);
  const values = [first, ...others].slice(0, names.length);
  return [
    ...values.flatMap((node, index) => (names[index] ? [[{ source, node }, names[index]] as const] : [])),
    ...others.slice(names.length - 1).flatMap((node) => optionsOf(context, source, node)),
  ];
}

/** Whether an argument is one value of a connection: a variable, or a text or number that is written there. Options may come from a call. */
const isSingleValue = (context: AnalysisContext, source: Source, node: Node): boolean =>
  variableIn(context, { source, node }) !== undefined || unwrap(node).type === 'Literal';

function partsOf(
  context: AnalysisContext,
  source: Source,
  first: Node,
  isInner = false,
): readonly (readonly [Value, Part])[] {
  if (variableIn(context, { source, node: first }) !== undefined) return [[{ source, node: first }, 'url']];
  return optionsOf(context, source, first, isInner);
}

/** The values of an object of options, and of the object of the connection in it, as Knex takes it. */
function optionsOf(
  context: AnalysisContext,
  source: Source,
  options: Node,
  isInner = false,
  depth = 0,
): readonly (readonly [Value, Part])[] {
  const target = trace(context, source, options);
  if (target.kind !== 'syntax' || target.node.type !== 'ObjectExpression') return [];
  const { node, source: at } = target;
  const own = Object.entries(optionParts).flatMap(([name, part]) => {
    const value = property(node, name);
    return value ? [[{ source: at, node: value }, part] as const] : [];
  });
  // `{ ...settings, database: env.OTHER }`
  const spread =
    depth < 4 ? node.properties.flatMap((item) => (item.type === 'SpreadElement' ? [item.argument] : [])) : [];
  const shared = spread.flatMap((expression) => optionsOf(context, at, expression, isInner, depth + 1));
  const connection = isInner ? undefined : property(node, 'connection');
  return connection ? [...own, ...shared, ...partsOf(context, at, connection, true)] : [...own, ...shared];
}

/** The variable that a value is: also `env.X ?? ''`, `Number(env.X)`, `env.X ? Number(env.X) : 0` and `env.X.trim()`, not what a function makes of it. */
function variableIn(context: AnalysisContext, { source, node }: Value, depth = 0): string | undefined {
  const target = trace(context, source, node);
  if (target.kind === 'variable') return target.name;
  if (target.kind !== 'syntax' || depth > 4) return undefined;
  const at = target.node;
  const callee = at.type === 'CallExpression' ? unwrap(at.callee) : undefined;
  // where it is set it is the value; what chooses between two others is none
  if (at.type === 'ConditionalExpression') {
    const [test, value] = [at.test, at.consequent].map((expression) =>
      variableIn(context, { source: target.source, node: expression }, depth + 1),
    );
    return test === value ? value : undefined;
  }
  const inner =
    converted(at) ??
    (at.type === 'LogicalExpression' && at.operator !== '&&' ? at.left : undefined) ??
    (callee?.type === 'MemberExpression' ? callee.object : undefined);
  return inner && variableIn(context, { source: target.source, node: inner }, depth + 1);
}

const matchesName = (match: string, name: string): boolean =>
  match.startsWith('*') ? name.endsWith(match.slice(1)) : name === match;
