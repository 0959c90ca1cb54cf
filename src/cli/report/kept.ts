import type { Plan } from '../../index.ts';
import { style, symbols } from '../terminal.ts';

type KeptPlan = NonNullable<Plan['kept']>;

/** What stays as its author wrote it, and what is not written beside it, with the reason; none where there is nothing of an author. */
export function keptLines(
  { kept, workloads }: Pick<Plan, 'kept' | 'workloads'>,
  edited: readonly string[] = [],
): string[] {
  if (!kept || kept.files.length === 0) return [];
  const { files: all, notWritten } = kept;
  const files = all.filter((file) => !edited.includes(file));
  const value = files.length === 1;
  const added =
    Object.keys(workloads).length === 0
      ? 'nothing is added.'
      : `the files added beside ${all.length === 1 ? 'it' : 'them'} are made to match.`;
  const stay = value ? 'is your own and stays unchanged' : 'are your own and stay unchanged';
  return [
    '',
    style.bold('Kept'),
    ...(edited.length > 0 ? [`  ${edited.join(', ')}: your own, edited as requested.`] : []),
    files.length === 0 ? `  ${sentence(added)}` : `  ${files.join(', ')} ${stay}; ${added}`,
    ...notWritten.flatMap(notWrittenLines),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const notWrittenLines = ({ what, why, next }: KeptPlan['notWritten'][number]): string[] => [
  `  ${style.warn(symbols.skip)} ${what} is not written: ${why}.`,
  ...(next === undefined ? [] : [`    ${symbols.arrow} ${next}`]),
];
