import type { Facts } from '../../../model/facts.ts';
import { type App, inData } from '../app.ts';
import type { Toolchain } from './toolchain.ts';

/** How the package of an app is published: under which name, to whom, and what builds it. */
export function readPublishing(app: App, toolchain: Toolchain): Facts['publishing'] {
  const { manifest } = app;
  const name = manifest?.text(['name']);
  if (!manifest || name === undefined) return undefined;
  const scope = name.startsWith('@') ? name.split('/')[0] : undefined;
  const registry = manifest.text(['publishConfig', 'registry']) ?? ofScope(app, scope);
  const words = toolchain.followed('build')?.commands.flatMap((command) => command.argv) ?? [];
  return {
    name,
    private: manifest.at(['private']) === true,
    ...(registry === undefined ? {} : { registry }),
    build: words,
    from: [inData(manifest, ['name'], `the package is ${name}`)],
  };
}

/** `@scope:registry=…` of `.npmrc`. */
function ofScope(app: App, scope: string | undefined): string | undefined {
  if (scope === undefined) return undefined;
  const lines = (app.project.read(app.path('.npmrc')) ?? '').split('\n').map((line) => line.trim());
  return lines.find((line) => line.startsWith(`${scope}:registry=`))?.slice(scope.length + ':registry='.length);
}
