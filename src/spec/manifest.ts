import { type Json, parseJson } from '../formats/json/index.ts';
import type { Archetype } from '../model/archetype.ts';
import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { readInput } from '../project/input.ts';
import type { Project } from '../project/project.ts';

export const manifestFile = 'specs/assertions.json';

const text = z.string();
const Assertion = z.looseObject({
  id: text.min(1),
  natural: text.optional().describe('the sentence; older files say `text`'),
  text: text.optional(),
  type: text.optional(),
  category: text.optional().describe('structure is proved by Dafny, behavior by TLC'),
  status: text.optional().describe('proposed, pending, confirmed, denied, refined, deferred, inferred'),
  source: text.optional(),
  formalSpec: z.looseObject({ file: text, lines: z.unknown().optional() }).optional(),
  dependencies: z.array(text).optional(),
  refinedFrom: text.optional(),
  tags: z.array(text).optional(),
});

/** `specs/assertions.json`. Unknown fields are kept and ignored. */
export const Manifest = z.looseObject({
  version: text.optional(),
  archetype: text.optional(),
  description: text.optional(),
  domains: z.array(text).optional(),
  actors: z.array(text).optional(),
  capabilities: z.record(text, z.array(text)).optional(),
  boundaries: z.array(text).optional(),
  constraints: z.array(text).optional(),
  assertions: z.array(Assertion),
  metadata: z
    .looseObject({ created: text.optional(), lastModified: text.optional(), lastVerified: text.optional() })
    .optional(),
});
export type Manifest = z.infer<typeof Manifest>;

export type Problem = { readonly message: string; readonly file: string; readonly path: string; readonly line: number };
export type ReadManifest = {
  readonly manifest: Manifest;
  readonly line: (path: readonly (string | number)[]) => number;
  readonly problems: readonly Problem[];
};

/**
 * Reads the manifest; undefined where there is none. What makes it unusable is one UserError that lists every problem with its JSON
 * path and line; what does not is returned as `problems`.
 */
export function readManifest(project: Project): ReadManifest | undefined {
  const content = readInput(project, manifestFile);
  if (content === undefined) return undefined;
  const json = parseJson(content, manifestFile);
  const parsed = Manifest.safeParse(json.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      return problem(json, path, issue.message);
    });
    throw unusable(problems, content);
  }
  const duplicates = duplicateIds(parsed.data, json);
  if (duplicates.length > 0) throw unusable(duplicates, content);
  return {
    manifest: parsed.data,
    line: (path) => json.line(path),
    problems: [...repeatedKeys(json), ...missingFiles(parsed.data, json, project), ...cycles(parsed.data, json)],
  };
}

const pathText = (path: readonly (string | number)[]) =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '') || '(the whole file)';

function problem(json: Json, path: readonly (string | number)[], message: string): Problem {
  const line = json.line(path);
  return {
    message: `${manifestFile}:${line} ${pathText(path)}: ${message}`,
    file: manifestFile,
    path: pathText(path),
    line,
  };
}

function unusable(problems: readonly Problem[], content: string): UserError {
  const [first] = problems;
  const line = first?.line ?? 1;
  const shown = (content.split('\n')[line - 1] ?? '').trim().slice(0, 200);
  return new UserError({
    code: 'manifest-invalid',
    message: [
      ...problems.slice(0, 20).map((item) => item.message),
      ...(problems.length > 20 ? [`and ${problems.length - 20} more`] : []),
    ],
    where: { file: manifestFile, line, text: shown },
    next: ['Fix these places and run the command again; docs/specification.md describes the format'],
  });
}

function duplicateIds(manifest: Manifest, json: Json): Problem[] {
  const seen = new Map<string, number>();
  return manifest.assertions.flatMap((assertion, index) => {
    const before = seen.get(assertion.id);
    if (before === undefined) {
      seen.set(assertion.id, index);
      return [];
    }
    return [
      problem(
        json,
        ['assertions', index, 'id'],
        `"${assertion.id}" is the id of an earlier assertion, line ${json.line(['assertions', before, 'id'])}`,
      ),
    ];
  });
}

const repeatedKeys = (json: Json): Problem[] =>
  json.duplicates.map((duplicate) => ({
    message: `${manifestFile}:${duplicate.line} the key "${duplicate.key}" is repeated in one object; the last one wins`,
    file: manifestFile,
    path: pathText([...duplicate.path, duplicate.key]),
    line: duplicate.line,
  }));

/** `formalSpec` names its file from the root of the project, or from the folder of the specification. */
const missingFiles = (manifest: Manifest, json: Json, project: Project): Problem[] =>
  manifest.assertions.flatMap((assertion, index) => {
    const file = assertion.formalSpec?.file;
    if (file === undefined || project.has(file) || project.has(`specs/${file}`)) return [];
    return [problem(json, ['assertions', index, 'formalSpec', 'file'], `${file} does not exist`)];
  });

function cycles(manifest: Manifest, json: Json): Problem[] {
  const byId = new Map(
    manifest.assertions.map((assertion, index) => [assertion.id, { needs: assertion.dependencies ?? [], index }]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: Problem[] = [];
  for (const root of byId.keys()) {
    // an own stack: a chain of 100 000 dependencies must not end the process
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (!top) break;
      const node = byId.get(top.id);
      if (state.get(top.id) === 'done' || !node) {
        stack.pop();
        continue;
      }
      state.set(top.id, 'open');
      const need = node.needs[top.next];
      if (need === undefined) {
        state.set(top.id, 'done');
        stack.pop();
        continue;
      }
      top.next += 1;
      if (state.get(need) === 'open')
        found.push(
          problem(
            json,
            ['assertions', node.index, 'dependencies'],
            `${top.id} depends on ${need}, which depends on it again`,
          ),
        );
      else if (state.get(need) !== 'done') stack.push({ id: need, next: 0 });
    }
  }
  return found;
}

const archetypes: Readonly<Record<string, Archetype>> = {
  'cli-tool': 'cli-tool',
  cli: 'cli-tool',
  'command-line-tool': 'cli-tool',
  library: 'library',
  package: 'library',
  'web-service': 'web-service',
  api: 'web-service',
  'rest-api': 'web-service',
  service: 'web-service',
  'web-app': 'web-app',
  'web-application': 'web-app',
  webapp: 'web-app',
  'data-pipeline': 'data-pipeline',
  pipeline: 'data-pipeline',
  job: 'data-pipeline',
  'batch-job': 'data-pipeline',
  worker: 'worker',
  'background-worker': 'worker',
  bot: 'worker',
  daemon: 'worker',
};

/** An archetype as people write it ("CLI Tool", "web_service") as one of ours; undefined: none that Dockwright knows. */
export function archetypeOf(written: string): Archetype | undefined {
  const name = written
    .trim()
    .toLowerCase()
    .replace(/[\s_/]+/g, '-');
  return Object.hasOwn(archetypes, name) ? archetypes[name] : undefined;
}
