/** The variables of the application: where the value of each comes from. */
import { isForeignKey } from '../catalog/foreign-keys.ts';
import type { Facts, SecretForm, Variable } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { EnvVar, Setting } from '../model/plan.ts';
import { isForeignSecretName } from '../model/secret-names.ts';
import type { BackingService, ServiceDetection, ServicePart } from '../services/contract.ts';
import { services } from '../services/registry.gen.ts';
import { ownVariables } from './context.ts';
import { type Decide, filesOf } from './decide.ts';
import { embeddedFile } from './embedded-file.ts';
import { secretName } from './secret-files.ts';
import { serviceValue, valueOfParts } from './service-values.ts';
import type { ChosenService } from './services.ts';
import { joined, type WithSettings } from './settings.ts';

type Env = Readonly<Record<string, EnvVar>>;
type Value = EnvVar['value'];

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

/** Whether a service has no container in every form of the deployment: whoever deploys has one somewhere. */
const isElsewhere = (name: string | undefined): boolean => {
  const service = services.find((service) => service.name === name);
  return service?.outside !== undefined || service?.only !== undefined;
};

/** Whether another party hands the value out, as the code or its name says. */
const isHandedOut = ({ name, secret, external, service }: Variable): boolean =>
  secret && (isElsewhere(service) || (service === undefined && (external !== undefined || isForeignKey(name))));

/** Whether a value for this machine can be made up: nobody else's key, and a pair of keys is one only where both halves are the application's own. */
function isMade(variable: Variable): boolean {
  const { name, secret, required, form, external } = variable;
  if (!required) return false;
  if (!form || !('key' in form)) return secret && !isHandedOut(variable);
  return external === undefined && !isForeignSecretName(form.of ?? name) && (secret || form.of !== undefined);
}

/** What a value of a form looks like, for the person who sets it; undefined: any text of that length does. */
function hintOf(form: SecretForm): string | undefined {
  if ('bytes' in form)
    return `${form.bytes} random bytes in ${form.encoding}, such as from \`openssl rand -base64 ${form.bytes}\``;
  if (!('key' in form)) return undefined;
  if (form.as === 'jwk') return `a ${form.half} key as a JSON Web Key`;
  const what = `a ${form.half} key in PEM (-----BEGIN ${form.half.toUpperCase()} KEY-----)`;
  const pair = form.of === undefined ? '' : `, of the pair of ${form.of}`;
  return `${what}${pair}${form.as === 'pem-base64' ? ', the whole of it in base64' : ', in double quotes with \\n for each line break'}`;
}

/** The setting of a variable that the person who deploys sets. */
function userSetting(variable: Variable, decision: string): Setting {
  const external = variable.external !== undefined && !variable.secret;
  return {
    purpose: purposeOf(variable),
    required: variable.required,
    secret: variable.secret,
    ...(variable.default === undefined || variable.secret ? {} : { default: variable.default }),
    ...(isMade(variable) ? { generate: 'key' as const } : {}),
    ...(variable.form ? { form: variable.form } : {}),
    ...exampleOf(variable),
    ...(variable.values
      ? { hint: `one of ${variable.values.join(', ')}` }
      : variable.form && hintOf(variable.form)
        ? { hint: hintOf(variable.form) }
        : isHandedOut(variable)
          ? { hint: 'the key that the service gives you' }
          : placeHint(variable) !== undefined
            ? { hint: placeHint(variable) }
            : external
              ? { hint: 'an address, such as https://api.example.com' }
              : variable.kind === 'boolean'
                ? { hint: variable.example ? 'true or false' : 'true or false; the default (off) is a guess' }
                : {}),
    decision,
  };
}

/** Where a service is that runs elsewhere, at least in production. */
function placeHint({ service: name, part }: Variable): string | undefined {
  const service = services.find((service) => service.name === name);
  if (!service || (part !== 'url' && part !== 'host')) return undefined;
  if (service.outside) return `the address of your ${service.title}, such as ${service.outside.example}`;
  return service.only ? `your own in production; a container in ${service.only.form}` : undefined;
}

/** What the project gives it, or off for a switch that has to be set and that nothing says more of. */
function exampleOf({ example, secret, default: value, kind, required }: Variable): { example?: string } {
  if (secret || value !== undefined) return {};
  if (example) return { example };
  return kind === 'boolean' && required ? { example: 'false' } : {};
}

/**
 * Every variable that the app reads, and where its value comes from: a service's connection, or the person who deploys.
 * What is left out here: the port and the host, which the image sets itself.
 */
