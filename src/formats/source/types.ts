import type * as oxc from 'oxc-parser';

export type Node = oxc.Node;
export type Program = oxc.Program;
export type Expression = oxc.Expression;
export type Comment = oxc.Comment;
export type Span = { readonly start: number; readonly end: number };

/** Why a file could not be read as a whole: the tree is then empty or has holes. */
export type Problem = { readonly message: string; readonly line: number; readonly start: number };

/** One parsed file. */
export type Source = {
  readonly file: string;
  /** for edits and for `writtenAs` alone: what a source says is read from `program` */
  readonly sourceText: string;
  readonly program: Program;
  /** in the order of the text */
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
  /** the line (1-based) of an offset */
  readonly line: (offset: number) => number;
  readonly imports: readonly Import[];
};

/** A name that an import brings: `imported` is `default` or `*` (the whole module) where it is not a name of the other module. */
export type ImportedName = { readonly imported: string; readonly local: string };

/** One use of another module: `import`, `export … from`, `import()`, `require()`. */
export type Import = {
  readonly specifier: string;
  readonly names: readonly ImportedName[];
  /** the whole statement, or the call where it is an expression */
  readonly span: Span;
  /** nothing of it is there at run time */
  readonly typeOnly: boolean;
  /** a call of a function that is no syntax of modules: a compiler takes nothing by it; absent: it is none */
  readonly called?: true;
  /** only asked for while the program runs: `import()`, or `require()` inside a function */
  readonly dynamic: boolean;
  /** what goes wrong with it is caught: `try { require('./local') } catch { … }` */
  readonly caught?: true;
  readonly form: 'import' | 'export' | 'call' | 'require';
};
