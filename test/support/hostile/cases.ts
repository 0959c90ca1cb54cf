import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from '../projects.ts';

export const inputs = join(repository, 'test/e2e/hostile');

/** What cannot lie in this repository as a file, said as data. Paths are relative to the project, texts may hold placeholders. */
const Step = z.union([
  z.strictObject({ write: z.string(), text: z.string(), mode: z.string().optional() }),
  z.strictObject({ write: z.string(), base64: z.string() }),
  z.strictObject({ write: z.string(), json: z.unknown() }),
  z.strictObject({ append: z.string(), text: z.string() }),
  z.strictObject({ replace: z.string(), from: z.string(), to: z.string() }),
  z.strictObject({ link: z.string(), to: z.string() }),
  z.strictObject({ fifo: z.string() }),
  z.strictObject({ remove: z.string() }),
  z.strictObject({ outside: z.string(), text: z.string() }),
  z.strictObject({ home: z.string(), text: z.string() }),
  z.strictObject({ bare: z.string(), config: z.string() }).describe('makes a folder a bare repository as well'),
  z
    .strictObject({ git: z.array(z.string()).min(1) })
    .describe('a git command in the project, such as `config core.fsmonitor …`'),
]);
export type Step = z.infer<typeof Step>;

const Run = z.strictObject({
  args: z.array(z.string()).min(1),
  exit: z.union([z.number(), z.array(z.number())]),
  formats: z
    .array(z.enum(['text', 'json']))
    .optional()
    .describe('default: text'),
  says: z.array(z.string()).optional().describe('texts that stdout or stderr holds'),
  never: z.array(z.string()).optional().describe('texts that neither holds'),
  names: z
    .array(z.string())
    .optional()
    .describe('SERVICE.KEY, or the name of a config or secret: what is named in one line'),
  notCalled: z
    .array(z.string())
    .optional()
    .describe('words of docker commands that are not reached, such as `compose up`'),
  within: z.number().optional().describe('seconds; default: 180'),
  given: z.array(z.string()).optional().describe('variables of the shell that a build may be handed'),
  touches: z.array(z.string()).optional().describe('files that a person has agreed to by a flag'),
  started: z.array(z.string()).optional().describe('services that run nevertheless: the neighbors'),
});
export type Run = z.infer<typeof Run>;

const Variant = z.strictObject({
  share: z.boolean().optional().describe('default: that of the case'),
  setup: z.array(Step).optional(),
  after: z.array(Step).optional(),
  env: z.record(z.string(), z.string()).optional(),
  runs: z.array(Run).optional(),
});

const Case = z.strictObject({
  finding: z.string().describe('of the security test: C1 to C3, H1 to H4, M4, M6; or neighbor'),
  about: z.string(),
  share: z.boolean().optional().describe('part of what runs for each change'),
  base: z.enum(['app', 'none']).optional().describe('default: app, the small server with its deployment'),
  folder: z.string().optional().describe('where the commands run, relative to the project'),
  history: z.enum(['commit', 'clone', 'none']).optional().describe('default: commit'),
  setup: z.array(Step).optional().describe('before the commit'),
  after: z.array(Step).optional().describe('after it: untracked files, and those below .git'),
  env: z.record(z.string(), z.string()).optional(),
  needs: z.array(z.string()).optional().describe('programs without which the case is skipped'),
  runs: z.array(Run).optional(),
  variants: z.record(z.string(), Variant).optional().describe('further spellings, each in a project of its own'),
});

/** One spelling of one finding, ready to run. */
export type HostileCase = {
  readonly title: string;
  readonly finding: string;
  readonly share: boolean;
  /** absolute path of the input */
  readonly input: string;
  readonly base: 'app' | 'none';
  readonly folder: string;
  readonly history: 'commit' | 'clone' | 'none';
  readonly setup: readonly Step[];
  readonly after: readonly Step[];
  readonly env: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
  readonly runs: readonly Run[];
};

/** Reads test/e2e/hostile/NAME/case.json: a case for each of its variants, or one. */
function casesOf(name: string): HostileCase[] {
  const input = join(inputs, name);
  const read = Case.parse(JSON.parse(readFileSync(join(input, 'case.json'), 'utf8')));
  const variants = Object.entries(read.variants ?? { '': {} });
  return variants.map(([variant, more]) => ({
    title: variant === '' ? name : `${name}: ${variant}`,
    finding: read.finding,
    share: more.share ?? read.share ?? false,
    input,
    base: read.base ?? 'app',
    folder: read.folder ?? '.',
    history: read.history ?? 'commit',
    setup: [...(read.setup ?? []), ...(more.setup ?? [])],
    after: [...(read.after ?? []), ...(more.after ?? [])],
    env: { ...read.env, ...more.env },
    needs: read.needs ?? [],
    runs: more.runs ?? read.runs ?? [],
  }));
}

/** Every case, in the order of its folder's name. */
export const hostileCases: readonly HostileCase[] = readdirSync(inputs)
  .filter((name) => existsSync(join(inputs, name, 'case.json')))
  .sort()
  .flatMap(casesOf);
