import { Evidence } from './evidence.ts';
import { Finding } from './finding.ts';
import { z } from './zod.ts';

/** One item of the runtime contract, and what was seen. */
export const ContractItem = z
  .strictObject({
    id: z.string().describe('stable and kebab-case, such as non-root'),
    number: z.number().int().describe('number of the requirement, 1 to 10'),
    title: z.string(),
    status: z.enum(['pass', 'fail', 'not-applicable', 'not-proved']),
    evidence: z.array(z.string()).describe('what was measured or observed, one short sentence each'),
    next: z.string().optional().describe('what to do next, or what would prove it'),
    causes: z
      .array(Finding)
      .optional()
      .describe("lines of the author's Docker files that may cause the failure; absent: none known"),
    places: z
      .array(Evidence)
      .optional()
      .describe('lines of those files that the item is about, without a known problem'),
  })
  .readonly();
export type ContractItem = z.infer<typeof ContractItem>;

/** What became of a key of the compose files: everything that verify does not start as it is written. */
export const IsolationNote = z
  .strictObject({
    service: z.string().optional().describe('the service with the key; absent: a top-level key'),
    key: z.string().describe('with dots, such as volumes, build.ssh, or configs.NAME'),
    action: z.enum(['replaced', 'dropped', 'refused', 'allowed']),
    why: z.string(),
    place: z.strictObject({ file: z.string(), line: z.number().int() }).optional(),
  })
  .readonly();
export type IsolationNote = z.infer<typeof IsolationNote>;

export const VerifyReport = z
  .strictObject({
    image: z.string(),
    overrides: z.array(z.string()).describe('how this run differs from production, one sentence each'),
    isolation: z.array(IsolationNote).describe('keys of the compose files that the run changed or left out'),
    items: z.array(ContractItem).describe('of the main workload'),
    workload: z.string().optional().describe('name of the main workload; absent: it is the only one'),
    others: z
      .array(
        z
          .strictObject({
            name: z.string().describe('of the service in the compose file'),
            shape: z.enum(['service', 'site', 'worker', 'job', 'schedule', 'command']),
            image: z.string(),
            items: z.array(ContractItem),
          })
          .readonly(),
      )
      .optional()
      .describe('other services that run the application, started in the same project; absent: none'),
    built: z
      .array(z.string())
      .optional()
      .describe(
        'digests of the images that were built and started (manifests and configurations); absent: nothing was built',
      ),
    findings: z.array(Finding).optional().describe('findings in existing Docker files; absent: none'),
  })
  .readonly();
export type VerifyReport = z.infer<typeof VerifyReport>;

/** The commit of a working tree, and whether its files are those of the commit. */
export const Revision = z
  .strictObject({
    commit: z.string().describe('hex digits'),
    version: z
      .string()
      .optional()
      .describe('output of `git describe --tags --always` for the commit; absent: no image uses it'),
    time: z.number().describe('time of the commit, in seconds since 1970'),
    state: z.enum(['clean', 'dirty', 'unknown']).describe('unknown: the files could not be compared with the commit'),
    why: z.string().optional().describe('the first difference, or why the files could not be compared'),
    notCompared: z.array(z.string()).describe('submodules and files with a Git filter, which were not compared'),
  })
  .readonly();
export type Revision = z.infer<typeof Revision>;

const Layers = z.array(z.strictObject({ instruction: z.string(), size: z.number().describe('bytes') }));

export const BuildReport = z
  .strictObject({
    image: z.string(),
    revision: Revision.optional().describe('absent: no git repository, or no commit'),
    digest: z.string(),
    compressed: z.number().describe('bytes, compressed with gzip as in a registry'),
    size: z.number().describe('bytes, unpacked'),
    layers: Layers,
    baseline: z
      .strictObject({ compressed: z.number(), size: z.number(), cached: z.boolean() })
      .optional()
      .describe('a single-stage build of the same app'),
    seconds: z.number(),
    others: z
      .array(
        z
          .strictObject({
            image: z.string(),
            digest: z.string(),
            compressed: z.number().describe('bytes, gzip'),
            size: z.number().describe('bytes, unpacked'),
            layers: Layers,
            seconds: z.number(),
          })
          .readonly(),
      )
      .optional()
      .describe('the other images of an author’s files; absent: there is one'),
    secrets: z
      .array(z.strictObject({ name: z.string(), value: z.enum(['shell', 'empty', 'throwaway']) }))
      .optional()
      .describe('build secrets and their source: the environment, or unset; absent: none'),
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
