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
      .describe('what is done when nobody answers; missing: nothing can be written without an answer'),
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
    argv: names.describe('the exec form; a shell is only named where the image has one'),
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
      lines: names.describe('text that the recipe itself brings, and nothing of the project'),
      ...Decided,
      ...Note,
    }),
    z.strictObject({
      do: z.literal('run'),
      argv: names,
      mounts: z.array(Mount).optional(),
      env: z.record(z.string(), z.string()).optional(),
      after: names
        .optional()
        .describe('lines of a shell that the same instruction runs behind the command; absent: none'),
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
        platform: z.string().optional().describe('where the stage runs, if not on the platform that is built for'),
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
        .describe('port of this machine in the default that another variable sets'),
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
    .describe('an address put together from texts and variables'),
]);

/** A variable of a container. */
export const EnvVar = z
  .strictObject({
    value: EnvValue,
    development: EnvValue.optional().describe(
      'its value while developing, where a container is there that no other form has',
    ),
    production: z.literal('required').optional().describe('the production form demands it; absent: as `value` says'),
    secret: z.boolean(),
    purpose: z.string(),
    ...Decided,
  })
  .readonly();
export type EnvVar = z.infer<typeof EnvVar>;

/** What each build of an image writes differently. */
export const Varies = z
  .strictObject({
    what: z.string().describe('what is written, and by whom'),
    folder: z.string().describe('folder of the image whose files hold it'),
    edit: z.string().describe('what in the project would fix it'),
  })
  .readonly()
  .describe('what the framework writes differently in each build; absent: nothing is known of such');
export type Varies = z.infer<typeof Varies>;

/** An image that is built here. */
export const Image = z
  .strictObject({
    name: z.string().optional().describe('its name, without a tag; absent: that of the plan'),
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
      .describe('where what is usual in its language writes its log, if not to stdout; absent: to stdout'),
    labels: z.record(z.string(), z.string()),
    args: z.record(z.string(), EnvVar).optional().describe('build arguments, with where their values come from'),
    kept: z
      .strictObject({
        base: z.string().describe('the image that the production stage begins with'),
        healthcheck: z.boolean().describe('the production stage has a health check of its own'),
        ignore: z.boolean().describe('the ignore file of its context is the author’s too'),
      })
      .readonly()
      .optional()
      .describe('the Dockerfile is the author’s and stays as it is: `stages` is empty, and no file is printed'),
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
      .describe('the value that the data of this machine was made with: for .env alone, never for a committed file'),
    purpose: z.string(),
    required: z.boolean(),
    secret: z.boolean(),
    default: z.string().optional(),
    generate: z
      .enum(['password', 'key'])
      .optional()
      .describe('Dockwright can make a random local value: a URL-safe password, or a stand-in key'),
    form: SecretForm.optional().describe('the form of the value that is generated'),
    hint: z.string().optional().describe('what a value must look like'),
    example: z.string().optional().describe('a value that the project itself gives as an example'),
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
    https: z.literal(true).optional().describe('the app itself speaks https there; absent: http'),
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
      .describe(
        'all that production mounts, where the files mount the sources over the image; absent: as the files say',
      ),
  })
  .readonly();

/** A key of a service of the author's compose files, with its value as they have it. */
const ServiceKey = z.strictObject({ key: z.string(), value: z.json(), ...Decided }).readonly();

