/** A committed compose file contains passwords. */

import { isOpening, namesCredential, passwordInUrl, tokenIn } from '../../catalog/secret-values.ts';
import type { Remark, Rule } from '../contract.ts';
import type { ComposeSet, ServiceFacts } from '../facts/compose.ts';
import { listed } from './support/words.ts';

type Found = {
  readonly service: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly token: string | undefined;
};

/** A password of a database that every example has opens something all the same where the database is reached. */
const isPassword = (value: string): boolean =>
  value.length >= 3 &&
  !value.includes('$') &&
  !/^(true|false|yes|no|none|null|<.*>)$/i.test(value) &&
  !/^\/run\/secrets\//.test(value);

/** Secrets that the application makes its own tokens and sessions with: a text such as `change-me` is no gap there, it is what signs them. */
const signsItself = (variable: string): boolean =>
  /^((JWT|APP|SESSION|COOKIE|AUTH|NEXTAUTH|BETTER_AUTH|CSRF|CORE|API|HASH|SIGNING|ENCRYPTION|(ACCESS|REFRESH)(_TOKEN)?)_)?SECRET(_KEY)?(_BASE)?$/i.test(
    variable,
  );

function secretsIn({ name, environment, at }: ServiceFacts): readonly Found[] {
  return Object.entries(environment).flatMap(([variable, value]): Found[] => {
    if (value === null || value.includes('${') || value.startsWith('$')) return [];
    const token = tokenIn(value);
    const inUrl = passwordInUrl(value);
    const isWhole = /PASS(WORD|WD)?$|PWD$/i.test(variable) || signsItself(variable);
    const isSecret = namesCredential(variable) && (isWhole ? isPassword(value) : isOpening(value));
    if (token === undefined && !isSecret && (inUrl === undefined || !isPassword(inUrl))) return [];
    return [{ service: name, name: variable, ...at('environment', variable), token }];
  });
}

function remarkOn(found: readonly Found[], file: string): Remark | undefined {
  const [first] = found;
  if (!first) return undefined;
  const token = found.find((item) => item.token !== undefined);
  const shown = listed(found.map(({ service, name }) => `${name} of ${service}`));
  return {
    ...(token ? { severity: 'error' as const } : {}),
    message: `${token ? `${token.name} of ${token.service} contains ${token.token}` : `Secrets are in plain text: ${shown}`}.`,
    why: 'They are in the Git history, everybody with access to the repository can read them, and every deployment has the same ones.',
    file,
    line: (token ?? first).line,
    fix: {
      safety: 'suggested',
      description: `Write \`\${${(token ?? first).name}:?}\` instead and keep the values in \`.env\`, which is not committed, or use \`secrets:\`.`,
    },
  };
}

const judged = ({ use }: ComposeSet): boolean => use === 'base' || use === 'production';

export const rule: Rule = {
  name: 'password-in-compose',
  title: 'Passwords are in a compose file',
  severity: 'warning',
  weight: 65,
  check: (facts) => {
    // a file that is laid over several others says each line once
    const found = facts.sets.filter(judged).flatMap(({ services }) => services.flatMap(secretsIn));
    const files = [...new Set(found.map(({ file }) => file))];
    return files.flatMap((file) => {
      const lines = new Map(
        found.filter((item) => item.file === file).map((item) => [`${item.line} ${item.name}`, item]),
      );
      return (
        remarkOn(
          [...lines.values()].sort((a, b) => a.line - b.line),
          file,
        ) ?? []
      );
    });
  },
};
