/** Bun's own server (https://bun.com/docs/api/http): routes are a property of the options of `Bun.serve`, or of the default export. */

import {
  indentAt,
  memberPath,
  type Node,
  parseSource,
  property,
  resolve,
  type Source,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import { readSources } from '../../project/source.ts';
import type { Detection, Framework, WireInput } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { answeredAlike, comparedRoutes } from '../support/compared-paths.ts';
import { type Edit, importEdit, imports, specifierOf, styleOf } from '../support/wiring.ts';

export const detection: Detection = { name: 'bun-serve', title: 'Bun.serve', role: 'server', uses: ['Bun.serve'] };

/** The objects that say how to serve: the argument of `Bun.serve`, or a default export with a `fetch`. */
function optionsIn(source: Source): readonly Node[] {
  const names = new Set(
    source.imports
      .filter((imported) => imported.specifier === 'bun')
      .flatMap((imported) => imported.names.filter((name) => name.imported === 'serve').map((name) => name.local)),
  );
  const found: Node[] = [];
  walk(source.program, (node) => {
    if (node.type === 'CallExpression') {
      const path = memberPath(node.callee);
      const [first] = node.arguments;
      if (first && path && (path === 'Bun.serve' || names.has(path))) found.push(resolve(source, first));
    }
    if (node.type === 'ExportDefaultDeclaration') {
      const value = resolve(source, node.declaration as Node);
      if (property(value, 'fetch')) found.push(value);
    }
  });
  return found;
}

function routesIn(source: Source): Route[] {
  const routes = (method: string, path: string, offset: number): Route => ({
    method,
    path,
    from: [{ file: source.file, line: source.line(offset), why: `${path} is answered` }],
  });
  const declared = optionsIn(source).flatMap((options) => {
    const table = property(options, 'routes');
    const object = table && resolve(source, table);
    if (object?.type !== 'ObjectExpression') return [];
    return object.properties.flatMap((item) =>
      item.type === 'Property' && item.key.type === 'Literal' && typeof item.key.value === 'string'
        ? [routes('GET', item.key.value, item.start)]
        : [],
    );
  });
  return [...declared, ...comparedRoutes(source), ...alike(source)];
}

/** A server of one function that looks at no request, and has no table of routes. */
function alike(source: Source): Route[] {
  const [options, ...others] = optionsIn(source);
  const handler =
    options && others.length === 0 && !property(options, 'routes') ? property(options, 'fetch') : undefined;
  const written = handler && resolve(source, handler);
  return written?.type === 'ArrowFunctionExpression' || written?.type === 'FunctionExpression'
    ? answeredAlike(source, written)
    : [];
}

function wire({ file, text, module, ending }: WireInput): OfferedEdit {
  const source = parseSource(file, text);
  const { quote, end } = styleOf(source);
  const lines = [
    `import { healthRoutes } from ${quote}${specifierOf(source, module, ending)}${quote}${end}`,
    'routes: { ...healthRoutes },',
  ];
  if (imports(source, module)) return { ok: true, edits: [], why: `${file} imports the health routes` };
  if (source.problems.length > 0)
    return { ok: false, why: `${file} could not be read: ${source.problems[0]?.message ?? ''}`, lines };
  const options = optionsIn(source);
  const [node] = options;
  if (options.length !== 1 || node?.type !== 'ObjectExpression') {
    return {
      ok: false,
      why:
        options.length > 1
          ? `${file} starts ${options.length} servers, and it is unclear which one serves requests`
          : `the options of the server are not a literal in ${file}`,
      lines,
    };
  }
  const edit = optionsEdit(source, node);
  const first = importEdit(source, module, ending);
  if (!edit || !first) return { ok: false, why: `the routes in ${file} are not an object literal`, lines };
  return {
    ok: true,
    edits: [first, edit].sort((a, b) => a.start - b.start),
    why: 'adds /live, /ready and /health to the routes of the server',
  };
}

/** Into the routes that are there, or as routes of their own before everything else. */
function optionsEdit(source: Source, options: Extract<Node, { type: 'ObjectExpression' }>): Edit | undefined {
  const table = property(options, 'routes');
  if (!table) return firstIn(source, options, 'routes: healthRoutes');
  const object = resolve(source, table);
  return object.type === 'ObjectExpression' && unwrap(table).type === 'ObjectExpression'
    ? firstIn(source, object, '...healthRoutes')
    : undefined;
}

function firstIn(source: Source, object: Extract<Node, { type: 'ObjectExpression' }>, text: string): Edit {
  const [first] = object.properties;
  const at = object.start + 1;
  if (!first) return { start: at, end: at, text: ` ${text} ` };
  const between = source.sourceText.slice(at, first.start);
  const newline = styleOf(source).newline;
  return between.includes('\n')
    ? { start: at, end: at, text: `${newline}${indentAt(source.sourceText, first.start)}${text},` }
    : { start: first.start, end: first.start, text: `${text}, ` };
}

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { name: 'hostname', line }),
  locate: (project, files) => {
    for (const source of readSources(project, files)) {
      const [first] = optionsIn(source);
      if (first) return { file: source.file, line: source.line(first.start) };
    }
    return undefined;
  },
  routes: (project, files) => readSources(project, files).flatMap(routesIn),
  healthRoutes: {
    imports: [],
    code: `const answer = async (everything: boolean): Promise<Response> => {
  const health = await checkHealth(everything);
  return Response.json(health, { status: statusCode(health) });
};

export const healthRoutes = {
  '/live': () => Response.json({ status: 'ok' }),
  '/ready': () => answer(false),
  '/health': () => answer(true),
};`,
    exports: 'healthRoutes',
  },
  wire,
};
