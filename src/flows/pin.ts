/** `pin`: images and actions by digest and commit, in every file of the deployment, and as data that generating applies. */
import { isComposeName } from '../catalog/docker-files.ts';
import { type References, type ReferringKind, referencesIn, withPins } from '../formats/references/index.ts';
import { isDockerfileName } from '../inspect/existing/names.ts';
import type { Change } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import type { PinReport } from '../model/pinning.ts';
import type { PerApp } from '../model/shipping.ts';
import {
  isWorkflow,
  type Pins,
  pinIn,
  pinnedText,
  pinsPath,
  pinsText,
  readPins,
  withoutBuilt,
} from '../reconcile/pins.ts';
import { baseFolder, isStatePath, restated } from '../reconcile/state.ts';
import { type FileWrite, sha256, writeFiles } from '../write/write.ts';
import { type ProjectReading, readProject } from './context.ts';
import type { FlowOptions } from './options.ts';
import {
  askAll,
  judged,
  knownKey,
  type LookupResults,
  type Mirrors,
  type Occurrence,
  type Registries,
  registriesOf,
} from './pin-lookup.ts';
import { type Selection, selectApplications } from './selection.ts';
import { perApp } from './tag.ts';

export type PinOptions = FlowOptions & {
  /** move pins to what their tags lead to now */
  readonly update?: boolean;
  /** default: those of the engine */
  readonly mirrors?: Mirrors;
};

/** What pinning would do; nothing is written yet. */
export type Pinning = {
  readonly root: string;
  readonly changes: readonly Change[];
  readonly writes: readonly FileWrite[];
  readonly result: PerApp<PinReport>;
};

type OnDisk = (path: string) => { readonly content: string; readonly mode: number } | undefined;
type File = {
  readonly path: string;
  readonly kind: ReferringKind;
  readonly content: string;
  readonly mode: number;
  readonly found: References;
};
/** A reference of a file, and what it is pinned to afterwards; undefined: nothing. */
type Decision = Occurrence & { readonly after: string | undefined };

/** Looks up what everything leads to, and works out the files. Throws a UserError, with nothing written, where somebody gives no answer. */
export async function pin(options: PinOptions): Promise<Pinning> {
  const reading = await readProject(options, true);
  const { folder, project } = reading;
  const selection = selectionOf(reading, options);
  const pins = readPins((path) => folder.read(path)?.content);
  const files = withoutBuilt(filesOf(project.files(), folder.read, selection));
  const all = files.flatMap(({ path, found }) => found.references.map((reference) => ({ file: path, reference })));
  const registries = await registriesOf(all, options);
  const known = await askAll(all, registries, options.signal);
  const decisions = decided(all, { known, pins, update: options.update === true });
  const changes = files.flatMap((file) => changeOf(file, decisions));
  const report = {
    pins: rowsOf(decisions),
    problems: await problemsOf(decisions, known, registries),
    leftOut: leftOutOf(files, decisions, known),
    written: [],
  };
  const next = pinsAfter(decisions);
  // those of applications that the command is not about stay
  const isPart = selection?.names !== undefined && selection.chosen.length < selection.names.size;
  const kept = isPart
    ? { images: { ...pins.images, ...next.images }, actions: { ...pins.actions, ...next.actions } }
    : next;
  const state = stateWrites({ changes, pins: kept, read: folder.read, files });
  return {
    root: options.cwd,
    changes,
    writes: [...changes.flatMap(writeOf), ...state],
    result: byApp(report, selection),
  };
}

/** Writes what was shown. Returns the paths of the files, sorted. */
export function writePins({ root, writes, changes }: Pinning): readonly string[] {
  writeFiles(root, writes);
  return changes.map(({ path }) => path).sort();
}

function kindOf(path: string): ReferringKind | undefined {
  if (isWorkflow(path)) return 'workflow';
  if (isComposeName(path)) return 'compose';
  return isDockerfileName(path) ? 'dockerfile' : undefined;
}

