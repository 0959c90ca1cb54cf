import type { Generation } from '../../index.ts';
import { sitesOf } from '../../model/applications.ts';
import { style, symbols } from '../terminal.ts';
import { table } from './facts.ts';

/**
 * For each value that browsers get, whether it is fixed when the image is built or read when it starts; and what would have it read at the start, where there
 * is a way.
 */
export function pageValueLines({ context: { plan, config } }: Generation): string[] {
  const fixed = Object.values(plan.images).flatMap((image) => (image.kept ? [] : Object.keys(image.args ?? {})));
  const read = sitesOf(plan).flatMap(({ values }) => Object.keys(values?.names ?? {}));
  if (fixed.length + read.length === 0) return [];
  const rows = [
    ...fixed.map((name) => [name, 'fixed when the image is built'] as const),
    ...read.map((name) => [name, 'read when the container starts'] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const isOffered = fixed.length > 0 && sitesOf(plan).some(({ values }) => values === undefined);
  return [
    '',
    style.bold('Values that browsers receive'),
    ...table(rows.map(([name, when]) => [name, when, ''] as const)),
    ...(isOffered
      ? [
          `  ${symbols.arrow} with \`--set values=start\`, or \`"values": "start"\` in dockwright.json, a site reads its values when the container starts: one image for every environment`,
        ]
      : []),
    ...(fixed.length > 0 && config.values === 'start' && sitesOf(plan).length === 0
      ? [
          `  ${symbols.arrow} \`values\` only applies to sites: values that a framework server writes into its pages are fixed`,
        ]
      : []),
  ];
}
