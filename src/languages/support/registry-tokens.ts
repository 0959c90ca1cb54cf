import { isRefusedSecret } from '../../catalog/loader-variables.ts';
import type { Facts } from '../../model/facts.ts';

type Found = Pick<Facts, 'tokens' | 'notes'>;
type Token = Facts['tokens'][number];

/** A setting that holds what logs in to a registry: where it stands, and its text. */
export type LoginSetting = {
  readonly file: string;
  readonly line: number | undefined;
  readonly text: string;
  readonly scope?: string;
};

/** The variables that settings name as what logs in, each once, and a note for each that no build is given. */
export function tokensOf(settings: readonly LoginSetting[]): Found {
  const found = settings.map(ofOne);
  return { tokens: merged(found.flatMap((item) => item.tokens)), notes: found.flatMap((item) => item.notes) };
}

function ofOne({ file, line, text, scope }: LoginSetting): Found {
  const at = { file, ...(line === undefined ? {} : { line }), why: 'the install logs in to a registry' };
  const place = line === undefined ? file : `${file}:${line}`;
  const note = (code: string, message: string) => ({ code, message, from: [at] });
  const tokens: Token[] = [];
  const notes: Facts['notes'] = [];
  for (const name of new Set(namesIn(text))) {
    if (!isVariableName(name))
      notes.push(
        note(
          'token-without-a-name',
          `${place} uses "${shortened(name)}" as a registry token, which is not a valid variable name: use one such as NPM_TOKEN`,
        ),
      );
    else if (isRefusedSecret(name))
      notes.push(
        note(
          'token-refused',
          `${place} uses ${name} as a registry token. Programs find or load code through that variable, so its value is never passed to a build: use another variable, such as NPM_TOKEN`,
        ),
      );
    else tokens.push({ variable: name, file, ...(scope === undefined ? {} : { scope }), from: [at] });
  }
  return { tokens, notes };
}

const isVariableName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

const shortened = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

/**
 * The names of `${NPM_TOKEN}`, `${NPM_TOKEN?}`, `${NPM_TOKEN-}`, `${NPM_TOKEN:-none}` and `$NPM_TOKEN`. What stands in the braces counts as a
 * whole: managers look up `${npm_config_//host/:_authToken}` under that very name, and not under the letters that it begins with.
 */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  const plain = /[A-Za-z_]\w*/y;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
    if (text[at + 1] !== '{') {
      plain.lastIndex = at + 1;
      names.push(...(plain.exec(text) ?? []));
      continue;
    }
    const end = text.indexOf('}', at);
    if (end < 0) break;
    names.push(nameInBraces(text.slice(at + 2, end)));
    at = end;
  }
  return names;
}

function nameInBraces(inner: string): string {
  const fallback = inner.indexOf('-');
  const name = fallback < 0 ? inner : inner.slice(0, fallback).replace(/:$/, '');
  return name.replace(/\?$/, '').trim();
}

/** Each variable once, with every place that names it. */
function merged(tokens: readonly Token[]): Token[] {
  const byName = new Map<string, { readonly first: Token; readonly from: Token['from'] }>();
  for (const token of tokens) {
    const before = byName.get(token.variable);
    if (before) before.from.push(...token.from);
    else byName.set(token.variable, { first: token, from: [...token.from] });
  }
  return [...byName.values()].map(({ first, from }) => ({ ...first, from }));
}
