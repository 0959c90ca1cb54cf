import { Archetype } from './archetype.ts';
import { DecidedBy, Evidence, known, Unknown } from './evidence.ts';
import { ExistingDeployment } from './existing.ts';
import { Hint } from './hint.ts';
import { z } from './zod.ts';

/** So many characters, of hexadecimal digits alone where it says so. */
const TextForm = z.strictObject({ length: z.number().int().positive().max(4096), hex: z.boolean() }).readonly();
export type TextForm = z.infer<typeof TextForm>;

/** So many random bytes, encoded. */
export const BytesForm = z
  .strictObject({ bytes: z.number().int().positive().max(512), encoding: z.enum(['base64', 'base64url']) })
  .readonly();
export type BytesForm = z.infer<typeof BytesForm>;

/** Half of a pair of keys; `of` is the variable of the private half, where it is the public one. */
const KeyForm = z
  .strictObject({
    key: z.enum(['rsa', 'ec', 'ed25519']),
    half: z.enum(['private', 'public']),
    as: z.enum(['pem', 'pem-base64', 'jwk']),
    of: z.string().optional(),
  })
  .readonly();
export type KeyForm = z.infer<typeof KeyForm>;

/** The form that the project demands of a secret, by a schema or by what it does with it. */
export const SecretForm = z.union([TextForm, BytesForm, KeyForm]);
export type SecretForm = z.infer<typeof SecretForm>;

/** Makes a random value of a form for the variable `name`: the halves of a pair of keys belong together by their variables. */
export type RandomSecret = (form?: SecretForm, name?: string) => string;

/** A variable that the app reads. `value` texts are defaults found in the source, never a value of the user's `.env`. */
const ValueKind = z.enum(['url', 'number', 'email', 'boolean', 'uuid']);
export type ValueKind = z.infer<typeof ValueKind>;

export const Variable = z
  .strictObject({
    name: z.string(),
    required: z.boolean().describe('the app does not start, or does not work, without it'),
    secret: z.boolean(),
    default: z.string().optional().describe('what the app uses when it is not set'),
    given: z
      .literal(true)
      .optional()
      .describe("the default is not the app's own: the author's Docker files or the configuration give it"),
    purpose: z.string().optional().describe('from a comment, a schema description or .env.example'),
    example: z.string().optional().describe('from .env.example, never for a secret'),
    service: z.string().optional().describe('backing service that it points to, by its name in services/'),
    part: z
      .enum(['url', 'host', 'port', 'address', 'user', 'password', 'name', 'other'])
      .optional()
      .describe('which part of the connection it carries; an address is host and port with a colon between'),
    scheme: z
      .string()
      .optional()
      .describe(
        'of an address: how the client that the code uses spells it; absent: as its default or its example does',
      ),
    fileOf: z.string().optional().describe('the secret whose file it names: `DB_PASSWORD` of `DB_PASSWORD_FILE`'),
    external: z.string().optional().describe('external API whose address or key it carries'),
    built: z
      .literal(true)
      .optional()
      .describe('the build writes its value into the code, and what runs does not read it; absent: it is read'),
    values: z.array(z.string()).optional().describe('the allowed values, where a schema lists them'),
    kind: ValueKind.optional().describe('what a schema takes for its value; absent: any text, or nothing says it'),
    form: SecretForm.optional().describe('of a secret, or of the public half of one: what the code demands of it'),
    from: z.array(Evidence),
  })
  .readonly();
export type Variable = z.infer<typeof Variable>;

/** A key of a service of the author's compose files that a generated one has as it is written. */
export const CarriedKey = z.strictObject({ key: z.string(), value: z.json(), from: z.array(Evidence) }).readonly();
export type CarriedKey = z.infer<typeof CarriedKey>;

