import { gte, minVersion } from 'semver';
import type { Facts } from '../../model/facts.ts';
import { detailsOf, sourceSiblings } from '../javascript.ts';

/**
 * Whether Node.js itself runs the file that starts: types are stripped without a flag from 22.18 on, and imports are taken as they are written
 * (nodejs.org, "Modules: TypeScript").
 */
export function runsTypeScript(facts: Pick<Facts, 'entry' | 'runtime' | 'details'>): boolean {
  const { entry, runtime: of } = facts;
  const isOwn = 'value' in entry && /\.[cm]?tsx?$/.test(entry.value);
  if (!isOwn && sourceSiblings(facts).length === 0) return true;
  const release = 'value' in of ? minVersion(of.value.version) : undefined;
  return (
    detailsOf(facts).importEnding === '.ts' &&
    Boolean(release && gte(release, '22.18.0')) &&
    !('value' in entry && entry.value.endsWith('x'))
  );
}
