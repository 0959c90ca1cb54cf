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
