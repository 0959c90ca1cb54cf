import { posix } from 'node:path';
import { imageName, isEnding } from '../model/applications.ts';
import type { Config } from '../model/config.ts';
import type { Evidence } from '../model/evidence.ts';
import type { CiFacts } from '../model/facts.ts';
import type { CiImage, Decision, Image, Plan, Stage, Workflow } from '../model/plan.ts';
import type { Reason } from '../model/recipe.ts';
import { registryOf } from '../model/repository-name.ts';
import { scanSeverities } from '../model/scan-words.ts';

/** The key of the decision whether a workflow is written, and how it begins. */
const KEY = 'ci';

/** Where the workflow lies: the first of these names that is not taken. */
const names = ['image', 'container-image', 'image-by-dockwright'];

export type CiInput = {
  readonly config: Config;
  /** absent: the repository says nothing of a build server */
  readonly ci?: CiFacts | undefined;
};

/** The plan with the workflow of its repository, where one is written, and the decisions behind its lines. */
export function withCi(plan: Plan, input: CiInput): Plan {
  const runs = Object.keys(plan.images).length > 0 && Object.keys(plan.workloads).length > 0;
  const asked = runs ? reasonOf(input) : undefined;
  if (!asked) return plan;
  const decisions = { ...plan.decisions, ...Object.fromEntries(reasons(plan, input, asked.reason).map(decided)) };
  const sorted = Object.fromEntries(Object.entries(decisions).sort(([a], [b]) => (a < b ? -1 : 1)));
  const ci = asked.written ? { enabled: true, workflow: workflowOf(plan, input) } : plan.ci;
  return { ...plan, ci, decisions: asked.written ? sorted : { ...plan.decisions, ...keptDecision(asked.reason) } };
}

type CiDecision = { readonly written: boolean; readonly reason: Reason };

/** Whether a workflow is written, and why; undefined: nothing is to be said of it. */
function reasonOf({ config, ci }: CiInput): CiDecision | undefined {
  const provider = config.ci?.provider;
  if (provider === false) return undefined;
  const choice = 'a workflow for GitHub Actions';
  if (provider === 'github') {
    return { written: true, reason: { choice, why: 'set by the key "ci.provider"', by: 'config' } };
  }
  if (!ci || ci.hosted.length === 0) return undefined;
  if (ci.builds.length === 0) {
    const why = 'the repository is on GitHub, and none of its workflows builds an image';
    return { written: true, reason: { choice, why, from: ci.hosted } };
  }
  const why = 'a workflow of the project already builds an image, and two of them would both push';
  return { written: false, reason: { choice: 'no workflow', why, from: ci.builds } };
}

const decided = ([key, reason]: readonly [string, Reason]): [string, Decision] => [
  key,
  {
    choice: reason.choice,
    why: reason.why,
    by: reason.by ?? ((reason.from ?? []).length > 0 ? 'detected' : 'default'),
    from: [...(reason.from ?? [])],
    assertions: [],
  },
];

const keptDecision = (reason: Reason): Plan['decisions'] => Object.fromEntries([decided([KEY, reason])]);

const stated = (choice: string, why: string, from: readonly Evidence[] = []): Reason => ({ choice, why, from });
const byKey = (choice: string, why: string): Reason => ({ choice, why, by: 'config' });

/** Reasons that are the same for every project. */
const always: Readonly<Record<string, Reason>> = {
  'ci.permissions': stated(
    'read-only, plus what each job writes',
    'a compromised action can do no more than its job is allowed to',
  ),
  'ci.actions': stated('each pinned to a commit', 'the tag of an action can be moved to different code'),
  'ci.tests': stated('the test stage of the Dockerfile', 'they run in the image that the application is built from'),
  'ci.build': stated(
    'one job builds, starts, scans and pushes',
    'what is pushed is the image that was started and scanned',
  ),
  'ci.cache': stated(
    'one cache per image and branch',
    'a shared cache would be overwritten by whichever build finishes last',
  ),
};

/** Each group of lines of the workflow has a reason of its own. */
function reasons(plan: Plan, { config, ci }: CiInput, written: Reason): readonly (readonly [string, Reason])[] {
  const branch = config.ci?.branch;
  const known = ci?.branch;
  return [
    [KEY, written],
    ...Object.entries(always),
    [
      'ci.branch',
      branch === undefined
        ? stated(
            branchOf({ config, ci }),
            known ? 'workflows of the project run on it' : 'the usual name; the key "ci.branch" overrides it',
            known?.from,
          )
        : byKey(branch, 'set by the key "ci.branch"'),
    ],
    [
      'ci.verify',
      config.ci?.dockwright
        ? byKey('dockwright verify', 'the key "ci.dockwright" says how to start it')
        : stated(
            'docker compose up --wait',
            'it starts the image as production does and waits until it is healthy; `dockwright verify` proves more, if the key "ci.dockwright" says how to start Dockwright',
          ),
    ],
    [
      'ci.scan',
      config.scan?.failOn === undefined
        ? stated('critical findings that have a fix fail it', 'findings without a fix would only block every change')
        : byKey(`findings of severity ${config.scan.failOn} and above fail it`, 'set by the key "scan.failOn"'),
    ],
    [
      'ci.push',
      config.registry === undefined
        ? stated('nothing is pushed', 'no registry is set: the key "registry" says where to push the image')
        : byKey(config.registry, 'set by the key "registry"'),
    ],
    ...(isFiltered(plan)
      ? [
          [
            'ci.paths',
            stated('the files that the images are built from', 'a change elsewhere changes no image'),
          ] as const,
        ]
      : []),
  ];
}

