import type { Node, Source } from '../../../formats/source/index.ts';
import type { Runtime } from '../../../stacks/contract.ts';
import type { App } from '../app.ts';
import type { Shape } from '../environment/accessor-shapes.ts';
import type { Modules } from '../modules/graph.ts';

/** A call of a function of the project that reads the variable that it is given by name: `requireEnv('TOKEN')`. */
export type AccessorCall = { readonly name: string; readonly required: boolean; readonly fallback?: Node };

/** What the readers of source facts work with. */
export type AnalysisContext = {
  readonly app: App;
  readonly modules: Modules;
  readonly runtime: Runtime | undefined;
  /** whether an expression is a server object of a framework, such as `new App()` */
  readonly servers?: (source: Source, node: Node) => boolean;
  /** whether a parameter or a field of the own object is the table of variables, because it was handed on whole */
  readonly isAlias?: (source: Source, node: Node) => boolean;
  /** whether code outside of the project is handed the table of variables whole */
  readonly handsOut?: () => boolean;
  readonly accessorCall?: (source: Source, call: Extract<Node, { type: 'CallExpression' }>) => AccessorCall | undefined;
  /** what a function of the project does with the names of variables that a call hands it */
  readonly accessorShape?: (source: Source, call: Extract<Node, { type: 'CallExpression' }>) => Shape | undefined;
};
