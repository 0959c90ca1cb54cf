import { posix } from 'node:path';
import { artifactsOf } from '../artifacts/artifacts.ts';
import { localEnv, ownedBy } from '../artifacts/env.ts';
import { readEnv } from '../formats/env/index.ts';
import type { Artifact, Change } from '../model/artifact.ts';
import { valuesPath } from '../model/compose-arguments.ts';
import { UserError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Plan, SourceEdit } from '../model/plan.ts';
import { hasNone, type Pins, pinnedText, referringArtifact, withoutPin } from '../reconcile/pins.ts';
import { followRenames, nextState, reconcile } from '../reconcile/reconcile.ts';
import {
  baseFolder,
  type LastGenerated,
  planFolder,
  readState,
  replacedFolder,
  stateFiles,
} from '../reconcile/state.ts';
import { openFolder, type TargetFolder } from '../write/folder.ts';
import { pruneFolder } from '../write/prune.ts';
import { secretMaker } from '../write/secrets.ts';
import { checkTarget, type FileWrite, makeFolder, sha256, writeFiles } from '../write/write.ts';
import { type Context, decide, folderNotes, readProject, withoutHealth, writeNotes } from './context.ts';
import { appliedEdits, type DockerEdit, offeredEdits } from './docker-edits.ts';
import {
  envFileText,
  envFileWarnings,
  type MissingEnvFile,
  missingEnvFiles,
  unignoredNotes,
  valuesOf,
} from './env-files.ts';
import { type LeftOutRow, leftOutRows } from './left-out.ts';
import type { FlowOptions } from './options.ts';
import { notCommitted, refusedReplacing, withReplacing } from './replace.ts';
import { volumeNotes } from './volumes.ts';

/** A `.env` for this machine, offered where there is none; its random secrets are made only when it is written. */
export type EnvOffer = {
  readonly path: string;
  /** variables that get a value */
  readonly fills: readonly string[];
  /** required variables that only the owner can fill */
  readonly leaves: readonly string[];
  /** files of secrets that are not there yet, by the name of the secret: each gets a random value */
  readonly secrets: Readonly<Record<string, string>>;
  /** files of settings that the author's compose files read and that are not there; absent: there are none */
  readonly files?: readonly MissingEnvFile[];
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
  /** edits of the author's Docker files and settings, offered: each is made only where `GenerateOptions` names it */
  readonly dockerEdits: readonly DockerEdit[];
  /** the files that such edits were chosen for, as they will be */
  readonly applied: readonly Change[];
  /** files of both whose text no commit has */
  readonly uncommitted: readonly string[];
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
  /** what of the project is in no image and in no command of the deployment, with the reasons */
  readonly leftOut: readonly LeftOutRow[];
  /** the owner was asked, and wants no edit of the sources */
  readonly declined: boolean;
};

export type GenerateOptions = FlowOptions & {
  readonly output?: string;
  /** `edited`: every edit is made that is offered of this file of the author's */
  readonly accept?: Readonly<Record<string, 'mine' | 'generated' | 'edited'>>;
  /** single ones of them, by their decision */
  readonly dockerEdits?: readonly string[];
};

/** The sides of files that are chosen. */
export type ConflictSides = Readonly<Record<string, 'mine' | 'generated'>>;

/** What generating reads, before anything is decided. */
export type GenerationReading = Awaited<ReturnType<typeof readProject>>;

/** Reads, decides, prints the artifacts and compares them with what is on disk and what was generated last. */
export const generate = (options: GenerateOptions): Promise<Generation> => generateWith(options, false);

const generateWith = async (options: GenerateOptions, declined: boolean): Promise<Generation> =>
  generateFrom(await readForGenerating(options), options, declined);

const readOptions = (options: GenerateOptions): GenerateOptions => ({ ...options, adopted: adoptedIn(options) });

/** Reads what generating is decided from. */
export async function readForGenerating(options: GenerateOptions): Promise<GenerationReading> {
  const { output } = options;
  if (output !== undefined) checkTarget(output, true);
  return readProject(readOptions(options), output === undefined);
}

/**
 * The same as `generate` for a project that is read already. `declined`: the owner wants no edit of the sources. Throws a UserError where something
 * that only the owner can say is missing.
 */
