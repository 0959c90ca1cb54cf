import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { dockwright } from '../../support/cli.ts';
import { copyProject, repository } from '../../support/projects.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-signals-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The folder of a `docker` that is this script. */
function dockerOf(script: string): string {
  const path = join(root, 'bin');
  mkdirSync(path);
  writeFileSync(join(path, 'docker'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(path, 'docker'), 0o755);
  return path;
}

/** A `docker` that says that it runs and then answers nothing. */
function waitingDocker(): { readonly path: string; readonly started: string } {
  const started = join(root, 'started');
  return { path: dockerOf(`touch '${started}'\nexec sleep 60`), started };
}

describe('a command that is asked to end', () => {
  it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('cleans up and says so with its exit code: %s', async (signal) => {
    const { path, started } = waitingDocker();
    const temp = join(root, 'temp');
    mkdirSync(temp);
    const copy = copyProject(join(repository, 'examples/nightly-report'));
    await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
    const jiti = join(repository, 'node_modules/jiti/lib/jiti-cli.mjs');
    const child = spawn(process.execPath, [jiti, join(repository, 'src/main.ts'), 'verify', '--cwd', copy.root], {
      env: { ...process.env, PATH: `${path}:${process.env['PATH']}`, TMPDIR: temp, NO_COLOR: '1', LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.stdout.resume();
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(started) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill(signal);
    expect({ code: await ended, said }).toEqual({ code: 130, said: expect.stringContaining('cleaning up') });
    expect(readdirSync(temp).filter((name) => name.startsWith('dockwright-'))).toEqual([]);
    copy.remove();
  });
});

describe('a docker that answers something else than JSON', () => {
  it.each([
    ['words', "printf 'all is well'"],
    ['null', "printf 'null'"],
    ['control characters', "printf '\\033[31mred\\007'"],
    ['an unfinished document', 'printf \'{"ServerVersion":\''],
  ])('ends with 4, and nothing of it reaches the terminal as it is: %s', async (_, script) => {
    const copy = copyProject(join(repository, 'examples/nightly-report'));
    await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
    const ran = await dockwright(['verify', '--cwd', copy.root], root, {
      PATH: `${dockerOf(script)}:${process.env['PATH']}`,
    });
    expect({ code: ran.code, said: ran.err }).toEqual({ code: 4, said: expect.stringContaining('docker') });
    for (const control of ['\u001b', '\u0007']) expect(`${ran.out}${ran.err}`).not.toContain(control);
    copy.remove();
  });
});
