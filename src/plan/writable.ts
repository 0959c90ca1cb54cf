/** What the application writes: volumes where it would be lost, memory where it is scratch, folders of this machine where its author mounts them. */
import { posix } from 'node:path';
import type { Config } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { evidenceOf } from '../model/known.ts';
import type { Plan, Workload } from '../model/plan.ts';
import { composeFiles } from './compose-files.ts';
import type { Decide } from './decide.ts';
import { embeddedFile } from './embedded-file.ts';
import type { ChosenService } from './services.ts';

/** What the app writes: a volume where it would be lost, memory where it is scratch. */
export function planWritable(
  facts: Facts,
  config: Config,
  chosen: readonly ChosenService[],
  decide: Decide,
): Workload['writable'] {
  const rows = new Map<string, Workload['writable'][number]>();
  const { image } = foldersOf(facts);
  rows.set('/tmp', {
    path: '/tmp',
    kind: 'tmpfs',
    decision: decide('workloads.app.writable./tmp', {
      choice: 'memory',
      why: 'the root file system is read-only, and libraries expect a writable place for temporary files',
    }),
  });
  for (const row of boundRows(facts, decide)) rows.set(row.path, row);
  const isMounted = (path: string) => [...rows.values()].some((row) => row.kind === 'bind' && isBelow(row.path, path));
  const written = [
    ...facts.writes,
    ...embeddedFiles(facts, chosen),
    ...(config.writable ?? []).map((value) => ({ value, by: 'config' as const, from: [] })),
  ];
  for (const write of written) {
    const path = folderOf(image, write.value);
    if (rows.has(path) || path.startsWith('/tmp') || isMounted(posix.resolve(image, write.value))) continue;
    const isKept = facts.data?.some((item) => folderOf(image, item.path) === path);
    const scratch =
      !isKept && !isDatabase(write.value) && /^(tmp|temp|cache|\.cache|logs?)$/.test(posix.basename(path));
    // the whole app folder cannot be a volume: it would hide the app; a file in it becomes a link into one
    if (path === image) linkInto(image, rows, write, decide);
    if (path === image || path === '/') continue;
    // the author's volume goes on under its own key
    const before = facts.data?.find((item) => folderOf(image, item.path) === path)?.volume;
    const volume = before ?? volumeName(path, [...rows.values()]);
    const decision = decide(`workloads.app.writable.${path}`, {
      choice: scratch ? 'memory' : `the volume ${volume}`,
      why: scratch
        ? 'the app writes temporary files there'
        : 'the app writes there, and its data must outlive the container',
      ...evidenceOf(write),
    });
    rows.set(path, scratch ? { path, kind: 'tmpfs', decision } : { path, kind: 'volume', volume, decision });
  }
  return [...rows.values()];
}

/** Some frameworks keep the file of their database in a folder for temporary files. */
const isDatabase = (path: string): boolean => /\.(db|sqlite|sqlite3)$/i.test(path);

/** The folder that must be writable for a path: the path itself where it is one, else the folder of the file. */
function folderOf(image: string, path: string): string {
  const folder = /\.[a-z0-9]+$/i.test(posix.basename(path)) ? posix.dirname(path) : path;
  return posix.normalize(folder.startsWith('/') ? folder : posix.join(image, folder));
}

/** Files of services that live inside the app, where only the default of a variable says where they are. */
const embeddedFiles = (facts: Facts, chosen: readonly ChosenService[]): Facts['writes'] =>
  chosen.flatMap(({ detection, variables }) => {
    if (!detection.embedded) return [];
    const path = (text: string) => {
      const [scheme = ''] = text.split(':');
      return detection.schemes.includes(scheme.split('+')[0] ?? '') ? text.slice(scheme.length + 1) : text;
    };
    return facts.variables.flatMap((variable) => {
      if (!variables.includes(variable.name)) return [];
      const file = variable.default ?? embeddedFile(variable, detection, foldersOf(facts).image);
      if (file === undefined || file.startsWith(':')) return [];
      return [{ value: path(file), by: 'detected' as const, from: variable.from }];
    });
  });

/** Files and folders of the project that the author mounts into the application: where they are now, what they hold is found again. */
function boundRows(facts: Facts, decide: Decide): Workload['writable'] {
  const folder = posix.dirname(composeFiles(facts).file);
  const { image } = foldersOf(facts);
  return (facts.mounted ?? []).map(({ source, path: own, readOnly, from }) => {
    const path = posix.resolve(image, own);
    const relative = posix.relative(folder, source);
    const decision = decide(`workloads.app.writable.${path}`, {
      choice: `${source} of the project`,
      why: 'mounted there by your compose file: its data must outlive the container',
      from,
    });
    const isFixed = readOnly ? { isFixed: true } : {};
    return { path, kind: 'bind', source: relative.startsWith('.') ? relative : `./${relative}`, ...isFixed, decision };
  });
}

/** A path in the container of one that is relative to the application. */
const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A file that the app writes beside itself: a link leads into a folder that is kept. */
function linkInto(
  image: string,
  rows: Map<string, Workload['writable'][number]>,
  write: Facts['writes'][number],
  decide: Decide,
): void {
  const name = posix.basename(write.value);
  if (!/\.(db|sqlite3?|json|data)$/i.test(name)) return;
  const path = `${image}/data`;
  const before = rows.get(path);
  if (before) {
    rows.set(path, { ...before, links: [...new Set([...(before.links ?? []), name])] });
    return;
  }
  const decision = decide(`workloads.app.writable.${path}`, {
    choice: 'the volume data',
    why: `the app writes ${name} beside its own files, where nothing can be mounted: a link points to the volume`,
    ...evidenceOf(write),
  });
  rows.set(path, { path, kind: 'volume', volume: 'data', links: [name], decision });
}

/** Named after the folder; after the whole path where another volume has that name: two folders are not one. */
function volumeName(path: string, others: Workload['writable']): string {
  const named = (text: string) =>
    text
      .replace(/[^a-z0-9_-]/gi, '-')
      .replace(/^-+/, '')
      .toLowerCase();
  const taken = new Set(others.flatMap((other) => (other.kind === 'volume' ? [other.volume] : [])));
  const short = named(posix.basename(path)) || 'data';
  if (!taken.has(short)) return short;
  const whole = named(path) || short;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? whole : `${whole}-${count}`;
    if (!taken.has(name)) return name;
  }
}

/** The volumes that the app and its services write. */
export function planVolumes(
  workload: Workload,
  services: Plan['services'],
  { data = [] }: Pick<Facts, 'data'>,
): Plan['volumes'] {
  const real = (volume: string) => data.find((item) => item.volume === volume)?.name;
  const named = (name: string | undefined) => (name === undefined ? {} : { name });
  return {
    ...Object.fromEntries(
      workload.writable.flatMap((item) =>
        item.volume
          ? [
              [
                item.volume,
                {
                  purpose: `files that the app writes to ${item.path}`,
                  ...named(real(item.volume)),
                  decision: item.decision,
                },
              ],
            ]
          : [],
      ),
    ),
    ...Object.fromEntries(
      Object.entries(services).flatMap(([host, item]) =>
        item.volume && item.volume.folder === undefined
          ? [
              [
                item.volume.name,
                { purpose: `the data of ${host}`, ...named(item.volume.realName), decision: item.volume.decision },
              ],
            ]
          : [],
      ),
    ),
  };
}
