import type { ExistingContainer, Part, ServiceCredentials } from '../contract.ts';

/**
 * The first of these variables that a container of the author gets, as text of a compose file; else the default of its image. What only a file of
 * settings holds is named as a variable, since Compose reads the usual one for both.
 */
export function given(
  { env, hasSettings }: ExistingContainer,
  names: readonly string[],
  fallback?: string,
): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === null) return `\${${name}}`;
    if (value !== undefined) return value;
  }
  const [first] = names;
  if (!hasSettings || first === undefined) return fallback;
  return fallback === undefined ? `\${${first}}` : `\${${first}:-${withoutVariable(fallback)}}`;
}

/** A variable in the default of another one is not taken apart: its own default stands there. */
const withoutVariable = (text: string): string => text.replace(/^\$\{\w+:-([^{}$]*)\}$/, '$1');

/** Texts of an address: what stands between its signs must not be one of them. */
const encoded = (parts: readonly Part[]): readonly Part[] =>
  parts.map((part) => (typeof part === 'string' ? encodeURIComponent(part) : part));

/** An address with the account of the author's container. `database` is what follows the host. */
export function addressWith(
  scheme: string,
  { user, password }: ServiceCredentials,
  host: string,
  database: readonly Part[],
): readonly Part[] {
  const who =
    user && password ? [...encoded(user), ':', ...encoded(password), '@'] : user ? [...encoded(user), '@'] : [];
  const secret = user || !password ? who : [':', ...encoded(password), '@'];
  return merged([`${scheme}://`, ...secret, host, ...database]);
}

/** Texts beside each other as one. */
const merged = (parts: readonly Part[]): readonly Part[] =>
  parts.reduce<Part[]>((all, part) => {
    const last = all.at(-1);
    if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
    else all.push(part);
    return all;
  }, []);
