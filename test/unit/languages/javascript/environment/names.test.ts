import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const namesOf = async (source: string): Promise<string[]> => {
  const project = memoryProject({
    'package.json': '{"name":"a","scripts":{"start":"bun index.ts"}}',
    'bun.lock': '{}',
    'index.ts': `${source}\nBun.serve({ fetch: () => new Response('') });`,
  });
  const { apps } = await inspect(project);
  return (apps[0]?.variables ?? []).map((one) => one.name).filter((name) => name !== 'PORT');
};

describe('the table of variables', () => {
  it.each([
    ["const { A } = typeof Bun !== 'undefined' ? Bun.env : process.env; console.log(A);"],
    ['const env = process.env; console.log(env.A);'],
    ['const env = Bun.env ?? process.env; console.log(env.A);'],
    ["import { z } from 'zod'; const env = z.object({ A: z.string() }).parse({ ...process.env }); console.log(env.A);"],
    [
      "import { z } from 'zod'; const env = z.object({ A: z.string() }).parse(typeof Bun !== 'undefined' ? Bun.env : process.env); console.log(env.A);",
    ],
  ])('is known as %s', async (source) => {
    expect(await namesOf(source)).toEqual(['A']);
  });

  it.each([
    ['const { A } = flag ? first : second;'],
    ['const env = options ?? defaults; console.log(env.A);'],
    ['const a = { ...rest }; console.log(a.A);'],
  ])('is not %s', async (source) => {
    expect(await namesOf(source)).toEqual([]);
  });
});
