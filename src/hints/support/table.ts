import { parseJson } from '../../formats/json/index.ts';
import { parseToml } from '../../formats/toml/index.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import type { HintFact, HintFile } from '../contract.ts';

export type Path = readonly (string | number)[];

/** Settings in JSON, TOML or YAML, by the ending of the file. */
export type Table = {
  readonly at: (path: Path) => unknown;
  /** a text that is not empty; a number or a Boolean is none */
  readonly text: (path: Path) => string | undefined;
  /** the fact that the text at a path gives; none where there is no text */
  readonly fact: (says: HintFact['says'], path: Path, name?: string) => readonly HintFact[];
  /** the same with a value of our own, for what is at the path */
  readonly given: (says: HintFact['says'], path: Path, value: string, name?: string) => HintFact;
};

/** Reads a file of settings. Throws a UserError that names the line of what is wrong. */
export function tableOf({ file, text: written }: Pick<HintFile, 'file' | 'text'>): Table {
  const { value, line } = parsed(file, written);
  const at = (path: Path) => inside(value, path);
  const text = (path: Path) => {
    const found = at(path);
    return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined;
  };
  const given: Table['given'] = (says, path, own, name) => {
    const place = line(path);
    const why = `${path.join('.')} is ${own}`;
    const from = [{ file, ...(place === undefined ? {} : { line: place }), why }];
    return { says, ...(name === undefined ? {} : { name }), value: own, from };
  };
  const fact: Table['fact'] = (says, path, name) => {
    const found = text(path);
    return found === undefined ? [] : [given(says, path, found, name)];
  };
  return { at, text, fact, given };
}

function parsed(
  file: string,
  text: string,
): { readonly value: unknown; readonly line: (path: Path) => number | undefined } {
  if (file.endsWith('.toml')) return parseToml(text, file);
  return /\.ya?ml$/.test(file) ? parseYaml(text, file) : parseJson(text, file, { lenient: true });
}

function inside(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((table, key) => {
    if (Array.isArray(table)) return table[Number(key)];
    return isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
  }, value);
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** So many entries of a table or a list are read: nobody writes more by hand, and finding their lines takes time. */
const MAX_ENTRIES = 50;

/** The names in a table; none where it is no table. */
export const namesIn = (table: Table, path: Path): readonly string[] => {
  const value = table.at(path);
  return isTable(value) ? Object.keys(value).slice(0, MAX_ENTRIES) : [];
};

/** The positions in a list; none where it is no list. */
export const positionsIn = (table: Table, path: Path): readonly number[] => {
  const value = table.at(path);
  return Array.isArray(value) ? value.slice(0, MAX_ENTRIES).map((_, position) => position) : [];
};

/** A port as text, from a number or from digits. */
export function portAt(table: Table, path: Path): readonly HintFact[] {
  const value = table.at(path);
  const number = Number(typeof value === 'string' || typeof value === 'number' ? value : Number.NaN);
  return Number.isInteger(number) && number > 0 && number < 65_536 ? [table.given('port', path, String(number))] : [];
}
