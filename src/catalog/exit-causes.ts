/** What programs print when they end by an error: which of the lines names it, and what to do about the causes that are known. */

/** The lines that name what ended a program, the first cause behind it last, and what helps, where that is known. */
export type ExitCause = { readonly lines: readonly string[]; readonly next?: string };

/** With these a runtime says at last which one it is. */
const endings: readonly string[] = ['Node.js v', 'Bun v'];

/** Lines that belong to an error and say nothing by themselves: calls, closing brackets, the runtime that ended. */
const isFrame = (line: string): boolean =>
  line === '' ||
  line.startsWith('at ') ||
  /^[\^~{}[\]()|,; ]*$/.test(line) ||
  endings.some((ending) => line.startsWith(ending));

/** `TypeError: …`, `AxiosError [CODE]: …`, `MongoServerError: …`, `error: …`, `panic: …`. */
const naming = /^(Uncaught )?([A-Za-z_$][\w$.]*)?(Error|Exception|error|panic)( \[[\w-]+\])?: ?\S/;
const caused = '[cause]: ';
const traceback = 'Traceback (most recent call last)';

/** Finds what ended a program in what it printed; undefined: it printed nothing. */
export function exitCause(printed: string): ExitCause | undefined {
  const all = printed.split('\n').map((line) => line.trim());
  const lines = all.filter((line) => !isFrame(line));
  if (lines.length === 0) return undefined;
  const head = headOf(printed) ?? lines.findLast((line) => naming.test(line));
  if (head === undefined) {
    const telling = lines.findLast((line) => /\b(error|fatal|failed|cannot|refused|denied)\b/i.test(line));
    const rest = telling === undefined ? lines.slice(-3) : [telling];
    return withNext(rest, rest.join('\n'));
  }
  const behind = all.slice(all.lastIndexOf(head));
  const inner = behind.findLast((line) => line.startsWith(caused))?.slice(caused.length);
  return withNext(inner === undefined ? [head] : [head, inner], behind.join('\n'));
}

/** The last line of a trace of Python, which stands behind its calls. */
function headOf(printed: string): string | undefined {
  const at = printed.lastIndexOf(traceback);
  if (at === -1) return undefined;
  const below = printed.slice(at).split('\n').slice(1);
  return below.find((line) => line.trim() !== '' && !/^\s/.test(line))?.trim();
}

function withNext(lines: readonly string[], block: string): ExitCause {
  const next = causes.map((cause) => cause(block)).find((value) => value !== undefined);
  return { lines, ...(next === undefined ? {} : { next }) };
}

/** What an error may mean: the answer to it; undefined: another one. */
type Cause = (text: string) => string | undefined;

const isLoopback = (address: string): boolean => /^(127\.|localhost|::1|\[::1\])/.test(address);

/** The text in quotes behind a word: `ENOENT: no such file or directory, open '/app/x'`. */
function quotedBehind(text: string, word: string): string | undefined {
  const at = text.indexOf(word);
  return at === -1 ? undefined : /^[^'"\n]{0,160}['"]([^'"\n]{1,300})['"]/.exec(text.slice(at))?.[1];
}

/** A host that no name server knows: `getaddrinfo ENOTFOUND db`, `hostname: 'db'`. */
const host: Cause = (text) => {
  if (!/\b(ENOTFOUND|EAI_AGAIN)\b/.test(text)) return undefined;
  const name = /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/.exec(text)?.[1] ?? quotedBehind(text, 'hostname:');
  const what = name === undefined ? 'the host' : `the host ${name}`;
  return `It cannot resolve ${what} from inside its container: set the variable with the address to a service in the compose file, or to a host that can be reached from there.`;
};

/** `connect ECONNREFUSED 127.0.0.1:5432`. */
const refused: Cause = (text) => {
  if (!text.includes('ECONNREFUSED') && !/connection refused/i.test(text)) return undefined;
  const address = /ECONNREFUSED ([\w.:[\]-]+:\d+)/.exec(text)?.[1];
  if (address === undefined)
    return 'The server that it connects to is not listening: start it first, or fix its address.';
  return isLoopback(address)
    ? `Nothing listens at ${address}: inside a container, that is the container itself. Set the variable with the address to the service in the compose file.`
    : `Nothing listens at ${address}: start it first, or fix the address.`;
};

const portInUse: Cause = (text) => {
  if (!text.includes('EADDRINUSE')) return undefined;
  const [line = ''] = text.slice(text.indexOf('EADDRINUSE')).split('\n');
  const port = /:(\d{1,5})$/.exec(line.trim())?.[1] ?? /port: (\d{1,5})/.exec(text)?.[1];
  return `Port ${port ?? 'of the app'} is already in use inside the container. Start only one server, or give the other one a different port.`;
};

const notWritable: Cause = (text) => {
  const code = /\b(EACCES|EPERM|EROFS)\b/.exec(text)?.[1];
  if (code === undefined) return undefined;
  if (/EACCES[^\n]{0,40}0\.0\.0\.0:\d/.test(text))
    return 'Ports below 1024 need privileges that it does not have: listen on a higher port.';
  const path = quotedBehind(text, code);
  return `It has no permission to write to ${path ?? 'that path'}: if this is data of the app, add its folder to the key \`writable\` in dockwright.json.`;
};

const noFile: Cause = (text) => {
  const path = text.includes('ENOENT') ? quotedBehind(text, 'ENOENT') : undefined;
  return path === undefined
    ? undefined
    : `${path} does not exist in the container: if the file is in Git, .dockerignore excludes it from the image; if it only exists on this machine, mount it.`;
};

const noModule: Cause = (text) => {
  const name =
    quotedBehind(text, 'Cannot find module') ??
    quotedBehind(text, 'Cannot find package') ??
    quotedBehind(text, 'No module named');
  if (name === undefined) return undefined;
  return /^[./]/.test(name)
    ? `The image has no module ${name}: the build does not create it, or .dockerignore excludes it.`
    : `The image has no package ${name}: it is not a production dependency.`;
};

const badPassword: Cause = (text) => {
  const isBad =
    /password authentication failed|Access denied for user|WRONGPASS|NOAUTH|ER_ACCESS_DENIED|MongoServerError: Authentication failed/.test(
      text,
    );
  return isBad
    ? 'The database rejects its password: the volume keeps the password that it was created with. Set that one in .env, or change it in the database.'
    : undefined;
};

/** `Environment variable X is not set`, `Missing env var X`, `X is required`. */
const noVariable: Cause = (text) => {
  const [line = ''] = text.split('\n');
  if (
    !/\b(env|environment|variable|config)/i.test(line) &&
    !/\b(is|are) (not set|required|missing|undefined)/i.test(line)
  )
    return undefined;
  if (!/not (set|defined|found|provided)|missing|required|must be|undefined/i.test(line)) return undefined;
  const name =
    /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/.exec(line)?.[1] ?? /\bvariable:? ['"`]?([A-Z][A-Z0-9]{2,})\b/.exec(line)?.[1];
  return name === undefined
    ? undefined
    : `It needs ${name}: set it in .env, and if it is not passed on, add it to the key \`variables\` in dockwright.json.`;
};

const causes: readonly Cause[] = [host, refused, portInUse, badPassword, noModule, noFile, notWritable, noVariable];
