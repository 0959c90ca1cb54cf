import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

/** An application whose start script goes through `depth` scripts, each of which is written by `line` with the name of the next. */
const startOf = async (depth: number, line: (next: string) => string) => {
  const steps = Array.from({ length: depth }, (_, at) => [`s${at}`, line(`s${at + 1}`)]);
  const scripts = Object.fromEntries([['start', 'npm run s0'], ...steps, [`s${depth}`, 'node server.js']]);
  const facts = await factsOf({
    'package.json': JSON.stringify({ name: 'mini', engines: { node: '26' }, scripts }),
    'server.js': "require('node:http').createServer((q, r) => r.end()).listen(3000);\n",
  });
  return facts.commands.start;
};

describe('scripts that run each other', () => {
  it.each([
    ['twice, in a row', (next: string) => `npm run ${next} && npm run ${next}`],
    ['twice, beside each other', (next: string) => `npm run ${next} & npm run ${next}`],
    ['twice, before themselves', (next: string) => `npm run ${next}; npm run ${next}; npm run ${next}`],
  ])('are followed in time, however often they come to the same: %s', async (_, line) => {
    await startOf(1, line);
    const begin = process.cpuUsage();
    await startOf(40, line);
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(4);
  });

  it('are followed to the end where each is run once', async () => {
    expect(said(await startOf(40, (next) => `npm run ${next}`))).toMatchObject({ argv: ['node', 'server.js'] });
  });
});
