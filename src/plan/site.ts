import { webServer } from '../catalog/web.ts';
import { because } from '../model/evidence.ts';
import type { Facts, Variable } from '../model/facts.ts';
import type { Check, EnvVar, Image, Plan, Setting, Stage, Workload } from '../model/plan.ts';
import { composeFiles, planProduction } from './app.ts';
import { type Decide, recorder } from './decide.ts';
import { key } from './execute.ts';
import { planIgnore } from './ignore.ts';
import { planLabels, summarise } from './labels.ts';
import type { PlanInput } from './plan.ts';
import { loadRecipes } from './recipes.ts';
import { addBuildSettings, planBuildSecrets } from './secrets.ts';
import { buildStage, developmentStage, preparingStages, testStage } from './stages.ts';

type SiteFact = NonNullable<Facts['site']>;

const probe = '/healthz';
const check: Check = {
  argv: [...webServer.probe(probe)],
  interval: 10,
  timeout: 3,
  retries: 3,
  startPeriod: 5,
  startInterval: 1,
};

/** Decides how the files of a site are built and given out: by a web server without root, which needs nothing of what built them. */
export async function planSite(input: PlanInput, site: SiteFact): Promise<Plan> {
  const { facts, specification, config } = input;
  const recipes = await loadRecipes(facts);
  if (!recipes) throw new Error('a site whose runtime is not known');
  const recipe = recipes.recipe(facts, { shape: 'site', runtimeBase: config.runtimeBase });
  const { decide, decisions } = recorder();
  const settings: Record<string, Setting> = {};
  const args = buildArguments(facts.variables, settings, decide);
  const summary = summarise(specification);
  const parts = { facts: { ...facts, port: undefined, host: undefined }, recipe, decide };
  const served = decide('site', {
    choice: site.value.fallback ? 'one page for every path that is no file' : 'a file for each path',
    why: 'nginx gives out the files; it runs without root and needs nothing of what built them',
    ...because(site),
  });
  const stages = [
    ...preparingStages(parts),
    developmentStage({
      ...parts,
      config,
      shape: 'site',
      probes: {},
      writable: [],
      labels: {},
      specification: summary,
    }),
    testStage(parts),
    ...recipe.build.map((stage) => buildStage(stage, args, decide)),
    productionStage(decide, site.value, planLabels(facts, specification), summary),
  ].filter((stage) => stage !== undefined);
  const secrets = planBuildSecrets(stages, facts, recipe.demands, decide);
  addBuildSettings(settings, facts, secrets.buildSecrets);
  const image: Image = {
    dockerfile: 'Dockerfile',
    context: {
      root: facts.root,
      needs: ['.'],
      leavesOut: [...planIgnore(facts, specification !== undefined, [], recipe, decide)].map((group) =>
        keepsPages(group),
      ),
    },
    stages: secrets.stages,
    targets: {
      production: 'production',
      development: 'development',
      ...(stages.some((one) => one.name === 'test') ? { test: 'test' } : {}),
    },
    platforms: [...(config.platforms ?? [])],
    shell: true,
    labels: {},
    args,
    buildSecrets: secrets.buildSecrets,
    decision: decide('images.app', {
      choice: `${webServer.image} with what the build makes`,
      why: 'a site is files',
      ...because(site),
    }),
  };
  planProduction(decide);
  const compose = composeFiles(facts);
  decide('compose', { choice: compose.file, why: 'the name that every version of Compose knows' });
  decide('header', {
    choice: 'what made this file, and from what',
    why: 'whoever opens it must know that it can be edited, and where it comes from',
    assertions: summary?.assertions ?? [],
    from: summary ? [{ file: summary.file, why: summary.summary }] : [],
  });
  const { assets, base, fallback } = site.value;
  const workload = planWorkload(site.value.port, settings, decide);
  return {
    version: 1,
    name: facts.name.value,
    archetype: 'web-app',
    images: { app: image },
    workloads: { app: workload },
    services: {},
    volumes: {},
    networks: {},
    secrets: {},
    settings: Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))),
    routes: { ready: { workload: 'app', path: probe, purpose: 'whether the web server answers', decision: served } },
    sources: [],
    edits: [],
    manual: [],
    site: {
      config: 'nginx.conf',
      port: webServer.port,
      root: webServer.root,
      ...(assets === undefined ? {} : { assets }),
      ...(base === undefined ? {} : { base }),
      fallback,
      probe,
      decision: served,
    },
    ci: { enabled: false },
    ...(summary ? { specification: summary } : {}),
    compose,
    decisions: decisions(),
    questions: [],
  };
}

/** Pages may be written in Markdown: they are left in. */
const keepsPages = (group: Image['context']['leavesOut'][number]): Image['context']['leavesOut'][number] => ({
  ...group,
  patterns: group.patterns.map((one) => (one === '*.md' ? 'README.md' : one)),
});

