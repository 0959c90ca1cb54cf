import { describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/engine/exec.ts';

const node = process.execPath;

describe('run', () => {
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
    await vi.waitFor(async () => {
      const state = await run(['ps', '-o', 'stat=', '-p', result.stdout.trim()]);
      expect(state.stdout.trim()).toMatch(/^(Z.*)?$/);
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
