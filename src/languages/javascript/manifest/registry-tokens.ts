import { posix } from 'node:path';
import { parseYaml, type Yaml } from '../../../formats/yaml/parse.ts';
import { UserError } from '../../../model/errors.ts';
import type { Facts } from '../../../model/facts.ts';
import { isTable, readData } from '../../../project/data.ts';
import { type LoginSetting as Setting, tokensOf } from '../../support/registry-tokens.ts';
import type { App } from '../app.ts';

type Found = Pick<Facts, 'tokens' | 'notes'>;

/**
 * Tokens of private registries that installing needs: the variables that files of settings name. A variable that no build is given is a note:
 * one that loads code or belongs to the machine, and a name that no variable can have. Tokens in clear are found with those of all languages.
 */
export function readTokens(app: App, installs: readonly string[]): Found {
  const settings = [...inNpmrc(app), ...inBunfig(app), ...inYarnrc(app, installs)];
  return tokensOf(settings);
}

const either = (app: App, name: string): readonly string[] => [...new Set([app.path(name), name])];

function inNpmrc(app: App): readonly Setting[] {
  return either(app, '.npmrc').flatMap((file) =>
    (app.project.read(file) ?? '').split('\n').flatMap((raw, index) => {
      const line = raw.trim();
      const at = line.indexOf('=');
      if (at < 0 || line.startsWith('#') || line.startsWith(';')) return [];
      if (!/_auth(Token)?$|_password$/.test(line.slice(0, at).trim())) return [];
      return [{ file, line: index + 1, text: line.slice(at + 1).trim() }];
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
      const texts = [data?.text(path), ...['token', 'password'].map((key) => data?.text([...path, key]))];
      return texts.flatMap((text) => (text === undefined ? [] : [{ file, line: data?.line(path), text, ...more }]));
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
        return typeof text === 'string' ? [{ file, line: yaml.line([...path, key]), text, ...more }] : [];
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
