import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { KeyForm, RandomSecret } from '../model/facts.ts';

/**
 * Makes random values: 32 characters that need no quoting in an address, a shell or an `.env` file, or what the form asks for. The halves of a
 * pair that one maker makes belong together, whichever comes first.
 */
export function secretMaker(): RandomSecret {
  const pairs = new Map<string, Pair>();
  return (form, name = '') => {
    if (!form) return text(32, false);
    if ('bytes' in form) return randomBytes(form.bytes).toString(form.encoding);
    if (!('key' in form)) return text(form.length, form.hex);
    const owner = form.of ?? name;
    const pair = pairs.get(owner) ?? keyPair(form.key);
    pairs.set(owner, pair);
    return written(form, form.half === 'private' ? pair.privateKey : pair.publicKey);
  };
}

type Pair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const text = (length: number, hex: boolean): string =>
  randomBytes(length)
    .toString(hex ? 'hex' : 'base64url')
    .slice(0, length);

function keyPair(key: KeyForm['key']): Pair {
  if (key === 'ed25519') return generateKeyPairSync('ed25519');
  return key === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function written({ as, half }: KeyForm, key: KeyObject): string {
  if (as === 'jwk') return JSON.stringify(key.export({ format: 'jwk' }));
  const pem = key.export({ format: 'pem', type: half === 'private' ? 'pkcs8' : 'spki' }).toString();
  return as === 'pem' ? pem : Buffer.from(pem).toString('base64');
}
