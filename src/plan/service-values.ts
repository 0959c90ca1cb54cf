/** The values of a backing service: what it is told and where it is, with the settings that whoever deploys has to make. */
import type { EnvVar, Setting } from '../model/plan.ts';
import type { Part } from '../services/contract.ts';
import type { ChosenService } from './services.ts';
import type { Settings, WithSettings } from './settings.ts';

/** Joins the parts of a value; a single text or a single variable is the simpler thing that it is. */
export function valueOfParts(parts: readonly Part[]): EnvVar['value'] {
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

/** The end of the name of a variable that holds a password as it stands in an address. */
export const IN_ADDRESS = '_IN_URL';

/** A value of a service: what it is, and the settings that it needs. */
export function serviceValue(
  texts: readonly Part[],
  chosen: ChosenService,
  purpose: string,
  decision: string,
): WithSettings<EnvVar> {
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

const isSecret = (parts: readonly Part[]) => parts.some((part) => typeof part !== 'string' && part.secret);

/** The rows of .env.example that the variables inside a service's values need. */
const settingsOf = (parts: readonly Part[], { detection, host, existing }: ChosenService, decision: string): Settings =>
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
                  ? 'letters, digits, - and _ only: it is part of a URL'
                  : `the password that your compose file gives ${host}${encodedHint(variable)}`,
            }
          : {}),
        decision,
      };
      return [[variable, setting]];
    }),
  );

/** A variable that is a part of an address has signs as they stand there. */
const encodedHint = (variable: string): string =>
  variable.endsWith(IN_ADDRESS) ? ', percent-encoded (%40 for @)' : '';
