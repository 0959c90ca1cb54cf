import { memberPath, type Node, unwrap } from '../../../formats/source/index.ts';

/** How the author calls middleware where it is used: `validateKey`, `auth.check`, the maker of what is made there. */
export function writtenName(node: Node): string {
  const at = unwrap(node);
  const made = at.type === 'CallExpression' ? memberPath(at.callee)?.replace(/\.bind$/, '') : undefined;
  const own = /Function/.test(at.type) && 'id' in at && at.id && 'name' in at.id ? String(at.id.name) : undefined;
  return memberPath(at) ?? made ?? own ?? 'a function of the app';
}