export async function generateFrom(
  reading: GenerationReading,
  options: GenerateOptions,
  declined: boolean,
): Promise<Generation> {
  const { output } = options;
  const asked = readOptions(options);
  const { folder: repository, ...first } = await decide(reading, options, Object.keys(sidesOf(options)), true);
  const folder = output === undefined ? repository : openFolder(output);
  const applied =
    output === undefined ? appliedEdits(first.plan, folder.read, (edit) => isChosen(edit, options, declined)) : [];
  // what is added fits the author's files as they will be
  const decided = applied.length === 0 ? first : await decidedAfter(applied, asked);
  const notes = [
    ...(output === undefined ? [] : folderNotes(folder)),
    ...writeNotes(folder),
    ...envFileWarnings(decided, repository.isTaken, output === undefined),
    ...unignoredNotes(decided),
    ...(await errorsOfKept(decided)),
    ...(output === undefined ? await volumeNotes(decided, repository, options.signal) : []),
  ];
  const context = { ...decided, warnings: [...decided.warnings, ...notes] };
  return generationOf(declined ? await withoutHealth(context) : context, { folder, options, declined, applied });
}

/** The linter is loaded only where files of the author are kept. */
async function errorsOfKept(context: Context): Promise<readonly string[]> {
  if (!context.plan.kept) return [];
  const { keptErrors } = await import('./lint.ts');
  return keptErrors(context, context.chosen);
}

async function decidedAfter(applied: readonly Change[], options: GenerateOptions): Promise<Context> {
  const texts = new Map(applied.map(({ path, content = '' }) => [path, { content }]));
  // what is wrong with the folder was said the first time
  const reading = await readProject({ ...options, onWarning: () => undefined }, true, texts);
  const { folder: _folder, ...decided } = await decide(reading, options, Object.keys(sidesOf(options)), true);
  return decided;
}

/** Whether an edit of an author's file is to be made. */
const isChosen = (
  edit: Parameters<Parameters<typeof appliedEdits>[2]>[0],
  { accept, dockerEdits = [] }: GenerateOptions,
  declined: boolean,
): boolean => (accept?.[edit.file] === 'edited' || dockerEdits.includes(edit.decision)) && !(declined && edit.needs);

const adoptedIn = (options: GenerateOptions): readonly string[] =>
  Object.entries(sidesOf(options)).flatMap(([path, side]) => (side === 'mine' ? [path] : []));

/** The sides that were chosen, without the files that are edited. */
const sidesOf = ({ accept = {} }: GenerateOptions): ConflictSides =>
  Object.fromEntries(Object.entries(accept).flatMap(([path, side]) => (side === 'edited' ? [] : [[path, side]])));

type Request = {
  readonly folder: TargetFolder;
  readonly options: GenerateOptions;
  readonly declined: boolean;
  readonly applied: readonly Change[];
};

/** What generating would do, once it is decided: the artifacts, compared with what is on disk and what was generated last. */
async function generationOf(context: Context, { folder, options, declined, applied }: Request): Promise<Generation> {
  const { output } = options;
  const disk = folder.read;
  const pinned = pinning(context.pins, disk);
  const artifacts = artifactsFor(context).map((artifact) => ({
    ...artifact,
    content: pinned(artifact, artifact.content),
  }));
  checkAccepted(options.accept, artifacts, context.plan);
  const before = output === undefined ? context.last : readState((path) => disk(path)?.content, sha256);
  const followed = followRenames(before, artifacts, disk);
  const last = lastPinned(followed, artifacts, pinned);
  const kept = context.config.existing === 'replace' ? new Set<string>() : context.kept;
  const accept = withReplacing(context, sidesOf(options));
  const changes = await reconcile({ artifacts, last, disk, sha256, kept, accept });
  const isWaiting = changes.some(({ awaits }) => awaits);
  const edits =
    output === undefined && !isWaiting ? context.plan.edits.map((edit) => editChange(edit, disk(edit.file))) : [];
  const dockerEdits = output === undefined ? offeredEdits(context.plan, afterEdits(disk, applied)) : [];
  const touched = [...new Set([...applied, ...dockerEdits.map(({ change }) => change)].map(({ path }) => path))];
  const unpinned = withoutPin(artifacts, context.pins).map(
    (name) => `${name} is not pinned, but others are: \`dockwright pin\` pins it.`,
  );
  return {
    context: { ...context, warnings: [...context.warnings, ...unpinned] },
    artifacts,
    changes,
    edits,
    dockerEdits,
    applied,
    uncommitted: touched.length > 0 ? await notCommitted(context.root, touched, options.signal) : [],
    env: output === undefined && !isWaiting ? envOffer(context, folder) : undefined,
    unset: output === undefined ? unsetIn(context.plan, folder) : [],
    target: output ?? context.root,
    folder,
    last,
    next: nextState(artifacts, changes, last),
    refused: output === undefined ? await refusedReplacing(context, changes, last, options.signal) : undefined,
    options,
    leftOut: await leftOutRows(context),
    declined,
  };
}

