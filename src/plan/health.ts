import { createHash } from 'node:crypto';
import type { Config } from '../model/config.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts, Route } from '../model/facts.ts';
import { inRepository } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { Check, Plan, SourceEdit, SourceFile, Workload } from '../model/plan.ts';
import type { ApplicationRecipes, HealthCheck, HealthModule, ProbeOptions, Probes } from '../model/recipe.ts';
import type { Decide } from './decide.ts';
import type { ChosenService } from './services.ts';

/** How often and how patiently a container is asked, in seconds: quick to become healthy, slow to be given up. */
const timesOf = ({ startPeriod = 10 }: Probes) => ({
  interval: 10,
  timeout: 3,
  retries: 3,
  startPeriod,
  startInterval: 1,
});

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

/** The last part of a path that says the same wherever it is mounted. */
const readyNames = /^(ready|readyz|readiness)$/i;
const healthNames = /^_?health([-_]?check)?z?$/i;
const liveNames = /^(live|livez|liveness|alive)$/i;

/** Parts of a path behind which a check without a login finds nothing, and those that stand for anything. */
const closed = /^(admin|auth|internal|private|me|account)$|[:*{}()?]/i;

/** The route whose name says it, below whatever it is mounted: `/metrics/ready`, `/api/v1/health-check`. The shortest path comes first. */
function findNamed(routes: readonly Route[], names: readonly RegExp[]): Route | undefined {
  const open = routes
    .filter(({ method }) => ['GET', 'ALL'].includes(method.toUpperCase()))
    .map((route) => ({ route, parts: route.path.split('/').filter((part) => part !== '') }))
    .filter(({ parts }) => !parts.some((part) => closed.test(part)))
    .sort((a, b) => a.parts.length - b.parts.length);
  return names
    .map((name) => open.find(({ parts }) => name.test(parts.at(-1) ?? ''))?.route)
    .find((route) => route !== undefined);
}

type Input = {
  readonly facts: Facts;
  readonly config: Config;
  readonly recipes: ApplicationRecipes;
  readonly probes: Probes;
  readonly chosen: readonly ChosenService[];
  readonly read: (file: string) => string | undefined;
  /** nothing is added that would answer */
  readonly withoutHealth: boolean;
  /** why an added module would be missing from the image, and what its author can do about it */
  readonly notCarried?: {
    readonly why: string;
    /** what to add by hand; absent: an edit of the author's file is offered */
    readonly byHand?: { readonly file: string; readonly lines: readonly string[] };
  };
  readonly decide: Decide;
};

/**
 * How the app says that it lives and that it can serve: by its own routes where it has them, else by a module that we write and
 * offer to wire in, else by its port alone.
 */
export function planHealth(input: Input): Health {
  const { facts, config } = input;
  // what answers every path alike says how it is where it uses something: its own answer fails with that, by its own connection
  const own = facts.routes.filter(({ any }) => !any || facts.services.length > 0);
  const ready = config.health?.ready ? configured(config.health.ready, facts.routes) : (askedOf(facts) ?? readyOf(own));
  const live = config.health?.live ? configured(config.health.live, facts.routes) : liveOf(own);
  if (ready) return ownRoutes(input, ready, live);
  if (config.health?.generate === false || input.withoutHealth) return portOnly(input, 'health.generate is false', []);
  return input.notCarried ? uncarried(input, input.notCarried) : generated(input);
}

/** A module that no image would have is not written: the port is asked, and what would change that is said. */
function uncarried(input: Input, { why, byHand }: NonNullable<Input['notCarried']>): Health {
  const manual = byHand
    ? [
        {
          why,
          ...byHand,
          lines: [...byHand.lines],
          decision: input.decide('manual.health', { choice: 'left to you', why }),
        },
      ]
    : [];
  return portOnly(input, 'an added module would be missing from the image', manual);
}

/** What asks a container whether it can serve, with nothing that the application does not have: its own route, else its port. */
export function ownCheckOf({ facts, config, probes }: Pick<Input, 'facts' | 'config' | 'probes'>): Check {
  const port = knownValue(facts.port);
  const route = config.health?.ready ? configured(config.health.ready, facts.routes) : readyOf(facts.routes);
  const argv =
    route === undefined
      ? (probes.answer ?? probes.port)(port?.number ?? 0, port?.variable)
      : probes.http(port?.number ?? 0, port?.variable, route.path, askingOf(facts, route));
  return { argv: [...argv], ...timesOf(probes) };
}

/** How the application is asked: over plain http, unless it says otherwise, and with patience where something before the route may refuse. */
const askingOf = ({ https, secureOnly }: Facts, route: Pick<Route, 'refused'> | undefined): ProbeOptions => ({
  ...(https ? { over: 'https' } : secureOnly ? { over: 'proxy' } : {}),
  ...(route?.refused ? { refused: true } : {}),
});

