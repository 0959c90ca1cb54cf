import { artifactsOf } from '../artifacts/artifacts.ts';
import { ignoresEnv, localEnv } from '../artifacts/env.ts';
import { readEnv } from '../formats/env/index.ts';
import type { Artifact, Change } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Plan, SourceEdit } from '../model/plan.ts';
import { followRenames, nextState, reconcile } from '../reconcile/reconcile.ts';
import { baseFolder, type LastGenerated, readState, replacedFolder, stateFiles } from '../reconcile/state.ts';
import { openFolder, type TargetFolder } from '../write/folder.ts';
import { randomSecret } from '../write/secrets.ts';
import { tidy } from '../write/tidy.ts';
import { checkTarget, type FileWrite, makeFolder, sha256, writeFiles } from '../write/write.ts';
import { type Context, decide, folderNotes, readProject, withoutHealth, writeNotes } from './context.ts';
import type { FlowOptions } from './options.ts';
import { refusedReplacing, withReplacing } from './replace.ts';

/** A `.env` for this machine, offered where there is none; its random secrets are made only when it is written. */
export type EnvOffer = {
  readonly path: string;
  /** variables that get a value */
  readonly fills: readonly string[];
  /** required variables that only the owner can fill */
  readonly leaves: readonly string[];
  /** files of secrets that are not there yet, by the name of the secret: each gets a random value */
  readonly secrets: Readonly<Record<string, string>>;
  /** lines that `.gitignore` gets, which keep all that out of version control */
  readonly gitignore: readonly string[];
};

/** Everything that generating would do; nothing is written yet. */
export type Generation = {
  readonly context: Context;
  readonly artifacts: readonly Artifact[];
  /** what would happen to each file, in the order of the artifacts; `same` ones included */
  readonly changes: readonly Change[];
  /** edits of the user's own sources, offered: made only with consent */
  readonly edits: readonly Change[];
  readonly env: EnvOffer | undefined;
  /** variables that have to be set, and that the `.env` that is there does not have */
  readonly unset: readonly string[];
  /** the folder that is written to: the repository, or `--output` */
  readonly target: string;
  /** that folder, as it will be once a write that was interrupted is finished or undone */
  readonly folder: TargetFolder;
  readonly last: LastGenerated;
  /** what is kept of this run for the next one: texts by path */
  readonly next: ReturnType<typeof nextState>;
  /** why the author's files are not replaced; undefined: none are, or nothing is in the way */
  readonly refused: UserError | undefined;
  readonly options: GenerateOptions;
  /** the owner was asked, and wants no edit of the sources */
  readonly declined: boolean;
};

export type GenerateOptions = FlowOptions & {
  readonly output?: string;
  readonly accept?: Readonly<Record<string, 'mine' | 'generated'>>;
};

/** Reads, decides, prints the artifacts and compares them with what is on disk and what was generated last. */
export async function generate(options: GenerateOptions): Promise<Generation> {
  const { output } = options;
  if (output !== undefined) checkTarget(output, true);
  const { folder: repository, ...decided } = await decide(
    await readProject({ ...options, adopted: adoptedIn(options) }, output === undefined),
    options.app,
    Object.keys(options.accept ?? {}),
  );
  const folder = output === undefined ? repository : openFolder(output);
  const notes = [...(output === undefined ? [] : folderNotes(folder)), ...writeNotes(folder)];
  const context = { ...decided, warnings: [...decided.warnings, ...notes] };
  return generationOf(context, folder, options, false);
}

const adoptedIn = ({ accept = {} }: GenerateOptions): readonly string[] =>
  Object.entries(accept).flatMap(([path, side]) => (side === 'mine' ? [path] : []));

/** What generating would do, once it is decided: the artifacts, compared with what is on disk and what was generated last. */
async function generationOf(
  context: Context,
  folder: TargetFolder,
  options: GenerateOptions,
  declined: boolean,
): Promise<Generation> {
  const { output } = options;
  const artifacts = artifactsOf(context.plan, context.project.files());
  checkAccepted(options.accept, artifacts);
  const disk = folder.read;
  const before = output === undefined ? context.last : readState((path) => disk(path)?.content, sha256);
  const last = followRenames(before, artifacts, disk);
  const kept = context.config.existing === 'replace' ? new Set<string>() : context.kept;
  const accept = withReplacing(context, options.accept ?? {});
  const changes = await reconcile({ artifacts, last, disk, sha256, kept, accept });
  const edits = output === undefined ? context.plan.edits.map((edit) => editChange(edit, disk(edit.file))) : [];
  return {
    context,
    artifacts,
    changes,
    edits,
    env: output === undefined ? envOffer(context.plan, folder) : undefined,
    unset: output === undefined ? unsetIn(context.plan, folder) : [],
    target: output ?? context.root,
    folder,
    last,
    next: nextState(artifacts, changes, last),
    refused: output === undefined ? await refusedReplacing(context, changes, last, options.signal) : undefined,
    options,
    declined,
  };
}

