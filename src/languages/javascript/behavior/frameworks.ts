import { isGlobal, memberPath, type Node, nodesOf, type Source, unwrap } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Dependency, Facts, Route } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import type { Detection, Framework } from '../../../stacks/contract.ts';
import { frameworks, loadFramework } from '../../../stacks/servers/registry.gen.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import { withRefusals } from './guards.ts';

export type DetectedFramework = {
  readonly stack: Detection;
  readonly loaded: Framework;
  readonly from: readonly Evidence[];
};

/** The frameworks that the reached source uses, loaded: the server first. One that another stands on is left out. */
export async function readFrameworks(
  context: AnalysisContext,
  dependencies: readonly Dependency[],
): Promise<readonly DetectedFramework[]> {
  const signs = frameworks
    .map((stack) => ({ stack, ...signsOf(context, stack, dependencies) }))
    .filter((item) => item.from.length > 0);
  const inside = new Set(signs.flatMap((sign) => sign.stack.includes ?? []));
  // a package that is imported says more than a call of the runtime that it may be served by
  const imported = signs.some((sign) => sign.byPackage);
  const kept = signs.filter(
    (sign) => !inside.has(sign.stack.name) && (sign.byPackage || !imported || sign.stack.role !== 'server'),
  );
  const ranked = [...kept].sort((a, b) => rank(a.stack) - rank(b.stack));
  const loaded = await Promise.all(
    ranked.map(async (item) => ({ detected: item, loaded: await loadFramework(item.stack.name) })),
  );
  return loaded.flatMap(({ detected, loaded: framework }) =>
    framework ? [{ stack: detected.stack, loaded: framework, from: detected.from }] : [],
  );
}

const rank = (stack: Detection): number => ['full-stack', 'server', 'adapter'].indexOf(stack.role);

function signsOf(
  context: AnalysisContext,
  stack: Detection,
  dependencies: readonly Dependency[],
): { from: readonly Evidence[]; byPackage: boolean } {
  const imports = context.modules.packages.filter(
    (item) => stack.dependencies?.includes(item.name) && !stack.asking?.includes(item.at.specifier),
  );
  if (imports.length > 0) {
    const [first] = imports;
    const named = dependencies
      .filter((dependency) => stack.dependencies?.includes(dependency.name))
      .map((dependency) => dependency.from);
    return {
      from: [...(first ? [inSource(first.source, first.at.span.start, `${first.name} is imported`)] : []), ...named],
      byPackage: true,
    };
  }
  return { from: usesOf(context, stack), byPackage: false };
}

/** Names of the runtime that a stack without a package is known by; a built-in module counts as imported. */
function usesOf(context: AnalysisContext, stack: Detection): readonly Evidence[] {
  const wanted = new Set(stack.uses ?? []);
  if (wanted.size === 0) return [];
  const found: Evidence[] = [];
  for (const item of context.modules.packages) {
    if (wanted.has(item.at.specifier))
      found.push(inSource(item.source, item.at.span.start, `${item.at.specifier} is imported`));
  }
  for (const name of wanted) if (name.includes('#')) found.push(...callsOf(context, name));
  const own = context.runtime?.environment;
  const global = own?.globals[0]?.split('.')[0];
  for (const source of context.modules.sources) {
    for (const imported of source.imports) {
      if (!own?.imports.some((module) => module.module === imported.specifier)) continue;
      if (imported.names.some((name) => wanted.has(`${global}.${name.imported}`)))
        found.push(inSource(source, imported.span.start, `${imported.specifier} is imported`));
    }
    for (const node of nodesOf(source.program, 'MemberExpression')) {
      const path = memberPath(node);
      if (path === undefined || !wanted.has(path) || !isGlobal(source, path.split('.')[0] ?? '', node.start)) continue;
      found.push(inSource(source, node.start, `${path} is used`));
    }
  }
  return found.slice(0, 3);
}

/** Calls of one function of a module, `node:http#createServer`: the module is imported for other things too. */
function callsOf(context: AnalysisContext, wanted: string): readonly Evidence[] {
  const [module = '', name = ''] = wanted.split('#');
  return context.modules.sources.flatMap((source) => {
    const names = source.imports
      .filter((imported) => imported.specifier === module && !imported.typeOnly)
      .flatMap((imported) => imported.names);
    if (names.length === 0) return [];
    return nodesOf(source.program, 'CallExpression').flatMap((node) => {
      const [local = '', member] = (memberPath(node.callee) ?? '').split('.');
      const brought = names.find((importedName) => importedName.local === local);
      return brought && (member === undefined ? brought.imported === name : member === name)
        ? [inSource(source, node.start, `${name}() of ${module} is called`)]
        : [];
    });
  });
}

