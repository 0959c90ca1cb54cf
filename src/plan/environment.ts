import { knownValue } from '../model/evidence.ts';
import type { Facts, Variable } from '../model/facts.ts';
import type { EnvVar, Plan, Service, Setting } from '../model/plan.ts';
import type { BackingService, Part, ServiceContainer, ServiceDetection } from '../services/contract.ts';
import { type Decide, filesOf } from './decide.ts';
import type { Chosen } from './services.ts';
import { joined, type Planned, type Settings } from './settings.ts';

type Env = Readonly<Record<string, EnvVar>>;
type Value = EnvVar['value'];

/** Joins the parts of a value; a single text or a single variable is the simpler thing that it is. */
export function valueOfParts(parts: readonly Part[]): Value {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    if (typeof only === 'string') return { from: 'literal', text: only };
    const { variable, required } = only;
    return { from: 'user', variable, required, ...(only.default === undefined ? {} : { default: only.default }) };
  }
  return {
    from: 'parts',
    parts: parts.map((part) => {
      if (typeof part === 'string') return part;
      const { variable, required } = part;
      return { variable, required, ...(part.default === undefined ? {} : { default: part.default }) };
    }),
  };
}

const isSecret = (parts: readonly Part[]) => parts.some((part) => typeof part !== 'string' && part.secret);

/** The rows of .env.example that the variables inside a service's values need. */
const settingsOf = (parts: readonly Part[], { detection, host, existing }: Chosen, decision: string): Settings =>
  Object.fromEntries(
    parts.flatMap((part) => {
      if (typeof part === 'string') return [];
      const { variable, required, secret, generate } = part;
      const setting: Setting = {
        purpose: `${secret ? 'password' : 'value'} of ${detection.title} (${host})`,
        required,
        secret,
        ...(part.default === undefined ? {} : { default: part.default }),
        ...(generate ? { generate } : {}),
        // a database that has data takes the password that it was made with, and no other
        ...(secret && (part.value ?? existing?.password) !== undefined
          ? { value: part.value ?? existing?.password }
          : {}),
        ...(secret
          ? {
              hint:
                part.value === undefined
                  ? 'letters, digits, - and _ only: it stands inside an address'
                  : `the password that your compose file gives ${host}${encodedHint(variable)}`,
            }
          : {}),
        decision,
      };
      return [[variable, setting]];
    }),
  );

/** The end of the name of a variable that holds a password as it stands in an address. */
export const IN_ADDRESS = '_IN_URL';

/** A variable that is a part of an address has signs as they stand there. */
const encodedHint = (variable: string): string =>
  variable.endsWith(IN_ADDRESS) ? ', with its signs as an address has them (%40 for @)' : '';

/** A value of a service: what it is, and the settings that it needs. */
function serviceValue(texts: readonly Part[], chosen: Chosen, purpose: string, decision: string): Planned<EnvVar> {
  const held = chosen.existing?.passwordVariable;
  // the password goes on under the name that it has for whoever deploys
  const parts = texts.map((part) => {
    const isOurs = held !== undefined && typeof part !== 'string' && part.generate === 'password';
    return isOurs ? { ...part, variable: held } : part;
  });
  return {
    value: { value: valueOfParts(parts), secret: isSecret(parts), purpose, decision },
    settings: settingsOf(parts, chosen, decision),
  };
}

/** The backing services of the plan, with the settings that they need. `appPort` is taken on the machine of a developer. */
export function planServices(
  app: string,
  all: readonly Chosen[],
  decide: Decide,
  appPort?: number,
): Planned<Record<string, Service>> {
  const free = freePorts(appPort);
  const planned = all.flatMap((chosen) => {
    const { host, role, image, existing: login } = chosen;
    const container = chosen.service?.container({ app, host, role, image, login });
    return container ? [{ host: chosen.host, ...planService(chosen, container, free, decide) }] : [];
  });
  return {
    value: Object.fromEntries(planned.map(({ host, value }) => [host, value])),
    settings: joined(...planned.map(({ settings }) => settings)),
  };
}

