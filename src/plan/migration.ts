import { posix } from 'node:path';
import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { evidenceOf } from '../model/known.ts';
import type { Plan, Stage, Workload } from '../model/plan.ts';
import { services as known } from '../services/registry.gen.ts';
import { type ImageContext, ownVariables, writableSteps } from './context.ts';
import { key } from './execute.ts';
import { wholeContext } from './stages.ts';

/** The stage that brings the database up to date: every dependency and the sources, which production does not carry. */
export function migrateStage(context: ImageContext, from: string): Stage | undefined {
  const { facts, recipe, decide } = context;
  const { base } = recipe.production;
  const { migration } = facts;
  if (!migration) return undefined;
  const decision = decide(key('stages.migrate'), {
    choice: migration.value.argv.join(' '),
    why: 'the tables must exist before the app starts; the migration tool is not part of the running image',
    ...evidenceOf(migration),
  });
  const folders = foldersOf(facts);
  const { folder } = migration.value;
  const place = folder === undefined ? folders.image : posix.join(folders.top, folder);
  const into = [{ do: 'workdir' as const, path: place, decision }];
  const intoImage = folders.own === '.' ? [] : into;
  const made = recipe.build.some((stage) => stage.name === from);
  // its tool, or a program of the project, may read the whole configuration of the app, and choose by NODE_ENV
  const values = { HOME: '/tmp', ...recipe.production.env, ...ownVariables(facts), ...migration.value.env };
  const home = 'tools keep settings and caches in the home folder, and only /tmp is writable';
  const env = [{ do: 'env' as const, values, decision, note: home }];
  return {
    name: 'migrate',
    from: { stage: from },
    note: 'migrates the database and exits; the app waits for it',
    steps: [
      ...(made ? (folder === undefined ? [] : into) : [wholeContext(folders, decision), ...intoImage]),
      ...env,
      ...(isInFiles(facts) ? writableSteps(context) : []),
      { do: 'user', uid: base.uid, gid: base.gid, decision },
      { do: 'cmd', argv: [...migration.value.argv], decision },
    ],
    decision,
  };
}

/** Whether the database is a file of the app: then the job writes where the app does. */
const isInFiles = ({ services }: Pick<Facts, 'services'>): boolean =>
  services.some(({ service }) => known.find(({ name }) => name === service)?.embedded);

type Input = {
  readonly facts: Pick<Facts, 'services'>;
  readonly app: Workload;
  readonly services: Plan['services'];
  readonly decision: string;
};

/** The job: it gets what the app gets of its services, and waits for them as the app does. */
export function planMigration({ facts, app, services, decision }: Input): Workload {
  // its tool, or a program of the project, may read the whole configuration of the app
  const env = app.env;
  return {
    shape: 'job',
    image: app.image,
    target: 'migrate',
    ports: {},
    env,
    ...(app.secrets ? { secrets: app.secrets } : {}),
    writable: app.writable.filter(({ kind, path }) => (kind === 'tmpfs' ? path === '/tmp' : isInFiles(facts))),
    readOnly: true,
    probes: {},
    signals: app.signals,
    resources: withRoom(app.resources),
    replicas: { count: 1, decision },
    after: app.after.filter((item) => services[item.name]?.required),
    decision,
  };
}

/** Tools that read sources compile them first, and a runtime takes half of the memory for what it keeps: the usual limit of an app ends some of them. */
const withRoom = ({ limits, ...resources }: Workload['resources']): Workload['resources'] => ({
  ...resources,
  limits: limits.memory === '512M' ? { ...limits, memory: '1G' } : limits,
});
