import { invalid, type Mapping, mapping, type Node, type Scalar, scalar, seq } from './nodes.ts';
import { ITEM, rules } from './rules.ts';

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
    if ('problem' in result) throw invalid(`${path} could not be interpolated: ${result.problem}.`, node.at);
    return scalar(result.value, node.at);
  };
  const done = visit(root, '');
  return done.type === 'map' ? done : root;
}

/** What is done with a string that names variables: it stays, or the variables that have no value do. Every other string is left out then. */
const written = rules<'whole' | 'unset'>(
  Object.fromEntries([
    ...['name', 'volumes.*.name', 'networks.*.name'].map((path) => [path, 'whole']),
    ...['environment', 'labels', 'build.args', 'build.labels'].map((key) => [`services.*.${key}.*`, 'whole']),
    ...['image', 'container_name', 'hostname', 'user', 'healthcheck.test', 'healthcheck.test.*'].map((key) => [
      `services.*.${key}`,
      'whole',
    ]),
    ...['volumes.*', 'volumes.*.source', 'volumes.*.target', 'command', 'command.*', 'entrypoint', 'entrypoint.*'].map(
      (key) => [`services.*.${key}`, 'unset'],
    ),
    ...['build', 'build.context', 'build.dockerfile', 'build.target', 'env_file', 'env_file.*', 'env_file.*.path'].map(
      (key) => [`services.*.${key}`, 'unset'],
    ),
    ...['working_dir', 'tmpfs', 'tmpfs.*', 'extends.file', 'build.dockerfile_inline'].map((key) => [
      `services.*.${key}`,
      'unset',
    ]),
  ]),
);

/**
 * The same for a file that is read to learn what it says: nothing is refused. `leftOut` is told of each string that is left out because a
 * variable in it has no value, with its path.
 */
export function interpolateAsWritten(
  root: Mapping,
  lookup: Lookup,
  leftOut: (node: Scalar, path: readonly string[]) => void,
): Mapping {
  const visit = (node: Node, path: readonly string[]): Node | undefined => {
    if (node.type === 'seq')
      return seq(
        node.items.flatMap((item) => visit(item, [...path, ITEM]) ?? []),
        node.at,
      );
    if (node.type === 'map') {
      const entries = [...node.entries].flatMap(([key, value]): [string, Node][] => {
        const done = visit(value, [...path, key]);
        return done === undefined ? [] : [[key, done]];
      });
      return mapping(entries, node.at);
    }
    if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
    const rule = written.at(path);
    if (rule === 'whole') return node;
    const filled = known(node.value, lookup);
    if (filled !== undefined) return scalar(filled, node.at);
    if (rule === 'unset') return scalar(visible(node.value, lookup), node.at);
    leftOut(node, path);
    return undefined;
  };
  const done = visit(root, []);
  return done?.type === 'map' ? done : root;
}

/** A string with its variables filled in; undefined where one has no value, or where it is not valid. */
function known(text: string, lookup: Lookup): string | undefined {
  let isMissing = false;
  const filled = substitute(text, (name) => {
    const value = lookup(name);
    // `:-` and `-` ask as well, and are content without a value: whether they were, shows the text with a value for each name
    if (value === undefined) isMissing = true;
    return value;
  });
  if ('problem' in filled) return undefined;
  if (!isMissing) return filled.value;
  const marked = substitute(text, (name) => lookup(name) ?? (hasDefault(text, name) ? undefined : MISSING));
  return 'value' in marked && !marked.value.includes(MISSING) ? marked.value : undefined;
}

/** A character that stands for a missing value: none that a compose file may hold. */
const MISSING = '\0';

const hasDefault = (text: string, name: string): boolean =>
  [`\${${name}-`, `\${${name}:-`, `\${${name}+`, `\${${name}:+`].some((start) => text.includes(start));

/** A string with the variables filled in that have a value; the others stay as they are written. */
function visible(text: string, lookup: Lookup): string {
  const filled = substitute(text, (name) => lookup(name) ?? (hasDefault(text, name) ? undefined : `\${${name}}`));
  return 'value' in filled ? filled.value : text;
}

/** A string with its variables filled in, or what is wrong with it. */
export type Substituted = { readonly value: string } | { readonly problem: string };

/**
 * Fills in `$NAME`, `${NAME}` and the forms with `:-`, `-`, `:?`, `?`, `:+` and `+`; `$$` is a `$`. Follows compose also where it is odd: a
 * default ends on its own line, and a `{` inside it hides the character behind it.
 */
export function substitute(text: string, lookup: Lookup, depth = 0): Substituted {
  if (depth > MAX_NESTING) return { problem: `variables are nested more than ${MAX_NESTING} levels deep` };
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
