import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProgram } from '../../../src/engine/program.ts';
import { repository } from '../../support/projects.ts';

type Answers = { readonly answer: (name: string) => string; readonly beside: (module: string) => unknown };

const textOf = (word: string) =>
  `(function(exports,require,module,__filename,__dirname){
exports.answer=function answer(name){return [1,2,3].map((one)=>one+'${word}'+name).join()};
exports.never=function never(){return 'nobody calls it'};
exports.beside=(module)=>require(module);
})`;

let home: string;
let file: string;
let kept: string;
beforeEach(() => {
  // below the temporary folder of the system others may write
  home = realpathSync(mkdtempSync(join(homedir(), '.dockwright-test-')));
  file = join(home, 'program.cjs');
  kept = join(home, 'compiled');
  writeFileSync(file, textOf('a'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Runs the program once, keeps its compiled form, and says what it answered. */
function once(): string {
  const { program, keep } = loadProgram<Answers>(file, kept);
  const answer = program.answer('x');
  keep();
  return answer;
}
const made = () => ({ inode: lstatSync(kept).ino, bytes: readFileSync(kept) });
const older = (minutes: number) => {
  const then = Date.now() / 1000 - minutes * 60;
  utimesSync(kept, then, then);
};

describe('the command line as one file', () => {
  it('is run, and finds other modules from where it lies', () => {
    writeFileSync(join(home, 'other.cjs'), 'exports.seven = 7;');
    const { program, keep } = loadProgram<Answers>(file, undefined);
    expect(program.answer('x')).toBe('1ax,2ax,3ax');
    expect(program.beside('./other.cjs')).toEqual({ seven: 7 });
    keep();
    expect(readdirSync(home).sort()).toEqual(['other.cjs', 'program.cjs']);
  });

  it('keeps its compiled form for this user alone, with what was called, and takes it the next time', () => {
    expect(once()).toBe('1ax,2ax,3ax');
    const first = made();
    expect(lstatSync(kept).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
    expect(first.bytes.includes('answer')).toBe(true);
    expect(once()).toBe('1ax,2ax,3ax');
    expect(made().inode).toBe(first.inode);
    expect(readdirSync(home).sort()).toEqual(['compiled', 'program.cjs']);
  });

  it('is compiled again where one byte of it is another, wherever that stands', () => {
    once();
    const { bytes, inode } = made();
    let last = inode;
    for (const at of [0, 40, 70, 319, 320, 330, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(kept, changed);
      expect(once(), String(at)).toBe('1ax,2ax,3ax');
      expect(made().inode, String(at)).not.toBe(last);
      expect(made().bytes.subarray(330).equals(changed.subarray(330)) && at >= 330, String(at)).toBe(false);
      last = made().inode;
    }
    for (const short of [Buffer.alloc(0), bytes.subarray(0, 100), bytes.subarray(0, 320), bytes.subarray(0, -1)]) {
      writeFileSync(kept, short);
      expect(once()).toBe('1ax,2ax,3ax');
      expect(made().bytes.length).toBeGreaterThan(short.length);
    }
  });

  it('is compiled again where the program is another of the same length, or was put there again', () => {
    once();
    writeFileSync(file, textOf('b'));
    utimesSync(file, 1, 1);
    expect(once()).toBe('1bx,2bx,3bx');
    const { inode } = made();
    expect(once()).toBe('1bx,2bx,3bx');
    expect(made().inode).toBe(inode);
  });

  it.skipIf(process.platform === 'win32')('takes nothing that others could have put there', () => {
    once();
    const { bytes } = made();
    for (const mode of [0o666, 0o620, 0o602]) {
      chmodSync(kept, mode);
      const { inode } = made();
      once();
      expect(made().inode, mode.toString(8)).not.toBe(inode);
      expect(lstatSync(kept).mode & 0o777).toBe(0o600);
    }
    const elsewhere = join(home, 'elsewhere');
    writeFileSync(elsewhere, bytes, { mode: 0o600 });
    rmSync(kept);
    symlinkSync(elsewhere, kept);
    expect(once()).toBe('1ax,2ax,3ax');
    // its place is taken, and what the link led to stays as it was
    expect(lstatSync(kept).isFile()).toBe(true);
    expect(readFileSync(elsewhere).equals(bytes)).toBe(true);
    rmSync(kept);
    mkdirSync(kept);
    expect(once()).toBe('1ax,2ax,3ax');
    expect(lstatSync(kept).isDirectory()).toBe(true);
    expect(readdirSync(home).sort()).toEqual(['compiled', 'elsewhere', 'program.cjs']);
  });

  it('is written again after a while, each time after twice as long, as another project has other functions called', () => {
    once();
    let { inode } = made();
    for (const [young, old] of [
      [1, 3],
      [3, 5],
      [7, 9],
    ] as const) {
      older(young);
      once();
      expect(made().inode, String(young)).toBe(inode);
      older(old);
      once();
      expect(made().inode, String(old)).not.toBe(inode);
      ({ inode } = made());
    }
  });

  it('throws nothing where it cannot be kept', () => {
    const { program, keep } = loadProgram<Answers>(file, join(home, 'no', 'such', 'folder'));
    expect(program.answer('x')).toBe('1ax,2ax,3ax');
    keep();
    expect(readdirSync(home)).toEqual(['program.cjs']);
  });
});

it('opens with options of V8 that this Node.js knows, by command, and keeps the same form again', () => {
  const script = join(home, 'open.ts');
  const from = JSON.stringify(join(repository, 'src/engine/program.ts'));
  writeFileSync(
    script,
    `import { openProgram } from ${from};
const opened = openProgram(process.argv[2], process.argv.slice(3));
console.log(opened?.program.answer('x'));
opened?.keep();`,
  );
  const jiti = join(repository, 'node_modules/jiti/lib/jiti-cli.mjs');
  const folder = join(home, 'caches/dockwright/compiled');
  const open = (program: string, words: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const { NODE_DISABLE_COMPILE_CACHE: _, ...shell } = process.env;
    const env = { ...shell, XDG_CACHE_HOME: join(home, 'caches'), LOCALAPPDATA: join(home, 'caches'), ...more };
    const { stdout, stderr } = spawnSync(process.execPath, [jiti, script, program, ...words], {
      cwd: join(home, 'project'),
      env,
      encoding: 'utf8',
    });
    return { stdout, stderr, kept: readdirSync(folder, { withFileTypes: true }).map(({ name }) => name) };
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(join(home, 'project'));
  for (const level of ['', 'dockwright', 'dockwright/compiled']) chmodSync(join(home, 'caches', level), 0o700);
  const name = (command: string) => `${command}-${process.version}-${process.arch}`;
  expect(open(file, ['--dry-run'])).toEqual({ stdout: '1ax,2ax,3ax\n', stderr: '', kept: [name('generate')] });
  const { ino } = lstatSync(join(folder, name('generate')));
  expect(open(file, ['--json']).stdout).toBe('1ax,2ax,3ax\n');
  expect(lstatSync(join(folder, name('generate'))).ino).toBe(ino);
  expect(open(file, ['check']).kept).toEqual([name('check'), name('generate')]);
  expect(open(file, ['plan'], { NODE_DISABLE_COMPILE_CACHE: '1' }).kept).toEqual([name('check'), name('generate')]);
  expect(open(join(home, 'nowhere.cjs')).stdout).toBe('undefined\n');
});
