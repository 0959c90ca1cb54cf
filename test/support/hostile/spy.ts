import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that a command started: what it was given. */
export type Call = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** the environment as one text, to look for canaries */
  readonly environment: string;
  /** of `docker compose up`, `run` and `create`: the containers there were just after it, as the engine describes them */
  readonly containers: readonly Inspected[];
  /** of the same: the small files in the temporary folder of the commands, as an archive */
  readonly files: Buffer | undefined;
};

/** What `docker container inspect` says of a container, as far as we look. */
export type Inspected = {
  readonly Name: string;
  readonly Config: {
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Image: string;
  };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string; readonly Source: string }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
};

/** Programs that a command could start by name. */
const programs = ['docker', 'git', 'npm', 'npx', 'node', 'bun', 'sh', 'bash', 'ssh', 'gpg', 'curl', 'java', 'dafny'];

/**
 * Puts a program of the same name before each of these on the PATH. It notes arguments, environment and working folder, and runs the
 * true one; after compose has started something it also notes what the engine says of the containers, while they are there.
 */
export function spies(bin: string, calls: string, tmp: string): void {
  for (const name of programs) {
    const real = which(name);
    if (!real) continue;
    const file = join(bin, name);
    writeFileSync(file, script(name, real, calls, tmp));
    chmodSync(file, 0o755);
  }
}

export function which(name: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function script(name: string, real: string, calls: string, tmp: string): string {
  const note = `#!/bin/sh
call=$(mktemp -d ${quoted(join(calls, 'XXXXXXXXXX'))})
printf '%s\\0' ${name} "$@" >"$call/args"
env -0 >"$call/env"
pwd >"$call/cwd"
date +%s%N >"$call/when"
`;
  if (name !== 'docker') return `${note}exec ${quoted(real)} "$@"\n`;
  return `${note}project= starts= last=
for word in "$@"; do
  [ "$last" = --project-name ] && project=$word
  case "$word" in up | run | create | start) [ "$1" = compose ] && starts=1 ;; esac
  last=$word
done
[ -z "$starts" ] && exec ${quoted(real)} "$@"
(cd ${quoted(tmp)} && find . -size -1024k \\( -type f -o -type l \\) -print0 | tar --null --create --file "$call/files" --files-from -)
${quoted(real)} "$@"
code=$?
ids=$(${quoted(real)} container ls --all --quiet --filter "label=com.docker.compose.project=$project" </dev/null)
[ -n "$ids" ] && ${quoted(real)} container inspect $ids >"$call/containers" </dev/null
exit $code
`;
}

/** What was started, in order. */
export function readCalls(folder: string): readonly Call[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((call) => existsSync(join(call, 'when')))
    .sort((a, b) => (readFileSync(join(a, 'when'), 'utf8') < readFileSync(join(b, 'when'), 'utf8') ? -1 : 1))
    .map(readCall);
}

function readCall(folder: string): Call {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const environment = text('env');
  const rows = environment.split('\0').filter((row) => row.includes('='));
  const has = (name: string) => existsSync(join(folder, name));
  return {
    args: text('args').split('\0').slice(0, -1),
    env: Object.fromEntries(rows.map((row) => [row.slice(0, row.indexOf('=')), row.slice(row.indexOf('=') + 1)])),
    environment,
    cwd: text('cwd').trim(),
    containers: has('containers') ? (JSON.parse(text('containers') || '[]') as Inspected[]) : [],
    files: has('files') ? readFileSync(join(folder, 'files')) : undefined,
  };
}
