import { Archetype } from './archetype.ts';
import { scanSeverities } from './scan-words.ts';
import { z } from './zod.ts';

const Variable = z
  .strictObject({
    required: z.boolean().optional().describe('whether the app needs it to start; default: what the source says'),
    secret: z
      .boolean()
      .optional()
      .describe('whether it is a secret, whose value is never shown; default: from its name and use'),
    default: z.string().optional().describe('value that the app uses if it is not set; default: what the source says'),
    purpose: z.string().optional().describe('comment in .env.example; default: the comment in the source'),
  })
  .describe('correct details of a variable that Dockwright misread');

const command = z.array(z.string()).min(1);
const route = z.string().regex(/^\/[\w\-.~/%]*$/, 'must be a path such as /live');
// what would leave the folder, be read as a flag, or break the line that it is written to
const included = z
  .string()
  .regex(/^(?![/-])(?!(.*\/)?\.\.(\/|$))\P{Cc}+$/u, 'must be a path inside the folder of the app, such as templates');
// each is a word of a command
const systemPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]*$/, 'must be the name of a Debian package, such as ffmpeg');
const writable = z
  .string()
  .regex(/^(?!\/?$)(?!-)(?!(.*\/)?\.\.(\/|$))[^\p{Cc}:$]+$/u, 'must be a path such as data or /var/lib/app');

/** The keys of one application; where a repository holds several, they count for each that has none of its own under `apps`. */
const ofApplication = {
  archetype: Archetype.optional().describe(
    'type of application; default: from the specification, else from the project',
  ),
  runtime: z
    .string()
    .regex(/^[^@]+(@\d{1,5}(\.\d{1,5}){0,2}(-[\w.]+)?)?$/, 'must be NAME or NAME@VERSION')
    .optional()
    .describe('runtime and its version, as NAME@VERSION; default: what the project says'),
  manager: z.string().optional().describe('name of the package manager; default: what the lockfile says'),
  runtimeBase: z
    .enum(['distroless', 'slim'])
    .optional()
    .describe('base image for production; default: distroless if nothing needs a shell'),
  entry: z
    .string()
    .optional()
    .describe('entry point: the source file that the process starts with; default: the one that the start script runs'),
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
      'command that migrates the database before the app starts, as a list of arguments; false: none; default: that of the migration tool',
    ),
  processes: z
    .record(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a name such as mail-worker'),
      z.union([z.literal(false), command]),
    )
    .optional()
    .describe(
      'more processes that run from the same image, by name, each with its command as a list of arguments; false: no process with this name; default: those of a Procfile or similar file, of scripts such as start:worker, and those that the start script starts beside the app',
    ),
  schedule: z
    .string()
    .optional()
    .describe(
      'when a data pipeline runs, as a cron expression in UTC, such as 0 2 * * *; default: the schedule in the specification, else none',
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
      'when the variables of a site get their values: build writes them into the files at build time; start fills them in each time the container starts, so that one image works in every environment (comparisons with fixed strings are still decided by the build); default: build',
    ),
  include: z
    .array(included)
    .optional()
    .describe('more files that the running app reads; default: those that the source names'),
  writable: z
    .array(writable)
    .optional()
    .describe('paths that the running app writes; default: those that the source names'),
  system: z
    .union([
      z.array(systemPackage),
      z.strictObject({
        run: z.array(systemPackage).optional().describe('needed by the running app'),
        build: z.array(systemPackage).optional().describe('needed to install and build'),
      }),
    ])
    .optional()
    .describe(
      'more Debian packages that the running app needs, or the packages for each step; default: those for programs that the source starts, and for known dependencies',
    ),
  health: z
    .strictObject({
      live: route
        .optional()
        .describe('liveness path, which answers while the process is alive; default: that of the source, else /live'),
      ready: route
        .optional()
        .describe(
          'readiness path, which answers while the app can serve requests; default: that of the source, else /ready',
        ),
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
    .describe('platforms of the image, such as linux/arm64; default: that of the build machine'),
};

/** `dockwright.json`, or the key `dockwright` of package.json. Every key also works as `--set KEY=VALUE`. */
export const Config = z
  .strictObject({
    $schema: z.string().optional().describe('JSON schema for editors'),
    name: z
      .string()
      .regex(/[a-z0-9]/i, 'needs a letter or a digit to be a valid image name')
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
              .describe('image of the service; default: that of the catalog'),
            role: z
              .string()
              .optional()
              .describe('its role, such as cache or queue; default: the role that the specification requires'),
            required: z
              .boolean()
              .optional()
              .describe('whether the app needs it to serve requests; default: true, except for a cache'),
          }),
        ]),
      )
      .optional()
      .describe('backing services by name: settings, or false for none'),
    ...furtherOfApplication,
    budget: z.string().optional().describe('maximum compressed size of the image, such as 80MB; default: none'),
    registry: z
      .string()
      .regex(/^[A-Za-z0-9[][\w.:/\]-]*$/, 'must be HOST/NAME such as ghcr.io/acme/orders')
      .optional()
      .describe(
        'where to push the image, as HOST/NAME; with several applications, the prefix before the name of each; default: none, and `push` asks',
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
      .describe('settings for scanning the image'),
    sign: z
      .strictObject({
        key: z
          .string()
          .regex(
            /^(?:(?:awskms|azurekms|gcpkms|hashivault|k8s):\/\/[\w.:/@-]+|(?!-)[^\p{Cc}:]+)$/u,
            'must be a file such as cosign.key, or a KMS key such as awskms:///alias/images',
          )
          .optional()
          .describe(
            'private key for `push --sign`: a file, with the public key beside it as .pub, or a KMS key; default: none, which signs keyless as the logged-in user',
          ),
        log: z
          .boolean()
          .optional()
          .describe(
            'whether to add the signature to the public transparency log; default: true, which keyless signing requires',
          ),
      })
      .optional()
      .describe('how `push --sign` signs'),
    ci: z
      .strictObject({
        provider: z
          .union([z.literal('github'), z.literal(false)])
          .optional()
          .describe(
            'github: write a workflow for GitHub Actions; false: none; default: github if the repository has a .github folder and no workflow that builds an image, else none',
          ),
        branch: z
          .string()
          .regex(/^(?![-/.])(?!.*(\.\.|\/\/))[\w./-]+$/, 'must be a branch such as main')
          .optional()
          .describe('branch to push images from; default: the one that a workflow of the repository uses, else main'),
        dockwright: command
          .optional()
          .describe(
            'command that starts Dockwright in CI, as a list of arguments; default: none, and the workflow does not use Dockwright',
          ),
      })
      .optional()
      .describe('the CI workflow that checks, builds, verifies, scans and pushes'),
    existing: z
      .enum(['keep', 'replace'])
      .optional()
      .describe(
        'what to do with existing Docker files: keep adds what is missing, replace writes a generated set instead, once they are committed; default: keep',
      ),
    apps: z
      .record(z.string(), z.strictObject({ ...ofApplication, ...furtherOfApplication }))
      .optional()
      .describe(
        'keys for single applications, by folder or name, if the repository contains several; default: those above',
      ),
    overrides: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('UNSTABLE: values for any path of the plan, such as images.app.stages; default: none'),
  })
  .readonly();
export type Config = z.infer<typeof Config>;
