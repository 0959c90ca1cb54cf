import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { decide, readFrom } from '../../../src/flows/context.ts';
import { parseDockerfile } from '../../../src/formats/dockerfile/index.ts';
import { parseSource } from '../../../src/formats/source/index.ts';
import { parseYaml } from '../../../src/formats/yaml/parse.ts';
import { UserError } from '../../../src/model/errors.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { followRenames, nextState, reconcile } from '../../../src/reconcile/reconcile.ts';
import { readState, stateFiles } from '../../../src/reconcile/state.ts';
import { sha256 } from '../../../src/write/write.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a run may come to: files, or an error that tells a user what, where and what next. Anything else is thrown. */
export type Outcome = { readonly files: Readonly<Record<string, string>>; readonly refused?: UserError };

/** Reads, decides, prints, compares: all of generating but the disk. */
export async function attempt(files: Files): Promise<Outcome> {
  try {
    return { files: await generated(files) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.next.length === 0 || error.message.trim() === '')
      throw new Error(`says too little: ${error.code}`, { cause: error });
    return { files: {}, refused: error };
  }
}

async function generated(files: Files): Promise<Record<string, string>> {
  const project = memoryProject(files);
  const reading = await readFrom(project, { cwd: '.' });
  const [first] = reading.repository.apps;
  const { plan } = await decide(reading, first && reading.repository.apps.length > 1 ? { app: first.root } : {});
  const artifacts = artifactsOf(plan, project.files());
  const disk = (path: string) => {
    const bytes = project.bytes(path);
    return bytes && { content: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), mode: 0o644 };
  };
  const last = followRenames(
    readState((path) => disk(path)?.content, sha256),
    artifacts,
    disk,
  );
  const changes = await reconcile({ artifacts, last, disk, sha256, accept: {} });
  for (const artifact of artifacts) readable(artifact.path, artifact.kind, artifact.content);
  for (const { path, act, content } of changes) {
    const kind = artifacts.find((one) => one.path === path)?.kind ?? '';
    if (act === 'create' && content !== undefined) readable(path, kind, content);
  }
  JSON.stringify({ plan, changes });
  return {
    ...Object.fromEntries(artifacts.map(({ path, content }) => [path, content])),
    ...Object.fromEntries(stateFiles(nextState(artifacts, changes, last), sha256)),
  };
}

/** What is generated from spoiled files is still a file of its kind, and says nothing that its reader would take for something else. */
function readable(path: string, kind: string, content: string): void {
  if (kind === 'compose') interpolates(path, parseYaml(content, path).value);
  if (kind === 'dockerfile') {
    const [problem] = parseDockerfile(content).problems;
    if (problem) throw new Error(`${path}:${problem.line} ${problem.message}`);
  }
  if (kind === 'source' && /\.[cm]?[jt]sx?$/.test(path)) {
    const [problem] = parseSource(path, content).problems;
    if (problem) throw new Error(`${path}:${problem.line} ${problem.message}`);
  }
  if (kind === 'env') {
    const wrong = content.split('\n').find((line) => !/^($|#|[A-Za-z_]\w*=)/.test(line));
    if (wrong !== undefined) throw new Error(`${path}: ${JSON.stringify(wrong)}`);
  }
}

/** Every dollar of a compose file is a doubled one, or a variable in the form that Compose reads, which may stand in the default of another. */
function interpolates(path: string, value: unknown): void {
  if (typeof value === 'string') {
    const variable = /\$\{[A-Za-z_]\w*(:?[-?+][^{}]*)?\}/g;
    const rest = value.replaceAll('$$', '').replace(variable, '').replace(variable, '');
    if (rest.includes('$')) throw new Error(`${path}: Compose would read the dollar in ${JSON.stringify(value)}`);
  } else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) interpolates(path, inner);
}
