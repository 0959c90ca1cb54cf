import { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { z } from '../model/zod.ts';
import { isTree, type Tree } from './tree.ts';

/** By key: the names that its value, or a key below it, may have. */
export type KnownNames = Readonly<Record<string, readonly string[]>>;

/** What somebody wrote, and where each key of it stands. */
export type Source = {
  readonly tree: Tree;
  readonly place: (path: readonly (string | number)[]) => { file: string; line?: number };
};

/** Whether a configuration is as the schema wants it; the names of stacks and services aside. */
export const isValid = (tree: Tree): boolean => Config.safeParse(tree).success;

/** The configuration that a tree says. Throws a UserError that names the offending key or name, and the nearest known one. */
export function checkConfig(tree: Tree, place: Source['place'], names: KnownNames): Config {
  const parsed = Config.safeParse(tree);
  if (parsed.success) {
    checkNames(tree, place, names);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    throw refused('config-unknown-key', `"${[...path, unknown].join('.')}" is not a key of the configuration`, {
      where: place([...path, unknown]),
      word: unknown,
      choices: keysAt(Config, path),
    });
  }
  const choices = issue?.code === 'invalid_value' ? issue.values.map(String) : [];
  const value = path.reduce<unknown>((item, key) => (isTree(item) ? item[key] : undefined), tree);
  const message = issue?.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue?.message;
  throw refused(
    'config-invalid',
    choices.length > 0
      ? `"${path.join('.')}": ${JSON.stringify(value)} is not one of ${choices.join(', ')}`
      : `"${path.join('.')}": ${message ?? 'invalid value'}`,
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
      `"${key}": ${JSON.stringify(unknown)} is not known; expected one of ${known.join(', ')}`,
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
    next: [near ? `Did you mean "${near}"?` : 'The keys are in docs/reference/configuration.md'],
  });
}

/** The keys that the schema knows at a path. */
function keysAt(schema: unknown, path: readonly (string | number)[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodRecord) return path.length > 0 ? keysAt(schema.valueType, path.slice(1)) : [];
  if (!(schema instanceof z.ZodObject)) return [];
  const [first, ...rest] = path;
  return first === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[first], rest);
}
