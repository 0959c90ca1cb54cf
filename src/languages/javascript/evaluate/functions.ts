import type { Node } from '../../../formats/source/index.ts';
import type { FunctionNode } from './types.ts';

export const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
