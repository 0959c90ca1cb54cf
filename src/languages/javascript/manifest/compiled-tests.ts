import type { App } from '../app.ts';
import { isTest } from '../modules/graph.ts';
import { compilation, compiled } from './emitted-path.ts';
import type { Toolchain } from './toolchain.ts';
import { chain } from './tsconfig.ts';

/** What the compiler of TypeScript makes of tests that its settings do not leave out: patterns of names, and folders of the output. */
export type CompiledTests = { readonly names: readonly string[]; readonly folders: readonly string[] };

/**
 * Tests that are compiled with the rest: by the build, or by the compiler alone where there is none. A name that an imported source has too is none: it
 * goes when they are removed. `reached` are the sources, relative to the app. Undefined where no test is compiled.
 */
export function readCompiledTests(
  app: App,
  toolchain: Toolchain,
  reached: readonly string[],
): CompiledTests | undefined {
  const configs =
    toolchain.buildScripts.length > 0 ? compilation(app, toolchain)?.configs : chain(app, 'tsconfig.json');
  if (!configs || configs.length === 0) return undefined;
  const used = new Set(reached);
  const tests = compiled(app, configs, []).filter((file) => isTest(file) && !used.has(file));
  const named = [...new Set(tests.flatMap((file) => nameOf(file) ?? []))].sort();
  const names = named.filter((name) => !reached.some((file) => nameOf(file) === name));
  const unnamed = tests.filter((file) => nameOf(file) === undefined);
  const tops = [...new Set(unnamed.map((file) => file.split('/')[0] ?? ''))].sort();
  const folders = tops.filter((top) => testFolder.test(top) && !reached.some((file) => file.startsWith(`${top}/`)));
  return names.length + folders.length > 0 ? { names, folders } : undefined;
}

const testFolder = /^(tests?|spec|e2e)$/;

/** The pattern of the names of tests that a file is one of: `*.spec.*` of `users.spec.ts`, `__tests__` of what lies in such a folder. */
function nameOf(file: string): string | undefined {
  const ending = /([._-](?:test|spec|e2e|bench))\.[cm]?tsx?$/.exec(file)?.[1];
  if (ending !== undefined) return `*${ending}.*`;
  return file.split('/').find((part) => part === '__tests__' || part === '__mocks__');
}