export const Workload = z
  .strictObject({
    kept: Existing.optional().describe('a service of the author’s compose files'),
    shape: z.enum(['service', 'site', 'worker', 'job', 'schedule', 'command']),
    image: z.string().describe('key of plan.images'),
    target: z.string().optional().describe('stage of the image that it runs, where that is not the production target'),
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
        source: z.string().optional().describe('of a bind: the path on this machine, as the compose file names it'),
        isFixed: z.boolean().optional().describe('of a bind: it is only read'),
        links: names.optional().describe('files beside the app that are links into it'),
        ...Decided,
      }),
    ),
    readOnly: z.boolean(),
    hardening: z.string().optional().describe('key of the decision behind what it may not do; absent: that of `app`'),
    user: z.string().optional().describe('whom it runs as, where that is not the user of its image'),
    privileges: z
      .literal('kept')
      .optional()
      .describe('it starts as root, and may need its capabilities to become another user'),
    probes: z.strictObject({ live: Probe.optional(), ready: Probe.optional() }).readonly(),
    check: z
      .strictObject({ ...Check.unwrap().shape, ...Decided })
      .readonly()
      .optional()
      .describe('the health check of the container, where its image has none because other processes share it'),
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
          .describe('variables that follow the limits where these are set, by name'),
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
        file: z.string().describe('file of the project that starts the job in time'),
        path: z.string().describe('where the container has it'),
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
        dockerfile: z.string().optional().describe('where that stage stands in another file'),
        command: names.optional(),
        mounts: z.array(z.strictObject({ source: z.string(), target: z.string(), ...Decided })),
        keep: names.optional().describe('folders of the image that a mount above them must not hide'),
        rebuilt: names.optional().describe('folders of this machine: an edit in them is another image'),
        user: z
          .strictObject({ variable: z.string(), default: z.string() })
          .readonly()
          .optional()
          .describe(
            'user and group that it runs as, where it writes into a folder of this machine; absent: that of the stage',
          ),
        beside: z
          .string()
          .optional()
          .describe(
            'the service in whose network it runs, as it asks that one at localhost; absent: in one of its own',
          ),
        env: z.record(z.string(), z.string()),
        variables: z
          .record(z.string(), EnvVar)
          .optional()
          .describe('variables that have another value while developing; absent: none'),
        port: z.number().int().optional().describe('where it listens while developing, if elsewhere'),
        published: z.number().int().optional().describe('its port on this machine, where that is another one'),
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
    only: z.literal('development').optional().describe('the one form that has it; absent: every form'),
    command: names.optional(),
    env: z.record(z.string(), EnvVar),
    port: z.number().int(),
    check: Check,
    volume: z
      .strictObject({
        name: z.string(),
        realName: z.string().optional().describe('where it is not that of the project and the key'),
        folder: z.string().optional().describe('a folder of the project in its place, as the compose file names it'),
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
    memory: z.string().optional().describe('most memory that it may take in production'),
    url: z.string().optional().describe('for the check of the app: variable that holds its address'),
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
    comment: z.string().describe('what begins a comment of one line in its language'),
    body: z
      .array(z.strictObject({ text: z.string(), decision: z.string().optional() }))
      .describe('its text behind the header, in pieces of whole lines; one without a decision is an empty line'),
    checks: z
      .array(z.strictObject({ name: z.string(), required: z.boolean(), ...Decided }))
      .describe('what the health module asks'),
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
    lines: names.describe('what to paste, where no edit can be made'),
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
    why: z.string().describe('what it makes possible'),
    needs: z.literal('source-edits').optional().describe('without the edits of the sources it would break the build'),
    change: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('image-check'), stage: z.number().int(), check: Check }),
      z.strictObject({ type: z.literal('service-check'), service: z.string(), check: Check }),
      z.strictObject({
        type: z.literal('copy'),
        line: z.number().int(),
        beside: z.string().describe('source of that COPY'),
        path: z.string().describe('what is copied too, relative to the context'),
        to: z.string().describe('folder of the image'),
      }),
      z.strictObject({
        type: z.literal('stage'),
        name: z.string(),
        before: z.number().int().describe('index of the stage that it is put in front of'),
        from: z.number().int().describe('index of the stage that it is made from, or repeats'),
        repeats: z.array(z.number().int()).optional().describe('lines of the instructions that it repeats'),
        env: z.record(z.string(), z.string()),
        command: names,
      }),
      z.strictObject({
        type: z.literal('target'),
        service: z.string(),
        before: z.string().describe('the stage that it names now'),
        stage: z.string().optional().describe('absent: `target` is taken out'),
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
    files: names.describe('files of the author that stay as they are'),
    compose: names.describe(
      'compose files of the author that every form begins with, in the order in which they are merged; none: the base is added',
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
      .describe('further services of the author’s compose files'),
    notWritten: z
      .array(z.strictObject({ what: z.string(), why: z.string(), next: z.string().optional(), ...Decided }).readonly())
      .describe('what would not work beside the files that stay, and what would make it possible'),
    edits: z.array(KeptEdit).optional().describe('changes of those files that are offered; absent: none'),
    settingsFile: z
      .literal(true)
      .optional()
      .describe('a container gets the usual file of settings, without which the author’s compose file is not valid'),
    envFiles: z
      .record(z.string(), z.record(z.string(), z.string()))
      .optional()
      .describe(
        'what variables of the files of settings hold, so that the services of the author’s compose files find each other, by file and variable; absent: nothing is known',
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
        from: z.string().describe('folder with the files as they were built'),
        names: z.record(
          z.string().regex(/^[A-Za-z_]\w*$/, 'is not a valid name for a variable'),
          z.strictObject({ required: z.boolean(), default: z.string().optional() }),
        ),
      })
      .readonly()
      .optional()
      .describe('variables whose values are put into copies of the files at each start; absent: none'),
    port: z.number().int(),
    root: z.string(),
    assets: z.string().optional().describe('folder whose files carry a hash in their names'),
    hashes: z
      .literal(true)
      .optional()
      .describe('the build puts a hash into names of files of any folder; absent: it does not'),
    base: z.string().optional().describe('path below which the site lies; absent: the top'),
    everywhere: z
      .literal(true)
      .optional()
      .describe('only its files are there, and its page is used for any path; absent: its pages too'),
    languages: z
      .array(z.string())
      .optional()
      .describe(
        'folders of the languages, each with its own page, the one that is shown first before the others; an empty one is the top; absent: the site is in one language',
      ),
    fallback: z.boolean().describe('one page answers every path that is not a file'),
    page: z.string().optional().describe('that page; absent: index.html'),
    ownPolicy: z
      .literal(true)
      .optional()
      .describe('the pages say themselves what a browser may load for them; absent: they say nothing'),
    proxies: z
      .array(
        z
          .strictObject({
            path: z
              .string()
              .regex(/^(\/|(\/[\w-]+)+)$/, 'must be a path such as /api')
              .describe('their beginning; `/`: whatever has no file and asks for no page'),
            port: z.number().int().describe('where another server of this machine is asked while developing'),
            strips: z.boolean().describe('it is asked without that beginning of the path'),
            host: z
              .string()
              .regex(/^[\w.-]+$/)
              .optional()
              .describe('its service; absent: it belongs to no application here'),
          })
          .readonly(),
      )
      .readonly()
      .optional()
      .describe('paths that other servers answer; absent: none'),
    probe: z.string(),
    ...Decided,
  })
  .readonly();
