import { z } from './zod.ts';

/** Where something was read. `file` is relative to the project, with `/`; `line` is 1-based and never reaches an artifact. */
export const Evidence = z
  .strictObject({
    file: z.string().optional().describe('file of the project, relative to its root'),
    line: z.number().int().positive().optional(),
    assertion: z.string().optional().describe('id of an assertion of the specification'),
    why: z.string().describe('what was seen there, as a short sentence'),
  })
  .readonly();
export type Evidence = z.infer<typeof Evidence>;

/** Who decided: a flag overrides configuration, configuration overrides detection, a stated default fills the rest. */
export const DecidedBy = z.enum(['flag', 'config', 'detected', 'default']);
export type DecidedBy = z.infer<typeof DecidedBy>;

/** Something that could not be understood. `ask` is the configuration key that answers it. */
export const Unknown = z
  .strictObject({
    why: z.string(),
    ask: z.string(),
    choices: z.array(z.string()).optional().describe('possible answers, the most likely first'),
    from: z.array(Evidence),
  })
  .readonly();
export type Unknown = z.infer<typeof Unknown>;

/** The schema of a value that says who decided it and from what. */
export const known = <T extends z.ZodType>(value: T) =>
  z.strictObject({ value, by: DecidedBy, from: z.array(Evidence) }).readonly();

/** A value, who decided it, and what it was decided from. */
export type Known<T> = { readonly value: T; readonly by: DecidedBy; readonly from: readonly Evidence[] };
