import { parseJson } from '../formats/json/index.ts';
import { checkPackage, isPackage } from '../formats/package-json/index.ts';
import { parseToml } from '../formats/toml/index.ts';
import { UserError } from '../model/errors.ts';
import { readInput } from './input.ts';
import type { Project } from './project.ts';

type Path = readonly (string | number)[];

/** A file of settings, read: values by path, and the lines (1-based) where they stand. */
export type Data = {
  readonly file: string;
  /** undefined where nothing is there */
  readonly at: (path: Path) => unknown;
  readonly line: (path: Path) => number | undefined;
  /** the text, where it is one */
  readonly text: (path: Path) => string | undefined;
  /** the texts of a table of texts, such as `scripts`; others are left out */
  readonly texts: (path: Path) => Readonly<Record<string, string>>;
  /** the file is broken: what could be read is there all the same */
  readonly broken: boolean;
  /** what is wrong in a broken file, with its line */
  readonly problem?: UserError;
};

const remembered = new WeakMap<Project, Map<string, Data | undefined>>();

/** Reads a JSON file (comments and trailing commas are allowed) or, by its ending or as it is said, a TOML file; undefined where there is none. */
export function readData(project: Project, file: string, format?: 'toml'): Data | undefined {
  const files = remembered.get(project) ?? new Map<string, Data | undefined>();
  remembered.set(project, files);
  if (!files.has(file)) {
    const text = isPackage(file) ? readInput(project, file) : project.read(file);
    files.set(file, text === undefined ? undefined : parsed(file, text, format));
  }
  return files.get(file);
}

const texts = new Map<string, { readonly text: string; readonly data: Data }>();
const textsAtMost = 100;

/** A project is looked at in several ways, as a whole and as a clone has it: the same text of a file is parsed once. */
function parsed(file: string, text: string, format?: 'toml'): Data {
  const before = texts.get(file);
  if (before?.text === text) return before.data;
  const data = format === 'toml' || file.endsWith('.toml') ? toml(file, text) : json(file, text);
  if (texts.size >= textsAtMost) texts.clear();
  texts.set(file, { text, data });
  return data;
}

/** A broken package.json stops everything, with its line; other files are read as if they were empty. */
function json(file: string, text: string): Data {
  try {
    const read = parseJson(text, file, { lenient: true });
    if (isPackage(file)) checkPackage(read, file, text);
    const at = (path: Path) => inside(read.value, path);
    return data(file, undefined, { at, line: (path) => (at(path) === undefined ? undefined : read.line(path)) });
  } catch (error) {
    if (isPackage(file) || !(error instanceof UserError)) throw error;
    return data(file, error, { at: () => undefined, line: () => undefined });
  }
}

const inside = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((item, key) => {
    if (Array.isArray(item)) return item[Number(key)];
    return isTable(item) && Object.hasOwn(item, key) ? item[String(key)] : undefined;
  }, value);

function toml(file: string, text: string): Data {
  try {
    const read = parseToml(text, file);
    const at = (path: Path) => inside(read.value, path);
    return data(file, undefined, { at, line: (path) => (at(path) === undefined ? undefined : read.line(path)) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return data(file, error, { at: () => undefined, line: () => undefined });
  }
}

function data(file: string, problem: UserError | undefined, parts: Pick<Data, 'at' | 'line'>): Data {
  return {
    file,
    broken: problem !== undefined,
    ...(problem ? { problem } : {}),
    ...parts,
    text: (path) => {
      const value = parts.at(path);
      return typeof value === 'string' ? value : undefined;
    },
    texts: (path) => {
      const value = parts.at(path);
      if (!isTable(value)) return {};
      return Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
    },
  };
}

/** Whether a value is a table of values by name. */
export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
