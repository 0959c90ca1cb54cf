import { readText } from '../../engine/temp.ts';
import { parseDockerfile } from '../../formats/dockerfile/index.ts';
import { checkImage } from '../image.ts';
import { every, fail, type Item, needBuilt, pass } from '../verification.ts';

/** The names of the stages of a Dockerfile. */
const stagesIn = (text: string): ReadonlySet<string> =>
  new Set(parseDockerfile(text).stages.flatMap((stage) => (stage.name === undefined ? [] : [stage.name])));

/** 1: the engine's own checks have nothing to say of the Dockerfile. */
export const buildChecks: Item = {
  id: 'build-checks',
  number: 1,
  title: 'The build has no warnings',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { trust, temp, signal } = subject;
    const { context, dockerfile, image } = needBuilt(subject);
    const stages = stagesIn(readText(dockerfile) ?? '');
    // a Dockerfile of the user's may have other targets than ours
    const named = [...new Set(Object.values(image.targets))].filter(
      (target) => target !== undefined && (stages.size === 0 || stages.has(target)),
    );
    // the last stage of an author's file needs no name
    const targets = image.kept && image.targets.production === undefined ? [undefined, ...named] : named;
    const found = new Map<string, string>();
    for (const target of targets) {
      for (const warning of await checkImage({ context, dockerfile, target, trust, temp, signal })) {
        const at = warning.line === undefined ? image.dockerfile : `${image.dockerfile}:${warning.line}`;
        found.set(`${at}: ${warning.rule}: ${warning.detail}`, warning.rule);
      }
    }
    if (found.size === 0)
      return pass(
        `docker build --check reports nothing for ${targets.map((target) => target ?? 'the last stage').join(', ')}`,
      );
    return fail([...found.keys()], 'Fix these lines; `docker build --check .` lists them.');
  },
};
