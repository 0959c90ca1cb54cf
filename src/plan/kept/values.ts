import type { Part } from '../../services/contract.ts';

/** A variable as a compose file names it, at the beginning of a text. */
const reference = /^\$(?:\{([A-Za-z_]\w*)(?:(:?[-?])([^{}$]*))?\}|([A-Za-z_]\w*))/;

/**
 * A text of a compose file as texts and variables, so that it means the same in another file; undefined where it has a form that is not taken
 * apart, such as a variable inside the default of another one. `secret`: its variables hold secrets.
 */
export function partsOf(text: string, secret: boolean): readonly Part[] | undefined {
  const parts: Part[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') parts.push(plain);
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) {
      plain += text.slice(at);
      break;
    }
    plain += text.slice(at, dollar);
    if (text[dollar + 1] === '$') {
      plain += '$';
      at = dollar + 2;
      continue;
    }
    // no name of a variable, and no default that anybody writes, is longer
    const found = reference.exec(text.slice(dollar, dollar + 500));
    if (!found) return undefined;
    const [whole, braced, operator, word = '', bare] = found;
    flush();
    const fallback = operator?.endsWith('-') ? { default: word } : {};
    parts.push({ variable: braced ?? bare ?? '', required: operator?.endsWith('?') ?? false, secret, ...fallback });
    at = dollar + whole.length;
  }
  flush();
  return parts;
}
