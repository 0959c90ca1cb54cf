import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { includesOf } from '../../../src/engine/dafny.ts';
import { copyFiles } from '../../../src/engine/proofs.ts';
import { recordProofs } from '../../../src/flows/check.ts';

const now = '2026-11-21T12:00:00.000Z';
const variables = [
  'PATH',
  'HOME',
  'TLA2TOOLS_JAR',
  'TLA-Library',
  'CANARY',
  'DOTNET_STARTUP_HOOKS',
  'JAVA_TOOL_OPTIONS',
  '_JAVA_OPTIONS',
  'CLASSPATH',
] as const;
let around: string;
let root: string;
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

beforeEach(() => {
  around = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright proofs ')));
  root = join(around, 'project');
  mkdirSync(join(root, 'specs'), { recursive: true });
});
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(around, { recursive: true });
});

function write(file: string, text = ''): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** A tool that says what it is given and what it sees, and that all is well. */
function tool(name: string, well: string): void {
  const at = join(around, 'bin');
  mkdirSync(at, { recursive: true });
  const says = `#!/bin/sh\ncase "$1" in --version|-version) echo 4.9.0; exit;; esac
echo "arguments: $*"\necho "folder: $(/bin/pwd)"\n/usr/bin/find . -type f\n/usr/bin/find .. -name '*.class'\n/usr/bin/env\necho '${well}'\n`;
  writeFileSync(join(at, name), says, { mode: 0o755 });
  process.env['PATH'] = [at, before['PATH']].join(delimiter);
  process.env['CANARY'] = 'canary-of-the-shell';
}

/** Runs the proofs and gives what the tool printed: one file that is refused makes the rest fail, so that its output is there. */
async function provings() {
  const { failed } = await recordProofs({ cwd: root, now });
  return failed.map(({ file, proving }) => ({ file, ...proving }));
}

describe('copies for a proof', () => {
  it('are regular files alone, under their own paths, and go again', () => {
    write('specs/a/one.dfy', '1');
    write('outside.dfy');
    write('specs/b/two.dfy');
    symlinkSync(join(root, 'outside.dfy'), join(root, 'specs/a/link.dfy'));
    symlinkSync('b', join(root, 'specs/c'));
    const copies = copyFiles(root, [
      'specs/a/one.dfy',
      'specs/a/link.dfy',
      'specs/c/two.dfy',
      'specs/a',
      'specs/gone.dfy',
    ]);
    expect([...copies.files]).toEqual(['specs/a/one.dfy']);
    expect(readdirSync(copies.folder, { recursive: true }).sort()).toEqual(['specs', 'specs/a', 'specs/a/one.dfy']);
    expect(copies.shown(`${copies.folder}/specs/a/one.dfy(1): in ${copies.folder}`)).toBe(
      `specs/a/one.dfy(1): in ${root}`,
    );
    copies.remove();
    expect(existsSync(copies.folder)).toBe(false);
  });
});

