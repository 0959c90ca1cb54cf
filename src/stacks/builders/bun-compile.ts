/** `bun build --compile`: a command-line tool and the runtime become one program, built on any machine for any platform. */
import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Builder, Detection } from '../contract.ts';
import { ownPreloads } from '../support/start-line.ts';
import { fitsInOneFile, minified } from './bun-bundle.ts';

export const detection: Detection = {
  name: 'bun-compile',
  title: 'bun build --compile',
  role: 'builder',
  programs: ['bun'],
};

/** What goes into one file also goes into one program: files that are found by a path, and native code, do not. */
function fits(facts: Facts): ReturnType<Builder['fits']> {
  const tool = 'value' in facts.archetype && facts.archetype.value === 'cli-tool';
  if (!tool) return { ok: false, why: 'only command-line tools are compiled to a single program', from: [] };
  if (ownPreloads(facts).length > 0) return { ok: false, why: 'the start command preloads modules', from: [] };
  const { build: _own, ...commands } = facts.commands;
  const judged = fitsInOneFile({ ...facts, commands });
  return judged.ok ? { ...judged, why: 'one program that needs no separate runtime' } : judged;
}

function build(facts: Facts): ReturnType<Builder['build']> {
  const entry = 'value' in facts.entry ? facts.entry.value : 'index.ts';
  const name = facts.program?.value ?? facts.name.value;
  return {
    // BuildKit's name of the architecture is one of those that Bun knows
    argv: ['bun', 'build', '--compile', ...minified, '--target=bun-linux-$TARGETARCH', entry, `--outfile=dist/${name}`],
    output: 'dist',
    entry: posix.join('.', name),
    selfContained: true,
    needs: [],
    compiled: true,
    start: [`/app/${name}`],
    why: 'one program that includes the runtime, cross-compiled for each platform',
  };
}

export const builder: Builder = { fits, build };
