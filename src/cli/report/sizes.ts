import { type Generation, weightsOf } from '../../index.ts';
import { bytes, style, symbols } from '../terminal.ts';
import { table } from './facts.ts';

/** So many are shown, the heaviest first. */
const MAX_ROWS = 6;

/** What of the project ships and weighs something, as the owner may want to leave it out. Empty: nothing does. */
export function sizeLines({ context: { plan, project } }: Generation): string[] {
  const found = weightsOf(plan, project);
  if (found.length === 0) return [];
  const rest = found.slice(MAX_ROWS).reduce((sum, shippedSize) => sum + shippedSize.bytes, 0);
  return [
    '',
    style.bold('Project files in the image'),
    ...table([
      ...found.slice(0, MAX_ROWS).map((shippedSize) => [shippedSize.path, bytes(shippedSize.bytes), ''] as const),
      ...(rest > 0 ? [[`${found.length - MAX_ROWS} more`, bytes(rest), ''] as const] : []),
    ]),
    `  ${symbols.arrow} to leave out a file that the app does not need, add it to the ignore file`,
  ];
}
