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
    required: z.boolean().describe('the app does not start or work without it'),
    secret: z.boolean(),
    default: z.string().optional().describe('value that the app uses if it is not set'),
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
    kind: ValueKind.optional().describe('the kind of value that a schema accepts; absent: any string, or unknown'),
    form: SecretForm.optional().describe('for a secret or its public half: the format that the code requires'),
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
    image: z.string().optional().describe('image with its version; absent: none, or an unknown one'),
    volume: z.strictObject({ key: z.string(), name: z.string().optional(), path: z.string() }).readonly().optional(),
    folder: z
      .strictObject({ source: z.string().describe('relative to the repository'), path: z.string() })
      .readonly()
      .optional()
      .describe('folder of the project that contains its data, instead of a volume'),
    files: z
      .array(z.strictObject({ source: z.string(), path: z.string() }).readonly())
      .optional()
      .describe(
        'other files of the project that are mounted into it, such as scripts that create tables; absent: none',
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
    client: z.string().optional().describe('package or built-in module that the app connects with'),
    role: z.string().optional().describe('its role, if the service has several: cache, queue …'),
    required: z.boolean().describe('false: the app still responds without it, with reduced function'),
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
    url: z.string().optional().describe('its address, if the source contains it as a default or literal'),
    required: z.boolean(),
    from: z.array(Evidence),
  })
  .readonly();
export type ExternalApi = z.infer<typeof ExternalApi>;

export const Route = z
  .strictObject({
    method: z.string(),
    path: z.string(),
    any: z.literal(true).optional().describe('the handler answers every path; absent: only this one'),
    refused: z
      .strictObject({ by: z.string(), asks: z.string(), from: z.array(Evidence) })
      .readonly()
      .optional()
      .describe('middleware that may answer 4xx depending on the request, such as an API key; absent: none'),
    from: z.array(Evidence),
  })
  .readonly();
export type Route = z.infer<typeof Route>;

/** A path that the sources answer to GET. */
const AnsweredPath = z
  .strictObject({
    path: z.string().describe('with parameters as written, such as /orders/:id'),
    open: z
      .literal(true)
      .optional()
      .describe('a plain request is certainly answered; absent: it may require a login or a value'),
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
    watch: z.array(z.string()).optional().describe('for a build: the command that rebuilds after each change'),
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
    entry: z.string().optional().describe('source file that it starts'),
    single: z.boolean().optional().describe('must not run twice at the same time, such as a scheduler'),
    by: DecidedBy.optional().describe('absent: it was found in the project'),
    from: z.array(Evidence),
  })
  .readonly();
export type Process = z.infer<typeof Process>;

const orUnknown = <T extends z.ZodType>(value: T) => z.union([known(value), Unknown]);

