import type { EnvVar, Plan, Setting } from '../model/plan.ts';

/** What the person who runs the deployment sets, by the name of the variable. */
export type Settings = Readonly<Record<string, Setting>>;

/** What a planner decides, and the settings that it needs. */
export type WithSettings<T> = { readonly value: T; readonly settings: Settings };

/** The settings of several planners, in their order: of one name the first counts. */
export const joined = (...all: readonly Settings[]): Settings => ({
  // the order of the names, and then the values
  ...Object.assign({}, ...all),
  ...Object.assign({}, ...all.toReversed()),
});

/** The rows of a table by name, so that the order of planning shows nowhere. */
export const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The settings that hold a secret, as secrets of the plan. */
export const secretsOf = (settings: Settings): Plan['secrets'] =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([variable, { secret, decision }]) =>
      secret ? [[variable, { variable, decision }]] : [],
    ),
  );

/** Characters that stand for themselves anywhere in an address (RFC 3986, section 2.3, unreserved). */
const fitsAddress = /^[A-Za-z0-9._~-]*$/;

/** Says beside each value that is put into an address as it is which characters it may have. */
export function withAlphabet(settings: Settings, env: Readonly<Record<string, EnvVar>>): Settings {
  const names = inAddresses(env);
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      names.has(name) && setting.secret && setting.hint === undefined
        ? { ...setting, hint: 'letters, digits and . _ ~ - only: it is put into a URL unescaped' }
        : setting,
    ]),
  );
}

/** Values of this machine that an address cannot hold as they are, by name. */
export const unfitValues = (
  env: Readonly<Record<string, EnvVar>>,
  values: Readonly<Record<string, string>>,
): readonly string[] => [...inAddresses(env)].filter((name) => !fitsAddress.test(values[name] ?? '')).sort();

/** The variables that are parts of an address. */
function inAddresses(env: Readonly<Record<string, EnvVar>>): ReadonlySet<string> {
  const composed = Object.values(env).flatMap(({ value }) => (value.from === 'parts' ? [value.parts] : []));
  const addresses = composed.filter((parts) => parts.some((part) => typeof part === 'string' && part.includes('://')));
  return new Set(
    addresses.flatMap((parts) => parts.flatMap((part) => (typeof part === 'string' ? [] : part.variable))),
  );
}