/** A source edit as a change: refused where the file is no longer what the spans belong to. */
function editChange(edit: SourceEdit, disk: { content: string; mode: number } | undefined): Change {
  const text = disk?.content ?? '';
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (sha256(withoutMark) !== edit.hash) {
    throw new UserError({
      code: 'file-changed',
      message: `${edit.file} changed while it was read`,
      where: { file: edit.file },
      next: ['run the command again'],
      exit: 3,
    });
  }
  let content = withoutMark;
  for (const one of [...edit.edits].sort((a, b) => b.start - a.start))
    content = content.slice(0, one.start) + one.text + content.slice(one.end);
  const mark = text.length === withoutMark.length ? '' : '\uFEFF';
  return {
    path: edit.file,
    act: 'edit',
    why: edit.why,
    base: sha256(text),
    content: mark + content,
    before: text,
    mode: disk?.mode ?? 0o644,
  };
}

const neededBy = (plan: Plan): readonly string[] =>
  Object.entries(plan.settings).flatMap(([name, setting]) =>
    setting.required && setting.default === undefined ? [name] : [],
  );

function unsetIn(plan: Plan, folder: TargetFolder): readonly string[] {
  // a link is the owner's way to a file elsewhere, and what it holds is not ours to read
  const there = folder.isPlainFile('.env') ? folder.read('.env') : undefined;
  if (!there) return [];
  const set: Readonly<Record<string, string | undefined>> = readEnv(there.content, '.env');
  return neededBy(plan).filter((name) => !set[name]);
}

/** A file that is there, or that can be made. */
const takesLines = (folder: TargetFolder, path: string): boolean => folder.isPlainFile(path) || !folder.isTaken(path);

function envOffer(plan: Plan, folder: TargetFolder): EnvOffer | undefined {
  const needed = folder.isTaken('.env') ? [] : neededBy(plan);
  const secrets = Object.fromEntries(
    Object.entries(plan.secrets).flatMap(([name, { file }]) => (file && !folder.isTaken(file) ? [[name, file]] : [])),
  );
  const files = Object.keys(secrets);
  const isAsked = plan.kept?.settingsFile === true && !folder.isTaken('.env');
  if (needed.length === 0 && files.length === 0 && !isAsked) return undefined;
  const values = localEnv(plan, () => 'x').filled;
  const ignored = takesLines(folder, '.gitignore') ? (folder.read('.gitignore')?.content ?? '') : undefined;
  return {
    path: '.env',
    fills: needed.filter((name) => values.includes(name)),
    leaves: needed.filter((name) => !values.includes(name)),
    secrets,
    gitignore:
      ignored === undefined ? [] : leftOutOf(ignored, { env: needed.length > 0 || isAsked, secrets: files.length > 0 }),
  };
}

/** The lines that a `.gitignore` still lacks. */
const leftOutOf = (ignored: string, made: { readonly env: boolean; readonly secrets: boolean }): readonly string[] => [
  ...(made.env && !ignoresEnv(ignored) ? ['.env'] : []),
  ...(made.secrets && !/^\/?secrets\/?\s*$/m.test(ignored) ? ['secrets/'] : []),
];

/** The same for an owner who wants no edit of the sources: the app then has no health route that anything could ask. */
export const withoutEdits = async ({ context, folder, options }: Generation): Promise<Generation> =>
  generationOf(await withoutHealth(context), folder, options, true);

/** The same with the sides that the owner chose for some files. */
export const withSides = (
  { context, folder, options, declined }: Generation,
  sides: NonNullable<GenerateOptions['accept']>,
): Promise<Generation> =>
  generationOf(context, folder, { ...options, accept: { ...options.accept, ...sides } }, declined);

/**
 * Writes what was previewed: artifacts always, source edits and `.env` only with consent. Without consent to the edits the artifacts
 * are made anew for an app without health routes. A write that was interrupted is finished or undone first. Returns the paths written,
 * sorted. A conflict writes nothing.
 */