/** Variables that the build writes into the code: whoever opens the page can read them. */
function buildArguments(
  variables: readonly Variable[],
  settings: Record<string, Setting>,
  decide: Decide,
): Record<string, EnvVar> {
  const args: Record<string, EnvVar> = {};
  for (const variable of variables) {
    const fallback = variable.default ?? variable.example;
    const purpose = `${variable.purpose ?? `read in ${variable.from[0]?.file ?? 'the source'}`}; written into the page when it is built, for everybody to read`;
    const decision = decide(`images.app.args.${variable.name}`, {
      choice: 'a build argument',
      why: 'the build writes its value into the code: another value is another build, and a secret must never be one',
      from: variable.from,
    });
    const required = variable.required && fallback === undefined;
    const value = { required, ...(fallback === undefined ? {} : { default: fallback }) };
    settings[variable.name] = { purpose, secret: false, ...value, ...hintOf(variable), decision };
    args[variable.name] = {
      value: { from: 'user', variable: variable.name, ...value },
      secret: false,
      purpose,
      decision,
    };
  }
  return args;
}

const hintOf = ({ values, external }: Variable): { hint?: string } => {
  if (values) return { hint: `one of ${values.join(', ')}` };
  return external === undefined ? {} : { hint: 'an address, such as https://api.example.com' };
};

function productionStage(
  decide: Decide,
  { output, base }: SiteFact['value'],
  labels: Readonly<Record<string, string>>,
  specification: Plan['specification'],
): Stage {
  const { image, uid, gid, port, root, config } = webServer;
  const decision = decide(key('stages.production'), {
    choice: image,
    why: 'a web server that runs without root; what built the files stays behind',
  });
  const label = decide(key('labels'), {
    choice: Object.keys(labels).join(', '),
    why: specification ? 'what the image is, and how far its specification is proved' : 'what the image is',
    from: specification ? [{ file: specification.file, why: specification.summary }] : [],
    assertions: specification?.assertions ?? [],
  });
  const revision = decide(key('labels.revision'), {
    choice: 'a build argument',
    why: 'it belongs to the moment: `dockwright build` sets it to the commit',
  });
  return {
    name: 'production',
    from: { image },
    steps: [
      { do: 'copy', sources: ['nginx.conf'], to: config, link: true, decision },
      {
        do: 'copy',
        from: 'build',
        sources: [`/app/${output}`],
        to: base === undefined ? root : `${root}/${base}`,
        link: true,
        decision,
      },
      { do: 'user', uid, gid, decision, note: 'not root; as a number, so that Kubernetes can see that it is not 0' },
      { do: 'expose', port, decision },
      { do: 'healthcheck', check, decision },
      { do: 'label', values: { ...labels }, decision: label },
      {
        do: 'arg',
        name: 'REVISION',
        default: 'unknown',
        decision: revision,
        note: '`dockwright build` sets it to the commit; last, because it changes with each',
      },
      { do: 'label', values: { 'org.opencontainers.image.revision': '$REVISION' }, decision: revision },
    ],
    decision,
  };
}

function planWorkload(devPort: number, settings: Record<string, Setting>, decide: Decide): Workload {
  const { port } = webServer;
  const decision = decide('workloads.app', { choice: 'a site', why: 'its files are given out until it is stopped' });
  decide('workloads.app.hardening', {
    choice: 'read-only root, no capabilities, no new privileges, restarted unless stopped',
    why: 'what the server does not need, an intruder must not have',
  });
  settings['TAG'] = {
    purpose: 'tag of the image',
    required: false,
    secret: false,
    default: 'local',
    decision: decide('settings.TAG', {
      choice: 'local',
      why: 'an image that was built here, until a registry is named',
    }),
  };
  settings['PORT'] = {
    purpose: 'the port on this machine that reaches the site',
    required: false,
    secret: false,
    default: String(port),
    decision: decide('settings.PORT', {
      choice: String(port),
      why: 'the same number outside as inside, unless it is taken',
    }),
  };
  const development = decide('workloads.app.development', {
    choice: 'hot reload',
    why: 'an edit on this machine shows in the page',
  });
  return {
    shape: 'site',
    image: 'app',
    ports: {
      http: {
        container: port,
        publish: { address: '', variable: 'PORT', default: port },
        decision: decide('workloads.app.ports.http', {
          choice: `${port}, published`,
          why: 'a port that needs no root',
        }),
      },
    },
    env: {},
    writable: [
      {
        path: '/tmp',
        kind: 'tmpfs',
        decision: decide('workloads.app.writable./tmp', {
          choice: 'memory',
          why: 'the root file system is read-only; nginx keeps its process id and what it buffers there',
        }),
      },
    ],
    readOnly: true,
    probes: { ready: { path: probe, check, decision }, live: { path: probe, check, decision } },
    signals: {
      handles: ['SIGQUIT', 'SIGTERM'],
      init: false,
      grace: 15,
      decision: decide('workloads.app.signals', {
        choice: 'nginx ends by itself',
        why: 'its image asks for SIGQUIT, which lets requests end first',
      }),
    },
    resources: {
      limits: { cpus: 1, memory: '128M' },
      reservations: { cpus: 0.1, memory: '32M' },
      decision: decide('workloads.app.resources', {
        choice: '1 CPU and 128 MB at most',
        why: 'giving out files takes little',
      }),
    },
    replicas: { count: 1, decision: decide('workloads.app.replicas', { choice: 'one', why: 'nothing asks for more' }) },
    after: [],
    development: {
      target: 'development',
      mounts: [{ source: '.', target: '/app', decision: development }],
      env: {},
      port: devPort,
      decision: development,
    },
    decision,
  };
}
