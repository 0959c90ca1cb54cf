import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { lt } from 'semver';
import type { Config } from '../model/config.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts, Route } from '../model/facts.ts';
import type { Check, Plan, SourceEdit, SourceFile, Workload } from '../model/plan.ts';
import { leastOf } from '../model/range.ts';
import { jsonString, visibleJson } from '../model/visible.ts';
import { type Decide, settled } from './decide.ts';
import type { Chosen } from './services.ts';
import type { Stacks } from './stacks.ts';

/** How often and how patiently a container is asked, in seconds: quick to become healthy, slow to be given up. */
const rhythm = { interval: 10, timeout: 3, retries: 3, startPeriod: 10, startInterval: 1 } as const;

/** Common names of health routes, the most telling first (Kubernetes' own endpoints, and what frameworks' guides use). */
const readyPaths = [
  '/ready',
  '/readyz',
  '/readiness',
  '/health/ready',
  '/healthz/ready',
  '/api/ready',
  '/health',
  '/healthz',
  '/api/health',
  '/status',
  '/ping',
];
const livePaths = [
  '/live',
  '/livez',
  '/liveness',
  '/health/live',
  '/healthz/live',
  '/api/live',
  '/healthz',
  '/health',
  '/api/health',
  '/ping',
];

export type Health = {
  readonly probes: Workload['probes'];
  readonly routes: Plan['routes'];
  readonly sources: readonly SourceFile[];
  readonly edits: readonly SourceEdit[];
  readonly manual: Plan['manual'];
};

const find = (routes: readonly Route[], paths: readonly string[]): Route | undefined =>
  paths
    .map((path) => routes.find((route) => route.path === path && ['GET', 'ALL'].includes(route.method.toUpperCase())))
    .find((route) => route !== undefined);

/** The first types of Node.js that know all that a health module uses: `AbortSignal.timeout` and `fetch` (nodejs.org, v18). */
const leastTypes = 18;

/** The first TypeScript whose own types of browsers know `AbortSignal.timeout`: they come before those of Node.js ("lib.dom.d.ts", 4.9). */
const leastCompiler = '4.9.0';

/** Why the compiler of an app would refuse a health module that runs well: its types are those of an older Node.js, or it is old itself. */
function unchecked(facts: Facts): string | undefined {
  const least = (name: string) => leastOf(facts.dependencies.find((one) => one.name === name)?.range);
  const types = least('@types/node');
  if (types && types.major < leastTypes)
    return `the types of Node.js ${types.major} that the project has are older than what is used here`;
  const compiler = least('typescript');
  return compiler && lt(compiler, leastCompiler)
    ? `the types of TypeScript ${compiler.major}.${compiler.minor} are older than what is used here`
    : undefined;
}

/** A module in the language of the file that it stands beside. */
const endingOf = (file: string): string => (/\.[cm]?tsx?$/.test(file) ? '.ts' : (/\.[cm]js$/.exec(file)?.[0] ?? '.js'));

/** What a module of JavaScript is: by its ending, else by the project. */
const languageOf = (facts: Facts, path: string): SourceFile['language'] => {
  if (path.endsWith('.ts')) return 'typescript';
  if (path.endsWith('.mjs')) return 'module';
  return path.endsWith('.cjs') || facts.moduleType === 'commonjs' ? 'commonjs' : 'module';
};

/** Where the health module stands: beside the file that makes the server object. */
function healthPath(facts: Facts): string {
  const beside = facts.appFile?.value ?? settled(facts.entry) ?? 'index.ts';
  const folder = posix.dirname(beside);
  const top = folder.split('/')[0] ?? '.';
  return posix.join(top === '.' ? '' : top, `health${endingOf(beside)}`);
}

type Input = {
  readonly facts: Facts;
  readonly config: Config;
  readonly stacks: Stacks;
  readonly chosen: readonly Chosen[];
  readonly read: (file: string) => string | undefined;
  readonly decide: Decide;
};

/**
 * How the app says that it lives and that it can serve: by its own routes where it has them, else by a module that we write and
 * offer to wire in, else by its port alone.
 */
export function planHealth(input: Input): Health {
  const { facts, config } = input;
  const own = facts.routes;
  const ready = config.health?.ready ? configured(config.health.ready) : find(own, readyPaths);
  const live = config.health?.live ? configured(config.health.live) : find(own, livePaths);
  if (ready) return ownRoutes(input, ready, live);
  if (config.health?.generate === false) return portOnly(input, 'health.generate is false', []);
  return generated(input);
}

const configured = (path: string): Route => ({ method: 'GET', path, from: [{ why: 'set in the configuration' }] });

function probe(input: Input, name: 'live' | 'ready', path: string, why: string, from: readonly Evidence[]) {
  const port = settled(input.facts.port);
  const decision = input.decide(`workloads.app.probes.${name}`, { choice: `GET ${path}`, why, from });
  const check: Check = { argv: [...input.stacks.runtime.probe(port?.number ?? 0, port?.variable, path)], ...rhythm };
  return { path, check, decision };
}

const routeOf = (path: string, purpose: string, decision: string) => ({ workload: 'app', path, purpose, decision });

function ownRoutes(input: Input, ready: Route, live: Route | undefined): Health {
  const readiness = probe(
    input,
    'ready',
    ready.path,
    'the app answers it itself, so that a container that cannot serve gets no requests',
    ready.from,
  );
  const liveness = live && probe(input, 'live', live.path, 'the app answers it itself', live.from);
  return {
    probes: { ready: readiness, ...(liveness ? { live: liveness } : {}) },
    routes: {
      ready: routeOf(ready.path, 'whether the app can serve', readiness.decision),
      ...(live && liveness ? { live: routeOf(live.path, 'whether the process lives', liveness.decision) } : {}),
    },
    sources: [],
    edits: [],
    manual: [],
  };
}

