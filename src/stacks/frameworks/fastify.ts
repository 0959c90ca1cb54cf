/** Fastify (https://fastify.dev): routes are plugins that `register` adds. */
import {
  lookup,
  memberPath,
  type Node,
  nodesOf,
  parseSource,
  type Source,
  unwrap,
} from '../../formats/source/index.ts';
import type { Framework, Recognise, WireInput } from '../contract.ts';
import { listenEverywhere } from '../support/everywhere.ts';
import { locateMade } from '../support/locate.ts';
import type { Maker } from '../support/made.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { bringing, wireObject } from '../support/wiring.ts';

export const recognise: Recognise = { name: 'fastify', title: 'Fastify', role: 'server', dependencies: ['fastify'] };

const maker: Maker = { packages: ['fastify'], names: ['default', 'fastify', 'Fastify'], form: 'call' };

export const framework: Framework = {
  loopback: true,
  everywhere: (file, text, line) => listenEverywhere(file, text, { byDefault: true, line }),
  locate: (project, files) => locateMade(project, files, maker),
  routes: (project, files) =>
    routesOf(project, files, {
      makers: [maker],
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
      const health = await checkHealth();
      return reply.code(statusCode(health)).send(health);
    });
  }
}`,
    exports: 'healthRoutes',
  },
  wire: (input) => {
    const wiring = wireObject(input, {
      maker,
      title: 'Fastify',
      statement: (app) => `${app}.register(healthRoutes)`,
      chained: () => '.register(healthRoutes)',
    });
    const guard = wiring.ok && wiring.edits.length > 0 ? guarding(input) : undefined;
    if (guard === undefined) return wiring;
    return {
      ok: false,
      why: `the hook of line ${guard} of ${input.file} refuses requests without a login, whatever route they are for: let it pass /live, /ready and /health, and add the routes`,
      lines: [bringing(parseSource(input.file, input.text), input.module, input.ending), 'app.register(healthRoutes);'],
    };
  },
};

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
    const textOf = (node: Node) => text.slice(node.start, node.end);
    const ofPaths = nodesOf(handler, 'IfStatement').some(
      (one) => /\burl\b|route/i.test(textOf(one.test)) && refusing.test(textOf(one.consequent)),
    );
    return refusing.test(textOf(handler)) && !ofPaths;
  });
  return guard && source.line(guard.start);
}

/** Whether a name is the app itself, and not what a plugin is handed: hooks of that are for its own routes. */
function isApp(source: Source, name: string, at: number): boolean {
  const made = lookup(source, name, at)?.init;
  const whole = made && unwrap(made);
  return whole?.type === 'CallExpression' && maker.names.includes(memberPath(whole.callee) ?? '');
}