const branchOf = ({ config, ci }: CiInput): string => config.ci?.branch ?? ci?.branch?.value ?? 'main';

function workflowOf(plan: Plan, { config, ci }: CiInput): Workflow {
  const taken = new Set(ci?.workflows ?? []);
  const all = names.map((name) => `.github/workflows/${name}.yml`);
  const path = all.find((value) => !taken.has(value)) ?? all[0] ?? '';
  const started = startedOf(plan);
  return {
    path,
    branch: branchOf({ config, ci }),
    ...(config.ci?.dockwright ? { dockwright: [...config.ci.dockwright] } : {}),
    images: imagesOf(plan, config.registry),
    ...(isFiltered(plan) ? pathsOf(plan, path) : {}),
    ...(started ? { started } : {}),
    ...(config.budget === undefined ? {} : { budget: config.budget }),
    ...(config.scan?.failOn === undefined
      ? {}
      : { failOn: scanSeverities.slice(0, scanSeverities.indexOf(config.scan.failOn) + 1) }),
    decision: KEY,
  };
}

/** The images that are built, each once, with the place in the registry of those that are pushed: the first of each application. */
function imagesOf(plan: Plan, registry: string | undefined): CiImage[] {
  const used = new Set(Object.values(plan.workloads).map(({ image }) => image));
  const apps = new Map(
    Object.entries(plan.applications ?? {}).flatMap(([app, { workloads }]) => {
      const key = workloads.map((name) => plan.workloads[name]?.image).find((image) => image !== undefined);
      return key === undefined ? [] : [[key, app] as const];
    }),
  );
  const keys = Object.keys(plan.images).filter((key) => used.has(key));
  return keys.flatMap((key): CiImage[] => {
    const image = plan.images[key];
    if (!image) return [];
    const app = apps.get(key);
    const isMain = plan.applications ? app !== undefined : key === keys[0];
    const own = plan.applications || key === keys[0] ? imageName(plan, image) : `${plan.name}-${key}`;
    return [
      {
        image: key,
        name: own,
        ...(registry !== undefined && isMain ? { repository: registryOf(registry, app) } : {}),
        ...(app === undefined ? {} : { app }),
        emulated: image.platforms.length > 0 && isEmulated(image),
      },
    ];
  });
}

/** Whether the production image is made by commands that run on the platform that it is for. A stage that names its platform runs on that of the builder. */
export function isEmulated({ stages, targets, kept }: Pick<Image, 'stages' | 'targets' | 'kept'>): boolean {
  // what the author's stages run is not followed
  if (kept) return true;
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const isNative = (stage: Stage): boolean => {
    const { from } = stage;
    if ('image' in from) return from.platform !== undefined;
    const base = byName.get(from.stage);
    return base !== undefined && isNative(base);
  };
  const seen = new Set<string>();
  const follow = (name: string | undefined): boolean => {
    const stage = name === undefined ? stages.at(-1) : byName.get(name);
    if (!stage || seen.has(stage.name)) return false;
    seen.add(stage.name);
    const runs = stage.steps.some((step) => step.do === 'run' || step.do === 'shell');
    if (runs && !isNative(stage)) return true;
    const others = stage.steps.flatMap((step) => (step.do === 'copy' && step.from !== undefined ? [step.from] : []));
    return [...('stage' in stage.from ? [stage.from.stage] : []), ...others].some(
      (other) => byName.has(other) && follow(other),
    );
  };
  return follow(targets.production);
}

/** What stays alive is started; what ends by itself is started by hand or in time, with arguments that only its owner knows. */
function startedOf(plan: Plan): Workflow['started'] {
  const workloads = Object.entries(plan.workloads).flatMap(([name, { shape }]) => (isEnding(shape) ? [] : [name]));
  return workloads.length === 0 ? undefined : { workloads };
}

const isFiltered = (plan: Plan): boolean =>
  Object.values(plan.images).some(({ context, dockerfile }) => context.root !== '.' || dockerfile.includes('/')) ||
  Object.values(plan.applications ?? {}).some(({ root }) => root !== '.');

/** The files that a change must touch: folders of what is built, and the files of the root, among which are manifests, lockfiles and compose files. */
function pathsOf(plan: Plan, path: string): Pick<Workflow, 'paths'> {
  const roots = Object.values(plan.applications ?? {}).map(({ root }) => root);
  const files = Object.values(plan.images).flatMap(({ context, dockerfile }) => [
    posix.dirname(dockerfile),
    ...context.needs.map((need) => posix.join(context.root, need)),
  ]);
  const all = [...new Set([...roots, ...files])].map((value) => value.replace(/\/$/, ''));
  // the root is a part of what is built: any change counts, unless only the application's own folder is meant
  if (plan.applications === undefined && all.includes('.')) return {};
  const folders = all.filter(
    (value) => value !== '.' && !all.some((other) => other !== '.' && value.startsWith(`${other}/`)),
  );
  return { paths: ['*', ...folders.filter((folder) => folder.includes('/') || !isTopFile(folder)), path].sort() };
}

/** A file of the root by its look: `*` stands for those. */
const isTopFile = (path: string): boolean => !path.includes('/') && posix.extname(path) !== '';
