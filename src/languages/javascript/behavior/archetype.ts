import type { Archetype } from '../../../model/archetype.ts';
import type { Known } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { type App, detected, inData, inSource } from '../app.ts';
import { binOf, type Commands } from '../scripts/commands.ts';
import type { Listening } from './port.ts';
import { moreThanSite } from './site.ts';

/** What is deployed: as somebody states it, else as the project shows it. Never guessed: what nothing says is asked. */
export function readArchetype(
  app: App,
  listening: readonly Listening[],
  frameworks: Facts['frameworks'],
  commands: Pick<Commands, 'start' | 'opens'>,
  stated: Known<Archetype> | undefined,
  site: Facts['site'],
): Facts['archetype'] {
  if (stated) return { ...stated, from: [...stated.from] };
  const { manifest } = app;
  const [first] = listening;
  if (site && !first && frameworks.length === 0) return detected('web-app', site.from);
  if (first) return detected('web-service', [inSource(first.at, first.node.start, first.why)]);
  if (commands.opens) return detected('web-service', commands.opens.from);
  const started = commands.start !== undefined;
  const [framework] = frameworks;
  if (framework && started) return detected('web-service', framework.from);
  const bin = binOf(app);
  if (bin && !framework) return detected('cli-tool', [bin.from]);
  if (manifest && !started) {
    const key = ['exports', 'main', 'module', 'types'].find((one) => manifest.at([one]) !== undefined);
    if (key !== undefined && manifest.at(['private']) !== true)
      return detected('library', [inData(manifest, [key], `${key} is there, and nothing starts`)]);
  }
  const more = moreThanSite(app);
  if (more !== undefined) {
    const why = `${more} makes more than files to give out, and this version has no deployment of its own for that`;
    return { why, ask: 'archetype', from: [] };
  }
  return { why: 'nothing here listens on a port, offers a program or exports a library', ask: 'archetype', from: [] };
}
