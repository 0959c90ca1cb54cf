import type { Plan } from '../../index.ts';
import { style, symbols } from '../terminal.ts';

type Kept = NonNullable<Plan['kept']>;

/** What stays as its author wrote it, and what is not written beside it, with the reason; none where there is nothing of an author. */
export function keptLines(
  { kept, workloads }: Pick<Plan, 'kept' | 'workloads'>,
  edited: readonly string[] = [],
): string[] {
  if (!kept || kept.files.length === 0) return [];
  const { files: all, notWritten } = kept;
  const files = all.filter((file) => !edited.includes(file));
  const one = files.length === 1;
  const added =
    Object.keys(workloads).length === 0
      ? 'nothing is added.'
      : `what is added fits ${all.length === 1 ? 'it' : 'them'}.`;
  const stay = one ? 'is yours and stays as it is' : 'are yours and stay as they are';
  return [
    '',
    style.bold('Kept'),
    ...(edited.length > 0 ? [`  ${edited.join(', ')}: yours, and edited as you asked.`] : []),
    files.length === 0 ? `  ${sentence(added)}` : `  ${files.join(', ')} ${stay}; ${added}`,
    ...notWritten.flatMap(notWrittenLines),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const notWrittenLines = ({ what, why, next }: Kept['notWritten'][number]): string[] => [
  `  ${style.warn(symbols.skip)} ${what} is not written: ${why}.`,
  ...(next === undefined ? [] : [`    ${symbols.arrow} ${next}`]),
];

/** The compose files of a form as arguments, where compose does not find them by itself. */
export function composeArguments(
  { compose, kept }: Pick<Plan, 'compose' | 'kept'>,
  form?: 'development' | 'production',
): string {
  const base = kept && kept.compose.length > 0 ? kept.compose : [compose.file];
  const over = form === undefined || kept?.forms[form] === 'none' ? [] : [compose[form]];
  const files = [...new Set([...base, ...over])];
  const [only] = files;
  const isFound = files.length === 1 && only !== undefined && !only.includes('/');
  return isFound ? '' : files.map((file) => ` -f ${file}`).join('');
}

/** Whether the base form starts the application: where the author's files do not, only the added forms do. */
export const baseStarts = ({ kept, workloads }: Pick<Plan, 'kept' | 'workloads'>): boolean =>
  (kept?.compose.length ?? 0) === 0 || Object.values(workloads).some((workload) => workload.kept);
