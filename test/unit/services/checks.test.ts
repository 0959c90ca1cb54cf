import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/formats/source/index.ts';
import { loadBackingService, services } from '../../../src/services/registry.gen.ts';
import { healthModule } from '../../support/health.ts';

const connections = {
  'an address': { url: 'SOME_URL', parts: {} },
  parts: {
    parts: { host: 'SOME_HOST', port: 'SOME_PORT', user: 'SOME_USER', password: 'SOME_PASSWORD', name: 'SOME_NAME' },
  },
  'a host alone': { parts: { host: 'SOME_HOST' } },
};

const cases = services
  .filter((service) => !service.embedded && !service.outside)
  .flatMap(({ name, clients }) =>
    clients.flatMap((client) =>
      Object.entries(connections).map(([form, connection]) => ({ name, client, form, connection })),
    ),
  );

describe('the check inside the app', () => {
  it.each(cases)('is source that reads: $name through $client by $form', async ({ name, client, connection }) => {
    const code = (await loadBackingService(name))?.checks['javascript']?.(client, connection);
    if (!code) throw new Error('no check');
    const content = healthModule([{ name, required: true, ...code, decision: 'check' }]);
    expect(parseSource('health.ts', content).problems).toEqual([]);
    // the check asks the place that the app asks
    expect(content).toContain(`process.env.${'url' in connection ? 'SOME_URL' : 'SOME_HOST'}`);
  });

  it.each(cases)(
    'parses no address while the app starts: $name through $client by $form',
    async ({ name, client, form, connection }) => {
      const setup = (await loadBackingService(name))?.checks['javascript']?.(client, connection)?.setup ?? '';
      // a variable that is not set must fail the check: at module level an invalid address would end the process
      expect(setup).not.toContain('new URL(');
      expect(setup).not.toContain('new RedisClient(');
      if (form !== 'an address') expect(setup).not.toContain('://');
    },
  );

  it('has nothing to ask where no variable says where the service is', async () => {
    for (const { name, client } of cases.filter((one) => !['pg', 'postgres'].includes(one.client)))
      expect((await loadBackingService(name))?.checks['javascript']?.(client, { parts: {} })).toBeUndefined();
  });
});
