import { DecidedBy, Evidence } from './evidence.ts';
import { Finding, NotUnderstood } from './finding.ts';
import { z } from './zod.ts';

/** One line of the readiness checklist. */
export const CheckItem = z
  .strictObject({
    id: z.string().describe('stable and kebab-case, such as lockfile'),
    title: z.string(),
    status: z
      .enum(['pass', 'fail', 'not-known', 'not-run'])
      .describe(
        'not-known: a file that it needs could not be read; not-run: it was not requested, or a program that it needs is missing',
      ),
    ok: z.boolean().describe('false: it fails, or was requested and could not be done, so the project is not ready'),
    detail: z.string(),
    next: z.string().optional().describe('what to do'),
    file: z.string().optional().describe('where to fix it'),
    line: z.number().int().optional(),
    log: z.string().optional().describe('file on this machine that holds the whole output'),
    output: z.array(z.string()).optional().describe('the last lines of the output, where it failed'),
  })
  .readonly();
export type CheckItem = z.infer<typeof CheckItem>;

/** How one generated file stands to what would be generated now. */
export const DriftState = z.enum([
  'in-step',
  'edited',
  'deleted',
  'yours',
  'leftover',
  'missing',
  'changed',
  'conflict',
]);
export type DriftState = z.infer<typeof DriftState>;

export const DriftFile = z
  .strictObject({
    path: z.string(),
    state: DriftState.describe(
      'edited: changed only by hand; yours: existed before Dockwright; leftover: no longer generated; missing: not generated yet',
    ),
    drifted: z.boolean(),
    why: z.string(),
  })
  .readonly();
export type DriftFile = z.infer<typeof DriftFile>;

/** Lines of one file that would change. */
export const DriftLines = z
  .strictObject({
    file: z.string(),
    start: z.number().int().describe('line of the file on disk (1-based); for new lines the one before which they go'),
    end: z.number().int().describe('the last one; start - 1 where lines are only added'),
    old: z.array(z.string()).describe('the lines that were generated last'),
    new: z.array(z.string()).describe('the lines that would be generated now'),
    mine: z.array(z.string()).optional().describe('the lines on disk, if they differ from both'),
  })
  .readonly();
export type DriftLines = z.infer<typeof DriftLines>;

/** A decision of the plan that would change lines. */
export const DriftDecision = z
  .strictObject({
    key: z.string().optional().describe('path of the plan; missing where lines are only removed'),
    choice: z.string(),
    why: z.string(),
    by: DecidedBy.optional(),
    lines: z.array(DriftLines),
  })
  .readonly();
export type DriftDecision = z.infer<typeof DriftDecision>;

/** Decisions that rest on the same evidence: what changed, said once. */
export const DriftCause = z
  .strictObject({
    why: z.string(),
    assertions: z.array(z.string()),
    from: z.array(Evidence),
    decisions: z.array(DriftDecision),
  })
  .readonly();
export type DriftCause = z.infer<typeof DriftCause>;

/** What changed in the project and its specification since the artifacts were made. Free of times and of paths of the machine. */
export const Drift = z
  .strictObject({ drifted: z.boolean(), files: z.array(DriftFile), causes: z.array(DriftCause) })
  .readonly();
export type Drift = z.infer<typeof Drift>;

export const CheckReport = z
  .strictObject({
    version: z.literal(1),
    ready: z.boolean(),
    items: z.array(CheckItem),
    drift: Drift,
    findings: z
      .array(Finding)
      .optional()
      .describe('findings in existing Docker files, the most important first; absent: none'),
    notUnderstood: z.array(NotUnderstood).optional().describe('parts of those files that no rule checked'),
  })
  .readonly();
/** The document that `check --json` prints. */
export type CheckReport = z.infer<typeof CheckReport>;
