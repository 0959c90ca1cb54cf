import { describe, expect, it } from 'vitest';
import { tagBeside } from '../../../src/flows/build.ts';
import type { ComposeModel } from '../../../src/formats/compose/model.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { buildsOf } from '../../../src/ship/images.ts';
import { idleServices, isolate } from '../../../src/ship/isolation/isolate.ts';
import { workloadOf, workloadsOf } from '../../../src/ship/workloads.ts';
import { effective, options } from './isolation/support.ts';

const image = (target?: string) => ({ targets: target === undefined ? {} : { production: target }, buildSecrets: [] });

/** An author's set: two images for four services, and one that runs an image from elsewhere. */
const set = {
  kept: { compose: ['compose.yaml'] },
  images: { app: image(), cron: image('run') },
  workloads: {
    migrate: { shape: 'job', image: 'app' },
    worker: { shape: 'worker', image: 'app' },
    web: { shape: 'service', image: 'app' },
    cron: { shape: 'worker', image: 'cron' },
    old: { shape: 'worker', image: 'old' },
  },
  services: {},
  settings: {},
} as unknown as Plan;

describe('the workloads that are proved', () => {
  it('are all that run the application in an author’s set, with the first server at their head', () => {
    expect(workloadsOf(set).map(({ name }) => name)).toEqual(['web', 'migrate', 'worker', 'cron', 'old']);
    expect(workloadsOf(set).at(-1)?.image).toBeUndefined();
  });
  it('are the main one alone where Dockwright wrote the deployment', () => {
    const { kept: _kept, ...generated } = set;
    expect(workloadsOf(generated as Plan).map(({ name }) => name)).toEqual(['web']);
  });
  it('begin with what runs on where nothing is a server, and leave out what nobody starts', () => {
    const names = (isStarted: (name: string) => boolean) => workloadsOf(set, isStarted).map(({ name }) => name);
    expect(names((name) => name !== 'web')).toEqual(['worker', 'migrate', 'cron', 'old']);
    expect(names((name) => name === 'migrate')).toEqual(['migrate']);
  });
  it('are missing in a library, which is an error that says what to do', () => {
    expect(() => workloadOf({ ...set, workloads: {} } as unknown as Plan)).toThrow('Nothing in this project runs');
  });
});

describe('the builds of a set', () => {
  it('are one for each stage that a workload runs', () => {
    const names = workloadsOf(set).map(({ name }) => name);
    expect(buildsOf(set, names, 'run-1').map(({ tag, target, workloads }) => [tag, target, workloads])).toEqual([
      ['run-1:local', undefined, ['web', 'migrate', 'worker']],
      ['run-1-image-2:local', 'run', ['cron']],
    ]);
  });
  it('are two where a workload runs another stage of the same image', () => {
    const workloads = { app: { image: 'app' }, migrate: { image: 'app', target: 'migrate' } };
    const plan = { ...set, workloads } as unknown as Plan;
    expect(buildsOf(plan, ['app', 'migrate'], 'r').map(({ target }) => target)).toEqual([undefined, 'migrate']);
  });
  it('have tags beside the one that was asked for', () => {
    expect(tagBeside('shop:local', 'worker')).toBe('shop-worker:local');
    expect(tagBeside('localhost:5000/team/shop', 'Cron_2')).toBe('localhost:5000/team/shop-cron-2');
  });
});

describe('a set in isolation', () => {
  const model = {
    services: {
      web: { build: { context: '.' }, depends_on: ['cache'] },
      worker: { image: 'registry.example/worker:3', build: { context: '.', dockerfile_inline: 'FROM scratch' } },
      cron: { image: 'node:22' },
      cache: { image: 'redis:7', profiles: ['full'] },
      viewer: { image: 'adminer', profiles: ['tools'] },
    },
  } as unknown as ComposeModel;
  const plan = { ...set, workloads: { web: {}, worker: {}, cron: {} } } as unknown as Plan;
  const images = { web: { tag: 'run-1:local', checks: true } };

  it('runs the image that was built for each workload, and what the files name for the others', () => {
    const made = isolate(effective(model), options({ plan, images }));
    const { web, worker, cron } = made.model.services ?? {};
    expect(web).toMatchObject({ image: 'run-1:local', pull_policy: 'never', healthcheck: { interval: '1s' } });
    expect(worker).toMatchObject({ image: 'run-1-built-1:local', pull_policy: 'never' });
    expect(worker).not.toHaveProperty('healthcheck');
    expect(cron?.image).toBe('node:22');
    expect(cron).not.toHaveProperty('pull_policy');
    expect(made.builds.map(({ service }) => service)).toEqual(['worker']);
  });
  it('leaves out services of profiles that nobody asks for, unless another one waits for them', () => {
    const made = isolate(effective(model), options({ plan, images }));
    expect(Object.keys(made.model.services ?? {})).toEqual(['web', 'worker', 'cron', 'cache']);
    expect(made.overrides).toContain('viewer: not started, because its profile is not active (tools)');
  });
  it('starts the profile of the first workload where every one has some', () => {
    const services = {
      dev: { image: 'a', profiles: ['dev'] },
      live: { image: 'a', profiles: ['live'] },
      proxy: { image: 'b', profiles: ['live', 'dev'] },
    };
    const both = { ...set, workloads: { live: {}, dev: {} } } as unknown as Plan;
    expect([...idleServices({ services } as unknown as ComposeModel, both)]).toEqual([['dev', 'dev']]);
  });
  it('leaves nothing out of what Dockwright wrote', () => {
    const { kept: _kept, ...generated } = plan;
    expect(idleServices(model, generated as Plan).size).toBe(0);
  });
});
