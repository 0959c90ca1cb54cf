import { isRegistryToken } from '../catalog/registry-tokens.ts';
import type { Facts } from '../model/facts.ts';
import type { Image } from '../model/plan.ts';
import type { Decide } from './decide.ts';
import { key } from './frame.ts';

/** The build secrets of an image. Whoever builds is told which of them need a consent of their own: `explain` says it of their lines. */
export const planBuildSecrets = (facts: Facts, decide: Decide): Image['buildSecrets'] =>
  facts.tokens.map(({ variable, from }) => ({
    id: variable,
    env: variable,
    decision: decide(key('buildSecrets', variable), {
      choice: 'a build secret',
      why: `installing needs it, and it must stay in no layer${consent(variable)}`,
      from,
    }),
  }));

const consent = (variable: string): string =>
  isRegistryToken(variable)
    ? ''
    : `; its name is not known as a token of a package registry, so its value is handed over only with \`--build-secret ${variable}\``;
