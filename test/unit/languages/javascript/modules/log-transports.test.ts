import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const listening = "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n";

/** The development dependencies that the app needs at run time, where a source says this. */
async function needed(source: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const project = memoryProject({
    'package.json': JSON.stringify({
      name: 'mill',
      version: '1.0.0',
      type: 'module',
      scripts: { start: 'node index.js' },
      dependencies: { fastify: '5.8.2', pino: '9.0.0' },
      devDependencies: { 'pino-pretty': '13.0.0', '@axiomhq/pino': '1.3.0' },
    }),
    'index.js': `${source}\n${listening}`,
    ...more,
  });
  const { apps } = await inspect(project);
  const notes = (apps[0]?.notes ?? []).filter(({ code }) => code === 'needed-when-running');
  return notes.map(({ message }) => message.split(' ', 1)[0] ?? '');
}

describe('packages that a logger loads by their names', () => {
  it.each<[string, string, readonly string[], Readonly<Record<string, string>>?]>([
    [
      'of a framework',
      "import Fastify from 'fastify';\nFastify({ logger: { transport: { target: 'pino-pretty' } } });",
      ['pino-pretty'],
    ],
    ['of its own', "import pino from 'pino';\npino({ transport: { target: '@axiomhq/pino' } });", ['@axiomhq/pino']],
    [
      'several, in a file beside',
      "import './log.js';",
      ['pino-pretty', '@axiomhq/pino'],
      {
        'log.js':
          "import pino from 'pino';\nexport const log = pino(pino.transport({ targets: [{ target: 'pino-pretty' }, { target: '@axiomhq/pino' }] }));\n",
      },
    ],
  ])('are needed when running: %s', async (_name, source, expected, more = {}) => {
    expect(await needed(source, more)).toEqual(expected);
  });

  it.each([
    [
      'while developing only',
      "import pino from 'pino';\npino({ transport: process.env.NODE_ENV === 'production' ? undefined : { target: 'pino-pretty' } });",
    ],
    [
      'by a table of modes',
      "import Fastify from 'fastify';\nconst log = { development: { transport: { target: 'pino-pretty' } }, production: true };\nFastify({ logger: log[process.env.NODE_ENV] });",
    ],
    ['of something else', "export const proxy = { target: 'pino-pretty' };"],
    ['of a file', "import pino from 'pino';\npino({ transport: { target: './pretty.js' } });"],
  ])('are not where they are loaded %s', async (_name, source) => {
    expect(await needed(source)).toEqual([]);
  });
});
