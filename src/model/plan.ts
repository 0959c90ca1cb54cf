import { Archetype } from './archetype.ts';
import { DecidedBy, Evidence } from './evidence.ts';
import { SecretForm } from './facts.ts';
import { z } from './zod.ts';

const names = z.array(z.string());
const Decided = { decision: z.string().describe('key of plan.decisions') };
const Note = { note: z.string().optional().describe('the comment above it in the artifact: why, in a sentence') };

/** Why something is in the plan. Keyed by the path of what it decides, such as `images.app.stages.deps`. */
export const Decision = z
  .strictObject({
    choice: z.string().describe('what was decided, in a few words'),
    why: z.string().describe('the reason, in a sentence'),
    by: DecidedBy,
    from: z.array(Evidence),
    assertions: names.describe('ids of the assertions behind it'),
  })
  .readonly();
export type Decision = z.infer<typeof Decision>;

/** Something that only the owner can say. `key` is the configuration key that answers it. */
export const Question = z
  .strictObject({
    key: z.string(),
    ask: z.string(),
    why: z.string(),
    choices: z.array(z.strictObject({ value: z.string(), label: z.string() })),
    default: z
      .string()
      .optional()
      .describe('value that is used without an answer; missing: nothing can be written without an answer'),
    from: z.array(Evidence),
  })
  .readonly();
export type Question = z.infer<typeof Question>;

export const Mount = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('cache'),
      target: z.string(),
      id: z.string().optional(),
      sharing: z.enum(['shared', 'private', 'locked']).optional(),
    }),
    z.strictObject({
      type: z.literal('secret'),
      id: z.string(),
      env: z.string().optional(),
      target: z.string().optional(),
      required: z.literal(true).optional().describe('the instruction fails without the secret'),
    }),
    z.strictObject({ type: z.literal('bind'), source: z.string(), target: z.string(), from: z.string().optional() }),
  ])
  .readonly();
export type Mount = z.infer<typeof Mount>;

export const Check = z
  .strictObject({
    argv: names.describe('the exec form; a shell only if the image has one'),
    interval: z.number().describe('seconds'),
    timeout: z.number().describe('seconds'),
    retries: z.number().int(),
    startPeriod: z.number().describe('seconds'),
    startInterval: z.number().describe('seconds'),
  })
  .readonly();
export type Check = z.infer<typeof Check>;

/** One instruction of a stage, typed: the artifacts print it, nobody builds it from strings. */
export const Step = z
  .discriminatedUnion('do', [
    z.strictObject({ do: z.literal('workdir'), path: z.string(), ...Decided, ...Note }),
    z.strictObject({
      do: z.literal('copy'),
      from: z.string().optional().describe('a stage or an image'),
      sources: names,
      to: z.string(),
      link: z.boolean().optional(),
      chmod: z.string().optional(),
      chown: z.string().optional(),
      ...Decided,
      ...Note,
    }),
    z.strictObject({
      do: z.literal('file'),
      path: z.string(),
      lines: names.describe('text from the recipe, not from the project'),
      ...Decided,
      ...Note,
    }),
    z.strictObject({
      do: z.literal('run'),
      argv: names,
      mounts: z.array(Mount).optional(),
      env: z.record(z.string(), z.string()).optional(),
      after: names.optional().describe('shell lines that the same instruction runs after the command; absent: none'),
      ...Decided,
      ...Note,
    }),
    z.strictObject({
      do: z.literal('shell'),
      script: names.describe('lines joined with &&; only where a shell is needed'),
      mounts: z.array(Mount).optional(),
      ...Decided,
      ...Note,
    }),
    z.strictObject({ do: z.literal('arg'), name: z.string(), default: z.string().optional(), ...Decided, ...Note }),
    z.strictObject({ do: z.literal('env'), values: z.record(z.string(), z.string()), ...Decided, ...Note }),
    z.strictObject({ do: z.literal('user'), uid: z.number().int(), gid: z.number().int(), ...Decided, ...Note }),
    z.strictObject({ do: z.literal('expose'), port: z.number().int(), ...Decided, ...Note }),
    z.strictObject({ do: z.literal('healthcheck'), check: Check, ...Decided, ...Note }),
    z.strictObject({ do: z.literal('entrypoint'), argv: names, ...Decided, ...Note }),
    z.strictObject({ do: z.literal('cmd'), argv: names, ...Decided, ...Note }),
    z.strictObject({ do: z.literal('label'), values: z.record(z.string(), z.string()), ...Decided, ...Note }),
  ])
  .readonly();