/** The applications that the command is about. Docker files and workflows have pins without one as well. */
function selectionOf({ repository, applications }: ProjectReading, options: PinOptions): Selection | undefined {
  try {
    return selectApplications(repository, options, applications);
  } catch (error) {
    if (error instanceof UserError && ['no-app', 'app-library'].includes(error.code)) return undefined;
    throw error;
  }
}

function filesOf(paths: readonly string[], read: OnDisk, selection: Selection | undefined): readonly File[] {
  return paths.toSorted().flatMap((path): File[] => {
    const kind = isStatePath(path) ? undefined : kindOf(path);
    const text = kind && isAsked(path, selection) ? read(path) : undefined;
    return kind && text ? [{ path, kind, ...text, found: foundIn(path, kind, text.content) }] : [];
  });
}

/** Whether a file belongs to what the command is about: all but those in the folders of applications that are not. */
function isAsked(path: string, selection: Selection | undefined): boolean {
  const around = selection?.names ? rootAround(path, selection) : undefined;
  return around === undefined || selection?.chosen.some(({ root }) => root === around) === true;
}

/** The folder of the application that a file lies in; undefined: it is everybody's. */
const rootAround = (path: string, { apps }: Selection): string | undefined =>
  apps
    .map(({ root }) => root)
    .filter((root) => root !== '.' && path.startsWith(`${root}/`))
    .sort((a, b) => b.length - a.length)[0];

