import { posix } from 'node:path';
import { isComposeBase, isComposeFile } from '../catalog/docker-files.ts';
import { dropFromPath } from '../engine/path.ts';
import { isDockerfileName } from '../inspect/existing/names.ts';
import { inspect } from '../inspect/inspect.ts';
import type { CheckItem } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { Facts, Repository } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import { keptSet } from '../plan/kept/set.ts';
import { makePlan } from '../plan/plan.ts';
import type { RunningServices } from '../plan/running.ts';
import { committed } from '../project/committed.ts';
import { readConfig } from '../project/config.ts';
import { openProject } from '../project/disk.ts';
import { indexedFiles } from '../project/git/index.ts';
import { overlaid } from '../project/overlay.ts';
import type { Project } from '../project/project.ts';
import { type Pins, readPins } from '../reconcile/pins.ts';
import { isLike } from '../reconcile/reconcile.ts';
import {
  baseFolder,
  type LastApplication,
  type LastGenerated,
  planFolder,
  readApplications,
  readKept,
  readState,
  replacedFolder,
} from '../reconcile/state.ts';
import { services } from '../services/registry.gen.ts';
import { readSpecification } from '../spec/specification.ts';
import { pythonManagers } from '../stacks/managers/python.registry.gen.ts';
import { managers } from '../stacks/managers/registry.gen.ts';
import { pythonRuntimes } from '../stacks/runtimes/python.registry.gen.ts';
import { runtimes } from '../stacks/runtimes/registry.gen.ts';
import { openFolder, type TargetFolder } from '../write/folder.ts';
import { sha256 } from '../write/write.ts';
import { type Deployed, planApplications } from './applications.ts';
import { ignoredCopies, ignoredNotes } from './ignored.ts';
import { languageOf } from './language.ts';
import type { FlowOptions } from './options.ts';
import { runningServices, versionNotes } from './running.ts';
import { leftOutNotes, type Selection, selectApplications, wantedApplications } from './selection.ts';
import { unsetVariables } from './unset-variables.ts';

/** The names that the configuration may use: those of our own stacks and services. */
const known = {
  runtime: [...runtimes, ...pythonRuntimes].map((detection) => detection.name),
  manager: [...managers, ...pythonManagers].map((detection) => detection.name),
  services: services.map((service) => service.name),
};

/** What was read, before anything is decided. */
export type ProjectReading = {
  /** the repository, as the caller named it */
  readonly root: string;
  readonly project: Project;
  readonly config: Config;
  readonly repository: Repository;
  readonly specification: Specification | undefined;
  /** what was generated last in the repository */
  readonly last: LastGenerated;
  /** the applications that were generated earlier, where the repository holds several */
  readonly applications: ReadonlyMap<string, LastApplication>;
  /** files of the author that the last run left as they are */
  readonly kept: ReadonlySet<string>;
  /** the services of the compose files that were generated last */
  readonly running: RunningServices;
  /** what images and actions are pinned to */
  readonly pins: Pins;
  /** what was wrong in the inputs without stopping us, one sentence each */
  readonly warnings: readonly string[];
};

type Decided = {
  readonly selection: Selection;
  /** the applications that the command is about */
  readonly chosen: readonly Facts[];
  /** the first of them */
  readonly facts: Facts;
  /** files of the author that are decided about as if they were not there: somebody asked for ours in their place */
  readonly replaced: readonly string[];
  readonly plan: Plan;
  /** what a repository with several applications deploys; absent: it holds one */
  readonly deployed?: Deployed;
  /** the lockfile of each of the applications as a line of the checklist */
  readonly lockfiles: readonly CheckItem[];
};

/** What was read and decided, for every verb that comes after. */
export type Context = ProjectReading & Decided;

/**
 * Reads the project, its configuration and its specification. Nothing of it is run and nothing is written: a write that was interrupted
 * is seen as the next write will leave it. `writing`: files will be written there, so that the state is read as they are, through no link. `texts` are
 * files as they will be, by path.
 */
