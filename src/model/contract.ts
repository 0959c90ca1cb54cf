import { z } from './zod.ts';

/** One item of the runtime contract, and what was seen. */
export const ContractItem = z
  .strictObject({
    id: z.string().describe('stable and kebab-case, such as non-root'),
    number: z.number().int().describe('of REQUIREMENTS, 1 to 10'),
    title: z.string(),
    status: z.enum(['pass', 'fail', 'not-applicable', 'not-proved']),
    evidence: z.array(z.string()).describe('what was measured or seen, a short sentence each'),
    next: z.string().optional().describe('what to do, or what would prove it'),
  })
  .readonly();
export type ContractItem = z.infer<typeof ContractItem>;

export const VerifyReport = z
  .strictObject({
    image: z.string(),
    overrides: z.array(z.string()).describe('how this run differs from production, one sentence each'),
    items: z.array(ContractItem),
  })
  .readonly();
export type VerifyReport = z.infer<typeof VerifyReport>;

export const BuildReport = z
  .strictObject({
    image: z.string(),
    digest: z.string(),
    compressed: z.number().describe('bytes, gzip, as a registry would hold it'),
    size: z.number().describe('bytes, unpacked'),
    layers: z.array(z.strictObject({ instruction: z.string(), size: z.number().describe('bytes') })),
    baseline: z
      .strictObject({ compressed: z.number(), size: z.number(), cached: z.boolean() })
      .optional()
      .describe('a single-stage build of the same app'),
    seconds: z.number(),
    secrets: z
      .array(z.strictObject({ name: z.string(), value: z.enum(['shell', 'empty', 'throwaway']) }))
      .optional()
      .describe('build secrets, and what each got: the value of the shell, or nothing as it is not set; absent: none'),
    next: z.array(z.string()),
  })
  .readonly();
export type BuildReport = z.infer<typeof BuildReport>;

/** What a long task tells while it runs; the front end prints it. */
export type Progress =
  | { readonly type: 'step'; readonly id: string; readonly title: string }
  | { readonly type: 'log'; readonly id: string; readonly line: string }
  | {
      readonly type: 'done';
      readonly id: string;
      readonly ok: boolean;
      readonly seconds: number;
      readonly note?: string;
    };
export type OnProgress = (event: Progress) => void;