/** What was read from one app of the repository, each with its evidence. Nothing here was run. */
export const Facts = z
  .strictObject({
    name: known(z.string()).describe('image-safe name: lower case, digits and single dashes'),
    title: known(z.string()).describe('the name for display'),
    scope: z
      .string()
      .optional()
      .describe('scope of its package name, such as @shop, if the repository contains several applications'),
    version: known(z.string()).optional(),
    description: known(z.string()).optional(),
    root: z.string().describe('folder of the app, relative to the repository; "." for its root'),
    context: z.string().optional().describe('folder of the build context, if larger than its own folder'),
    archetype: orUnknown(Archetype),
    otherwise: known(Archetype).optional().describe('other possible types: the user is asked once'),
    runtime: orUnknown(
      z.strictObject({
        name: z.string().describe('name of a file of stacks/runtimes'),
        version: z.string().describe('as in the tag of the base image: exact, or a line such as 1.4'),
        range: z.string().optional().describe('as the project wrote it'),
      }),
    ),
    manager: orUnknown(z.strictObject({ name: z.string(), version: z.string().optional() })),
    manifest: z.string().optional().describe("the manifest with the app's name and dependencies, if it has one"),
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
    hints: z.array(Hint).optional().describe('hints from files of other platforms, whether used or not; absent: none'),
    secureOnly: known(z.literal(true))
      .optional()
      .describe('the app redirects requests that a proxy did not receive over https; absent: it answers over http'),
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
    https: known(z.literal(true)).optional().describe('the app itself serves https with its own key; absent: http'),
    asked: known(z.string()).optional().describe('health check path of another platform that the source code answers'),
    entry: orUnknown(z.string()).describe('source file that the process starts with'),
    program: known(z.string()).optional().describe('name of the command that the package offers'),
    appFile: known(z.string()).optional().describe('file that creates the server object'),
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
      .describe('paths that the source code answers to GET, in the order found, at most 200; absent: none known'),
    signals: known(z.array(z.string())).describe('signals that the app handles itself'),
    drain: known(z.number()).optional().describe('seconds that requests have to finish when the app is stopped'),
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
          user: z.string().optional().describe('uid and gid of the existing files; absent: the user of the image'),
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
      .describe("parts of the author's Docker files that a generated set would not contain; absent: none"),
    existing: z.array(z.string()).describe('existing deployment files'),
    docker: ExistingDeployment.optional().describe('the parsed Docker files of the author; absent: none'),
    tokens: z
      .array(
        z.strictObject({
          variable: z.string(),
          file: z.string(),
          scope: z.string().optional(),
          hint: z.string().optional().describe('format of the value, if it is more than a token; absent: a token'),
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
      .describe('files in /run/secrets that the app reads by name; absent: none'),
    modeFiles: z
      .array(known(z.string()))
      .optional()
      .describe('committed env files that the build reads automatically, relative to the app; absent: none'),
    home: known(z.string())
      .optional()
      .describe('home folder in which the app keeps files; absent: it keeps none there'),
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
      .describe('packages of the distribution that only the install or build needs; absent: none'),
    asksGit: known(z.string())
      .optional()
      .describe('what the build reads from Git, whose history is not in any image; absent: nothing'),
    asksVersion: known(z.string())
      .optional()
      .describe('the build asks Git for the newest tag (`git describe`); absent: it does not'),
    shell: known(z.string()).optional().describe('code that runs a shell, or a program from the PATH; absent: none'),
    generators: z
      .array(known(Command))
      .describe('programs that generate source files before the build, such as a database client'),
    site: known(
      z.strictObject({
        tool: z.string().describe('name of a file of stacks/sites'),
        output: z.string().describe('folder that the build creates'),
        assets: z.string().optional().describe('folder in it whose files carry a hash in their names'),
        hashes: z
          .literal(true)
          .optional()
          .describe('files in any folder have a hash in their names; absent: they do not'),
        base: z.string().optional().describe('base path of the files that pages request; absent: the root'),
        everywhere: z
          .literal(true)
          .optional()
          .describe('the pages themselves are not below the base path; absent: they are'),
        languages: z
          .array(z.string())
          .optional()
          .describe(
            'folders of the languages, each with its own page, the default one first; an empty one is the root; absent: the site has one language',
          ),
        fallback: z.boolean().describe('one page answers every path that is not a file, as it has its own routing'),
        page: z.string().optional().describe('that page; absent: index.html'),
        ownPolicy: z
          .literal(true)
          .optional()
          .describe('the pages have their own content security policy; absent: they do not'),
        port: z.number().int().describe('where its development server listens'),
        dev: z.array(z.string()).describe('the program of a package that runs that server'),
        proxies: z
          .array(
            z.strictObject({
              path: z.string().describe('prefix of the paths'),
              target: z.string(),
              strips: z.boolean().describe('the prefix is removed from forwarded requests'),
            }),
          )
          .optional()
          .describe('requests that its development server forwards to another server; absent: none'),
        develops: z
          .strictObject({
            mounts: z.array(z.string()),
            writes: z.array(z.string()).describe('other folders of the image that the server writes to'),
          })
          .optional()
          .describe('what is mounted during development; absent: the whole folder'),
        varies: z
          .strictObject({
            what: z.string().describe('what is written, and by which program'),
            edit: z.string().describe('a change in the project that would fix it'),
          })
          .optional()
          .describe('what differs in each build; absent: nothing'),
        documents: z.array(z.string()).optional().describe('folders of documents that become pages; absent: none'),
      }),
    ).optional(),
    publishing: z
      .strictObject({
        name: z.string().describe('the published name, with its scope'),
        private: z.boolean(),
        registry: z.string().optional().describe('where it is published, if not publicly'),
        build: z.array(z.string()).describe('words of the last command of the build script'),
        from: z.array(Evidence),
      })
      .readonly()
      .optional(),
    compiled: z.array(known(z.string())).describe('dependencies that are compiled during the install'),
    installs: z
      .array(z.string())
      .describe(
        'files that the install reads besides the manifest and the lockfile: settings of the package manager, patches',
      ),
    dependencies: z.array(Dependency),
    details: z
      .looseObject({ language: z.string().describe('name of a folder of languages/') })
      .readonly()
      .describe('facts of this language, which only its stacks read'),
    blocker: z
      .strictObject({
        code: z.string(),
        message: z.string().describe('why it cannot be deployed, as a sentence'),
        next: z.array(z.string()).describe('possible fixes, one sentence each'),
        from: z.array(Evidence),
      })
      .readonly()
      .optional()
      .describe('absent: nothing known prevents a deployment'),
    notes: z
      .array(
        z.strictObject({
          code: z.string(),
          message: z.string(),
          from: z.array(Evidence),
          target: z.string().optional().describe('the file, without its extension'),
        }),
      )
      .describe('notes for the user: a version past its end of life, two lockfiles …'),
  })
  .readonly();
export type Facts = z.infer<typeof Facts>;

/** What a repository says of the build server that it uses. */
const CiFacts = z
  .strictObject({
    hosted: z.array(Evidence).describe('files that only GitHub reads'),
    builds: z.array(Evidence).describe('steps of workflows that build an image'),
    branch: known(z.string()).optional().describe('the branch that its workflows run on; absent: none or several'),
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
        'packages of the repository that nothing starts, and applications that were not selected; absent: none',
      ),
    ci: CiFacts.optional().describe('facts about the build servers of the repository; absent: none'),
  })
  .readonly();
export type Repository = z.infer<typeof Repository>;