export async function readProject(
  options: FlowOptions,
  writing = false,
  texts: ReadonlyMap<string, { readonly content: string }> = new Map(),
): Promise<ProjectReading & { readonly folder: TargetFolder }> {
  // before anything of it is read: no program that lies in it may be started
  dropFromPath(options.cwd);
  const opened = openProject(options.cwd);
  const folder = openFolder(options.cwd);
  const notes = folderNotes(folder);
  for (const note of notes) options.onWarning?.(note);
  const settled = folder.interrupted ? overlaid(opened, folder.interrupted.texts) : opened;
  const project = texts.size > 0 ? overlaid(settled, texts) : settled;
  const read = writing ? (path: string) => folder.read(path)?.content : project.read;
  const last = readState(read, sha256);
  const reading = await readFrom(project, options, last);
  return { ...reading, folder, warnings: [...notes, ...reading.warnings] };
}

/** A folder to look into before it is known which one a command works on. Nothing of it is started. */
export const openFolderAsProject = (folder: string): Project => openProject(folder);

/** What whoever reads a folder should know of it: a write that was interrupted, and files that only look like one. */
export function folderNotes({ interrupted, foreign }: TargetFolder): readonly string[] {
  const ignored = foreign.map(
    (path) =>
      `${path} was not written by your Dockwright on this machine, so it is ignored. Delete it: \`git rm ${path}\` if it is committed, else \`rm ${path}\`.`,
  );
  return [...(interrupted ? [interruptedNote(interrupted)] : []), ...ignored];
}

/** What whoever has files written there should know besides. */
export const writeNotes = ({ unrecorded }: TargetFolder): readonly string[] =>
  unrecorded === undefined
    ? []
    : [
        `Dockwright cannot keep a record while it writes, because ${unrecorded}. If it is killed in between, some files may be new and others old. Set XDG_STATE_HOME to a folder of your own to make an interrupted write recoverable.`,
      ];

function interruptedNote({ outcome, writer }: NonNullable<TargetFolder['interrupted']>): string {
  if (writer !== undefined)
    return `Another Dockwright (process ${writer}) is writing to this folder. Its files are read as they will be when it is done.`;
  if (outcome === 'unclear')
    return 'An earlier write to this folder was interrupted, and could be neither finished nor undone. The files are read as they are now; run `dockwright` to see what to do.';
  return `An earlier write to this folder was interrupted. The files are read as if it had been ${outcome}; run \`dockwright\` to do that on disk.`;
}

/** The same for a project that is open already, on disk or in memory. */
export async function readFrom(
  project: Project,
  options: FlowOptions,
  last: LastGenerated = readState(project.read, sha256),
): Promise<ProjectReading> {
  const ours = new Set([...last.keys(), ...renamed(project, last), ...(options.adopted ?? [])]);
  const theirs = committed(withoutOurs(project, ours, last), () => new Set(indexedFiles(options.cwd)));
  const config = await readConfig(theirs, options.set, known);
  const words = services.flatMap((service) =>
    service.words.map((word) => ({ word, service: service.name, kinds: service.serves.map((served) => served.kind) })),
  );
  const read = readSpecification(theirs, words);
  const applications = readApplications(project.read, sha256);
  const app = wantedApplications(options, applications);
  const found = await inspect(theirs, { config, specification: read?.specification, app });
  const repository = { ...found, apps: found.apps.map((app) => withOurs(app, project, ours, last)) };
  return {
    root: options.cwd,
    project,
    config,
    repository,
    specification: read?.specification,
    last,
    applications,
    kept: readKept(project.read),
    running: runningServices(project, last),
    pins: readPins(project.read),
    warnings: [
      ...crowdedNote(project.crowded?.() ?? []),
      ...(read?.problems ?? []).map((problem) => problem.message),
      ...repository.apps.flatMap((app) => notesOf(app, config).map((note) => note.message)),
    ],
  };
}

/** Notes on what an image of ours would have and start. The author's own is made and started as its Dockerfile says. */
const ofOurImage: ReadonlySet<string> = new Set([
  'program-unknown',
  'not-built',
  'start-does-more',
  'needed-when-running',
]);

const notesOf = (app: Facts, config: Config): Facts['notes'] =>
  keptSet(app, config)?.dockerfile ? app.notes.filter(({ code }) => !ofOurImage.has(code)) : app.notes;

/** What lies in a folder that is too full is not known; it would still be sent to every build. */
function crowdedNote(folders: readonly string[]): readonly string[] {
  if (folders.length === 0) return [];
  const more = folders.length > 3 ? ` and ${folders.length - 3} more` : '';
  const names = `${folders.slice(0, 3).join(', ')}${more}`;
  return [
    `${names}: too many files for source code, so nothing in there is read; exclude data from the build with .dockerignore`,
  ];
}

