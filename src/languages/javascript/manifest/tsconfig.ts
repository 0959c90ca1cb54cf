/** The settings of the compiler of TypeScript (https://www.typescriptlang.org/tsconfig/). */
import { posix } from 'node:path';
import type { Dependency } from '../../../model/facts.ts';
import { leastOf } from '../../../model/range.ts';
import { type Data, readData } from '../../../project/data.ts';
import type { JavaScriptDetails } from '../../../stacks/javascript.ts';
import { type App, detected, inData } from '../app.ts';

/** A configuration and what it extends, the nearest first. */
export function chain(app: App, file: string): readonly Data[] {
  const found: Data[] = [];
  let at: string | undefined = file.endsWith('.json') ? file : posix.join(file, 'tsconfig.json');
  while (at !== undefined && found.length < 5) {
    const data = readData(app.project, app.path(at));
    if (!data) break;
    found.push(data);
    const base = data.text(['extends']);
    at = base?.startsWith('.')
      ? posix.join(posix.dirname(at), base.endsWith('.json') ? base : `${base}.json`)
      : undefined;
  }
  return found;
}

/** What a configuration says of an option of the compiler, the nearest first, and which one says it. */
export function setting(
  configs: readonly Data[],
  option: string,
): { readonly data: Data; readonly value: string } | undefined {
  for (const data of configs) {
    const value = data.at(['compilerOptions', option]);
    if (typeof value === 'string' || typeof value === 'boolean') return { data, value: String(value) };
  }
  return undefined;
}

/** From this release on a module of CommonJS always has a default (TypeScript 6.0, release notes). */
const alwaysFrom = 6;

/**
 * Where the compiler gives modules of CommonJS no default: `import express from 'express'` is then undefined when it runs
 * (`esModuleInterop`). Undefined: it gives one, or a configuration of a package decides it, which is not read.
 */
export function readNoDefaults(
  app: App,
  dependencies: readonly Dependency[],
  moduleType: JavaScriptDetails['moduleType'],
): JavaScriptDetails['noDefaults'] {
  const configs = chain(app, 'tsconfig.json');
  const [nearest] = configs;
  const release = leastOf(dependencies.find((one) => one.name === 'typescript')?.range);
  if (!nearest || moduleType === 'module' || (release && release.major >= alwaysFrom)) return undefined;
  const base = configs.at(-1)?.at(['extends']);
  const interop = setting(configs, 'esModuleInterop');
  if (interop ? interop.value === 'true' : base !== undefined) return undefined;
  if (setting(configs, 'module')?.value.toLowerCase() !== 'commonjs') return undefined;
  const why = interop ? 'esModuleInterop is false' : 'esModuleInterop is not set, and modules become CommonJS';
  const from = interop
    ? inData(interop.data, ['compilerOptions', 'esModuleInterop'], why)
    : { file: nearest.file, why };
  return detected(true, [from]);
}