export type Step = z.infer<typeof Step>;

export const Stage = z
  .strictObject({
    name: z.string(),
    from: z.union([
      z.strictObject({
        image: z.string(),
        platform: z.string().optional().describe('platform that the stage runs on, if not the target platform'),
      }),
      z.strictObject({ stage: z.string() }),
    ]),
    steps: z.array(Step),
    ...Decided,
    ...Note,
  })
  .readonly();
export type Stage = z.infer<typeof Stage>;

/** The one value of a variable; `from` says where it comes from. */
const EnvValue = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('literal'), text: z.string() }).readonly(),
  z
    .strictObject({
      from: z.literal('user'),
      variable: z.string(),
      required: z.boolean(),
      default: z.string().optional(),
      port: z
        .strictObject({ variable: z.string(), default: z.number().int() })
        .optional()
        .describe('port of the host in the default that another variable sets'),
    })
    .readonly(),
  z
    .strictObject({
      from: z.literal('parts'),
      parts: z.array(
        z.union([
          z.string(),
          z.strictObject({ variable: z.string(), required: z.boolean(), default: z.string().optional() }),
        ]),
      ),
    })
    .readonly()
    .describe('an address composed of strings and variables'),
]);

/** A variable of a container. */
export const EnvVar = z
  .strictObject({
    value: EnvValue,
    development: EnvValue.optional().describe('its value during development, if a container only exists there'),
    production: z.literal('required').optional().describe('required in production; absent: as in `value`'),
    secret: z.boolean(),
    purpose: z.string(),
    ...Decided,
  })
  .readonly();
export type EnvVar = z.infer<typeof EnvVar>;

/** What each build of an image writes differently. */
export const Varies = z
  .strictObject({
    what: z.string().describe('what is written, and by which program'),
    folder: z.string().describe('folder of the image whose files contain it'),
    edit: z.string().describe('a change in the project that would fix it'),
  })
  .readonly()
  .describe('what the framework writes differently in each build; absent: nothing known');
export type Varies = z.infer<typeof Varies>;

/** An image that is built here. */
export const Image = z
  .strictObject({
    name: z.string().optional().describe('its name without a tag; absent: the name of the plan'),
    dockerfile: z.string(),
    context: z
      .strictObject({
        root: z.string(),
        needs: names.describe('what the build copies: files and folders of the context'),
        leavesOut: z.array(z.strictObject({ patterns: names, ...Decided, ...Note })).describe('lines of .dockerignore'),
      })
      .readonly(),
    stages: z.array(Stage).describe('in the order of the file'),
    targets: z
      .strictObject({
        production: z.string().optional().describe('absent: the last stage, which has no name'),
        development: z.string().optional(),
        test: z.string().optional(),
        migrate: z.string().optional(),
      })
      .readonly(),
    platforms: names,
    shell: z.boolean().describe('whether the production image has one'),
    varies: Varies.optional(),
    logs: z
      .strictObject({ to: z.literal('stderr'), why: z.string() })
      .optional()
      .describe('where its usual tools log to, if not stdout; absent: stdout'),
    labels: z.record(z.string(), z.string()),
    args: z.record(z.string(), EnvVar).optional().describe('build arguments and the source of their values'),
    kept: z
      .strictObject({
        base: z.string().describe('the base image of the production stage'),
        healthcheck: z.boolean().describe('the production stage has its own health check'),
        ignore: z.boolean().describe('the ignore file of its context is the author’s too'),
      })
      .readonly()
      .optional()
      .describe('the author’s Dockerfile is kept unchanged: `stages` is empty, and no file is printed'),
    buildSecrets: z.array(
      z.strictObject({
        // part of a word that the docker CLI takes apart: a comma would name a file of this machine
        id: z.string().regex(/^[\w.-]+$/, 'must be a name such as NPM_TOKEN'),
        env: z.string().regex(/^[A-Za-z_]\w*$/, 'is not a valid name for a variable'),
        ...Decided,
      }),
    ),
    secretFiles: z
      .array(z.strictObject({ id: z.string().regex(/^[\w.-]+$/), file: z.string(), ...Decided }))
      .optional()
      .describe(
        'files of the repository that contain a login: each is a secret of one instruction, and not in any stage; absent: none',
      ),
    ...Decided,
  })
  .readonly();
