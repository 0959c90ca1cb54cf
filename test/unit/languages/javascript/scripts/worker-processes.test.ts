import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const server = "require('http').createServer((q, r) => r.end()).listen(process.env.PORT || 3000);\n";
const worker =
  "const { Worker } = require('bullmq');\nnew Worker('mail', async () => undefined, { connection: {} });\n";

const project = (scripts: object, more: Readonly<Record<string, string>> = {}) => ({
  'package.json': JSON.stringify({
    name: 'a',
    private: true,
    scripts,
    engines: { node: '24' },
    dependencies: { bullmq: '5' },
  }),
  'server.js': server,
  'worker.js': worker,
  ...more,
});

const processes = async (files: Readonly<Record<string, string>>) =>
  ((await factsOf(files)).processes ?? []).map(({ name, command: { argv, env } }) => [
    name,
    argv.join(' '),
    ...(env ? [env] : []),
  ]);

describe('further processes', () => {
  it.each([
    [{ start: 'node server.js', 'start:worker': 'node worker.js' }, [['worker', 'node worker.js']]],
    [
      { start: 'node server.js', worker: 'node worker.js', 'worker:dev': 'nodemon worker.js' },
      [['worker', 'node worker.js']],
    ],
    [
      { start: 'node server.js', 'start:mails': 'NODE_ENV=production node worker.js' },
      [['mails', 'node worker.js', { NODE_ENV: 'production' }]],
    ],
    [{ start: 'concurrently "node server.js" "node worker.js"' }, [['worker', 'node worker.js']]],
    [
      { start: 'run-p start:web start:mails', 'start:web': 'node server.js', 'start:mails': 'node worker.js' },
      [['mails', 'node worker.js']],
    ],
  ])('are those that scripts name or run beside the app: %j', async (scripts, expected) => {
    expect(await processes(project(scripts))).toEqual(expected);
  });

  it('are the same file with other variables', async () => {
    const files = project(
      { start: 'node server.js' },
      { Procfile: 'web: node server.js\nworker: ROLE=worker node server.js\n' },
    );
    expect(await processes(files)).toEqual([['worker', 'node server.js', { ROLE: 'worker' }]]);
  });

  it('are started once where a platform and a script both name one', async () => {
    const files = project(
      { start: 'node server.js', worker: 'node worker.js' },
      { Procfile: 'web: npm start\nmails: node worker.js\n' },
    );
    expect(await processes(files)).toEqual([['mails', 'node worker.js']]);
  });

  it.each([
    { start: 'node server.js', 'start:dev': 'node --watch server.js', 'start:prod': 'node server.js' },
    { start: 'node server.js', 'worker:build': 'esbuild worker.js', 'worker:dev': 'node --watch worker.js' },
    { start: 'node server.js', 'start:debug': 'node worker.js' },
  ])('are none of scripts that build, watch or start the app itself: %j', async (scripts) => {
    expect(await processes(project(scripts))).toEqual([]);
  });

  it('leave out a program that ends by itself, and say so', async () => {
    const files = project(
      { start: 'node server.js', cron: 'node tidy.js' },
      { 'tidy.js': "console.log('done');\nprocess.exit(0);\n" },
    );
    const { processes: found, leftOut } = await factsOf(files);
    expect(found).toBeUndefined();
    expect(leftOut?.find(({ what }) => what === 'process cron')?.why).toMatch(/tidy\.js exits on its own/);
  });
});