/** The route of the app that says whether it can serve, by its path or its name. */
export const readyOf = (routes: readonly Route[]) =>
  find(routes, readyPaths) ?? findNamed(routes, [readyNames, healthNames]);
const liveOf = (routes: readonly Route[]) => find(routes, livePaths) ?? findNamed(routes, [liveNames, healthNames]);

/** The route that another platform asks: its author says there what means that the app can serve. */
const askedOf = ({ asked, routes }: Facts): Route | undefined => {
  const route = asked && routes.find(({ path }) => path === asked.value);
  return route && { ...route, from: [...asked.from, ...route.from] };
};

const configured = (path: string, routes: readonly Route[]): Route => {
  const refused = routes.find((route) => route.path === path)?.refused;
  return { method: 'GET', path, ...(refused ? { refused } : {}), from: [{ why: 'set in the configuration' }] };
};

function probe(
  input: Input,
  name: 'live' | 'ready',
  { path, refused, from }: Pick<Route, 'path' | 'refused' | 'from'>,
  why: string,
) {
  const port = knownValue(input.facts.port);
  const decision = input.decide(`workloads.app.probes.${name}`, {
    choice: refused ? `GET ${path}: any response except a server error` : `GET ${path}`,
    why: refused ? `${refused.by} checks the ${refused.asks} before the route, and may refuse a health check` : why,
    from: [...(refused?.from ?? []), ...from],
  });
  const asking = askingOf(input.facts, { ...(refused ? { refused } : {}) });
  const check: Check = {
    argv: [...input.probes.http(port?.number ?? 0, port?.variable, path, asking)],
    ...timesOf(input.probes),
  };
  const note = refused && refusedNote(path, refused);
  // nothing that asks from outside learns there whether it can serve
  return { ...(refused ? {} : { path }), check, decision, ...(note ? { note } : {}) };
}

/** The comment above a check that takes a refusal for an answer. */
const refusedNote = (path: string, { by, asks, from: [place] }: NonNullable<Route['refused']>): string =>
  `${by}${place?.file ? ` (${place.file})` : ''} checks the ${asks} before ${path}, so any status below 500 counts as healthy; let ${path} pass there, and the check uses its real status`;

const routeOf = (path: string, purpose: string, decision: string) => ({ workload: 'app', path, purpose, decision });

function ownRoutes(input: Input, ready: Route, live: Route | undefined): Health {
  const readiness = probe(input, 'ready', ready, 'a route of the app: a container that cannot serve gets no requests');
  const liveness = live && probe(input, 'live', live, 'a route of the app');
  return {
    probes: { ready: readiness, ...(liveness ? { live: liveness } : {}) },
    routes: {
      ...(ready.refused ? {} : { ready: routeOf(ready.path, 'whether the app can serve', readiness.decision) }),
      ...(live && liveness && !live.refused
        ? { live: routeOf(live.path, 'whether the process is alive', liveness.decision) }
        : {}),
    },
    sources: [],
    edits: [],
    manual: [],
  };
}

function portOnly(input: Input, why: string, manual: Plan['manual']): Health {
  const port = knownValue(input.facts.port);
  const decision = input.decide('workloads.app.probes.ready', {
    choice: input.probes.answer ? 'any HTTP response' : 'a TCP connection to the port',
    why: `the app has no health route: ${why}`,
  });
  const asks = input.probes.answer ?? input.probes.port;
  const check: Check = { argv: [...asks(port?.number ?? 0, port?.variable)], ...timesOf(input.probes) };
  return { probes: { ready: { check, decision } }, routes: {}, sources: [], edits: [], manual };
}

/** Whether a module of the name of ours is another one: ours says in its first line where it comes from. */
export const isForeignHost = (text: string | undefined): boolean =>
  text !== undefined && !text.includes('@generated by Dockwright');

/** What a health module of ours answers, unless its framework puts it elsewhere. */
const ownPaths = { live: '/live', ready: '/ready', health: '/health' };

/** The module, and its wiring into the file that makes the server object, where it does not answer by where it lies. */
function generated(input: Input): Health {
  const { facts, recipes, read } = input;
  const module = recipes.health(facts, (path) => isForeignHost(read(inRepository(facts, path))));
  const text = module?.wired && read(inRepository(facts, module.wired.file));
  if (!module || (module.wired && text === undefined)) {
    const why = module
      ? 'the object that answers requests was not found, so there is nothing to add routes to'
      : 'the object that answers requests was not found, or its runtime is too old for the generated module';
    return portOnly(input, why, []);
  }
  const source = sourceOf(input, module);
  if (!module.wired || text === undefined)
    return { ...answered(input, module), sources: [source], edits: [], manual: [] };
  return wired(input, module, source, { ...module.wired, text });
}