type Pinned = (artifact: Pick<Artifact, 'path' | 'kind'>, text: string) => string;

/** Puts pins into generated texts; a project without any costs nothing. */
function pinning(pins: Pins, disk: TargetFolder['read']): Pinned {
  if (hasNone(pins)) return (_, text) => text;
  return (artifact, text) => {
    const kind = referringArtifact(artifact);
    return kind ? pinnedText(kind, text, pins, disk(artifact.path)?.content) : text;
  };
}

/** What was generated last with the same pins as what is generated now: another pin is no difference to be merged. */
const lastPinned = (last: LastGenerated, artifacts: readonly Artifact[], pinned: Pinned): LastGenerated =>
  new Map(
    [...last].map(([path, text]) => {
      const artifact = artifacts.find((artifact) => artifact.path === path);
      return [path, artifact ? { ...text, content: pinned(artifact, text.content) } : text];
    }),
  );

/** The artifacts of a deployment. Of applications that the command is not about the files are as they were generated last. */
function artifactsFor({ plan, deployed, project, last }: Context): readonly Artifact[] {
  const files = project.files();
  const artifacts = artifactsOf(plan, files);
  if (!deployed || deployed.members.length === deployed.all.length) return artifacts;
  const own = new Set(artifactsOf(deployed.plan, files).map(({ path }) => path));
  return artifacts.map((artifact) => {
    const before = own.has(artifact.path) ? undefined : last.get(artifact.path);
    return before ? { ...artifact, content: before.content } : artifact;
  });
}

/** The files as they are once some changes are made. */
const afterEdits =
  (disk: TargetFolder['read'], applied: readonly Change[]): TargetFolder['read'] =>
  (path) => {
    const change = applied.find((item) => item.path === path);
    return change?.content === undefined ? disk(path) : { content: change.content, mode: change.mode };
  };

/** A source edit as a change: refused where the file is no longer what the spans belong to. */
function editChange(edit: SourceEdit, disk: { content: string; mode: number } | undefined): Change {
  const text = disk?.content ?? '';
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (sha256(withoutMark) !== edit.hash) {
    throw new UserError({
      code: 'file-changed',
      message: `${edit.file} changed while it was being read`,
      where: { file: edit.file },
      next: ['Run the command again.'],
      exit: 3,
    });
  }
  let content = withoutMark;
  for (const item of [...edit.edits].sort((a, b) => b.start - a.start))
    content = content.slice(0, item.start) + item.text + content.slice(item.end);
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
  const set = valuesOf(plan, folder);
  return set ? neededBy(plan).filter((name) => !set[name]) : [];
}

/** A file that is there, or that can be made. */
const takesLines = (folder: TargetFolder, path: string): boolean => folder.isPlainFile(path) || !folder.isTaken(path);

