import { platformVariables } from '../../../catalog/platform-variables.ts';
import { nameMatcher } from '../../../catalog/variable-names.ts';
import type { Facts } from '../../../model/facts.ts';
import type { App } from '../app.ts';

const platforms = platformVariables.map(({ platform, names }) => ({ platform, isOne: nameMatcher(names) }));

/** The facts without the variables that a platform sets by itself, unless the app stops without one, or its author lists it: they are left out, with the platform that sets them. */
export function withoutPlatforms({ examples }: App, facts: Facts): Facts {
  const found = facts.variables.flatMap((variable) => {
    const { name, required, secret } = variable;
    const of = required || secret || examples.has(name) ? undefined : platforms.find(({ isOne }) => isOne(name));
    return of ? [{ ...variable, platform: of.platform }] : [];
  });
  if (found.length === 0) return facts;
  const names = new Set(found.map(({ name }) => name));
  const leftOut = found.map(({ name, platform, from }) => ({
    what: `the variable ${name}`,
    why: `${platform} sets it when it runs the app; it is not set elsewhere`,
    from,
  }));
  return {
    ...facts,
    variables: facts.variables.filter(({ name }) => !names.has(name)),
    leftOut: [...(facts.leftOut ?? []), ...leftOut],
  };
}
