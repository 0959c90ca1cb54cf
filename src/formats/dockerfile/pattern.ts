/** A pattern of `${name#pattern}` that cannot be read. */
export type BadPattern = { readonly bad: string };

const quoted = (character: string) => (/[[\]{}.+()|^$\\*?/]/.test(character) ? `\\${character}` : character);

/** A shell's wildcard pattern (`*`, `?`, escapes; no brackets) as a regular expression. */
export function patternToRegExp(pattern: string, greedy: boolean, anchored: boolean, flags = ''): RegExp | BadPattern {
  let out = anchored ? '^' : '';
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const next = characters[at + 1];
    if (character === '*') out += greedy ? '[^\\n]*' : '[^\\n]*?';
    else if (character === '?') out += '[^\\n]';
    else if (character !== '\\') out += quoted(character);
    else if (next !== '}' && next !== '/') {
      // `\}` and `\/` only keep the braces apart; any other escape has to be of a wildcard or of itself
      if (next !== '*' && next !== '?' && next !== '\\') return { bad: `invalid escape '\\${next ?? ''}'` };
      out += `\\${next}`;
      at += 1;
    }
  }
  return new RegExp(out, `u${flags}`);
}

/** Turn a pattern round, each escape staying before what it escapes. */
function reversed(pattern: string): string {
  const parts = pattern.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  return parts.reverse().join('');
}

const backwards = (text: string) => Array.from(text).reverse().join('');

/** `${name#pattern}` and `##`. */
export function withoutPrefix(value: string, pattern: string, greedy: boolean): string | BadPattern {
  const matcher = patternToRegExp(pattern, greedy, true);
  if (!(matcher instanceof RegExp)) return matcher;
  const match = matcher.exec(value);
  return match === null ? value : value.slice(match[0].length);
}

/** `${name%pattern}` and `%%`: the shortest match at the end is the shortest at the start of the text turned round. */
export function withoutSuffix(value: string, pattern: string, greedy: boolean): string | BadPattern {
  const rest = withoutPrefix(backwards(value), reversed(pattern), greedy);
  return typeof rest === 'string' ? backwards(rest) : rest;
}

/** `${name/pattern/replacement}`, and with `//` every match. An empty match right after another one does not count. */
export function replaced(value: string, pattern: string, replacement: string, all: boolean): string | BadPattern {
  const matcher = patternToRegExp(pattern, true, false, 'g');
  if (!(matcher instanceof RegExp)) return matcher;
  let out = '';
  let from = 0;
  let done = -1;
  for (const match of value.matchAll(matcher)) {
    if (match[0] === '' && match.index === done) continue;
    out += value.slice(from, match.index) + replacement;
    from = match.index + match[0].length;
    done = from;
    if (!all) break;
  }
  return out + value.slice(from);
}