export type Image = z.infer<typeof Image>;

/** A variable that the person who runs the deployment sets, in `.env`: one row of .env.example. */
export const Setting = z
  .strictObject({
    value: z
      .string()
      .optional()
      .describe('the value that existing data on the host was created with: only for .env, never for a committed file'),
    purpose: z.string(),
    required: z.boolean(),
    secret: z.boolean(),
    default: z.string().optional(),
    generate: z
      .enum(['password', 'key'])
      .optional()
      .describe('Dockwright can generate a random local value: a URL-safe password, or a placeholder key'),
    form: SecretForm.optional().describe('the form of the value that is generated'),
    hint: z.string().optional().describe('the required format of the value'),
    example: z.string().optional().describe('an example value from the project'),
    ...Decided,
  })
  .readonly();
export type Setting = z.infer<typeof Setting>;

export const Probe = z
  .strictObject({ path: z.string().optional(), check: Check.optional(), ...Decided, ...Note })
  .readonly();
export type Probe = z.infer<typeof Probe>;

export const Port = z
  .strictObject({
    container: z.number().int(),
    https: z.literal(true).optional().describe('the app itself serves https there; absent: http'),
    publish: z
      .strictObject({ address: z.string(), variable: z.string(), default: z.number().int() })
      .readonly()
      .optional(),
    ...Decided,
  })
  .readonly();

/** Something that the author's compose files start: what is printed of it lies over what they say. */
const Existing = z
  .strictObject({
    has: names.describe('keys that the files set for it, such as restart and deploy.resources'),
    adds: names.describe('keys that production adds'),
    mounts: z
      .array(
        z.strictObject({
          type: z.enum(['bind', 'volume']),
          source: z.string().describe('path in the repository, or key of a volume'),
          target: z.string(),
          readOnly: z.boolean(),
        }),
      )
      .optional()
      .describe('all mounts of production, if the files mount the sources over the image; absent: those of the files'),
  })
  .readonly();

/** A key of a service of the author's compose files, with its value as they have it. */
const ServiceKey = z.strictObject({ key: z.string(), value: z.json(), ...Decided }).readonly();

