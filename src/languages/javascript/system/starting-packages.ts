/** Packages whose functions start programs, by the functions. */
import { managers } from '../../../stacks/managers/registry.gen.ts';

/** How a function is told what to start: a program and its arguments, a line that a shell reads, or a line that the package reads itself. */
export type Form = 'program' | 'list' | 'shell' | 'line';

const ofChildProcess: Readonly<Record<string, Form>> = {
  execFile: 'program',
  execFileSync: 'program',
  spawn: 'program',
  spawnSync: 'program',
  exec: 'shell',
  execSync: 'shell',
};

/** Functions of packages, by package; `default` is the package itself, `.x` a method of it. */
export const ofPackages: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  child_process: ofChildProcess,
  'node:child_process': ofChildProcess,
  execa: {
    execa: 'program',
    execaSync: 'program',
    default: 'program',
    execaCommand: 'line',
    execaCommandSync: 'line',
    $: 'line',
  },
  'cross-spawn': { default: 'program', spawn: 'program', sync: 'program' },
  'nano-spawn': { default: 'program' },
  tinyexec: { x: 'program', exec: 'program' },
  'child-process-promise': { exec: 'shell', spawn: 'program', execFile: 'program' },
  'promisify-child-process': ofChildProcess,
  shelljs: { exec: 'shell' },
  zx: { $: 'shell' },
  bun: { $: 'line', spawn: 'list', spawnSync: 'list' },
};

/** Their names, but for what is a program as well. */
export const startingPackages: readonly string[] = Object.keys(ofPackages).filter(
  (name) => !managers.some((manager) => manager.name === name),
);
