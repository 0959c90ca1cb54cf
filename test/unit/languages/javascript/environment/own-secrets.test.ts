import { describe, expect, it } from 'vitest';
import { isOwnSecretName } from '../../../../../src/model/secret-names.ts';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

describe('a secret that the app makes up for itself', () => {
  it.each([
    "const secret = process.env.JWT_SECRET || 'not-a-secret'; console.log(secret);",
    "import { z } from 'zod'; const e = z.object({ SESSION_SECRET: z.string().default('keyboard cat') }).parse(process.env); console.log(e);",
    'const { COOKIE_KEY } = process.env; console.log(COOKIE_KEY);',
  ])('is required, whatever stands in the source: %s', async (source) => {
    const { variables } = await factsOfSource(source);
    expect(variables.map(({ required, secret }) => ({ required, secret }))).toEqual([{ required: true, secret: true }]);
  });

  it('may stay unset where the configuration says so', async () => {
    const files = { 'package.json': manifest(), 'src/index.ts': 'console.log(process.env.JWT_SECRET);' };
    const { variables } = await factsOf(files, { variables: { JWT_SECRET: { required: false } } });
    expect(variables.map(({ required }) => required)).toEqual([false]);
  });

  it('is not one that another party hands out', async () => {
    for (const name of [
      'GITHUB_CLIENT_SECRET',
      'ACCESS_TOKEN',
      'SESSION_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'STRIPE_KEY',
      'JWT_PUBLIC_KEY',
    ])
      expect(isOwnSecretName(name), name).toBe(false);
    for (const name of ['JWT_SECRET', 'SESSION_SECRET_KEY', 'ACCESS_TOKEN_SECRET', 'REFRESH_TOKEN_SECRET', 'jwtSecret'])
      expect(isOwnSecretName(name), name).toBe(true);
    for (const name of ['SQS_SECRET_ACCESS_KEY', 'STORAGE_SECRET_ACCESS_KEY', 'BACKUP_SESSION_ACCESS_KEY']) {
      const { variables: foreign } = await factsOfSource(`console.log(process.env.${name} || '');`);
      expect(
        foreign.map(({ required }) => required),
        name,
      ).toEqual([false]);
    }
    const { variables } = await factsOfSource("console.log(process.env.STRIPE_KEY ?? 'sk_test_x');");
    expect(variables.map(({ required }) => required)).toEqual([false]);
  });
});
