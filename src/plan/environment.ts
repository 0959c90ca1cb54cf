import { knownValue } from '../model/evidence.ts';
import type { Facts, Variable } from '../model/facts.ts';
import type { EnvVar, Plan, Service, Setting } from '../model/plan.ts';
import type { Part, RecogniseService } from '../services/contract.ts';
import { type Decide, filesOf } from './decide.ts';
import type { Chosen } from './services.ts';

type Env = Record<string, EnvVar>;
type Settings = Record<string, Setting>;
type Value = EnvVar['value'];

/** Joins the parts of a value; a single text or a single variable is the simpler thing that it is. */
function valueOfParts(parts: readonly Part[]): Value {
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
function addSettings(settings: Settings, parts: readonly Part[], chosen: Chosen, decision: string): void {
  for (const part of parts) {
    if (typeof part === 'string' || settings[part.variable]) continue;
    settings[part.variable] = {
      purpose: `${part.secret ? 'password' : 'value'} of ${chosen.recognise.title} (${chosen.host})`,
      required: part.required,
      secret: part.secret,
      ...(part.default === undefined ? {} : { default: part.default }),
      ...(part.generate ? { generate: part.generate } : {}),
      ...(part.secret ? { hint: 'letters, digits, - and _ only: it stands inside an address' } : {}),
      decision,
    };
  }
}

/** The backing services of the plan, with the variables that they need. */
export function planServices(
  app: string,
  all: readonly Chosen[],
  settings: Settings,
  decide: Decide,
  appPort?: number,
): Record<string, Service> {
  const services: Record<string, Service> = {};
  // on the machine of a developer each port is there once
  const taken = new Set(appPort === undefined ? [] : [appPort]);
  const free = (port: number): number => {
    let found = port;
    while (taken.has(found)) found += 1;
    taken.add(found);
    return found;
  };
  for (const chosen of all) {
    if (!chosen.service) continue;
    const container = chosen.service.container({ app, host: chosen.host, role: chosen.role });
    const image = chosen.image ?? container.image;
    const key = `services.${chosen.host}`;
    const decision = decide(key, {
      choice: `${chosen.recognise.title}${chosen.role ? ` as ${chosen.role}` : ''}, ${chosen.required ? 'required' : 'optional'}`,
      why: container.why,
      by: chosen.by,
      from: chosen.from,
      assertions: chosen.assertions,
    });
    const env: Env = {};
    for (const [name, parts] of Object.entries(container.env)) {
      addSettings(settings, parts, chosen, decision);
      env[name] = {
        value: valueOfParts(parts),
        secret: isSecret(parts),
        purpose: `setting of ${chosen.recognise.title}`,
        decision,
      };
    }
    services[chosen.host] = {
      service: chosen.name,
      image,
      ...(chosen.role ? { role: chosen.role } : {}),
      required: chosen.required,
      ...(container.command ? { command: [...container.command] } : {}),
      env,
      port: container.port,
      check: container.check,
      ...(container.volume
        ? {
            volume: {
              name: `${chosen.host}-data`,
              path: container.volume.path,
              decision: decide(`${key}.volume`, {
                choice: `a named volume at ${container.volume.path}`,
                why: container.volume.purpose,
                from: chosen.from,
                assertions: chosen.assertions,
              }),
            },
          }
        : {}),
      developmentPort: {
        variable: `${chosen.host.toUpperCase().replaceAll('-', '_')}_PORT`,
        default: free(container.developmentPort),
      },
      ...(container.backup ? { hint: container.backup } : {}),
      ...(chosen.variables[0] ? { url: chosen.variables[0] } : {}),
      decision,
    };
  }
  return services;
}

/** The part of a connection that a variable carries, by the service's own table; a variable that says nothing is an address. */
function partOf(variable: Variable, recognise: RecogniseService) {
  if (variable.part) return variable.part;
  const row = recognise.variables.find((candidate) =>
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
export function planEnvironment(
  facts: Facts,
  app: string,
  all: readonly Chosen[],
  settings: Settings,
  decide: Decide,
): Env {
  const env: Env = {};
  const own = new Set([knownValue(facts.port)?.variable, facts.host?.value.variable]);
  const files = new Set(facts.variables.flatMap((one) => one.fileOf ?? []));
  for (const variable of facts.variables) {
    // a secret that the app can read from a file stands in no variable, which every process can read
    if (own.has(variable.name) || files.has(variable.name)) continue;
    const key = `workloads.app.env.${variable.name}`;
    if (variable.fileOf !== undefined) {
      env[variable.name] = secretEnv(variable, variable.fileOf, decide);
      continue;
    }
    const chosen = all.find((one) => one.name === variable.service && one.service);
    const part = chosen ? partOf(variable, chosen.recognise) : 'other';
    if (chosen?.service && part !== 'other') {
      const parts = chosen.service.connection(part, {
        app,
        host: chosen.host,
        role: chosen.role,
        scheme: schemeOf(variable.default ?? variable.example),
      });
      const decision = decide(key, {
        choice: `points to ${chosen.host}`,
        why: `the app reads it to reach ${chosen.recognise.title}`,
        from: variable.from,
        assertions: chosen.assertions,
      });
      addSettings(settings, parts, chosen, decision);
      env[variable.name] = {
        value: valueOfParts(parts),
        secret: isSecret(parts),
        purpose: purposeOf(variable),
        decision,
      };
      continue;
    }
    const decision = decide(key, {
      choice: variable.required
        ? 'required'
        : variable.default === undefined
          ? 'optional, passed when it is set'
          : `optional, ${JSON.stringify(variable.default)} unless it is set`,
      why: purposeOf(variable),
      from: variable.from,
    });
    const value: Value = {
      from: 'user',
      variable: variable.name,
      required: variable.required,
      ...(variable.default === undefined || variable.secret ? {} : { default: variable.default }),
    };
    settings[variable.name] ??= userSetting(variable, decision);
    env[variable.name] = { value, secret: variable.secret, purpose: purposeOf(variable), decision };
  }
  for (const chosen of all) addUnread(env, chosen, app, settings, decide);
  return env;
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
function addUnread(env: Env, chosen: Chosen, app: string, settings: Settings, decide: Decide): void {
  if (!chosen.service || chosen.variables.length > 0) return;
  const name = chosen.recognise.variables.find((row) => row.part === 'url' && !row.match.includes('*'))?.match;
  if (!name || env[name]) return;
  const parts = chosen.service.connection('url', { app, host: chosen.host, role: chosen.role, scheme: undefined });
  const decision = decide(`workloads.app.env.${name}`, {
    choice: `points to ${chosen.host}`,
    why: `nothing in the source reads it yet; it is the usual name for the address of ${chosen.recognise.title}`,
    from: chosen.from,
    assertions: chosen.assertions,
  });
  addSettings(settings, parts, chosen, decision);
  env[name] = {
    value: valueOfParts(parts),
    secret: isSecret(parts),
    purpose: `address of ${chosen.recognise.title}`,
    decision,
  };
}

/** Tokens of private registries: whoever builds has them, and no container ever sees them. */
export function planTokens(facts: Facts, settings: Settings, decide: Decide): void {
  for (const token of facts.tokens) {
    const scope = token.scope ? ` for ${token.scope}` : '';
    settings[token.variable] ??= {
      purpose: `token of the private registry${scope} (${token.file}); only building needs it`,
      required: true,
      secret: true,
      decision: decide(`settings.${token.variable}`, {
        choice: 'set by whoever builds',
        why: 'installing reads it',
        from: token.from,
      }),
    };
  }
}
