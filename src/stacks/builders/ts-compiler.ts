/** TypeScript's own compiler, for apps that are started through a loader (`ts-node src/index.ts`) and have nothing else that builds them. */
import type { Facts } from '../../model/facts.ts';
import type { Builder, Detection } from '../contract.ts';
import { standsAlone } from '../support/packages.ts';

export const detection: Detection = {
  name: 'ts-compiler',
  title: 'the TypeScript compiler',
  role: 'builder',
  dependencies: ['typescript'],
};

const startOf = (facts: Facts): readonly string[] =>
  'value' in facts.commands.start ? facts.commands.start.value.argv : [];

function fits(facts: Facts): ReturnType<Builder['fits']> {
  const no = (why: string) => ({ ok: false, why, from: [] });
  if (!('value' in facts.runtime) || facts.runtime.value.name !== 'node') return no('the app does not run on Node.js');
  if (!('value' in facts.entry) || !/\.[cm]?tsx?$/.test(facts.entry.value)) return no('what starts is no TypeScript');
  if (!facts.dependencies.some((one) => one.name === 'typescript')) return no('typescript is none of the dependencies');
  const loader = startOf(facts).find((word) => word.startsWith('ts-node/') || word === 'tsx');
  if (loader === undefined) return no('Node.js runs what the start command names');
  if (facts.dependencies.some((one) => !one.dev && one.name === loader.split('/')[0]))
    return no(`${loader} is a dependency of production, and runs the source`);
  const from = 'value' in facts.commands.start ? facts.commands.start.from : [];
  return { ok: true, why: `${loader} is for development: the app is compiled instead`, from };
}

const madeOf = (file: string): string => file.replace(/\.([cm]?)tsx?$/, '.$1js');

function build(facts: Facts): ReturnType<Builder['build']> {
  const entry = 'value' in facts.entry ? facts.entry.value : 'src/index.ts';
  const made = madeOf(entry);
  return {
    // from the root, so that where each file lands does not depend on which files there are
    argv: ['tsc', '--outDir', 'dist', '--rootDir', '.', '--noEmit', 'false'],
    ofModules: true,
    output: 'dist',
    entry: made,
    selfContained: standsAlone(facts),
    needs: ['.'],
    inPlace: true,
    start: ['node', `dist/${made}`],
    starts: (file) => (/\.[cm]?tsx?$/.test(file) ? ['node', `dist/${madeOf(file)}`] : undefined),
    why: 'the source as JavaScript: no loader of TypeScript in the image',
  };
}

export const builder: Builder = { fits, build };
