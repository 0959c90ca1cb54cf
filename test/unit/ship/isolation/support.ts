import type { ComposeMap, ComposeModel, EffectiveCompose } from '../../../../src/formats/compose/model.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { type Host, type IsolateOptions, isolate, type Lead } from '../../../../src/ship/isolation/isolate.ts';

export const plan = { workloads: { app: {} }, settings: {} } as unknown as Plan;

/** Files of a made-up repository. What is not tracked is there all the same. */
const tracked = ['config/app.json', 'config/deep/more.json', 'db/Dockerfile', 'db/init.sql', 'nginx.conf'];
const untracked: Readonly<Record<string, 'file' | 'folder'>> = { data: 'folder', '.env': 'file' };
/** Links that lead out. */
const links = ['rootlink', 'config-link/passwd'];

/** Leads as the disk would give them, without one. */
export function lead(path: string): Lead {
  const plain = path.replace(/^\/project(\/|$)/, '') || '.';
  const outside = (why: string): Lead => ({ inside: false, why: `${path} ${why}`, absolute: path });
  if (plain.startsWith('/') || plain === '..' || plain.startsWith('../') || plain.startsWith('~')) {
    return outside('is outside the project');
  }
  if (links.some((link) => plain === link || plain.startsWith(`${link}/`))) return outside('leads out by a link');
  const isFolder = plain === '.' || tracked.some((file) => file.startsWith(`${plain}/`));
  const kind = isFolder ? 'folder' : tracked.includes(plain) ? 'file' : (untracked[plain] ?? 'missing');
  return { inside: true, path: plain, kind };
}

export const host: Host = {
  lead,
  tracked,
  copyTracked: (path) => `/tmp/run/copies/${path}`,
  secretFile: (name) => `/tmp/run/secrets/${name}`,
  copyKey: (path) => (path.endsWith('.key') ? `/tmp/run/keys/${path}` : undefined),
};

export const options = (more: Partial<IsolateOptions> = {}): IsolateOptions => ({
  plan,
  project: 'run-1',
  labels: { own: 'run-1' },
  images: { app: { tag: 'run-1:local', checks: true } },
  externals: [],
  stub: undefined,
  host,
  allow: [],
  ...more,
});

/** A model as the parser gives it; every part stands in line 7. */
export const effective = (model: ComposeModel, more: Partial<EffectiveCompose> = {}): EffectiveCompose => ({
  model,
  place: (path) => ({ file: 'docker-compose.yml', line: typeof path.at(-1) === 'number' ? 8 : 7 }),
  refused: [],
  unread: [],
  files: ['docker-compose.yml'],
  ...more,
});

/** What becomes of a backing service, beside the other parts of a file. */
export function isolated(service: ComposeMap, others: ComposeModel = {}, allow: readonly string[] = []) {
  const model = {
    ...others,
    services: { ...others.services, web: { image: 'nginx:1', ...service }, db: { image: 'postgres:17' } },
  } as ComposeModel;
  const result = isolate(effective(model), options({ allow }));
  return { ...result, web: result.model.services?.['web'] ?? {} };
}
