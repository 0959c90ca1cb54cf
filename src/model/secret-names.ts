/**
 * Which variables hold secrets: by the words of their names. A word that says where a secret lies, how long it lives or that it is public
 * takes that back: `JWT_SECRET_FILE`, `TOKEN_TTL`, `PUBLIC_KEY`.
 */
const secretWords = new Set([
  'SECRET',
  'SECRETS',
  'PASSWORD',
  'PASSWD',
  'PASS',
  'PWD',
  'PASSPHRASE',
  'TOKEN',
  'TOKENS',
  'CREDENTIAL',
  'CREDENTIALS',
  'PAT',
  'SALT',
  'PEPPER',
  'APIKEY',
  'DSN',
]);
const keyBefore = new Set([
  'API',
  'SECRET',
  'PRIVATE',
  'ACCESS',
  'ENCRYPTION',
  'SIGNING',
  'AUTH',
  'SESSION',
  'COOKIE',
  'JWT',
  'MASTER',
  'LICENSE',
  'SERVICE',
  'ACCOUNT',
  'ROLE',
  'HMAC',
  'WEBHOOK',
  'APP',
  'CLIENT',
  'STRIPE',
  'RESEND',
  'SENDGRID',
  'ADMIN',
]);
const takesBack = new Set([
  'PUBLIC',
  'PUBLISHABLE',
  'PATH',
  'FILE',
  'FILENAME',
  'DIR',
  'TTL',
  'EXPIRY',
  'EXPIRES',
  'EXPIRATION',
  'EXPIRE',
  'LIFETIME',
  'AGE',
  'MAXAGE',
  'LENGTH',
  'SIZE',
  'ROUNDS',
  'ISSUER',
  'AUDIENCE',
  'ALGORITHM',
  'ALG',
  'HEADER',
  'NAME',
  'URL',
  'URI',
  'ENDPOINT',
  'ID',
  'PREFIX',
  'COUNT',
  'LIMIT',
  'ENABLED',
  'MIN',
  'MAX',
  'POLICY',
  'TYPE',
  'BUDGET',
  'SECONDS',
  'MINUTES',
  'HOURS',
  'DAYS',
  'MS',
  'INTERVAL',
  'TIMEOUT',
  'TIME',
  'DURATION',
  'STORE',
  'STRATEGY',
  'IN',
]);

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[_.-]+/);

/** Whether a variable of this name holds a secret. A client's DSN of an error tracker is public by design, and counts as one of none. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.some((word) => word === 'PUBLIC' || word === 'PUBLISHABLE')) return false;
  if (takesBack.has(last)) return false;
  if (words.includes('DSN')) return false;
  if (words.some((word) => secretWords.has(word))) return true;
  // what sessions are signed with goes by these names alone, too
  if (words.length === 1 && ownValues.has(last)) return true;
  const key = words.findLastIndex((word) => word === 'KEY' || word === 'KEYS');
  if (key === -1) return false;
  // `STRIPE_KEY`, `API_KEY`, a bare `KEY`; but `CACHE_KEY` or `SORT_KEY` name things
  return (
    key === words.length - 1 &&
    (words.length === 1 || keyBefore.has(words[key - 1] ?? '') || !thingKeys.has(words[key - 1] ?? ''))
  );
}

const ownValues = new Set(['SESSION', 'SIGNING', 'JWT']);

/** Words of secrets that an application makes up for itself: whoever deploys may take any random value. */
const ownWords = new Set(['JWT', 'SESSION', 'SESSIONS', 'COOKIE', 'COOKIES', 'CSRF', 'REFRESH', 'ACCESS']);
/** Words of secrets that another party hands out. */
const foreignWords = new Set([
  'CLIENT',
  'API',
  'AWS',
  'GITHUB',
  'GITLAB',
  'GOOGLE',
  'FACEBOOK',
  'TWITTER',
  'WEBHOOK',
  'PUBLIC',
  'BOT',
  'OAUTH',
  'S3',
  'KEYCLOAK',
  'AZURE',
]);

/**
 * Whether a secret of this name is the application's own, such as one that it signs sessions or tokens with: `JWT_SECRET`, `SESSION_KEY`,
 * `ACCESS_TOKEN_SECRET`; not a token that another party hands out, such as `ACCESS_TOKEN` or `SESSION_TOKEN`.
 */
export function isOwnSecretName(name: string): boolean {
  const words = wordsOf(name);
  if (!isSecretName(name) || words.some((word) => foreignWords.has(word))) return false;
  return words.some((word) => ownWords.has(word)) && words.some((word) => word === 'SECRET' || word === 'KEY');
}

/** Whether a name says that another party hands the secret out: `GITHUB_PRIVATE_KEY`. */
export const isForeignSecretName = (name: string): boolean => wordsOf(name).some((word) => foreignWords.has(word));

const thingKeys = new Set([
  'CACHE',
  'SORT',
  'PRIMARY',
  'FOREIGN',
  'PARTITION',
  'STORAGE',
  'LOCAL',
  'REDIS',
  'QUEUE',
  'TABLE',
  'OBJECT',
  'ROUTING',
  'HASH',
  'HEADER',
  'FEATURE',
  'IDEMPOTENCY',
]);

/** Whether a variable holds a secret: by its name, or by an address with a password as its value. */
export const holdsSecret = (name: string, value: string | null | undefined): boolean =>
  isSecretName(name) || hasCredentials(value ?? '');

/** Beginnings of keys and tokens that their makers give out so that they are known for what they are. */
const tokenStart =
  /^(?:[sr]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA[0-9A-Z]{12}|AIza[\w-]{30}|SG\.|npm_|pypi-|eyJ[\w-]{10,}\.eyJ|-----BEGIN [A-Z ]*PRIVATE KEY)/;

/** Whether a text is made of random signs: one long run of letters of both cases and digits, or of hexadecimal digits. */
const isRandom = (text: string): boolean =>
  (/^[A-Za-z0-9]{20,}={0,2}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text)) ||
  (/^[0-9a-f]{32,}$/.test(text) && /[a-f]/.test(text) && /[0-9]/.test(text));

/** Whether whoever knows an address may use what it leads to: its path ends in a token, as that of a webhook does. */
function isCapability(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, searchParams } = new URL(text);
  const parts = pathname.split('/').filter((part) => part !== '');
  const isHook = hostname.split('.').includes('hooks') || parts.includes('webhooks');
  const named = [...searchParams].some(([name, value]) => value !== '' && isSecretName(name));
  return named || parts.some((part) => isRandom(part) || (isHook && /^[\w-]{16,}$/.test(part)));
}

/** Whether a text is a secret by its form, whatever the name that it stands under. */
export const isSecretForm = (text: string): boolean =>
  hasCredentials(text) || tokenStart.test(text) || isRandom(text) || isCapability(text);

/** What may be shown of a secret: where an address leads, and nothing of the rest. */
export function hiddenSecret(text: string): string {
  if (text === '') return text;
  const [, scheme, place] = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/\s@]*@)?([^/\s@?#]*)/i.exec(text) ?? [];
  return scheme === undefined ? HIDDEN_VALUE : `${scheme}${HIDDEN_VALUE}@${place}`;
}

/** What is shown in the place of a secret value. */
export const HIDDEN_VALUE = '********';

/** Whether an address carries a password: it is a secret as a whole then. */
export const hasCredentials = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(text);
