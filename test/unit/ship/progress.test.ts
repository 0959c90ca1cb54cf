import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../src/model/contract.ts';
import { readBuild } from '../../../src/ship/progress.ts';

const vertex = (digest: string, name: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({ vertexes: [{ digest, name, ...more }] });
const at = (seconds: number) => `2026-11-21T01:00:0${seconds}.000000000Z`;

function told(lines: readonly string[]) {
  const events: Progress[] = [];
  const build = readBuild((event) => events.push(event));
  for (const line of lines) build.line(line);
  return { events, build };
}

describe('readBuild', () => {
  it('tells a step when it starts, its output, and how long it took', () => {
    const { events } = told([
      vertex('a', '[deps 2/2] RUN  bun install'),
      vertex('a', '[deps 2/2] RUN  bun install', { started: at(1) }),
      JSON.stringify({ logs: [{ vertex: 'a', data: Buffer.from('one\ntwo\n').toString('base64') }] }),
      vertex('a', '[deps 2/2] RUN  bun install', { started: at(1), completed: at(4) }),
    ]);
    expect(events).toEqual([
      { type: 'step', id: 'a', title: '[deps 2/2] RUN bun install' },
      { type: 'log', id: 'a', line: 'one' },
      { type: 'log', id: 'a', line: 'two' },
      { type: 'done', id: 'a', ok: true, seconds: 3 },
    ]);
  });

  it('marks what came from the cache', () => {
    const { events, build } = told([vertex('a', '[a 1/1] RUN x', { started: at(1), completed: at(1), cached: true })]);
    expect(events.at(-1)).toMatchObject({ type: 'done', note: 'cached' });
    expect(build.steps()).toEqual([{ id: 'a', name: '[a 1/1] RUN x', cached: true, seconds: 0 }]);
  });

  it('says done once, also where BuildKit takes a step up again', () => {
    const { events } = told([
      vertex('a', '[a 1/1] COPY x y', { started: at(1), completed: at(2) }),
      vertex('a', '[a 1/1] COPY x y', { started: at(2) }),
      vertex('a', '[a 1/1] COPY x y', { started: at(2), completed: at(3) }),
    ]);
    expect(events.filter((event) => event.type === 'done')).toHaveLength(1);
  });

  it("keeps BuildKit's own errands to itself, and shows the export", () => {
    const { events } = told([
      vertex('a', '[internal] load build context', { started: at(1), completed: at(2) }),
      vertex('b', '[base 1/2] FROM docker.io/library/debian', { started: at(1), completed: at(2) }),
      vertex('c', 'resolve image config for docker-image://x', { started: at(1), completed: at(2) }),
      vertex('d', 'exporting to oci image format', { started: at(1), completed: at(2) }),
    ]);
    expect(events.map((event) => event.id)).toEqual(['d', 'd']);
  });

  it('keeps the last lines of a step that failed', () => {
    const log = (text: string) =>
      JSON.stringify({ logs: [{ vertex: 'a', data: Buffer.from(text).toString('base64') }] });
    const { build } = told([
      vertex('a', '[a 1/1] RUN x', { started: at(1) }),
      ...Array.from({ length: 50 }, (_, index) => log(`line ${index}\n\n`)),
      log('\u001b[31mred\u001b[0m'),
      vertex('b', '[b 1/1] RUN y', { started: at(1), completed: at(2) }),
      vertex('a', '[a 1/1] RUN x', { started: at(1), completed: at(2), error: 'exit code: 3' }),
    ]);
    const [failed, other] = build.steps();
    expect(failed?.printed).toHaveLength(40);
    expect(failed?.printed?.at(-1)).toBe('red');
    expect(other).not.toHaveProperty('printed');
  });

  it('keeps the error of a step, and the lines that are no JSON', () => {
    const { events, build } = told([
      vertex('a', '[a 1/1] RUN x', { started: at(1), completed: at(2), error: 'exit code: 3' }),
      'Dockerfile:2',
      '{ broken',
      '',
    ]);
    expect(events.at(-1)).toMatchObject({ ok: false });
    expect(build.steps()[0]?.error).toBe('exit code: 3');
    expect(build.rest()).toEqual(['Dockerfile:2', '{ broken']);
  });
});