/** Files that we generated, under the names that the user gave them since: they are no files of an author. */
function renamed(project: Project, last: LastGenerated): readonly string[] {
  const gone = [...last].filter(([path]) => !project.has(path));
  if (gone.length === 0) return [];
  const isNamed = (path: string) => isComposeFile(posix.basename(path)) || /dockerfile/i.test(posix.basename(path));
  return project
    .files()
    .filter((path) => isNamed(path) && !last.has(path))
    .filter((path) => gone.some(([, { content }]) => isLike(project.read(path) ?? '', content)));
}

/**
 * The facts with what is said by files that we wrote ourselves, and that the user may have renamed since: the compose files that are
 * there under one of their names go on being the ones. What imports a generated module finds it.
 */
function withOurs(app: Facts, project: Project, ours: ReadonlySet<string>, last: LastGenerated): Facts {
  const present = [...ours].filter((path) => project.has(path));
  const there = present.filter((path) => app.root === '.' || path.startsWith(`${app.root}/`));
  const compose = present.filter(isComposeFile);
  const made = new Set(there.map((path) => path.slice(0, path.length - posix.extname(path).length)));
  return {
    ...app,
    existing: [...new Set([...app.existing, ...compose])].sort(),
    ...withReplaced(
      app,
      last,
      compose.some((path) => isComposeBase(path)),
    ),
    notes: app.notes.filter((note) => note.code !== 'missing-import' || !note.target || !made.has(note.target)),
  };
}

/**
 * The Docker files of the author, and which of them a generated file stands in the place of. Where the deployment begins with a compose file of ours,
 * compose files that somebody adds elsewhere, to include them or for another purpose, are none that it could begin with; where it has a Dockerfile of
 * ours in the folder of the application, one of the author that lies elsewhere is what that took the place of, deleted or not.
 */
function withReplaced({ docker, root }: Facts, last: LastGenerated, isOurs: boolean): Pick<Facts, 'docker'> {
  if (!docker) return {};
  const own = [...last].flatMap(([path, text]) => (text.replaced === undefined ? [] : [path]));
  const hasImage = [...last].some(
    ([path, { kind }]) => kind === 'generated' && posix.dirname(path) === root && isDockerfileName(path),
  );
  const elsewhere = docker.dockerfiles.filter(({ path, builds }) => builds === 'application' && !last.has(path));
  const replaced = [...own, ...(isOurs && hasImage ? elsewhere.map(({ path }) => path) : [])];
  const compose = isOurs
    ? docker.compose.filter(({ files }) => files.some((file) => replaced.includes(file)))
    : docker.compose;
  return { docker: { ...docker, compose, ...(replaced.length > 0 ? { replaced } : {}) } };
}

/** Reads and decides: the way through as far as the plan of the applications that the options name. */
export const loadContext = async (options: FlowOptions): Promise<Context> =>
  decide(await readProject(options), options);

/**
 * Decides for the applications of what was read. `replaced` are files of the author that somebody wants ours in the place of; `whole`: the plan is that of
 * all applications that are deployed, and not of the chosen ones alone.
 */
export async function decide<R extends ProjectReading>(
  reading: R,
  options: Pick<FlowOptions, 'app' | 'all'>,
  replaced: readonly string[] = [],
  whole = false,
): Promise<R & Decided> {
  const selection = selectApplications(reading.repository, options, reading.applications);
  const { project } = reading;
  const planned = await planFor({ reading, selection, replaced, withoutHealth: false }, whole);
  const decided = new Set(planned.deployed?.members.map(({ root }) => root));
  const chosen = planned.deployed ? selection.chosen.filter(({ root }) => decided.has(root)) : selection.chosen;
  const [facts] = chosen;
  if (!facts) throw new Error('no application was chosen');
  const lockfiles: CheckItem[] = [];
  for (const item of chosen) lockfiles.push(await (await languageOf(item)).lockfileItem(project, item));
  const warnings = [
    ...reading.warnings,
    ...leftOutNotes(planned.deployed?.leftOut ?? []),
    ...new Set(chosen.flatMap((item, index) => behind(lockfiles[index], item))),
    ...chosen.flatMap((item) => [
      ...ignoredNotes(ignoredCopies(project, item), planned.plan),
      ...unsetVariables(item, planned.plan),
    ]),
    ...(await versionNotes(planned.plan, reading.running)),
  ];
  return { ...reading, selection, chosen, facts, ...planned, lockfiles, replaced, warnings };
}

