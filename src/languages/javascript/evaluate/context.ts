import type { Node, Source } from '../../../formats/source/index.ts';
import type { Runtime } from '../../../stacks/contract.ts';
import type { App } from '../app.ts';
import type { Modules } from '../modules/graph.ts';
import type { AccessorCall, FoundClass, SchemaField, Shape, Traced } from './types.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/**
 * What following an expression asks of readers that follow expressions themselves. They are on the context, as each would have to import
 * what imports it; each gets the context that the question came with.
 */
export type Resolvers = {
  /** the fields where a call reads the variables through a schema; undefined: it is not such a call */
  readonly schema: (
    context: AnalysisContext,
    source: Source,
    call: Call,
    depth: number,
  ) => readonly SchemaField[] | undefined;
  /** the class of an object that was followed as far as it goes */
  readonly classOfObject: (
    context: AnalysisContext,
    source: Source,
    node: Node,
    depth: number,
  ) => FoundClass | undefined;
};

/** What the readers of source facts work with. */
export type AnalysisContext = {
  readonly app: App;
  readonly modules: Modules;
  readonly runtime: Runtime | undefined;
  readonly resolvers: Resolvers;
  /** whether an expression is a server object of a framework, such as `new App()` */
  readonly servers?: (source: Source, node: Node) => boolean;
  /** whether a parameter or a field of the own object is the table of variables, because it was handed on whole */
  readonly isAlias?: (source: Source, node: Node) => boolean;
  /** whether code outside of the project is handed the table of variables whole */
  readonly handsOut?: () => boolean;
  readonly accessorCall?: (source: Source, call: Call) => AccessorCall | undefined;
  /** what a function of the project does with the names of variables that a call hands it */
  readonly accessorShape?: (source: Source, call: Call) => Shape | undefined;
  /** what expressions came to, where a context answers the same way each time: its readers ask for the same ones again and again */
  readonly traced?: WeakMap<Node, Traced>;
};

/** The same context, which keeps what expressions came to. Only for one that is whole: what is still found out changes the answers. */
export const withTraceCache = (context: AnalysisContext): AnalysisContext => ({ ...context, traced: new WeakMap() });
