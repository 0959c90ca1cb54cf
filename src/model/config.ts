import { Archetype } from './archetype.ts';
import { scanSeverities } from './scan-words.ts';
import { z } from './zod.ts';

const Variable = z
  .strictObject({
    required: z.boolean().optional().describe('the app does not start without it; default: what the source says'),
    secret: z.boolean().optional().describe('its value is shown nowhere; default: by its name and its use'),
    default: z.string().optional().describe('what the app takes where it is not set; default: what the source says'),
    purpose: z.string().optional().describe('the remark in .env.example; default: the comment in the source'),
  })
  .describe('what Dockwright should know of a variable that it misread');

const command = z.array(z.string()).min(1);
const route = z.string().regex(/^\/[\w\-.~/%]*$/, 'must be a path such as /live');
// what would leave the folder, be read as a flag, or break the line that it is written to
const included = z
  .string()
  .regex(/^(?![/-])(?!(.*\/)?\.\.(\/|$))\P{Cc}+$/u, 'must be a path inside the folder of the app, such as templates');
// each is a word of a command
const systemPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]*$/, 'must be the name of a package of Debian, such as ffmpeg');
const writable = z
  .string()
  .regex(/^(?!\/?$)(?!-)(?!(.*\/)?\.\.(\/|$))[^\p{Cc}:$]+$/u, 'must be a path such as data or /var/lib/app');

/** The keys of one application; where a repository holds several, they count for each that has none of its own under `apps`. */
const ofApplication = {
  archetype: Archetype.optional().describe('what is deployed; default: from the specification, else from the project'),
  runtime: z
    .string()
    .regex(/^[^@]+(@\d{1,5}(\.\d{1,5}){0,2}(-[\w.]+)?)?$/, 'must be NAME or NAME@VERSION')
    .optional()
    .describe('runtime and its version, as NAME@VERSION; default: what the project says'),
  manager: z.string().optional().describe('name of the package manager; default: what the lockfile says'),
  runtimeBase: z
    .enum(['distroless', 'slim'])
    .optional()
    .describe('base of the production image; default: distroless where nothing needs a shell'),
  entry: z
    .string()
    .optional()
    .describe('source file that the process starts with; default: what the start script comes to'),
  start: command
    .optional()
    .describe('command that starts the app, as a list of arguments; default: that of the start script'),
  build: command
    .optional()
    .describe('command that builds the app, as a list of arguments; default: that of the build script'),
  test: command
    .optional()
    .describe('command that runs the tests, as a list of arguments; default: that of the test script'),
  migrate: z
    .union([z.literal(false), command])
    .optional()
    .describe(
      'command that brings the database up to date before the app starts, as a list of arguments; false: none; default: that of the migration tool',
    ),
  processes: z
    .record(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a name such as mail-worker'),
      z.union([z.literal(false), command]),
    )
    .optional()
    .describe(
      'further processes of the image by name, each with its command as a list of arguments; false: none of this name; default: those of the Procfile and its kind, of scripts such as start:worker, and of what the start script starts beside the app',
    ),
  schedule: z
    .string()
    .optional()
    .describe(
      'when a data pipeline runs, as five fields of cron in UTC, such as 0 2 * * *; default: what the specification says, else none',
    ),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe('port that the app listens on; default: what the source says'),
  values: z
    .enum(['build', 'start'])
    .optional()
    .describe(
      'when the variables of a site get their values: the build writes them into its files, or each start of the container puts them in, so that one image serves everywhere; what the build compares with a fixed text is decided then all the same; default: build',
    ),
  include: z
    .array(included)
    .optional()
    .describe('further files that the running app reads; default: those that the source names'),
  writable: z
    .array(writable)
    .optional()
    .describe('paths that the running app writes; default: those that the source names'),
  system: z
    .union([
      z.array(systemPackage),
      z.strictObject({
        run: z.array(systemPackage).optional().describe('for the running app'),
        build: z.array(systemPackage).optional().describe('for installing and building'),
      }),
    ])
    .optional()
    .describe(
      'further packages of Debian that the running app needs, or those of each step; default: those of the programs that the source starts, and of packages that are known',
    ),
  health: z
    .strictObject({
      live: route
        .optional()
        .describe('path that answers while the process lives; default: that of the source, else /live'),
      ready: route
        .optional()
        .describe('path that answers while the app can serve; default: that of the source, else /ready'),
      generate: z.boolean().optional().describe('false: no health module is written; default: true'),
    })
    .optional()
    .describe('the health routes'),
};

