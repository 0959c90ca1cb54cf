import { describe, expect, it } from 'vitest';
import { assertNoRealValue } from '../../../../src/ship/isolation/leaks.ts';
import { isRealEnv, realValues } from '../../../../src/ship/isolation/real-values.ts';

const secret = { name: 'API_KEY', value: 'k7Jq-9xTz2LmPwR4', file: '.env' };
const model = (value: unknown) => ({ services: { web: { environment: { KEY: value } } } });

describe('assertNoRealValue', () => {
  it('stops where a real value is in the model, and names the variable alone', () => {
    for (const found of [
      model(secret.value),
      model(`Bearer ${secret.value}!`),
      { services: { web: { command: ['x', secret.value] } } },
      { services: { [secret.value]: {} } },
      [{}, [{ args: { A: secret.value } }]],
    ]) {
      const run = () => assertNoRealValue(found, [secret], ['services: web']);
      expect(run).toThrow(/API_KEY in \.env/);
      expect(run).not.toThrow(new RegExp(secret.value));
    }
  });
  it('passes without one, and for short values, which turn up by chance', () => {
    assertNoRealValue(model('other'), [secret], []);
    assertNoRealValue(model('production-mode'), [{ ...secret, value: 'production-mode' }], []);
  });
  it('passes for a value that the compose files spell themselves', () => {
    const url = { name: 'DATABASE_URL', value: 'postgres://app:app@db:5432/orders', file: '.env' };
    const text = 'DATABASE_URL: postgres://${USER:-app}:${PASS:-app}@db:5432/orders';
    assertNoRealValue(model(url.value), [url], [text]);
    expect(() => assertNoRealValue(model(url.value), [{ ...url }], ['unlike'])).toThrow(/DATABASE_URL/);
    const own = { ...url, value: 'postgres://app:Zq81nd0xK@db:5432/orders' };
    expect(() => assertNoRealValue(model(own.value), [own], [text])).toThrow(/DATABASE_URL/);
  });
});

describe('realValues', () => {
  it('reads the usual env files and those that services name', () => {
    const texts: Readonly<Record<string, string>> = {
      '/p/.env': 'A=1',
      '/p/.env.production': 'B=2',
      '/p/conf/web.env': 'C="3"',
      '/etc/other.env': 'D=4',
    };
    const env_file = [{ path: 'conf/web.env' }, '/etc/other.env'];
    const found = realValues('/p', { services: { web: { env_file } } }, (path) => texts[path]);
    expect(found.map(({ name, value }) => `${name}=${value}`)).toEqual(['A=1', 'B=2', 'C=3', 'D=4']);
  });
});

describe('isRealEnv', () => {
  it.each(['.env', 'app/.env', '.env.local', '.env.production', '.env.example.local'])('%s is', (path) => {
    expect(isRealEnv(path)).toBe(true);
  });
  it.each(['.env.example', 'a/.env.sample', '.env.local.example', 'environment', 'x.env', '.envrc'])(
    '%s is not',
    (path) => {
      expect(isRealEnv(path)).toBe(false);
    },
  );
});
