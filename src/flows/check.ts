import { runDafny } from '../engine/dafny.ts';
import { copyFiles, type ProofResult, type ProveOptions } from '../engine/proofs.ts';
import { runTlc } from '../engine/tlc.ts';
import type { LintReport } from '../lint/lint.ts';
import type { CheckItem, CheckReport, Drift } from '../model/check.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { brokenFiles } from '../plan/kept/broken.ts';
import type { Project } from '../project/project.ts';
import { driftOf } from '../reconcile/drift.ts';
import { type Evidence, evidenceFile, proofFiles, sha256 } from '../spec/evidence.ts';
import { writeFiles } from '../write/write.ts';
import { type Context, type ProjectReading, readProject, writeNotes } from './context.ts';
import { generateFrom, readForGenerating } from './generate.ts';
import { languageOf } from './language.ts';
import { dockerFilesItem, lintKept } from './lint.ts';
import type { FlowOptions } from './options.ts';
import { artifactsItem, openItem, specificationItems, valuesItem, wiringItem } from './readiness.ts';
import { selectApplications } from './selection.ts';
import { testsNotRun, testsRun } from './tests.ts';

/** What only the owner can say; without it nothing is decided, and the rest of the checklist still stands. */
const open: ReadonlySet<string> = new Set(['question-open', 'archetype-missing']);

export type CheckOptions = FlowOptions & {
  /** runs the project's own tests in a container, or with `onHost` on this machine, and ends them after so many milliseconds */
  readonly tests?: { readonly timeoutMs: number; readonly onHost?: boolean };
};

/** How ready the project is, and what changed since the artifacts were made, fact by fact. Changes nothing, and runs nothing but the tests, where asked. */
export async function check(options: CheckOptions, onProgress: OnProgress = () => undefined): Promise<CheckReport> {
  const reading = await readForGenerating(options);
  const generation = await generateFrom(reading, options, false).catch((error: unknown) => {
    if (error instanceof UserError && open.has(error.code)) return error;
    throw error;
  });
  if (generation instanceof UserError) return undecided(reading, options, generation, onProgress);
  const { context, artifacts, changes, last, edits, folder } = generation;
  const has = (path: string) => folder.read(path) !== undefined;
  const drift = driftOf({ artifacts, changes, last, decisions: context.plan.decisions, has });
  const remarks = await lintKept(context, context.chosen);
  const { chosen } = context;
  const perApplication: CheckItem[] = [];
  for (const [index, facts] of chosen.entries()) {
    const own = context.deployed?.members.find(({ root }) => root === facts.root);
    const decided = { plan: own?.plan ?? context.plan, lockfile: context.lockfiles[index] };
    const items = await applicationItems(context, facts, options, onProgress, decided);
    perApplication.push(...(chosen.length > 1 ? items.map((item) => ofApplication(item, facts)) : items));
  }
  return reportOf(
    [
      ...perApplication,
      ...specificationItems(context.specification),
      artifactsItem(drift),
      wiringItem(edits, context.plan),
      ...valuesItem(context.plan, folder),
      ...dockerFilesItem(
        remarks,
        chosen.flatMap((facts) => brokenFiles(facts, context.config, context.replaced)),
      ),
    ],
    drift,
    remarks,
  );
}

/** The checklist of a project whose deployment cannot be decided yet. */
async function undecided(
  reading: ProjectReading,
  options: CheckOptions,
  error: UserError,
  onProgress: OnProgress,
): Promise<CheckReport> {
  const { chosen } = selectApplications(reading.repository, options, reading.applications);
  const items: CheckItem[] = [];
  for (const facts of chosen) {
    const own = await applicationItems(reading, facts, options, onProgress);
    items.push(...(chosen.length > 1 ? own.map((item) => ofApplication(item, facts)) : own));
  }
  const remarks = await lintKept(reading, chosen);
  const broken = chosen.flatMap((facts) => brokenFiles(facts, reading.config));
  return reportOf(
    [...items, ...specificationItems(reading.specification), openItem(error), ...dockerFilesItem(remarks, broken)],
    { drifted: false, files: [], causes: [] },
    remarks,
  );
}

/** What only the language of an app can say: of its manifest, and of its lockfile. */
async function languageItems(project: Project, facts: Facts, lockfile: CheckItem | undefined): Promise<CheckItem[]> {
  const language = await languageOf(facts);
  return [language.manifestItem(project, facts), lockfile ?? (await language.lockfileItem(project, facts))];
}

/** A line of the checklist of one of several applications. */
const ofApplication = (item: CheckItem, { root }: Facts): CheckItem => ({ ...item, title: `${root}: ${item.title}` });

