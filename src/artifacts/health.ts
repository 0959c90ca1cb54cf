import { asCommonJs, withoutTypes } from '../formats/source/javascript.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Plan, SourceFile } from '../model/plan.ts';
import { jsonString } from '../model/visible.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { type Lines, lines } from './lines.ts';

const types = `export type CheckResult = { status: 'ok' | 'fail'; required: boolean; latency: number; message?: string };
export type Health = { status: 'ok' | 'degraded' | 'unhealthy'; checks: Record<string, CheckResult> };

type Check = { name: string; required: boolean; run: (signal: AbortSignal) => Promise<unknown> };

/** A dependency that takes longer than this to answer counts as failed. Milliseconds. */
const patience = 2000;`;

const engine = `/** Runs one check. What a driver says of a failure stays inside: it may hold addresses and passwords. */
async function runCheck({ name, required, run }: Check): Promise<[string, CheckResult]> {
  const started = performance.now();
  const latency = () => Math.round(performance.now() - started);
  const signal = AbortSignal.timeout(patience);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
  try {
    await Promise.race([run(signal), tooLate]);
    return [name, { status: 'ok', required, latency: latency() }];
  } catch {
    const message = signal.aborted ? 'no answer in time' : 'failed';
    return [name, { status: 'fail', required, latency: latency(), message }];
  }
}

/** Asks every dependency at once: unhealthy without a required one, degraded without an optional one. */
export async function checkHealth(): Promise<Health> {
  const checks = Object.fromEntries(await Promise.all(dependencies.map(runCheck)));
  const failed = Object.values(checks).filter((check) => check.status === 'fail');
  const status = failed.some((check) => check.required) ? 'unhealthy' : failed.length > 0 ? 'degraded' : 'ok';
  return { status, checks };
}

/** What a load balancer understands: 503 takes this container out of service, 200 keeps it in. */
export const statusCode = (health: Health): 200 | 503 => (health.status === 'unhealthy' ? 503 : 200);`;

const indented = (text: string, indent: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');

/** `import pg from 'pg'` as TypeScript brings in what a module of CommonJS exports whole. */
const asRequired = (text: string): string => text.replace(/^import (\w+) from ('[^']+');$/, 'import $1 = require($2);');

/** TypeScript as it is; in JavaScript its lines are others, and all come from the one decision. */
function inLanguage(out: Lines, source: SourceFile): Artifact {
  const artifact = out.artifact(source.path, 'source');
  if (source.language === 'typescript') return artifact;
  const plain = withoutTypes(artifact.content);
  const content = `${(source.language === 'commonjs' ? asCommonJs(plain) : plain).trimEnd()}\n`;
  const opening = content.split('\n').findIndex((line) => !line.startsWith('//'));
  const end = content.split('\n').length - 1;
  return {
    ...artifact,
    content,
    origins: [
      { start: 1, end: opening, decision: headerDecision },
      { start: opening + 1, end, decision: source.decision },
    ],
  };
}

/**
 * The health module: a check with its latency for each dependency, and the routes of the app's framework. `/live` is the process
 * alone; `/ready` and `/health` answer 503 when a required dependency fails, 200 and `degraded` when an optional one does.
 */
export function healthModule(plan: Plan, source: SourceFile): Artifact {
  const out = lines();
  const { decision } = source;
  for (const line of header(plan, source.path)) out.add(`// ${line}`, headerDecision);
  if (source.unchecked && source.language === 'typescript') out.add(`// @ts-nocheck ${source.unchecked}`, decision);
  const bringing = (text: string) => (source.noDefaults && source.language === 'typescript' ? asRequired(text) : text);
  const imports = source.checks.flatMap((check) =>
    check.imports.map((text) => ({ text: bringing(text), decision: check.decision })),
  );
  const routes = (source.routes?.imports ?? []).map((text) => ({ text: bringing(text), decision }));
  const all = [...imports, ...routes].filter(
    (one, index, every) => every.findIndex((other) => other.text === one.text) === index,
  );
  if (all.length > 0) out.blank();
  for (const one of all.sort((a, b) => (a.text < b.text ? -1 : 1))) out.add(one.text, one.decision);
  block(types);
  for (const check of source.checks) if (check.setup !== '') block(check.setup, check.decision);
  out.blank();
  if (source.checks.length === 0) out.add('const dependencies: Check[] = [];', decision);
  else {
    out.add('const dependencies: Check[] = [', decision);
    for (const check of source.checks) dependency(check);
    out.add('];', decision);
  }
  block(engine);
  if (source.routes) block(source.routes.code);
  return inLanguage(out, source);

  function block(text: string, why = decision): void {
    out.blank();
    // blank lines inside a block belong to it
    out.add(text, why);
  }

  function dependency(check: SourceFile['checks'][number]): void {
    const uses = /\bsignal\b/.test(check.body);
    const run = `run: async (${uses ? 'signal' : ''}) => {\n${indented(check.body, '  ')}\n},`;
    const text = `{\n  name: ${jsonString(check.name).replaceAll('"', "'")},\n  required: ${check.required},\n${indented(run, '  ')}\n},`;
    out.add(indented(text, '  '), check.decision);
  }
}

export const artifact: ArtifactPrinter = {
  name: 'health',
  title: 'Health module',
  order: 90,
  print: (plan) => plan.sources.map((source) => healthModule(plan, source)),
};
