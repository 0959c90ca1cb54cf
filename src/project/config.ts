import { configurationManifests } from '../catalog/manifests.ts';
import { parseJson } from '../formats/json/index.ts';
import { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { DecidedBy } from '../model/evidence.ts';
import { nearest } from '../model/nearest.ts';
import { z } from '../model/zod.ts';
import { readInput } from './input.ts';
import type { Project } from './project.ts';

const file = 'dockwright.json';

type Settings = { readonly config: Config; readonly by: (key: string) => DecidedBy | undefined };
type Tree = Record<string, unknown>;

/** By key: the names that its value, or a key below it, may have. */
export type KnownNames = Readonly<Record<string, readonly string[]>>;

/**
 * The configuration: `dockwright.json`, else the key `dockwright` of package.json, and over it the `--set KEY=VALUE` flags, whose
 * keys are the same with dots. No configuration is fine. Throws a UserError that names the offending key or name and the nearest
 * known one; `names` are those of stacks and services.
 */
export function readConfig(
  project: Project,
  set: Readonly<Record<string, string>> = {},
  names: KnownNames = {},
): Settings {
  const written = fromFile(project) ?? fromManifest(project) ?? { tree: {}, place: () => ({ file }) };
  const tree = structuredClone(written.tree);
  const before = check(tree, written.place, names);
  const flags = Object.entries(set);
  for (const [key, text] of flags) put(tree, key, meant(key, text, tree));
  return {
    config: flags.length === 0 ? before : check(tree, (path) => ({ file: `--set ${path.join('.')}` }), names),
    by: (key) => (Object.hasOwn(set, key) ? 'flag' : has(written.tree, key) ? 'config' : undefined),
  };
}

type Source = {
  readonly tree: Tree;
  readonly place: (path: readonly (string | number)[]) => { file: string; line?: number };
};

function fromFile(project: Project): Source | undefined {
  const text = readInput(project, file);
  if (text === undefined) return undefined;
  const json = parseJson(text, file);
  if (!isTree(json.value)) throw notAnObject(file, file);
  return { tree: json.value, place: (path) => ({ file, line: json.line([...path]) }) };
}

function fromManifest(project: Project): Source | undefined {
  for (const { file: manifest, key } of configurationManifests) {
    const text = readInput(project, manifest);
    if (text === undefined) continue;
    const json = parseJson(text, manifest);
    const tree = isTree(json.value) ? json.value[key] : undefined;
    if (tree === undefined) continue;
    if (!isTree(tree)) throw notAnObject(`the key "${key}"`, manifest, json.line([key]));
    return { tree, place: (path) => ({ file: manifest, line: json.line([key, ...path]) }) };
  }
  return undefined;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnObject = (what: string, where: string, line = 1) =>
  new UserError({
    code: 'config-invalid',
    message: `${what} must be an object`,
    where: { file: where, line },
    next: ['write it as {"KEY": VALUE}; the keys are in docs/reference/configuration.md'],
  });

/** A flag's text as the schema wants it: the text itself where a text fits, else what it says as JSON. */
function meant(key: string, text: string, tree: Tree): unknown {
  const attempt = structuredClone(tree);
  put(attempt, key, text);
  if (Config.safeParse(attempt).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function put(tree: Tree, key: string, value: unknown): void {
  const keys = key.split('.');
  const last = keys.pop();
  if (last === undefined || [...keys, last].some((one) => one === '' || one === '__proto__')) {
    throw new UserError({
      code: 'config-key',
      message: `"${key}" is no key`,
      next: ['write `--set KEY=VALUE`, such as `--set port=3000`'],
    });
  }
  let node = tree;
  for (const one of keys) {
    const next = Object.hasOwn(node, one) ? node[one] : undefined;
    const child: Tree = isTree(next) ? next : {};
    node[one] = child;
    node = child;
  }
  node[last] = value;
}

function has(tree: Tree, key: string): boolean {
  let node: unknown = tree;
  for (const one of key.split('.')) {
    if (!isTree(node) || !Object.hasOwn(node, one)) return false;
    node = node[one];
  }
  return true;
}

function check(tree: Tree, place: Source['place'], names: KnownNames): Config {
  const parsed = Config.safeParse(tree);
  if (parsed.success) {
    checkNames(tree, place, names);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    throw refused('config-unknown-key', `"${[...path, unknown].join('.')}" is no key of the configuration`, {
      where: place([...path, unknown]),
      word: unknown,
      choices: keysAt(Config, path),
    });
  }
  const choices = issue?.code === 'invalid_value' ? issue.values.map(String) : [];
  const value = path.reduce<unknown>((one, key) => (isTree(one) ? one[key] : undefined), tree);
  const message = issue?.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue?.message;
  throw refused(
    'config-invalid',
    choices.length > 0
      ? `"${path.join('.')}": ${JSON.stringify(value)} is none of ${choices.join(', ')}`
      : `"${path.join('.')}": ${message ?? 'not as expected'}`,
    { where: place(path), word: typeof value === 'string' ? value : '', choices },
  );
}

/** The names of stacks and services, which the schema does not know: `pnpm`, `bun@1.4.5`, `services.redis`. */
function checkNames(tree: Tree, place: Source['place'], names: KnownNames): void {
  for (const [key, known] of Object.entries(names)) {
    const value = tree[key];
    const written = typeof value === 'string' ? [value.split('@')[0] ?? ''] : isTree(value) ? Object.keys(value) : [];
    const unknown = written.find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    throw refused(
      'config-unknown-name',
      `"${key}": ${JSON.stringify(unknown)} is not known; known are ${known.join(', ')}`,
      {
        where: place(isTree(value) ? [key, unknown] : [key]),
        word: unknown,
        choices: known,
      },
    );
  }
}

function refused(
  code: string,
  message: string,
  about: { where: ReturnType<Source['place']>; word: string; choices: readonly string[] },
): UserError {
  const near = nearest(about.word, about.choices);
  return new UserError({
    code,
    message,
    where: about.where,
    next: [near ? `did you mean "${near}"?` : 'the keys are in docs/reference/configuration.md'],
  });
}

/** The keys that the schema knows at a path. */
function keysAt(schema: unknown, path: readonly (string | number)[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => keysAt(one, path));
  if (schema instanceof z.ZodRecord) return path.length > 0 ? keysAt(schema.valueType, path.slice(1)) : [];
  if (!(schema instanceof z.ZodObject)) return [];
  const [first, ...rest] = path;
  return first === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[first], rest);
}