function envOffer(context: Context, folder: TargetFolder): EnvOffer | undefined {
  const { plan } = context;
  const path = valuesPath(plan);
  const needed = folder.isTaken(path) ? [] : [...neededBy(plan), ...ownedBy(plan, folder.owner)];
  const secrets = Object.fromEntries(
    Object.entries(plan.secrets).flatMap(([name, { file, target }]) =>
      file && target === undefined && !folder.isTaken(file) ? [[name, file]] : [],
    ),
  );
  const files = Object.keys(secrets);
  const missing = missingEnvFiles(context, folder.isTaken);
  const isAsked = plan.kept?.settingsFile === true && !folder.isTaken(path);
  const isMade = needed.length > 0 || isAsked;
  if (!isMade && files.length === 0 && missing.length === 0) return undefined;
  const values = localEnv(plan, () => 'x', folder.owner).filled;
  const ignored = takesLines(folder, '.gitignore') ? (folder.read('.gitignore')?.content ?? '') : undefined;
  return {
    path,
    fills: needed.filter((name) => values.includes(name)),
    leaves: needed.filter((name) => !values.includes(name)),
    secrets,
    ...(missing.length > 0 ? { files: missing } : {}),
    gitignore:
      ignored === undefined
        ? []
        : [
            ...(isMade && !ignoresFile(ignored, path) ? ['.env'] : []),
            ...(files.length > 0 && !/^\/?secrets\/?\s*$/m.test(ignored) ? ['secrets/'] : []),
            ...missing.flatMap((envFile) =>
              ignoresFile(ignored, envFile.path) || (isMade && posix.basename(envFile.path) === '.env')
                ? []
                : [`/${envFile.path}`],
            ),
          ],
  };
}

/** Whether the plain lines of a `.gitignore` keep a file of settings out of version control. */
const ignoresFile = (ignored: string, path: string): boolean => {
  const name = posix.basename(path);
  const patterns = [
    ...[path, `/${path}`, name, `**/${name}`],
    ...(name.startsWith('.env') ? ['.env*'] : []),
    ...(name.startsWith('.env.') ? ['.env.*'] : []),
    ...(name.endsWith('.env') ? ['*.env'] : []),
  ];
  return ignored.split(/\r?\n/).some((line) => patterns.includes(line.trim()));
};

/**
 * The same for an owner who wants no edit of the sources: the app then has no health route that anything could ask, and no edit of a Docker file is made
 * that only makes sense with it.
 */
export const withoutEdits = async ({ context, folder, options, applied }: Generation): Promise<Generation> =>
  applied.length > 0
    ? generateWith({ ...options, onWarning: () => undefined }, true)
    : generationOf(await withoutHealth(context), { folder, options, declined: true, applied });

/** The same with the sides that the owner chose for some files. */
export const withSides = (
  { context, folder, options, declined, applied }: Generation,
  sides: ConflictSides,
): Promise<Generation> =>
  generationOf(context, {
    folder,
    options: { ...options, accept: { ...options.accept, ...sides } },
    declined,
    applied,
  });

/** The same with some of the edits of the author's Docker files that are offered, by their decisions. */
export const withDockerEdits = ({ options, declined }: Generation, chosen: readonly string[]): Promise<Generation> =>
  generateWith(
    {
      ...options,
      onWarning: () => undefined,
      dockerEdits: [...(options.dockerEdits ?? []), ...chosen],
    },
    declined,
  );

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
  const { changes, edits, applied } = generation;
  const wanted = [...changes, ...(consent.edits ? edits : []), ...applied].flatMap((change): FileWrite[] =>
    change.content === undefined
      ? []
      : [{ path: change.path, content: change.content, mode: change.mode, base: change.base }],
  );
  const written = [...wanted, ...(consent.env && generation.env ? envFiles(generation.env, generation) : [])];
  const state = stateWrites(generation);
  if (generation.options.output) makeFolder(generation.options.output);
  writeFiles(generation.target, [...written, ...state]);
  const stated = new Set(stateOf(generation).keys());
  for (const folder of [baseFolder, replacedFolder, planFolder]) pruneFolder(generation.target, folder, stated);
  return written.map((file) => file.path).sort();
}

/** The author's files that a later run must not take for missing: those that are there, and those that are gone and nobody replaced. */
function keptAfter({ context, changes, options }: Generation): readonly string[] {
  if (options.output !== undefined) return [];
  const made = new Set(changes.filter(({ content }) => content !== undefined).map(({ path }) => path));
  const gone = [...context.kept].filter((path) => changes.some((change) => change.path === path) && !made.has(path));
  return [...new Set([...(context.plan.kept?.files ?? []), ...gone])].sort();
}