function foundIn(path: string, kind: ReferringKind, text: string): References {
  try {
    return referencesIn(kind, text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { references: [], left: [{ text: path, line: 1, why: error.message }], built: [] };
  }
}

type PinContext = { readonly known: LookupResults; readonly pins: Pins; readonly update: boolean };

/** What each is pinned to: the pin that it has, then that of the same name elsewhere, then what its version leads to now. */
function decided(all: readonly Occurrence[], { known, pins, update }: PinContext): readonly Decision[] {
  const stated = new Map(
    all.toReversed().flatMap(({ reference }) => {
      const id = knownKey(reference);
      return id !== undefined && reference.pin !== undefined ? [[id, reference.pin] as const] : [];
    }),
  );
  return all.map((occurrence): Decision => {
    const { kind, key, pin: before } = occurrence.reference;
    const id = knownKey(occurrence.reference);
    const answer = id === undefined ? undefined : known.get(id);
    if (id === undefined || key === undefined || !answer || 'missing' in answer)
      return { ...occurrence, after: before };
    const after = update ? answer.now : (before ?? stated.get(id) ?? pinIn(pins, kind, key) ?? answer.now);
    return { ...occurrence, after };
  });
}

function changeOf({ path, kind, content, mode, found }: File, decisions: readonly Decision[]): readonly Change[] {
  const own = new Map(
    decisions.flatMap(({ file, reference, after }) => (file === path ? [[reference.span.start, after] as const] : [])),
  );
  if (found.references.length === 0) return [];
  const text = withPins(kind, content, ({ span }) => own.get(span.start));
  if (text === content) return [];
  return [{ path, act: 'edit', why: 'pins', base: sha256(content), content: text, before: content, mode }];
}

const writeOf = ({ path, content, mode, base }: Change): readonly FileWrite[] =>
  content === undefined ? [] : [{ path, content, mode, base }];

/** The pins as data. Of a name that has two of them the first counts. */
function pinsAfter(decisions: readonly Decision[]): Pins {
  const table = (wanted: 'image' | 'action') =>
    Object.fromEntries(
      decisions
        .toReversed()
        .flatMap(({ reference: { kind, key }, after }) =>
          kind === wanted && key !== undefined && after !== undefined ? [[key, after] as const] : [],
        ),
    );
  return { images: table('image'), actions: table('action') };
}

type State = {
  readonly changes: readonly Change[];
  readonly pins: Pins;
  readonly read: OnDisk;
  readonly files: readonly File[];
};

/** What is kept of the pins: the data, and the texts that count as generated last, so that a pin is no difference to what is generated. */
function stateWrites({ changes, pins, read, files }: State): readonly FileWrite[] {
  const text = (path: string) => read(path)?.content;
  const last = new Map(
    files.flatMap(({ path, kind, content }): [string, string][] => {
      const before = text(`${baseFolder}/${path}`);
      const after = changes.find((change) => change.path === path)?.content ?? content;
      const pinned = before === undefined ? undefined : pinnedText(kind, before, pins, after);
      return pinned === undefined || pinned === before ? [] : [[path, pinned]];
    }),
  );
  const isEmpty = Object.keys({ ...pins.images, ...pins.actions }).length === 0 && text(pinsPath) === undefined;
  const data: [string, string][] = isEmpty ? [] : [[pinsPath, pinsText(pins)]];
  return [...data, ...restated(text, sha256, last)].flatMap(([path, content]): FileWrite[] => {
    const now = text(path);
    return now === content ? [] : [{ path, content, mode: 0o644, base: now === undefined ? null : sha256(now) }];
  });
}

const rowsOf = (decisions: readonly Decision[]): PinReport['pins'] =>
  decisions.flatMap(({ file, reference: { key, line, pin: before, text }, after }) =>
    after === undefined
      ? []
      : [
          {
            ...{ file, line, reference: key ?? text, pin: after },
            ...(before === undefined ? {} : { before }),
            change: before === undefined ? 'new' : before === after ? 'same' : 'moved',
          },
        ],
  );

async function problemsOf(
  decisions: readonly Decision[],
  known: LookupResults,
  registries: Registries,
): Promise<PinReport['problems']> {
  const problems: PinReport['problems'] = [];
  for (const { file, reference, after } of decisions) {
    const { pin: before, line, text, key, holds } = reference;
    if (holds && before !== after) problems.push({ file, line, reference: key ?? text, why: held(holds) });
    if (before === undefined) continue;
    const answer = known.get(knownKey(reference) ?? '');
    const place = { file, line, reference: key ?? text };
    if (!answer) problems.push({ ...place, why: 'it has no comment with the version of its pin' });
    else if ('missing' in answer) problems.push({ ...place, why: answer.missing });
    else if (answer.now !== before) problems.push({ ...place, why: await judged(reference, answer.now, registries) });
  }
  return problems;
}

const held = (variables: readonly string[]): string =>
  `its digest now decides which image is used, whatever ${variables.join(' and ')} is set to; after changing the default, run \`dockwright pin --update\``;

const leftOutOf = (
  files: readonly File[],
  decisions: readonly Decision[],
  known: LookupResults,
): PinReport['leftOut'] => [
  ...files.flatMap(({ path, found }) => found.left.map(({ text, line, why }) => ({ file: path, line, text, why }))),
  ...decisions.flatMap(({ file, reference, after }) => {
    const answer = known.get(knownKey(reference) ?? '');
    const why = answer && 'missing' in answer ? answer.missing : undefined;
    return after === undefined && why !== undefined ? [{ file, line: reference.line, text: reference.text, why }] : [];
  }),
];

/** The report of each application: what lies in its folder, and what is everybody's. */
function byApp(report: PinReport, selection: Selection | undefined): PerApp<PinReport> {
  const names = selection?.names;
  if (!names) return perApp([{ app: undefined, report }]);
  return perApp(
    selection.chosen.map(({ root }) => {
      const own = <T extends { readonly file: string }>(rows: readonly T[]): T[] =>
        rows.filter(({ file }) => [undefined, root].includes(rootAround(file, selection)));
      const { pins, problems, leftOut } = report;
      return {
        app: names.get(root) ?? root,
        report: { pins: own(pins), problems: own(problems), leftOut: own(leftOut), written: [] },
      };
    }),
  );
}
