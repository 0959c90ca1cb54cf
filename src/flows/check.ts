import { type Proving, runDafny } from '../engine/dafny.ts';
import { runTlc } from '../engine/tlc.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import { type Evidence, evidenceFile, proofFiles, sha256 } from '../spec/evidence.ts';
import { readTarget, writeFiles } from '../write/write.ts';
import { readProject } from './context.ts';
import { generate } from './generate.ts';
import type { FlowOptions } from './options.ts';

/** One line of the checklist. */
export type CheckItem = {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly next?: string;
};
export type CheckReport = { readonly items: readonly CheckItem[]; readonly ready: boolean };

/** How far the specification is proved, and whether the artifacts are what would be generated now. Changes nothing. */
export async function check(options: FlowOptions): Promise<CheckReport> {
  const { context, changes, edits } = await generate(options);
  const { specification } = context;
  const items: CheckItem[] = [];
  if (specification) {
    const { confirmed, counted } = specification;
    items.push({
      id: 'confirmed',
      title: 'all assertions are confirmed',
      ok: counted > 0 && confirmed === counted,
      detail: `${confirmed} of ${counted}`,
      next: 'confirm or deny the open ones in specs/assertions.json',
    });
    for (const [id, title, proof] of [
      ['dafny', 'Dafny proofs', specification.dafny],
      ['tlc', 'TLC models', specification.tlc],
    ] as const) {
      if (proof.status !== 'absent')
        items.push({
          id,
          title: `${title} are in date`,
          ok: proof.status === 'verified',
          detail: proof.why,
          next: 'run `dockwright check --record`',
        });
    }
  }
  const open = changes.filter((change) => !['same', 'keep'].includes(change.act));
  items.push({
    id: 'artifacts',
    title: 'the artifacts follow the project and its specification',
    ok: open.length === 0,
    detail:
      open.length === 0 ? `${changes.length} files` : open.map((change) => `${change.path}: ${change.why}`).join('; '),
    next: 'run `dockwright` and look at the diff',
  });
  items.push({
    id: 'wiring',
    title: 'the health routes are wired in',
    ok: edits.length === 0 && context.plan.manual.length === 0,
    detail:
      edits.length === 0 && context.plan.manual.length === 0
        ? 'nothing is left to do'
        : [...edits.map((edit) => edit.path), ...context.plan.manual.map((one) => one.file ?? '')].join(', '),
    next: 'run `dockwright`: it offers the edit, or the lines to paste',
  });
  const shown = items.map(({ next, ...item }) => (item.ok || next === undefined ? item : { ...item, next }));
  return { items: shown, ready: items.every((item) => item.ok) };
}

/** Ten minutes: a proof that takes longer belongs into a job of its own. Milliseconds. */
const patience = 600_000;

const provers: readonly { tool: 'dafny' | 'tlc'; runs: (file: string) => boolean; prove: typeof runDafny }[] = [
  { tool: 'dafny', runs: (file) => file.endsWith('.dfy'), prove: runDafny },
  // modules without a configuration of their own are parts of others
  { tool: 'tlc', runs: (file) => file.endsWith('.tla'), prove: runTlc },
];

/**
 * Runs Dafny and TLC over the specification's own files and keeps the results with a hash of each proved file. `now` is the ISO time
 * that the record gets. Returns the record, and the proofs that failed with the output of the tool.
 */
export async function recordProofs(
  options: FlowOptions & { readonly now: string },
  onProgress: OnProgress = () => undefined,
): Promise<{ readonly evidence: Evidence; readonly failed: readonly { file: string; proving: Proving }[] }> {
  const { project } = await readProject(options);
  const runs: Evidence['runs'] = [];
  const failed: { file: string; proving: Proving }[] = [];
  for (const { tool, runs: isRun, prove } of provers) {
    const files = proofFiles(project, tool);
    const mains = files.filter(
      (file) => isRun(file) && (tool !== 'tlc' || files.includes(file.replace(/\.tla$/, '.cfg'))),
    );
    const provings: Proving[] = [];
    for (const file of mains) {
      onProgress({ type: 'step', id: file, title: `${tool} proves ${file}` });
      const started = performance.now();
      const proving = await prove(file, { cwd: options.cwd, timeoutMs: patience, signal: options.signal });
      onProgress({
        type: 'done',
        id: file,
        ok: proving.verified,
        seconds: (performance.now() - started) / 1000,
        note: proving.summary,
      });
      provings.push(proving);
      if (!proving.verified) failed.push({ file, proving });
    }
    if (provings.length === 0) continue;
    const bad = provings.find((proving) => !proving.verified);
    const hashes = Object.fromEntries(files.map((file) => [file, sha256(project.read(file) ?? '')]));
    runs.push({
      tool,
      result: bad ? 'failed' : 'verified',
      summary: (bad ?? provings[0])?.summary ?? '',
      at: options.now,
      files: hashes,
    });
  }
  if (runs.length === 0) {
    throw new UserError({
      code: 'nothing-to-prove',
      message: 'there are no Dafny files in specs/dafny and no TLA+ models with a .cfg in specs/tla',
      next: ['put them there, or leave out --record'],
    });
  }
  const evidence: Evidence = { version: 1, runs };
  const file = evidenceFile(evidence);
  const before = readTarget(options.cwd, file.path)?.content;
  writeFiles(options.cwd, [{ ...file, mode: 0o644, base: before === undefined ? null : sha256(before) }]);
  return { evidence, failed };
}
