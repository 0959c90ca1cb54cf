import { describe, expect, it } from 'vitest';
import { memoryProject } from '../../../src/project/memory.ts';
import { framework } from '../../../src/stacks/servers/fastify.ts';
import { edited } from '../../support/wiring.ts';

/** An app that fastify-cli starts is a plugin itself: there is no object of Fastify in it. */
describe('the health routes of an app that is a plugin', () => {
  const wired = (text: string, file = 'app.js') => {
    const wiring = framework.wire({ file, text, module: './health.js', ending: '' });
    return wiring.ok ? edited(text, wiring.edits) : wiring.why;
  };

  it.each([
    'module.exports = async function (fastify, options) {\n  fastify.get("/", () => 1);\n};\n',
    'const app = async (fastify) => {\n  fastify.get("/", () => 1);\n};\nmodule.exports = app;\n',
    'async function app(fastify) {\n  fastify.get("/", () => 1);\n}\nmodule.exports = app;\n',
    'const fp = require("fastify-plugin");\nmodule.exports = fp(async (fastify) => {\n  fastify.get("/", () => 1);\n});\n',
    'export default async function app(fastify) {\n  fastify.get("/", () => 1);\n}\n',
    'const app: FastifyPluginAsync = async (fastify) => {\n  fastify.get("/", () => 1);\n};\nexport default app;\n',
  ])('come first in it: %s', (text) => {
    const file = text.includes('FastifyPluginAsync') ? 'app.ts' : 'app.js';
    expect(wired(text, file)).toContain('{\n  fastify.register(healthRoutes);\n  fastify.get("/"');
    expect(wired(text, file)).toMatch(/healthRoutes.* = require\(|import \{ healthRoutes \} from/);
    expect(framework.locate(memoryProject({ [file]: text }), [file])?.line).toBeGreaterThan(0);
  });

  it.each([
    ['no function is exported', 'module.exports = { a: 1 };\n'],
    ['a function makes its own server', 'export default function build() {\n  const app = fastify();\n}\n'],
    ['the function is handed parts', 'export default async ({ fastify }) => {};\n'],
  ])('are not added where %s', (_, text) => {
    expect(wired(text)).toContain('no Fastify app is created in app.js');
  });
});