/** What is kept of this run for the next one. */
const stateOf = (generation: Generation): ReadonlyMap<string, string> =>
  stateFiles(generation.next, sha256, keptAfter(generation), generation.context.deployed?.state);

function stateWrites(generation: Generation): FileWrite[] {
  const { next, last, folder } = generation;
  if (next.size === 0 && last.size === 0) return [];
  const files = [...stateOf(generation)];
  return files.flatMap(([path, content]): FileWrite[] => {
    const now = folder.read(path)?.content;
    return now === content ? [] : [{ path, content, mode: 0o644, base: now === undefined ? null : sha256(now) }];
  });
}

function envFiles(offer: EnvOffer, { folder, context }: Generation): FileWrite[] {
  const random = secretMaker();
  const files: FileWrite[] = Object.values(offer.secrets).map((path) => ({
    path,
    content: random(),
    // the user of the image is another one than the owner of the file
    mode: 0o644,
    base: null,
  }));
  const asked = [...offer.fills, ...offer.leaves];
  const own =
    asked.length > 0 || context.plan.kept?.settingsFile ? localEnv(context.plan, random, folder.owner).text : undefined;
  const given = new Map<string, string>(own === undefined ? [] : Object.entries(readEnv(own, offer.path)));
  const inOwn = [...asked, ...given.keys()];
  // the same secret in each file
  const secretOf = (name: string): string => {
    const value = given.get(name) || random();
    given.set(name, value);
    return value;
  };
  const others = (offer.files ?? []).map((file) => ({ file, isOwn: file.path === offer.path && own !== undefined }));
  const more = others.find(({ isOwn }) => isOwn);
  const rest = more ? `\n${envFileText(more.file, secretOf, inOwn)}` : '';
  if (own !== undefined) files.push({ path: offer.path, content: `${own}${rest}`, mode: 0o600, base: null });
  for (const { file, isOwn } of others)
    if (!isOwn) files.push({ path: file.path, content: envFileText(file, secretOf), mode: 0o600, base: null });
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
    message: `You and the project changed the same part of ${paths.join(', ')}; nothing was written`,
    where: { file: first },
    next: paths.map(
      (path) =>
        `\`--accept ${path}=mine\` keeps your side, \`--accept ${path}=generated\` takes the generated one; everything else is merged either way`,
    ),
    exit: 3,
  });
}

/** Whether there is anything to write: a file, an offer, only what is kept of this run for the next, or the end of a write that was interrupted. */
export const isPending = (generation: Generation): boolean =>
  generation.folder.interrupted !== undefined ||
  generation.changes.some((change) => change.content !== undefined || change.conflicts !== undefined) ||
  generation.edits.length > 0 ||
  generation.applied.length > 0 ||
  generation.env !== undefined ||
  stateWrites(generation).length > 0;

/** `--accept` for a file that is not generated would do nothing, without a word. */
function checkAccepted(
  accept: GenerateOptions['accept'],
  artifacts: readonly Artifact[],
  { kept, offers = [] }: Plan,
): void {
  const generated = artifacts.map((artifact) => artifact.path);
  const edited = [...new Set([...(kept?.files ?? []), ...offers.map(({ file }) => file)])];
  // an edit that is made already is offered no more, and the same command goes on working
  const isKnown = (path: string, side: string) => (side === 'edited' ? edited : generated).includes(path);
  const wrong = Object.entries(accept ?? {}).find(([path, side]) => !isKnown(path, side));
  if (wrong === undefined) return;
  const [unknown, side] = wrong;
  if (side === 'edited') throw notKept(unknown, edited);
  const names = generated;
  const near = nearest(unknown, names);
  throw new UserError({
    code: 'not-generated',
    message: `--accept ${unknown}: that is not a file that Dockwright generates here`,
    where: { file: unknown },
    next: [near ? `Did you mean ${near}?` : `The generated files are: ${names.join(', ')}`],
  });
}

function notKept(path: string, files: readonly string[]): UserError {
  return new UserError({
    code: 'not-kept',
    message: `--accept ${path}=edited: no edits are offered for that file, which is neither one of your Docker files nor a settings file.`,
    where: { file: path },
    next: [files.length > 0 ? `The files are: ${files.join(', ')}.` : 'No file has suggested edits here.'],
  });
}
