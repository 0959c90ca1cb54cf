import { describe, expect, it } from 'vitest';
import { randomSecret } from '../../../../../src/write/secrets.ts';
import { factsOfSource } from '../../../../support/facts.ts';

const formOf = async (module: string, field: string) => {
  const source = `import ${module};\nexport const env = z.object({ SEAL_SECRET: ${field} }).parse(process.env);\n`;
  return (await factsOfSource(source)).variables.find(({ name }) => name === 'SEAL_SECRET')?.form;
};

describe('the form of a secret', () => {
  it.each([
    ['z.string().length(32)', { length: 32, hex: false }],
    ['z.string().min(48)', { length: 48, hex: false }],
    ['z.string().regex(/^[0-9a-f]{64}$/)', { length: 64, hex: true }],
    ['z.string().hex().length(24)', { length: 24, hex: true }],
  ])('is what the schema demands: %s', async (field, form) => {
    expect(await formOf("{ z } from 'zod'", field)).toEqual(form);
  });

  it.each(['z.string()', 'z.string().min(1)', 'z.string().regex(/^sk_/)', 'z.string().length(0)'])(
    'is the usual one otherwise: %s',
    async (field) => {
      expect(await formOf("{ z } from 'zod'", field)).toBeUndefined();
    },
  );

  it('is no matter of what is no secret', async () => {
    const source =
      "import { z } from 'zod';\nexport const env = z.object({ REGION: z.string().length(5) }).parse(process.env);\n";
    expect((await factsOfSource(source)).variables[0]?.form).toBeUndefined();
  });

  it('is that of the value that is made', () => {
    expect(randomSecret({ length: 64, hex: true })).toMatch(/^[0-9a-f]{64}$/);
    expect(randomSecret({ length: 48, hex: false })).toMatch(/^[\w-]{48}$/);
    expect(randomSecret()).toMatch(/^[\w-]{32}$/);
  });
});
