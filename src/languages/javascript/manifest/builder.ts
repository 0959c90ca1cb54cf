import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { builders, loadBuilder } from '../../../stacks/builders/registry.gen.ts';

/**
 * The builder that fits; where none does, a note with the reason of the first. What keeps the app from being built is told to the builders
 * as notes, and is of no interest once one was chosen.
 */
export async function chooseBuilder(
  facts: Facts,
): Promise<Pick<Facts, 'builder' | 'notes'> & { readonly selfContained?: true }> {
  const notes = facts.notes.filter(({ code }) => code !== 'bundle-blocker' && code !== 'packages-apart');
  // what makes the files of a site is its own tool
  if (!('value' in facts.runtime) || facts.site) return { notes };
  let refusal: Facts['notes'] = [];
  for (const stack of builders) {
    const builder = await loadBuilder(stack.name);
    const judged = builder?.fits(facts);
    if (builder && judged?.ok) {
      // one file holds its dependencies: nothing is installed for production
      const { selfContained: alone, inPlace } = builder.build(facts);
      return {
        builder: detected(stack.name, judged.from),
        ...(alone && !inPlace ? { selfContained: true } : {}),
        notes: notes.filter((note) => !alone || !['install-scripts', 'needed-when-running'].includes(note.code)),
      };
    }
    if (judged && judged.from.length > 0 && refusal.length === 0) {
      refusal = [{ code: 'not-built', message: `${stack.title} is not used: ${judged.why}`, from: [...judged.from] }];
    }
  }
  return { notes: [...notes, ...refusal] };
}
