import { hasHidden } from '../../model/visible.ts';
import { jsonForm, quoteEnvValue, quoteFlag, quotePath } from './quoting.ts';

/** Text that is written as it stands, so that `$NAME` in it stays a reference. */
export type Raw = { readonly raw: string };
export type FlagValue = readonly [name: string, value?: string];
export type Command = { readonly argv: readonly string[] } | { readonly shell: readonly string[] };
export type Values = Readonly<Record<string, string | Raw>>;

/** An instruction to be written. Strings are taken literally; `shell` is a list of commands that are joined with `&&`. */
export type Typed =
  | { readonly keyword: 'FROM'; readonly image: string; readonly platform?: string; readonly as?: string }
  | { readonly keyword: 'ARG'; readonly name: string; readonly value?: string | Raw }
  | { readonly keyword: 'ENV' | 'LABEL'; readonly values: Values }
  | { readonly keyword: 'WORKDIR' | 'USER' | 'STOPSIGNAL'; readonly value: string | Raw }
  | {
      readonly keyword: 'COPY' | 'ADD';
      readonly flags?: readonly FlagValue[];
      readonly sources: readonly (string | Raw)[];
      readonly to: string | Raw;
    }
  | { readonly keyword: 'RUN'; readonly flags?: readonly FlagValue[]; readonly command: Command }
  | { readonly keyword: 'CMD' | 'ENTRYPOINT' | 'SHELL'; readonly argv: readonly string[] }
  | { readonly keyword: 'EXPOSE'; readonly ports: readonly string[] }
  | { readonly keyword: 'VOLUME'; readonly paths: readonly string[] }
  | { readonly keyword: 'HEALTHCHECK'; readonly flags?: readonly FlagValue[]; readonly command: Command | 'none' };

export type FormatOptions = {
  /** the tree's escape character */
  readonly escape?: '\\' | '`';
  /** the longest line before flags and sources go on lines of their own */
  readonly width?: number;
};

type FormatStyle = { readonly mark: string; readonly width: number };

/** An instruction as text, without a line break at its end. A value that the language cannot hold is a UserError. */
export function formatInstruction(item: Typed, options: FormatOptions = {}): string {
  const way: FormatStyle = { mark: options.escape ?? '\\', width: options.width ?? 100 };
  const { mark } = way;
  switch (item.keyword) {
    case 'FROM': {
      const platform = item.platform === undefined ? '' : ` --platform=${item.platform}`;
      return `FROM${platform} ${item.image}${item.as === undefined ? '' : ` AS ${item.as}`}`;
    }
    case 'ARG':
      return `ARG ${item.name}${item.value === undefined ? '' : `=${value(item.value, mark)}`}`;
    case 'ENV':
    case 'LABEL':
      return pairs(item.keyword, item.values, way);
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      return `${item.keyword} ${value(item.value, mark)}`;
    case 'COPY':
    case 'ADD':
      return copy(item, way);
    case 'RUN':
      return wrap(['RUN', ...flags(item.flags, mark)], command(item.command), way);
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return `${item.keyword} ${jsonForm(item.argv)}`;
    case 'EXPOSE':
      return `EXPOSE ${item.ports.join(' ')}`;
    case 'VOLUME':
      return `VOLUME ${jsonForm(item.paths.map((path) => quotePath(path, mark)))}`;
    case 'HEALTHCHECK': {
      if (item.command === 'none') return 'HEALTHCHECK NONE';
      const [first = '', ...more] = command(item.command);
      return wrap(['HEALTHCHECK', ...flags(item.flags, mark)], [`CMD ${first}`, ...more], way);
    }
  }
}

const value = (text: string | Raw, mark: string) => (typeof text === 'string' ? quoteEnvValue(text, mark) : text.raw);

const flags = (list: readonly FlagValue[] = [], mark: string): readonly string[] =>
  list.map(([name, text]) => `--${name}${text === undefined ? '' : `=${quoteFlag(text, mark)}`}`);

/** One line where it fits; else the flags on the first line where those fit, and each further piece on its own. */
function wrap(head: readonly string[], tail: readonly string[], { mark, width }: FormatStyle): string {
  const all = [...head, ...tail];
  const line = all.join(' ');
  if (tail.length === 1 && line.length <= width) return line;
  const opening = head.join(' ');
  if (head.length > 1 && opening.length <= width) return [opening, ...tail].join(` ${mark}\n    `);
  const [keyword = '', ...rest] = all;
  return [`${keyword} ${rest[0] ?? ''}`, ...rest.slice(1)].join(` ${mark}\n    `);
}

/** The lines of a command: one for the JSON form, one for each command of a shell. */
function command(item: Command): readonly string[] {
  if ('argv' in item) return [jsonForm(item.argv)];
  return item.shell.map((text, index) => (index < item.shell.length - 1 ? `${text} &&` : text));
}

function pairs(keyword: string, values: Values, { mark }: FormatStyle): string {
  const list = Object.entries(values).map(([name, text]) => {
    // a label's name may hold what a shell splits at
    const key = /^[A-Za-z0-9_./-]+$/.test(name) ? name : quoteEnvValue(name, mark);
    return `${key}=${value(text, mark)}`;
  });
  return `${keyword} ${list.join(` ${mark}\n${' '.repeat(keyword.length + 1)}`)}`;
}

function copy(item: Extract<Typed, { keyword: 'COPY' | 'ADD' }>, way: FormatStyle): string {
  const paths = [...item.sources, item.to].map((path) =>
    typeof path === 'string' ? quotePath(path, way.mark) : path.raw,
  );
  // the JSON form takes a path with a space or a hidden character in it, and one that looks like a flag, a list or a heredoc
  const json =
    paths.some((path) => /\s|<</.test(path) || path === '' || hasHidden(path)) || /^(?:--|\[)/.test(paths[0] ?? '');
  return wrap([item.keyword, ...flags(item.flags, way.mark)], json ? [jsonForm(paths)] : [paths.join(' ')], way);
}
