import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SecretValue } from '../engine/buildx.ts';
import type { Engine } from '../engine/docker.ts';
import { cached, keep, readText, type TempFolder } from '../engine/temp.ts';
import type { BuildReport, OnProgress } from '../model/contract.ts';
import type { Image, Stage, Step } from '../model/plan.ts';
import type { TrustedInput } from './frontend.ts';
import { makeImage } from './image.ts';
import { measure } from './measure.ts';

/** The stages that the target is made of, bases first: those it starts from and those it copies from. */
export function closure(image: Image, target: string | undefined): readonly Stage[] {
  const needed = new Set<string>();
  const visit = (name: string) => {
    const stage = image.stages.find((stage) => stage.name === name);
    if (!stage || needed.has(name)) return;
    needed.add(name);
    if ('stage' in stage.from) visit(stage.from.stage);
    for (const step of stage.steps) if (step.do === 'copy' && step.from) visit(step.from);
  };
  if (target !== undefined) visit(target);
  return image.stages.filter((stage) => needed.has(stage.name));
}

const json = (argv: readonly string[]) => JSON.stringify(argv);

function secretMounts(step: Extract<Step, { do: 'run' | 'shell' }>): string {
  return (step.mounts ?? [])
    .flatMap((mount) => {
      if (mount.type !== 'secret') return [];
      const target = mount.target ? `,target=${mount.target}` : '';
      return [`--mount=type=secret,id=${mount.id}${target}${mount.env ? `,env=${mount.env}` : ''} `];
    })
    .join('');
}

/** Installing and building, as the plan does it, in one stage and with no cache mounts; nothing that production alone needs. */
function lineOf(step: Step): string[] {
  if (step.do === 'run') return [`RUN ${secretMounts(step)}${json(step.argv)}`];
  if (step.do === 'shell') return [`RUN ${secretMounts(step)}${step.script.join(' && ')}`];
  return [];
}

/**
 * The Dockerfile that many write first: the build image, everything copied, every dependency installed, and the app started. What
 * several stages save is measured against it.
 */
export function baselineDockerfile(image: Image): string | undefined {
  const stages = closure(image, image.targets.production);
  const base = stages.find((stage) => 'image' in stage.from)?.from;
  const production = stages.find((stage) => stage.name === image.targets.production);
  if (!base || !('image' in base)) return undefined;
  const start = production?.steps.find((step) => step.do === 'cmd');
  const env = production?.steps.flatMap((step) => (step.do === 'env' ? Object.entries(step.values) : [])) ?? [];
  const runs = stages.filter((stage) => stage !== production).flatMap((stage) => stage.steps.flatMap(lineOf));
  return [
    `FROM ${base.image}`,
    'WORKDIR /app',
    'COPY . .',
    ...[...new Set(runs)],
    ...env.map(([name, value]) => `ENV ${name}=${JSON.stringify(value)}`),
    ...(start?.do === 'cmd' ? [`CMD ${json(start.argv)}`] : []),
    '',
  ].join('\n');
}

/** What the size depends on: the text above, and the files that installing reads. The source weighs next to nothing. */
function keyOf(root: string, image: Image, dockerfile: string, engine: Engine): string {
  const hash = createHash('sha256').update(dockerfile).update(engine.architecture);
  const needs = image.context.needs.filter((path) => /lock|package\.json$|\.toml$|\.txt$|go\.(mod|sum)$/.test(path));
  for (const path of needs) hash.update(`\0${path}\0`).update(readText(join(root, path)) ?? '');
  return hash.digest('hex');
}

export type BaselineRequest = {
  readonly root: string;
  readonly image: Image;
  readonly secrets: readonly SecretValue[];
  readonly engine: Engine;
  readonly trust: TrustedInput;
  readonly temp: TempFolder;
  readonly run: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The size of a single-stage build of the same app, measured once and kept. Undefined where it cannot be built. */
export async function measureBaseline(request: BaselineRequest): Promise<BuildReport['baseline']> {
  const { root, image, engine, trust, temp, run, onProgress, signal } = request;
  const dockerfile = baselineDockerfile(image);
  if (dockerfile === undefined) return undefined;
  const key = keyOf(root, image, dockerfile, engine);
  const before = cached('baseline', key) as { compressed?: unknown; size?: unknown } | undefined;
  if (typeof before?.compressed === 'number' && typeof before.size === 'number') {
    return { compressed: before.compressed, size: before.size, cached: true };
  }
  const id = 'baseline';
  onProgress?.({ type: 'step', id, title: 'a single-stage build of the same app, to compare with' });
  const start = performance.now();
  const done = (ok: boolean, note?: string) =>
    onProgress?.({
      type: 'done',
      id,
      ok,
      seconds: (performance.now() - start) / 1000,
      ...(note === undefined ? {} : { note }),
    });
  try {
    const made = await makeImage({
      engine,
      trust,
      context: root,
      dockerfile: temp.write('Dockerfile.baseline', dockerfile),
      tag: `${run}-baseline:local`,
      secrets: request.secrets,
      load: false,
      temp,
      signal,
    });
    const { compressed, size } = await measure(made.archive);
    keep('baseline', key, { compressed, size });
    done(true);
    return { compressed, size, cached: false };
  } catch (error) {
    signal?.throwIfAborted();
    done(false, error instanceof Error ? error.message.split('\n')[0] : undefined);
    return undefined;
  }
}
