import type { Facts } from '../model/facts.ts';
import { readData } from '../project/data.ts';
import type { App } from './app.ts';

/** Tokens of private registries that installing needs: variables named in `.npmrc` and `bunfig.toml`. Tokens written out in clear are notes. */
export function readTokens(app: App): Pick<Facts, 'tokens' | 'notes'> {
  const tokens: Facts['tokens'] = [];
  const notes: Facts['notes'] = [];
  for (const file of new Set([app.path('.npmrc'), '.npmrc'])) {
    const text = app.project.read(file);
    for (const [index, raw] of (text ?? '').split('\n').entries()) {
      const line = raw.trim();
      if (line.startsWith('#') || line.startsWith(';')) continue;
      const [key = '', value = ''] = line.split(/=(.*)/s);
      if (!/_auth(Token)?$|_password$/.test(key.trim())) continue;
      const at = { file, line: index + 1, why: 'installing logs in to a registry' };
      const names = variablesIn(value);
      for (const variable of names) tokens.push({ variable, file, from: [at] });
      if (names.length === 0 && value.trim() !== '') notes.push(inClear(file, at));
    }
  }
  for (const file of new Set([app.path('bunfig.toml'), 'bunfig.toml'])) addToml(app, file, tokens, notes);
  return { tokens: unique(tokens), notes };
}

const inClear = (file: string, at: Facts['notes'][number]['from'][number]) => ({
  code: 'token-in-clear',
  message: `${file} holds a token in clear: name a variable instead, as in \${REGISTRY_TOKEN}`,
  from: [at],
});

/** `[install] registry` and `[install.scopes]`: an address, or a table with `token` or `password`. */
function addToml(app: App, file: string, tokens: Facts['tokens'], notes: Facts['notes']): void {
  const data = readData(app.project, file);
  const scopes = data?.at(['install', 'scopes']);
  const places: { path: string[]; scope?: string }[] = [
    { path: ['install', 'registry'] },
    ...(typeof scopes === 'object' && scopes !== null
      ? Object.keys(scopes).map((scope) => ({ path: ['install', 'scopes', scope], scope }))
      : []),
  ];
  for (const { path, scope } of places) {
    const texts = ['token', 'password'].map((key) => data?.text([...path, key]));
    const line = data?.line(path);
    const at = { file, ...(line === undefined ? {} : { line }), why: 'installing logs in to a registry' };
    for (const text of [data?.text(path), ...texts]) {
      const names = variablesIn(text ?? '');
      for (const variable of names)
        tokens.push({ variable, file, ...(scope === undefined ? {} : { scope }), from: [at] });
      if (names.length === 0 && text !== undefined && texts.includes(text)) notes.push(inClear(file, at));
    }
  }
}

/** `${NPM_TOKEN}`, `${NPM_TOKEN-}` and `$NPM_TOKEN`. */
const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].flatMap((one) => one[1] ?? []);

function unique(tokens: Facts['tokens']): Facts['tokens'] {
  return tokens.filter((one, index) => tokens.findIndex((other) => other.variable === one.variable) === index);
}
