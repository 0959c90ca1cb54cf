import { memberPath, nodesOf } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { homeFolder } from './paths.ts';

/** Whether the app uses the home folder of its user: `homedir()` of the module os, or the variable that holds it. */
export function readHome({ modules }: AnalysisContext): Fact<string> | undefined {
  for (const source of modules.sources) {
    const names = source.imports
      .filter(({ specifier }) => specifier.replace(/^node:/, '') === 'os')
      .flatMap((item) =>
        item.names.map(({ local, imported }) => (imported === 'homedir' ? local : `${local}.homedir`)),
      );
    const used = nodesOf(source.program, 'CallExpression', 'MemberExpression').find((node) =>
      node.type === 'CallExpression'
        ? names.includes(memberPath(node.callee) ?? '')
        : ['process.env.HOME', 'Bun.env.HOME'].includes(memberPath(node) ?? ''),
    );
    if (used) return detected(homeFolder, [inSource(source, used.start, 'the home folder is used')]);
  }
  return undefined;
}

/** What is kept in the home folder, and is no cache: memory there is as good as any place for scratch, and for nothing else. */
export const homeNotes = (home: Fact<string> | undefined, written: Facts['writes']): Facts['notes'] =>
  home === undefined
    ? []
    : written
        .filter(
          ({ value }) => value.startsWith(`${homeFolder}/`) && !/cache|tmp|temp/i.test(value.slice(homeFolder.length)),
        )
        .map(({ value, from }) => ({
          code: 'kept-at-home',
          message: `the app keeps ${value.slice(homeFolder.length + 1)} in the home folder of its user, which is in memory in a container and is lost with it. Write to a separate folder`,
          from,
        }));
