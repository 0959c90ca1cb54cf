/** The whole folder is copied, and the ignore file that should exclude packages, Git history and secrets is missing, in the wrong place, or incomplete. */
import { posix } from 'node:path';
import type { Remark, Rule } from '../contract.ts';
import { type CopyFacts, type DockerfileFacts, lineageOf, type StageFacts } from '../facts/dockerfile.ts';
import type { LintFacts } from '../facts/facts.ts';
import { ignoreOf } from '../facts/ignore.ts';
import { placeOf } from './support/stages.ts';

const isWhole = ({ isContext, sources }: CopyFacts): boolean =>
  isContext && sources.some((source) => /^(\.|\.\/|\/)$/.test(source));

const WHY =
  'Local packages, the Git history and files such as `.env` are sent to the build and may end up in the image; every change to them rebuilds everything.';

const FIX = 'node_modules, .git, .env and build output';

type WholeContextCopy = { readonly copy: CopyFacts; readonly isShipped: boolean };

function wholeCopy({ shipped, reached }: DockerfileFacts): WholeContextCopy | undefined {
  const runs = new Set<StageFacts>(shipped.flatMap(lineageOf));
  const all = [...reached].flatMap((stage) =>
    stage.copies.filter(isWhole).map((copy) => ({ copy, isShipped: runs.has(stage) })),
  );
  return all.find(({ isShipped }) => isShipped) ?? all[0];
}

/** An ignore file that somebody wrote for this build and that nothing reads. */
function misplaced({ all }: LintFacts, { path, context }: DockerfileFacts): string | undefined {
  const folder = posix.dirname(path);
  const names = ['.dockerignore', 'dockerignore', '.dockerIgnore', '.docker-ignore', '.dockerignore.txt'];
  const own = context === '.' ? '' : `${context}/`;
  const near = folder === '.' ? '' : `${folder}/`;
  const candidates = [...(near === own ? [] : [`${near}.dockerignore`]), ...names.slice(1).map((name) => own + name)];
  return candidates.find((file) => all.includes(file));
}

/** Whether those who work on the project have a `.env` in the folder: an example of one, or a line that keeps it out of git. */
const hasSettings = ({ has, all, read }: LintFacts, own: string): boolean =>
  has(`${own}.env`) ||
  all.some((file) => file.startsWith(`${own}.env.`) && !file.slice(own.length).includes('/')) ||
  [`${own}.gitignore`, '.gitignore'].some((file) =>
    (read(file) ?? '').split('\n').some((line) => /^\/?(\*\*\/)?(\*)?\.env(\*|\s*$)/.test(line.slice(0, 200))),
  );

function lacking(facts: LintFacts, dockerfile: DockerfileFacts): Remark | undefined {
  const whole = wholeCopy(dockerfile);
  if (!whole || dockerfile.stages.some((stage) => stage.isWindows)) return undefined;
  const { copy, isShipped } = whole;
  const place = placeOf(dockerfile, copy.from);
  const { context } = dockerfile;
  const ignore = ignoreOf(dockerfile.path, context, facts.read);
  const expected = context === '.' ? '.dockerignore' : `${context}/.dockerignore`;
  if (!ignore) {
    const elsewhere = misplaced(facts, dockerfile);
    return {
      message: elsewhere
        ? `The whole folder is copied, but ${elsewhere} is not used: the build reads ${expected}.`
        : `The whole folder is copied, but there is no ${expected}.`,
      why: WHY,
      ...place,
      fix: {
        safety: 'suggested',
        description: elsewhere ? `Move it to ${expected}.` : `Add ${expected} with files that no build needs: ${FIX}.`,
      },
    };
  }
  const own = context === '.' ? '' : `${context}/`;
  const hasPackages = facts.has(`${own}package.json`);
  const wanted = [
    ...(hasPackages ? ['node_modules/a/index.js'] : []),
    ...(isShipped && hasSettings(facts, own) ? ['.env'] : []),
    ...(isShipped && context === '.' ? ['.git/config'] : []),
  ];
  const open = wanted.filter((file) => !ignore.leavesOut(file)).map((file) => file.split('/')[0] ?? file);
  if (open.length === 0) return undefined;
  return {
    severity: open.includes('.env') || open.includes('node_modules') ? 'warning' : 'info',
    message: `The ignore file ${ignore.path} does not exclude ${open.join(' and ')}, and this line copies ${open.length === 1 ? 'it' : 'them'}.`,
    why: open.includes('.env')
      ? 'Everybody with the image has the secrets of the build machine.'
      : 'Files on the build machine replace those created in the image or make it larger, and every change to them rebuilds everything.',
    ...place,
    fix: { safety: 'suggested', description: `Add ${open.map((name) => `\`${name}\``).join(', ')} to ${ignore.path}.` },
  };
}

export const rule: Rule = {
  name: 'dockerignore',
  title: 'The whole folder is copied without an ignore file',
  severity: 'warning',
  weight: 45,
  check: (facts) => facts.dockerfiles.flatMap((dockerfile) => lacking(facts, dockerfile) ?? []),
};
