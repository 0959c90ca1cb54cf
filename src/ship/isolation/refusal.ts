import type { IsolationNote } from '../../model/contract.ts';
import { type Place, UserError } from '../../model/errors.ts';
import { nameOf } from './context.ts';

const placed = ({ place }: IsolationNote): string => (place ? ` (${place.file}:${place.line})` : '');

/** Keys that no flag lets through: what they lead to is never read, so there is nothing to start. */
const NEVER = ['include', 'extends'];

const isFinal = ({ key }: IsolationNote): boolean => NEVER.includes(key);

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

function answer(note: IsolationNote): string {
  const name = nameOf(note);
  const next = isFinal(note) ? 'Put the file into the project.' : `Remove it, or allow it for one run: --allow ${name}`;
  return `${name}${placed(note)}: ${sentence(note.why)} ${next}`;
}

/**
 * Throws a `UserError` where something is refused (`isolation-refused`), with every refusal in `next` and in `details`, or where `allow` names
 * what is not refused (`allow-unknown`), or more than one thing (`allow-ambiguous`). `read` gives the text of a compose file, to show the line.
 */
export function throwRefused(
  notes: readonly IsolationNote[],
  allow: readonly string[],
  read: (file: string) => string | undefined = () => undefined,
): void {
  const refused = notes.filter((note) => note.action === 'refused');
  const names = [...new Set(refused.map(nameOf))];
  const allowed = notes.filter((note) => note.action === 'allowed');
  const stray = allow.find((name) => !allowed.some((note) => nameOf(note) === name));
  if (stray !== undefined) {
    const others = refused.filter((note) => !isFinal(note)).map(nameOf);
    throw new UserError({
      code: 'allow-unknown',
      message: `--allow ${stray} does not match anything that verify refuses.`,
      next:
        others.length > 0
          ? [`Refused in these compose files: ${[...new Set(others)].join(', ')}.`]
          : ['Remove the flag: nothing is refused.'],
    });
  }
  const twice = allow.find((name) => new Set(allowed.filter((item) => nameOf(item) === name).map(subject)).size > 1);
  if (twice !== undefined) {
    throw new UserError({
      code: 'allow-ambiguous',
      message: `--allow ${twice} matches more than one key in the compose files.`,
      next: ['Rename a service: its name is ambiguous with a key in the file.'],
    });
  }
  const [first] = refused;
  if (!first) return;
  throw new UserError({
    code: 'isolation-refused',
    message: `verify did not start anything: the compose files request access outside the containers (${names.join(', ')}).`,
    ...(first.place ? { where: shown(first.place, read) } : {}),
    next: refused.map(answer),
    details: { isolation: notes },
  });
}

/** A place with the text of its line. */
function shown(
  place: { readonly file: string; readonly line: number },
  read: (file: string) => string | undefined,
): Place {
  const text = read(place.file)?.split('\n')[place.line - 1]?.trimEnd().slice(0, 200);
  return { ...place, ...(text === undefined ? {} : { text }) };
}

const subject = ({ service, key }: IsolationNote): string => JSON.stringify([service ?? null, key]);
