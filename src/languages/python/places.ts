/** What variables are used as, by where they stand: `HOST` of a database of Django, `host=` of a call that connects. */
import { type Expression, expressionsOf, pathOf, statementsOf, valuesIn } from '../../formats/python/index.ts';
import type { Variable } from '../../model/facts.ts';
import type { ServiceDetection } from '../../services/contract.ts';
import { services } from '../../services/registry.gen.ts';
import { type App, type Module, resolve } from './app.ts';

type Part = NonNullable<Variable['part']>;

/** Keywords and keys of the parts of a connection, in lower case. */
const parts: Readonly<Record<string, Part>> = {
  host: 'host',
  hostname: 'host',
  server: 'host',
  port: 'port',
  user: 'user',
  username: 'user',
  password: 'password',
  passwd: 'password',
  pwd: 'password',
  db: 'name',
  database: 'name',
  dbname: 'name',
  name: 'name',
  dsn: 'url',
  url: 'url',
};

/** A service that a variable is a part of, by the name of the variable. */
export type ConnectionPlaces = ReadonlyMap<string, { readonly service: string; readonly part: Part }>;

/** Where variables stand in connections; `names` are the variables that the application reads. */
export function placesOf(app: App, names: ReadonlySet<string>): ConnectionPlaces {
  const found = new Map<string, { readonly service: string; readonly part: Part }>();
  for (const module of app.modules) {
    const given = new Map<string, Expression>();
    for (const statement of statementsOf(module.syntax.body))
      if (statement.kind === 'assign' && statement.value)
        for (const target of statement.targets) if (target.kind === 'name') given.set(target.name, statement.value);
    const add = (service: ServiceDetection, key: string, value: Expression) => {
      const part = Object.hasOwn(parts, key.toLowerCase()) ? parts[key.toLowerCase()] : undefined;
      const name = part && variableIn(value, names, given);
      // a number of a database is no name of one
      if (name !== undefined && part && !(part === 'name' && !service.login?.database))
        found.set(name, { service: service.name, part });
    };
    for (const expression of expressionsOf(module.syntax.body)) {
      const service = serviceOf(app, module, expression);
      if (!service) continue;
      if (expression.kind === 'dictionary')
        for (const [key, value] of expression.entries) if (key.kind === 'text') add(service, key.value, value);
      if (expression.kind === 'call')
        for (const { name, value } of expression.args) if (name !== undefined) add(service, name, value);
    }
  }
  return found;
}

/** The service that a dictionary with its engine, or a call of its client, connects to. */
function serviceOf(app: App, module: Module, expression: Expression): ServiceDetection | undefined {
  if (expression.kind === 'dictionary') {
    const engine = expression.entries.find(([key]) => key.kind === 'text' && key.value === 'ENGINE')?.[1];
    const values = engine && valuesIn(engine);
    const texts = (values ?? []).flatMap((part) => (part.kind === 'text' ? [part.value] : []));
    return services.find(
      ({ dialect }) =>
        dialect !== undefined && texts.some((text) => text.split('.').some((word) => word.startsWith(dialect))),
    );
  }
  if (expression.kind !== 'call' || !expression.args.some(({ name }) => name !== undefined)) return undefined;
  const path = pathOf(expression.callee);
  const top = path === undefined ? '' : (resolve(app, module, path).split('.')[0] ?? '');
  const client = clients[top] ?? top;
  return client === '' ? undefined : services.find((service) => !service.embedded && service.clients.includes(client));
}

/** Modules of clients that are installed under another name. */
const clients: Readonly<Record<string, string>> = { MySQLdb: 'mysqlclient', mysql: 'mysql-connector-python' };

/** The one variable that a value is read from, also by a name that was given it; undefined: none, or several. */
function variableIn(
  value: Expression,
  names: ReadonlySet<string>,
  given: ReadonlyMap<string, Expression>,
): string | undefined {
  const whole = value.kind === 'name' ? given.get(value.name) : value;
  if (!whole) return undefined;
  const inside = valuesIn(whole);
  const read = new Set(
    inside.flatMap((expression) =>
      expression.kind === 'text' && names.has(expression.value) ? [expression.value] : [],
    ),
  );
  const [only] = read;
  return read.size === 1 ? only : undefined;
}
