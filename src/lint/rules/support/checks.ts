/** Health checks, wherever they are written: of an image, or of a service of compose. */
import { posix } from 'node:path';
import { type ImageName, imageName } from '../../../catalog/image-name.ts';
import type { ScriptCommand } from '../../../formats/shell/script.ts';
import type { ServiceFacts } from '../../facts/compose.ts';
import { commandsIn, type DockerfileFacts, lastOf, type StageFacts } from '../../facts/dockerfile.ts';
import type { LintFacts } from '../../facts/facts.ts';

export type HealthCheck = {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  /** its commands in order; none: they could not be read */
  readonly commands: readonly ScriptCommand[];
  /** needs a shell in the image */
  readonly isShell: boolean;
  /** the image that it runs in */
  readonly image: ImageName;
  /** the stage that it runs in, where that is built here */
  readonly built?: { readonly dockerfile: DockerfileFacts; readonly stage: StageFacts };
  readonly service?: ServiceFacts;
};

/** Every health check of what runs in production. A service of compose that says its own has that one. */
export function healthChecks(facts: LintFacts): readonly HealthCheck[] {
  const ofImages = facts.dockerfiles.flatMap((dockerfile) =>
    dockerfile.shipped.flatMap((stage): HealthCheck[] => {
      const found = lastOf(stage, 'HEALTHCHECK');
      if (found?.probe?.text.toUpperCase() !== 'CMD' || stage.isWindows) return [];
      const words = found.args.map(({ text }) => text);
      const commands = found.form === 'json' ? commandsIn(words, facts.script) : (facts.script(words[0] ?? '') ?? []);
      const place = { file: dockerfile.path, line: found.startLine, endLine: found.endLine };
      return [
        { ...place, commands, isShell: found.form === 'shell', image: stage.image, built: { dockerfile, stage } },
      ];
    }),
  );
  return [...ofImages, ...facts.services.flatMap((service) => ofService(service, facts))];
}

function ofService(service: ServiceFacts, facts: LintFacts): readonly HealthCheck[] {
  const [type, ...words] = service.test ?? [];
  if (type !== 'CMD' && type !== 'CMD-SHELL') return [];
  const { file, line } = service.at('healthcheck', 'test');
  const isShell = type === 'CMD-SHELL';
  const commands = isShell ? (facts.script(words[0] ?? '') ?? []) : commandsIn(words, facts.script);
  const dockerfile = facts.dockerfileOf(service);
  const target = service.build?.target;
  const stage =
    dockerfile &&
    (target === undefined ? dockerfile.stages.at(-1) : dockerfile.stages.find((stage) => stage.stage.name === target));
  const image = stage?.image ?? (service.build ? undefined : service.image);
  const built = dockerfile && stage ? { dockerfile, stage } : undefined;
  return [
    {
      file,
      line,
      endLine: line,
      commands,
      isShell,
      image: image ?? imageName('$'),
      service,
      ...(built ? { built } : {}),
    },
  ];
}

export const programOf = ({ argv }: ScriptCommand): string => posix.basename(argv[0] ?? '');

/** The address on this machine that a command asks: its port, and whether it says one. Undefined: it asks none, or not one that is known. */
export function localPort({ argv }: ScriptCommand): number | undefined {
  for (const word of argv.slice(1)) {
    const found = /^(https?):\/\/(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?::(\d{1,5}))?(?:[/?#]|$)/.exec(word);
    if (found) return found[2] === undefined ? (found[1] === 'https' ? 443 : 80) : Number(found[2]);
  }
  return undefined;
}
