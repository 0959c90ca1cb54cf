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
  const key = words.findLastIndex((word) => word === 'KEY' || word === 'KEYS');
  if (key === -1) return false;
  // `STRIPE_KEY`, `API_KEY`, a bare `KEY`; but `CACHE_KEY` or `SORT_KEY` name things
  return (
    key === words.length - 1 &&
    (words.length === 1 || keyBefore.has(words[key - 1] ?? '') || !thingKeys.has(words[key - 1] ?? ''))
  );
}

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

/** What is shown in the place of a secret value. */
export const HIDDEN_VALUE = '********';

/** Whether an address carries a password: it is a secret as a whole then. */
export const hasCredentials = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(text);
