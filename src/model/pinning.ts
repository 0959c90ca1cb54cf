import { z } from './zod.ts';

const place = { file: z.string(), line: z.number().int().describe('1-based, of the file as it was') };

/** What `dockwright pin --json` prints of an application. */
export const PinReport = z
  .strictObject({
    pins: z
      .array(
        z.strictObject({
          ...place,
          reference: z.string().describe('the image with its tag, or the action with its version'),
          pin: z.string().describe('digest or commit that it is pinned to then'),
          before: z.string().optional().describe('what it was pinned to; absent: nothing'),
          change: z.enum(['new', 'moved', 'same']),
        }),
      )
      .describe('everything that is pinned'),
    problems: z
      .array(z.strictObject({ ...place, reference: z.string(), why: z.string() }))
      .describe('pins of one platform, and those that no longer belong to their tag'),
    leftOut: z
      .array(z.strictObject({ ...place, text: z.string(), why: z.string() }))
      .describe('what has no pin, and why'),
    written: z.array(z.string()).describe('files that were written; empty: none'),
  })
  .readonly();
export type PinReport = z.infer<typeof PinReport>;
