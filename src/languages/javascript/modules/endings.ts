import { posix } from 'node:path';
import type { JavaScriptDetails } from '../../../stacks/javascript.ts';
import { moduleTypeOf } from '../app.ts';
import { demandsEndings, readKeepsImports } from '../manifest/tsconfig.ts';
import type { Outline } from '../outline.ts';
import { bundlesItself } from './runtime-dev-dependencies.ts';

type Ending = JavaScriptDetails['importEnding'];
type Parts = Pick<Outline, 'app' | 'modules' | 'start' | 'entry' | 'commands' | 'toolchain' | 'site'>;

/** How the sources end their relative imports; where there are none, what a module beside them must be imported with. */
export function importEnding(parts: Parts): Ending {
  const relative = parts.modules.sources.flatMap((source) =>
    source.imports
      .filter((imported) => imported.form !== 'require' && /^\.\.?\//.test(imported.specifier))
      .map((imported) => imported.specifier),
  );
  const found = relative.map((value) => /\.([cm]?)(js|ts)$/.exec(value)?.[2]).find((value) => value !== undefined);
  if (found) return found === 'js' ? '.js' : '.ts';
  return relative.length > 0 ? '' : neededEnding(parts);
}

function neededEnding(parts: Parts): Ending {
  const { app, start, commands, toolchain, site } = parts;
  if (start === undefined) return '';
  if (/\.m?js$/.test(start)) return '.js';
  if (!/\.m?ts$/.test(start)) return '';
  const argv = commands.start?.value.argv ?? [];
  // a runtime that runs the source by itself, without a loader, and looks for imports as they are written
  const isAlone = argv.length === 2 && posix.normalize(argv[1] ?? '') === posix.normalize(start);
  if (isAlone && !runs(parts, '') && runs(parts, '.ts')) return '.ts';
  if (demandsEndings(app, moduleTypeOf(app))) return '.js';
  const isBuilt = toolchain.buildScripts.length > 0 && !bundlesItself(toolchain);
  const isCompiled = site === undefined && isBuilt && !runs(parts, '');
  return isCompiled && readKeepsImports(app, moduleTypeOf(app)) ? '.js' : '';
}

/** Whether the runtime runs the file that starts as it is, with imports of that ending. */
const runs = ({ app, toolchain, entry }: Parts, ending: Ending): boolean =>
  toolchain.loadedRuntime?.runsSource({
    entry,
    runtime: toolchain.runtime,
    details: { language: 'javascript', moduleType: moduleTypeOf(app), importEnding: ending, ownScripts: [] },
  }) ?? true;

/** Whether the runtime runs the file that starts as it is. */
export const runsSource = (parts: Parts): boolean => runs(parts, importEnding(parts));
