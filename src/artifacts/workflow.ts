import { actions, dockwrightRuntime } from '../catalog/actions.ts';
import { momentNames } from '../catalog/build-arguments.ts';
import { expression, filterPath, plainText } from '../formats/actions.ts';
import { quoteShell } from '../formats/dockerfile/index.ts';
import { map, printYaml, scalar, seq, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';
import type { Artifact } from '../model/artifact.ts';
import type { CiImage, Image, Plan, Workflow } from '../model/plan.ts';
import { repositoryText } from '../model/repository-name.ts';
import { parseSize } from '../model/size.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { remark } from './lines.ts';
import { describeScript, namesScript, startScript, summaryScript, tagScript } from './workflow-scripts.ts';
import { block, type Rows, raw, step, table, text } from './workflow-step.ts';
import { servicesOver, startArguments, startValues } from './workflow-values.ts';

/** What the steps are printed from. */
type Context = {
  readonly plan: Plan;
  readonly workflow: Workflow;
  readonly images: readonly WorkflowImage[];
};

/** An image with what names it in the workflow: `key` is a part of the ids of its steps. */
type WorkflowImage = CiImage & { readonly plan: Image; readonly key: string; readonly local: string };

/** Where the runner runs. The label of a release: the one of the newest is moved to another system some day. */
const RUNNER = 'ubuntu-24.04';

/** Minutes after which GitHub ends a job; without a limit it does after six hours. */
const LIMITS = { checks: 30, image: 60 } as const;

const checkout = (isDeep: boolean): YamlMap =>
  step({
    name: 'Check out',
    decision: 'ci.actions',
    uses: actions.checkout,
    with: {
      ...(isDeep ? { 'fetch-depth': scalar(0) } : {}),
      // no later step needs the token that this one clones with
      'persist-credentials': scalar(false),
    },
  });

const builder = (): YamlMap => step({ name: 'Set up the builder', decision: 'ci.build', uses: actions.buildx });

/** The newest state of a branch, else that of the branch that everything goes to. */
const cacheFrom = (scope: string, branch: string): YamlNode =>
  block(
    [expression('steps.names.outputs.scope'), asScope(branch)]
      .map((value) => `type=gha,scope=${scope}-${value}`)
      .join('\n'),
  );

const asScope = (branch: string): string => branch.replaceAll(/[^A-Za-z0-9_.-]/g, '-');

const isScheduled = "github.event_name == 'schedule'";

/** Arguments of the build: what belongs to the moment, and what the author's compose files give. */
function argumentsOf({ plan: image }: WorkflowImage): YamlNode {
  const declared = new Set([
    ...image.stages.flatMap(({ steps }) => steps.flatMap((item) => (item.do === 'arg' ? [item.name] : []))),
    ...(image.kept ? Object.keys(image.args ?? {}) : []),
  ]);
  const moment = {
    commit: expression('github.sha'),
    version: expression('steps.version.outputs.version'),
    time: expression('steps.names.outputs.created'),
  };
  const own = [...declared].flatMap((name) => {
    const asked = momentNames[name];
    return asked === undefined ? [] : [`${name}=${moment[asked]}`];
  });
  const given = Object.entries(image.kept ? (image.args ?? {}) : {}).flatMap(([name, { value }]) => {
    const literal = value.from === 'literal' ? value.text : value.from === 'user' ? value.default : undefined;
    return literal === undefined || momentNames[name] !== undefined || /[\r\n]/.test(literal)
      ? []
      : [plainText(`${name}=${literal}`)];
  });
  return block(['SOURCE_DATE_EPOCH=0', ...own, ...given].join('\n'));
}

/** Secrets of the build come from those of the repository, each by its name; a name that GitHub keeps for itself has one in front. */
function secretsOf({ plan: { buildSecrets, secretFiles = [] } }: WorkflowImage): {
  readonly inputs: Rows;
  readonly env: Rows;
} {
  const files: Rows =
    secretFiles.length > 0
      ? { 'secret-files': block(secretFiles.map(({ id, file }) => plainText(`${id}=${file}`)).join('\n')) }
      : {};
  if (buildSecrets.length === 0) return { inputs: files, env: {} };
  const nameOf = (name: string) => (/^GITHUB_/i.test(name) && name !== 'GITHUB_TOKEN' ? `BUILD_${name}` : name);
  const variable = (index: number) => `BUILD_SECRET_${index}`;
  return {
    inputs: {
      ...files,
      'secret-envs': block(buildSecrets.map(({ id }, index) => `${id}=${variable(index)}`).join('\n')),
    },
    env: Object.fromEntries(
      buildSecrets.map(({ env }, index) => [variable(index), raw(expression(`secrets.${nameOf(env)}`))]),
    ),
  };
}

const asksVersion = ({ plan: { stages } }: WorkflowImage): boolean =>
  stages.some(({ steps }) => steps.some((item) => item.do === 'arg' && momentNames[item.name] === 'version'));

type Build = {
  readonly target: string | undefined;
  readonly scope: string;
  readonly rows: Rows;
};

/** A build by the action, with what all of them have in common. */
const buildInputs = (built: WorkflowImage, { workflow }: Context, { target, scope, rows }: Build): Rows => ({
  context: text(built.plan.context.root),
  file: text(built.plan.dockerfile),
  target: target === undefined ? undefined : text(target),
  'build-args': argumentsOf(built),
  ...secretsOf(built).inputs,
  'cache-from': cacheFrom(scope, workflow.branch),
  ...rows,
});

const cacheTo = (scope: string): Rows => ({
  'cache-to': raw(`type=gha,mode=max,scope=${scope}-${expression('steps.names.outputs.scope')}`),
});

/** Says what belongs to this run. */
function names({ workflow, images }: Context): readonly YamlMap[] {
  const isAsked = images.some(asksVersion);
  return [
    step({
      name: 'Name this run',
      decision: 'ci.branch',
      id: 'names',
      env: { BRANCH: text(workflow.branch) },
      run: namesScript,
    }),
    ...(isAsked
      ? [step({ name: 'Read the version from Git', decision: 'ci.build', id: 'version', run: describeScript })]
      : []),
  ];
}

/** The Dockerfiles as BuildKit checks them, and the tests in the stage that runs them. */
function checks(context: Context): readonly YamlMap[] {
  const { images, workflow } = context;
  const hasVersion = images.some(asksVersion);
  return [
    checkout(hasVersion),
    ...names(context),
    builder(),
    ...images
      .filter(({ plan: image }) => !image.kept)
      .map((built) =>
        step({
          name: `Check ${built.plan.dockerfile}`,
          decision: 'ci.tests',
          uses: actions.build,
          with: { context: text(built.plan.context.root), file: text(built.plan.dockerfile), call: scalar('check') },
        }),
      ),
    ...images.flatMap((built) => {
      const { test } = built.plan.targets;
      const scope = `${built.name}-test`;
      if (test === undefined) return [];
      return [
        step({
          name: `Test ${built.name}`,
          decision: 'ci.tests',
          uses: actions.build,
          with: buildInputs(built, context, {
            ...{ target: test, scope },
            rows: { ...cacheTo(scope), outputs: scalar('type=cacheonly'), 'no-cache': raw(expression(isScheduled)) },
          }),
          env: secretsOf(built).env,
        }),
      ];
    }),
    ...(workflow.dockwright ? withDockwright(workflow.dockwright) : []),
  ];
}

function withDockwright(command: readonly string[]): readonly YamlMap[] {
  const words = plainText(quoteShell(command));
  return [
    step({
      name: `Set up ${dockwrightRuntime.title} for Dockwright`,
      decision: 'ci.verify',
      uses: dockwrightRuntime.action,
      with: { [dockwrightRuntime.input]: text(dockwrightRuntime.version, { quote: true }) },
    }),
    step({ name: 'Check the deployment', decision: 'ci.verify', run: `${words} check --format github` }),
    step({ name: 'Prove the runtime contract', decision: 'ci.verify', run: `${words} verify` }),
  ];
}

/** Builds each image, and the other stages that Compose starts of it. */
function builds(context: Context): readonly YamlMap[] {
  return context.images.flatMap((built) => {
    const { plan: image, key, local, name } = built;
    const targets = [
      ...new Set(
        Object.values(context.plan.workloads).flatMap(({ image: of, target, kept }) =>
          of === built.image && target !== undefined && !kept ? [target] : [],
        ),
      ),
    ];
    const item = (target: string | undefined, tag: string, id: string, rows: Rows) =>
      step({
        name: `Build ${tag}`,
        decision: 'ci.build',
        ...{ id, uses: actions.build, env: secretsOf(built).env },
        with: buildInputs(built, context, {
          ...{ target, scope: name },
          rows: {
            ...rows,
            'no-cache': raw(expression(isScheduled)),
            load: scalar(true),
            provenance: scalar(false),
            tags: text(tag),
          },
        }),
      });
    return [
      item(image.targets.production, local, `build-${key}`, cacheTo(name)),
      ...targets.map((target) => item(target, `${name}-${target}:local`, `build-${key}-${asScope(target)}`, {})),
    ];
  });
}

/** Starts the images that were built, as production does. */
function start({ plan, workflow, images }: Context): readonly YamlMap[] {
  const { started } = workflow;
  if (!started) return [];
  const over = servicesOver(plan, new Map(images.map(({ image, local }) => [image, local])));
  const isOver = Object.keys(over).length > 0;
  const { env, lines, written } = startValues(plan);
  const files = startArguments(plan, isOver);
  const compose = ['docker compose', ...(files.length > 0 ? [plainText(quoteShell(files))] : [])].join(' ');
  const isKept = (plan.kept?.compose.length ?? 0) > 0;
  const script = startScript({
    compose: isOver ? `${compose} -f "$RUNNER_TEMP/images.json"` : compose,
    workloads: plainText(quoteShell(started.workloads)),
    // other services of the author's may have a build of their own
    ...{ isOver, mayBuild: isKept, values: lines, written },
  });
  return [
    step({
      name: 'Start it and wait until it is healthy',
      decision: 'ci.verify',
      env: {
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, text(value, { quote: true })])),
        SERVICES: isOver
          ? text(
              JSON.stringify({
                services: Object.fromEntries(Object.entries(over).map(([name, image]) => [name, { image }])),
              }),
              { quote: true },
            )
          : undefined,
      },
      run: script,
    }),
  ];
}

