/** A version that no longer gets fixes. */
import { asOf, ends } from '../../catalog/end-of-life.ts';
import type { ImageName } from '../../catalog/image-name.ts';
import type { Remark, Rule } from '../contract.ts';
import { versionOf } from '../facts/image.ts';

function ended(image: ImageName): Omit<Remark, 'file' | 'line'> | undefined {
  const known = Object.hasOwn(ends, image.repository) ? ends[image.repository] : undefined;
  const version = versionOf(image);
  if (!known || version.length < known.parts) return undefined;
  const line = version
    .slice(0, known.parts)
    .join('.')
    .replace(/^(\d\d)\.(\d)$/, known.title === 'Ubuntu' ? '$1.0$2' : '$1.$2');
  const day = Object.hasOwn(known.lines, line) ? known.lines[line] : undefined;
  if (day === undefined || day > asOf) return undefined;
  return {
    message: `${image.text} is ${known.title} ${line}, which has had no fixes since ${day}.`,
    why: 'Vulnerabilities found since then are public and stay unfixed.',
    fix: {
      safety: 'suggested',
      description: `Upgrade to ${known.title} ${known.next} or another supported version, and test it.`,
    },
  };
}

export const rule: Rule = {
  name: 'end-of-life',
  title: 'A version is past its end of life',
  severity: 'warning',
  weight: 72,
  check: (facts) => {
    const ofStages = facts.dockerfiles.flatMap(({ path, reached, shipped }) => {
      const seen = new Set<string>();
      return [...reached]
        .filter((stage) => !stage.parent)
        .sort((a, b) => a.stage.index - b.stage.index)
        .flatMap((stage): Remark[] => {
          const found = ended(stage.image);
          if (!found || seen.has(stage.image.text)) return [];
          seen.add(stage.image.text);
          const runs = shipped.some((stageFacts) => stageFacts.image.text === stage.image.text);
          // what only builds is not attacked by those who use the application
          return [
            { ...found, ...(runs ? {} : { severity: 'info' as const }), file: path, line: stage.stage.from.startLine },
          ];
        });
    });
    const ofServices = facts.services.flatMap(({ image, build, at, set }): Remark[] => {
      const found = image && !build && set.use !== 'test' ? ended(image) : undefined;
      return found ? [{ ...found, ...at('image') }] : [];
    });
    return [...ofStages, ...ofServices];
  },
};
