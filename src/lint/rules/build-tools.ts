/** The final image contains compilers and other build tools. */
import { posix } from 'node:path';
import { contentsOf } from '../../catalog/image-contents.ts';
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lineageOf, type RunFacts, type StageFacts } from '../facts/dockerfile.ts';
import { onShipped, placeOf } from './support/stages.ts';

/** Packages that nothing needs but a compiler. */
const TOOLS =
  /^(build-essential|build-base|alpine-sdk|gcc|g\+\+|clang|cmake|make|automake|autoconf|libtool|pkg-config|pkgconf|node-gyp|python3?-dev|linux-headers|musl-dev|libc6-dev|libc-dev)$/;

const nameOf = (word: string): string => word.split(/[=<>~@]/, 1)[0] ?? '';

/** The tools that a run installs and leaves there. */
function leftIn({ commands }: RunFacts): readonly string[] {
  const removes = commands.some(
    ({ argv }) =>
      /^(apk|apt|apt-get|dnf|yum|microdnf)$/.test(posix.basename(argv[0] ?? '')) &&
      argv.some((word) => /^(del|purge|remove|autoremove)$/.test(word)),
  );
  if (removes) return [];
  return commands.flatMap(({ argv }) => {
    const manager = posix.basename(argv[0] ?? '');
    const installs = argv.some((word) => /^(install|add)$/.test(word));
    if (!/^(apk|apt|apt-get|dnf|yum|microdnf)$/.test(manager) || !installs) return [];
    return argv
      .slice(1)
      .map(nameOf)
      .filter((name) => TOOLS.test(name));
  });
}

const removedLater = (stages: readonly StageFacts[], tools: readonly string[]): boolean =>
  stages.some(({ runs }) =>
    runs.some(({ commands }) =>
      commands.some(
        ({ argv }) =>
          argv.some((word) => /^(del|purge|remove)$/.test(word)) && tools.some((tool) => argv.includes(tool)),
      ),
    ),
  );

function builtWith(dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  if (stage.isWindows) return undefined;
  const stages = lineageOf(stage);
  const why =
    'The application does not need them at run time: they make the image hundreds of megabytes larger, and help an attacker.';
  for (const { runs } of stages)
    for (const run of runs) {
      const tools = [...new Set(leftIn(run))];
      if (tools.length === 0 || removedLater(stages, tools)) continue;
      return {
        message: `${tools.join(', ')} ${tools.length === 1 ? 'stays' : 'stay'} in the final image.`,
        why,
        ...placeOf(dockerfile, run.from),
        fix: {
          safety: 'suggested',
          description:
            'Compile in a separate stage and copy the result, or remove them in the same RUN that needs them.',
        },
      };
    }
  const builds = contentsOf(stage.image)?.builds;
  const [bottom] = stages;
  if (builds === undefined || !bottom) return undefined;
  return {
    // many applications run well from it: it is large, and not wrong
    severity: 'info',
    message: `The final image is based on ${stage.image.text}, which includes ${builds}.`,
    why,
    file: dockerfile.path,
    line: bottom.stage.from.startLine,
    fix: {
      safety: 'suggested',
      description: 'Build in a separate stage, and base the final stage on a small image, such as the `-slim` variant.',
    },
  };
}

export const rule: Rule = {
  name: 'build-tools',
  title: 'Build tools are in the image',
  severity: 'warning',
  weight: 35,
  check: (facts) => onShipped(facts, builtWith),
};