/** A report lies outside of what is built from. */
const report = (key: string): YamlNode => raw(`${expression('runner.temp')}/trivy-${key}.sarif`);

/** Everything that is found goes to the page of the repository; what is critical and has a fix ends the run. */
const scans = ({ images, workflow: { failOn } }: Context): readonly YamlMap[] =>
  images.flatMap(({ local, key, name }) => [
    step({
      name: `Scan ${name}`,
      decision: 'ci.scan',
      uses: actions.scan,
      with: {
        'image-ref': text(local),
        format: scalar('sarif'),
        output: report(key),
        scanners: scalar('vuln,secret'),
      },
    }),
    step({
      name: `Show the findings of ${name}`,
      comment: 'private repositories need code scanning to be enabled, and forks cannot write to it',
      decision: 'ci.scan',
      mayFail: true,
      uses: actions.sarif,
      with: { sarif_file: report(key), category: scalar(`image-${key}`) },
    }),
    step({
      name: `Fail on findings of ${name}`,
      decision: 'ci.scan',
      uses: actions.scan,
      with: {
        'image-ref': text(local),
        scanners: scalar('vuln,secret'),
        severity: scalar((failOn ?? ['critical']).map((value) => value.toUpperCase()).join(',')),
        'ignore-unfixed': failOn ? undefined : scalar(true),
        'exit-code': scalar('1', { quote: true }),
        'skip-setup-trivy': scalar(true),
      },
    }),
  ]);

