import { isAddressName, isHostsName, localHosts } from '../../catalog/own-addresses.ts';
import type { ExternalApi, RandomSecret, Variable } from '../../model/facts.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * A word for a variable; where its name says that it holds an address, such as the application's own, one with that word in it (RFC 6761: localhost).
 * Hosts that may be asked for are those that are asked for here.
 */
const addressFor = (name: string, word: string): string =>
  isAddressName(name) ? `http://${word}.localhost` : isHostsName(name) ? localHosts : word;

/** A throwaway value for each setting that needs one, by its variable. `random` makes a secret, in the form that it is given. */
export function throwaway(
  plan: Plan,
  externals: readonly ExternalApi[],
  variables: readonly Variable[],
  random: RandomSecret,
): { readonly values: Readonly<Record<string, string>>; readonly overrides: readonly string[] } {
  const made = Object.entries(plan.settings).flatMap(([name, setting]): [string, string][] => {
    if (externals.some((api) => api.urlVariable === name)) return [[name, 'http://127.0.0.1:9']];
    // a service of the author's has the password that its compose file says
    if (plan.kept && setting.value !== undefined) return [[name, setting.value]];
    if (setting.secret || setting.generate) return [[name, random(setting.form, name)]];
    if (!setting.required || setting.default !== undefined) return [];
    const read = variables.find((variable) => variable.name === name);
    return [[name, read?.values?.[0] ?? read?.example ?? addressFor(name, `dockwright-${random().slice(0, 8)}`)]];
  });
  const names = made.map(([name]) => name);
  return {
    values: Object.fromEntries(made),
    overrides: [
      ...(names.length > 0 ? [`throwaway values for ${names.join(', ')}`] : []),
      '.env is not read, nor are variables of this shell',
    ],
  };
}