export function planEnvironment(
  facts: Facts,
  app: string,
  all: readonly ChosenService[],
  decide: Decide,
): WithSettings<Env> {
  const own = new Set(Object.keys(ownVariables(facts)));
  const { image } = foldersOf(facts);
  const files = new Set(facts.variables.flatMap((variable) => variable.fileOf ?? []));
  const planned = facts.variables
    // a secret that the app can read from a file stands in no variable, which every process can read
    .filter(({ name, built }) => !own.has(name) && !files.has(name) && !built)
    .map((variable) => ({
      name: variable.name,
      ...planVariable(asStarted(variable, facts), { app, image }, all, decide),
    }));
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

function planVariable(
  variable: Variable,
  { app, image }: { readonly app: string; readonly image: string },
  all: readonly ChosenService[],
  decide: Decide,
): WithSettings<EnvVar> {
  if (variable.fileOf !== undefined) return { value: secretEnv(variable, variable.fileOf, decide), settings: {} };
  const inside = all.find(({ name, detection }) => name === variable.service && detection.embedded);
  const file = inside && embeddedFile(variable, inside.detection, image);
  if (file !== undefined) return { value: fileEnv(variable, file, decide), settings: {} };
  const chosen = all.find(({ name, service }) => name === variable.service && service);
  const part = chosen ? partOf(variable, chosen.detection) : 'other';
  const planned = chosen?.service && ofService(variable, part, app, { ...chosen, service: chosen.service }, decide);
  return planned ?? planUserValue(variable, decide);
}

type Reached = ChosenService & { readonly service: BackingService };

/** A variable of a service of the deployment; undefined: it is the owner's to set. */
function ofService(
  variable: Variable,
  part: ReturnType<typeof partOf>,
  app: string,
  chosen: Reached,
  decide: Decide,
): WithSettings<EnvVar> | undefined {
  const { only } = chosen.detection;
  const fixed = part === 'other' ? fixedValue(variable, chosen) : undefined;
  if (part === 'other' && fixed === undefined) return undefined;
  if (only) return inOneForm(variable, fixed, part, app, chosen, decide);
  // a name inside of the service that the service does not know is for whoever knows it
  if (part === 'name' && chosen.service.connection(part, optionsOf(variable, app, chosen)).length === 0)
    return undefined;
  return part === 'other'
    ? { value: serviceSetting(variable, fixed ?? '', chosen, decide), settings: {} }
    : planConnection(variable, part, app, chosen, decide);
}

/** A variable of a service that one form has: elsewhere it is the owner's, and the form that is for others demands what the source demands. */
function inOneForm(
  variable: Variable,
  fixed: string | undefined,
  part: ReturnType<typeof partOf>,
  app: string,
  { service, host, role, image }: Reached,
  decide: Decide,
): WithSettings<EnvVar> {
  const { value, settings } = planUserValue(variable, decide);
  const parts = part === 'other' ? [] : connectionParts(service, part, { app, host, role, scheme: undefined, image });
  const own = value.value.from === 'user' ? { ...value.value, required: false } : value.value;
  return {
    value: {
      ...value,
      value: own,
      development: part === 'other' ? { from: 'literal', text: fixed ?? '' } : valueOfParts(parts),
      ...(variable.required ? { production: 'required' as const } : {}),
    },
    settings,
  };
}

/** What a variable has to be beside the container of a service: a switch always, anything else where the source has no value of its own. */
function fixedValue({ name, default: own }: Variable, { detection }: ChosenService): string | undefined {
  const value = detection.variables.find((row) => row.match === name)?.value;
  const isSwitch = value === 'true' || value === 'false';
  return isSwitch || !own ? value : undefined;
}

function serviceSetting(variable: Variable, text: string, { host, detection }: ChosenService, decide: Decide): EnvVar {
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: text,
    why: `the value that ${detection.title} at ${host} accepts`,
    from: variable.from,
  });
  return { value: { from: 'literal', text }, secret: false, purpose: purposeOf(variable), decision };
}

/** What carries a part of the connection to a service; an address is its host and its port, of which neither is a secret. */
const connectionParts = (
  { connection }: BackingService,
  part: Exclude<ServicePart, 'other'>,
  options: Parameters<BackingService['connection']>[1],
): ReturnType<BackingService['connection']> =>
  part === 'address'
    ? [[...connection('host', options), ':', ...connection('port', options)].join('')]
    : connection(part, options);

/** What the connection that a variable carries a part of depends on. */
const optionsOf = (variable: Variable, app: string, { host, role, existing, image }: ChosenService) => ({
  app,
  host,
  role,
  scheme: variable.scheme ?? schemeOf(variable.default ?? variable.example),
  login: existing,
  image,
});

/** A variable that carries a part of the connection to a service of the deployment. */
function planConnection(
  variable: Variable,
  part: Exclude<ReturnType<typeof partOf>, 'other'>,
  app: string,
  chosen: ChosenService & { readonly service: BackingService },
  decide: Decide,
): WithSettings<EnvVar> {
  const options = optionsOf(variable, app, chosen);
  const query = (chosen.client !== undefined && chosen.detection.clientQueries?.[chosen.client]) || '';
  const parts = [...connectionParts(chosen.service, part, options), ...(part === 'url' && query !== '' ? [query] : [])];
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: `points to ${chosen.host}`,
    why: `the app reads it to reach ${chosen.detection.title}`,
    from: variable.from,
    assertions: chosen.assertions,
  });
  return serviceValue(parts, chosen, purposeOf(variable), decision);
}