const isPushed = "steps.names.outputs.push == 'true'";

/** The registry of GitHub itself takes the token of the run; any other one has a user and a password of its own. */
const GHCR = 'ghcr.io';

function pushes(context: Context): readonly YamlMap[] {
  const pushed = context.images.filter(({ repository }) => repository !== undefined);
  const hosts = [...new Set(pushed.flatMap(({ repository }) => repository?.host ?? []))];
  const login = hosts.map((host) =>
    step({
      name: `Log in to ${host}`,
      decision: 'ci.push',
      when: isPushed,
      uses: actions.login,
      with: {
        registry: text(host),
        username: raw(expression(host === GHCR ? 'github.actor' : 'secrets.REGISTRY_USERNAME')),
        password: raw(expression(host === GHCR ? 'secrets.GITHUB_TOKEN' : 'secrets.REGISTRY_PASSWORD')),
      },
    }),
  );
  return [...login, ...pushed.flatMap((built) => push(built, context))];
}

function push(built: WorkflowImage, context: Context): readonly YamlMap[] {
  const { repository, key, name, local, app = '', plan: image } = built;
  if (!repository) return [];
  const place = repositoryText(repository);
  return [
    step({
      name: `Upload ${name}`,
      comment: 'from the same builder, so nothing is rebuilt; without a tag until it is compared',
      decision: 'ci.push',
      id: `push-${key}`,
      when: isPushed,
      uses: actions.build,
      with: buildInputs(built, context, {
        ...{ target: image.targets.production, scope: name },
        rows: {
          platforms: image.platforms.length > 0 ? text(image.platforms.join(',')) : undefined,
          provenance: scalar('mode=max'),
          sbom: scalar(true),
          outputs: text(`type=image,name=${place},push-by-digest=true,push=true`),
        },
      }),
      env: secretsOf(built).env,
    }),
    step({
      name: `Compare and tag ${name}`,
      decision: 'ci.push',
      when: isPushed,
      env: {
        APP: text(app, { quote: true }),
        DIGEST: raw(expression(`steps.push-${key}.outputs.digest`)),
        IMAGE: text(local),
        REPOSITORY: text(place),
        STARTED: raw(expression(`steps.build-${key}.outputs.imageid`)),
      },
      run: tagScript,
    }),
  ];
}

