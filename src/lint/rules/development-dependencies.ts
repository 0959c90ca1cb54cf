/** The final image contains packages that only development needs. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import { type DockerfileFacts, lineageOf, type RunFacts, type StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { installOf, prunes } from './support/installs.ts';
import { developmentDependencies } from './support/manifest.ts';
import { onShipped, placeOf } from './support/stages.ts';

type Found = { readonly run: RunFacts; readonly stage: StageFacts };

/** The command that leaves development dependencies in a stage: a whole install that nothing takes back. */
function wholeInstall(stage: StageFacts): Found | undefined {
  let found: Found | undefined;
  for (const stageFacts of lineageOf(stage)) {
    for (const run of stageFacts.runs) {
      const production = /^prod/.test(stageFacts.variable('NODE_ENV', run.from) ?? '');
      // one branch of several that leaves them out is the one for production
      const branches = run.commands.filter(({ nested }) => nested);
      const leaves = branches.some((command) => installOf(command)?.isProduction);
      for (const command of run.commands) {
        const install = installOf(command);
        if (install && /^(npm|yarn|pnpm|bun)$/.test(install.manager)) {
          const leavesOut = install.isProduction || leaves || production || command.env['NODE_ENV'] !== undefined;
          found = leavesOut ? undefined : { run, stage: stageFacts };
        } else if (prunes(command)) found = undefined;
      }
    }
  }
  return found;
}

/** The stage whose packages a stage copies; undefined: none. */
function copiedPackages(stage: StageFacts): StageFacts | undefined {
  const copies = lineageOf(stage).flatMap((stageFacts) => stageFacts.copies);
  const copy = copies.findLast(
    ({ stage: from, sources, to }) =>
      from !== undefined &&
      sources.some((source) => posix.basename(source) === 'node_modules') &&
      /node_modules|^\/[^/]*$|\/app|\/src/.test(to),
  );
  return copy?.stage;
}

function shippedPackages(facts: LintFacts, dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  if (stage.isWindows || developmentDependencies(facts, dockerfile)?.length === 0) return undefined;
  const from = copiedPackages(stage);
  const found = wholeInstall(stage) ?? (from && !touchesPackages(stage) ? wholeInstall(from) : undefined);
  if (!found) return undefined;
  return {
    message: 'Development dependencies are installed too, and end up in the final image.',
    why: 'Compilers, test tools and their dependencies make the image larger, and each one adds attack surface and needs patches.',
    ...placeOf(dockerfile, found.run.from),
    fix: {
      safety: 'suggested',
      description:
        'Build in a separate stage, and install without them in the final stage (`npm ci --omit=dev`, `pnpm install --prod`, `yarn workspaces focus --production`), or prune them before copying.',
    },
  };
}

/** Whether a stage installs by itself, so that what it copies comes on top, or takes out what it has copied. */
const touchesPackages = (stage: StageFacts): boolean =>
  lineageOf(stage).some(({ runs }) =>
    runs.some(({ commands }) => commands.some((command) => installOf(command) || prunes(command))),
  );

export const rule: Rule = {
  name: 'development-dependencies',
  title: 'Development dependencies are in the image',
  severity: 'warning',
  weight: 40,
  check: (facts) => onShipped(facts, (dockerfile, stage) => shippedPackages(facts, dockerfile, stage)),
};
