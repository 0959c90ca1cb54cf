import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';

const CODE = 'writes-beside-files';

/**
 * Data that lands among files of the project, whose volume would hide what a newer image brings: where a variable says the place, another one is given. What
 * the app reads from that folder by itself has to stay with it.
 */
export function withMovedWrites(facts: Facts): Facts {
  const name = facts.name.value.replaceAll(/[^\w.-]/g, '-');
  const place = `/var/lib/${name}`;
  const moved = facts.writes.flatMap((write) => {
    const isCovered = facts.notes.some(({ code, from }) => code === CODE && from[0] === write.from[0]);
    const variable = facts.variables.find(({ default: own }) => own !== undefined && isSame(own, write.value));
    return isCovered && variable ? [{ write, variable }] : [];
  });
  const [item, ...others] = moved;
  // of several places each would need a folder of its own
  if (!item || others.length > 0) return facts;
  const { write, variable } = item;
  const at = write.from[0];
  return {
    ...facts,
    writes: facts.writes.map((each) => (each === write ? detected(place, [...write.from]) : each)),
    variables: facts.variables.map((each) =>
      each === variable ? { ...each, default: place, given: true as const, required: false } : each,
    ),
    notes: facts.notes.map((note) =>
      note.code === CODE && note.from[0] === at
        ? {
            code: 'writes-elsewhere',
            message: `the app writes to ${write.value}, which contains files of the project that a volume would hide, so ${variable.name} moves its data to ${place}`,
            from: note.from,
          }
        : note,
    ),
  };
}

const isSame = (text: string, path: string): boolean => posix.normalize(text).replace(/\/$/, '') === path;
