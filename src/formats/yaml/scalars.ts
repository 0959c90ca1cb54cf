import { isScalar, LineCounter, parseDocument, visit } from 'yaml';

/** A scalar of a YAML text, with where it stands: offsets of the text, quotes included, and its line (1-based). */
export type YamlScalar = {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly quote: '' | '"' | "'";
  readonly isKey: boolean;
};

/** The scalars of a YAML text, to edit them by span. A text that is not valid gives those that were understood. Block scalars are left out. */
export function yamlScalars(text: string): readonly YamlScalar[] {
  const lines = new LineCounter();
  const found: YamlScalar[] = [];
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  visit(document, {
    Scalar: (key, node) => {
      if (!isScalar(node) || !node.range || node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return;
      const [start, end] = node.range;
      const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
      const { line } = lines.linePos(start);
      found.push({ value: node.source ?? String(node.value), start, end, line, quote, isKey: key === 'key' });
    },
  });
  return found;
}
