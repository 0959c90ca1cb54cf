/** The TypeScript compiler, for apps without a build step that are started with a loader (`ts-node src/index.ts`), or whose source Node.js cannot run. */
import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Builder, Detection } from '../contract.ts';
import { detailsOf, sourceSiblings } from '../javascript.ts';
import { isStandalone } from '../support/packages.ts';
import { runsTypeScript } from '../support/runs-typescript.ts';
import { keptFlags, startLineOf } from '../support/start-line.ts';

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
  if (!('value' in facts.entry) || !/\.[cm]?tsx?$/.test(facts.entry.value))
    return no('the entry point is not TypeScript');
  if (!facts.dependencies.some((dependency) => dependency.name === 'typescript'))
    return no('typescript is not a dependency');
  const { keepsImports, importEnding } = detailsOf(facts);
  if (keepsImports && importEnding === '')
    return {
      ok: false,
      why: 'the sources import each other without file extensions, which Node.js cannot resolve in the compiler output',
      from: keepsImports.from,
    };
  const siblings = sourceSiblings(facts);
  // a file that is made of the app alone imports the source of the others
  if (siblings.length > 0)
    return no(`${siblings.join(', ')} is a TypeScript package of this workspace, which would not be compiled`);
  const loader = startOf(facts).find((word) => word.startsWith('ts-node/') || word === 'tsx');
  if (loader === undefined)
    return startsWhatFails(facts) ? fitsSource(facts) : no('Node.js runs the file in the start command');
  if (facts.dependencies.some((dependency) => !dependency.dev && dependency.name === loader.split('/')[0]))
    return no(`${loader} is a production dependency and runs the source`);
  const from = 'value' in facts.commands.start ? facts.commands.start.from : [];
  return { ok: true, why: `${loader} is for development: the app is compiled instead`, from };
}

/** Whether what starts is a source that Node.js does not run: no script says so, the file that starts is all that is known. */
function startsWhatFails(facts: Facts): boolean {
  const { entry, commands } = facts;
  const byScript = 'value' in commands.start && commands.start.value.script !== undefined;
  const named = startOf(facts).at(-1);
  const isEntry = 'value' in entry && named !== undefined && posix.normalize(named) === posix.normalize(entry.value);
  // the compiler leaves the ending of an import as it is
  return isEntry && !byScript && !runsTypeScript(facts) && detailsOf(facts).importEnding !== '.ts';
}

const fitsSource = ({ entry }: Facts): ReturnType<Builder['fits']> => ({
  ok: true,
  why: 'Node.js cannot run the source directly, so the app is compiled',
  from: 'value' in entry ? entry.from : [],
});

const madeOf = (file: string): string => file.replace(/\.([cm]?)tsx?$/, '.$1js');

function build(facts: Facts): ReturnType<Builder['build']> {
  const entry = 'value' in facts.entry ? facts.entry.value : 'src/index.ts';
  const made = madeOf(entry);
  const flags = keptFlags(facts, ({ flag, module }) => [flag, `./dist/${madeOf(posix.normalize(module))}`]);
  return {
    // from the root, so that where each file lands does not depend on which files there are
    argv: ['tsc', '--outDir', 'dist', '--rootDir', '.', '--noEmit', 'false'],
    ofModules: true,
    output: 'dist',
    entry: made,
    selfContained: isStandalone(facts),
    ofEach: true,
    needs: ['.'],
    inPlace: true,
    start: ['node', ...flags, `dist/${made}`, ...startLineOf(facts).args],
    makesPreloads: true,
    starts: (file) => (/\.[cm]?tsx?$/.test(file) ? ['node', `dist/${madeOf(file)}`] : undefined),
    why: 'compiled to JavaScript: no TypeScript loader in the image',
  };
}

export const builder: Builder = { fits, build };
