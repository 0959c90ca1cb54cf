import type { Config } from './config.ts';

/** The configuration of the application in a folder: its own keys over those of all. */
export function configOf({ apps, ...config }: Config, root: string): Config {
  if (!apps) return config;
  const own = [root.split('/').at(-1) ?? root, root].flatMap((name) =>
    Object.hasOwn(apps, name) ? (apps[name] ?? []) : [],
  );
  return Object.assign({}, config, ...own);
}