/** The text of the module, with the checks of what the app reaches. */
function sourceOf(input: Input, module: HealthModule): SourceFile {
  const { facts, decide } = input;
  const path = inRepository(facts, module.path);
  const { live, ready, health } = module.paths ?? ownPaths;
  const decision = decide(`sources.${path}`, {
    choice: `a module with the routes ${live}, ${ready} and ${health}`,
    why: 'the app has no health route',
    from: facts.appFile?.from ?? [],
  });
  const checks = checksOf(input);
  return {
    kind: 'health',
    path,
    ...module.print(checks, decision),
    checks: checks.map((check) => ({ name: check.name, required: check.required, decision: check.decision })),
    decision,
  };
}

/** The module with the edit that brings it in; where that cannot be made, its author makes it. */
function wired(
  input: Input,
  module: HealthModule,
  source: SourceFile,
  place: NonNullable<HealthModule['wired']> & { readonly text: string },
): Health {
  const { facts, decide } = input;
  const file = inRepository(facts, place.file);
  const wiring = place.wire(place.text);
  const from = facts.appFile?.from ?? [];
  if (!wiring.ok) {
    const decision = decide('edits.health', { choice: 'left to you', why: wiring.why, from });
    const health = portOnly(input, wiring.why, [{ why: wiring.why, file, lines: [...wiring.lines], decision }]);
    return { ...health, sources: [source] };
  }
  return {
    ...answered(input, module),
    sources: [source],
    edits: wiring.edits.length === 0 ? [] : [edit(file, place.text, wiring.edits, wiring.why, decide, from)],
    manual: [],
  };
}

/** What asks the module. */
function answered(input: Input, module: HealthModule): Pick<Health, 'probes' | 'routes'> {
  const paths = module.paths ?? ownPaths;
  const from = input.facts.appFile?.from ?? [];
  const ready = probe(
    input,
    'ready',
    { path: paths.ready, from },
    'checks every dependency; a required one that fails makes the container unhealthy',
  );
  const live = probe(
    input,
    'live',
    { path: paths.live, from },
    'checks only the process, for restarts on failure: an outage of a dependency must not restart the app',
  );
  return {
    probes: { ready, live },
    routes: {
      ready: routeOf(paths.ready, 'whether the app can serve: 503 when a required dependency fails', ready.decision),
      live: routeOf(paths.live, 'whether the process is alive', live.decision),
      health: routeOf(paths.health, 'every check, with its latency', ready.decision),
    },
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
    edits: edits.map((item) => ({ ...item })),
    why,
    decision: decide('edits.health', { choice: 'wire the health module in', why, from }),
  };
}

function checksOf(input: Input): HealthCheck[] {
  const { facts, chosen, decide } = input;
  const services = chosen.flatMap((chosenService) => {
    if (!chosenService.service || chosenService.client === undefined || chosenService.variables.length === 0) return [];
    const parts = Object.fromEntries(
      facts.variables.flatMap((variable) =>
        variable.service === chosenService.name && variable.part && !['url', 'other'].includes(variable.part)
          ? [[variable.part, variable.name]]
          : [],
      ),
    );
    const url = facts.variables.find(
      (variable) => variable.service === chosenService.name && variable.part === 'url',
    )?.name;
    const code = chosenService.service.checks[facts.details.language]?.(chosenService.client, {
      ...(url ? { url } : {}),
      parts,
    });
    if (!code) return [];
    const decision = decide(`sources.health.checks.${chosenService.host}`, {
      choice: chosenService.required ? 'required: /ready returns 503 without it' : 'optional: degraded without it',
      why: `the app reaches ${chosenService.detection.title} through ${chosenService.client}`,
      from: chosenService.from,
      assertions: chosenService.assertions,
    });
    return [
      {
        name: chosenService.host,
        required: chosenService.required,
        imports: [...code.imports],
        setup: code.setup,
        body: code.body,
        decision,
      },
    ];
  });
  return [...services, ...externalChecks(input)];
}

function externalChecks({ facts, recipes, decide }: Input): HealthCheck[] {
  return facts.externals.flatMap((external) => {
    const variable = external.urlVariable;
    if (!variable) return [];
    const { imports, setup, body } = recipes.externalCheck(variable, external.url);
    return [
      {
        name: external.name,
        required: external.required,
        outside: true,
        imports: [...imports],
        setup,
        body,
        decision: decide(`sources.health.checks.${external.name}`, {
          choice: external.required ? 'required' : 'optional: degraded without it',
          why: `an external API, at ${variable}`,
          from: external.from,
        }),
      },
    ];
  });
}
