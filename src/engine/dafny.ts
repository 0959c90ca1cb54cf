import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { environmentOf } from './programs.ts';
import { notCopied, type ProofResult, type ProveOptions, refused } from './proofs.ts';
import { workFolder } from './temp.ts';

const missing = (): UserError =>
  new UserError({
    code: 'program-missing',
    message: 'Dafny is not installed, so its proofs cannot be run',
    next: ['Install it (https://dafny.org) so that `dafny --version` answers, and run the command again'],
    exit: 4,
  });

/** Dafny's version, such as 4.9; undefined where it is not installed. */
export async function dafnyVersion(signal?: AbortSignal | undefined): Promise<number | undefined> {
  const options = { cwd: workFolder(), env: environmentOf('dafny'), timeoutMs: 60_000, signal };
  try {
    // 4.x answers --version, 2.x and 3.x /version
    for (const flag of ['--version', '/version']) {
      const { stdout } = await run(['dafny', flag], options);
      const version = /(?<!\d)(\d+)\.(\d+)/.exec(stdout);
      if (version) return Number(`${version[1]}.${version[2]}`);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UserError && error.code === 'program-missing') return undefined;
    throw error;
  }
}

/**
 * Verifies one Dafny file among the copies. A file that does not verify, or that includes what is not among them, is a result; a tool that
 * is not there is a UserError.
 */
export async function runDafny(file: string, { copies, timeoutMs, signal }: ProveOptions): Promise<ProofResult> {
  const version = await dafnyVersion(signal);
  if (version === undefined) throw missing();
  const stopped = notCopied(file, copies) ?? outsideIncludes(copies.folder, copies.files);
  if (stopped) return stopped;
  // relative, and below specs/: it can be taken for no option
  const args = version >= 4 ? ['verify', file] : ['/compile:0', file];
  const options = { cwd: copies.folder, env: environmentOf('dafny'), timeoutMs, signal };
  const { code, stdout, stderr, timedOut } = await run(['dafny', ...args], options);
  const output = copies.shown(`${stdout}\n${stderr}`.trim());
  if (timedOut) return { verified: false, summary: 'it timed out', output };
  // the last word of every version: "Dafny program verifier finished with 2 verified, 0 errors"
  const verdictLine = /Dafny program verifier finished with (\d+) verified, (\d+) errors?.*/.exec(output);
  return {
    verified: code === 0 && verdictLine?.[2] === '0' && !/time ?outs?|inconclusive|out of memory/.test(verdictLine[0]),
    summary:
      verdictLine?.[0] ?? output.split('\n').find((line) => /error/i.test(line)) ?? `dafny exited with code ${code}`,
    output,
  };
}

/** Refuses the copies where one of them includes a file that is none of them: Dafny would read it from this machine. */
function outsideIncludes(folder: string, files: ReadonlySet<string>): ProofResult | undefined {
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const lines = text.split('\n').map((line) => line.trim());
    const directive = lines.findIndex((line) => /^#(?:if|elsif|else|endif)\b/.test(line));
    if (directive !== -1) {
      const [name = ''] = (lines[directive] ?? '').split(/\s/, 1);
      return refused(`${file}:${directive + 1}: preprocessor directives (${name}) are not supported`);
    }
    for (const { path, at } of includesOf(text)) {
      if (files.has(posix.join(posix.dirname(file), path)) && !posix.isAbsolute(path)) continue;
      return refused(
        `${file}:${lineAt(text, at)}: includes "${path}", which is not one of the Dafny files below specs/dafny; proofs read no other files`,
      );
    }
  }
  return undefined;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/**
 * The `include` directives of a Dafny file. The grammar has them at the beginning only; they are found anywhere, outside of comments and
 * strings, each with the offset of its path. A path with escapes is given as it is written, so that it names no file.
 */
export function includesOf(text: string): readonly { readonly path: string; readonly at: number }[] {
  const token = /\/\/.*|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\[^\n]|[^\\\n])'|[\w?'#$]+|\/\*|(?<other>[\s\S])/gy;
  const found: { path: string; at: number }[] = [];
  let before = '';
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [word] = match;
    if (match.groups?.['other'] !== undefined) continue;
    if (word === '/*') token.lastIndex = endOfComment(text, match.index);
    else if (!word.startsWith('//')) {
      const string = /^@?"(.*)"$/s.exec(word);
      if (string && before === 'include') found.push({ path: string[1] ?? '', at: match.index });
      before = word;
    }
  }
  return found;
}

/** Where a comment ends that begins at `start`. Comments of Dafny are nested. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}
