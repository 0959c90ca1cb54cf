import type { ExistingService } from '../../model/existing.ts';
import type { Facts, Variable } from '../../model/facts.ts';
import { services as known } from '../../services/registry.gen.ts';
import type { ContainerEvidence } from './container/evidence.ts';

type Meaning = { readonly service: string; readonly part: NonNullable<Variable['part']> };

/**
 * What the author's compose files say of variables of which the source does not show what they are for: the container of the application gets the
 * account of a database under the application's own names (`SHOP_DB_LOGIN: ${LOGIN}` beside `POSTGRES_USER: ${LOGIN}`), and its name as a host.
 */
export function connectedVariables(
  { set, service }: ContainerEvidence,
  facts: Facts,
): Pick<Facts, 'variables' | 'services'> {
  const own = service?.env ?? {};
  const backing = (set?.services ?? []).filter(({ runs, service: name }) => runs === 'backing' && name !== undefined);
  const variables = facts.variables.map((variable) => {
    const text = Object.hasOwn(own, variable.name) ? own[variable.name]?.value : undefined;
    if (variable.service !== undefined || variable.fileOf !== undefined) return variable;
    const asking = backing.find((item) => isPasswordOf(variable.name, item));
    if (asking?.service !== undefined) return { ...variable, service: asking.service, part: 'password' as const };
    if (!text) return variable;
    const found = backing.flatMap((item) => meaningOf(variable.name, text, item) ?? []);
    return found[0] ? { ...variable, ...found[0] } : variable;
  });
  const services = facts.services.map((use) => {
    const added = variables.filter(
      ({ service: name }, at) => name === use.service && facts.variables[at]?.service === undefined,
    );
    return added.length === 0 ? use : { ...use, variables: [...use.variables, ...added.map(({ name }) => name)] };
  });
  return { variables, services };
}

/** Whether a variable is named after a service whose command asks for a password: `REDIS_PASSWORD` beside `--requirepass`. */
function isPasswordOf(variable: string, { service, command }: ExistingService): boolean {
  const detection = known.find(({ name }) => name === service);
  if (detection?.passwordOption === undefined || command?.argv.includes(detection.passwordOption) !== true)
    return false;
  const words = variable.toLowerCase().split('_');
  return nameOf.password.test(variable) && [detection.name, ...detection.words].some((word) => words.includes(word));
}

function meaningOf(name: string, text: string, { name: host, service, env }: ExistingService): Meaning | undefined {
  const detection = known.find((serviceDetection) => serviceDetection.name === service);
  if (!detection) return undefined;
  const is = (part: Meaning['part']): Meaning => ({ service: detection.name, part });
  if (text === host) return is('host');
  const [, scheme = '', place = ''] = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?([^:/?]*)/i.exec(text) ?? [];
  if (place === host && detection.schemes.includes(scheme.toLowerCase())) return is('url');
  const { login } = detection;
  const told = (names: readonly string[] = []) =>
    names.some((value) => Object.hasOwn(env, value) && env[value]?.value === text);
  const parts = [
    ...(told(login?.password.variables) ? (['password'] as const) : []),
    ...(told(login?.user.variables) ? (['user'] as const) : []),
    ...(told(login?.database?.variables) ? (['name'] as const) : []),
  ];
  // one text for several of them, such as `postgres`: the name of the variable says which
  const named = parts.find((part) => nameOf[part].test(name));
  const [only] = parts;
  const isSure = only !== undefined && parts.length === 1 && (text.includes('$') || nameOf[only].test(name));
  return named ? is(named) : isSure ? is(only) : undefined;
}

const nameOf = { password: /pass|pwd|secret/i, user: /user|login/i, name: /name|database|_db$|^db$/i } as const;
