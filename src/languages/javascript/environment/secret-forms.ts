/**
 * The form that the code demands of a secret by what it does with it: bytes that it decodes, a key of a cipher, a key in PEM or as a JWK. A random
 * word in its place ends the program at its start, or at the first use.
 */
import {
  keyName,
  literalValue,
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { KeyForm, SecretForm } from '../../../model/facts.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;
type SecretPlace = { readonly context: AnalysisContext; readonly source: Source };
type Found = { readonly name: string; readonly form: SecretForm };

/** Bytes of a key where nothing says how many: those of AES-256 and of HMAC-SHA-256. */
const USUAL_BYTES = 32;

/** The forms by variable, each by the first place that shows it; of a pair of keys the public half names the private one. */
export function secretForms(context: AnalysisContext): ReadonlyMap<string, SecretForm> {
  const found = context.modules.sources.flatMap((source) => {
    const place = { context, source };
    const calls = nodesOf(source.program, 'CallExpression', 'NewExpression');
    const keys = [...calls.flatMap((call) => keysOf(place, call)), ...pairsOf(place)];
    const texts = calls.flatMap((call) => ofCipher(place, call));
    return [...keys, ...texts, ...decodedIn(place, calls)];
  });
  const forms = new Map<string, SecretForm>();
  for (const { name, form } of found) if (!forms.has(name)) forms.set(name, form);
  return paired(forms);
}

/** Public keys by the private key that they belong to: the only one that there is, or the one of the same name. */
function paired(forms: ReadonlyMap<string, SecretForm>): ReadonlyMap<string, SecretForm> {
  const all = [...forms];
  const keys = all.flatMap(([name, form]) => ('key' in form && form.half === 'private' ? [{ name, form }] : []));
  return new Map(
    all.flatMap(([name, form]): [string, SecretForm][] => {
      if (!('key' in form) || form.half === 'private') return [[name, form]];
      const same = keys.find((key) => stem(key.name) === stem(name)) ?? (keys.length === 1 ? keys[0] : undefined);
      return same ? [[name, { ...form, key: same.form.key, of: same.name }]] : [];
    }),
  );
}

const stem = (name: string): string =>
  name.replace(/(^|_)(PRIVATE|PUBLIC|SECRET|SIGNING|SIGN|VERIFYING|VERIFICATION|VERIFY|PRIV|PUB|KEY|PEM)(?=_|$)/g, '');

const variableOf = ({ context, source }: SecretPlace, node: Node | undefined): string | undefined =>
  node && resolveValue(context, source, node).variable?.name;

/** `createCipheriv` of `createCipheriv(…)`, `crypto.createCipheriv(…)` and `new NodeRSA(…)`. */
function calledName({ source }: SecretPlace, call: Call): string | undefined {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : propertyName(source, callee);
}

/** A value that is decoded, and what it is decoded from: `Buffer.from(X, 'base64')`, `atob(X)`, `Uint8Array.fromHex(X)`. */
type Decoded = { readonly from: Node; readonly encoding: 'base64' | 'base64url' | 'hex' };

function decodedBy(place: SecretPlace, node: Node): Decoded | undefined {
  const call = unwrap(node);
  if (call.type !== 'CallExpression') return undefined;
  const [first, second] = call.arguments;
  if (!first) return undefined;
  const path = memberPath(call.callee) ?? '';
  if (/(^|\.)Buffer\.from$/.test(path)) {
    const encoding = second && literalValue(place.source, second);
    return encoding === 'base64' || encoding === 'base64url' || encoding === 'hex'
      ? { from: first, encoding }
      : undefined;
  }
  if (/(^|\.)(atob|Uint8Array\.fromBase64|base64url\.decode|base64\.decode)$/.test(path))
    return { from: first, encoding: path.includes('url') ? 'base64url' : 'base64' };
  return path === 'Uint8Array.fromHex' ? { from: first, encoding: 'hex' } : undefined;
}

/** The same, also where a constant holds it or `toString()` makes text of it. */
function decoded(place: SecretPlace, node: Node, depth = 0): (Decoded & { readonly source: Source }) | undefined {
  const here = decodedBy(place, node);
  if (here) return { ...here, source: place.source };
  const call = unwrap(node);
  if (depth < 6 && call.type === 'CallExpression' && call.callee.type === 'MemberExpression') {
    const name = propertyName(place.source, call.callee);
    if (name === 'toString' || name === 'trim' || name === 'replace')
      return decoded(place, call.callee.object, depth + 1);
  }
  const target = trace(place.context, place.source, node);
  if (depth >= 6 || target.kind !== 'syntax' || target.node === call) return undefined;
  return decoded({ ...place, source: target.source }, target.node, depth + 1);
}

/** Bytes that the code decodes: as many as their length is compared with, else as a cipher of the module takes. */
function decodedIn(place: SecretPlace, calls: readonly Call[]): readonly Found[] {
  const made = calls.flatMap((call) => {
    const how = call.type === 'CallExpression' ? decodedBy(place, call) : undefined;
    const name = how && variableOf(place, how.from);
    return how && name !== undefined ? [{ call, name, encoding: how.encoding }] : [];
  });
  if (made.length === 0) return [];
  const lengths = comparedLengths(place);
  const ofCiphers = calls.flatMap((call) => (isCipher(place, call) ? (cipherBytes(place, call) ?? []) : []));
  return made.map(({ call, name, encoding }) => {
    const bytes = lengths.get(call) ?? ofCiphers[0] ?? USUAL_BYTES;
    return { name, form: encoding === 'hex' ? { length: 2 * bytes, hex: true } : { bytes, encoding } };
  });
}

/** A text that is the key of a cipher as it is. */
function ofCipher(place: SecretPlace, call: Call): readonly Found[] {
  const [, key] = isCipher(place, call) ? call.arguments : [];
  const name = key && !decoded(place, key) ? variableOf(place, plainBytes(key) ?? key) : undefined;
  const length = name === undefined ? undefined : cipherBytes(place, call);
  return name === undefined || length === undefined ? [] : [{ name, form: { length, hex: false } }];
}

/** `Buffer.from(X)`, `Buffer.from(X, 'utf8')`: the bytes of the text itself. */
function plainBytes(node: Node): Node | undefined {
  const call = unwrap(node);
  return call.type === 'CallExpression' && /(^|\.)Buffer\.from$/.test(memberPath(call.callee) ?? '')
    ? call.arguments[0]
    : undefined;
}

const isCipher = (place: SecretPlace, call: Call): boolean =>
  /^create(C|Dec)ipheriv$/.test(calledName(place, call) ?? '') && call.arguments.length > 1;

/** The bytes of the key of a cipher, by its name: `aes-256-gcm`, `chacha20-poly1305`. */
function cipherBytes({ context, source }: SecretPlace, call: Call): number | undefined {
  const [algorithm] = call.arguments;
  const name = algorithm && resolveValue(context, source, algorithm).value?.toLowerCase();
  if (name === undefined) return USUAL_BYTES;
  const bits = /^(?:id-)?(?:aes|aria|camellia)-?(128|192|256)/.exec(name)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  return name.startsWith('chacha20') ? USUAL_BYTES : undefined;
}

/** The lengths that values are compared with, by what they come to: `key.length !== 32`. */
function comparedLengths({ context, source }: SecretPlace): ReadonlyMap<Node, number> {
  const lengths = new Map<Node, number>();
  for (const { left, right } of nodesOf(source.program, 'BinaryExpression')) {
    for (const [length, number] of [
      [left, right],
      [right, left],
    ] as const) {
      const member = unwrap(length);
      const count = member.type === 'MemberExpression' ? literalValue(source, number) : undefined;
      if (member.type !== 'MemberExpression' || typeof count !== 'number' || count < 1 || count > 512) continue;
      const name = propertyName(source, member);
      if (name !== 'length' && name !== 'byteLength') continue;
      const target = trace(context, source, member.object);
      if (target.kind === 'syntax') lengths.set(target.node, count);
    }
  }
  return lengths;
}

/** Where a key in PEM is handed over: which argument, which half, and the argument that names the algorithm. */
const keyCalls: Readonly<
  Record<string, { readonly at: number; readonly half: KeyForm['half']; readonly algorithm?: number }>
> = {
  createPrivateKey: { at: 0, half: 'private' },
  createPublicKey: { at: 0, half: 'public' },
  importPKCS8: { at: 0, half: 'private', algorithm: 1 },
  importSPKI: { at: 0, half: 'public', algorithm: 1 },
  NodeRSA: { at: 0, half: 'private' },
};

function keysOf(place: SecretPlace, call: Call): readonly Found[] {
  const name = calledName(place, call) ?? '';
  const known = Object.hasOwn(keyCalls, name) ? keyCalls[name] : undefined;
  if (known) {
    const given = call.arguments[known.at];
    const inner = given && unwrap(given).type === 'ObjectExpression' ? property(unwrap(given), 'key') : given;
    const algorithm = known.algorithm === undefined ? undefined : call.arguments[known.algorithm];
    return keyFrom(place, inner, known.half, algorithm && resolveValue(place.context, place.source, algorithm).value);
  }
  if (name === 'importJWK') return jwkFrom(place, call);
  return signedBy(place, call, name);
}

/** `jwt.sign(payload, X, { algorithm: 'RS256' })`, `sign('sha256', data, X)`, `createSign('sha256').sign(X)`. */
function signedBy(place: SecretPlace, call: Call, name: string): readonly Found[] {
  if (!/^(sign|signAsync|verify|verifyAsync|jwtVerify)$/.test(name)) return [];
  const half = name.startsWith('sign') ? 'private' : 'public';
  const callee = unwrap(call.callee);
  const object = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
  if (object?.type === 'CallExpression' && /^create(Sign|Verify)$/.test(calledName(place, object) ?? ''))
    return keyFrom(place, call.arguments[0], half, undefined);
  const [first, second, third] = call.arguments;
  const algorithm = third && algorithmIn(place, third);
  if (algorithm !== undefined && keyType(algorithm)) return keyFrom(place, second, half, algorithm);
  const isCrypto = callee.type === 'Identifier' || /(^|\.)crypto\.(sign|verify)$/.test(memberPath(callee) ?? '');
  if (!isCrypto || !first || !third) return [];
  const isNull = first.type === 'Literal' && first.value === null;
  if (!isNull && !/^(rsa-)?sha\d/i.test(String(literalValue(place.source, first)))) return [];
  return keyFrom(place, third, half, isNull ? 'EdDSA' : undefined);
}

/** `{ algorithm: 'RS256' }`, `{ algorithms: ['ES256'] }`. */
function algorithmIn({ context, source }: SecretPlace, options: Node): string | undefined {
  const object = unwrap(options);
  const list = property(object, 'algorithms');
  const items = list && unwrap(list);
  const first = items?.type === 'ArrayExpression' ? items.elements[0] : undefined;
  const node = property(object, 'algorithm') ?? first ?? undefined;
  return node && resolveValue(context, source, node).value;
}

/** The key that an algorithm of JSON Web Tokens takes; undefined: none of a pair. */
function keyType(algorithm: string): KeyForm['key'] | undefined {
  if (/^(RS|PS|RSA)/.test(algorithm)) return 'rsa';
  if (/^ES/.test(algorithm)) return 'ec';
  return /^EdDSA$|^Ed25519$/.test(algorithm) ? 'ed25519' : undefined;
}

/** An object that holds both halves: `{ privateKey: X, publicKey: Y }`, `secret: { private: X, public: Y }`. */
function pairsOf(place: SecretPlace): readonly Found[] {
  return nodesOf(place.source.program, 'ObjectExpression').flatMap((object) => {
    const names = object.properties.flatMap((item) =>
      item.type === 'Property' ? [{ name: keyName(item.key, item.computed), value: item.value }] : [],
    );
    const named = (wanted: RegExp) => names.find(({ name }) => wanted.test(name ?? ''))?.value;
    const [own, shown] = [named(/^private(Key)?$/), named(/^public(Key)?$/)];
    if (!own || !shown) return [];
    const algorithms = new Set<string>();
    walk(object, (node) => {
      if (node.type === 'Literal' && typeof node.value === 'string' && keyType(node.value)) algorithms.add(node.value);
    });
    const [algorithm] = algorithms;
    return [...keyFrom(place, own, 'private', algorithm), ...keyFrom(place, shown, 'public', algorithm)];
  });
}

function keyFrom(
  place: SecretPlace,
  node: Node | undefined,
  half: KeyForm['half'],
  algorithm: string | undefined,
): readonly Found[] {
  if (!node) return [];
  const made = decoded(place, node);
  const isEncoded = made !== undefined && made.encoding !== 'hex';
  const name = made ? variableOf({ ...place, source: made.source }, made.from) : variableOf(place, node);
  if (name === undefined || (made && !isEncoded)) return [];
  const key = (algorithm === undefined ? undefined : keyType(algorithm)) ?? 'rsa';
  return [{ name, form: { key, half, as: isEncoded ? 'pem-base64' : 'pem' } }];
}

/** `importJWK(JSON.parse(X), 'ES256')`. */
function jwkFrom(place: SecretPlace, call: Call): readonly Found[] {
  const [given, algorithm] = call.arguments;
  const parsed = given && trace(place.context, place.source, given);
  const inner = parsed?.kind === 'syntax' ? unwrap(parsed.node) : undefined;
  if (parsed?.kind !== 'syntax' || inner?.type !== 'CallExpression' || memberPath(inner.callee) !== 'JSON.parse')
    return [];
  const name = variableOf({ ...place, source: parsed.source }, inner.arguments[0]);
  const algorithmName = algorithm && resolveValue(place.context, place.source, algorithm).value;
  const key = (algorithmName === undefined ? undefined : keyType(algorithmName)) ?? 'ec';
  return name === undefined ? [] : [{ name, form: { key, half: 'private', as: 'jwk' } }];
}
