import { scannerNames, scanSeverities } from './scan-words.ts';
import { z } from './zod.ts';

/** Where a part of an image comes from. */
const origin = {
  instruction: z
    .string()
    .optional()
    .describe('the instruction that created the layer, with secrets hidden; absent: the scanner reports no layer'),
  line: z
    .number()
    .int()
    .optional()
    .describe('line of this instruction in the Dockerfile; absent: the Dockerfile has changed since the build'),
};

export const ScanFinding = z
  .strictObject({
    id: z.string().describe('the CVE number, if it has one'),
    aliases: z.array(z.string()).describe('other names of the same vulnerability'),
    severity: z.enum([...scanSeverities, 'unknown']),
    package: z.string(),
    version: z.string().describe('the version in the image'),
    fixed: z.string().optional().describe('the fixed version, or several separated by commas; absent: none'),
    title: z.string().optional(),
    path: z.string().optional().describe('path in the image; absent: the scanner reports none, as for system packages'),
    ...origin,
  })
  .readonly();
export type ScanFinding = z.infer<typeof ScanFinding>;

export const ScanSecret = z
  .strictObject({
    id: z.string().describe('the name for scan-ignore.json'),
    path: z.string().describe('path of the file, or the part of the image configuration that contains it'),
    what: z.string().describe('what kind of secret it is; the value is never shown'),
    ...origin,
  })
  .readonly();
export type ScanSecret = z.infer<typeof ScanSecret>;

/** What `dockwright scan --json` prints of an application. */
export const ScanReport = z
  .strictObject({
    image: z.string(),
    digest: z.string().describe('id of the scanned image in the engine'),
    scanner: z
      .strictObject({ name: z.enum(scannerNames), version: z.string() })
      .optional()
      .describe('absent: no scanner was found, so vulnerabilities were not checked'),
    database: z
      .strictObject({
        state: z.enum(['current', 'old', 'missing', 'remote']).describe('remote: the scanner uses a service'),
        date: z.string().optional().describe('when it was built; absent: unknown'),
      })
      .optional()
      .describe('the vulnerability database of the scanner; absent: no scanner was found'),
    notProved: z.array(z.string()).describe('what this scan did not cover, and why; empty: nothing'),
    counts: z
      .strictObject({
        critical: z.number().int(),
        high: z.number().int(),
        medium: z.number().int(),
        low: z.number().int(),
        unknown: z.number().int().optional().describe('absent: none'),
      })
      .describe('counts of the findings'),
    findings: z.array(ScanFinding),
    secrets: z.array(ScanSecret),
    ignored: z
      .array(z.strictObject({ id: z.string(), reason: z.string(), expires: z.string().optional() }))
      .optional()
      .describe('findings that scan-ignore.json excludes; absent: none'),
    expired: z
      .array(z.strictObject({ id: z.string(), reason: z.string(), expires: z.string() }))
      .optional()
      .describe('expired entries of scan-ignore.json, whose findings count again; absent: none'),
    pushed: z
      .strictObject({
        digest: z.string(),
        new: z.array(z.string()).describe('id and package'),
        fixed: z.array(z.string()),
        still: z.array(z.string()),
      })
      .optional()
      .describe('compared with the image that was pushed last; absent: nothing was pushed, or it was not scanned'),
    dockerfile: z.string().describe('the file that the lines refer to'),
    failed: z.array(z.string()).describe('reasons for exit code 1, one sentence each; empty: the exit code is 0'),
  })
  .readonly();
export type ScanReport = z.infer<typeof ScanReport>;
