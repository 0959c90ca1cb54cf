import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** Its default would not be told otherwise. */
const shown = { variables: { TOKEN: { secret: false } } };

/** What is said of TOKEN, of an application that starts with index.ts. */
async function token(text: string) {
  const manifest = { name: 'worker', type: 'module', scripts: { start: 'node index.ts' }, engines: { node: '24' } };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.ts': text }, shown);
  const found = facts.variables.find(({ name }) => name === 'TOKEN');
  return found && { required: found.required, default: found.default };
}

const demanded = { required: true, default: undefined };
const free = { required: false, default: undefined };

describe('a variable that is read through a schema of its own', () => {
  it.each([
    [
      'zod, at its place',
      "import { z } from 'zod';\nexport const token = z.string().min(1).parse(process.env.TOKEN);\n",
    ],
    [
      'zod, by a schema with a name',
      "import { z } from 'zod';\nconst text = z.string();\nexport const config = { token: text.parse(process.env.TOKEN) };\n",
    ],
    ['valibot', "import * as v from 'valibot';\nexport const token = v.parse(v.string(), process.env.TOKEN);\n"],
    [
      'TypeBox',
      "import { Type } from '@sinclair/typebox';\nimport { Value } from '@sinclair/typebox/value';\nconst at = Value.Parse(Type.String(), process.env['TOKEN']);\n",
    ],
    ['arktype', "import { type } from 'arktype';\nexport const token = type('string').assert(process.env.TOKEN);\n"],
    [
      'Joi, required',
      "import Joi from 'joi';\nconst { TOKEN } = process.env;\nconst a = Joi.attempt(process.env.TOKEN, Joi.string().required());\n",
    ],
  ])('is required: %s', async (_, text) => {
    expect(await token(text)).toEqual(demanded);
  });

  it.each([
    ['may be missing', "import { z } from 'zod';\nz.string().optional().parse(process.env.TOKEN);\n"],
    ['only looks at it', "import { z } from 'zod';\nconst seen = z.string().safeParse(process.env.TOKEN);\n"],
    [
      'is asked where it is set alone',
      "import { z } from 'zod';\nif (process.env.TOKEN) z.string().parse(process.env.TOKEN);\n",
    ],
    ['is optional at first', "import Joi from 'joi';\nJoi.attempt(process.env.TOKEN, Joi.string());\n"],
    ['is a parser of something else', "import { parse } from 'semver';\nconst found = parse(process.env.TOKEN);\n"],
  ])('stays as it is where the schema %s', async (_, text) => {
    expect(await token(text)).toEqual(free);
  });

  it('has the default of its schema', async () => {
    const text = "import { z } from 'zod';\nz.string().default('dev').parse(process.env.TOKEN);\n";
    expect(await token(text)).toEqual({ required: false, default: 'dev' });
  });
});