export const Workload = z
  .strictObject({
    kept: Existing.optional().describe('a service of the author’s compose files'),
    shape: z.enum(['service', 'site', 'worker', 'job', 'schedule', 'command']),
    image: z.string().describe('key of plan.images'),
    target: z.string().optional().describe('stage of the image that it runs, if not the production target'),
    published: z
      .strictObject({ variable: z.string(), ...Decided })
      .readonly()
      .optional()
      .describe('the variable that names an image for production to start instead of the one that is built here'),
    command: names.optional().describe('where it differs from the image’s own'),
    keys: z
      .array(ServiceKey)
      .optional()
      .describe('keys of the author’s service that it has as they were; absent: none'),
    builtBy: z.string().optional().describe('the workload that builds the image of both; absent: it has its own build'),
    ports: z.record(z.string(), Port),
    env: z.record(z.string(), EnvVar),
    secrets: z.array(z.string()).optional().describe('keys of plan.secrets that it gets as files in /run/secrets'),
    writable: z.array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(['tmpfs', 'volume', 'bind']),
        volume: z.string().optional(),
        source: z
          .string()
          .optional()
          .describe('for a bind mount: the path on the host, as written in the compose file'),
        isFixed: z.boolean().optional().describe('for a bind mount: read-only'),
        links: names.optional().describe('files next to the app that link into it'),
        ...Decided,
      }),
    ),
    readOnly: z.boolean(),
    hardening: z.string().optional().describe('key of the decision behind its restrictions; absent: that of `app`'),
    user: z.string().optional().describe('user that it runs as, if not that of its image'),
    privileges: z
      .literal('kept')
      .optional()
      .describe('it starts as root and may need capabilities to switch to another user'),
    probes: z.strictObject({ live: Probe.optional(), ready: Probe.optional() }).readonly(),
    check: z
      .strictObject({ ...Check.unwrap().shape, ...Decided })
      .readonly()
      .optional()
      .describe('the health check of the container, if its image has none because other processes share it'),
    signals: z
      .strictObject({ handles: names, init: z.boolean(), grace: z.number().describe('seconds'), ...Decided })
      .readonly(),
    resources: z
      .strictObject({
        limits: z.strictObject({ cpus: z.number(), memory: z.string() }).readonly(),
        reservations: z.strictObject({ cpus: z.number(), memory: z.string() }).readonly(),
        variables: z
          .record(
            z.string(),
            z.strictObject({ of: z.enum(['cpus', 'memory']), share: z.number().optional(), ...Decided }).readonly(),
          )
          .optional()
          .describe('variables that depend on the limits, by name'),
        ...Decided,
      })
      .readonly(),
    replicas: z.strictObject({ count: z.number().int(), max: z.number().int().optional(), ...Decided }).readonly(),
    schedule: z
      .strictObject({ cron: z.string(), ...Decided })
      .readonly()
      .optional(),
    scheduler: z
      .strictObject({
        file: z.string().describe('file of the project with the schedule of the job'),
        path: z.string().describe('path in the container'),
        argv: names,
      })
      .readonly()
      .optional(),
    after: z.array(
      z.strictObject({
        name: z.string().describe('a service or a workload'),
        until: z.enum(['healthy', 'completed', 'started']),
        ...Decided,
      }),
    ),
    development: z
      .strictObject({
        target: z.string().optional().describe('absent: the stage that the base form starts'),
        dockerfile: z.string().optional().describe('if that stage is in another file'),
        command: names.optional(),
        mounts: z.array(z.strictObject({ source: z.string(), target: z.string(), ...Decided })),
        keep: names.optional().describe('folders of the image that a mount above them must not hide'),
        rebuilt: names.optional().describe('folders on the host: a change in them requires another image'),
        user: z
          .strictObject({ variable: z.string(), default: z.string() })
          .readonly()
          .optional()
          .describe(
            'user and group that it runs as, if it writes into a folder on the host; absent: those of the stage',
          ),
        beside: z
          .string()
          .optional()
          .describe('the service whose network it shares, as it connects to localhost; absent: its own network'),
        env: z.record(z.string(), z.string()),
        variables: z
          .record(z.string(), EnvVar)
          .optional()
          .describe('variables with another value during development; absent: none'),
        port: z.number().int().optional().describe('port that it listens on during development, if different'),
        published: z.number().int().optional().describe('its port on the host, if different'),
        ...Decided,
      })
      .readonly()
      .optional(),
    ...Decided,
  })
  .readonly();
export type Workload = z.infer<typeof Workload>;

/** A backing service, as it is run beside the app. */
export const Service = z
  .strictObject({
    keys: z
      .array(ServiceKey)
      .optional()
      .describe('keys of the author’s service that it has as they were; absent: none'),
    kept: Existing.optional().describe('a service of the author’s compose files'),
    service: z.string().describe('name of a file of services/'),
    image: z.string(),
    role: z.string().optional(),
    required: z.boolean(),
    only: z.literal('development').optional().describe('the only form with this service; absent: every form'),
    command: names.optional(),
    env: z.record(z.string(), EnvVar),
    port: z.number().int(),
    check: Check,
    volume: z
      .strictObject({
        name: z.string(),
        realName: z.string().optional().describe('if it is not derived from the project and the key'),
        folder: z
          .string()
          .optional()
          .describe('a folder of the project instead of a volume, as written in the compose file'),
        path: z.string(),
        ...Decided,
      })
      .readonly()
      .optional(),
    files: z
      .array(z.strictObject({ source: z.string(), path: z.string(), ...Decided }).readonly())
      .optional()
      .describe('files and folders of the project that are mounted into it, read-only; absent: none'),
    developmentPort: z.strictObject({ variable: z.string(), default: z.number().int() }).readonly().optional(),
    hint: z.string().optional().describe('how to back it up'),
    memory: z.string().optional().describe('memory limit in production'),
    url: z.string().optional().describe('for the health check of the app: the variable with its address'),
    ...Decided,
    ...Note,
  })
  .readonly();
