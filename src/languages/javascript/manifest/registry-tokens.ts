import { posix } from 'node:path';
import { isRefusedSecret } from '../../../catalog/loader-variables.ts';
import { parseYaml, type Yaml } from '../../../formats/yaml/parse.ts';
import { UserError } from '../../../model/errors.ts';
import type { Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import type { App } from '../app.ts';

type Found = Pick<Facts, 'tokens' | 'notes'>;
type Token = Facts['tokens'][number];

/** A setting that holds what logs in to a registry: where it stands, and its text. */
type Setting = {
  readonly file: string;
  readonly line: number | undefined;
  readonly text: string;
  readonly scope?: string;
  /** a text without a variable is a token in clear; an address without one is only an address */
  readonly isToken: boolean;
};

/**
 * Tokens of private registries that installing needs: the variables that files of settings name. A token written out in clear is a note, and
 * so is a variable that no build is given: one that loads code or belongs to the machine, and a name that no variable can have.
 */
export function readTokens(app: App, installs: readonly string[]): Found {
  const settings = [...inNpmrc(app), ...inBunfig(app), ...inYarnrc(app, installs)];
  const found = settings.map(tokensOf);
  return { tokens: merged(found.flatMap((one) => one.tokens)), notes: found.flatMap((one) => one.notes) };
}

const either = (app: App, name: string): readonly string[] => [...new Set([app.path(name), name])];

function inNpmrc(app: App): readonly Setting[] {
  return either(app, '.npmrc').flatMap((file) =>
    (app.project.read(file) ?? '').split('\n').flatMap((raw, index) => {
      const line = raw.trim();
      const at = line.indexOf('=');
      if (at < 0 || line.startsWith('#') || line.startsWith(';')) return [];
      if (!/_auth(Token)?$|_password$/.test(line.slice(0, at).trim())) return [];
      return [{ file, line: index + 1, text: line.slice(at + 1).trim(), isToken: true }];
    }),
  );
}

/** `[install] registry` and `[install.scopes]`: an address, or a table with `token` or `password`. */
function inBunfig(app: App): readonly Setting[] {
  return either(app, 'bunfig.toml').flatMap((file) => {
    const data = readData(app.project, file);
    const scopes = data?.at(['install', 'scopes']);
    const names = isTable(scopes) ? Object.keys(scopes) : [];
    const places = [
      { path: ['install', 'registry'] },
      ...names.map((scope) => ({ path: ['install', 'scopes', scope], scope })),
    ];
    return places.flatMap(({ path, ...more }): Setting[] => {
      const texts = [
        { text: data?.text(path), isToken: false },
        ...['token', 'password'].map((key) => ({ text: data?.text([...path, key]), isToken: true })),
      ];
      return texts.flatMap(({ text, isToken }) =>
        text === undefined ? [] : [{ file, line: data?.line(path), text, isToken, ...more }],
      );
    });
  });
}

const yarnKeys = ['npmAuthToken', 'npmAuthIdent'];

/** `npmAuthToken` and `npmAuthIdent` of Yarn 2 and later: for every registry, for a scope, for one registry. */
function inYarnrc(app: App, installs: readonly string[]): readonly Setting[] {
  // it lies beside other managers too, which do not read it
  if (!installs.some((path) => posix.basename(path) === '.yarnrc.yml')) return [];
  return either(app, '.yarnrc.yml').flatMap((file) => {
    const yaml = yamlOf(app, file);
    if (!yaml || !isTable(yaml.value)) return [];
    const { value: root } = yaml;
    const tables = ['npmScopes', 'npmRegistries'].flatMap((table) =>
      isTable(root[table]) ? Object.entries(root[table]).map(([name, value]) => ({ table, name, value })) : [],
    );
    const rows = [
      { path: [], value: root as unknown },
      ...tables.map(({ table, name, value }) => ({
        path: [table, name],
        value,
        ...(table === 'npmScopes' ? { scope: `@${name}` } : {}),
      })),
    ];
    return rows.flatMap(({ path, value, ...more }) =>
      yarnKeys.flatMap((key): Setting[] => {
        const text = isTable(value) ? value[key] : undefined;
        return typeof text === 'string'
          ? [{ file, line: yaml.line([...path, key]), text, isToken: true, ...more }]
          : [];
      }),
    );
  });
}

function yamlOf(app: App, file: string): Yaml | undefined {
  const text = app.project.read(file);
  if (text === undefined) return undefined;
  try {
    return parseYaml(text, file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tokensOf({ file, line, text, scope, isToken }: Setting): Found {
  const at = { file, ...(line === undefined ? {} : { line }), why: 'installing logs in to a registry' };
  const place = line === undefined ? file : `${file}:${line}`;
  const note = (code: string, message: string) => ({ code, message, from: [at] });
  const names = namesIn(text);
  if (names.length === 0) {
    const message = `${file} holds a token in clear: name a variable instead, as in \${NPM_TOKEN}`;
    return { tokens: [], notes: isToken && text !== '' ? [note('token-in-clear', message)] : [] };
  }
  const tokens: Token[] = [];
  const notes: Facts['notes'] = [];
  for (const name of new Set(names)) {
    if (!isVariableName(name))
      notes.push(
        note(
          'token-without-a-name',
          `${place} asks for "${shortened(name)}" as the token of a registry, which is not a valid name of a variable: name one such as NPM_TOKEN`,
        ),
      );
    else if (isRefusedSecret(name))
      notes.push(
        note(
          'token-refused',
          `${place} asks for ${name} as the token of a registry. Programs find or load code by that variable, so no build is given its value: name another one there, such as NPM_TOKEN`,
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
