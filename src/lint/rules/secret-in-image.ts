/** A Dockerfile contains a secret, or an argument puts one into the image. */

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
        ? `${from.keyword} ${name} contains a secret in plain text.`
        : `${from.keyword} ${name} contains ${token}.`,
    why: 'It is in the Git history and in the layers of the image: everybody who can pull either of them has it.',
    ...placeOf(dockerfile, from),
    fix: {
      safety: 'suggested',
      description:
        from.keyword === 'ENV'
          ? 'Remove the value, rotate it if it was real, and pass it to the container at run time.'
          : 'Remove the value, rotate it if it was real, and pass it to the build with `RUN --mount=type=secret`.',
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
        message: `The build argument ${source} is stored in the image as the variable ${name}.`,
        why: 'Arguments and variables are stored in the image: everybody who can pull it can read the value with `docker inspect` or `docker history`.',
        ...placeOf(dockerfile, from),
        fix: {
          safety: 'suggested',
          description:
            'Pass it to the container at run time, or use `RUN --mount=type=secret` if only the build needs it.',
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