export type Service = z.infer<typeof Service>;

/** A new source file: the health module, or the program that starts a job in time. */
export const SourceFile = z
  .strictObject({
    kind: z.enum(['health', 'scheduler']),
    path: z.string(),
    comment: z.string().describe('marker of a line comment in its language'),
    body: z
      .array(z.strictObject({ text: z.string(), decision: z.string().optional() }))
      .describe('its text after the header, in blocks of whole lines; a block without a decision is an empty line'),
    checks: z
      .array(z.strictObject({ name: z.string(), required: z.boolean(), ...Decided }))
      .describe('what the health module checks'),
    ...Decided,
  })
  .readonly();
export type SourceFile = z.infer<typeof SourceFile>;

/** A change of a file of the user's, offered and never made without consent. Offsets are UTF-16 units of the text that was read. */
export const SourceEdit = z
  .strictObject({
    file: z.string(),
    hash: z.string().describe('sha256 of the text that the spans belong to'),
    edits: z.array(z.strictObject({ start: z.number().int(), end: z.number().int(), text: z.string() })),
    why: z.string(),
    ...Decided,
  })
  .readonly();
export type SourceEdit = z.infer<typeof SourceEdit>;

/**
 * A change of the author's settings that would make more of the app: the deployment is right without it, so that it is made only after a yes to this very
 * change. Neither edits nor lines: it is made already.
 */
export const SourceOffer = z
  .strictObject({
    ...SourceEdit.unwrap().shape,
    what: z.string().describe('the setting, as a noun'),
    lines: names.describe('text to paste, if no edit can be made'),
  })
  .readonly();
export type SourceOffer = z.infer<typeof SourceOffer>;

/**
 * A change of a Docker file of the author's that would make something possible: offered, and made only after a yes to this very change. Lines are
 * 1-based, stages have the indexes of the file as it is.
 */
export const KeptEdit = z
  .strictObject({
    file: z.string(),
    what: z.string().describe('what it adds or changes, as a noun with its place'),
    why: z.string().describe('what it enables'),
    needs: z.literal('source-edits').optional().describe('would break the build without the edits of the source code'),
    change: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('image-check'), stage: z.number().int(), check: Check }),
      z.strictObject({ type: z.literal('service-check'), service: z.string(), check: Check }),
      z.strictObject({
        type: z.literal('copy'),
        line: z.number().int(),
        beside: z.string().describe('source of that COPY'),
        path: z.string().describe('additional files to copy, relative to the context'),
        to: z.string().describe('folder of the image'),
      }),
      z.strictObject({
        type: z.literal('stage'),
        name: z.string(),
        before: z.number().int().describe('index of the stage that it is inserted before'),
        from: z.number().int().describe('index of the stage that it is based on, or repeats'),
        repeats: z.array(z.number().int()).optional().describe('lines of the instructions that it repeats'),
        env: z.record(z.string(), z.string()),
        command: names,
      }),
      z.strictObject({
        type: z.literal('target'),
        service: z.string(),
        before: z.string().describe('the current stage'),
        stage: z.string().optional().describe('absent: `target` is removed'),
      }),
      z.strictObject({ type: z.literal('not-ignored'), path: z.string().describe('relative to the context') }),
    ]),
    ...Decided,
  })
  .readonly();
export type KeptEdit = z.infer<typeof KeptEdit>;

