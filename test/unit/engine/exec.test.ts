import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunOptions, run as runListed, runOnHost } from '../../../src/engine/exec.ts';
import { dropFromPath } from '../../../src/engine/path.ts';
import { environmentOf } from '../../../src/engine/programs.ts';
import { tempFolder, workFolder } from '../../../src/engine/temp.ts';

const node = process.execPath;

/** Any program: what is told here of streams, limits and signals holds for those of the table too. */
const run = (argv: readonly string[], options: Partial<RunOptions> = {}) =>
  runOnHost(argv, { cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '' }, timeoutMs: 20_000, ...options });

/** The state of a process as `ps` prints it, '' where there is none: from /proc where that is there, as small images have no `ps`. */
function stateOf(pid: string): string {
  if (!existsSync('/proc/self/stat'))
    return spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
  if (!existsSync(`/proc/${pid}/stat`)) return '';
  return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
}

describe('a program that is run', () => {
  it('gives back the code and both streams, and passes input', async () => {
    const program = 'process.stdin.pipe(process.stdout); console.error("e"); process.exitCode = 3';
    const result = await run([node, '-e', program], { input: 'in $HOME `x`' });
    expect(result).toMatchObject({ code: 3, stdout: 'in $HOME `x`', stderr: 'e\n', timedOut: false });
  });
  it('passes arguments as they are: no shell reads them', async () => {
    const odd = ['$HOME', '; echo x', "it's", '*'];
    const result = await run([node, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', ...odd]);
    expect(JSON.parse(result.stdout)).toEqual(odd);
  });
  it('tells whole lines as they come, the last one without its end too', async () => {
    const lines: string[] = [];
    const program = 'process.stdout.write("on"); setTimeout(() => process.stdout.write("e\\ntwo"), 50)';
    await run([node, '-e', program], { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one', 'two']);
  });
  it('tells lines without gathering them, where they may be without an end', async () => {
    const lines: string[] = [];
    const result = await run([node, '-e', 'console.log("a"); console.error("b")'], {
      discard: true,
      onLine: (line) => lines.push(line),
    });
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(lines.sort()).toEqual(['a', 'b']);
  });
  it('ends what takes too long, with the processes that it started', async () => {
    const child = 'setInterval(() => {}, 1000)';
    const program = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); console.log(c.pid); ${child}`;
    const result = await run([node, '-e', program], { timeoutMs: 700 });
    expect(result.timedOut).toBe(true);
    // gone, or ended and not yet collected by whatever is process 1 here
    await vi.waitFor(() => {
      expect(stateOf(result.stdout.trim())).toMatch(/^(Z.*)?$/);
    }, 3000);
  });
  it('ends a child that ignores the signal, where the program that started it is gone already', async () => {
    const child = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000)`;
    const result = await run([node, '-e', program], { timeoutMs: 700 });
    expect(result).toMatchObject({ code: 3, timedOut: true });
  }, 15_000);
  it('throws the reason of the signal, once the program has ended', async () => {
    const abort = new AbortController();
    const running = run([node, '-e', 'setInterval(() => {}, 1000)'], { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('stopped')), 100);
    await expect(running).rejects.toThrow('stopped');
    await expect(run([node], { signal: abort.signal })).rejects.toThrow('stopped');
  });
  it('knows a program that is not there', async () => {
    await expect(run(['no-such-program-here'])).rejects.toMatchObject({ code: 'program-missing' });
  });
});

describe('run', () => {
  let folder: string;
  const path = process.env['PATH'];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright programs ')));
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  /** A program that says where it lies, where it runs and what it sees. */
  function program(name: string, file = 'docker'): string {
    const at = join(folder, name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, file), `#!/bin/sh\necho ${name}\n/bin/pwd\n/usr/bin/env\n`);
    chmodSync(join(at, file), 0o755);
    return at;
  }
  const options = () => ({ cwd: workFolder(), env: environmentOf('docker'), timeoutMs: 20_000 });
  const startsFrom = async (...entries: string[]) => {
    process.env['PATH'] = entries.join(delimiter);
    return (await runListed(['docker', 'info'], options())).stdout.split('\n')[0];
  };

  it('starts a program of the table by its absolute path, in a folder of ours', async () => {
    process.env['PATH'] = program('trusted');
    const result = await runListed(['docker', 'info'], options());
    expect(result.stdout.split('\n').slice(0, 2)).toEqual(['trusted', realpathSync(workFolder())]);
  });

  it('passes over what belongs to a project, and what depends on the working folder', async () => {
    const trusted = program('trusted');
    const project = program('project');
    mkdirSync(join(folder, 'project/.git'));
    const app = program('project/apps/web/bin');
    const above = program('other/node_modules/.bin');
    dropFromPath(join(folder, 'project/apps/web'));
    const relative = join('..', '..', folder);
    expect(await startsFrom('', '.', relative, app, project, above, trusted)).toBe('trusted');
    const before = process.cwd();
    try {
      process.chdir(project);
      expect(await startsFrom('', '.', 'bin', './apps/web/bin', trusted)).toBe('trusted');
    } finally {
      process.chdir(before);
    }
    await expect(startsFrom(project, '.')).rejects.toMatchObject({ code: 'program-in-project', exit: 4 });
    // a neighbor of the project is as good as any folder
    expect(await startsFrom(program('project-tools'), trusted)).toBe('project-tools');
  });

  it('passes over a file that only looks like one, and follows a link before it judges', async () => {
    const trusted = program('trusted');
    mkdirSync(join(folder, 'empty/docker'), { recursive: true });
    mkdirSync(join(folder, 'plain'));
    writeFileSync(join(folder, 'plain/docker'), '#!/bin/sh\necho plain\n', { mode: 0o644 });
    dropFromPath(program('hostile'));
    mkdirSync(join(folder, 'linked'));
    symlinkSync(join(folder, 'hostile/docker'), join(folder, 'linked/docker'));
    expect(await startsFrom(join(folder, 'empty'), join(folder, 'plain'), join(folder, 'linked'), trusted)).toBe(
      'trusted',
    );
  });

  it('refuses what is not in the table, a folder that is not ours, and a limit that is none', async () => {
    process.env['PATH'] = program('trusted', 'sh');
    const sh = ['sh', '-c', 'true'] as unknown as ['docker'];
    await expect(runListed(sh, options())).rejects.toThrow('not in the table');
    await expect(runListed(['docker compose'] as unknown as ['docker'], options())).rejects.toThrow('not in the table');
    await expect(runListed(['constructor'] as unknown as ['docker'], options())).rejects.toThrow('not in the table');
    program('trusted');
    await expect(runListed(['docker'], { ...options(), cwd: folder })).rejects.toThrow(
      'not a folder that Dockwright made',
    );
    const removed = tempFolder();
    removed.remove();
    await expect(runListed(['docker'], { ...options(), cwd: removed.path })).rejects.toThrow(
      'not a folder that Dockwright made',
    );
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      await expect(runListed(['docker'], { ...options(), timeoutMs })).rejects.toThrow('time limit');
    }
    await expect(runListed(['docker', 'compose', 'up'], { ...options(), timeoutMs: 10 * 3_600_000 })).rejects.toThrow(
      'time limit',
    );
  });

  it('gives no program a variable that loads code', async () => {
    process.env['PATH'] = program('trusted');
    for (const name of [
      'NODE_OPTIONS',
      'LD_PRELOAD',
      'LD_AUDIT',
      'BASH_ENV',
      'PYTHONSTARTUP',
      'DYLD_INSERT_LIBRARIES',
    ]) {
      await expect(runListed(['docker'], { ...options(), env: { [name]: 'x' } })).rejects.toMatchObject({
        code: 'variable-refused',
      });
    }
  });

  it('knows a program that is not there', async () => {
    process.env['PATH'] = folder;
    await expect(runListed(['docker'], options())).rejects.toMatchObject({ code: 'program-missing', exit: 4 });
  });
});
