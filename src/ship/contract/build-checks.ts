import { buildxCheck } from '../../engine/buildx.ts';
import { every, fail, type Item, pass } from '../subject.ts';

/** 1: the engine's own checks have nothing to say of the Dockerfile. */
export const buildChecks: Item = {
  id: 'build-checks',
  number: 1,
  title: 'The build has no warning',
  turn: 'still',
  shapes: every,
  async prove({ root, dockerfile, image, signal }) {
    const targets = [...new Set(Object.values(image.targets))];
    const found = new Map<string, string>();
    for (const target of targets) {
      for (const warning of await buildxCheck({ context: root, dockerfile, target, signal })) {
        const at = warning.line === undefined ? image.dockerfile : `${image.dockerfile}:${warning.line}`;
        found.set(`${at}: ${warning.rule}: ${warning.detail}`, warning.rule);
      }
    }
    if (found.size === 0) return pass(`docker build --check is silent for ${targets.join(', ')}`);
    return fail([...found.keys()], `Change these lines; docker build --check . shows them.`);
  },
};
