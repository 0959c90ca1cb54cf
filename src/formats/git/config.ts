/**
 * Settings of a git repository, read as data: git-scm.com/docs/git-config, "Configuration file". Other files that it includes are not
 * followed. Keys are in lower case with their sections, such as `core.autocrlf`; of a key that stands twice the last one counts.
 */
export function parseGitConfig(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const header = /^\[([\w.-]+)(?:\s+"([^"]*)")?\]/.exec(line);
    if (header) section = [header[1]?.toLowerCase(), header[2]].filter((part) => part !== undefined).join('.');
    const setting = header ? line.slice(header[0].length).trim() : line;
    const [key] = /^[a-zA-Z][\w-]*/.exec(setting) ?? [];
    if (key === undefined) continue;
    const rest = setting.slice(key.length).trim();
    // a name alone means true
    const value = rest.startsWith('=') ? unquoted(rest.slice(1)) : rest === '' ? 'true' : undefined;
    if (value !== undefined) found.set(`${section}.${key.toLowerCase()}`, value);
  }
  return found;
}

/** A value without its quotes and without the comment behind it. */
function unquoted(text: string): string {
  let out = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') quoted = !quoted;
    else if (character === '\\') {
      at += 1;
      out += { n: '\n', t: '\t', b: '\b' }[text[at] ?? ''] ?? text[at] ?? '';
    } else if (!quoted && (character === '#' || character === ';')) break;
    else out += character;
  }
  return out.trim();
}