/** The frameworks as facts. */
export const frameworkFacts = (found: readonly DetectedFramework[]): Facts['frameworks'] =>
  found.map((detectedFramework) => detected(detectedFramework.stack.name, detectedFramework.from));

/** Whether an expression is a server object of one of the frameworks: `new App()`, also with calls behind it. */
export function serverObjects(
  context: AnalysisContext,
  found: readonly DetectedFramework[],
): (source: Source, node: Node) => boolean {
  const packages = new Set(found.flatMap((detectedFramework) => detectedFramework.stack.dependencies ?? []));
  const made = new Set(
    context.modules.packages
      .filter((item) => packages.has(item.name))
      .flatMap((item) => item.at.names.map((name) => `${item.source.file}#${name.local}`)),
  );
  return (source, start) => {
    let at = unwrap(start);
    for (let steps = 0; steps < 200; steps += 1) {
      if (at.type === 'NewExpression')
        return at.callee.type === 'Identifier' && made.has(`${source.file}#${at.callee.name}`);
      if (at.type === 'CallExpression' && at.callee.type === 'Identifier')
        return made.has(`${source.file}#${at.callee.name}`);
      if (at.type === 'CallExpression') at = unwrap(at.callee);
      else if (at.type === 'MemberExpression') at = unwrap(at.object);
      else if (at.type === 'Identifier') {
        const target = trace(context, source, at);
        if (target.kind !== 'syntax' || target.node === at || target.source !== source) return false;
        at = target.node;
      } else return false;
    }
    return false;
  };
}

/** Whether a place in a file is about a server on another port than that of the app. */
export type IsSideServer = (file: string, line: number | undefined) => boolean;

const healthWords = new Set(
  'health healthz healthcheck health-check live livez liveness alive ready readyz readiness startup startupz status ping up heartbeat _health'.split(
    ' ',
  ),
);

/** Every route that the frameworks read, but for those of a server beside that of the app. */
export function readRoutes(
  context: AnalysisContext,
  found: readonly DetectedFramework[],
  isSide: IsSideServer,
): readonly Route[] {
  const files = context.modules.sources.map((source) => source.file);
  const all = found.flatMap((detectedFramework) => [...detectedFramework.loaded.routes(context.app.project, files)]);
  return all.filter(({ from: [place] }) => !(place?.file !== undefined && isSide(place.file, place.line)));
}

/** Routes that answer whether the app is well, by a part of their path, or because another platform asks them. */
export function healthRoutesOf(context: AnalysisContext, routes: readonly Route[]): Route[] {
  const seen = new Set<string>();
  const asked = new Set(context.app.hints.flatMap(({ says, value }) => (says === 'health' ? [value] : [])));
  const telling = routes.filter((route) => {
    const key = `${route.method} ${route.path}`;
    const isHealth = route.path.split('/').some((part) => healthWords.has(part.toLowerCase()));
    if (seen.has(key) || !(isHealth || asked.has(route.path))) return false;
    seen.add(key);
    return true;
  });
  return withRefusals(context, telling);
}

/** Where the object is made that the app is there for: what a file makes for another port first is none that routes are added to. */
function placeOfMain(
  files: readonly string[],
  isSide: IsSideServer,
  locate: (files: readonly string[]) => { file: string; line: number } | undefined,
): { file: string; line: number } | undefined {
  const place = locate(files);
  if (!place || !isSide(place.file, place.line)) return place;
  return placeOfMain(files.slice(files.indexOf(place.file) + 1), isSide, locate);
}

/** The file that makes the server object. */
export function readAppFile(
  context: AnalysisContext,
  found: readonly DetectedFramework[],
  entry: string | undefined,
  isSide: IsSideServer,
): Facts['appFile'] {
  if (entry === undefined) return undefined;
  const files = context.modules.sources.map((source) => source.file);
  for (const detectedFramework of found) {
    const place = placeOfMain(files, isSide, (left) => detectedFramework.loaded.locate(context.app.project, left));
    if (place)
      return detected(context.app.own(place.file), [
        { file: place.file, line: place.line, why: `${detectedFramework.stack.title} is created here` },
      ]);
  }
  return undefined;
}
