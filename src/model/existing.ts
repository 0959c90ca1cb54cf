import { Evidence } from './evidence.ts';
import { z } from './zod.ts';

const lines = { from: z.array(Evidence) };
const hidden = { secret: z.boolean().optional().describe('its value is never printed') };
const Text = z.strictObject({ value: z.string(), ...lines }).readonly();

/** A command of a Dockerfile or a compose file. In shell form `argv` holds the one text that the shell gets. */
export const ExistingCommand = z
  .strictObject({ argv: z.array(z.string()), form: z.enum(['exec', 'shell']), ...lines })
  .readonly();
export type ExistingCommand = z.infer<typeof ExistingCommand>;

/** A stage of an author's Dockerfile. What it takes over from the stage that it is made from is in it as well; of images only what the catalogue knows. */
export const ExistingStage = z
  .strictObject({
    name: z.string().optional(),
    index: z.number().int(),
    base: z.string().describe('the base image, with its arguments filled in'),
    parent: z.number().int().optional().describe('index of the stage that it is based on'),
    use: z.enum(['production', 'development', 'test', 'build']).describe('what the stage is for'),
    why: z.string().describe('how this was determined'),
    workdir: z.string().describe('absolute path of the image'),
    user: Text.optional().describe('as written; absent: the user of the base image, usually root'),
    ports: z.array(z.strictObject({ number: z.number().int(), ...lines })),
    env: z
      .record(z.string(), z.strictObject({ value: z.string(), ...hidden, ...lines }))
      .describe('arguments in values are filled in where they have defaults'),
    args: z.record(z.string(), z.strictObject({ default: z.string().optional(), ...hidden, ...lines })),
    volumes: z.array(Text).describe('paths of VOLUME'),
    packages: z.array(Text).describe('packages of the distribution that it installs'),
    copies: z.array(
      z
        .strictObject({
          sources: z.array(z.string()).describe('relative to the context, or to the stage or image of `stage`'),
          to: z.string().describe('absolute path of the image'),
          stage: z.string().optional().describe('stage or image that it copies from; absent: the context'),
          owner: z.string().optional().describe('--chown'),
          mounted: z
            .literal(true)
            .optional()
            .describe('RUN --mount=type=bind: available to one command, not stored in the image'),
          ...lines,
        })
        .readonly(),
    ),
    opens: z.array(Text).optional().describe('commands that change the owner of files, such as chown'),
    brings: z
      .array(Text)
      .optional()
      .describe('commands that download something, or install packages of another language'),
    secrets: z.array(z.strictObject({ id: z.string(), required: z.boolean(), ...lines })).describe('build secrets'),
    entrypoint: ExistingCommand.optional(),
    command: ExistingCommand.optional(),
    healthcheck: z
      .strictObject({ command: ExistingCommand.optional().describe('absent: NONE'), ...lines })
      .readonly()
      .optional(),
    stopSignal: Text.optional(),
    ...lines,
  })
  .readonly();
export type ExistingStage = z.infer<typeof ExistingStage>;

/** A Dockerfile that the author wrote. */
export const ExistingDockerfile = z
  .strictObject({
    path: z.string(),
    context: z.string().describe('folder of the build context, relative to the repository'),
    builds: z.enum(['application', 'other']).describe('other: tests, tools, another application, an editor'),
    why: z.string().describe('how this was determined'),
    stages: z.array(ExistingStage),
    production: z
      .number()
      .int()
      .optional()
      .describe('index of the stage that runs in production; absent: the file is only for development or tests'),
    development: z.number().int().optional(),
    test: z.number().int().optional(),
    unread: z.array(z.strictObject({ what: z.string(), ...lines })).describe('what could not be parsed'),
    ...lines,
  })
  .readonly();
export type ExistingDockerfile = z.infer<typeof ExistingDockerfile>;

