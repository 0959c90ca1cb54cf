import { posix } from 'node:path';
import type { ExistingService } from '../../model/existing.ts';
import type { Facts, Variable } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { Setting } from '../../model/plan.ts';
import { holdsSecret } from '../../model/secret-names.ts';
import type { Decide } from '../decide.ts';
import type { Settings } from '../settings.ts';
import type { Adopted } from './services.ts';
import type { KeptSet } from './set.ts';
import { suggestions, type ValueSuggester } from './suggest.ts';

/** Whether a text is an address of the machine itself: in a container it leads to nobody. */
export const namesLoopback = (text: string): boolean => /(^|\/\/|@)(localhost|127\.0\.0\.1)(:|\/|$)/i.test(text);

/**
 * The variables that the author's compose files take from the environment, and those that the application reads from the usual file of settings, as
 * rows of the example of settings.
 */
export function composeSettings(set: KeptSet, facts: Facts, adopted: readonly Adopted[], decide: Decide): Settings {
  const suggest = suggestions(set, facts, adopted);
  const known = passwords(set, adopted, decide);
  const variables = facts.variables.filter(({ name }) => !Object.hasOwn(known, name));
  return {
    ...known,
    ...fileSettings(set, { ...facts, variables }, suggest, decide),
    ...interpolated(set, facts, suggest, decide),
  };
}

function interpolated(
  { base, production }: KeptSet,
  { variables }: Facts,
  suggest: ValueSuggester,
  decide: Decide,
): Settings {
  const found = new Map([base, production].flatMap((set) => Object.entries(set?.variables ?? {})));
  return Object.fromEntries(
    [...found].map(([name, { default: fallback, example, from }]) => {
      const read = variables.find((variable) => variable.name === name);
      const secret = read?.secret ?? holdsSecret(name, fallback);
      const decision = decide(`settings.${name}`, {
        choice:
          fallback === undefined
            ? 'set by the user who deploys'
            : `${secret ? 'the default' : fallback} unless it is set`,
        why: 'your compose file takes it from the environment',
        from,
      });
      const purpose = read?.purpose ?? `used in ${from[0]?.file ?? 'the compose file'}`;
      const open = fallback === undefined ? openValue(secret, example ?? read?.example, suggest(name)) : {};
      return [
        name,
        {
          purpose,
          required: fallback === undefined,
          secret,
          ...(fallback === undefined || secret ? {} : { default: fallback }),
          ...(fallback !== undefined && example !== undefined && !secret ? { example } : {}),
          ...open,
          decision,
        },
      ];
    }),
  );
}

/** What a variable without a default may hold: what the services need beats an example that is meant for this machine. */
function openValue(
  secret: boolean,
  example: string | undefined,
  suggested: ReturnType<ValueSuggester>,
): Partial<Pick<Setting, 'value' | 'generate' | 'example'>> {
  if (secret) return suggested ? { value: suggested.secret ?? suggested.value } : { generate: 'password' };
  const isOther = suggested?.isTold === true || (suggested !== undefined && namesLoopback(example ?? ''));
  const own = example === undefined || example === '' || isOther ? undefined : example;
  const text = own ?? suggested?.value ?? example;
  return text === undefined ? {} : { example: text };
}

const isUsualFile = (file: string): boolean => posix.normalize(file) === '.env';

/** The services that get the usual file of settings, which lies beside the compose file. */
const withSettings = ({ base, apps }: KeptSet): readonly ExistingService[] =>
  posix.dirname(base?.files[0] ?? '.') !== '.'
    ? []
    : apps.flatMap(({ service }) => (service?.envFiles.some(({ value }) => isUsualFile(value)) ? [service] : []));

/** The password of a database whose image refuses to start without one, where its container gets it from the usual file of settings alone. */
function passwords(set: KeptSet, adopted: readonly Adopted[], decide: Decide): Settings {
  if (posix.dirname(set.base?.files[0] ?? '.') !== '.') return {};
  return Object.fromEntries(
    adopted.flatMap(({ kept, detection, host }): [string, Setting][] => {
      const { user, password } = detection.login ?? {};
      const [name] = password?.variables ?? [];
      const isNeeded = user?.default !== undefined && kept.envFiles.some(({ value }) => isUsualFile(value));
      const isGiven = password?.variables.some((variable) => Object.hasOwn(kept.env, variable));
      if (name === undefined || !isNeeded || isGiven || set.base?.variables?.[name]) return [];
      const decision = decide(`settings.${name}`, {
        choice: 'set by the user who deploys',
        why: `${detection.title} does not start without a password, and its container reads it from the settings file`,
        from: kept.from,
      });
      const purpose = `password of ${detection.title} (${host})`;
      return [[name, { purpose, required: true, secret: true, generate: 'password', decision }]];
    }),
  );
}

/** The variables that the application needs, where its container gets them from the usual file of settings alone. */
function fileSettings(set: KeptSet, facts: Facts, suggest: ValueSuggester, decide: Decide): Settings {
  const services = withSettings(set);
  const [first] = services;
  if (!first) return {};
  const own = new Set([knownValue(facts.port)?.variable, facts.host?.value.variable]);
  const asked = new Set([set.base, set.production].flatMap((item) => Object.keys(item?.variables ?? {})));
  const isOpen = ({ name, fileOf }: Variable) =>
    fileOf === undefined && !own.has(name) && !asked.has(name) && !services.some(({ env }) => Object.hasOwn(env, name));
  return Object.fromEntries(
    facts.variables.filter(isOpen).flatMap((variable): [string, Setting][] => {
      const { name, secret, required, example, from } = variable;
      const suggested = suggest(name);
      const isConnection = variable.service !== undefined && variable.part !== 'other' && suggested !== undefined;
      if (!required && !isConnection) return [];
      const decision = decide(`settings.${name}`, {
        choice: 'set by the user who deploys',
        why: 'your compose file passes the settings file to the application, which reads it there',
        from,
      });
      const purpose = variable.purpose ?? `read in ${from[0]?.file ?? 'the source'}`;
      return [[name, { purpose, required: true, secret, ...openValue(secret, example, suggested), decision }]];
    }),
  );
}