/** A variable whose value the person who deploys sets, or the app itself. */
function planUserValue(variable: Variable, decide: Decide): WithSettings<EnvVar> {
  const { name, required, secret } = variable;
  const decision = decide(`workloads.app.env.${name}`, {
    choice: required
      ? 'required'
      : variable.default === undefined
        ? 'optional, passed on if it is set'
        : variable.given
          ? `optional, ${JSON.stringify(variable.default)} unless it is set`
          : `optional, passed on if it is set; otherwise the app uses ${JSON.stringify(variable.default)}`,
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

/** Where the file of a database inside the app is kept: in its volume, whatever a file of settings for a machine says. */
function fileEnv(variable: Variable, text: string, decide: Decide): EnvVar {
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: text,
    why: 'the database is a file: it is kept in a volume, so that it outlives the container',
    from: variable.from,
  });
  return { value: { from: 'literal', text }, secret: false, purpose: purposeOf(variable), decision };
}

function secretEnv(variable: Variable, secret: string, decide: Decide): EnvVar {
  const decision = decide(`workloads.app.env.${variable.name}`, {
    choice: `the file of the secret ${secret}`,
    why: `the app reads ${secret} from a file, so it is kept out of the environment, which every process in the container can read`,
    from: variable.from,
  });
  const text = `/run/secrets/${secretName(secret)}`;
  return { value: { from: 'literal', text }, secret: false, purpose: purposeOf(variable), decision };
}

/** A service that only the specification asks for: the app does not read its address yet, and gets it under the usual name. */
function planUnread(
  taken: ReadonlySet<string>,
  chosen: ChosenService,
  app: string,
  decide: Decide,
): readonly ({ readonly name: string } & WithSettings<EnvVar>)[] {
  if (chosen.detection.outside) return planOutside(taken, chosen, decide);
  if (!chosen.service || chosen.detection.only) return [];
  if (chosen.variables.length > 0) return planOwn(taken, { ...chosen, service: chosen.service }, app, decide);
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
    why: `not read by the source yet; it is the usual name for the address of ${chosen.detection.title}`,
    from: chosen.from,
    assertions: chosen.assertions,
  });
  return [{ name, ...serviceValue(parts, chosen, `address of ${chosen.detection.title}`, decision) }];
}

/** A service that runs elsewhere and that only the specification asks for: its address has to be given all the same. */
function planOutside(
  taken: ReadonlySet<string>,
  { detection, client, variables, from, assertions }: ChosenService,
  decide: Decide,
): readonly ({ readonly name: string } & WithSettings<EnvVar>)[] {
  const name = detection.variables.find((row) => row.part === 'url' || row.part === 'host')?.match;
  // a client without a variable has its address in the source, which reads nothing
  if (client !== undefined || variables.length > 0 || name === undefined || taken.has(name)) return [];
  const purpose = `address of ${detection.title}, which runs outside the deployment`;
  const decision = decide(`workloads.app.env.${name}`, {
    choice: 'required',
    why: `not read by the source yet; it is the usual name for the address of ${detection.title}`,
    from,
    assertions,
  });
  const hint = `the address of your ${detection.title}, such as ${detection.outside?.example}`;
  return [
    {
      name,
      value: { value: { from: 'user', variable: name, required: true }, secret: false, purpose, decision },
      settings: { [name]: { purpose, required: true, secret: false, hint, decision } },
    },
  ];
}

/** What a client of a service reads by itself: the source hands it the place alone, or nothing says what it hands over. */
function planOwn(
  taken: ReadonlySet<string>,
  chosen: Reached,
  app: string,
  decide: Decide,
): readonly ({ readonly name: string } & WithSettings<EnvVar>)[] {
  const { client = '', detection, variables, host, role, image } = chosen;
  const rows = detection.ownVariables?.[client] ?? [];
  const given = new Set(variables.map((name) => detection.variables.find(({ match }) => match === name)?.part));
  return rows.flatMap(({ name, part }) => {
    if (taken.has(name) || part === 'other' || given.has(part)) return [];
    const parts = connectionParts(chosen.service, part, { app, host, role, scheme: undefined, image });
    const decision = decide(`workloads.app.env.${name}`, {
      choice: `points to ${host}`,
      why: `${client} reads it by default, and the source does not pass another value`,
      from: chosen.from,
      assertions: chosen.assertions,
    });
    return [{ name, ...serviceValue(parts, chosen, `read by ${client}`, decision) }];
  });
}