/** A backing service as the author's compose files run it: what has to stay, so that its data is found again. */
export const ExistingData = z
  .strictObject({
    image: z.string().optional().describe('with its version; absent: it names none, or one that is not known here'),
    volume: z.strictObject({ key: z.string(), name: z.string().optional(), path: z.string() }).readonly().optional(),
    folder: z
      .strictObject({ source: z.string().describe('relative to the repository'), path: z.string() })
      .readonly()
      .optional()
      .describe('a folder of the project that its data lies in, instead of a volume'),
    files: z
      .array(z.strictObject({ source: z.string(), path: z.string() }).readonly())
      .optional()
      .describe(
        'what else of the project is mounted into it, such as the scripts that make its tables; absent: nothing',
      ),
    command: z.array(z.string()).optional(),
    user: z.string().optional(),
    database: z.string().optional(),
    password: z.string().optional().describe('as it is written in the compose file; absent: a variable holds it'),
    passwordVariable: z.string().optional().describe('the variable that holds it, as the compose file names it'),
    open: z.literal(true).optional().describe('it accepts connections without a user; absent: it has one'),
    memory: z.string().optional().describe('what its container may take at most; absent: no file says it'),
    keys: z.array(CarriedKey).optional().describe('keys of its service that go on as they are written; absent: none'),
    from: z.array(Evidence),
  })
  .readonly();
export type ExistingData = z.infer<typeof ExistingData>;

/** A backing service that the project or its specification asks for. */
export const ServiceUse = z
  .strictObject({
    service: z.string().describe('name of a file of services/'),
    client: z.string().optional().describe('package or built-in through which the app reaches it'),
    role: z.string().optional().describe('what it is used as, where the service knows several: cache, queue …'),
    required: z.boolean().describe('false: the app answers, degraded, without it'),
    variables: z.array(z.string()).describe('names of the variables that point to it'),
    existing: ExistingData.optional(),
    from: z.array(Evidence),
  })
  .readonly();
export type ServiceUse = z.infer<typeof ServiceUse>;

/** Something that the author's Docker files say and that is not in what is generated. */
export const LeftOut = z.strictObject({ what: z.string(), why: z.string(), from: z.array(Evidence) }).readonly();
export type LeftOut = z.infer<typeof LeftOut>;

/** An API outside the deployment. */
export const ExternalApi = z
  .strictObject({
    name: z.string().describe('kebab-case'),
    urlVariable: z.string().optional(),
    keyVariable: z.string().optional(),
    url: z.string().optional().describe('its address, where the source has it as a default or a literal'),
    required: z.boolean(),
    from: z.array(Evidence),
  })
  .readonly();
export type ExternalApi = z.infer<typeof ExternalApi>;

export const Route = z
  .strictObject({
    method: z.string(),
    path: z.string(),
    any: z.literal(true).optional().describe('every path is answered alike; absent: this one'),
    refused: z
      .strictObject({ by: z.string(), asks: z.string(), from: z.array(Evidence) })
      .readonly()
      .optional()
      .describe(
        'middleware before it that answers 4xx by what a request brings, such as a key; absent: nothing stands before it',
      ),
    from: z.array(Evidence),
  })
  .readonly();
export type Route = z.infer<typeof Route>;

/** A path that the sources answer to GET. */
const AnsweredPath = z
  .strictObject({
    path: z.string().describe('with the parameters as they are written, such as /orders/:id'),
    open: z
      .literal(true)
      .optional()
      .describe('it is certain that a request without anything is answered; absent: it may need a login, or a value'),
    from: z.array(Evidence),
  })
  .readonly();
export type AnsweredPath = z.infer<typeof AnsweredPath>;

/** A command, never a string: `argv` is what runs in the end, `script` the name under which the project has it. */
export const Command = z
  .strictObject({
    argv: z.array(z.string()),
    script: z.string().optional(),
    env: z.record(z.string(), z.string()).optional(),
    folder: z
      .string()
      .optional()
      .describe('of a migration: the package of the repository that it belongs to; absent: the application'),
    watch: z.array(z.string()).optional().describe('of a build: the command that builds again at each change'),
  })
  .readonly();
export type Command = z.infer<typeof Command>;

export const Dependency = z
  .strictObject({ name: z.string(), range: z.string(), dev: z.boolean(), from: Evidence })
  .readonly();
export type Dependency = z.infer<typeof Dependency>;

/** A further program of the same image, which runs in a container of its own until it is stopped. */
export const Process = z
  .strictObject({
    name: z.string().describe('lower case, digits and single dashes'),
    command: Command,
    entry: z.string().optional().describe('source file that it starts with'),
    single: z.boolean().optional().describe('two of it would do everything twice: a clock'),
    by: DecidedBy.optional().describe('absent: it was read in the project'),
    from: z.array(Evidence),
  })
  .readonly();
