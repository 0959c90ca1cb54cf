import { configurationManifests } from '../catalog/manifests.ts';
import { parseJson } from '../formats/json/index.ts';
import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { KnownNames, Source } from './config-check.ts';
import { readInput } from './input.ts';
import type { Project } from './project.ts';
import { isTree, type Tree } from './tree.ts';

const file = 'dockwright.json';

/**
 * The configuration: `dockwright.json`, else the key `dockwright` of package.json, and over it the `--set KEY=VALUE` flags, whose
 * keys are the same with dots. No configuration is fine. Throws a UserError that names the offending key or name and the nearest
 * known one; `names` are those of stacks and services.
 */
export async function readConfig(
  project: Project,
  set: Readonly<Record<string, string>> = {},
  names: KnownNames = {},
): Promise<Config> {
  const written = fromFile(project) ?? fromManifest(project);
  const flags = Object.entries(set);
  if (!written && flags.length === 0) return {};
  // most runs have no configuration, and making the schema takes milliseconds
  const { checkConfig, isValid } = await import('./config-check.ts');
  const tree = structuredClone(written?.tree ?? {});
  const config = written ? checkConfig(tree, written.place, names) : {};
  if (flags.length === 0) return config;
  for (const [key, text] of flags) put(tree, key, meant(key, text, tree, isValid));
  return checkConfig(tree, (path) => ({ file: `--set ${path.join('.')}` }), names);
}

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

const notAnObject = (what: string, where: string, line = 1) =>
  new UserError({
    code: 'config-invalid',
    message: `${what} must be an object`,
    where: { file: where, line },
    next: ['Write it as {"KEY": VALUE}; the keys are in docs/reference/configuration.md'],
  });

/** A flag's text as the schema wants it: the text itself where a text fits, else what it says as JSON, else its words, as in `--set start="node server.js"`. */
function meant(key: string, text: string, tree: Tree, isValid: (tree: Tree) => boolean): unknown {
  const fits = (value: unknown) => {
    const attempt = structuredClone(tree);
    put(attempt, key, value);
    return isValid(attempt);
  };
  if (fits(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    const words = text.trim().split(/\s+/);
    return isPlain(text) && fits(words) ? words : text;
  }
}

/** Without signs that a shell would act on: those go into JSON. */
const isPlain = (text: string): boolean => !/["'`\\$|&;<>(){}*?]/.test(text);

function put(tree: Tree, key: string, value: unknown): void {
  const keys = key.split('.');
  const last = keys.pop();
  if (last === undefined || [...keys, last].some((text) => text === '' || text === '__proto__')) {
    throw new UserError({
      code: 'config-key',
      message: `"${key}" is not a key`,
      next: ['Write `--set KEY=VALUE`, such as `--set port=3000`'],
    });
  }
  let node = tree;
  for (const text of keys) {
    const next = Object.hasOwn(node, text) ? node[text] : undefined;
    const child: Tree = isTree(next) ? next : {};
    node[text] = child;
    node = child;
  }
  node[last] = value;
}
