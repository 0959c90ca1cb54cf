import { type Element, parseHtml } from '../../formats/html/index.ts';

/** What a page names at its own address: `code` and `style` are what it does not work without. */
export type Named = {
  /** with its query, without its fragment */
  readonly path: string;
  readonly kind: 'code' | 'style' | 'file' | 'link';
};

/** The same address on this machine under any of its names, as `base` has it; undefined: another one. */
export function sameAddress(target: URL, base: URL): URL | undefined {
  const isHere = ({ hostname }: URL) => ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (target.protocol !== base.protocol || target.port !== base.port) return undefined;
  if (target.hostname !== base.hostname && !(isHere(target) && isHere(base))) return undefined;
  const found = new URL(base);
  found.pathname = target.pathname;
  found.search = target.search;
  found.hash = '';
  return found;
}

/** A reference of a page, resolved; undefined: it is none. */
export function resolved(reference: string, from: URL): URL | undefined {
  try {
    return new URL(reference.trim(), from);
  } catch {
    return undefined;
  }
}

/** More of a page is not read: `parseHtml` takes no page that is larger. */
export const PAGE_LIMIT = 256 * 1024;

/** Everything that a page names at its own address, in order, each once. `loadHtml` has to come before. */
export function namedIn(body: string, address: URL): readonly Named[] {
  const { elements } = parseHtml(body.slice(0, PAGE_LIMIT));
  const base = elements.find(({ name, attributes }) => name === 'base' && attributes['href'])?.attributes['href'];
  const from = (base === undefined ? undefined : resolved(base, address)) ?? address;
  const found = new Map<string, Named>();
  for (const element of elements) {
    for (const [kind, reference] of referencesOf(element)) {
      const target = reference ? resolved(reference, from) : undefined;
      const own = target && sameAddress(target, address);
      if (!own) continue;
      const path = `${own.pathname}${own.search}`;
      const known = found.get(path);
      // what is loaded says more than a link to it
      if (!known || known.kind === 'link') found.set(path, { path, kind });
    }
  }
  return [...found.values()];
}

type Reference = readonly [Named['kind'], string | undefined];

function referencesOf({ name, attributes }: Element): readonly Reference[] {
  const { src, href, srcset, poster, type, rel } = attributes;
  switch (name) {
    case 'script':
      return isScript(type) ? [['code', src]] : [];
    case 'link': {
      const kind = kindOf(rel ?? '', attributes['as']);
      return kind === undefined ? [] : [[kind, href]];
    }
    case 'a':
    case 'area':
      return [['link', href]];
    case 'img':
    case 'source':
      return [['file', src ?? firstOf(srcset)]];
    case 'video':
      return [
        ['file', src],
        ['file', poster],
      ];
    case 'audio':
    case 'track':
    case 'embed':
      return [['file', src]];
    case 'input':
      return type === 'image' ? [['file', src]] : [];
    default:
      return [];
  }
}

/** Other types are data, which stands inside. */
const isScript = (type = ''): boolean =>
  ['', 'module'].includes(type.trim().toLowerCase()) || type.trim().toLowerCase().endsWith('javascript');

/** What a `<link>` brings in; undefined: it only points somewhere. */
function kindOf(rel: string, as: string | undefined): Named['kind'] | undefined {
  const words = rel.toLowerCase().split(/\s+/);
  const has = (...names: readonly string[]) => words.some((word) => names.includes(word));
  if (has('stylesheet')) return 'style';
  if (has('modulepreload')) return 'code';
  if (has('preload')) return as === 'script' ? 'code' : as === 'style' ? 'style' : 'file';
  return has('icon', 'apple-touch-icon', 'apple-touch-icon-precomposed', 'mask-icon', 'manifest') ? 'file' : undefined;
}

/** The first image of a set: `a.png 1x, b.png 2x`. */
const firstOf = (set: string | undefined): string | undefined =>
  set
    ?.trim()
    .split(/\s+/)[0]
    ?.replace(/(?<!,),$/, '');