export async function writeGeneration(
  generation: Generation,
  consent: { readonly edits: boolean; readonly env: boolean },
): Promise<readonly string[]> {
  const deploys = Object.keys(generation.context.plan.images).length > 0;
  if (!consent.edits && generation.edits.length > 0 && deploys && !generation.declined)
    return writeGeneration(await withoutEdits(generation), consent);
  const obstacle = conflictIn(generation) ?? generation.refused;
  if (obstacle) throw obstacle;
  const wanted = [...generation.changes, ...(consent.edits ? generation.edits : [])].flatMap((change): FileWrite[] =>
    change.content === undefined
      ? []
      : [{ path: change.path, content: change.content, mode: change.mode, base: change.base }],
  );
  const written = [...wanted, ...(consent.env && generation.env ? envFiles(generation.env, generation) : [])];
  const state = stateWrites(generation);
  if (generation.options.output) makeFolder(generation.options.output);
  writeFiles(generation.target, [...written, ...state]);
  const stated = new Set(stateFiles(generation.next, sha256, keptAfter(generation)).keys());
  for (const folder of [baseFolder, replacedFolder]) tidy(generation.target, folder, stated);
  return written.map((file) => file.path).sort();
}

/** The author's files that a later run must not take for missing: those that are there, and those that are gone and nobody replaced. */
function keptAfter({ context, changes, options }: Generation): readonly string[] {
  if (options.output !== undefined) return [];
  const made = new Set(changes.filter(({ content }) => content !== undefined).map(({ path }) => path));
  const gone = [...context.kept].filter((path) => changes.some((change) => change.path === path) && !made.has(path));
  return [...new Set([...(context.plan.kept?.files ?? []), ...gone])].sort();
}

function stateWrites(generation: Generation): FileWrite[] {
  const { next, last, folder } = generation;
  if (next.size === 0 && last.size === 0) return [];
  const files = [...stateFiles(next, sha256, keptAfter(generation))];
  return files.flatMap(([path, content]): FileWrite[] => {
    const now = folder.read(path)?.content;
    return now === content ? [] : [{ path, content, mode: 0o644, base: now === undefined ? null : sha256(now) }];
  });
}

function envFiles(offer: EnvOffer, { folder, context }: Generation): FileWrite[] {
  const files: FileWrite[] = Object.values(offer.secrets).map((path) => ({
    path,
    content: randomSecret(),
    // the user of the image is another one than the owner of the file
    mode: 0o644,
    base: null,
  }));
  if (offer.fills.length + offer.leaves.length > 0 || context.plan.kept?.settingsFile) {
    const content = localEnv(context.plan, randomSecret).text;
    files.push({ path: offer.path, content, mode: 0o600, base: null });
  }
  if (offer.gitignore.length === 0) return files;
  const ignore = folder.read('.gitignore');
  const text = ignore?.content ?? '';
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const content = `${text}${gap}${offer.gitignore.join('\n')}\n`;
  return [...files, { path: '.gitignore', content, mode: ignore?.mode ?? 0o644, base: ignore ? sha256(text) : null }];
}

/** Why nothing can be written, and what to do next, where owner and project changed the same part of a file; undefined: nothing is in the way. */
export function conflictIn({ changes }: Generation): UserError | undefined {
  const paths = changes.filter(({ act }) => act === 'conflict').map(({ path }) => path);
  const [first] = paths;
  if (first === undefined) return undefined;
  return new UserError({
    code: 'conflict',
    message: `you and the project changed the same part of ${paths.join(', ')}; nothing was written`,
    where: { file: first },
    next: paths.map(
      (path) =>
        `\`--accept ${path}=mine\` keeps your side there, \`--accept ${path}=generated\` takes the new one; the rest is merged either way`,
    ),
    exit: 3,
  });
}

/** Whether there is anything to write: a file, an offer, only what is kept of this run for the next, or the end of a write that was interrupted. */
export const isPending = (generation: Generation): boolean =>
  generation.folder.interrupted !== undefined ||
  generation.changes.some((change) => change.content !== undefined || change.conflicts !== undefined) ||
  generation.edits.length > 0 ||
  generation.env !== undefined ||
  stateWrites(generation).length > 0;

/** `--accept` for a file that is not generated would do nothing, without a word. */
function checkAccepted(accept: GenerateOptions['accept'], artifacts: readonly Artifact[]): void {
  const names = artifacts.map((one) => one.path);
  const unknown = Object.keys(accept ?? {}).find((path) => !names.includes(path));
  if (unknown === undefined) return;
  const near = nearest(unknown, names);
  throw new UserError({
    code: 'not-generated',
    message: `--accept ${unknown}: that is no file that Dockwright generates here`,
    where: { file: unknown },
    next: [near ? `did you mean ${near}?` : `the generated files are: ${names.join(', ')}`],
  });
}
