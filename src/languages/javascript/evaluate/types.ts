/** What following an expression comes to, and the pieces of source on the way. Types alone: the files that follow import each other's results from here. */
import type { Node, Source } from '../../../formats/source/index.ts';
import type { TextForm, ValueKind } from '../../../model/facts.ts';

/** A place in a source. */
export type SourceNode = { readonly source: Source; readonly node: Node };

export type FunctionNode = Extract<
  Node,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** A class of the project, and the file that it stands in. */
export type FoundClass = { readonly source: Source; readonly node: ClassNode };

/** One variable as its schema has it. */
export type SchemaField = {
  readonly name: string;
  /** what the schema calls it, where the variable has another name: `schema.parse({ port: process.env.APP_PORT })` */
  readonly key?: string;
  readonly source: Source;
  readonly node: Node;
  readonly required: boolean;
  readonly default?: string;
  readonly values?: readonly string[];
  readonly purpose?: string;
  readonly example?: string;
  readonly form?: TextForm;
  readonly kind?: ValueKind;
  /** of a table inside of the schema: its own */
  readonly fields?: readonly SchemaField[];
};

/** What an expression comes to, followed through constants, modules, objects and plain functions. */
export type Traced =
  | { readonly kind: 'syntax'; readonly source: Source; readonly node: Node }
  /** the table of variables itself: `process.env` */
  | { readonly kind: 'environment' }
  /** one variable: `process.env.PORT`; `field` where a schema says more of it; `fallback` from destructuring */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly source: Source;
      readonly node: Node;
      readonly field?: SchemaField;
      readonly fallback?: Node;
    }
  /** the variables as a schema gives them: `schema.parse(process.env)` */
  | { readonly kind: 'schema'; readonly fields: readonly SchemaField[]; readonly source: Source; readonly node: Node };

/** A call of a function of the project that reads the variable that it is given by name: `requireEnv('TOKEN')`. */
export type AccessorCall = { readonly name: string; readonly required: boolean; readonly fallback?: Node };

/** What a function of the project does with the name of a variable that it is given, or with a list of names. */
export type Shape = {
  readonly function: SourceNode;
  /** the place of the parameter that has the name */
  readonly name: number;
  /** the parameter is a list of names, or takes all the arguments that follow */
  readonly many?: 'list' | 'rest';
  readonly fallback?: number;
  /** it ends the program where the variable is missing */
  readonly required: boolean;
  readonly unless?: RequiredSwitch;
};

/** A parameter that says whether the variable may be missing: `throwOnMissing = true`. */
export type RequiredSwitch = { readonly parameter: number; readonly off: boolean; readonly preset: boolean };
