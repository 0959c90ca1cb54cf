/** The syntax of a Python module as far as facts are read from it: what else stands there is `other`, with what is inside of it. */

type Place = { readonly start: number; readonly end: number };

/** An argument of a call or of a class: `name` is that of a keyword; `spread` is `*` or `**`. */
export type Argument = { readonly name?: string; readonly spread?: true; readonly value: Expression };

/** A value. A text that is put together while the program runs is a `format`, whose parts are texts and values. */
export type Expression = Place &
  (
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'format'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'number'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly index: readonly Expression[] }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'dictionary'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'choice';
        readonly test: Expression;
        readonly value: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'other'; readonly inside: readonly Expression[] }
  );

/** A name that an import brings: `from a.b import c as d` is module `a.b`, name `c`, local `d`; `import a.b` has no name. */
export type Imported = {
  readonly module: string;
  /** dots before the module: 0 where it is absolute */
  readonly level: number;
  readonly name?: string;
  readonly local: string;
};

export type Statement = Place &
  (
    | { readonly kind: 'import'; readonly imported: readonly Imported[] }
    | {
        readonly kind: 'assign';
        readonly targets: readonly Expression[];
        readonly type?: Expression;
        readonly value?: Expression;
      }
    | {
        readonly kind: 'function';
        readonly name: string;
        readonly isAsync: boolean;
        readonly parameters: readonly { readonly name: string; readonly fallback?: Expression }[];
        readonly decorators: readonly Expression[];
        readonly returns?: Expression;
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'class';
        readonly name: string;
        readonly bases: readonly Argument[];
        readonly decorators: readonly Expression[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test?: Expression; readonly body: readonly Statement[] }[];
      }
    | { readonly kind: 'return'; readonly value?: Expression }
    | { readonly kind: 'raise'; readonly value?: Expression }
    /** an expression, a loop, `with`, `try` …: the values in it, and the statements below it */
    | { readonly kind: 'other'; readonly values: readonly Expression[]; readonly body: readonly Statement[] }
  );

/** A module, read. */
export type PythonModule = {
  readonly file: string;
  readonly body: readonly Statement[];
  /** why nothing of it was read */
  readonly unread?: string;
  /** the line (1-based) of an offset */
  readonly line: (offset: number) => number;
  /** what the comment right above or behind a line says; undefined: there is none */
  readonly comment: (offset: number) => string | undefined;
};
