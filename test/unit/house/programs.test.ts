import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/engine/exec.ts';
import { environmentOf, isLoader, type ProgramName, programs, ruleOf } from '../../../src/engine/programs.ts';
import { tempFolder } from '../../../src/engine/temp.ts';

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const page = readFileSync(join(source, '../docs/security.md'), 'utf8');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(join(source, file), 'utf8');

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
      await expect(run(['git', '--version'], { ...options, cwd: source })).rejects.toThrow('no folder of ours');
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
});