const summary = ({ images, workflow: { budget } }: Context): YamlMap =>
  step({
    name: 'Sum up',
    decision: 'ci.build',
    when: '!cancelled()',
    env: {
      BUDGET: text(budget === undefined ? '' : String(parseSize(budget) ?? ''), { quote: true }),
      IMAGES: block(images.map(({ local, key }) => `${plainText(local)} trivy-${key}.sarif`).join('\n')),
    },
    run: summaryScript,
  });

/** Emulation is slow, and only needed where another platform runs commands of the build. */
const emulation = ({ images }: Context): readonly YamlMap[] =>
  images.some(({ emulated }) => emulated)
    ? [step({ name: 'Set up emulation', decision: 'ci.build', uses: actions.qemu })]
    : [];

const permissions = (rows: Readonly<Record<string, 'read' | 'write'>>): YamlEntry => ({
  key: 'permissions',
  value: map(
    Object.entries(rows).map(([key, value]) => ({ key, value: scalar(value) })),
    { flow: true },
  ),
  decision: 'ci.permissions',
});

type Job = {
  readonly key: string;
  readonly minutes: number;
  readonly entries: readonly YamlEntry[];
  readonly steps: readonly YamlMap[];
  readonly decision: string;
};

const job = ({ key, minutes, entries: own, steps, decision }: Job): YamlEntry => ({
  key,
  value: map([
    { key: 'runs-on', value: scalar(RUNNER), decision },
    { key: 'timeout-minutes', value: scalar(minutes), decision },
    ...own,
    { key: 'steps', value: seq(steps), decision },
  ]),
  decision,
});

