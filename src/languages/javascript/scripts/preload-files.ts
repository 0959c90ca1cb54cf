import { posix } from 'node:path';
import { isOwnFile, startLine } from '../../../stacks/javascript.ts';
import type { App } from '../app.ts';
import { existing } from '../modules/graph.ts';

/** A command whose flags name what is loaded first by its whole path, `./otel` as `./otel/index.ts`: compilers look for no endings. */
export function withPreloadFiles(app: App, argv: readonly string[]): readonly string[] {
  const files = startLine(argv).preloads.flatMap((preload): readonly (readonly [string, string])[] => {
    const file = isOwnFile(preload) ? existing(app.project, app.path(preload.module)) : undefined;
    const isWritten = file === undefined || app.own(file) === posix.normalize(preload.module);
    return isWritten ? [] : [[preload.module, `./${app.own(file)}`]];
  });
  return argv.map((word) => {
    const found = files.find(([module]) => word === module || (word.startsWith('-') && word.endsWith(`=${module}`)));
    return found ? word.slice(0, word.length - found[0].length) + found[1] : word;
  });
}
