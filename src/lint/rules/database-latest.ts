/** A database without a pinned version: the next pull may bring one that cannot read the existing data. */
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import { isFloating, versionOf } from '../facts/image.ts';

export const rule: Rule = {
  name: 'database-latest',
  title: 'A database has no pinned version',
  severity: 'warning',
  weight: 75,
  check: (facts) =>
    facts.services.flatMap(({ image, at, set, isDevelopment, mounts }): Remark[] => {
      const service = dataServiceOf(image);
      if (!image || !service?.latest || service.kind === 'console' || set.use === 'test') return [];
      // a tag such as `alpine` names what it is made from, and no version
      const isOpen =
        isFloating(image) ||
        (versionOf(image).length === 0 &&
          /^(alpine|bookworm|bullseye|trixie|jammy|noble|slim|management)(-alpine)?$/.test(image.tag ?? ''));
      if (!isOpen || image.digest !== undefined) return [];
      // data that nothing keeps is read by no later version
      if (isDevelopment && mounts.length === 0) return [];
      return [
        {
          ...(isDevelopment ? { severity: 'info' as const } : {}),
          message: `${image.text} is ${service.title} in whatever version is newest at the time.`,
          why: 'A new major version may not be able to read existing data: after a pull the database does not start, or starts empty.',
          ...at('image'),
          fix: {
            safety: 'suggested',
            description: `Pin the major version that created the data in the volume, such as \`${image.repository}:${service.latest}\`.`,
          },
        },
      ];
    }),
};