function portOnly(input: Input, why: string, manual: Plan['manual']): Health {
  const port = settled(input.facts.port);
  const decision = input.decide('workloads.app.probes.ready', {
    choice: 'a connection to the port',
    why: `the app has no health route: ${why}`,
  });
  const check: Check = { argv: [...input.stacks.runtime.probePort(port?.number ?? 0, port?.variable)], ...rhythm };
  return { probes: { ready: { check, decision } }, routes: {}, sources: [], edits: [], manual };
}

/** The module, and its wiring into the file that makes the server object. */
function generated(input: Input): Health {
  const { facts, stacks, decide, read } = input;
  const framework = stacks.framework;
  const file = facts.appFile?.value;
  const text = file === undefined ? undefined : read(file);
  const path = healthPath(facts);
  if (!framework || file === undefined || text === undefined) {
    return portOnly(input, 'the object that answers requests was not found, so there is nothing to add routes to', []);
  }
  const decision = decide(`sources.${path}`, {
    choice: 'a module that answers /live, /ready and /health',
    why: 'the app has no route that says whether it can serve',
    from: facts.appFile?.from ?? [],
  });
  const old = unchecked(facts);
  const source: SourceFile = {
    kind: 'health',
    path,
    language: languageOf(facts, path),
    ...(old ? { unchecked: old } : {}),
    ...(facts.noDefaults ? { noDefaults: true as const } : {}),
    ...(facts.frameworks[0] ? { framework: facts.frameworks[0].value } : {}),
    routes: {
      imports: [...framework.healthRoutes.imports],
      code: framework.healthRoutes.code,
      exports: framework.healthRoutes.exports,
    },
    checks: checksOf(input),
    decision,
  };
  const wiring = framework.wire({ file, text, module: specifier(file, path), ending: facts.importEnding });
  if (!wiring.ok) {
    const pasted = decide('edits.health', { choice: 'left to you', why: wiring.why, from: facts.appFile?.from ?? [] });
    const health = portOnly(input, wiring.why, [{ why: wiring.why, file, lines: [...wiring.lines], decision: pasted }]);
    return { ...health, sources: [source] };
  }
  const from = facts.appFile?.from ?? [];
  const ready = probe(
    input,
    'ready',
    '/ready',
    'asks every dependency; a required one that fails makes the container unhealthy',
    from,
  );
  const live = probe(
    input,
    'live',
    '/live',
    'the process alone, for what restarts on failure: an outage of a dependency must not restart the app',
    from,
  );
  return {
    probes: { ready, live },
    routes: {
      ready: routeOf('/ready', 'whether the app can serve: 503 when a required dependency fails', ready.decision),
      live: routeOf('/live', 'whether the process lives', live.decision),
      health: routeOf('/health', 'every check with its latency', ready.decision),
    },
    sources: [source],
    edits: wiring.edits.length === 0 ? [] : [edit(file, text, wiring.edits, wiring.why, decide, from)],
    manual: [],
  };
}

function edit(
  file: string,
  text: string,
  edits: readonly { start: number; end: number; text: string }[],
  why: string,
  decide: Decide,
  from: readonly Evidence[],
): SourceEdit {
  return {
    file,
    hash: createHash('sha256').update(text).digest('hex'),
    edits: edits.map((one) => ({ ...one })),
    why,
    decision: decide('edits.health', { choice: 'wire the health module in', why, from }),
  };
}

/** How `file` imports `module`, without an extension: the framework's wiring follows the file's own style. */
function specifier(file: string, module: string): string {
  const path = posix.relative(posix.dirname(file), module);
  // it stands in a string of the source
  return visibleJson(path.startsWith('.') ? path : `./${path}`);
}

function checksOf({ facts, chosen, decide }: Input): SourceFile['checks'] {
  const services = chosen.flatMap((one) => {
    if (!one.service || one.client === undefined || one.variables.length === 0) return [];
    const parts = Object.fromEntries(
      facts.variables.flatMap((variable) =>
        variable.service === one.name && variable.part && !['url', 'other'].includes(variable.part)
          ? [[variable.part, variable.name]]
          : [],
      ),
    );
    const url = facts.variables.find((variable) => variable.service === one.name && variable.part === 'url')?.name;
    const code = one.service.check(one.client, { ...(url ? { url } : {}), parts });
    if (!code) return [];
    const decision = decide(`sources.health.checks.${one.host}`, {
      choice: one.required ? 'required: /ready answers 503 without it' : 'optional: degraded without it',
      why: `the app reaches ${one.recognise.title} through ${one.client}`,
      from: one.from,
      assertions: one.assertions,
    });
    return [
      {
        name: one.host,
        required: one.required,
        imports: [...code.imports],
        setup: code.setup,
        body: code.body,
        decision,
      },
    ];
  });
  return [...services, ...externalChecks(facts, decide)];
}

/** Any answer of an external API shows that it is reached: its own errors are not ours to judge. */
function externalChecks(facts: Facts, decide: Decide): SourceFile['checks'] {
  return facts.externals.flatMap((external) => {
    const variable = external.urlVariable;
    if (!variable) return [];
    const fallback = external.url ? ` ?? ${jsonString(external.url)}` : '';
    return [
      {
        name: external.name,
        required: external.required,
        imports: [],
        setup: '',
        body: `const url = process.env['${variable}']${fallback};\nif (!url) throw new Error('${variable} is not set');\nawait fetch(url, { method: 'HEAD', redirect: 'manual', signal });`,
        decision: decide(`sources.health.checks.${external.name}`, {
          choice: external.required ? 'required' : 'optional: degraded without it',
          why: `an API outside this deployment, at ${variable}`,
          from: external.from,
        }),
      },
    ];
  });
}
