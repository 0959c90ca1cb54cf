import { asCommonJs, withoutTypes } from '../../../formats/source/javascript.ts';
import { sourceString } from '../../../formats/source/quoting.ts';
import type { HealthCheck, SourceText } from '../../../model/recipe.ts';

const types = `export type CheckResult = { status: 'ok' | 'fail'; required: boolean; latency: number; message?: string };
export type Health = { status: 'ok' | 'degraded' | 'unhealthy'; checks: Record<string, CheckResult> };

type Check = { name: string; required: boolean; outside?: true; run: (signal: AbortSignal) => Promise<unknown> };

/** A dependency that does not respond within this time counts as failed. Milliseconds. */
const patience = 2000;

/** How long a result is reused, so that frequent requests cost nothing extra. Milliseconds. */
const fresh = 1000;

/** The same for external services, which should not be called too often. */
const freshOutside = 30_000;`;

const engine = `/** Runs one check. The error of a driver is not reported: it may contain addresses and passwords. */
async function runCheck({ name, required, run }: Check): Promise<[string, CheckResult]> {
  const started = performance.now();
  const latency = () => Math.round(performance.now() - started);
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), patience);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
  try {
    await Promise.race([run(signal), tooLate]);
    return [name, { status: 'ok', required, latency: latency() }];
  } catch {
    const message = signal.aborted ? 'no answer in time' : 'failed';
    return [name, { status: 'fail', required, latency: latency(), message }];
  } finally {
    clearTimeout(timer);
  }
}

/** Runs these checks concurrently, one round at a time, and shares the result. */
function sharing(checks: Check[], milliseconds: number): () => Promise<[string, CheckResult][]> {
  let answer: Promise<[string, CheckResult][]> | undefined;
  let until = 0;
  return () => {
    if (answer === undefined || performance.now() > until) {
      until = Number.POSITIVE_INFINITY;
      answer = Promise.all(checks.map(runCheck)).finally(() => {
        until = performance.now() + milliseconds;
      });
    }
    return answer;
  };
}

const askOwn = sharing(
  dependencies.filter((one) => !one.outside),
  fresh,
);
const askOutside = sharing(
  dependencies.filter((one) => one.outside),
  freshOutside,
);

/** Unhealthy without a required dependency, degraded without an optional one. \`everything\`: also checks external services. */
export async function checkHealth(everything = true): Promise<Health> {
  const results = await Promise.all([askOwn(), everything ? askOutside() : []]);
  const checks = Object.fromEntries(results.flat());
  const failed = Object.values(checks).filter((check) => check.status === 'fail');
  const status = failed.some((check) => check.required) ? 'unhealthy' : failed.length > 0 ? 'degraded' : 'ok';
  return { status, checks };
}

/** Status for load balancers: 503 takes this container out of service, 200 keeps it in. */
export const statusCode = (health: Health): 200 | 503 => (health.status === 'unhealthy' ? 503 : 200);`;

const indented = (text: string, indent: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');

/** `import pg from 'pg'` as TypeScript brings in what a module of CommonJS exports whole. */
const asRequired = (text: string): string => text.replace(/^import (\w+) from ('[^']+');$/, 'import $1 = require($2);');

/** How a health module is written for one application. */
export type HealthStyle = {
  /** TypeScript, or JavaScript of one of its two forms */
  readonly language: 'typescript' | 'module' | 'commonjs';
  /** packages are brought in by `import x = require()`: the compiler of the project gives them no default */
  readonly noDefaults: boolean;
  /** why the compiler of the project is not to check the types in it */
  readonly unchecked: string | undefined;
  /** comments by which linters of the project leave it alone: a build that lints first must not fail on it */
  readonly notLinted: readonly string[];
  /** the part that answers for the framework: its import statements and statements */
  readonly routes: { readonly imports: readonly string[]; readonly code: string };
  /** nothing imports it, and its framework takes no export that it does not know */
  readonly alone?: true;
};

type Line = SourceText['body'][number];

const empty: Line = { text: '' };

/**
 * The health module: a check with its latency for each dependency, and the routes of the app's framework. `/live` is the process
 * alone; `/ready` and `/health` answer 503 when a required dependency fails, 200 and `degraded` when an optional one does.
 */
export function healthText(style: HealthStyle, checks: readonly HealthCheck[], decision: string): SourceText {
  const { language, unchecked, notLinted, routes, alone } = style;
  const own = (text: string) => (alone ? text.replace(/^export /gm, '') : text);
  const body = [
    ...notLinted.map((text) => ({ text, decision })),
    ...(unchecked && language === 'typescript' ? [{ text: `// @ts-nocheck ${unchecked}`, decision }] : []),
    ...importLines(style, checks, decision),
    ...block(own(types), decision),
    ...checks.flatMap((check) => (check.setup === '' ? [] : block(check.setup, check.decision))),
    empty,
    ...dependencyLines(checks, decision),
    ...block(own(engine), decision),
    ...block(routes.code, decision),
  ];
  return { comment: '//', body: language === 'typescript' ? body : inJavaScript(body, language, decision) };
}

/** Blank lines inside a block belong to it. */
const block = (text: string, decision: string): Line[] => [empty, { text, decision }];

function importLines(
  { noDefaults, language, routes }: HealthStyle,
  checks: readonly HealthCheck[],
  decision: string,
): Line[] {
  const bringing = (text: string) => (noDefaults && language === 'typescript' ? asRequired(text) : text);
  const all = [
    ...checks.flatMap((check) => check.imports.map((text) => ({ text: bringing(text), decision: check.decision }))),
    ...routes.imports.map((text) => ({ text: bringing(text), decision })),
  ];
  const unique = all.filter((line, index) => all.findIndex((other) => other.text === line.text) === index);
  return unique.length === 0 ? [] : [empty, ...unique.sort((a, b) => (a.text < b.text ? -1 : 1))];
}

function dependencyLines(checks: readonly HealthCheck[], decision: string): Line[] {
  if (checks.length === 0) return [{ text: 'const dependencies: Check[] = [];', decision }];
  return [
    { text: 'const dependencies: Check[] = [', decision },
    ...checks.map((check) => ({ text: indented(dependency(check), '  '), decision: check.decision })),
    { text: '];', decision },
  ];
}

function dependency({ name, required, outside, body }: HealthCheck): string {
  const uses = /\bsignal\b/.test(body);
  const run = `run: async (${uses ? 'signal' : ''}) => {\n${indented(body, '  ')}\n},`;
  return `{\n  name: ${sourceString(name)},\n  required: ${required},\n${outside ? '  outside: true,\n' : ''}${indented(run, '  ')}\n},`;
}

/** In JavaScript its lines are others, and all come from the one decision. */
function inJavaScript(lines: readonly Line[], language: 'module' | 'commonjs', decision: string): Line[] {
  const plain = withoutTypes(lines.map(({ text }) => text).join('\n'));
  const text = (language === 'commonjs' ? asCommonJs(plain) : plain).trim();
  return [{ text: `\n${text}`, decision }];
}
