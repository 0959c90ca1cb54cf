/** A health check that uses a different port than the application. */
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lastOf, lineageOf, type StageFacts, startOf } from '../facts/dockerfile.ts';
import { type HealthCheck, healthChecks, localPort } from './support/checks.ts';

const numbersIn = (text: string): readonly number[] =>
  text.length > 2000 ? [] : (text.match(/(?<!\d)\d{2,5}(?!\d)/g) ?? []).map(Number);

/** Ports that a stage names: of EXPOSE, of variables and of its start. */
function portsOfStage(stage: StageFacts): { readonly exposed: readonly number[]; readonly others: readonly number[] } {
  const stages = lineageOf(stage);
  const exposed = stages.flatMap(({ stage: { instructions }, variable }) =>
    instructions
      .filter(({ keyword }) => keyword === 'EXPOSE')
      .flatMap(({ args }) =>
        args.flatMap(({ text }) =>
          numbersIn(text.replace(/\$\{?(\w+).*/, (_whole, name: string) => variable(name) ?? '')),
        ),
      ),
  );
  const settings = stages.flatMap((stageFacts) => stageFacts.settings.flatMap(({ value }) => numbersIn(value ?? '')));
  const words = ['ENTRYPOINT', 'CMD'].flatMap((keyword) => startOf(lastOf(stage, keyword))?.argv ?? []);
  return { exposed, others: [...settings, ...words.flatMap(numbersIn)] };
}

const hasOpenPort = ({ stages }: DockerfileFacts): boolean =>
  stages.some(({ stage }) =>
    stage.instructions.some(({ keyword, rest }) => keyword === 'EXPOSE' && rest.text.includes('$')),
  );

function wrongPort({
  built,
  service,
  commands,
}: HealthCheck): readonly [asked: number, known: readonly number[]] | undefined {
  const asked = commands.flatMap((command) => localPort(command) ?? [])[0];
  if (asked === undefined || (built && hasOpenPort(built.dockerfile))) return undefined;
  const { exposed, others } = built ? portsOfStage(built.stage) : { exposed: [], others: [] };
  const published = service?.ports.map(({ container }) => container) ?? [];
  const named = Object.values(service?.environment ?? {}).flatMap((value) => numbersIn(value ?? ''));
  const words = [...(service?.command ?? []), ...(service?.entrypoint ?? [])].flatMap(numbersIn);
  const known = [...new Set([...exposed, ...published])];
  const isKnown = [...known, ...others, ...named, ...words, ...(service?.expose ?? [])].includes(asked);
  return known.length === 0 || isKnown ? undefined : [asked, known];
}

export const rule: Rule = {
  name: 'health-check-port',
  title: 'The health check uses the wrong port',
  severity: 'warning',
  weight: 58,
  check: (facts) =>
    healthChecks(facts).flatMap((check): Remark[] => {
      const found = wrongPort(check);
      if (!found) return [];
      const [asked, known] = found;
      const { file, line, endLine } = check;
      return [
        {
          message: `The health check uses port ${asked}, but everything else here uses port ${known.join(' and ')}.`,
          why: 'If nothing listens on that port, the container never becomes healthy.',
          file,
          line,
          endLine,
          fix: { safety: 'suggested', description: 'Use the port that the application listens on.' },
        },
      ];
    }),
};
