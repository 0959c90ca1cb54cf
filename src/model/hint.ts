import { Evidence } from './evidence.ts';
import { z } from './zod.ts';

/** One thing that a file of another platform says of an application. It is evidence: flags, configuration, Docker files and manifests come before it. */
export const Hint = z
  .strictObject({
    hint: z.string().describe('name of a file of hints/'),
    says: z
      .enum(['process', 'build', 'release', 'port', 'health', 'version', 'package'])
      .describe(
        'process: a command that runs until it is stopped; release: a command that runs before a new version starts; health: the path of the health check; version: of a runtime; package: of Debian',
      ),
    name: z.string().optional().describe('name of the process, where `web` receives requests, or of the runtime'),
    value: z.string().describe('as written: a shell command, a number, a path'),
    from: z.array(Evidence),
  })
  .readonly();
export type Hint = z.infer<typeof Hint>;
