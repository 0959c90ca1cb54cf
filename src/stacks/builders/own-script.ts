/** The project's own build script, whatever it runs: its output is the file in the start command. */
import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Builder, Detection } from '../contract.ts';
import { detailsOf, takesValue } from '../javascript.ts';
import { isStandalone } from '../support/packages.ts';

export const detection: Detection = {
  name: 'own-script',
  title: 'the build script of the project',
  role: 'builder',
  fields: ['scripts.build'],
  // what projects build with: other programs before the start of an app make nothing that runs
  programs: 'tsc tspc ttsc tsup tsdown esbuild swc babel rollup rolldown webpack nest vite ncc bunchee unbuild'.split(
    ' ',
  ),
};

/** The file or folder that the start command runs, where building makes it: it is not among the sources. */
function madeFile(facts: Facts): string | undefined {
  if (!('value' in facts.commands.start)) return undefined;
  const { startsMade } = detailsOf(facts);
  if (startsMade !== undefined) return startsMade;
  const entry = 'value' in facts.entry ? facts.entry.value : undefined;
  const { argv, script } = facts.commands.start.value;
  // `npm run start` names a script and no file
  if (script !== undefined && argv.at(-1) === script) return undefined;
  const words = argv.filter(
    (word, at) => at > 0 && !word.startsWith('-') && !takesValue(argv[at - 1] ?? '') && /^[\w.@/-]+$/.test(word),
  );
  // behind a program of a package its own verbs come first
  const file = argv[0]?.includes('/') ? words.find((word) => /\/|\.[cm]?js$/.test(word)) : words[0];
  const made = file === undefined ? undefined : posix.normalize(file).replace(/\/$/, '');
  if (made === undefined || made === entry || made === '.' || /\.[cm]?tsx?$/.test(made)) return undefined;
  // `node dist` runs dist/index.js
  return made.includes('/') || (!/\.[cm]?js$/.test(made) && made !== entry?.replace(/\.[cm]?[jt]s$/, ''))
    ? made
    : undefined;
}

/** What a committed program imports of the output: `bin/x.mjs` of `../dist/x.js`. */
const importedFile = (facts: Facts): string | undefined =>
  madeFile(facts) === undefined ? (detailsOf(facts).importsOutput ?? detailsOf(facts).importsMade) : undefined;

/** The folder or file of the program itself, which the build leaves where it is; all that it imports, where that is more than what is built. */
const programOf = (facts: Facts): readonly string[] => {
  if (detailsOf(facts).importsOutput === undefined) return facts.sources;
  const entry = 'value' in facts.entry ? facts.entry.value : undefined;
  return entry === undefined ? [] : [entry.split('/')[0] ?? entry];
};

export const builder: Builder = {
  fits: (facts) => {
    const own = facts.commands.build;
    if (!own) return { ok: false, why: 'there is no build script', from: [] };
    const imported = importedFile(facts);
    if (imported !== undefined)
      return { ok: true, why: `the program imports ${imported}, which the build script writes`, from: own.from };
    const made = madeFile(facts);
    if (made === undefined)
      return { ok: false, why: 'the start command runs the source, not the build output', from: [] };
    return { ok: true, why: `the start command runs ${made}, which the build script writes`, from: own.from };
  },
  build: (facts) => {
    const imported = importedFile(facts);
    const made = imported ?? madeFile(facts) ?? 'dist/index.js';
    const outputs = detailsOf(facts).outputs ?? [];
    const own = outputs.find((output) => made.startsWith(`${output}/`));
    const folder = own ?? made.split('/')[0] ?? 'dist';
    const others = own === undefined ? [] : outputs.filter((output) => output !== own);
    const beside = imported === undefined ? others : [...others, ...programOf(facts)];
    const start = 'value' in facts.commands.start ? facts.commands.start.value.argv : undefined;
    return {
      argv: facts.commands.build?.value.argv ?? [],
      output: folder,
      ...(beside.length > 0 ? { beside } : {}),
      entry: made.slice(folder.length + 1),
      selfContained: isStandalone(facts),
      ofEach: true,
      needs: ['.'],
      inPlace: true,
      ...(start ? { start } : {}),
      why: "the project's own build script writes the files that the start command runs",
    };
  },
};
