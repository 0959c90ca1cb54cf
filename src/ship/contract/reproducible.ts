import { makeImage } from '../image.ts';
import { every, fail, type Item, needBuilt, notProved, pass } from '../subject.ts';

/** 8: built again without any cache, it is the same to the last byte. */
export const reproducible: Item = {
  id: 'reproducible',
  number: 8,
  title: 'Two builds of one commit give one digest',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { temp, engine, trust, signal } = subject;
    const { context, dockerfile, target, buildArgs, buildSecrets, made } = needBuilt(subject);
    if (!engine.containerd) {
      return notProved(
        ['this engine keeps images in its older store, which cannot set the times in layers'],
        'An engine with the containerd image store.',
      );
    }
    const again = await makeImage({
      engine,
      trust,
      context,
      dockerfile,
      target,
      buildArgs,
      secrets: buildSecrets,
      noCache: true,
      tag: made.tag,
      load: false,
      temp: { ...temp, file: (name) => temp.file(`again-${name}`) },
      signal,
    });
    const [first, second] = [made.archive, again.archive];
    if (first.digest === second.digest) return pass(`${first.digest}, also without any cache`);
    const layers = first.layers.flatMap((layer, at) =>
      layer.digest === second.layers[at]?.digest ? [] : [`layer ${at + 1} differs`],
    );
    return fail(
      [`${first.digest} and, without any cache, ${second.digest}`, ...layers],
      'Something in the build reads the clock, the network or a random number.',
    );
  },
};
