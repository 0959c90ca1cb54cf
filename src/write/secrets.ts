import { randomBytes } from 'node:crypto';

/**
 * A random value for a secret: 32 characters that need no quoting in an address, a shell or an `.env` file, or as many as its form asks for, of
 * hexadecimal digits where it asks for those.
 */
export function randomSecret(form?: { readonly length: number; readonly hex: boolean }): string {
  const length = form?.length ?? 32;
  return randomBytes(length)
    .toString(form?.hex ? 'hex' : 'base64url')
    .slice(0, length);
}