/** Gives each port once: on the machine of a developer each is there once. */
function freePorts(appPort: number | undefined): (port: number) => number {
  const taken = new Set(appPort === undefined ? [] : [appPort]);
  return (port) => {
    let found = port;
    while (taken.has(found)) found += 1;
    taken.add(found);
    return found;
  };
}

function planService(
  chosen: Chosen,
  container: ServiceContainer,
  free: (port: number) => number,
  decide: Decide,
): Planned<Service> {
  const { host, detection, role, required, from, assertions } = chosen;
  const key = `services.${host}`;
  const decision = decide(key, {
    choice: `${detection.title}${role ? ` as ${role}` : ''}, ${required ? 'required' : 'optional'}`,
    why: container.why,
    by: chosen.by,
    from,
    assertions,
  });
  const values = Object.entries(container.env).map(
    ([name, parts]) => [name, serviceValue(parts, chosen, `setting of ${detection.title}`, decision)] as const,
  );
  return {
    value: {
      service: chosen.name,
      image: chosen.image ?? container.image,
      ...(role ? { role } : {}),
      required,
      ...commandOf(chosen, container),
      env: Object.fromEntries(values.map(([name, { value }]) => [name, value])),
      port: container.port,
      check: container.check,
      ...(container.volume ? { volume: planVolume(chosen, container.volume, decide) } : {}),
      developmentPort: {
        variable: `${host.toUpperCase().replaceAll('-', '_')}_PORT`,
        default: free(container.developmentPort),
      },
      ...(container.backup ? { hint: container.backup } : {}),
      ...(chosen.variables[0] ? { url: chosen.variables[0] } : {}),
      decision,
    },
    settings: joined(...values.map(([, { settings }]) => settings)),
  };
}

/** The author's command, if any: settings of ours would hide data that were stored under others (an append-only file, a snapshot). */
function commandOf({ existing }: Chosen, { command }: ServiceContainer): Pick<Service, 'command'> {
  const own = existing?.command ?? ((existing?.volume ?? existing?.folder) ? undefined : command);
  return own ? { command: [...own] } : {};
}

/** The volume of a service: that of the author where there is one, under its name and at its path, so that its data is found. */
function planVolume(
  { host, from, assertions, existing }: Chosen,
  usual: NonNullable<ServiceContainer['volume']>,
  decide: Decide,
): NonNullable<Service['volume']> {
  const bound = existing?.folder;
  if (bound) {
    const choice = `${bound.source} of the project at ${bound.path}, as before`;
    const why = 'what is in it must be found again';
    const decision = decide(`services.${host}.volume`, { choice, why, from: existing?.from ?? [] });
    return { name: `${host}-data`, folder: `./${bound.source}`, path: bound.path, decision };
  }
  const kept = existing?.volume;
  const path = kept?.path ?? usual.path;
  const decision = decide(`services.${host}.volume`, {
    choice: kept ? `the volume ${kept.name ?? kept.key} at ${path}, as before` : `a named volume at ${path}`,
    why: kept ? 'what is in it must be found again' : usual.purpose,
    from: kept ? (existing?.from ?? []) : from,
    assertions,
  });
  return {
    name: kept?.key ?? `${host}-data`,
    ...(kept?.name === undefined ? {} : { realName: kept.name }),
    path,
    decision,
  };
}

/** The part of a connection that a variable carries, by the service's own table; a variable that says nothing is an address. */
function partOf(variable: Variable, detection: ServiceDetection) {
  if (variable.part) return variable.part;
  const row = detection.variables.find((candidate) =>
    candidate.match.startsWith('*')
      ? variable.name.endsWith(candidate.match.slice(1))
      : variable.name === candidate.match,
  );
  return row?.part ?? 'url';
}