const applicationItems = async (
  reading: ProjectReading,
  facts: Facts,
  { tests, signal }: CheckOptions,
  onProgress: OnProgress,
  decided?: { readonly plan: Context['plan']; readonly lockfile: CheckItem | undefined },
): Promise<CheckItem[]> => [
  ...(await languageItems(reading.project, facts, decided?.lockfile)),
  tests
    ? await testsRun(
        facts,
        { ...tests, project: reading.project, root: reading.root, plan: decided?.plan, signal },
        onProgress,
      )
    : testsNotRun(facts),
];

const reportOf = (items: CheckItem[], drift: Drift, remarks?: LintReport): CheckReport => ({
  version: 1,
  ready: items.every((item) => item.ok),
  items,
  drift,
  ...(remarks && remarks.findings.length > 0 ? { findings: [...remarks.findings] } : {}),
  ...(remarks && remarks.notUnderstood.length > 0 ? { notUnderstood: [...remarks.notUnderstood] } : {}),
});

/** Ten minutes: a proof that takes longer belongs into a job of its own. Milliseconds. */
const patience = 600_000;

type Tool = Evidence['runs'][number]['tool'];

type Prover = {
  readonly tool: Tool;
  /** whether a file is run by itself; the others are parts of it */
  readonly isMain: (file: string, files: readonly string[]) => boolean;
  readonly prove: (file: string, options: ProveOptions) => Promise<ProofResult>;
};

const provers: readonly Prover[] = [
  { tool: 'dafny', isMain: (file) => file.endsWith('.dfy'), prove: runDafny },
  {
    tool: 'tlc',
    // modules without a configuration of their own are parts of others
    isMain: (file, files) => file.endsWith('.tla') && files.includes(file.replace(/\.tla$/, '.cfg')),
    prove: runTlc,
  },
];

type ProofOptions = FlowOptions & { readonly now: string; readonly timeoutMs?: number };

type FileProving = { readonly file: string; readonly proving: ProofResult };

/** Proves the main files among copies of `files`, which are all that the tool gets to see. */
async function proveFiles(
  { isMain, prove, tool }: Prover,
  files: readonly string[],
  options: ProofOptions,
  onProgress: OnProgress,
): Promise<FileProving[]> {
  const mains = files.filter((file) => isMain(file, files));
  if (mains.length === 0) return [];
  const copies = copyFiles(options.cwd, files);
  const provings: FileProving[] = [];
  try {
    for (const file of mains) {
      onProgress({ type: 'step', id: file, title: `${tool} proves ${file}` });
      const started = performance.now();
      const limits = { timeoutMs: options.timeoutMs ?? patience, signal: options.signal };
      const proving = await prove(file, { copies, ...limits });
      const seconds = (performance.now() - started) / 1000;
      onProgress({ type: 'done', id: file, ok: proving.verified, seconds, note: proving.summary });
      provings.push({ file, proving });
    }
    return provings;
  } finally {
    copies.remove();
  }
}

/**
 * Runs Dafny and TLC over the specification's own files and keeps the results with a hash of each proved file. `now` is the ISO time
 * that the record gets; each proof is ended after `timeoutMs`. Returns the record, and the proofs that failed with the output of the tool.
 */
export async function recordProofs(
  options: ProofOptions,
  onProgress: OnProgress = () => undefined,
): Promise<{ readonly evidence: Evidence; readonly failed: readonly FileProving[] }> {
  const { project, folder } = await readProject(options);
  for (const note of writeNotes(folder)) options.onWarning?.(note);
  const runs: Evidence['runs'] = [];
  const failed: FileProving[] = [];
  for (const prover of provers) {
    const files = proofFiles(project, prover.tool);
    const provings = await proveFiles(prover, files, options, onProgress);
    if (provings.length === 0) continue;
    const bad = provings.filter(({ proving }) => !proving.verified);
    failed.push(...bad);
    runs.push({
      tool: prover.tool,
      result: bad.length > 0 ? 'failed' : 'verified',
      summary: (bad[0] ?? provings[0])?.proving.summary ?? '',
      at: options.now,
      files: Object.fromEntries(files.map((file) => [file, sha256(project.read(file) ?? '')])),
    });
  }
  if (runs.length === 0) {
    throw new UserError({
      code: 'nothing-to-prove',
      message: 'There are no Dafny files in specs/dafny and no TLA+ models with a .cfg in specs/tla',
      next: ['Add them, or remove `--record`.'],
    });
  }
  const evidence: Evidence = { version: 1, runs };
  const file = evidenceFile(evidence);
  const before = folder.read(file.path)?.content;
  writeFiles(options.cwd, [{ ...file, mode: 0o644, base: before === undefined ? null : sha256(before) }]);
  return { evidence, failed };
}
