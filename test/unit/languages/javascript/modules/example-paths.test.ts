import { describe, expect, it } from 'vitest';
import { factsOf, manifest } from '../../../../support/facts.ts';

describe('a path of an example', () => {
  const writes = async (example: string) => {
    const source =
      "import { Database } from 'bun:sqlite';\nconst db = new Database(process.env.DB_FILE);\nBun.serve({ fetch: () => new Response(String(db)) });\n";
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts': source,
      '.env.example': `DB_FILE=${example}\n`,
    });
    return {
      writes: facts.writes.map(({ value }) => value),
      default: facts.variables.find(({ name }) => name === 'DB_FILE')?.default,
    };
  };
  it.each([
    ['./data/notes.db', './data/notes.db', ['data']],
    ['/data/notes.sqlite', '/data/notes.sqlite', ['/data']],
    ['store/notes.db', 'store/notes.db', ['store']],
  ])('is set where there is no default: %s', async (example, value, folders) => {
    expect(await writes(example)).toEqual({ default: value, writes: folders });
  });
  it.each(['/Users/me/notes.db', 'your-file', 'postgres://a/b', ''])(
    'is not where it is no path: %s',
    async (example) => {
      expect((await writes(example)).default).toBeUndefined();
    },
  );
});