/** What stays as its author wrote it, and what that means for the rest. */
export const KeptFiles = z
  .strictObject({
    files: names.describe('files of the author that stay unchanged'),
    compose: names.describe(
      'compose files of the author that every form starts with, in merge order; none: the base is added',
    ),
    forms: z
      .strictObject({
        development: z.enum(['author', 'added', 'none']),
        production: z.enum(['author', 'added', 'none']),
      })
      .readonly(),
    services: z
      .record(
        z.string(),
        Existing.unwrap()
          .extend({ memory: z.string(), ...Decided })
          .readonly(),
      )
      .describe('other services of the author’s compose files'),
    notWritten: z
      .array(z.strictObject({ what: z.string(), why: z.string(), next: z.string().optional(), ...Decided }).readonly())
      .describe('features that do not work with the kept files, and what would enable them'),
    edits: z.array(KeptEdit).optional().describe('suggested changes to those files; absent: none'),
    settingsFile: z
      .literal(true)
      .optional()
      .describe('a container uses the default env file, which the author’s compose file requires'),
    envFiles: z
      .record(z.string(), z.record(z.string(), z.string()))
      .optional()
      .describe(
        'values for the env files, by file and variable, so that the services of the author’s compose files find each other; absent: none known',
      ),
    ...Decided,
  })
  .readonly();
export type KeptFiles = z.infer<typeof KeptFiles>;

/** How a web server gives out the files of a site. */
const Site = z
  .strictObject({
    config: z.string().describe('file of the project that the web server reads'),
    values: z
      .strictObject({
        script: z.string().describe('file of the project that the container runs before the web server'),
        from: z.string().describe('folder with the build output'),
        names: z.record(
          z.string().regex(/^[A-Za-z_]\w*$/, 'is not a valid name for a variable'),
          z.strictObject({ required: z.boolean(), default: z.string().optional() }),
        ),
      })
      .readonly()
      .optional()
      .describe('variables whose values are inserted into copies of the files at each start; absent: none'),
    port: z.number().int(),
    root: z.string(),
    assets: z.string().optional().describe('folder whose files have a hash in their names'),
    hashes: z
      .literal(true)
      .optional()
      .describe('the build adds a hash to the names of files in any folder; absent: it does not'),
    base: z.string().optional().describe('base path of the site; absent: the root'),
    everywhere: z
      .literal(true)
      .optional()
      .describe(
        'only its files are below the base path, and its page is used for any path; absent: its pages are, too',
      ),
    languages: z
      .array(z.string())
      .optional()
      .describe(
        'folders of the languages, each with its own page, the default one first; an empty one is the root; absent: the site has one language',
      ),
    fallback: z.boolean().describe('one page answers every path that is not a file'),
    page: z.string().optional().describe('that page; absent: index.html'),
    ownPolicy: z
      .literal(true)
      .optional()
      .describe('the pages have their own content security policy; absent: they do not'),
    proxies: z
      .array(
        z
          .strictObject({
            path: z
              .string()
              .regex(/^(\/|(\/[\w-]+)+)$/, 'must be a path such as /api')
              .describe('prefix of the paths; `/`: every request without a file that does not accept a page'),
            port: z.number().int().describe('address of another server on the host during development'),
            strips: z.boolean().describe('the prefix is removed from forwarded requests'),
            host: z
              .string()
              .regex(/^[\w.-]+$/)
              .optional()
              .describe('its service; absent: it is not part of an application here'),
          })
          .readonly(),
      )
      .readonly()
      .optional()
      .describe('paths that are forwarded to other servers; absent: none'),
    probe: z.string(),
    ...Decided,
  })
  .readonly();
export type Site = z.infer<typeof Site>;

/** An image as the workflow builds it. */
const CiImage = z
  .strictObject({
    image: z.string().describe('key of plan.images'),
    name: z.string().describe('name of the image, without a tag'),
    repository: z
      .strictObject({ host: z.string(), path: z.string() })
      .readonly()
      .optional()
      .describe('where it is pushed to; absent: it is not pushed'),
    app: z
      .string()
      .optional()
      .describe('prefix of the Git tags of its versions; absent: the repository contains one application'),
    emulated: z.boolean().describe('its build runs commands on another platform'),
  })
  .readonly();
export type CiImage = z.infer<typeof CiImage>;

