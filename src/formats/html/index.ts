/** HTML, read into its elements and texts, and never run: for pages that name the modules which they load. */
import type * as htmlparser2 from 'htmlparser2';
import { lineCounter } from '../lines.ts';

/** An element of a page: the names of elements and attributes are lower case. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** what stands directly inside: the code of a script, for instance */
  readonly text: string;
  /** the line (1-based) where it begins, and where its text does */
  readonly line: number;
  readonly textLine: number;
};

/** A text of a page, a comment or the value of an attribute, with the line (1-based) where it begins. */
export type TextNode = { readonly value: string; readonly line: number };

/** The elements and the texts of a page, in order. */
export type Page = { readonly elements: readonly Element[]; readonly words: readonly TextNode[] };

/** The modules and scripts that a page loads from its own site, as they are written. */
export const scriptsOf = (page: Page | undefined): readonly string[] =>
  (page?.elements ?? [])
    .flatMap(({ name, attributes }) => (name === 'script' ? (attributes['src'] ?? []) : []))
    // what lies elsewhere is no file of the project
    .filter((path) => path !== '' && !path.includes(':'));

/** Whether a page says itself what a browser may load for it (HTML, 4.2.5.3: `http-equiv`). */
export const hasPolicy = (page: Page | undefined): boolean =>
  page?.elements.some(
    ({ name, attributes }) => name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'content-security-policy',
  ) ?? false;

/** A closing tag is looked up among all open elements: a page that is larger than this (in UTF-16 units) is not read. */
const MAX_LENGTH = 256 * 1024;

let parser: Pick<typeof htmlparser2, 'Parser'> | undefined;

/** Has to come before `parseHtml`: the parser is loaded where a project has pages, and most have none. */
export async function loadHtml(): Promise<void> {
  parser ??= await import('htmlparser2');
}

/** Reads a page. Whatever the text is, it gives a page; one that is too large is empty. */
export function parseHtml(text: string): Page {
  if (!parser) throw new Error('the HTML parser is not loaded: call loadHtml first');
  if (text.length > MAX_LENGTH) return { elements: [], words: [] };
  const elements: Element[] = [];
  const words: TextNode[] = [];
  const open: number[] = [];
  const lineAt = lineCounter(text);
  const addWords = (value: string): void => {
    if (value !== '') words.push({ value, line: lineAt(reader.startIndex) });
  };
  const reader = new parser.Parser({
    onopentag(name, attributes) {
      for (const value of Object.values(attributes)) addWords(value);
      open.push(elements.length);
      const line = lineAt(reader.startIndex);
      elements.push({ name, attributes, text: '', line, textLine: line });
    },
    onclosetag() {
      open.pop();
    },
    ontext(value) {
      addWords(value);
      const at = open.at(-1);
      const element = at === undefined ? undefined : elements[at];
      if (at === undefined || !element) return;
      const textLine = element.text === '' ? lineAt(reader.startIndex) : element.textLine;
      elements[at] = { ...element, text: element.text + value, textLine };
    },
    oncomment: addWords,
  });
  reader.end(text);
  return { elements, words };
}
