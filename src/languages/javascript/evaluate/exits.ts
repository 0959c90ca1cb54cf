import { type Node, walk } from '../../../formats/source/index.ts';

/** `process.exit(1)` ends the program as surely as an error does. */
export const exits = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.property.type === 'Identifier' &&
  node.callee.property.name === 'exit';

/** Whether running a node throws or exits, at its own level. */
export function ends(node: Node): boolean {
  let found = false;
  walk(node, (one) => {
    if (one.type === 'ThrowStatement' || exits(one)) found = true;
    return !(one !== node && /^(FunctionDeclaration)$/.test(one.type));
  });
  return found;
}
