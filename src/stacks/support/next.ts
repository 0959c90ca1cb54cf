import type { Develops } from '../contract.ts';

/** Files of its settings, of which Next.js reads the first that is there. */
export const nextConfigs = ['js', 'mjs', 'ts', 'mts', 'cjs'].map((ending) => `next.config.${ending}`);

/** The files that pages and routes begin with, out of those of the app (https://nextjs.org/docs/app/getting-started/project-structure). */
export const nextEntries = (files: readonly string[]): readonly string[] =>
  files.filter(
    (file) =>
      /^(src\/)?app\/(.+\/)?(page|layout|route|template|default|error|loading|not-found|global-error)\.[jt]sx?$/.test(
        file,
      ) ||
      /^(src\/)?pages\/.+\.[jt]sx?$/.test(file) ||
      /^(src\/)?(middleware|proxy|instrumentation)\.[jt]s$/.test(file),
  );

/**
 * With TypeScript the development server writes next-env.d.ts and adds to tsconfig.json in the folder of the app, which belongs to whoever has cloned it
 * (https://nextjs.org/docs/app/api-reference/config/typescript): the folders are mounted, and the files in which code and settings stand. Undefined: it
 * writes into its own folders alone.
 */
export function nextDevelops(all: readonly string[]): Develops | undefined {
  const writes = all.filter((file) => /^(tsconfig\.json|next-env\.d\.ts)$/.test(file));
  if (!writes.includes('tsconfig.json')) return undefined;
  const folders = all.flatMap((file) => /^([^./][^/]*)\//.exec(file)?.[1] ?? []);
  const code = all.filter((file) => /^[^./][^/]*\.[cm]?[jt]sx?$/.test(file) && !file.endsWith('.d.ts'));
  const mounts = [...new Set([...folders, ...code])].filter((name) => name !== 'node_modules').sort();
  return { mounts, writes };
}