const schemeOf = (text: string | undefined): string | undefined =>
  /^([a-z][a-z0-9+.-]*):/i.exec(text ?? '')?.[1]?.toLowerCase();

const purposeOf = (variable: Variable): string =>
  variable.purpose ??
  (variable.external
    ? `address or key of ${variable.external}`
    : `read in ${filesOf(variable.from)[0] ?? 'the source'}`);

/** The setting of a variable that the person who deploys sets. */
function userSetting(variable: Variable, decision: string): Setting {
  const external = variable.external !== undefined && !variable.secret;
  return {
    purpose: purposeOf(variable),
    required: variable.required,
    secret: variable.secret,
    ...(variable.default === undefined || variable.secret ? {} : { default: variable.default }),
    ...(variable.secret && variable.required ? { generate: 'key' as const } : {}),
    ...(variable.secret && variable.form ? { form: variable.form } : {}),
    ...(variable.example && !variable.secret && variable.default === undefined ? { example: variable.example } : {}),
    ...(variable.values
      ? { hint: `one of ${variable.values.join(', ')}` }
      : external
        ? { hint: 'an address, such as https://api.example.com' }
        : {}),
    decision,
  };
}

/**
 * Every variable that the app reads, and where its value comes from: a service's connection, or the person who deploys.
 * What is left out here: the port and the host, which the image sets itself.
 */
export function planEnvironment(facts: Facts, app: string, all: readonly Chosen[], decide: Decide): Planned<Env> {
  const own = new Set([knownValue(facts.port)?.variable, facts.host?.value.variable]);
  const files = new Set(facts.variables.flatMap((variable) => variable.fileOf ?? []));
  const planned = facts.variables
    // a secret that the app can read from a file stands in no variable, which every process can read
    .filter(({ name }) => !own.has(name) && !files.has(name))
    .map((variable) => ({ name: variable.name, ...planVariable(asStarted(variable, facts), app, all, decide) }));
  const read = Object.fromEntries(planned.map(({ name, value }) => [name, value]));
  const taken = new Set(Object.keys(read));
  const unread = all.flatMap((chosen) => {
    const made = planUnread(taken, chosen, app, decide);
    for (const { name } of made) taken.add(name);
    return made;
  });
  return {
    value: { ...read, ...Object.fromEntries(unread.map(({ name, value }) => [name, value])) },
    settings: joined(...[...planned, ...unread].map(({ settings }) => settings)),
  };
}

/** A variable that the start script sets: a name alone in a compose file would take the value out of the image again. */
function asStarted(variable: Variable, facts: Facts): Variable {
  const value = knownValue(facts.commands.start)?.env?.[variable.name];
  if (value === undefined || value.includes('$') || variable.secret || variable.given) return variable;
  return { ...variable, default: value, given: true, required: false };
}

function planVariable(variable: Variable, app: string, all: readonly Chosen[], decide: Decide): Planned<EnvVar> {
  if (variable.fileOf !== undefined) return { value: secretEnv(variable, variable.fileOf, decide), settings: {} };
  const chosen = all.find(({ name, service }) => name === variable.service && service);
  const part = chosen ? partOf(variable, chosen.detection) : 'other';
  return chosen?.service && part !== 'other'
    ? planConnection(variable, part, app, { ...chosen, service: chosen.service }, decide)
    : planUserValue(variable, decide);
}

/** A variable that carries a part of the connection to a service of the deployment. */
function planConnection(
  variable: Variable,
  part: Exclude<ReturnType<typeof partOf>, 'other'>,
  app: string,
  chosen: Chosen & { readonly service: BackingService },
  decide: Decide,
): Planned<EnvVar> {
  const parts = chosen.service.connection(part, {
    app,
    host: chosen.host,
    role: chosen.role,
    scheme: schemeOf(variable.default ?? variable.example),
    login: chosen.existing,
    image: chosen.image,
  });
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: `points to ${chosen.host}`,
    why: `the app reads it to reach ${chosen.detection.title}`,
    from: variable.from,
    assertions: chosen.assertions,
  });
  return serviceValue(parts, chosen, purposeOf(variable), decision);
}

