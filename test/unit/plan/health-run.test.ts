import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { healthText } from '../../../src/languages/javascript/recipe/health-text.ts';
import type { HealthCheck } from '../../../src/model/recipe.ts';

type Health = { readonly status: string; readonly checks: Readonly<Record<string, { readonly status: string }>> };
type Module = { readonly checkHealth: (everything?: boolean) => Promise<Health> };

/** What the checks of a module do, by their names. */
const doing: Record<string, (signal: AbortSignal) => Promise<unknown>> = {};
(globalThis as Record<string, unknown>)['doingOfHealthChecks'] = doing;

const check = (name: string, more: Partial<HealthCheck> = {}): HealthCheck => ({
  name,
  required: true,
  decision: 'check',
  imports: [],
  setup: '',
  body: `await globalThis.doingOfHealthChecks['${name}'](signal);`,
  ...more,
});

let count = 0;

/** The module as the application has it, with clocks of its own. */
async function moduleOf(...checks: readonly HealthCheck[]): Promise<Module> {
  const routes = { imports: [], code: '' };
  const style = { language: 'module', noDefaults: false, unchecked: undefined, notLinted: [], routes } as const;
  const text = healthText(style, checks, 'health')
    .body.map((line) => line.text)
    .join('\n');
  count += 1;
  return import(`data:text/javascript,${encodeURIComponent(`${text}\n// ${count}`)}`);
}

describe('a health module', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks once for all who ask at a time, and again after a second', async () => {
    const asked = vi.fn(async () => undefined);
    doing['db'] = asked;
    const { checkHealth } = await moduleOf(check('db'));
    await Promise.all(Array.from({ length: 200 }, () => checkHealth(false)));
    await checkHealth();
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1001);
    await checkHealth(false);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('asks what lies outside for /health alone, every 30 seconds at most', async () => {
    const asked = vi.fn(async () => undefined);
    doing['db'] = async () => undefined;
    doing['payment'] = asked;
    const { checkHealth } = await moduleOf(check('db'), check('payment', { outside: true, required: false }));
    expect(Object.keys((await checkHealth(false)).checks)).toEqual(['db']);
    expect(asked).not.toHaveBeenCalled();
    expect(Object.keys((await checkHealth()).checks)).toEqual(['db', 'payment']);
    await vi.advanceTimersByTimeAsync(29_000);
    await checkHealth();
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2000);
    await checkHealth();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('lets a check that hangs give up what it holds, once and then alone, and asks again', async () => {
    const given = vi.fn();
    doing['db'] = (signal) => {
      signal.addEventListener('abort', given);
      return new Promise(() => undefined);
    };
    const { checkHealth } = await moduleOf(check('db'));
    const first = checkHealth(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await first).status).toBe('unhealthy');
    expect(given).toHaveBeenCalledTimes(1);
    doing['db'] = async (signal) => signal.addEventListener('abort', given);
    await vi.advanceTimersByTimeAsync(1001);
    expect((await checkHealth(false)).status).toBe('ok');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(given).toHaveBeenCalledTimes(1);
  });

  it('has no timer running once it has answered', async () => {
    doing['db'] = async () => Promise.reject(new Error('refused'));
    const { checkHealth } = await moduleOf(check('db'));
    expect((await checkHealth(false)).status).toBe('unhealthy');
    expect(vi.getTimerCount()).toBe(0);
  });
});
