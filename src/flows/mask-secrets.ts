import { HIDDEN_VALUE, isSecretName } from '../model/secret-names.ts';

/** The default of a variable of a compose file. */
const fallback = /(\$\{([A-Za-z_]\w{0,99}):?-)([^{}$]+)(?=\})/g;
/** The older form of ENV: a name, a space, and the rest of the line. */
const olderForm = /^([-+ \t]*(?:ENV|ARG)[ \t]+)([A-Za-z_]\w*)([ \t]+)(?!\S*=)(\S.*)$/i;
/** A password that a program gets as an argument. */
const option = /(--?(?:requirepass|password|pass|token|secret)(?:["']?,[ \t]*["']?|[= \t]+))([^\s"',\]]+)/gi;

/** What stands for itself: a variable, or what Compose says of a missing one. */
const isOpen = (value: string): boolean => /^["']?(?:\$[{(A-Za-z_]|\?)/.test(value) || /^(["'])\1$/.test(value);

const hidden = (value: string): string => {
  if (isOpen(value)) return value;
  return /^["']/.test(value) ? `${value[0]}${HIDDEN_VALUE}${value[0]}` : HIDDEN_VALUE;
};

/** The line without the passwords in its addresses: what stands between the first colon and the first `@` behind `://`. */
function withoutCredentials(line: string): string {
  const [head = '', ...parts] = line.split('://');
  const shown = parts.map((part) => {
    const end = part.search(/[\s/'"]/);
    const authority = end === -1 ? part : part.slice(0, end);
    const colon = authority.indexOf(':');
    const at = authority.indexOf('@');
    const isPassword = colon !== -1 && at > colon + 1 && !isOpen(authority.slice(colon + 1, at));
    return isPassword ? `${part.slice(0, colon + 1)}${HIDDEN_VALUE}${part.slice(at)}` : part;
  });
  return [head, ...shown].join('://');
}

/** The name in front of a sign, without its quote; empty: none. */
const nameBefore = (text: string): string => {
  let end = text.length;
  while (' \t'.includes(text[end - 1] ?? 'x')) end -= 1;
  if (/["']/.test(text[end - 1] ?? '')) end -= 1;
  let start = end;
  while (/[\w.-]/.test(text[start - 1] ?? ' ')) start -= 1;
  return text.slice(start, end).replace(/^[^A-Za-z_]+/, '');
};

/** Where the value that begins at `start` ends: behind its quote, else in front of what cannot be part of it. */
function endOfValue(line: string, start: number): number {
  const quote = line[start] ?? '';
  const close = /["']/.test(quote) ? line.indexOf(quote, start + 1) : -1;
  if (close !== -1) return close + 1;
  let end = start;
  while (/[^\s,}\]#"']/.test(line[end] ?? ' ')) end += 1;
  return end;
}

/** The line without the values of secrets that stand behind their names, as a compose file, a Dockerfile or an env file has them. */
function withoutValues(line: string): string {
  let shown = '';
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] !== ':' && line[at] !== '=') continue;
    const name = nameBefore(line.slice(from, at));
    let start = at + 1;
    while (line[start] === ' ' || line[start] === '\t') start += 1;
    const end = endOfValue(line, start);
    if (name === '' || end === start) continue;
    const value = line.slice(start, end);
    shown += line.slice(from, start) + (isSecretName(name) ? hidden(value) : value);
    from = end;
    at = end - 1;
  }
  return shown + line.slice(from);
}

/** A line of a Docker file, a compose file or an env file as it may be shown: a password that is written out is not. */
const maskedLine = (line: string): string =>
  withoutValues(
    withoutCredentials(line)
      .replace(option, (_, before: string, password: string) => before + (isOpen(password) ? password : HIDDEN_VALUE))
      .replace(fallback, (whole, before: string, name: string) => (isSecretName(name) ? before + HIDDEN_VALUE : whole))
      .replace(olderForm, (whole, before: string, name: string, gap: string) =>
        isSecretName(name) ? `${before}${name}${gap}${HIDDEN_VALUE}` : whole,
      ),
  );

/** Files of a deployment, in which passwords stand by the names of variables; in the source of an application the same words mean other things. */
function holdsSettings(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const isCompose = name.includes('compose') && /\.ya?ml$/.test(name);
  return isCompose || name.includes('dockerfile') || name.includes('containerfile') || name.startsWith('.env');
}

/** The text of a file as it may be shown, by its path. */
export const maskedText = (path: string, text: string): string =>
  holdsSettings(path) ? text.split('\n').map(maskedLine).join('\n') : text;
