/** The project's own build script, whatever it runs: its output is what the start command names. */
import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Builder, Recognise } from '../contract.ts';

export const recognise: Recognise = {
  name: 'own-script',
  title: 'the build script of the project',
  role: 'builder',
  fields: ['scripts.build'],
};

/** The file that the start command runs, where building makes it: it is not among the sources. */
function madeFile(facts: Facts): string | undefined {
  if (!('value' in facts.commands.start)) return undefined;
  const file = facts.commands.start.value.argv.find((word, index) => index > 0 && /\.[cm]?js$/.test(word));
  const entry = 'value' in facts.entry ? facts.entry.value : undefined;
  const made = file === undefined ? undefined : posix.normalize(file);
  return made !== undefined && made !== entry && made.includes('/') ? made : undefined;
}

export const builder: Builder = {
  fits: (facts) => {
    const own = facts.commands.build;
    if (!own) return { ok: false, why: 'there is no build script', from: [] };
    const made = madeFile(facts);
    if (made === undefined)
      return { ok: false, why: 'the start command runs the source, not what the build makes', from: [] };
    return { ok: true, why: `the start command runs ${made}, which the build script makes`, from: own.from };
  },
  build: (facts) => {
    const made = madeFile(facts) ?? 'dist/index.js';
    const [folder = 'dist'] = made.split('/');
    return {
      argv: facts.commands.build?.value.argv ?? [],
      output: folder,
      entry: made.slice(folder.length + 1),
      selfContained: false,
      needs: [],
      why: "the project's own build script makes what the start command runs",
    };
  },
};
