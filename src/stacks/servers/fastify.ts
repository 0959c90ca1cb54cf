/** Fastify (https://fastify.dev): routes are plugins that are added with `register`. */
import {
  indentAt,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  parseSource,
  type Source,
  unwrap,
  wordsBelow,
} from '../../formats/source/index.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import type { Project } from '../../project/project.ts';
import { readSources } from '../../project/source.ts';
import type { Detection, Framework, WireInput } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { type Factory, factoryCallsIn } from '../support/factory-calls.ts';
import { locateFactoryCall } from '../support/locate.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { bringing, endAt, importEdit, imports, styleOf, wireObject } from '../support/wiring.ts';

export const detection: Detection = {
  name: 'fastify',
  title: 'Fastify',
  role: 'server',
  // what an app that fastify-cli starts imports: it is a plugin itself
  dependencies: ['fastify', '@fastify/autoload', 'fastify-plugin'],
};

const factory: Factory = { packages: ['fastify'], names: ['default', 'fastify', 'Fastify'], form: 'call' };

export const framework: Framework = {
  loopback: true,
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { byDefault: true, line }),
  locate: (project, files) => locateFactoryCall(project, files, factory) ?? locatePlugin(project, files.slice(0, 1)),
  routes: (project, files) =>
    routesOf(project, files, {
      factories: [factory],
      methods: httpMethods,
      mounts: ['register'],
      parameters: ['app', 'fastify', 'server', 'instance'],
    }),
  healthRoutes: {
    imports: ["import type { FastifyInstance } from 'fastify';"],
    code: `export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/live', async () => ({ status: 'ok' }));
  for (const path of ['/ready', '/health']) {
    app.get(path, async (_request, reply) => {
      const health = await checkHealth(path === '/health');
      return reply.code(statusCode(health)).send(health);
    });
  }
}`,
    exports: 'healthRoutes',
  },
  wire: (input) => {
    const plugin = wirePlugin(input);
    if (plugin) return plugin;
    const wiring = wireObject(input, {
      factory,
      title: 'Fastify',
      statement: (app) => `${app}.register(healthRoutes)`,
      chained: () => '.register(healthRoutes)',
    });
    const guard = wiring.ok && wiring.edits.length > 0 ? guarding(input) : undefined;
    if (guard === undefined) return wiring;
    return {
      ok: false,
      why: `the hook at line ${guard} of ${input.file} rejects requests without a login on every route: let it pass /live, /ready and /health, and add the routes`,
      lines: [bringing(parseSource(input.file, input.text), input.module, input.ending), 'app.register(healthRoutes);'],
    };
  },
};

type Plugin = { readonly name: string; readonly body: Extract<Node, { type: 'BlockStatement' | 'FunctionBody' }> };

/** The function that a file exports as an app which fastify-cli starts: `module.exports = async (fastify, options) => { … }`. */
function pluginOf(source: Source): Plugin | undefined {
  for (const statement of source.program.body) {
    const exported =
      statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression'
          ? memberPath(statement.expression.left) === 'module.exports' && statement.expression.right
          : undefined;
    const plugin = exported && functionOf(source, exported);
    if (plugin) return plugin;
  }
  return undefined;
}

/** A function of the app's instance, also by its name or in the brackets of `fp()` (fastify-plugin). */
function functionOf(source: Source, start: Node, depth = 0): Plugin | undefined {
  const node = unwrap(start);
  if (node.type === 'CallExpression' && node.arguments[0] && depth < 3)
    return functionOf(source, node.arguments[0], depth + 1);
  if (node.type === 'Identifier' && depth < 3) {
    const bound = lookup(source, node.name, node.start);
    const value = bound?.kind === 'function' ? bound.node : bound?.init;
    return value && functionOf(source, value, depth + 1);
  }
  if (
    node.type !== 'FunctionExpression' &&
    node.type !== 'FunctionDeclaration' &&
    node.type !== 'ArrowFunctionExpression'
  )
    return undefined;
  const [first] = node.params;
  if (first?.type !== 'Identifier' || !node.body || !('body' in node.body)) return undefined;
  return { name: first.name, body: node.body as Plugin['body'] };
}

function locatePlugin(project: Project, files: readonly string[]): { file: string; line: number } | undefined {
  const [source] = readSources(project, files);
  const plugin = source && pluginOf(source);
  return source && plugin && { file: source.file, line: source.line(plugin.body.start) };
}

/** The routes as the first statement of the plugin that is the app; undefined: the file makes its server itself, or is no plugin. */
function wirePlugin({ file, text, module, ending }: WireInput): OfferedEdit | undefined {
  const source = parseSource(file, text);
  const plugin =
    factoryCallsIn(source, factory).length === 0 && !imports(source, module) ? pluginOf(source) : undefined;
  const first = plugin && importEdit(source, module, ending);
  if (!plugin || !first) return undefined;
  const { newline, end } = styleOf(source, ending);
  const inside = plugin.body.body[0]?.start;
  const indent = inside === undefined ? '  ' : indentAt(text, inside);
  const at = plugin.body.start + 1;
  return {
    ok: true,
    edits: [
      first,
      { start: at, end: at, text: `${newline}${indent}${plugin.name}.register(healthRoutes)${endAt(source, at, end)}` },
    ],
    why: 'adds /live, /ready and /health to the app plugin, before its own routes',
  };
}

/** Hooks that run before the handler of a route; those of the root are for every route, whichever was added first. */
const early = new Set(['onRequest', 'preParsing', 'preValidation', 'preHandler']);

const refusing = /\b40[13]\b|unauthori[sz]ed|forbidden|jwtVerify/i;

/**
 * The line of a hook of the whole app that answers in the place of routes: it says 401 or 403, or that the caller is not allowed,
 * and not only where the path is one of some.
 */
function guarding({ file, text }: WireInput): number | undefined {
  const source = parseSource(file, text);
  const guard = nodesOf(source.program, 'CallExpression').find((call) => {
    const [name, handler] = call.arguments;
    const [app, method, more] = memberPath(call.callee)?.split('.') ?? [];
    if (app === undefined || method !== 'addHook' || more !== undefined || !handler) return false;
    if (name?.type !== 'Literal' || !early.has(String(name.value)) || !isApp(source, app, call.start)) return false;
    const says = (node: Node, what: RegExp) => wordsBelow(node).some((word) => what.test(word));
    const ofPaths = nodesOf(handler, 'IfStatement').some(
      (node) => says(node.test, /\burl\b|route/i) && says(node.consequent, refusing),
    );
    return says(handler, refusing) && !ofPaths;
  });
  return guard && source.line(guard.start);
}

/** Whether a name is the app itself, and not what a plugin is handed: hooks of that are for its own routes. */
function isApp(source: Source, name: string, at: number): boolean {
  const made = lookup(source, name, at)?.init;
  const whole = made && unwrap(made);
  return whole?.type === 'CallExpression' && factory.names.includes(memberPath(whole.callee) ?? '');
}
