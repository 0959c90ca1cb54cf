import type { ExistingService } from '../../model/existing.ts';
import type { Facts, Variable } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { Part } from '../../services/contract.ts';
import type { Adopted } from './services.ts';
import type { KeptSet } from './set.ts';

type Connected = 'url' | 'host' | 'port' | 'user' | 'password' | 'name';
type Meaning = { readonly service: Adopted; readonly part: Connected };

/** What a variable of the author's compose files needs to hold, so that the services that they start find each other. */
export type ValueSuggester = (name: string) => SuggestedValue | undefined;

/**
 * `isTold`: the author's compose file gives it to the container of the database as it is, so that no other value is right. `secret` is that of a password,
 * where no variable holds it: to be shown to nobody.
 */
export type SuggestedValue = { readonly value: string; readonly isTold?: true; readonly secret?: string };

/** A whole value that is one variable, by its name. */
const onlyVariable = (text: string | null): string | undefined => {
  const found = /^\$(?:\{([A-Za-z_]\w*)(?::?\?[^{}]*)?\}|([A-Za-z_]\w*))$/.exec(text ?? '');
  return found?.[1] ?? found?.[2];
};

/** Addresses of the machine that a process runs on: in a container nothing else listens there. */
const isLoopback = (text: string): boolean => /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?)$/i.test(text);

/**
 * Values for variables that the author's compose files leave open, by what the services do with each: an account of a database that the files
 * start, the name and the port under which it is reached, the port of the application, and what the application takes by itself. `more`: names that are
 * set, too.
 */
export function suggestions(
  { base, production, apps }: KeptSet,
  facts: Facts,
  adopted: readonly Adopted[],
  more: readonly string[] = [],
): ValueSuggester {
  const services = [...(base?.services ?? []), ...(production?.services ?? [])];
  const aliases = aliasesOf(services);
  const asked = new Set([
    ...[base, production].flatMap((item) => Object.keys(item?.variables ?? {})),
    ...facts.variables.map((variable) => variable.name),
    ...more,
  ]);
  const port = knownValue(facts.port);
  return (name) => {
    const names = [name, ...(aliases.get(name) ?? [])];
    const read = names.flatMap((value) => facts.variables.find((variable) => variable.name === value) ?? []);
    const meaning = meaningOf(names, read, services, adopted);
    if (meaning) {
      const value = partValue(name, meaning, read, facts.name.value, (value) => asked.has(value));
      const secret = meaning.part === 'password' ? toldIn(meaning) : undefined;
      return value === undefined
        ? undefined
        : {
            value,
            ...(toldIn(meaning) === undefined ? {} : { isTold: true }),
            ...(secret === undefined ? {} : { secret }),
          };
    }
    const fallback = read.find(
      (item) => item.default !== undefined && !item.secret && !isLoopback(item.default),
    )?.default;
    if (fallback !== undefined && fallback !== '') return { value: fallback };
    const isPort = names.some(
      (value) => value === port?.variable || value === 'PORT' || /^(APP|API|SERVER|WEB|HTTP|NODE)_?PORT$/.test(value),
    );
    if (isPort && port && apps.length > 0) return { value: String(port.number) };
    return undefined;
  };
}

/** Under which names the containers get the variables of the host: `POSTGRES_DB: ${DB}` gives DB the name POSTGRES_DB. */
function aliasesOf(services: readonly ExistingService[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { env } of services)
    for (const [key, { value }] of Object.entries(env)) {
      const name = onlyVariable(value);
      if (name !== undefined && name !== key) found.set(name, [...(found.get(name) ?? []), key]);
    }
  return found;
}

/** The part of a connection that a variable is: what the container of the database takes it for, what the application does with it, or its name. */
function meaningOf(
  names: readonly string[],
  read: readonly Variable[],
  services: readonly ExistingService[],
  adopted: readonly Adopted[],
): Meaning | undefined {
  for (const service of adopted) {
    const { login } = service.detection;
    const rows = [
      ['user', login?.user.variables],
      ['name', login?.database?.variables],
      ['password', login?.password.variables],
    ] as const;
    const part = rows.find(([, variables]) => variables?.some((variable) => names.includes(variable)))?.[0];
    if (part && isToldBy(service, names)) return { service, part };
  }
  for (const { service, part } of read) {
    const found = adopted.find(({ name }) => name === service);
    if (found && part && part !== 'other' && part !== 'address') return { service: found, part };
  }
  const rows = adopted.flatMap((service) =>
    service.detection.variables.flatMap(({ match, part }) =>
      names.includes(match) && part !== 'other' && part !== 'address' ? [{ service, part }] : [],
    ),
  );
  const only = new Set(rows.map(({ service }) => service.name));
  return services.length > 0 && only.size === 1 ? rows[0] : undefined;
}

/** Whether the container of a database is told one of these variables, by name or by a file of settings. */
const isToldBy = ({ kept }: Adopted, names: readonly string[]): boolean =>
  kept.envFiles.length > 0 || names.some((name) => Object.hasOwn(kept.env, name));

/** A part of its account that the container of a database has as a text of the author's compose file. */
function toldIn({ service: { kept, detection }, part }: Meaning): string | undefined {
  const { login } = detection;
  const names = { user: login?.user, name: login?.database, password: login?.password };
  const variables = part === 'user' || part === 'name' || part === 'password' ? names[part]?.variables : [];
  const values = (variables ?? []).map((name) => (Object.hasOwn(kept.env, name) ? kept.env[name]?.value : undefined));
  return values.find((value): value is string => typeof value === 'string' && value !== '' && !value.includes('$'));
}

/** The value of a part: as the container of the database has it, else as it is usual; undefined: it is a secret that is still to be made. */
function partValue(
  name: string,
  { service: { service, usual, detection, host, role }, part }: Meaning,
  read: readonly Variable[],
  app: string,
  isAsked: (variable: string) => boolean,
): string | undefined {
  if (!service || !usual) return undefined;
  if (part === 'host') return host;
  const known = read.find((item) => item.example !== undefined)?.example ?? read[0]?.default;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(known ?? '')?.[1]?.toLowerCase();
  const options = { app, host, role, scheme };
  const told = service.connection(part, options);
  // a variable that the container would take from its file of settings, and that nobody sets there
  const parts = told.flatMap((item): readonly Part[] => {
    if (typeof item === 'string' || item.secret || isAsked(item.variable)) return [item];
    if (item.default !== undefined) return [item.default];
    const isUser = detection.login?.user.variables.includes(item.variable);
    return usual.connection(isUser ? 'user' : 'name', options);
  });
  const isItself = parts.some((item) => typeof item !== 'string' && item.variable === name);
  if (!isItself && (parts.length > 0 || part !== 'name')) return textOf(parts);
  return part === 'password' ? undefined : textOf(usual.connection(part, options));
}

/** Texts with the variables that stand in them, as a file of settings has them. */
const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : `\${${part.variable}}`)).join('');
