import { resolve } from 'node:path';
import { needEngine } from '../engine/docker.ts';
import { findImage } from '../engine/images.ts';
import type { Registry } from '../engine/registry/client.ts';
import type { BuildReport, OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import { isProved } from '../model/proved.ts';
import { type DeployReport, type DeployStep, deploySteps, type PerApp, type PushReport } from '../model/shipping.ts';
import { visible } from '../model/visible.ts';
import { readNote } from '../write/notes.ts';
import { appendSummary } from '../write/summary.ts';
import { build } from './build.ts';
import { check } from './check.ts';
import { loadContext } from './context.ts';
import { conflictIn, generate, writeGeneration } from './generate.ts';
import { openRegistries, type PushOptions, pushAll, signingFor } from './push.ts';
import { countsText, scan, worstOf } from './scan.ts';
import type { SecretOptions } from './secrets.ts';
import { needRegistry, type Shipped, shippedOf } from './shipped.ts';
import type { Signing } from './sign.ts';
import { perApp, readHeadOf, tag } from './tag.ts';
import { composeHash, verify } from './verify.ts';

export type DeployOptions = PushOptions &
  SecretOptions & {
    /** the first step that runs; default: check */
    readonly from?: DeployStep;
    /** the last one; default: push */
    readonly until?: DeployStep;
    /** says what would run, and runs nothing */
    readonly dryRun?: boolean;
    /** writes what would be generated now; without it drift stops the deployment */
    readonly write?: boolean;
  };

type StepRow = DeployReport['steps'][number];

/** What the steps learn and hand on. */
type Progress = {
  readonly options: DeployOptions;
  readonly onProgress: OnProgress | undefined;
  readonly registries: readonly Registry[];
  readonly signing: Signing | undefined;
  built: BuildReport | undefined;
  scanned: ReadonlyMap<string, string> | undefined;
  tags: readonly string[];
  pushed: PerApp<PushReport> | undefined;
  artifacts: readonly string[] | undefined;
  verification: string | undefined;
};

/** How a step ended: what was seen, or that there was nothing to do. */
type Outcome = { readonly status: 'pass' | 'skipped'; readonly note?: string };

/** Longest time of the tests of the project. Milliseconds. */
const TESTS = 600_000;

const steps: Readonly<Record<DeployStep, (state: Progress) => Promise<Outcome>>> = {
  check: checkStep,
  generate: generateStep,
  build: buildStep,
  verify: verifyStep,
  scan: scanStep,
  tag: tagStep,
  push: pushStep,
};

/** From a checkout to a pushed digest, step by step; stops at the first thing that is not right. `code` is the exit code. */
export async function deploy(
  options: DeployOptions,
  onProgress?: OnProgress,
): Promise<{ readonly code: number; readonly result: PerApp<DeployReport> }> {
  const wanted = stepsOf(options);
  const context = await loadContext(options);
  const shipped = shippedOf(context);
  const pushes = wanted.includes('push');
  if (pushes) needRegistry(shipped);
  const registries = pushes && !options.dryRun ? await openRegistries(shipped, options, onProgress) : [];
  const signing = pushes && !options.dryRun ? await signingFor(context, options, onProgress) : undefined;
  const state: Progress = {
    options,
    onProgress,
    registries,
    signing,
    built: undefined,
    scanned: undefined,
    tags: [],
    pushed: undefined,
    artifacts: undefined,
    verification: undefined,
  };
  const rows: StepRow[] = [];
  let stopped: UserError | undefined;
  for (const id of deploySteps) {
    const reason = stopped ? 'an earlier step failed' : wanted.includes(id) ? undefined : 'not requested';
    if (reason !== undefined || options.dryRun) rows.push({ id, status: 'skipped', note: reason ?? 'would run' });
    else {
      const outcome = await steps[id](state).catch((error: unknown) => error);
      if (outcome instanceof UserError) stopped = outcome;
      else if (outcome instanceof Error) throw outcome;
      rows.push(
        outcome instanceof UserError ? { id, status: 'fail', note: outcome.message } : { id, ...(outcome as Outcome) },
      );
    }
  }
  const assertions = context.plan.specification?.summary;
  const reports = shipped.map((item) => ({
    app: item.app,
    report: { ...reportFor(item, rows, state, stopped), ...(assertions === undefined ? {} : { assertions }) },
  }));
  if (!options.dryRun) appendSummary(summaryOf(reports));
  return { code: stopped?.exit ?? 0, result: perApp(reports) };
}

/** The steps that were asked for. */
function stepsOf({ from = 'check', until = 'push' }: DeployOptions): readonly DeployStep[] {
  const wanted = deploySteps.slice(deploySteps.indexOf(from), deploySteps.indexOf(until) + 1);
  if (wanted.length > 0) return wanted;
  throw new UserError({
    code: 'usage',
    message: `\`--from ${from}\` comes after \`--until ${until}\`, so there are no steps to run.`,
    next: [`The steps are ${deploySteps.join(', ')}.`],
  });
}

/** Lines of the checklist that the step after it decides on. */
const ofGenerate: ReadonlySet<string> = new Set(['artifacts', 'wiring']);

async function checkStep({ options, onProgress }: Progress): Promise<Outcome> {
  const { items } = await check({ ...options, tests: { timeoutMs: TESTS } }, onProgress);
  const failed = items.filter(({ id, ok }) => !ok && !ofGenerate.has(id));
  if (failed.length === 0) return { status: 'pass' };
  throw new UserError({
    code: 'not-ready',
    message: failed.map(({ title, detail }) => `${title}: ${detail}`),
    next: failed
      .flatMap(({ next }) => (next === undefined ? [] : [next]))
      .concat('For details, run `dockwright check --tests`.'),
    exit: 1,
  });
}

async function generateStep(state: Progress): Promise<Outcome> {
  const { options } = state;
  const generation = await generate(options);
  state.artifacts = generation.artifacts.map(({ path }) => path);
  const conflict = conflictIn(generation);
  if (conflict) throw conflict;
  const changed = [...generation.changes, ...generation.edits].filter(
    ({ content, conflicts }) => content !== undefined || conflicts !== undefined,
  );
  if (changed.length === 0) return { status: 'pass', note: 'generated files are up to date' };
  const names = changed.map(({ path }) => path).join(', ');
  if (options.write) {
    await writeGeneration(generation, { edits: true, env: false });
    return { status: 'pass', note: `wrote ${names}` };
  }
  throw new UserError({
    code: 'drift',
    message: `Generated files are out of date: ${names}.`,
    next: ['Run `dockwright` to review and write them, then commit.', 'Or let this command write them: `--yes`.'],
    exit: 1,
  });
}

async function buildStep(state: Progress): Promise<Outcome> {
  state.built = await build({ ...state.options, baseline: false }, state.onProgress);
  return { status: 'pass', note: state.built.digest };
}

/** A digest that was proved here, with the compose files that it is started by, is not proved again. */
async function verifyStep(state: Progress): Promise<Outcome> {
  const { options, onProgress } = state;
  const context = await loadContext(options);
  const root = resolve(options.cwd);
  await needEngine(options.signal);
  const known = await Promise.all(
    shippedOf(context).map(async ({ local }) => {
      const image = await findImage(local, options.signal);
      const note = image && readNote(root, 'verified', image.id);
      return typeof note === 'object' && note !== null && 'compose' in note && note.compose === composeHash(context);
    }),
  );
  if (known.length > 0 && known.every(Boolean)) {
    state.verification = 'already proved for this digest and these compose files';
    return { status: 'pass', note: state.verification };
  }
  const report = await verify(options, onProgress);
  const all = [...report.items, ...(report.others ?? []).flatMap(({ items }) => items)];
  state.verification = countedItems(all);
  if (isProved(report)) return { status: 'pass', note: state.verification };
  const failed = all.filter(({ status }) => status === 'fail');
  throw new UserError({
    code: 'not-proved',
    message: failed.map(({ title, evidence }) => `${title}: ${evidence[0] ?? 'it does not'}`),
    next: failed
      .flatMap(({ next }) => (next === undefined ? [] : [next]))
      .concat('For details, run `dockwright verify`.'),
    exit: 1,
  });
}

/** Without a threshold only critical vulnerabilities that have a fix stop it, and secrets. */
async function scanStep(state: Progress): Promise<Outcome> {
  const { result } = await scan({ ...state.options, fixable: true }, state.onProgress);
  const reports = result.several ? result.apps : [result.report];
  state.scanned = new Map(reports.map(({ image, digest }) => [image, digest]));
  const failed = reports.flatMap((report) => report.failed.map((why) => ({ why, report })));
  if (failed.length > 0) {
    throw new UserError({
      code: 'scan-failed',
      message: failed.flatMap(({ why, report }) => [`${report.image}: ${why}`]).concat(reports.flatMap(worstOf)),
      next: [
        'For details and lines of the Dockerfile, run `dockwright scan`.',
        'To ignore a finding, add it to scan-ignore.json with a reason.',
      ],
      exit: 1,
    });
  }
  const notProved = reports.flatMap((report) => report.notProved);
  const over = reports.flatMap(({ expired = [] }) =>
    expired.map(({ id, expires }) => `${id} was ignored until ${expires}`),
  );
  if (notProved.length > 0)
    return { status: 'skipped', note: `not proved: ${notProved.join(' ')} No secret was found.` };
  return { status: 'pass', note: [...reports.map(countsText), ...over].join('; ') };
}

/** The items of the contract by how they ended. */
function countedItems(items: readonly { readonly status: string }[]): string {
  const words = { pass: 'proved', fail: 'failed', 'not-proved': 'not proved' };
  return Object.entries(words)
    .map(([status, word]) => [items.filter((item) => item.status === status).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

async function tagStep(state: Progress): Promise<Outcome> {
  const result = await tag(state.options);
  state.tags = (result.several ? result.apps : [result.report]).flatMap(({ tags }) => tags);
  return { status: 'pass', note: state.tags.join(', ') };
}

async function pushStep(state: Progress): Promise<Outcome> {
  const { options, registries, signing, onProgress } = state;
  // what was written since is a part of the tree that is tagged
  const context = await loadContext(options);
  const head = await readHeadOf(context, options);
  const pushing = { ...options, ...(state.scanned ? { scanned: state.scanned } : {}) };
  state.pushed = await pushAll({ shipped: shippedOf(context), registries, signing, head }, pushing, onProgress);
  return { status: 'pass' };
}

function reportFor(
  { app, registry, repository }: Pick<Shipped, 'app' | 'registry' | 'repository'>,
  rows: readonly StepRow[],
  { built, tags, pushed, artifacts, verification }: Progress,
  stopped: UserError | undefined,
): DeployReport {
  const own = pushed?.several ? pushed.apps.find((item) => item.app === app) : pushed?.report;
  const digest = own?.digest ?? (app === undefined ? built?.digest : undefined);
  return {
    steps: [...rows],
    ...(digest === undefined ? {} : { digest }),
    tags: [...(own?.tags ?? tags)],
    ...(own ? { run: own.run } : {}),
    ...(own?.stages ? { stages: [...own.stages] } : {}),
    ...(own?.verify === undefined ? {} : { verify: own.verify }),
    ...(built && app === undefined ? { size: built.compressed } : {}),
    ...(artifacts ? { artifacts: [...artifacts] } : {}),
    ...(verification === undefined ? {} : { verification }),
    ...(registry ? { registry: repository } : {}),
    ...(stopped
      ? { error: { code: stopped.code, message: stopped.message, next: [...stopped.next, ...goingOn(rows)] } }
      : {}),
  };
}

/** What was tagged and proved stays so: after a failed upload nothing must be done again. An edit of the project asks for all of it. */
const goingOn = (rows: readonly StepRow[]): readonly string[] => {
  const failed = rows.find(({ status }) => status === 'fail');
  return failed?.id === 'tag' || failed?.id === 'push'
    ? [`Then continue from here: \`dockwright deploy --from ${failed.id}\`.`]
    : [];
};

/** The summary for a workflow run, in Markdown. */
function summaryOf(
  reports: readonly { readonly app: string | undefined; readonly report: DeployReport }[],
): readonly string[] {
  const cell = (text: string) => visible(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return reports.flatMap(({ app, report: { steps: all, digest, size, tags, error, ...seen } }) => [
    `## Deployment${app === undefined ? '' : ` of ${app}`}`,
    '',
    '| Step | Result | |',
    '| --- | --- | --- |',
    ...all.map(({ id, status, note = '' }) => `| ${id} | ${status} | ${cell(note)} |`),
    '',
    ...(digest === undefined ? [] : [`- Digest: \`${digest}\``]),
    ...(size === undefined ? [] : [`- Size: ${(size / 1e6).toFixed(1)} MB compressed`]),
    `- Verification: ${[all.find(({ id }) => id === 'verify')?.status ?? 'skipped', seen.verification].filter(Boolean).join(', ')}`,
    ...(seen.assertions === undefined ? [] : [`- Specification: ${cell(seen.assertions)}`]),
    ...(seen.registry === undefined ? [] : [`- Registry: \`${seen.registry}\``]),
    ...(seen.artifacts === undefined ? [] : [`- Files: ${seen.artifacts.map((path) => cell(path)).join(', ')}`]),
    ...tags.map((name) => `- \`${name}\``),
    ...(seen.run === undefined ? [] : [`- Run it: \`${seen.run}\``]),
    ...(seen.verify === undefined ? [] : [`- Signed; verify it: \`${seen.verify}\``]),
    ...(error ? ['', cell(error.message), ...error.next.map((step) => `- ${cell(step)}`)] : []),
  ]);
}
