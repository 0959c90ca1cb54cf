import { z } from './zod.ts';

/** What `dockwright tag --json` prints of an application. */
export const TagReport = z
  .strictObject({
    tags: z.array(z.string()).describe('names of the image, with the registry if one is set'),
    dirty: z.boolean().describe('the files differ from the commit'),
    why: z.string().optional().describe('the first difference; absent: none'),
    leftOut: z.array(z.string()).optional().describe('tags that were left out, and why; absent: none'),
    applied: z.boolean().describe('whether the local image has them now'),
  })
  .readonly();
export type TagReport = z.infer<typeof TagReport>;

/** The result of a command about images: of the application, or of each of several. */
export type PerApp<T> =
  | { readonly several: false; readonly report: T }
  | { readonly several: true; readonly apps: readonly ({ readonly app: string } & T)[] };

/** What `dockwright push --json` prints of an application. */
export const PushReport = z
  .strictObject({
    digest: z
      .string()
      .describe('digest of the manifest in the registry, or of the index if there are several platforms'),
    tags: z.array(z.string()).describe('tags that now point to it'),
    run: z.string().describe('the command that runs it'),
    stages: z
      .array(z.strictObject({ variable: z.string(), image: z.string() }))
      .optional()
      .describe('other stages that production starts, by the variables that set their images; absent: none'),
    attested: z
      .array(z.enum(['provenance', 'sbom']))
      .optional()
      .describe('attestations of the image by its builder; absent: none'),
    verify: z
      .string()
      .optional()
      .describe('the command that verifies the signature, by the same key and log; absent: it was not signed'),
    uploaded: z.number().int().describe('layers that were uploaded'),
    bytes: z.number().describe('size of these layers'),
    leftOut: z.array(z.string()).optional().describe('tags that were left out, and why; absent: none'),
  })
  .readonly();
export type PushReport = z.infer<typeof PushReport>;

/** What `dockwright sign --json` prints of an application. */
export const SignReport = z
  .strictObject({
    digest: z.string().describe('the image that was pushed last and is signed now'),
    verify: z.string().describe('the command that verifies the signature, by the same key and log'),
  })
  .readonly();
export type SignReport = z.infer<typeof SignReport>;

/** The steps of `dockwright deploy`, in their order. */
export const deploySteps = ['check', 'generate', 'build', 'verify', 'scan', 'tag', 'push'] as const;
export type DeployStep = (typeof deploySteps)[number];

/** What `dockwright deploy --json` prints of an application, also where it stopped. */
export const DeployReport = z
  .strictObject({
    steps: z.array(
      z.strictObject({
        id: z.enum(deploySteps),
        status: z.enum(['pass', 'fail', 'skipped']),
        note: z.string().optional().describe('what was observed, or why it was skipped'),
      }),
    ),
    digest: z.string().optional().describe('digest of the image; absent: none was built'),
    tags: z.array(z.string()),
    run: z.string().optional().describe('the command that runs the pushed image; absent: nothing was pushed'),
    stages: z
      .array(z.strictObject({ variable: z.string(), image: z.string() }))
      .optional()
      .describe('other stages that were pushed, by the variables that set their images in production; absent: none'),
    verify: z.string().optional().describe('the command that verifies the signature; absent: it was not signed'),
    size: z.number().optional().describe('bytes, compressed as in a registry'),
    artifacts: z.array(z.string()).optional().describe('existing files of the deployment; absent: not checked'),
    assertions: z.string().optional().describe('how much of the specification is proved; absent: no specification'),
    verification: z.string().optional().describe('what was proved about the running image; absent: nothing'),
    registry: z.string().optional().describe('where the image is pushed, as HOST/NAME; absent: not set'),
    error: z
      .strictObject({ code: z.string(), message: z.string(), next: z.array(z.string()) })
      .optional()
      .describe('why it stopped; absent: it completed'),
  })
  .readonly();
export type DeployReport = z.infer<typeof DeployReport>;
