import { describe, expect, it } from 'vitest';
import { factsOfSource } from '../../../../support/facts.ts';

describe('names of variables that are constants', () => {
  const service = "import { ConfigService } from '@nestjs/config';\n";
  const names = async (text: string, keys: string) =>
    (
      await factsOfSource(`${service}${text}\nBun.serve({ fetch: () => new Response('') });\n`, { 'src/keys.ts': keys })
    ).variables
      .map(({ name }) => name)
      .filter((name) => name !== 'PORT');
  it.each([
    [
      "import { TOKEN } from './keys';\nexport const f = (config: ConfigService) => config.get(TOKEN);",
      "export const TOKEN = 'MAIL_HOST';\n",
    ],
    [
      "import Key from './keys';\nexport const f = (config: ConfigService) => config.get(Key.HOST);",
      "enum Key { HOST = 'MAIL_HOST' }\nexport default Key;\n",
    ],
    [
      "import { Key } from './keys';\nconst env = (name: string) => process.env[name];\nconsole.log(env(Key.HOST));",
      "export enum Key { HOST = 'MAIL_HOST' }\n",
    ],
  ])('are followed: %s', async (text, keys) => {
    expect(await names(text, keys)).toEqual(['MAIL_HOST']);
  });

  it('are left alone where they are no text', async () => {
    expect(
      await names(
        "import { Key } from './keys';\nexport const f = (config: ConfigService) => config.get(Key.HOST);",
        'export enum Key { HOST }\n',
      ),
    ).toEqual([]);
  });
});
