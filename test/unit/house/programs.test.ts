import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/engine/exec.ts';
import {
  environmentOf,
  isLoader,
  onHostRule,
  type ProgramName,
  type ProgramRule,
  programs,
  ruleOf,
} from '../../../src/engine/programs.ts';
import { tempFolder } from '../../../src/engine/temp.ts';
import { Config } from '../../../src/model/config.ts';
import { z } from '../../../src/model/zod.ts';

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const page = readFileSync(join(source, '../docs/security.md'), 'utf8');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(join(source, file), 'utf8');

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Every node of a tree that is of a kind. */
function nodesOf(tree: unknown, type: string): readonly Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'object' && value !== null) {
      if (isNode(value) && value.type === type) found.push(value);
      for (const one of Object.values(value)) visit(one);
    }
  };
  visit(tree);
  return found;
}

const parsed = files.map((file) => {
  const text = readFileSync(join(source, file), 'utf8');
  const { program, module } = parseSync(file, text);
  return { file, text, program, module };
});
const [exec] = parsed.filter(({ file }) => file === 'engine/exec.ts');

/** What a module imports from another: the name there, and the name here. */
const importsFrom = ({ module }: (typeof parsed)[number], from: RegExp) =>
  module.staticImports
    .filter((one) => from.test(one.moduleRequest.value))
    .flatMap((one) => one.entries.filter((entry) => !entry.isType))
    .map((entry) => ({ there: entry.importName.name ?? '*', here: entry.localName.value }));

const nameOf = (node: unknown): string => (isNode(node) && node.type === 'Identifier' ? String(node['name']) : '');

/** The calls of a function that a module imports, with the text of their arguments. */
const callsOf = (module: (typeof parsed)[number], name: string) =>
  nodesOf(module.program, 'CallExpression').filter((call) => nameOf(call['callee']) === name);

/** The one file that runs code which is no module: the command line as it was built, from the file beside the program. */
const loader = 'engine/program.ts';

/** Ways to a program, or to code that is no module of ours, other than `spawn`. */
const otherWays =
  /^(node:)?(cluster|worker_threads|vm|repl|inspector|child_process)(\/.*)?$|^(execa|cross-spawn|shelljs|zx|tinyexec|nano-spawn)$/;

