import { invalid, type Mapping, mapping, type Node, scalar, seq } from './nodes.ts';

/** The value of a variable; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/** How deep defaults may stand in defaults: `${A:-${B:-${C}}}`. */
const MAX_NESTING = 50;

/** Replaces the variables in every string of a file, keys left alone, as compose does. Throws a UserError with the line and the key. */
export function interpolate(root: Mapping, lookup: Lookup): Mapping {
  const visit = (node: Node, path: string): Node => {
    if (node.type === 'seq')
      return seq(
        node.items.map((item) => visit(item, `${path}[]`)),
        node.at,
      );
    if (node.type === 'map') {
      const entries = [...node.entries].map(([key, value]): [string, Node] => [
        key,
        visit(value, path === '' ? key : `${path}.${key}`),
      ]);
      return mapping(entries, node.at);
    }
    if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
    const result = substitute(node.value, lookup);
    if ('problem' in result) throw invalid(`${path} could not be filled in: ${result.problem}.`, node.at);
    return scalar(result.value, node.at);
  };
  const done = visit(root, '');
  return done.type === 'map' ? done : root;
}

/** A string with its variables filled in, or what is wrong with it. */
export type Substituted = { readonly value: string } | { readonly problem: string };

/**
 * Fills in `$NAME`, `${NAME}` and the forms with `:-`, `-`, `:?`, `?`, `:+` and `+`; `$$` is a `$`. Follows compose also where it is odd: a
 * default ends on its own line, and a `{` inside it hides the character behind it.
 */
export function substitute(text: string, lookup: Lookup, depth = 0): Substituted {
  if (depth > MAX_NESTING) return { problem: `variables stand more than ${MAX_NESTING} levels deep in each other` };
  let value = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    value += text.slice(at, dollar);
    const next = text[dollar + 1] ?? '';
    if (next === '$') {
      value += '$';
      at = dollar + 2;
    } else if (next === '{') {
      const found = braced(text, dollar, lookup, depth);
      if ('problem' in found) return found;
      value += found.value;
      at = found.end;
    } else {
      const name = nameAt(text, dollar + 1);
      value += name === '' ? '$' : (lookup(name) ?? '');
      at = dollar + 1 + name.length;
    }
  }
  return { value: value + text.slice(at) };
}

function nameAt(text: string, start: number): string {
  const pattern = /[_a-z][_a-z0-9]*/iy;
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? '';
}

type Braced = { readonly value: string; readonly end: number } | { readonly problem: string };

/** `${…}` at an offset, and where it ends. */
function braced(text: string, dollar: number, lookup: Lookup, depth: number): Braced {
  const name = nameAt(text, dollar + 2);
  const behind = dollar + 2 + name.length;
  if (name !== '' && text[behind] === '}') return { value: lookup(name) ?? '', end: behind + 1 };
  const operator = operatorAt(text, behind);
  const lineEnd = text.indexOf('\n', dollar);
  const line = lineEnd === -1 ? text.length : lineEnd;
  const close = closingBrace(text, dollar, line) ?? text.lastIndexOf('}', line - 1);
  if (name === '' || operator === '' || close < behind + operator.length) return { problem: badFormat(text, dollar) };
  const word = substitute(text.slice(behind + operator.length, close), lookup, depth + 1);
  if ('problem' in word) return word;
  const chosen = choose(name, operator, word.value, lookup);
  return 'problem' in chosen ? chosen : { value: chosen.value, end: close + 1 };
}

function operatorAt(text: string, at: number): string {
  const colon = text[at] === ':' ? ':' : '';
  const sign = text[at + colon.length] ?? '';
  return '-?+'.includes(sign) && sign !== '' ? colon + sign : '';
}

const badFormat = (text: string, at: number): string =>
  `${JSON.stringify(text.slice(at, at + 40))} is not a valid variable. Write \`$$\` for a dollar sign`;

/** The brace that closes the one behind the dollar, on the same line; undefined where none does. */
function closingBrace(text: string, dollar: number, end: number): number | undefined {
  let open = 0;
  for (let at = dollar; at < end; at += 1) {
    if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    } else if (text[at] === '{') {
      open += 1;
      at += 1;
    }
  }
  return undefined;
}

function choose(name: string, operator: string, word: string, lookup: Lookup): Substituted {
  const value = lookup(name);
  const isThere = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return { value: isThere ? word : (value ?? '') };
  if (isThere) return { value: value ?? '' };
  if (operator.endsWith('-')) return { value: word };
  return { problem: `required variable ${name} is missing a value${word === '' ? '' : `: ${word}`}` };
}