export type Site = z.infer<typeof Site>;

/** An image as the workflow builds it. */
const CiImage = z
  .strictObject({
    image: z.string().describe('key of plan.images'),
    name: z.string().describe('of the image, without a tag'),
    repository: z
      .strictObject({ host: z.string(), path: z.string() })
      .readonly()
      .optional()
      .describe('where it is pushed to; absent: nowhere'),
    app: z.string().optional().describe('what git tags of its versions begin with; absent: the repository holds one'),
    emulated: z.boolean().describe('another platform runs commands of its build'),
  })
  .readonly();
export type CiImage = z.infer<typeof CiImage>;

const Workflow = z
  .strictObject({
    path: z.string(),
    branch: z.string().describe('it is pushed from this one, and from git tags'),
    dockwright: names.optional().describe('command that starts Dockwright there; absent: it does without'),
    images: z.array(CiImage),
    paths: names.optional().describe('what a change must touch to start it; absent: anything'),
    started: z
      .strictObject({ workloads: names })
      .readonly()
      .optional()
      .describe('what Compose starts there; absent: nothing that stays alive'),
    budget: z.string().optional().describe('largest compressed size of an image; absent: none'),
    failOn: names
      .optional()
      .describe('severities of vulnerabilities that end it, also without a fix; absent: critical ones that have a fix'),
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
    workloads: names.describe('what runs of it, the application itself first; empty: a library'),
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
        name: z.string().optional().describe('its real name; absent: that of the project and the key'),
        ...Decided,
      }),
    ),
    networks: z.record(z.string(), z.strictObject({ internal: z.boolean(), ...Decided })),
    secrets: z.record(
      z.string(),
      z.strictObject({
        variable: z.string(),
        file: z
          .string()
          .optional()
          .describe('file of the deployment that holds it, where the app reads it from a file'),
        target: z
          .string()
          .optional()
          .describe('where the app looks for a file that the user already has; absent: in /run/secrets'),
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
    offers: z.array(SourceOffer).optional().describe("changes of the author's settings that are offered; absent: none"),
    manual: z
      .array(
        z.strictObject({
          why: z.string(),
          file: z.string().optional(),
          line: z.number().int().positive().optional().describe('line of the file that is meant, where there is one'),
          lines: names,
          ...Decided,
        }),
      )
      .describe('changes that could not be offered as an edit: the lines to paste'),
    site: Site.optional(),
    sites: z
      .record(z.string(), Site)
      .optional()
      .describe('the sites of a repository with several applications, by their workloads'),
    applications: z
      .record(z.string(), Application)
      .optional()
      .describe('of a repository with several applications, those that are deployed, by name; absent: it holds one'),
    ci: Ci,
    publish: z
      .strictObject({ registry: z.string().optional(), steps: names.describe('what to type, in order'), ...Decided })
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
    kept: KeptFiles.optional().describe('the deployment files of the author that stay; absent: there are none'),
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
      .describe("what the author's Docker files say and the generated set does not have; absent: nothing"),
    decisions: z.record(z.string(), Decision),
    questions: z.array(Question),
  })
  .readonly();
/** The public, versioned document between reading and writing. Same committed input, same plan. */
export type Port = z.infer<typeof Port>;
export type Plan = z.infer<typeof PlanSchema>;
