import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const found = async (dependency: string, source: string) =>
  (
    await factsOf({
      'package.json': JSON.stringify({
        name: 'shop',
        version: '1.0.0',
        type: 'module',
        scripts: { start: 'node server.js' },
        dependencies: { [dependency]: '1.0.0' },
      }),
      'server.js': `import { createServer } from 'node:http';\n${source}\ncreateServer((_, answer) => answer.end()).listen(3000);\n`,
    })
  ).variables;

const variables = async (dependency: string, source: string) =>
  Object.fromEntries((await found(dependency, source)).map(({ name, required }) => [name, required]));

describe('the key of a client that is not made without', () => {
  it.each([
    [
      'that it reads by itself',
      'openai',
      "import OpenAI from 'openai';\nconst ai = new OpenAI();",
      { OPENAI_API_KEY: true },
    ],
    [
      'that it is given',
      'openai',
      "import { OpenAI } from 'openai';\nexport const ai = new OpenAI({ apiKey: process.env.SHOP_AI, baseURL: process.env.AI_URL });",
      { AI_URL: false, SHOP_AI: true },
    ],
    [
      'as an argument',
      'stripe',
      "import Stripe from 'stripe';\nconst pay = new Stripe(process.env.PAY_KEY);",
      { PAY_KEY: true },
    ],
    [
      'in their order',
      'twilio',
      "import twilio from 'twilio';\nexport default twilio(process.env.SID, process.env.AUTH);",
      { AUTH: true, SID: true },
    ],
  ])('is demanded: %s', async (_, dependency, source, expected) => {
    expect(await variables(dependency, source)).toEqual(expected);
  });

  it.each([
    [
      'with something that stands in',
      'openai',
      "import OpenAI from 'openai';\nconst ai = new OpenAI({ apiKey: process.env.KEY || 'none' });",
      { KEY: false },
    ],
    [
      'made by a function',
      'openai',
      "import OpenAI from 'openai';\nexport const ai = () => new OpenAI({ apiKey: process.env.KEY });",
      { KEY: false },
    ],
    [
      'in a branch',
      'openai',
      "import OpenAI from 'openai';\nif (process.env.KEY) globalThis.ai = new OpenAI({ apiKey: process.env.KEY });",
      { KEY: false },
    ],
    [
      'of another package',
      'shop-ai',
      "import OpenAI from 'shop-ai';\nconst ai = new OpenAI({ apiKey: process.env.KEY });",
      { KEY: false },
    ],
  ])('is not: %s', async (_, dependency, source, expected) => {
    expect(await variables(dependency, source)).toEqual(expected);
  });
});

it('the key of another party is left to its owner, whatever it is called', async () => {
  const source = "import OpenAI from 'openai';\nconst ai = new OpenAI({ apiKey: process.env.SHOP_AI });";
  expect(await found('openai', source)).toMatchObject([{ name: 'SHOP_AI', secret: true, external: 'openai' }]);
});