describe('the includes of a Dafny file', () => {
  it.each([
    ['include "a.dfy"\ninclude "b/c.dfy"', ['a.dfy', 'b/c.dfy']],
    ['/* /* nested */ include "no" */ // include "no"\ninclude /* here */ "yes"', ['yes']],
    ['include @"verbatim"', ['verbatim']],
    ['include\n\n"next line"', ['next line']],
    ['method M() { var s := "include \\"no\\""; var c := \'"\'; }\ninclude "late"', ['late']],
    ['lemma included\'(x: int) { print x, "no"; }', []],
    ['include "a\\u002e"', ['a\\u002e']],
    ['/* never closed include "no"', []],
  ])('of %j are %j', (text, paths) => {
    expect(includesOf(text).map((one) => one.path)).toEqual(paths);
  });
  it('are told with their places, in time that grows with the text', () => {
    expect(includesOf('// one\n/* */ include "x"')).toEqual([{ path: 'x', at: 21 }]);
    const started = performance.now();
    for (const text of ['/*', '"', "'a", 'include', 'include "x"\n', '\\', '@"']) includesOf(text.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('a proving tool', () => {
  it('sees copies of its own kind of file, in their folder, and nothing of the shell', async () => {
    tool('dafny', 'Dafny program verifier finished with 1 verified, 1 errors');
    process.env['DOTNET_STARTUP_HOOKS'] = '/canary-of-the-shell.dll';
    write('specs/dafny/a.dfy', 'include "lib/b.dfy"\n');
    write('specs/dafny/lib/b.dfy');
    for (const other of ['dfyconfig.toml', 'x.dll', 'plugin.cs', '.dafny', 'lib/x.js']) write(`specs/dafny/${other}`);
    write('specs/tla/M.tla');
    write('.env', 'SECRET=canary');
    const [first] = await provings();
    expect(first).toMatchObject({ file: 'specs/dafny/a.dfy' });
    const lines = (first?.output ?? '').split('\n');
    expect(lines).toContain('arguments: verify specs/dafny/a.dfy');
    expect(lines.filter((line) => line.startsWith('./')).sort()).toEqual([
      './specs/dafny/a.dfy',
      './specs/dafny/lib/b.dfy',
    ]);
    // a folder of ours is shown as that of the project
    expect(lines).toContain(`folder: ${root}`);
    expect(first?.output).not.toContain('canary');
  });

  it.each([
    ['include "/etc/hostname"', 1, 'includes "/etc/hostname"'],
    ['\ninclude "../../../../secret.dfy"', 2, 'includes "../../../../secret.dfy"'],
    ['include "../shared.dfy"', 1, 'includes "../shared.dfy"'],
    ['include "file:///etc/hostname"', 1, 'includes'],
    ['include "\\u002fetc/hostname"', 1, 'includes'],
    ['#if X\n/*\n#endif\ninclude "/etc/hostname"', 1, 'preprocessor'],
  ])('is not run for %j', async (text, line, why) => {
    tool('dafny', 'Dafny program verifier finished with 1 verified, 0 errors');
    write('specs/shared.dfy');
    write('specs/dafny/a.dfy', text);
    const [first] = await provings();
    expect(first?.summary).toContain(`specs/dafny/a.dfy:${line}: `);
    expect(first?.summary).toContain(why);
    expect(first?.output).not.toContain('arguments:');
  });

  /** TLC by its jar, with a java that only talks; or by a program of its own, where no jar is found. */
  function tlc(by: 'java' | 'tlc'): void {
    tool(by, 'Error: none, but shown');
    process.env['HOME'] = around;
    writeFileSync(join(around, 'tla2tools.jar'), '');
    if (by === 'tlc') rmSync(join(around, 'tla2tools.jar'));
    delete process.env['TLA2TOOLS_JAR'];
  }
  const elsewhere = ['/usr/local/lib', '/usr/share/java', '/opt/tla'].some((at) => existsSync(`${at}/tla2tools.jar`));

  it('of models gets no library, no class and no option of the shell or of the project', async () => {
    tlc('java');
    for (const name of ['TLA-Library', 'JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'CLASSPATH'])
      process.env[name] = '/canary-of-the-shell';
    write('specs/tla/M.tla', '---- MODULE M ----\n====\n');
    write('specs/tla/M.cfg', 'INIT I');
    write('specs/tla/M.class');
    write('specs/tla/sub/N.class');
    write('specs/tla/-x.tla');
    write('specs/tla/-x.cfg');
    const found = await provings();
    expect(found.map(({ file, summary }) => [file, summary])).toEqual([
      ['specs/tla/-x.tla', expect.stringContaining('not a valid module name')],
      ['specs/tla/M.tla', 'Error: none, but shown'],
    ]);
    const { output = '' } = found[1] ?? {};
    expect(output).toMatch(
      /^arguments: .* -cp \S+.*tla2tools\.jar tlc2\.TLC -config M\.cfg -metadir .* -deadlock M\.tla$/m,
    );
    expect(output).not.toMatch(/canary|\.class/);
  });

  it.each([
    ['java', 'EXTENDS Naturals,\n (* why *) IOUtils'],
    ['java', 'I == INSTANCE IOUtils'],
    ['java', 'LOCAL INSTANCE _TLCTrace'],
    ['tlc', 'EXTENDS CSV'],
  ] as const)('is not run (by %s) for a model that could start programs or write files: %j', async (by, text) => {
    if (by === 'tlc' && elsewhere) return;
    tlc(by);
    write('specs/tla/M.tla', `---- MODULE M ----\n${text}\n====\n`);
    write('specs/tla/M.cfg', 'INIT I');
    const [first] = await provings();
    expect(first?.summary).toMatch(/^specs\/tla\/M\.tla uses the module \w+, which can start programs/);
    expect(first?.output).not.toContain('arguments:');
  });

  it('is none of the project, and neither is the jar of TLC', async () => {
    write('specs/tla/M.tla', '---- MODULE M ----\n====\n');
    write('specs/tla/M.cfg', 'INIT I');
    write('tools/tla2tools.jar');
    process.env['TLA2TOOLS_JAR'] = join(root, 'tools/tla2tools.jar');
    await expect(provings()).rejects.toMatchObject({ code: 'program-in-project', exit: 4 });
    write('specs/dafny/a.dfy');
    write('node_modules/.bin/dafny', '#!/bin/sh\ntouch ran\n');
    chmodSync(join(root, 'node_modules/.bin/dafny'), 0o755);
    process.env['PATH'] = [join(root, 'node_modules/.bin'), '/bin-of-nobody'].join(delimiter);
    await expect(provings()).rejects.toMatchObject({ code: 'program-in-project', exit: 4 });
  });
});
