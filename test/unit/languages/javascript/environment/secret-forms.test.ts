import { sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretMaker } from '../../../../../src/write/secrets.ts';
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

  it.each([
    [
      'bytes that are decoded, by what their length is compared with',
      "const key = Buffer.from(process.env.SEAL_SECRET, 'base64');\nif (key.length !== 24) throw new Error('24 bytes');",
      { bytes: 24, encoding: 'base64' },
    ],
    [
      'the key of a cipher beside it',
      "import { createCipheriv } from 'node:crypto';\nconst { SEAL_SECRET } = process.env;\ncreateCipheriv('aes-128-cbc', Buffer.from(SEAL_SECRET, 'hex'), iv);",
      { length: 32, hex: true },
    ],
    [
      'the text that is the key of a cipher',
      "const crypto = require('crypto');\ncrypto.createDecipheriv('aes-256-ctr', process.env.SEAL_SECRET, iv);",
      { length: 32, hex: false },
    ],
    [
      'a private key, with line breaks that were escaped',
      "import { createPrivateKey } from 'node:crypto';\ncreatePrivateKey(process.env.SEAL_SECRET.replace(/\\\\n/g, '\\n'));",
      { key: 'rsa', half: 'private', as: 'pem' },
    ],
    [
      'a key that tokens are signed with, in base64',
      "import jwt from 'jsonwebtoken';\nconst key = Buffer.from(process.env.SEAL_SECRET, 'base64').toString('utf8');\njwt.sign({}, key, { algorithm: 'ES256' });",
      { key: 'ec', half: 'private', as: 'pem-base64' },
    ],
    [
      'a key as jose imports it',
      "import { importPKCS8 } from 'jose';\nawait importPKCS8(process.env.SEAL_SECRET, 'EdDSA');",
      { key: 'ed25519', half: 'private', as: 'pem' },
    ],
    [
      'a JSON Web Key',
      "import { importJWK } from 'jose';\nawait importJWK(JSON.parse(process.env.SEAL_SECRET), 'RS256');",
      { key: 'rsa', half: 'private', as: 'jwk' },
    ],
  ])('is what the code does with it: %s', async (_, source, form) => {
    const { variables } = await factsOfSource(`${source}\nexport {};\n`);
    expect(variables.find(({ name }) => name === 'SEAL_SECRET')).toMatchObject({ secret: true, form });
  });

  it.each([
    "import jwt from 'jsonwebtoken';\njwt.sign({}, process.env.SEAL_SECRET, { algorithm: 'HS256' });",
    "import { createHmac } from 'node:crypto';\ncreateHmac('sha256', process.env.SEAL_SECRET).update('x');",
    'const half = Buffer.from(process.env.SEAL_SECRET).length !== 32;\nexport { half };',
  ])('stays the usual one where any text does: %s', async (source) => {
    const { variables } = await factsOfSource(source);
    expect(variables.find(({ name }) => name === 'SEAL_SECRET')?.form).toBeUndefined();
  });

  it('is that of a pair where the other half is read, too', async () => {
    const source = `import { JwtModule } from '@nestjs/jwt';
JwtModule.register({ privateKey: process.env.TOKEN_PRIVATE_KEY, publicKey: process.env.TOKEN_PUBLIC_KEY, signOptions: { algorithm: 'ES256' } });
`;
    const { variables } = await factsOfSource(source);
    const form = (name: string) => variables.find((one) => one.name === name)?.form;
    expect(form('TOKEN_PRIVATE_KEY')).toEqual({ key: 'ec', half: 'private', as: 'pem' });
    expect(form('TOKEN_PUBLIC_KEY')).toEqual({ key: 'ec', half: 'public', as: 'pem', of: 'TOKEN_PRIVATE_KEY' });
  });

  it.each(['rsa', 'ec', 'ed25519'] as const)('makes two halves of %s that belong together, in any order', (key) => {
    const random = secretMaker();
    const shown = random({ key, half: 'public', as: 'pem', of: 'OWN' }, 'SHOWN');
    const own = random({ key, half: 'private', as: 'pem-base64' }, 'OWN');
    const digest = key === 'ed25519' ? null : 'sha256';
    const signature = sign(digest, Buffer.from('text'), Buffer.from(own, 'base64').toString());
    expect(verify(digest, Buffer.from('text'), shown, signature)).toBe(true);
    expect(Buffer.from(random({ bytes: 32, encoding: 'base64' }), 'base64')).toHaveLength(32);
    expect(JSON.parse(random({ key, half: 'private', as: 'jwk' }, 'OTHER'))).toHaveProperty('d');
  });

  it('is that of the value that is made', () => {
    const randomSecret = secretMaker();
    expect(randomSecret({ length: 64, hex: true })).toMatch(/^[0-9a-f]{64}$/);
    expect(randomSecret({ length: 48, hex: false })).toMatch(/^[\w-]{48}$/);
    expect(randomSecret()).toMatch(/^[\w-]{32}$/);
  });
});