/** The same, which stand behind the services in the documents. */
const furtherOfApplication = {
  variables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'is not a valid name for a variable'), Variable)
    .optional()
    .describe('variables of the app by name'),
  platforms: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/, 'must be a platform such as linux/arm64'))
    .optional()
    .describe('platforms of the image, such as linux/arm64; default: that of the machine that builds'),
};

/** `dockwright.json`, or the key `dockwright` of package.json. Every key also works as `--set KEY=VALUE`. */
export const Config = z
  .strictObject({
    $schema: z.string().optional().describe('the schema that an editor checks this file with'),
    name: z
      .string()
      .regex(/[a-z0-9]/i, 'needs a letter or a digit: no image can have this name')
      .optional()
      .describe('name of the image and of the compose project; default: the name of the package'),
    ...ofApplication,
    services: z
      .record(
        z.string(),
        z.union([
          z.literal(false),
          z.strictObject({
            image: z
              .string()
              .regex(/^[\w.\-/:@]+$/, 'must be an image such as postgres:18')
              .optional()
              .describe('image of the service; default: that of the catalogue'),
            role: z
              .string()
              .optional()
              .describe('what it is for, such as cache or queue; default: what the specification asks for'),
            required: z
              .boolean()
              .optional()
              .describe('false: the app answers without it; default: true, but for a cache'),
          }),
        ]),
      )
      .optional()
      .describe('backing services by name: settings, or false for none'),
    ...furtherOfApplication,
    budget: z.string().optional().describe('largest compressed size of the image, such as 80MB; default: none'),
    registry: z
      .string()
      .regex(/^[A-Za-z0-9[][\w.:/\]-]*$/, 'must be HOST/NAME such as ghcr.io/acme/orders')
      .optional()
      .describe(
        'where the image is pushed to, as HOST/NAME; of several applications what stands before the name of each; default: none, and `push` asks',
      ),
    scan: z
      .strictObject({
        failOn: z
          .enum(scanSeverities)
          .optional()
          .describe(
            'the lowest severity of a known vulnerability that fails `scan` and `deploy`; default: none, and `deploy` stops at critical ones that have a fix',
          ),
      })
      .optional()
      .describe('how the image is scanned'),
    sign: z
      .strictObject({
        key: z
          .string()
          .regex(
            /^(?:(?:awskms|azurekms|gcpkms|hashivault|k8s):\/\/[\w.:/@-]+|(?!-)[^\p{Cc}:]+)$/u,
            'must be a file such as cosign.key, or a key of a service such as awskms:///alias/images',
          )
          .optional()
          .describe(
            'the private key that `push --sign` signs with: a file, with the public one beside it as .pub, or a key that a service keeps; default: none, and who is logged in signs (keyless)',
          ),
        log: z
          .boolean()
          .optional()
          .describe('whether the signature goes to the public transparency log; default: true, which keyless needs'),
      })
      .optional()
      .describe('how `push --sign` signs'),
    ci: z
      .strictObject({
        provider: z
          .union([z.literal('github'), z.literal(false)])
          .optional()
          .describe(
            'github: a workflow for GitHub Actions is written; false: none; default: github where the repository has a folder .github and no workflow of its own that builds an image, else none',
          ),
        branch: z
          .string()
          .regex(/^(?![-/.])(?!.*(\.\.|\/\/))[\w./-]+$/, 'must be a branch such as main')
          .optional()
          .describe('branch that is pushed from; default: the one that a workflow of the repository names, else main'),
        dockwright: command
          .optional()
          .describe(
            'command that starts Dockwright on the build server, as a list of arguments; default: none, and the workflow does without Dockwright',
          ),
      })
      .optional()
      .describe('the workflow that checks, builds, verifies, scans and pushes on a build server'),
    existing: z
      .enum(['keep', 'replace'])
      .optional()
      .describe(
        'what to do with Docker files that are there: keep completes them, replace writes a generated set in their place, once they are committed; default: keep',
      ),
    apps: z
      .record(z.string(), z.strictObject({ ...ofApplication, ...furtherOfApplication }))
      .optional()
      .describe(
        'keys of single applications, by the folder or its name, where the repository holds several; default: those above',
      ),
    overrides: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('UNSTABLE: any path of the plan, with dots; default: none'),
  })
  .readonly();
export type Config = z.infer<typeof Config>;
