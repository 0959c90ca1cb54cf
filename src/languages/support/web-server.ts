import { webServer } from '../../catalog/web.ts';
import type { Layer, Reason, Recipe, RecipeStep, SiteServer } from '../../model/recipe.ts';

/** The file of the project that the web server reads. */
export const webServerConfig = 'nginx.conf';
const probePath = '/healthz';

/** The settings of the web server, where it looks for them; `config` is their path in the build context. */
export const webServerSettings = (config: string): RecipeStep => ({
  do: 'copy',
  sources: [config],
  to: webServer.config,
  link: true,
});

/** The file of the project that puts values into the files of the site. */
export const valuesScript = 'values.sh';

/** The script that runs before the web server; `script` is its path in the build context. */
export const valuesLayer = (script: string): Layer => ({
  at: 'values',
  reason: {
    choice: 'values are filled in when the container starts',
    why: 'set in the configuration: a script runs first, then starts the server',
    by: 'config',
  },
  steps: [{ do: 'copy', sources: [script], to: webServer.filling, chmod: '0755', link: true }],
});

/** What ships where a web server gives out files: `why` is about its image, `reason` about how it gives them out. */
export function webServerProduction({
  contents,
  why,
  reason,
  files,
}: {
  readonly contents: readonly Layer[];
  readonly why: string;
  readonly reason: Reason;
  readonly files: Omit<SiteServer['files'], 'config'>;
}): Recipe['production'] {
  const { image, uid, gid, port } = webServer;
  return {
    base: { kind: 'web server', image, uid, gid, shell: true, why, by: 'default' },
    lacking: [],
    contents,
    env: {},
    probes: { http: () => webServer.probe(probePath), port: () => webServer.probe(probePath), startPeriod: 5 },
    server: {
      port,
      probe: probePath,
      signals: ['SIGQUIT', 'SIGTERM'],
      resources: { limits: { cpus: 1, memory: '128M' }, reservations: { cpus: 0.1, memory: '32M' } },
      reason,
      files: { config: webServerConfig, ...files },
    },
  };
}
