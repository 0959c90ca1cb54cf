import { isLoginFile, othersFiles } from '../../catalog/login-files.ts';
import { passwordInUrl, secretOf, secretsIn } from '../../catalog/secret-values.ts';
import type { Archive } from '../../engine/archive.ts';
import type { ScanSecret } from '../../model/scan.ts';
import type { Origin, Origins } from './origins.ts';

/** Bytes of a file of settings that are read: none is longer. */
const MOST = 1_000_000;

/** Characters that a token may be cut at between two chunks. */
const OVERLAP = 400;

/** What was found, and the layers that could not be read, a sentence each. */
export type SecretSearch = { readonly secrets: readonly ScanSecret[]; readonly unread: readonly string[] };

/** Looks for secrets in every layer, what later ones delete too, and in the configuration of an image. Values are given out nowhere. */
export async function secretsOf(archive: Archive, origins: Origins): Promise<SecretSearch> {
  const found = new Map<string, ScanSecret>();
  const note = (path: string, what: string, origin: Origin) => {
    const id = `secret:${path}`;
    if (!found.has(id)) found.set(id, { id, path, what, ...origin });
  };
  const unread: string[] = [];
  for (const [at, layer] of archive.layers.entries()) {
    if (layer.mediaType.endsWith('zstd')) {
      unread.push(`Layer ${at + 1} is compressed with zstd, so it was not checked for secrets.`);
      continue;
    }
    await archive.readLayer(layer, ({ name, type }) => {
      if (type !== 'file' || othersFiles.test(name)) return undefined;
      return reader(name, (what) => note(`/${name}`, what, origins.layers[at] ?? {}));
    });
  }
  for (const { text, origin } of origins.history)
    for (const { name, what } of inInstruction(text)) note(`configuration: ${name}`, what, origin);
  // what the author of a base left is in no history of ours
  for (const pair of archive.config.config?.Env ?? []) {
    const [name, value] = split(pair, '=');
    const what = secretOf(name, value);
    if (what !== undefined) note(`configuration: ENV ${name}`, what, {});
  }
  return { secrets: [...found.values()].sort((item, other) => (item.id < other.id ? -1 : 1)), unread };
}

/** Reads a file as it comes. A file of settings is read as a whole, as its lines say what they hold. */
function reader(path: string, note: (what: string) => void): (chunk: Buffer) => void {
  const isSettings = isLoginFile(path);
  let tail = '';
  return (chunk) => {
    const text = tail + chunk.toString('latin1');
    for (const what of secretsIn(text)) note(what);
    if (isSettings) {
      for (const line of text.split(/\r?\n/)) {
        const what = inLine(line);
        if (what !== undefined) note(what);
      }
    }
    tail = isSettings ? text.slice(-MOST) : text.slice(-OVERLAP);
  };
}

/** The secret in a line of settings: `NAME=VALUE`, `name: value`, `password VALUE`, or an address. */
function inLine(line: string): string | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) return undefined;
  const password = passwordInUrl(trimmed);
  if (password !== undefined && secretOf('', trimmed)) return 'a URL with a password';
  // the files of curl and git, and a document of Docker on one line
  const word = /(?:^|\s)password\s+(\S{4,500})/.exec(trimmed)?.[1];
  if (word !== undefined && secretOf('PASSWORD', word)) return 'a login';
  if (/"auth"\s{0,9}:\s{0,9}"[\w+/=-]{8}/.test(trimmed)) return 'a login';
  const sign = trimmed.includes('=') ? '=' : trimmed.includes(': ') ? ': ' : ' ';
  const [before, after] = split(trimmed, sign);
  const value = after.trim().replace(/^["']|["'],?$/g, '');
  // `//registry.example/:_authToken`, `"auth"`, `export TOKEN`
  const name = (before.split(/[:/\s]/).at(-1) ?? '').replace(/["']/g, '').replace(/([a-z])([A-Z])/g, '$1_$2');
  return /^_?auth$/i.test(name) && /^[\w+/=-]{8,}$/.test(value) ? 'a login' : secretOf(name, value);
}

/** The secrets in an entry of the history: values that ENV, ARG and LABEL set, arguments of the build, and tokens in a command. */
function inInstruction(text: string): readonly { readonly name: string; readonly what: string }[] {
  const [keyword = ''] = text.split(' ', 1);
  const pairs = pairsOf(text, keyword).flatMap(([name, value]) => {
    const what = secretOf(name, value);
    return what === undefined ? [] : [{ name: `${keyword === 'RUN' ? 'ARG' : keyword} ${name}`, what }];
  });
  if (pairs.length > 0) return pairs;
  return secretsIn(text).map((what) => ({ name: keyword, what }));
}

function pairsOf(text: string, keyword: string): readonly (readonly [string, string])[] {
  const words = text.split(' ');
  if (['ENV', 'ARG', 'LABEL'].includes(keyword))
    return words.slice(1).flatMap((word) => (word.includes('=') ? [split(word, '=')] : []));
  const count = keyword === 'RUN' ? Number(/^\|(\d{1,3})$/.exec(words[1] ?? '')?.[1] ?? 0) : 0;
  return words.slice(2, 2 + count).map((word) => split(word, '='));
}

function split(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + sign.length)];
}
