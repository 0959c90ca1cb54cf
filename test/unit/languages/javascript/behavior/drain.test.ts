import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const app = (type: string, text: string, more: Files = {}): Files => ({
  'package.json': JSON.stringify({ name: 'shop', type, scripts: { start: 'node index.js' }, engines: { node: '24' } }),
  'index.js': text,
  ...more,
});
const graceOf = async (files: Files) =>
  (await makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] }))
    .workloads['app']?.signals.grace;

const server = "import { createServer } from 'node:http';\nconst server = createServer().listen(3000);\n";

describe('the time that requests get to end', () => {
  it.each<[string, Files, number]>([
    [
      'a timer in the handler',
      app(
        'module',
        `${server}process.on('SIGTERM', () => { server.close(); setTimeout(() => process.exit(1), 45_000).unref(); });`,
      ),
      50,
    ],
    [
      'a function that the handler calls, with a constant, in CommonJS',
      app(
        'commonjs',
        "const LIMIT = 60000;\nconst server = require('node:http').createServer().listen(3000);\nfunction stop() { server.close(); setTimeout(() => process.exit(1), LIMIT); }\nprocess.once('SIGTERM', () => stop());",
      ),
      65,
    ],
    [
      'an option of a package',
      app(
        'module',
        `import { createTerminus } from '@godaddy/terminus';\n${server}createTerminus(server, { timeout: 30000 });`,
      ),
      35,
    ],
    [
      'an argument of a package, from a variable with a default',
      app(
        'module',
        `import stoppable from 'stoppable';\n${server}stoppable(server, Number(process.env.DRAIN_MS ?? 20000));`,
      ),
      25,
    ],
  ])('is waited for, and five seconds more: %s', async (_, files, grace) => {
    expect(await graceOf(files)).toBe(grace);
  });

  it.each<[string, Files]>([
    [
      'it ends sooner',
      app('module', `${server}process.on('SIGTERM', () => { setTimeout(() => process.exit(1), 5_000); });`),
    ],
    ['the timer is for something else', app('module', `${server}setTimeout(() => console.log('up'), 60_000);`)],
    ['nothing is handled', app('module', server)],
  ])('is the usual one where %s', async (_, files) => {
    expect(await graceOf(files)).toBe(15);
  });

  it('is a fact with its place', async () => {
    const facts = await factsOf(
      app('module', `${server}process.on('SIGTERM', () => setTimeout(() => process.exit(1), 45_000));`),
    );
    expect(said(facts.drain)).toBe(45);
    expect(facts.drain?.from).toMatchObject([{ file: 'index.js', line: 3 }]);
  });
});