describe('outside programs', () => {
  it('are started in one file alone, from a list of arguments, never through a shell', () => {
    expect(files.filter((file) => /^(import|export) [^\n]*'node:child_process'/m.test(textOf(file)))).toEqual([
      'engine/exec.ts',
    ]);
    expect(textOf('engine/exec.ts')).not.toMatch(/shell:|\bexec(File|Sync)?\(|spawnSync/);
  });

  it('are all in the table, which docs/security.md shows', () => {
    const started = files.flatMap((file) =>
      [...textOf(file).matchAll(/\brun\(\s*\[\s*'([\w.-]+)'/g)].map(([, name]) => name ?? ''),
    );
    expect(started.length).toBeGreaterThan(3);
    expect(started.filter((name) => !Object.hasOwn(programs, name))).toEqual([]);
    for (const name of Object.keys(programs)) expect(page).toContain(`| \`${name}\` |`);
  });

  it('that are not in the table are not started, nor in a folder that is not ours, nor without a limit', async () => {
    const temp = tempFolder();
    const options = { cwd: temp.path, env: environmentOf('git'), timeoutMs: 1000 };
    try {
      await expect(run(['sh' as ProgramName, '-c', 'true'], options)).rejects.toThrow('not in the table');
      await expect(run(['git', '--version'], { ...options, cwd: source })).rejects.toThrow(
        'not a folder that Dockwright made',
      );
      await expect(run(['git', '--version'], { ...options, timeoutMs: 10 ** 12 })).rejects.toThrow('time limit');
      expect(() => ruleOf(['bash'])).toThrow('not in the table');
    } finally {
      temp.remove();
    }
  });

  it('get no variable that decides which code they load, whatever the shell has', () => {
    const hostile = { PATH: '/usr/bin', NODE_OPTIONS: 'x', LD_PRELOAD: 'x', BASH_ENV: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    for (const name of Object.keys(programs) as (keyof typeof programs)[]) {
      const env = environmentOf(name, {}, hostile);
      expect(Object.keys(env).filter((variable) => isLoader(variable) || variable.startsWith('AWS'))).toEqual([]);
    }
  });

  it('are started in one file, by `spawn` alone, without a shell', () => {
    const wrong = parsed
      .filter(({ file }) => file !== 'engine/exec.ts')
      .flatMap(({ file, module, program }) =>
        [
          ...module.staticImports.map((one) => one.moduleRequest.value),
          ...nodesOf(program, 'ImportExpression').map((one) => {
            const at = one['source'];
            return isNode(at) ? String(at['value']) : '';
          }),
        ]
          .filter((name) => otherWays.test(name) && !(file === loader && name === 'node:vm'))
          .map((name) => `${file} imports ${name}`),
      );
    expect(wrong).toEqual([]);
    if (!exec) throw new Error('engine/exec.ts is gone');
    expect(importsFrom(exec, /child_process/).map(({ there }) => there)).toEqual(['spawn']);
    const calls = callsOf(exec, 'spawn');
    expect(calls).toHaveLength(1);
    const keys = nodesOf(calls, 'Property').map(({ key }) => nameOf(key));
    expect(keys).toEqual(['cwd', 'env', 'stdio', 'detached']);
  });

  it('have nothing to do with the one text that is run as code: the command line as it was built, beside the program', () => {
    const scripts = parsed.flatMap(({ file, program }) =>
      nodesOf(program, 'NewExpression')
        .filter(({ callee }) => nameOf(callee) === 'Script')
        .map(() => file),
    );
    expect(scripts).toEqual([loader]);
    const opened = parsed.flatMap((module) => callsOf(module, 'openProgram').map((call) => ({ ...module, call })));
    expect(opened.map(({ file }) => file)).toEqual(['main.ts']);
    const [{ text = '', call = undefined } = {}] = opened;
    expect(text.slice(call?.start, call?.end)).toMatch(/\(file, words\)$/);
    expect(text).toContain("const file = fileURLToPath(new URL('program.cjs', import.meta.url));");
  });

  it('are reached in no other way: no shell, no `eval`, no module that is loaded by a name made at run time', () => {
    const ways = /\b(Bun|Deno)\b|\bcreateRequire\b|\bprocess\.(binding|dlopen|getBuiltinModule)\b/;
    const wrong = parsed.flatMap(({ file, text, program }) => [
      ...nodesOf(program, 'Property')
        .filter(({ key, value }) => file.startsWith('engine/') && nameOf(key) === 'shell' && isNode(value))
        .map(() => `${file} sets shell`),
      ...nodesOf(program, 'CallExpression')
        .filter(({ callee }) => ['eval', 'require', 'Function'].includes(nameOf(callee)))
        .map((call) => `${file}: ${text.slice(call.start, call.end)}`),
      ...nodesOf(program, 'NewExpression')
        .filter(({ callee }) => ['Function', 'Worker'].includes(nameOf(callee)))
        .map((call) => `${file}: ${text.slice(call.start, call.end)}`),
      ...nodesOf(program, 'MemberExpression')
        .map((node) => text.slice(node.start, node.end).replace(/\?\./g, '.'))
        .filter((member) => ways.test(member.split('.').slice(0, 2).join('.')) && !/["'`]/.test(member))
        .map((member) => `${file}: ${member}`),
      ...nodesOf(program, 'ImportExpression')
        .filter((one) => !isNode(one['source']) || one['source'].type !== 'Literal')
        .map((one) => `${file}: ${text.slice(one.start, one.end)}`),
    ]);
    expect(wrong).toEqual([]);
  });

  it('are named where they are started, and each of them is in the table', () => {
    const started: string[] = [];
    const wrong: string[] = [];
    for (const module of parsed) {
      for (const { there, here } of importsFrom(module, /(^|\/)exec\.ts$/)) {
        if (there === 'runOnHost') expect(module.file).toBe('engine/tests.ts');
        if (there !== 'run') continue;
        for (const call of callsOf(module, here)) {
          const [argv] = nodesOf(call['arguments'], 'ArrayExpression');
          const first = argv && (argv['elements'] as readonly unknown[])[0];
          const name = isNode(first) && first.type === 'Literal' ? String(first['value']) : undefined;
          if (name === undefined) wrong.push(`${module.file}: ${module.text.slice(call.start, call.end)}`);
          else started.push(name);
        }
      }
    }
    expect(wrong).toEqual([]);
    const rows = Object.keys(programs).filter((name) => !name.includes(' '));
    expect([...new Set(started)].sort()).toEqual([...rows].sort());
    // the plugins that docker starts, by the word that comes first
    const words = parsed
      .filter(({ file }) => file.startsWith('engine/'))
      .flatMap(({ program }) =>
        nodesOf(program, 'ArrayExpression').flatMap((array) => {
          const [first] = array['elements'] as readonly unknown[];
          return isNode(first) && first.type === 'Literal' ? [String(first['value'])] : [];
        }),
      );
    const plugins = Object.keys(programs)
      .filter((name) => name.startsWith('docker '))
      .map((name) => name.slice(7));
    for (const plugin of plugins) expect(words).toContain(plugin);
  });

  it('are each given a limit, a folder of ours and an environment that holds no variable which loads code', () => {
    for (const [name, rule] of Object.entries<ProgramRule>(programs)) {
      expect(rule.longestMs, name).toBeGreaterThan(0);
      expect(rule.longestMs, name).toBeLessThan(2 ** 31);
      expect(rule.folder, name).toMatch(/^a private.* temporary folder/);
      expect([...rule.passed, ...Object.keys(rule.set)].filter(isLoader), name).toEqual([]);
      expect(
        rule.passed.filter((one) => /^(COMPOSE|GIT|NODE|NPM|BUN)|^\*|TOKEN|SECRET|PASSWORD/i.test(one)),
        name,
      ).toEqual([]);
    }
  });

  it('of a project run on this machine by a flag alone: no key of the configuration says so', () => {
    const schema = JSON.stringify(z.toJSONSchema(Config, { io: 'input' }));
    expect(schema).not.toMatch(/on-?host/i);
    const says = parsed.filter(({ text }) => /\bonHost\b/.test(text)).map(({ file }) => file);
    expect(says.sort()).toEqual(['cli/commands/check.ts', 'flows/check.ts', 'flows/tests.ts']);
    expect(onHostRule.purpose).toContain('--on-host');
  });

  it('of the project are kept out before anything of it is read', () => {
    // the one place that opens a project says first that nothing in it may be started
    const opens = parsed.filter((module) => importsFrom(module, /project\/disk\.ts$/).length > 0);
    expect(opens.map(({ file }) => file)).toEqual(['flows/context.ts']);
    const text = opens[0]?.text ?? '';
    expect(text.indexOf('dropFromPath(options.cwd)')).toBeGreaterThan(0);
    expect(text.indexOf('dropFromPath(options.cwd)')).toBeLessThan(text.indexOf('openProject(options.cwd)'));
  });
});
