/** An image without a version: what it is made from changes by itself. */
import type { Remark, Rule } from '../contract.ts';
import { contentsOf, dataServiceOf } from '../facts/catalogue.ts';
import { type ImageName, isFloating } from '../facts/image.ts';

/** Images whose version is in their name, or whose makers give away no other tag. */
const APART = /^(scratch$|gcr\.io\/distroless\/|cgr\.dev\/|registry\.access\.redhat\.com\/)/;

const WHY =
  'The next build or pull brings another version by itself, perhaps one that does not work with this one, and nobody can go back to what ran.';

const floats = (image: ImageName): boolean => isFloating(image) && !APART.test(image.repository) && image.text !== '';

const sentence = ({ text, tag }: ImageName): string =>
  tag === 'latest'
    ? `${text} is whatever is the newest version on that day.`
    : `${text} has no tag, so that it is the newest version on that day.`;

export const rule: Rule = {
  name: 'latest-tag',
  title: 'An image has no version',
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
                fix: { safety: 'suggested', description: `Name a version, such as \`${exampleOf(stage.image)}\`.` },
              },
            ],
      ),
    );
    const ofServices = facts.services.flatMap(({ image, build, at, isDevelopment }): Remark[] =>
      !image || build || isDevelopment || dataServiceOf(image) || !floats(image)
        ? []
        : [
            {
              message: sentence(image),
              why: WHY,
              ...at('image'),
              fix: { safety: 'suggested', description: 'Name the version that runs today.' },
            },
          ],
    );
    return [...ofStages, ...ofServices];
  },
};

const exampleOf = ({ repository }: ImageName): string =>
  contentsOf({ text: '', repository, tag: '', isOpen: false }) && repository === 'node'
    ? 'node:24-slim'
    : `${repository}:VERSION`;