/** A service of an author's compose files, merged as compose does it. */
export const ExistingService = z
  .strictObject({
    name: z.string(),
    runs: z.enum(['application', 'backing', 'other']).describe('the application, what it needs, or a tool beside them'),
    service: z.string().optional().describe('of a backing service: name of a file of services/, where we know it'),
    build: z
      .strictObject({
        context: z.string().describe('relative to the repository'),
        dockerfile: z.string().optional().describe('relative to the repository; absent: it is written inline'),
        target: z.string().optional(),
        args: z.record(z.string(), z.string().nullable()),
        ...lines,
      })
      .readonly()
      .optional(),
    image: Text.optional(),
    entrypoint: ExistingCommand.optional(),
    command: ExistingCommand.optional(),
    workdir: Text.optional(),
    user: Text.optional(),
    env: z
      .record(z.string(), z.strictObject({ value: z.string().nullable(), ...hidden, ...lines }))
      .describe('null: passed through from the environment'),
    envFiles: z.array(
      z.strictObject({
        value: z.string(),
        required: z.literal(false).optional().describe('optional: compose continues without it; absent: required'),
        ...lines,
      }),
    ),
    ports: z.array(
      z.strictObject({
        container: z.number().int(),
        host: z.string().optional(),
        address: z.string().optional(),
        ...lines,
      }),
    ),
    mounts: z.array(
      z.strictObject({
        type: z.enum(['bind', 'volume', 'tmpfs', 'other']),
        source: z.string().optional().describe('path in the repository, or key of a volume; absent: anonymous'),
        target: z.string(),
        readOnly: z.boolean(),
        ...lines,
      }),
    ),
    after: z.array(z.string()).describe('depends_on'),
    completed: z.array(z.string()).optional().describe('those that must complete first; absent: none'),
    profiles: z.array(z.string()),
    /** keys of the service that are set, so that nothing is added that is there: restart, deploy.resources, logging … */
    has: z.array(z.string()),
    unplaced: z
      .array(z.strictObject({ key: z.string(), ...lines }))
      .optional()
      .describe('keys that a generated compose file has no place for: cap_add, devices, network_mode …; absent: none'),
    limits: z
      .strictObject({ cpus: z.number().optional(), memory: z.string().optional(), ...lines })
      .optional()
      .describe('what it may take at most; absent: no file says it'),
    carried: z
      .array(z.strictObject({ key: z.string(), value: z.json(), ...lines }))
      .optional()
      .describe('keys that a generated service has as they are written: extra_hosts, labels, shm_size …; absent: none'),
    healthcheck: ExistingCommand.optional().describe('absent: none of its own, or switched off'),
    ...lines,
  })
  .readonly();
export type ExistingService = z.infer<typeof ExistingService>;

/** Compose files that are meant to be used together, as one deployment. */
export const ExistingCompose = z
  .strictObject({
    files: z.array(z.string()).describe('in merge order'),
    use: z.enum(['base', 'override', 'production', 'development', 'test', 'other']),
    why: z.string().describe('how this was determined'),
    name: z.string().optional().describe('name of the project, where the files give one'),
    services: z.array(ExistingService),
    volumes: z.record(z.string(), z.strictObject({ name: z.string().optional(), external: z.boolean(), ...lines })),
    networks: z.array(z.string()),
    variables: z
      .record(z.string(), z.strictObject({ default: z.string().optional(), example: z.string().optional(), ...lines }))
      .optional()
      .describe('environment variables that the files use; absent: none'),
    ...lines,
  })
  .readonly();
export type ExistingCompose = z.infer<typeof ExistingCompose>;

/** The Docker files that the author wrote, read as evidence. Nothing of them is run. */
export const ExistingDeployment = z
  .strictObject({
    dockerfiles: z
      .array(ExistingDockerfile)
      .describe('Dockerfiles of the application first, starting with the one for production'),
    compose: z.array(ExistingCompose).describe('the base file first; each of the others is an override of it'),
    dockerignores: z.array(z.string()).describe('paths'),
    devcontainer: z
      .strictObject({
        path: z.string(),
        image: z.string().optional(),
        dockerfile: z.string().optional(),
        compose: z.array(z.string()),
        ...lines,
      })
      .readonly()
      .optional(),
    replaced: z
      .array(z.string())
      .optional()
      .describe("paths that a generated file has replaced: the author's text is only used as evidence"),
    broken: z.array(z.strictObject({ file: z.string(), line: z.number().int().optional(), message: z.string() })),
  })
  .readonly();
export type ExistingDeployment = z.infer<typeof ExistingDeployment>;
