import { join } from 'node:path';
import {
  type AttributeFile,
  type AttributeValue,
  type IgnoreRule,
  parseGitAttributes,
  parseGitIgnore,
} from '../../formats/git/index.ts';
import { textOf } from './repository.ts';

/** Whether a path is ignored by the rules in the folders above it alone; `path` is relative to the top, with `/`. */
export type Ignores = (path: string, isFolder: boolean) => boolean;

const foldersAbove = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)];
};

/** The ignore rules of a tree, each folder's read once. `own` is the text of the repository's `info/exclude`. */
export function ignoreRules(top: string, own = ''): Ignores {
  const files = new Map<string, readonly IgnoreRule[]>();
  const rulesOf = (folder: string) => {
    const found = files.get(folder) ?? parseGitIgnore(textOf(join(top, folder, '.gitignore')) ?? '');
    files.set(folder, found);
    return found;
  };
  const lowest = parseGitIgnore(own);
  return (path, isFolder) => {
    const decides = (rules: readonly IgnoreRule[], relative: string) =>
      rules.findLast((rule) => (isFolder || !rule.foldersOnly) && rule.matches(relative));
    for (const folder of foldersAbove(path).reverse()) {
      const rule = decides(rulesOf(folder), path.slice(folder.length));
      if (rule) return !rule.keeps;
    }
    const rule = decides(lowest, path);
    return rule !== undefined && !rule.keeps;
  };
}

/** What the attribute files of a tree say of a path. `own` is the text of the repository's `info/attributes`, which comes first. */
export function attributeRules(top: string, own = ''): (path: string) => (name: string) => AttributeValue {
  const files = new Map<string, AttributeFile>();
  const fileOf = (folder: string) => {
    const found = files.get(folder) ?? parseGitAttributes(textOf(join(top, folder, '.gitattributes')) ?? '');
    files.set(folder, found);
    return found;
  };
  const first = parseGitAttributes(own);
  return (path) => {
    const values = new Map<string, AttributeValue>();
    const macros = new Map([...fileOf('').macros, ...first.macros]);
    const set = (name: string, value: AttributeValue, depth: number): void => {
      if (value === true && depth < 5) for (const [inner, of] of macros.get(name) ?? []) set(inner, of, depth + 1);
      values.set(name, value);
    };
    const apply = (file: AttributeFile, relative: string) => {
      for (const rule of file.rules)
        if (rule.matches(relative)) for (const [name, value] of rule.values) set(name, value, 0);
    };
    for (const folder of foldersAbove(path)) apply(fileOf(folder), path.slice(folder.length));
    apply(first, path);
    return (name) => values.get(name);
  };
}
