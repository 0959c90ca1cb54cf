/** A secret stands in a Dockerfile, or gets into the image through an argument. */

import { isOpening, namesCredential, passwordInUrl, tokenIn } from '../../catalog/secret-values.ts';
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lineageOf, type SettingFacts, type StageFacts } from '../facts/dockerfile.ts';
import { placeOf } from './support/stages.ts';

function literal(dockerfile: DockerfileFacts, setting: SettingFacts, isShipped: boolean): Remark | undefined {
  const value = setting.value ?? '';
  const { written, name, from } = setting;
  if (written === undefined || written.includes('$')) return undefined;
  const token = tokenIn(value);
  const password = passwordInUrl(value);
  const isPassword =
    password !== undefined &&
    isOpening(password) &&
    !/@(localhost|127\.0\.0\.1|example|host|dummy)\b/.test(value) &&
    !/dummy|placeholder|example|user:pass/i.test(value);
  const isSecret = namesCredential(name) && isOpening(value);
  // what only a build sees is a stand-in in most files, unless its form says what it is
  if (token === undefined && !(isShipped && (isPassword || isSecret))) return undefined;
  return {
    message:
      token === undefined
        ? `${from.keyword} ${name} holds a secret as plain text.`
        : `${from.keyword} ${name} holds ${token}.`,
    why: 'It is in the history of the repository and in the layers of the image: whoever can pull either of them has it.',
    ...placeOf(dockerfile, from),
    fix: {
      safety: 'suggested',
      description:
        from.keyword === 'ENV'
          ? 'Take the value out, make a new one where it was real, and give it to the container when it starts.'
          : 'Take the value out, make a new one where it was real, and give it to the build with `RUN --mount=type=secret`.',
    },
  };
}

/** An argument of a secret name that ends up in the image: as a variable, or as a line of its history. */
function handedOn(dockerfile: DockerfileFacts, stage: StageFacts): readonly Remark[] {
  const { settings } = stage;
  const secrets = new Set(
    settings
      .filter(({ name, from, value }) => from.keyword === 'ARG' && value === undefined && namesCredential(name))
      .map(({ name }) => name),
  );
  return settings.flatMap((setting): Remark[] => {
    const { from, written = '', name } = setting;
    if (from.keyword !== 'ENV') return [];
    const source = /^"?\$\{?(\w+)\}?"?$/.exec(written)?.[1];
    if (source === undefined || !secrets.has(source) || !namesCredential(name)) return [];
    return [
      {
        severity: 'warning',
        message: `The build argument ${source} becomes the variable ${name} of the image.`,
        why: 'Arguments and variables are written into the image: whoever can pull it reads the value with `docker inspect` or `docker history`.',
        ...placeOf(dockerfile, from),
        fix: {
          safety: 'suggested',
          description:
            'Give it to the container when it starts; what only the build needs comes with `RUN --mount=type=secret`.',
        },
      },
    ];
  });
}

export const rule: Rule = {
  name: 'secret-in-image',
  title: 'A secret is in the image',
  severity: 'error',
  weight: 90,
  check: (facts) =>
    facts.dockerfiles.flatMap((dockerfile) => {
      const shipped = new Set(dockerfile.shipped.flatMap(lineageOf));
      const literals = dockerfile.stages.flatMap((stage) =>
        stage.settings.flatMap((setting) => literal(dockerfile, setting, shipped.has(stage)) ?? []),
      );
      return [...literals, ...[...shipped].flatMap((stage) => handedOn(dockerfile, stage))];
    }),
};
