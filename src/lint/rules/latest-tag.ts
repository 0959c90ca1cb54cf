/** An image without a pinned version, which can change with every pull. */

import { contentsOf } from '../../catalog/image-contents.ts';
import type { ImageName } from '../../catalog/image-name.ts';
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import type { ServiceFacts } from '../facts/compose.ts';
import { isFloating } from '../facts/image.ts';
import { listed } from './support/words.ts';

/** Images whose version is in their name, or whose makers give away no other tag. */
const APART = /^(scratch$|gcr\.io\/distroless\/|cgr\.dev\/|registry\.access\.redhat\.com\/)/;

const WHY =
  'The next build or pull may bring an incompatible version, and there is no way to roll back to the one that ran before.';

const floats = (image: ImageName): boolean => isFloating(image) && !APART.test(image.repository) && image.text !== '';

/** Of these a rule of its own says more, with the version that the data may need. */
function isDatabase(image: ImageName): boolean {
  const service = dataServiceOf(image);
  return service?.latest !== undefined && service.kind !== 'console';
}

const sentence = ({ text, tag }: ImageName): string =>
  tag === 'latest'
    ? `${text} is whatever version is newest at the time.`
    : `${text} has no tag, so it is whatever version is newest at the time.`;

/** The images of one compose file, said once. */
function inFile(file: string, services: readonly ServiceFacts[]): Remark | undefined {
  const found = services.filter(({ at }) => at('image').file === file);
  const [first] = found;
  if (!first?.image) return undefined;
  const images = [...new Set(found.flatMap(({ image }) => image?.text ?? []))];
  return {
    message:
      images.length === 1
        ? sentence(first.image)
        : `${listed(images)} have no version, so each is whatever version is newest at the time.`,
    why: WHY,
    ...first.at('image'),
    fix: { safety: 'suggested', description: 'Pin the versions that run today.' },
  };
}

export const rule: Rule = {
  name: 'latest-tag',
  title: 'An image has no pinned version',
  severity: 'warning',
  weight: 50,
  check: (facts) => {
    const ofStages = facts.dockerfiles.flatMap(({ path, reached }) =>
      [...reached].flatMap((stage): Remark[] =>
        stage.parent || !floats(stage.image)
          ? []
          : [
              {
                message: sentence(stage.image),
                why: WHY,
                file: path,
                line: stage.stage.from.startLine,
                fix: { safety: 'suggested', description: `Pin a version, such as \`${exampleOf(stage.image)}\`.` },
              },
            ],
      ),
    );
    const ofServices = facts.services.filter(
      ({ image, build, isDevelopment }) => image && !build && !isDevelopment && !isDatabase(image) && floats(image),
    );
    const files = [...new Set(ofServices.map(({ at }) => at('image').file))];
    return [...ofStages, ...files.flatMap((file) => inFile(file, ofServices) ?? [])];
  },
};

const exampleOf = ({ repository }: ImageName): string =>
  contentsOf({ text: '', repository, tag: '', isOpen: false }) && repository === 'node'
    ? 'node:24-slim'
    : `${repository}:VERSION`;
