import { hasCredentials, isSecretName } from '../../catalog/secret-names.ts';
import type { Facts } from '../../model/facts.ts';
import type { Decide } from '../decide.ts';
import type { Settings } from '../settings.ts';
import type { KeptSet } from './set.ts';

const looksSecret = (name: string, value: string | undefined): boolean =>
  /(^|_)(PASS|PASSWORD|PASSWD|SECRET|TOKEN|KEY|PWD)(_|$)/i.test(name) ||
  isSecretName(name) ||
  hasCredentials(value ?? '');

/** The variables that the author's compose files take from the environment, as rows of the example of settings. */
export function composeSettings({ base, production }: KeptSet, { variables }: Facts, decide: Decide): Settings {
  const found = new Map([base, production].flatMap((set) => Object.entries(set?.variables ?? {})));
  return Object.fromEntries(
    [...found].map(([name, { default: fallback, example, from }]) => {
      const read = variables.find((variable) => variable.name === name);
      const secret = read?.secret ?? looksSecret(name, fallback);
      const decision = decide(`settings.${name}`, {
        choice:
          fallback === undefined ? 'set by whoever deploys' : `${secret ? 'the default' : fallback} unless it is set`,
        why: 'the author’s compose file takes it from the environment',
        from,
      });
      const shown = example ?? read?.example;
      return [
        name,
        {
          purpose: read?.purpose ?? `used in ${from[0]?.file ?? 'the compose file'}`,
          required: fallback === undefined,
          secret,
          ...(fallback === undefined || secret ? {} : { default: fallback }),
          ...(secret && fallback === undefined ? { generate: 'password' as const } : {}),
          ...(shown !== undefined && !secret ? { example: shown } : {}),
          decision,
        },
      ];
    }),
  );
}
