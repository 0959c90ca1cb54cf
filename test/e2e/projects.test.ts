import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildxCheck } from '../../src/engine/buildx.ts';
import { build } from '../../src/flows/build.ts';
import { verify } from '../../src/flows/verify.ts';
import { secretMaker } from '../../src/write/secrets.ts';
import { projects } from '../support/projects.ts';
import { halfOf, shardOf } from '../support/share.ts';
import { docker, missingStandIns, withEngine } from './engine.ts';
import { ask, type Copy, caseOf, deployment, generated, open } from './whole-way.ts';

// for each change the spine and the fixtures that it touches (PROJECTS=spine,NAME …); `npm run test:e2e` runs them all
const spine = [
  'orders-api',
  'links-api',
  'csv-tool',
  'nightly-report',
  'storefront',
  'bun-serve',
  'node-koa-yarn1',
  'node-cli-npm',
  'python-fastapi-uv',
];
const asked = process.env['PROJECTS']?.split(',').flatMap((name) => (name === 'spine' ? spine : [name]));
// a library has no container: test/e2e/library.test.ts packs and uses it
const share = shardOf(
  projects.filter(({ name, folder }) => {
    const { package: library, standIns = [] } = caseOf(folder);
    return !library && (asked?.includes(name) ?? true) && missingStandIns(standIns).length === 0;
  }),
);

/** What is proved whole: for each change every second project of the spine, by turns, and all others. */
const proved = new Set(
  [
    ...halfOf(share.filter(({ name }) => spine.includes(name))),
    ...share.filter(({ name }) => !spine.includes(name)),
  ].map(({ name }) => name),
);

withEngine('the whole way', () => {
  describe.each(share)('$name', ({ name, folder }) => {
    const expected = caseOf(folder);
    let copy: Copy;
    beforeAll(async () => {
      copy = await generated(folder);
      const { settings } = copy.generation.context.plan;
      const random = secretMaker();
      for (const name of tokens()) {
        const form = settings[name]?.form;
        process.env[name] = form ? random(form, name) : `a-token-that-nobody-may-see-${process.pid}`;
      }
    });
    afterAll(() => {
      for (const name of tokens()) delete process.env[name];
      copy?.remove();
    });
    const tokens = () =>
      Object.values(copy.generation.context.plan.images).flatMap((image) => image.buildSecrets.map((one) => one.env));

    it('has a Dockerfile that the engine has nothing to say about', async () => {
      const { plan } = copy.generation.context;
      for (const image of Object.values(plan.images)) {
        for (const target of Object.values(image.targets)) {
          const request = { context: copy.root, dockerfile: `${copy.root}/${image.dockerfile}`, target };
          expect(await buildxCheck(request)).toEqual([]);
        }
      }
    });

    it('builds', async () => {
      const tag = `e2e-build-${process.pid}:local`;
      const report = await build({ cwd: copy.root, tag, baseline: false, buildSecrets: tokens() });
      expect(report.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(report.compressed).toBeGreaterThan(1_000_000);
      expect(report.size).toBeGreaterThan(report.compressed);
      docker(['image', 'rm', tag]);
    });

    it('answers what case.json asks, started as the README says', async () => {
      const run = deployment(copy, { env: expected.env });
      try {
        if (expected.http) {
          run.compose('up', '--build', '--detach', '--wait');
          await ask(run.url(), expected.http);
        }
        if (expected.run) run.compose('build', 'app');
        for (const one of expected.run ?? []) {
          const { code, stdout } = run.once(one);
          expect(code, `${one.args.join(' ')}: ${stdout}`).toBe(one.code);
          if (one.contains !== undefined) expect(stdout).toContain(one.contains);
        }
      } finally {
        run.down();
      }
    });

    // what test/e2e/site.test.ts does for the server of a tool
    it('develops: with its source mounted it answers the same', async ({ skip }) => {
      const { compose, workloads } = copy.generation.context.plan;
      if (!expected.http || workloads['app']?.shape !== 'service') skip('it serves nothing itself');
      // the folder of a developer is theirs to read, and so is .env, unlike those of root
      chmodSync(copy.root, 0o755);
      if (existsSync(join(copy.root, '.env'))) chmodSync(join(copy.root, '.env'), 0o644);
      const run = deployment(copy, { files: [compose.file, compose.development], env: expected.env });
      try {
        run.compose('up', '--build', '--detach', '--wait');
        await ask(
          run.url(),
          expected.http?.filter(({ built }) => !built),
        );
      } finally {
        run.down();
      }
    });

    it.skipIf(!proved.has(name))('keeps the contract', async () => {
      const report = await verify({ cwd: copy.root });
      expect(open(report, expected.notProved)).toEqual([]);
      expect(report.items).toHaveLength(10);
    });
  });
});