/** A variable whose value the person who deploys sets, or the app itself. */
function planUserValue(variable: Variable, decide: Decide): Planned<EnvVar> {
  const { name, required, secret } = variable;
  const decision = decide(`workloads.app.env.${name}`, {
    choice: required
      ? 'required'
      : variable.default === undefined
        ? 'optional, passed when it is set'
        : variable.given
          ? `optional, ${JSON.stringify(variable.default)} unless it is set`
          : `optional, passed when it is set; else the app uses ${JSON.stringify(variable.default)}`,
    why: purposeOf(variable),
    from: variable.from,
  });
  // a default of the app's own is left to it: written into a compose file it would be a text, and `false` or `0` as a text is true
  const stated = variable.given && !secret && variable.default !== undefined ? { default: variable.default } : {};
  const value: Value = { from: 'user', variable: name, required, ...stated };
  return {
    value: { value, secret, purpose: purposeOf(variable), decision },
    settings: { [name]: userSetting(variable, decision) },
  };
}

/** How a secret file is called: in the folder `secrets` of the deployment, and in `/run/secrets` of the container. */
const secretName = (variable: string): string => variable.toLowerCase();

function secretEnv(variable: Variable, secret: string, decide: Decide): EnvVar {
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: `the file of the secret ${secret}`,
    why: `the app reads ${secret} from a file: it stands in no variable, which every process in the container can read`,
    from: variable.from,
  });
  const text = `/run/secrets/${secretName(secret)}`;
  return { value: { from: 'literal', text }, secret: false, purpose: purposeOf(variable), decision };
}

/** The secrets that the app reads from files: each a file beside the compose file, which git and the build leave out. */
export const planSecretFiles = (facts: Facts): Plan['secrets'] =>
  Object.fromEntries(
    facts.variables.flatMap(({ name, fileOf }) =>
      fileOf === undefined
        ? []
        : [
            [
              fileOf,
              { variable: fileOf, file: `secrets/${secretName(fileOf)}`, decision: `workloads.app.env.${name}` },
            ],
          ],
    ),
  );

/** A service that only the specification asks for: the app does not read its address yet, and gets it under the usual name. */
function planUnread(
  taken: ReadonlySet<string>,
  chosen: Chosen,
  app: string,
  decide: Decide,
): readonly ({ readonly name: string } & Planned<EnvVar>)[] {
  if (!chosen.service || chosen.variables.length > 0) return [];
  const name = chosen.detection.variables.find((row) => row.part === 'url' && !row.match.includes('*'))?.match;
  if (!name || taken.has(name)) return [];
  const parts = chosen.service.connection('url', {
    app,
    host: chosen.host,
    role: chosen.role,
    scheme: undefined,
    login: chosen.existing,
    image: chosen.image,
  });
  const decision = decide(`workloads.app.env.${name}`, {
    choice: `points to ${chosen.host}`,
    why: `nothing in the source reads it yet; it is the usual name for the address of ${chosen.detection.title}`,
    from: chosen.from,
    assertions: chosen.assertions,
  });
  return [{ name, ...serviceValue(parts, chosen, `address of ${chosen.detection.title}`, decision) }];
}

/** Tokens of private registries: whoever builds has them, and no container ever sees them. `known` are settings that are there already. */
export const planTokens = (facts: Facts, known: Settings, decide: Decide): Settings =>
  Object.fromEntries(
    facts.tokens
      .filter(({ variable }) => !known[variable])
      .map(({ variable, scope, file, from }) => [
        variable,
        {
          purpose: `token of the private registry${scope ? ` for ${scope}` : ''} (${file}); only building needs it`,
          required: true,
          secret: true,
          decision: decide(`settings.${variable}`, {
            choice: 'set by whoever builds',
            why: 'installing reads it',
            from,
          }),
        },
      ]),
  );
