import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** The port of a server of Express: its number and variable, or why it is asked for. */
async function portOf(text: string, more: Readonly<Record<string, string>> = {}) {
  const manifest = { name: 'shop', type: 'module', scripts: { start: 'tsx index.ts' }, dependencies: { express: '5' } };
  const { port } = await factsOf({
    'package.json': JSON.stringify(manifest),
    'index.ts': `import express from 'express';\n${text}\n`,
    ...more,
  });
  return port && ('value' in port ? port.value : port.why);
}

describe('a port that is handed on', () => {
  it.each([
    [
      'to a constructor, in an object',
      'class App { app; port; constructor(init: { port: number }) { this.app = express(); this.port = init.port; } run() { this.app.listen(this.port); } }\nnew App({ port: 5002 }).run();',
      { number: 5002 },
    ],
    [
      'to a constructor whose parameter is a field',
      'class App { app = express(); constructor(private readonly port: number) {} run() { this.app.listen(this.port, () => {}); } }\nconst app = new App(Number(process.env.SHOP_PORT ?? 5003)); app.run();',
      { number: 5003, variable: 'SHOP_PORT' },
    ],
    [
      'to a method',
      'class App { app = express(); run(port: number) { this.app.listen(port); } }\nconst app = new App(); app.run(5004);',
      { number: 5004 },
    ],
    [
      'to a function with a default of its own',
      'function run(port = 5009) { express().listen(port); }\nrun(Number(process.env.SHOP_PORT ?? 5004));',
      { number: 5004, variable: 'SHOP_PORT' },
    ],
    [
      'to none that uses its own default',
      'function run(port = 5009) { express().listen(port); }\nrun();',
      { number: 5009 },
    ],
    [
      'through two functions',
      'function run(first: number) { const go = (port: number, left: number) => { express().listen(port); }; go(first, 5); }\nrun(5005);',
      { number: 5005 },
    ],
  ])('is found: %s', async (_, text, expected) => {
    expect(await portOf(text)).toEqual(expected);
  });

  it('is found in another module', async () => {
    const more = {
      'server.ts':
        "import express from 'express';\nexport class Server { app = express(); constructor(private port: number) {} run() { this.app.listen(this.port); } }\n",
    };
    expect(await portOf("import { Server } from './server.ts';\nnew Server(5006).run();", more)).toEqual({
      number: 5006,
    });
  });

  it.each([
    'class App { app = express(); run(port: number) { this.app.listen(port); } }\nclass Other { run(at: number) { return at; } }\nnew Other().run(5007); new App().run(read());',
    'class App { app = express(); port; constructor(port: number) { this.port = port; } set(port: number) { this.port = port; } run() { this.app.listen(this.port); } }\nnew App(5008).run();',
  ])('is asked for where something else is handed: %s', async (text) => {
    expect(await portOf(text)).toBe('the port is computed at run time');
  });
});

describe('a port that is an option of the command line', () => {
  it.each([
    [
      "import { Command } from 'commander';\nconst program = new Command();\nprogram.option('-p, --port <port>', 'where it listens', '5010');\nprogram.parse();\nconst options = program.opts();\nexpress().listen(options.port);",
      { number: 5010 },
    ],
    [
      "import { program } from 'commander';\nprogram.option('--port <number>', 'where it listens', parseInt, 5011).parse();\nconst { port } = program.opts();\nexpress().listen(port);",
      { number: 5011 },
    ],
    [
      "import yargs from 'yargs';\nconst argv = yargs(process.argv).option('port', { alias: 'p', default: 5012 }).argv;\nexpress().listen(argv.port);",
      { number: 5012 },
    ],
    [
      "import { parseArgs } from 'node:util';\nconst { values } = parseArgs({ options: { port: { type: 'string', default: process.env.SHOP_PORT ?? '5013' } } });\nexpress().listen(Number(values.port));",
      { number: 5013, variable: 'SHOP_PORT' },
    ],
  ])('has its default: %s', async (text, expected) => {
    expect(await portOf(text)).toEqual(expected);
  });

  it('is asked for without one', async () => {
    const text =
      "import { program } from 'commander';\nprogram.option('--port <number>', 'where it listens').option('--support <port>', 'whom to ask', '1').parse();\nexpress().listen(program.opts().port);";
    expect(await portOf(text)).toBe('the port is computed at run time');
  });
});