type PlanRequest = {
  readonly reading: ProjectReading;
  readonly selection: Selection;
  readonly replaced: readonly string[];
  readonly withoutHealth: boolean;
};

async function planFor(
  { reading, selection, replaced, withoutHealth: isWithout }: PlanRequest,
  whole: boolean,
): Promise<Pick<Decided, 'plan' | 'deployed'>> {
  const { specification, config, project, applications, running } = reading;
  const { read } = project;
  const ignored = (facts: Facts) => ignoredCopies(project, facts);
  const { ci } = reading.repository;
  const input = {
    ...{ specification, config, read, replaced, running },
    ...(ci ? { ci } : {}),
    ...(isWithout ? { withoutHealth: true } : {}),
  };
  const deployed = selection.names
    ? await planApplications({ ...input, project, selection, last: applications, ignored })
    : undefined;
  if (deployed) return { plan: whole ? deployed.whole : deployed.plan, deployed };
  const [facts] = selection.chosen;
  if (!facts) throw new Error('no application was chosen');
  return { plan: await makePlan({ ...input, facts, ignored: ignored(facts) }) };
}

/** The same decisions for an owner who wants no edit of the sources: the applications then have no health routes that anything could ask. */
export async function withoutHealth<C extends Context>(context: C): Promise<C> {
  const { selection, replaced, plan, deployed } = context;
  const planned = await planFor(
    { reading: context, selection, replaced, withoutHealth: true },
    deployed !== undefined && plan === deployed.whole,
  );
  return { ...context, ...planned };
}

/** A lockfile that does not go with the manifest stops the build: its owner should know before. */
function behind(lockfile: CheckItem | undefined, facts: Facts): readonly string[] {
  if (!lockfile) return [];
  const { status, detail, next } = lockfile;
  if (!facts.lockfile || facts.notes.some((note) => note.code === 'two-lockfiles')) return [];
  const short = detail.length > 300 ? `${detail.slice(0, 300)} …` : detail;
  return status === 'fail' ? [[short, next].filter(Boolean).join('; ')] : [];
}

/**
 * An example of settings that its author gave into our care: what it gives a variable goes on to hold, as it did before. The remarks that we added are
 * left out: they would be taken for the author's, and remarked again.
 */
function adoptedExample(project: Project, path: string, last: LastGenerated): string | undefined {
  const before = last.get(path);
  if (posix.basename(path) !== '.env.example' || before?.kind === 'generated') return undefined;
  const remarks = new Set(before?.content.split('\n').filter((line) => line.startsWith('#')));
  return project
    .read(path)
    ?.split('\n')
    .filter((line) => !remarks.has(line))
    .join('\n');
}

/**
 * The project without the files that we generated, and with the author's texts that they replaced: what they read, import or say is no fact about the app, and a second run must see
 * what the first saw. (A file that was there before the first run is the user's, and stays in view.)
 */
function withoutOurs(project: Project, ours: ReadonlySet<string>, last: LastGenerated): Project {
  const states = [baseFolder, replacedFolder, planFolder].map((folder) => `${folder}/`);
  const hidden = (path: string) => ours.has(path) || states.some((folder) => path.startsWith(folder));
  const replaced = (path: string) =>
    last.get(path)?.replaced ?? (ours.has(path) ? adoptedExample(project, path, last) : undefined);
  const texts = [...ours].filter((path) => replaced(path) !== undefined);
  const files = [...project.files().filter((path) => !hidden(path)), ...texts].sort();
  return {
    label: project.label,
    files: () => files,
    has: (path) => (hidden(path) ? replaced(path) !== undefined : project.has(path)),
    read: (path) => (hidden(path) ? replaced(path) : project.read(path)),
    bytes: (path) => {
      const text = replaced(path);
      return text === undefined ? (hidden(path) ? undefined : project.bytes(path)) : new TextEncoder().encode(text);
    },
    obstacle: (path) => (hidden(path) ? undefined : project.obstacle(path)),
  };
}
