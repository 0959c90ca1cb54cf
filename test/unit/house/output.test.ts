import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const room = join(fileURLToPath(import.meta.url), '../../../../src/cli');
const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** The one file that writes, and the one that asks. */
const writer = 'terminal.ts';
const asker = 'prompts.ts';

/** Names by which a program writes to a terminal, whatever object they hang on, and modules that do. */
const names = new Set(['console', 'stdout', 'stderr', '_rawDebug', 'emitWarning', 'openStdin']);
const modules = /^(node:)?(console|tty|readline(\/promises)?|repl|fs(\/promises)?|worker_threads)$/;

/** The places in a source at which something of its own is written or asked. */
function places(text: string): readonly string[] {
  const found: string[] = [];
  const { program, module } = parseSync('a.ts', text);
  new Visitor({
    Identifier: (node) => {
      if (names.has(node.name)) found.push(node.name);
    },
    Literal: (node) => {
      if (typeof node.value === 'string' && names.has(node.value)) found.push(node.value);
    },
  }).visit(program);
  const imported = [
    ...module.staticImports.map((one) => one.moduleRequest.value),
    ...module.dynamicImports.map((one) => text.slice(one.moduleRequest.start + 1, one.moduleRequest.end - 1)),
  ];
  return [...found, ...imported.filter((name) => modules.test(name) || name === '@clack/prompts')];
}

describe('the command line', () => {
  it('writes in one file, and asks in one', () => {
    const wrong = files.flatMap((file) => {
      const allowed = file === writer ? ['stdout', 'stderr'] : file === asker ? ['@clack/prompts'] : [];
      return places(readFileSync(join(room, file), 'utf8'))
        .filter((place) => !allowed.includes(place))
        .map((place) => `${file}: ${place}`);
    });
    expect(wrong).toEqual([]);
    expect(files).toContain(writer);
    expect(files).toContain(asker);
  });

  it('is looked through for each way to write', () => {
    for (const text of [
      'console.log(1)',
      "process['stdout'].write('')",
      'const { stderr } = process',
      'process.emitWarning("x")',
      "import { createInterface } from 'node:readline'",
      "await import('@clack/prompts')",
      "import { writeSync } from 'node:fs'",
    ])
      expect(places(text), text).not.toEqual([]);
    expect(places("out('console.log')")).toEqual([]);
  });
});
