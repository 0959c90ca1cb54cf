import { HIDDEN_VALUE, hasCredentials, hiddenSecret, holdsSecret } from '../model/secret-names.ts';

/** Secrets by their value: a name that sounds secret says nothing of a path, a placeholder or a reference. */

/** Forms of tokens that their makers publish so that they are found. */
const TOKENS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a GitHub token', /^(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,255}$|^github_pat_\w{22,255}$/],
  ['a GitLab token', /^glpat-[\w-]{20,255}$/],
  ['an npm token', /^npm_[A-Za-z0-9]{36}$/],
  ['an AWS key', /^(AKIA|ASIA)[A-Z0-9]{16}$/],
  ['a Stripe key', /^[rs]k_(live|test)_[A-Za-z0-9]{16,255}$/],
  ['an OpenAI key', /^sk-(proj-)?[\w-]{32,255}$/],
  ['a Slack token', /^xox[abprs]-[\w-]{10,255}$/],
  ['a SendGrid key', /^SG\.[\w-]{16,64}\.[\w-]{16,64}$/],
  ['a Google key', /^AIza[\w-]{35}$/],
  ['a private key', /^-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/],
  ['a signed token', /^eyJ[\w-]{8,2000}\.eyJ[\w-]{8,2000}\.[\w-]{8,2000}$/],
];

const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|ENCRYPTION_?KEY|JWT_?KEY|CREDENTIALS?|PASSPHRASE|SALT)(_(BASE|VALUE|KEY))?$/i;

/** Names that end like a secret and are none. */
const HARMLESS_NAME =
  /_FILE$|_PATH$|_NAME$|_URL$|_ID$|_TTL$|_EXPIR|_LENGTH$|^(NEXT_)?PUBLIC_|PUBLIC_KEY|PUBLISHABLE|^(VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY)_|^GPG_KEY/i;

/** What people write where a value must be, and that opens nothing: the whole of it. */
const PLACEHOLDERS =
  /^(x{1,200}|\*{1,200}|\.{1,200}|-{1,200}|null|none|nil|undefined|true|false|yes|no|\d{1,3}|yours?|default|dev|development|local|localhost|secret|sk_test_?|key|token|test|testing)$/i;

/** How such a text begins. */
const PLACEHOLDER_BEGINS =
  /^(<|\[|\{|tests?[-_]|dummy|placeholder|fake|example|sample|changeme|change[-_ ]me|change[-_ ]this|replace|your[-_ ]|insert|todo|build|(0x)?(cafebabe|deadbeef)|not[-_ ]?(a[-_ ])?(real|needed|used|set|secret)|unused|skip|stub|mock|empty)/i;

/** What it says somewhere. */
const PLACEHOLDER_HAS =
  /placeholder|dummy|changeme|change[-_]me|not-?real|for-?build|build-?time|build-?only|example|replace[-_]?me/i;

/** What may be a token in a longer text: how one begins, and what follows. Whether it is one says `tokenIn`. */
const tokenWords = (text: string): readonly string[] =>
  text.match(
    /(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|npm_|AKIA|ASIA|[rs]k_(?:live|test)_|sk-|xox[abprs]-|SG\.)[\w.-]{10,255}/g,
  ) ?? [];

/** A private key with its first line: the marks alone stand in every program that reads keys. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\r?\n|\\n)[A-Za-z0-9+/=]{40}/;

const isPlaceholder = (value: string): boolean =>
  value === '' || PLACEHOLDERS.test(value) || PLACEHOLDER_BEGINS.test(value) || PLACEHOLDER_HAS.test(value);

/** A value that names something instead of being it. */
const REFERENCE = /\$|^[./~]|^[\w.-]+\/|^https?:\/\/[^:@/]+(\/|$|:)|^(file|env|vault|arn|projects):/i;

/** What secret a value is by itself, whatever its name; undefined: it is none that is known. */
export const tokenIn = (value: string): string | undefined =>
  value.length > 5000 ? undefined : TOKENS.find(([, form]) => form.test(value.trim()))?.[0];

/** The password in an address, such as `postgres://user:password@host/`; undefined: there is none. */
export function passwordInUrl(value: string): string | undefined {
  const found = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^:@/\s]{0,200}:([^@/\s]{1,500})@/i.exec(value);
  return found?.[1];
}

/**
 * Whether a name says that its value opens something. Narrower than what generated files hide (`model/secret-names.ts`): a remark must be right about
 * a text that somebody wrote, and hiding one too many costs nothing.
 */
export const namesCredential = (name: string): boolean =>
  name.length <= 200 && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);

/** Whether a value could open something: no placeholder and no reference. */
export const isOpening = (value: string): boolean =>
  value.length <= 5000 && value.length >= 4 && !isPlaceholder(value.trim()) && !REFERENCE.test(value.trim());

/** Signs of all kinds, as a random text has them: what begins like a token may be the name of a style. */
const isMixed = (word: string): boolean =>
  /[0-9]/.test(word) && /[A-Z]/.test(word) && (/[a-z]/.test(word) || /^A[KS]IA/.test(word));

/** The secrets that stand in a text by their form: what each is. No value is given out. */
export function secretsIn(text: string): readonly string[] {
  const tokens = tokenWords(text).flatMap((word) =>
    isMixed(word) && !isPlaceholder(word) ? (tokenIn(word) ?? []) : [],
  );
  return [...new Set(PRIVATE_KEY.test(text) ? [...tokens, 'a private key'] : tokens)];
}

/** What a variable holds, where that opens something; undefined: nothing that is known. */
export function secretOf(name: string, value: string): string | undefined {
  const token = tokenIn(value);
  if (token !== undefined && !isPlaceholder(value.trim())) return token;
  const password = passwordInUrl(value);
  if (password !== undefined && isOpening(password)) return 'a URL with a password';
  return namesCredential(name) && isOpening(value) ? 'a secret, judging by its name' : undefined;
}

/** A word in which an address, wherever it begins, shows no password. */
function withoutPassword(word: string): string {
  const at = word.indexOf('://');
  let start = at;
  while (start > 0 && /[a-z0-9+.-]/i.test(word[start - 1] ?? '')) start -= 1;
  const url = word.slice(Math.max(0, start));
  return at > 0 && hasCredentials(url) ? `${word.slice(0, start)}${hiddenSecret(url)}` : word;
}

/** A line of commands as it may be shown: what could be the value of a secret is hidden, rather one too many than one too few. */
export function withoutSecretValues(line: string): string {
  const named = line
    .replace(/[^\s'"]+/g, withoutPassword)
    .replace(
      /(?<![\w.-])([A-Za-z_][\w.-]{0,200})=("[^"]{1,5000}"|[^\s"']{1,5000})/g,
      (all, name: string, value: string) =>
        !value.includes(HIDDEN_VALUE) && holdsSecret(name, value) && !value.startsWith('$')
          ? `${name}=${HIDDEN_VALUE}`
          : all,
    );
  return tokenWords(named)
    .filter((word) => tokenIn(word) !== undefined)
    .reduce((text, word) => text.replaceAll(word, HIDDEN_VALUE), named);
}