export type Process = z.infer<typeof Process>;

const orUnknown = <T extends z.ZodType>(value: T) => z.union([known(value), Unknown]);

/** What was read from one app of the repository, each with its evidence. Nothing here was run. */
export const Facts = z
  .strictObject({
    name: known(z.string()).describe('image-safe name: lower case, digits and single dashes'),
    title: known(z.string()).describe('the name as people write it'),
    scope: z
      .string()
      .optional()
      .describe('what stands before the name of its package, such as @shop, in a repository with several applications'),
    version: known(z.string()).optional(),
    description: known(z.string()).optional(),
    root: z.string().describe('folder of the app, relative to the repository; "." for its root'),
    context: z
      .string()
      .optional()
      .describe('folder of the repository that it is built from, where that is more than its own folder'),
    archetype: orUnknown(Archetype),
    otherwise: known(Archetype).optional().describe('what it could be as well: the owner is asked once'),
    runtime: orUnknown(
      z.strictObject({
        name: z.string().describe('name of a file of stacks/runtimes'),
        version: z.string().describe('as the tag of the base image says it: exact, or a line such as 1.4'),
        range: z.string().optional().describe('what the project wrote'),
      }),
    ),
    manager: orUnknown(z.strictObject({ name: z.string(), version: z.string().optional() })),
    manifest: z.string().optional().describe('the file that names the app and its dependencies, where there is one'),
    lockfile: known(z.strictObject({ path: z.string(), format: z.enum(['text', 'binary']) })).optional(),
    frameworks: z.array(known(z.string())).describe('names of files of stacks/servers; the server first'),
    builder: known(z.string()).optional().describe('name of a file of stacks/builders'),
    commands: z
      .strictObject({
        start: orUnknown(Command),
        dev: known(Command).optional(),
        build: known(Command).optional(),
        test: known(Command).optional(),
      })
      .readonly(),
    processes: z
      .array(Process)
      .optional()
      .describe('other programs that run beside it, each in a separate container; absent: none'),
    hints: z
      .array(Hint)
      .optional()
      .describe('what files of other platforms say, whether it is used or not; absent: nothing'),
    secureOnly: known(z.literal(true))
      .optional()
      .describe('the app redirects what a proxy did not get over https; absent: it answers over http'),
    otherPorts: z
      .array(
        known(
          z.strictObject({
            number: z.number().int(),
            variable: z.string().optional(),
            inside: z.string().optional().describe('its purpose, if it is only for internal use, such as metrics'),
          }),
        ),
      )
      .optional()
      .describe('further ports that the app listens on; absent: none'),
    https: known(z.literal(true))
      .optional()
      .describe('the app itself speaks https, with its own key; absent: it speaks http'),
    asked: known(z.string())
      .optional()
      .describe('path that another platform asks whether the app is well, and that its sources answer'),
    entry: orUnknown(z.string()).describe('source file that the process starts with'),
    program: known(z.string()).optional().describe('name of the command that the package offers'),
    appFile: known(z.string()).optional().describe('file that makes the server object'),
    sources: z.array(z.string()).describe('files and folders that building the app needs, besides the manifests'),
    port: orUnknown(z.strictObject({ number: z.number().int(), variable: z.string().optional() })).optional(),
    host: known(z.strictObject({ address: z.string(), variable: z.string().optional() })).optional(),
    variables: z.array(Variable),
    services: z.array(ServiceUse),
    externals: z.array(ExternalApi),
    routes: z.array(Route).describe('routes that look like health routes, in the order found'),
    paths: z
      .array(AnsweredPath)
      .optional()
      .describe('paths that the sources answer to GET, in the order found, no more than 200; absent: none is known'),
    signals: known(z.array(z.string())).describe('signals that the app handles itself'),
    drain: known(z.number()).optional().describe('seconds that requests get to end once the app is told to stop'),
    reads: z.array(known(z.string())).describe('files and folders read at run time, relative to the app'),
    writes: z
      .array(known(z.string()))
      .describe('files and folders written at run time, relative to the app or absolute'),
    tests: z.array(z.string()).describe('globs or files of the tests'),
    data: z
      .array(z.strictObject({ path: z.string(), volume: z.string(), name: z.string().optional() }))
      .optional()
      .describe("volumes of the author's compose files by the path that the app writes; absent: none"),
    mounted: z
      .array(
        z.strictObject({
          source: z.string().describe('file or folder, relative to the repository'),
          path: z.string().describe('relative to the app, or absolute in the container'),
          readOnly: z.boolean(),
          user: z.string().optional().describe('who wrote there so far, as numbers; absent: the user of every image'),
          from: z.array(Evidence),
        }),
      )
      .optional()
      .describe("files and folders of the project that the author's compose file mounts into the app; absent: none"),
    composeProject: z
      .strictObject({ name: z.string().optional() })
      .optional()
      .describe("the author's compose project, whose name the volumes carry; without a name it is that of the folder"),
    limits: known(z.strictObject({ cpus: z.number().optional(), memory: z.string().optional() }))
      .optional()
      .describe("what the author's compose files let the application take at most; absent: none says it"),
    carried: z
      .array(CarriedKey)
      .optional()
      .describe("keys of the application's service in the author's compose files that go on as they are; absent: none"),
    leftOut: z
      .array(LeftOut)
      .optional()
      .describe("what the author's Docker files say and a generated set would not have; absent: nothing"),
    existing: z.array(z.string()).describe('existing deployment files'),
    docker: ExistingDeployment.optional().describe('the Docker files of the author, read; absent: there are none'),
    tokens: z
      .array(
        z.strictObject({
          variable: z.string(),
          file: z.string(),
          scope: z.string().optional(),
          hint: z
            .string()
            .optional()
            .describe('what the value looks like, where it is more than a token; absent: a token'),
          from: z.array(Evidence),
        }),
      )
      .describe('tokens of private registries that installing needs'),
    credentialFiles: z
      .array(z.strictObject({ file: z.string(), installs: z.boolean(), from: z.array(Evidence) }))
      .optional()
      .describe(
        'settings of package managers in the repository that contain a login in plain text: not copied to any stage; `installs`: the install reads it, and gets it as a secret; absent: none',
      ),
    secretFiles: z
      .array(z.strictObject({ name: z.string(), from: z.array(Evidence) }))
      .optional()
      .describe('files below /run/secrets that the app reads by their names; absent: none'),
    modeFiles: z
      .array(known(z.string()))
      .optional()
      .describe('committed files of variables that the build reads by itself, relative to the app; absent: none'),
    home: known(z.string())
      .optional()
      .describe('where the app looks for its home folder, as it keeps files there; absent: it does not'),
    localFiles: z
      .array(known(z.string()))
      .optional()
      .describe(
        'keys, certificates and settings that the app reads and Git ignores, relative to the app; absent: none',
      ),
    buildSecrets: z
      .array(z.strictObject({ variable: z.string(), from: z.array(Evidence) }))
      .optional()
      .describe(
        'secrets that the build script needs: those of its programs, which the running app does not read, and keys that both have; absent: none',
      ),
    native: z.array(known(z.string())).describe('dependencies with native code'),
    migration: known(Command)
      .optional()
      .describe('the program that migrates the database before the app starts; its program is one of the packages'),
    system: z
      .array(known(z.string()))
      .describe('packages of the distribution that dependencies need and slim images lack'),
    runPackages: z
      .array(known(z.string()))
      .optional()
      .describe(
        'packages of the distribution for programs that the running app starts, and for what its dependencies load; absent: none',
      ),
    buildPackages: z
      .array(known(z.string()))
      .optional()
      .describe('packages of the distribution that installing or building alone needs; absent: none'),
    asksGit: known(z.string())
      .optional()
      .describe('what building asks of git: no image has the history of the project; absent: nothing'),
    asksVersion: known(z.string())
      .optional()
      .describe('that building asks git for the newest tag (`git describe`); absent: it does not'),
    shell: known(z.string())
      .optional()
      .describe('what calls a shell, or a program that is looked for on the path; absent: nothing'),
    generators: z
      .array(known(Command))
      .describe('what makes sources before the app is built: a client of the database'),
    site: known(
      z.strictObject({
        tool: z.string().describe('name of a file of stacks/sites'),
        output: z.string().describe('folder that the build makes'),
        assets: z.string().optional().describe('folder in it whose files carry a hash in their names'),
        hashes: z.literal(true).optional().describe('names of files of any folder carry a hash; absent: they do not'),
        base: z.string().optional().describe('path below which the pages ask for their files; absent: the top'),
        everywhere: z.literal(true).optional().describe('the pages themselves do not lie below it; absent: they do'),
        languages: z
          .array(z.string())
          .optional()
          .describe(
            'folders of the languages, each with its own page, the one that is shown first before the others; an empty one is the top; absent: the site is in one language',
          ),
        fallback: z.boolean().describe('one page answers every path that is not a file: it does its own routing'),
        page: z.string().optional().describe('that page; absent: index.html'),
        ownPolicy: z
          .literal(true)
          .optional()
          .describe('the pages say themselves what a browser may load for them; absent: they say nothing'),
        port: z.number().int().describe('where its development server listens'),
        dev: z.array(z.string()).describe('that server, as a program of the packages'),
        proxies: z
          .array(
            z.strictObject({
              path: z.string().describe('beginning of the paths'),
              target: z.string(),
              strips: z.boolean().describe('the other server is asked without that beginning'),
            }),
          )
          .optional()
          .describe('what its development server hands on to another server; absent: nothing'),
        develops: z
          .strictObject({
            mounts: z.array(z.string()),
            writes: z.array(z.string()).describe('what of the image the server writes beside them'),
          })
          .optional()
          .describe('what is mounted while developing; absent: the whole folder'),
        varies: z
          .strictObject({
            what: z.string().describe('what is written, and by whom'),
            edit: z.string().describe('what in the project would fix it'),
          })
          .optional()
          .describe('what it writes differently in each build; absent: nothing'),
        documents: z.array(z.string()).optional().describe('folders of documents that it makes pages of; absent: none'),
      }),
    ).optional(),
    publishing: z
      .strictObject({
        name: z.string().describe('as it is published, with its scope'),
        private: z.boolean(),
        registry: z.string().optional().describe('where it is published, if not to everybody'),
        build: z.array(z.string()).describe('words of what the build script runs in the end'),
        from: z.array(Evidence),
      })
      .readonly()
      .optional(),
    compiled: z.array(known(z.string())).describe('dependencies that are compiled while they are installed'),
    installs: z
      .array(z.string())
      .describe('files that installing reads besides the manifest and the lockfile: settings of the manager, patches'),
    dependencies: z.array(Dependency),
    details: z
      .looseObject({ language: z.string().describe('name of a folder of languages/') })
      .readonly()
      .describe('what only this language knows: its stacks alone read it'),
    blocker: z
      .strictObject({
        code: z.string(),
        message: z.string().describe('why no deployment of it can work, as a sentence'),
        next: z.array(z.string()).describe('the ways out, a sentence each'),
        from: z.array(Evidence),
      })
      .readonly()
      .optional()
      .describe('absent: nothing is known that stops a deployment'),
    notes: z
      .array(
        z.strictObject({
          code: z.string(),
          message: z.string(),
          from: z.array(Evidence),
          target: z.string().optional().describe('the file that is meant, without its ending'),
        }),
      )
      .describe('what an owner should know: a version past its end, two lockfiles …'),
  })
  .readonly();
export type Facts = z.infer<typeof Facts>;

/** What a repository says of the build server that it uses. */
const CiFacts = z
  .strictObject({
    hosted: z.array(Evidence).describe('files that only GitHub reads'),
    builds: z.array(Evidence).describe('steps of workflows that build an image'),
    branch: known(z.string()).optional().describe('the branch that its workflows run on; absent: none, or several'),
    workflows: z.array(z.string()).describe('files of its workflows'),
  })
  .readonly();
export type CiFacts = z.infer<typeof CiFacts>;

/** Everything read from a repository. */
export const Repository = z
  .strictObject({
    apps: z.array(Facts),
    others: z
      .array(
        z
          .strictObject({ root: z.string(), name: z.string(), scope: z.string().optional(), application: z.boolean() })
          .readonly(),
      )
      .optional()
      .describe(
        'packages of the repository that nothing starts, and applications that were not asked for; absent: none',
      ),
    ci: CiFacts.optional().describe('what the repository says of the build servers that it uses; absent: nothing'),
  })
  .readonly();
export type Repository = z.infer<typeof Repository>;
