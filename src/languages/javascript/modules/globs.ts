/** Files of the project that a pattern in its source names: a package is handed it, and looks for them while the app runs. */
import { globMatcher } from '../../../formats/glob/index.ts';
import { nodesOf, type Source } from '../../../formats/source/index.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isTest } from './graph.ts';

/** So many patterns of one application are looked at. */
const MAX_PATTERNS = 50;

/** The folders that patterns such as `./src/routes/*.ts` begin with, where they find files. A path of an address is none: it begins with `/`. */
export function globbedFolders(context: AnalysisContext): readonly Fact<string>[] {
  const { app, modules } = context;
  const patterns = modules.sources.flatMap(patternsIn).slice(0, MAX_PATTERNS);
  if (patterns.length === 0) return [];
  const own = app.project.files().flatMap((file) => {
    const path = app.own(file);
    return path.startsWith('../') || isTest(path) ? [] : [path];
  });
  const found = patterns.flatMap(({ pattern, source, offset }): Fact<string>[] => {
    const plain = pattern.replace(/^\.\//, '');
    const fixed = plain.slice(0, plain.search(/[*?{[(!]/));
    const folder = fixed.includes('/') ? fixed.slice(0, fixed.lastIndexOf('/')) : '';
    if (folder === '') return [];
    const matches = globMatcher(plain, { braces: true });
    const isThere = own.some((file) => file.startsWith(`${folder}/`) && matches(file));
    return isThere ? [detected(folder, [inSource(source, offset, `${pattern} names files of it`)])] : [];
  });
  return [...new Map(found.map((item) => [item.value, item])).values()];
}

function patternsIn(
  source: Source,
): readonly { readonly pattern: string; readonly source: Source; readonly offset: number }[] {
  return nodesOf(source.program, 'Literal').flatMap((node) => {
    const text = typeof node.value === 'string' ? node.value : '';
    const isPattern =
      text.length < 200 &&
      text.includes('*') &&
      /^(\.\/)?[\w@.-]+\//.test(text) &&
      !/[\s:;<>|\\]/.test(text) &&
      (text.includes('{') || !text.includes(','));
    return isPattern && !text.includes('../') ? [{ pattern: text, source, offset: node.start }] : [];
  });
}
