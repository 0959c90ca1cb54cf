import { describe, expect, it } from 'vitest';
import { broken, cases } from '../../unit/formats/compose/cases.ts';
import { askCompose, hasCompose, read } from '../../unit/formats/compose/oracle.ts';

/** What compose does not print: files that it has read, and models of AI. */
function comparable(model: unknown): unknown {
  const copy = structuredClone(model) as { services: Record<string, Record<string, unknown>>; models?: unknown };
  for (const service of Object.values(copy.services)) {
    delete service['env_file'];
    delete service['label_file'];
  }
  delete copy.models;
  return copy;
}

describe.skipIf(!hasCompose())('docker compose config (skipped where there is no docker CLI with compose 2.40)', () => {
  const compared = Object.entries(cases).filter(([, project]) => project.differs === undefined);
  it.concurrent.each(compared)('prints the same for %s', async (_name, project) => {
    const answer = await askCompose(project);
    expect(answer).toEqual({ model: expect.anything() });
    expect('model' in answer && comparable(answer.model)).toEqual(comparable(read(project).model));
  });
  it.concurrent.each(Object.entries(broken))('refuses %s too', async (_name, project) => {
    expect(await askCompose(project)).toEqual({ error: expect.stringMatching(/./) });
  });
});
