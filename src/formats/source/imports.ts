import type { ImportDeclaration, ImportDeclarationSpecifier } from 'oxc-parser';
import type { Import, ImportedName, Node, Program } from './types.ts';
import { memberPath } from './value.ts';
import { visitTypes, walk } from './walk.ts';

/** Every import with a literal specifier, in the order of the text. */
export function importsOf(program: Program): readonly Import[] {
  const found: Import[] = [];
  visitTypes(program, importing, (node, ancestors) => {
    const one = asImport(node, ancestors);
    if (one) found.push(one);
  });
  return found;
}

/** The types of nodes that import. */
const importing = [
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'TSImportEqualsDeclaration',
  'ImportExpression',
  'CallExpression',
] as const;

function asImport(node: Node, ancestors: readonly Node[]): Import | undefined {
  const span = { start: node.start, end: node.end };
  switch (node.type) {
    case 'ImportDeclaration':
      return {
        specifier: node.source.value,
        names: node.specifiers.map(nameOf),
        span,
        typeOnly: onlyTypes(node),
        dynamic: false,
        form: 'import',
      };
    case 'ExportAllDeclaration':
      return {
        specifier: node.source.value,
        names: [],
        span,
        typeOnly: node.exportKind === 'type',
        dynamic: false,
        form: 'export',
      };
    case 'ExportNamedDeclaration': {
      if (!node.source) return undefined;
      const typeOnly =
        node.exportKind === 'type' ||
        (node.specifiers.length > 0 && node.specifiers.every((one) => one.exportKind === 'type'));
      return { specifier: node.source.value, names: [], span, typeOnly, dynamic: false, form: 'export' };
    }
    case 'TSImportEqualsDeclaration': {
      const { moduleReference } = node;
      if (moduleReference.type !== 'TSExternalModuleReference') return undefined;
      const names = [{ imported: '*', local: node.id.name }];
      return {
        specifier: moduleReference.expression.value,
        names,
        span,
        typeOnly: node.importKind === 'type',
        dynamic: false,
        form: 'require',
      };
    }
    case 'ImportExpression': {
      const specifier = literal(node.source);
      return specifier === undefined
        ? undefined
        : {
            specifier,
            names: receivers(ancestors),
            span,
            typeOnly: false,
            dynamic: true,
            ...caughtIn(node, ancestors),
            form: 'call',
          };
    }
    case 'CallExpression': {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
      const specifier = literal(node.arguments[0]);
      if (specifier === undefined) return undefined;
      const dynamic = ancestors.some((one) => /Function/.test(one.type));
      return {
        specifier,
        names: receivers(ancestors),
        span,
        typeOnly: false,
        dynamic,
        ...caughtIn(node, ancestors),
        form: 'require',
        called: true,
      };
    }
    default:
      return undefined;
  }
}

/** Whether it stands in the block of a `try` that goes on where it fails, in the same function. */
function caughtIn(node: Node, ancestors: readonly Node[]): { caught?: true } {
  let inner = node;
  for (const outer of [...ancestors].reverse()) {
    if (/Function/.test(outer.type)) return {};
    if (outer.type === 'TryStatement' && outer.block === inner && outer.handler)
      return endsIn(outer.handler.body) ? {} : { caught: true };
    inner = outer;
  }
  return {};
}

/** Whether what is caught is thrown again, or ends the program. */
function endsIn(block: Node): boolean {
  let ends = false;
  walk(block, (node) => {
    ends ||=
      node.type === 'ThrowStatement' ||
      (node.type === 'CallExpression' && memberPath(node.callee)?.endsWith('process.exit') === true);
  });
  return ends;
}

function literal(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function nameOf(specifier: ImportDeclarationSpecifier): ImportedName {
  const local = specifier.local.name;
  if (specifier.type === 'ImportDefaultSpecifier') return { imported: 'default', local };
  if (specifier.type === 'ImportNamespaceSpecifier') return { imported: '*', local };
  const { imported } = specifier;
  return { imported: imported.type === 'Literal' ? imported.value : imported.name, local };
}

/** `import {} from 'x'` and `import 'x'` run the module; names that are all types do not. */
function onlyTypes(node: ImportDeclaration): boolean {
  if (node.importKind === 'type') return true;
  return (
    node.specifiers.length > 0 &&
    node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')
  );
}

/** The names that `const x = require('y')` or `const { a: b } = await import('y')` give. */
function receivers(ancestors: readonly Node[]): readonly ImportedName[] {
  let at = ancestors.length - 1;
  while (ancestors[at]?.type === 'AwaitExpression') at -= 1;
  const holder = ancestors[at];
  if (holder?.type !== 'VariableDeclarator') return [];
  if (holder.id.type === 'Identifier') return [{ imported: '*', local: holder.id.name }];
  if (holder.id.type !== 'ObjectPattern') return [];
  return holder.id.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') return [];
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    return target.type === 'Identifier' ? [{ imported: property.key.name, local: target.name }] : [];
  });
}