const Workflow = z
  .strictObject({
    path: z.string(),
    branch: z.string().describe('branch that images are pushed from, besides Git tags'),
    dockwright: names.optional().describe('command that starts Dockwright in CI; absent: the workflow does not use it'),
    images: z.array(CiImage),
    paths: names.optional().describe('paths whose changes start the workflow; absent: all'),
    started: z
      .strictObject({ workloads: names })
      .readonly()
      .optional()
      .describe('what Compose starts in CI; absent: nothing that keeps running'),
    budget: z.string().optional().describe('maximum compressed size of an image; absent: none'),
    failOn: names
      .optional()
      .describe('severities of vulnerabilities that fail it, even without a fix; absent: critical ones with a fix'),
    ...Decided,
  })
  .readonly();
export type Workflow = z.infer<typeof Workflow>;

const Ci = z
  .strictObject({ enabled: z.boolean(), workflow: Workflow.optional().describe('absent: none is written') })
  .readonly();

/** One of several applications of a repository. Its name is that of its compose service. */
const Application = z
  .strictObject({
    root: z.string().describe('its folder in the repository'),
    archetype: Archetype,
    workloads: names.describe('its workloads, the application itself first; empty: a library'),
  })
  .readonly();
export type Application = z.infer<typeof Application>;

export const PlanSchema = z
  .strictObject({
    version: z.literal(1),
    name: z.string(),
    archetype: Archetype,
    images: z.record(z.string(), Image),
    workloads: z.record(z.string(), Workload),
    services: z.record(z.string(), Service),
    volumes: z.record(
      z.string(),
      z.strictObject({
        purpose: z.string(),
        name: z.string().optional().describe('its full name; absent: derived from the project and the key'),
        ...Decided,
      }),
    ),
    networks: z.record(z.string(), z.strictObject({ internal: z.boolean(), ...Decided })),
    secrets: z.record(
      z.string(),
      z.strictObject({
        variable: z.string(),
        file: z.string().optional().describe('file of the deployment with its value, if the app reads it from a file'),
        target: z.string().optional().describe('path where the app expects an existing file; absent: in /run/secrets'),
        ...Decided,
      }),
    ),
    settings: z.record(z.string(), Setting),
    routes: z.record(
      z.string(),
      z.strictObject({ workload: z.string(), path: z.string(), purpose: z.string(), ...Decided }),
    ),
    sources: z.array(SourceFile),
    edits: z.array(SourceEdit),
    offers: z.array(SourceOffer).optional().describe("suggested changes to the author's settings; absent: none"),
    manual: z
      .array(
        z.strictObject({
          why: z.string(),
          file: z.string().optional(),
          line: z.number().int().positive().optional().describe('line of the file, if known'),
          lines: names,
          ...Decided,
        }),
      )
      .describe('changes that could not be made as an edit: the lines to paste'),
    site: Site.optional(),
    sites: z
      .record(z.string(), Site)
      .optional()
      .describe('the sites of a repository with several applications, by their workloads'),
    applications: z
      .record(z.string(), Application)
      .optional()
      .describe('applications to deploy, by name, if the repository contains several; absent: it contains one'),
    ci: Ci,
    publish: z
      .strictObject({ registry: z.string().optional(), steps: names.describe('commands to run, in order'), ...Decided })
      .readonly()
      .optional(),
    specification: z
      .strictObject({
        file: z.string(),
        assertions: names,
        verified: z.boolean(),
        at: z.string().optional(),
        summary: z.string(),
      })
      .readonly()
      .optional(),
    kept: KeptFiles.optional().describe("the author's deployment files that are kept; absent: none"),
    compose: z
      .strictObject({
        file: z.string().describe('which of its names the project uses'),
        project: z
          .string()
          .nullable()
          .optional()
          .describe(
            "name of the compose project; null: that of the folder, as in the author's files; absent: that of the plan",
          ),
        development: z.string(),
        production: z.string(),
      })
      .readonly(),
    leftOut: z
      .array(z.strictObject({ what: z.string(), why: z.string(), from: z.array(Evidence) }))
      .optional()
      .describe("parts of the author's Docker files that the generated set does not contain; absent: none"),
    decisions: z.record(z.string(), Decision),
    questions: z.array(Question),
  })
  .readonly();
/** The public, versioned document between reading and writing. Same committed input, same plan. */
export type Port = z.infer<typeof Port>;
export type Plan = z.infer<typeof PlanSchema>;
