/** The key `version` of a compose file has no effect any more. */

import { isComposeName } from '../../catalog/docker-files.ts';
import type { Remark, Rule } from '../contract.ts';
import type { LintFacts } from '../facts/facts.ts';

function obsolete(file: string, { read, scalarsOf }: LintFacts): Remark | undefined {
  const text = read(file) ?? '';
  const key = [...scalarsOf(file).values()]
    .flat()
    .find(({ value, isKey, start }) => isKey && value === 'version' && (start === 0 || text[start - 1] === '\n'));
  if (!key) return undefined;
  const end = text.indexOf('\n', key.end);
  return {
    message: '`version` is obsolete: Docker Compose ignores it.',
    why: 'Docker Compose prints a warning with every command, and readers think that the version matters.',
    file,
    line: key.line,
    fix: {
      safety: 'safe',
      description: 'Remove the line.',
      edits: [{ file, start: key.start, end: end === -1 ? text.length : end + 1, text: '' }],
    },
  };
}

export const rule: Rule = {
  name: 'compose-version',
  title: 'The key `version` is obsolete',
  severity: 'info',
  weight: 5,
  check: (facts) =>
    [...new Set(facts.sets.flatMap(({ files }) => files))]
      .filter(isComposeName)
      .flatMap((file) => obsolete(file, facts) ?? []),
};