function jobs(context: Context): YamlMap {
  const { images } = context;
  const isOwn = images.some(({ repository }) => repository?.host === GHCR);
  return map([
    job({
      key: 'checks',
      minutes: LIMITS.checks,
      entries: [permissions({ contents: 'read' })],
      steps: checks(context),
      decision: 'ci.tests',
    }),
    job({
      key: 'image',
      minutes: LIMITS.image,
      entries: [
        { key: 'needs', value: scalar('checks'), decision: 'ci.build' },
        permissions({ contents: 'read', 'security-events': 'write', ...(isOwn ? { packages: 'write' } : {}) }),
      ],
      steps: [
        checkout(images.some(asksVersion)),
        ...names(context),
        ...emulation(context),
        builder(),
        ...builds(context),
        ...start(context),
        ...scans(context),
        summary(context),
        ...pushes(context),
      ],
      decision: 'ci.build',
    }),
  ]);
}

function triggers({ branch, paths }: Workflow): YamlMap {
  const filter = paths
    ? [{ key: 'paths', value: seq(paths.map((path) => scalar(filtered(path), { quote: true }))), decision: 'ci.paths' }]
    : [];
  const list = (value: string) => seq([scalar(value, { quote: true })], { flow: true });
  return map([
    {
      key: 'push',
      value: map([
        { key: 'branches', value: list(filterPath(branch)), decision: 'ci.branch' },
        { key: 'tags', value: list('**'), decision: 'ci.branch' },
        ...filter,
      ]),
      decision: 'ci.branch',
    },
    { key: 'pull_request', value: filter.length > 0 ? map(filter) : scalar(null), decision: 'ci.branch' },
    { key: 'workflow_dispatch', value: scalar(null), decision: 'ci.branch' },
    {
      key: 'schedule',
      comment: 'every Monday without the cache, which would hide downloads that no longer work',
      value: seq([map([{ key: 'cron', value: scalar('17 4 * * 1', { quote: true }) }], { flow: false })]),
      decision: 'ci.cache',
    },
  ]);
}

/** `*` is every file of the root, a file is itself, and a folder is all that lies in it. */
const filtered = (path: string): string =>
  path === '*' ? path : /\.ya?ml$/.test(path) ? filterPath(path) : `${filterPath(path)}/**`;

/** The images with what names them here. */
function imagesOf(plan: Plan, workflow: Workflow): readonly WorkflowImage[] {
  return workflow.images.flatMap((item, index): WorkflowImage[] => {
    const image = plan.images[item.image];
    const key = item.image.replaceAll(/[^A-Za-z0-9_-]/g, '-');
    return image
      ? [{ ...item, plan: image, key: /^[A-Za-z_]/.test(key) ? key : `image-${index}`, local: `${item.name}:local` }]
      : [];
  });
}

/**
 * The workflow of GitHub Actions (docs.github.com/actions/reference/workflows-and-actions/workflow-syntax). No name of a repository or package of
 * Dockwright stands in it.
 */
export function workflowFile(plan: Plan, workflow: Workflow): Artifact {
  const context: Context = { plan, workflow, images: imagesOf(plan, workflow) };
  const opening = header(plan, workflow.path).map(remark);
  const printed = printYaml(
    map([
      { key: 'name', value: scalar('Image'), decision: workflow.decision },
      { key: 'on', value: triggers(workflow), decision: 'ci.branch' },
      { key: 'permissions', value: map([]), decision: 'ci.permissions' },
      {
        key: 'concurrency',
        value: table({
          group: raw(`image-${expression('github.ref')}`),
          'cancel-in-progress': raw(expression("github.event_name == 'pull_request'")),
        }),
        comment: 'a newer commit of a pull request cancels the older run; pushes are never canceled',
        decision: workflow.decision,
      },
      { key: 'jobs', value: jobs(context), decision: 'ci.build' },
    ]),
  );
  const shift = opening.length + 1;
  return {
    path: workflow.path,
    kind: 'workflow',
    mode: 0o644,
    content: `${opening.join('\n')}\n\n${printed.text}`,
    origins: [
      { start: 1, end: opening.length, decision: headerDecision },
      ...printed.origins.map((origin) => ({ ...origin, start: origin.start + shift, end: origin.end + shift })),
    ],
  };
}

export const artifact: ArtifactPrinter = {
  name: 'workflow',
  title: 'Workflow of the build server',
  order: 95,
  print: (plan) => (plan.ci.workflow ? [workflowFile(plan, plan.ci.workflow)] : []),
};
