import { z } from './zod.ts';

export const Severity = z
  .enum(['error', 'warning', 'info'])
  .describe(
    'error: it fails, loses data or gives away a secret; warning: it will hurt in production; info: it could be better',
  );
export type Severity = z.infer<typeof Severity>;

/** A change of one file that would fix a finding. Offsets are UTF-16 units of the text that was judged. */
export const FixEdit = z
  .strictObject({ file: z.string(), start: z.number().int(), end: z.number().int(), text: z.string() })
  .readonly();
export type FixEdit = z.infer<typeof FixEdit>;

export const Fix = z
  .strictObject({
    safety: z
      .enum(['safe', 'suggested'])
      .describe('safe: does not change what runs; suggested: must be reviewed first'),
    description: z.string().describe('what to do, as a sentence'),
    edits: z.array(FixEdit).optional().describe('absent: must be fixed by hand'),
  })
  .readonly();
export type Fix = z.infer<typeof Fix>;

/** A remark on a Docker file of the author. */
export const Finding = z
  .strictObject({
    rule: z.string().describe('name of the rule, and of its page in docs/reference/rules/'),
    severity: Severity,
    message: z.string().describe('what is wrong, as a sentence'),
    why: z.string().describe('why it matters, as a sentence'),
    file: z.string(),
    line: z.number().int().describe('1-based'),
    endLine: z.number().int().optional(),
    fix: Fix.optional(),
  })
  .readonly();
export type Finding = z.infer<typeof Finding>;

/** What could not be read, so that no rule judged it. */
export const NotUnderstood = z
  .strictObject({ file: z.string(), line: z.number().int().optional(), message: z.string() })
  .readonly();
export type NotUnderstood = z.infer<typeof NotUnderstood>;
