/** `go.mod` and `go.work` (https://go.dev/ref/mod#go-mod-file): lines of words, some of them in blocks. */
export type GoMod = {
  readonly module: string | undefined;
  /** `go 1.24`, `toolchain go1.25.3`, without `go` before the number */
  readonly go: { readonly version: string; readonly line: number } | undefined;
  readonly toolchain: { readonly version: string; readonly line: number } | undefined;
  readonly requires: readonly {
    readonly path: string;
    readonly version: string;
    readonly indirect: boolean;
    readonly line: number;
  }[];
  /** `to` is a folder where it begins with a dot or a slash, else a module */
  readonly replaces: readonly { readonly path: string; readonly to: string; readonly line: number }[];
  /** folders of the modules of a workspace */
  readonly uses: readonly { readonly folder: string; readonly line: number }[];
  /** programs of packages that the module names for its own developers */
  readonly tools: readonly string[];
};

type Line = { readonly words: readonly string[]; readonly comment: string; readonly line: number };

/** The directives, each with its first word: blocks are taken apart. */
function directives(text: string): Line[] {
  let block: string | undefined;
  return text.split('\n').flatMap((whole, at): Line[] => {
    const cut = whole.indexOf('//');
    const comment = cut === -1 ? '' : whole.slice(cut + 2).trim();
    const words = wordsOf(cut === -1 ? whole : whole.slice(0, cut));
    const [first] = words;
    if (first === undefined) return [];
    if (first === ')') {
      block = undefined;
      return [];
    }
    if (block === undefined && words.at(-1) === '(') {
      block = first;
      return [];
    }
    return [{ words: block === undefined ? words : [block, ...words], comment, line: at + 1 }];
  });
}

/** Words between blanks, without the quotes that a path may have. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll('\t', ' ')
    .replaceAll('\r', ' ')
    .replaceAll('(', ' ( ')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (['"', '`'].includes(word[0] ?? '') ? word.slice(1, -1) : word));

/** Reads a `go.mod` or a `go.work`. What it does not know is left out. */
export function parseGoMod(text: string): GoMod {
  const all = directives(text);
  const of = (name: string) => all.filter(({ words }) => words[0] === name);
  const [first] = of('module');
  const [go] = of('go');
  const [toolchain] = of('toolchain');
  return {
    module: first?.words[1],
    go: go?.words[1] === undefined ? undefined : { version: go.words[1], line: go.line },
    toolchain: numbered(toolchain),
    requires: of('require').flatMap(({ words: [, path, version], comment, line }) =>
      path === undefined || version === undefined
        ? []
        : [{ path, version, indirect: comment.startsWith('indirect'), line }],
    ),
    replaces: of('replace').flatMap(({ words, line }) => {
      const arrow = words.indexOf('=>');
      const to = words[arrow + 1];
      const path = words[1];
      return arrow === -1 || path === undefined || to === undefined ? [] : [{ path, to, line }];
    }),
    uses: of('use').flatMap(({ words: [, folder], line }) => (folder === undefined ? [] : [{ folder, line }])),
    tools: of('tool').flatMap(({ words: [, path] }) => path ?? []),
  };
}

/** `toolchain default` says nothing. */
function numbered(line: Line | undefined): GoMod['toolchain'] {
  const name = line?.words[1];
  if (!line || !name?.startsWith('go')) return undefined;
  return { version: name.slice(2), line: line.line };
}
