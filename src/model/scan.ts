import { scannerNames, scanSeverities } from './scan-words.ts';
import { z } from './zod.ts';

/** Where a part of an image comes from. */
const origin = {
  instruction: z
    .string()
    .optional()
    .describe('the instruction that made the layer, secrets hidden; absent: the scanner names no layer'),
  line: z
    .number()
    .int()
    .optional()
    .describe(
      'of this instruction in the Dockerfile; absent: the image was not built from the Dockerfile as it is now',
    ),
};

export const ScanFinding = z
  .strictObject({
    id: z.string().describe('the CVE where there is one'),
    aliases: z.array(z.string()).describe('other names of the same'),
    severity: z.enum([...scanSeverities, 'unknown']),
    package: z.string(),
    version: z.string().describe('the one in the image'),
    fixed: z.string().optional().describe('the version without it, several with commas; absent: there is none'),
    title: z.string().optional(),
    path: z.string().optional().describe('in the image; absent: the scanner names none, as for packages of the system'),
    ...origin,
  })
  .readonly();
export type ScanFinding = z.infer<typeof ScanFinding>;

export const ScanSecret = z
  .strictObject({
    id: z.string().describe('the name for scan-ignore.json'),
    path: z.string().describe('of the file, or what of the configuration of the image holds it'),
    what: z.string().describe('what it is; its value is shown nowhere'),
    ...origin,
  })
  .readonly();
export type ScanSecret = z.infer<typeof ScanSecret>;

/** What `dockwright scan --json` prints of an application. */
export const ScanReport = z
  .strictObject({
    image: z.string(),
    digest: z.string().describe('of the image that was scanned, as the engine names it'),
    scanner: z
      .strictObject({ name: z.enum(scannerNames), version: z.string() })
      .optional()
      .describe('absent: there was none, so vulnerabilities were not looked for'),
    database: z
      .strictObject({
        state: z.enum(['current', 'old', 'missing', 'remote']).describe('remote: the scanner asks a service'),
        date: z.string().optional().describe('when it was made; absent: not known'),
      })
      .optional()
      .describe('what the scanner compared with; absent: there was no scanner'),
    notProved: z.array(z.string()).describe('what this scan says nothing about, and why; empty: nothing'),
    counts: z
      .strictObject({
        critical: z.number().int(),
        high: z.number().int(),
        medium: z.number().int(),
        low: z.number().int(),
        unknown: z.number().int().optional().describe('absent: none'),
      })
      .describe('of the findings'),
    findings: z.array(ScanFinding),
    secrets: z.array(ScanSecret),
    ignored: z
      .array(z.strictObject({ id: z.string(), reason: z.string(), expires: z.string().optional() }))
      .optional()
      .describe('what scan-ignore.json took out; absent: nothing'),
    expired: z
      .array(z.strictObject({ id: z.string(), reason: z.string(), expires: z.string() }))
      .optional()
      .describe('entries of scan-ignore.json whose time is over, so that what they name counts; absent: none'),
    pushed: z
      .strictObject({
        digest: z.string(),
        new: z.array(z.string()).describe('id and package'),
        fixed: z.array(z.string()),
        still: z.array(z.string()),
      })
      .optional()
      .describe('compared with the image that was pushed last; absent: none was pushed, or it was not scanned'),
    dockerfile: z.string().describe('the file that the lines are of'),
    failed: z.array(z.string()).describe('why the exit code is 1, a sentence each; empty: it is 0'),
  })
  .readonly();
export type ScanReport = z.infer<typeof ScanReport>;
