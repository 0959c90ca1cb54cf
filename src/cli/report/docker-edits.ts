import type { Generation } from '../../index.ts';
import { style, symbols } from '../terminal.ts';
import { diffLines } from './changes.ts';

/** Settings that are offered, and that no edit could be made of: the lines to paste. */
const settingLines = ({ context }: Generation): string[] =>
  (context.plan.offers ?? []).flatMap(({ file, what, why, lines }) =>
    lines.length === 0
      ? []
      : [`  ${file} ${style.dim(`${what}: ${why}. By hand:`)}`, ...lines.map((line) => `      ${line}`)],
  );

/**
 * The edits of the author's Docker files and settings that are offered, each as a diff with its place and what it makes possible, how to have them made, and
 * which of those files no commit has as they are.
 */
export function dockerEditLines(generation: Generation): string[] {
  const { dockerEdits, applied, uncommitted } = generation;
  const byHand = settingLines(generation);
  const [first] = dockerEdits;
  const files = [...new Set(dockerEdits.map(({ change }) => change.path))];
  const title = byHand.length > 0 || first ? ['', style.bold('Suggested edits to your files')] : [];
  const offered = first
    ? [
        ...dockerEdits.flatMap(({ what, why, line, change }) => [
          `  ${change.path}:${line} ${style.dim(`${what}: ${why}`)}`,
          ...diffLines(change).map((text) => `    ${text}`),
        ]),
        `  ${symbols.arrow} ${files.map((file) => `\`--accept ${file}=edited\``).join(', ')} ${files.length === 1 ? 'applies' : 'apply'} them; \`--yes\` alone leaves your files unchanged`,
      ]
    : [];
  const [value] = uncommitted;
  const isOne = uncommitted.length === 1;
  const changed = applied.some(({ path }) => path === value) ? 'will be edited' : 'may be edited';
  const note =
    value === undefined
      ? []
      : [
          `${style.warn('!')} ${uncommitted.join(', ')} ${isOne ? 'has' : 'have'} uncommitted changes and ${changed}: commit first, so that you can go back.`,
        ];
  return [...title, ...offered, ...byHand, ...note];
}
