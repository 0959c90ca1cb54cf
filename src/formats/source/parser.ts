import { createRequire } from 'node:module';
import type * as oxc from 'oxc-parser';

let parser: typeof oxc | undefined;

/** The parser, loaded at its first use: it is native code, and most commands read no source. */
export function oxcParser(): typeof oxc {
  parser ??= createRequire(import.meta.url)('oxc-parser') as typeof oxc;
  return parser;
}
