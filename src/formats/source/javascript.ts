import { pastLineBreak, pastSpaces } from './layout.ts';
import { parseSource } from './parse.ts';
import type { Import, Node, Span } from './types.ts';
import { walk } from './walk.ts';

type Cut = { readonly start: number; readonly end: number; readonly text: string };

const cut = (text: string, cuts: readonly Cut[]): string =>
  [...cuts]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((so, cut) => so.slice(0, cut.start) + cut.text + so.slice(cut.end), text);

/** The offset behind the rest of a line that is blank; the same offset where it is not. */
function pastOwnBreak(text: string, from: number): number {
  const blank = pastSpaces(text, from);
  const past = pastLineBreak(text, blank);
  return past === blank ? from : past;
}

/** A statement with the line break behind it, and the comment that belongs to it alone. */
function whole(text: string, { start, end }: Span): Cut {
  const line = pastOwnBreak(text, end);
  return { start, end: line === end ? end : pastOwnBreak(text, line), text: '' };
}

/**
 * The same program as JavaScript: types, and imports of types, are taken out. For texts of our own making, which use no syntax that has
 * to be turned into something else (enums, parameter properties).
 */
export function withoutTypes(text: string): string {
  const source = parseSource('module.ts', text);
  const cuts: Cut[] = [];
  walk(source.program, (node, ancestors) => {
    switch (node.type) {
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration': {
        const parent = ancestors.at(-1);
        cuts.push(whole(text, parent?.type === 'ExportNamedDeclaration' ? parent : node));
        return false;
      }
      case 'ImportDeclaration':
        if (node.importKind === 'type') cuts.push(whole(text, node));
        return false;
      case 'TSTypeAnnotation':
      case 'TSTypeParameterInstantiation':
      case 'TSTypeParameterDeclaration':
        cuts.push({ start: node.start, end: node.end, text: '' });
        return false;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        cuts.push({ start: node.expression.end, end: node.end, text: '' });
        return undefined;
      default:
        return undefined;
    }
  });
  return cut(text, cuts);
}

/** The same JavaScript as a CommonJS module: imports become `require`, and what is exported is given at the end. */
export function asCommonJs(text: string): string {
  const source = parseSource('module.js', text);
  const cuts: Cut[] = [];
  const exported: string[] = [];
  for (const imported of source.imports)
    if (imported.form === 'import') cuts.push({ ...imported.span, text: required(imported) });
  for (const statement of source.program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) continue;
    exported.push(...namesOf(statement.declaration));
    cuts.push({ start: statement.start, end: statement.declaration.start, text: '' });
  }
  const end = exported.length > 0 ? `\n\nmodule.exports = { ${exported.join(', ')} };` : '';
  return cut(text, cuts).trimEnd() + end;
}

function required({ specifier, names }: Import): string {
  const load = `require('${specifier}')`;
  const module = names.find((name) => name.imported === 'default' || name.imported === '*');
  if (names.length === 0) return `${load};`;
  if (module) return `const ${module.local} = ${load};`;
  const list = names.map((name) => (name.imported === name.local ? name.local : `${name.imported}: ${name.local}`));
  return `const { ${list.join(', ')} } = ${load};`;
}

function namesOf(declaration: Node): readonly string[] {
  if (declaration.type === 'FunctionDeclaration') return declaration.id ? [declaration.id.name] : [];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap((variableDeclarator) =>
    variableDeclarator.id.type === 'Identifier' ? [variableDeclarator.id.name] : [],
  );
}
