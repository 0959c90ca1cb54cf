/** Runtimes of platforms that no image has: what is made for one is started by its own program alone. */
export const foreignRuntimes: readonly {
  readonly title: string;
  /** the program that starts it while developing, and the files of its settings */
  readonly program: string;
  readonly files: readonly string[];
  /** what would serve the same handlers in a container */
  readonly instead: string;
}[] = [
  {
    // https://developers.cloudflare.com/workers/wrangler/configuration/
    title: 'Cloudflare Workers',
    program: 'wrangler',
    files: ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'],
    instead: 'such as `@hono/node-server` or `Bun.serve`',
  },
];
