/**
 * Packages that sign people in, and read variables by themselves: the secret that they sign with, and the address that browsers use, without which they send
 * people to this machine, or refuse a request whose address nobody has said is theirs.
 */

export type AuthPackage = {
  readonly packages: readonly string[];
  /** the releases, by their lowest major; absent: all */
  readonly before?: number;
  readonly from?: number;
  readonly variables: readonly AuthVariable[];
  /** where it was looked up */
  readonly source: string;
};

export type AuthVariable = {
  readonly name: string;
  readonly secret: boolean;
  readonly purpose: string;
  /** the option of the package that says it in its place; absent: none does */
  readonly option?: string;
};

const signs = (name: string, option = 'secret'): AuthVariable => ({
  name,
  secret: true,
  purpose: 'key that signs sessions',
  option,
});
const address = (name: string, option?: string): AuthVariable => ({
  name,
  secret: false,
  purpose: 'the URL that browsers use, such as https://shop.example; users are redirected there after signing in',
  ...(option === undefined ? {} : { option }),
});

/** Parts of these packages that run in browsers, and ask a server that may be another one. */
export const authClients = ['react', 'client', 'vue', 'svelte', 'solid', 'lynx'];

export const authPackages: readonly AuthPackage[] = [
  {
    packages: ['next-auth'],
    before: 5,
    variables: [signs('NEXTAUTH_SECRET'), address('NEXTAUTH_URL')],
    source: 'https://next-auth.js.org/configuration/options',
  },
  {
    packages: ['next-auth'],
    from: 5,
    variables: [signs('AUTH_SECRET'), address('AUTH_URL', 'trustHost')],
    source: 'https://authjs.dev/getting-started/deployment',
  },
  {
    packages: ['@auth/sveltekit', '@auth/express', '@auth/solid-start', 'auth-astro'],
    variables: [signs('AUTH_SECRET'), address('AUTH_URL', 'trustHost')],
    source: 'https://authjs.dev/getting-started/deployment',
  },
  {
    packages: ['better-auth'],
    variables: [signs('BETTER_AUTH_SECRET'), address('BETTER_AUTH_URL', 'baseURL')],
    source: 'https://www.better-auth.com/docs/reference/options',
  },
];
