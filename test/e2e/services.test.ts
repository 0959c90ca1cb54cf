import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projects } from '../support/projects.ts';
import { missingStandIns, withEngine } from './engine.ts';
import { type Copy, caseOf, type Deployment, deployment, generated, type ServiceCase } from './whole-way.ts';

const cases = projects.flatMap(({ name, folder }) => {
  const { services = {}, development = {}, standIns = [] } = caseOf(folder);
  const isAsked = process.env['PROJECTS']?.split(',').includes(name) ?? true;
  return isAsked && Object.keys(services).length > 0 && missingStandIns(standIns).length === 0
    ? [{ name, folder, services, development }]
    : [];
});

/** Asks until the answer is the one that is wanted, for two minutes. */
async function until(url: string, wanted: (status: number) => boolean): Promise<void> {
  const end = Date.now() + 120_000;
  for (;;) {
    const status = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (wanted(status)) return;
    if (Date.now() > end) throw new Error(`${url} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

const put = (url: string, body: string) => fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(30_000) });

const textOf = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(30_000) })).text();

withEngine('a backing service', () => {
  // a share of the projects may hold none: a file without a test counts as a failure
  if (cases.length === 0) it.skip('of none of the projects that were asked for', () => {});
  describe.each(cases)('of $name', ({ folder, services, development }) => {
    let copy: Copy;
    let run: Deployment;
    beforeAll(async () => {
      copy = await generated(folder);
      run = deployment(copy);
      run.compose('up', '--build', '--detach', '--wait');
    });
    afterAll(() => {
      run?.down();
      copy?.remove();
    });

    it.each(Object.entries(services))('%s is used, missed, and found again', async (host, service: ServiceCase) => {
      const url = run.url();
      const text = `a text of ${process.pid} for ${host}`;
      expect((await put(`${url}${service.path}`, text)).status).toBe(201);
      expect(await textOf(`${url}${service.path}`)).toBe(text);

      run.compose('stop', '--timeout', '10', host);
      await until(`${url}/ready`, (status) => status === (service.required ? 503 : 200));
      expect((await put(`${url}${service.path}`, text)).status).toBe(502);
      run.compose('start', host);
      await until(`${url}/ready`, (status) => status === 200);

      run.compose('rm', '--force', '--stop', host);
      run.compose('up', '--detach', '--wait', '--no-deps', host);
      await until(`${url}/ready`, (status) => status === 200);
      const kept = await textOf(`${url}${service.path}`);
      expect(kept === text).toBe(service.keeps);
    });

    it('of development alone takes what the application sends', async () => {
      const { compose, services: planned } = copy.generation.context.plan;
      const over = deployment(copy, { files: [compose.file, compose.development] });
      over.compose('up', '--build', '--detach', '--wait');
      for (const [host, { path }] of Object.entries(development)) {
        const subject = `a message of ${process.pid}`;
        expect((await put(`${over.url()}${path}`, subject)).status).toBe(201);
        const published = over.compose('port', host, String(planned[host]?.port)).trim();
        expect(await textOf(`http://${published}/api/v1/messages`)).toContain(subject);
      }
    });
  });
});
