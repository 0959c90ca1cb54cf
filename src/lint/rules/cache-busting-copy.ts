/** All sources are copied before the dependencies are installed, so every edit reinstalls them. */
import type { Remark, Rule } from '../contract.ts';
import {
  type CopyFacts,
  type DockerfileFacts,
  lineageOf,
  type RunFacts,
  type StageFacts,
} from '../facts/dockerfile.ts';
import { type Install, installOf } from './support/installs.ts';
import { onReached, placeOf } from './support/stages.ts';

const MANIFESTS: Readonly<Record<Install['manager'], string>> = {
  npm: 'package.json package-lock.json',
  yarn: 'package.json yarn.lock',
  pnpm: 'package.json pnpm-lock.yaml',
  bun: 'package.json bun.lock',
  pip: 'requirements.txt',
  bundle: 'Gemfile Gemfile.lock',
  composer: 'composer.json composer.lock',
  go: 'go.mod go.sum',
  poetry: 'pyproject.toml poetry.lock',
  uv: 'pyproject.toml uv.lock',
};

const isWhole = ({ isContext, sources }: CopyFacts): boolean =>
  isContext && sources.some((source) => /^(\.|\.\/|\/|\*)$/.test(source));

const installIn = ({ commands }: RunFacts): Install | undefined =>
  commands.flatMap((command) => installOf(command) ?? [])[0];

/** Whether the stages below have installed already: what follows then only completes it. */
const hasInstalled = (stage: StageFacts | undefined): boolean =>
  stage !== undefined && lineageOf(stage).some(({ runs }) => runs.some(installIn));

function bust(dockerfile: DockerfileFacts, stage: StageFacts): Remark | undefined {
  if (stage.isWindows) return undefined;
  const [install] = stage.runs.filter(installIn);
  const found = install && installIn(install);
  if (!install || !found || hasInstalled(stage.parent)) return undefined;
  const copy = stage.copies.find((copy) => isWhole(copy) && copy.from.startLine < install.from.startLine);
  if (!copy) return undefined;
  // packages that another stage has installed come along, and are only completed
  if (stage.copies.some((copyFacts) => copyFacts.stage && /node_modules|vendor/.test(copyFacts.to))) return undefined;
  return {
    message: `The whole project is copied before the dependencies are installed in line ${install.from.startLine}.`,
    why: 'Every edit to any file makes the next build download and install all dependencies again.',
    ...placeOf(dockerfile, copy.from),
    fix: {
      safety: 'suggested',
      description: `Copy the manifests first (\`COPY ${MANIFESTS[found.manager]} ./\`), install, then copy the rest.`,
    },
  };
}

export const rule: Rule = {
  name: 'cache-busting-copy',
  title: 'Every edit reinstalls the dependencies',
  severity: 'warning',
  weight: 30,
  check: (facts) => onReached(facts, bust),
};
