import { packageFolders } from '../../catalog/folders.ts';
import { packageManifest, testFiles, testFolderFiles } from '../../catalog/manifests.ts';
import type { Archive } from '../../engine/archive.ts';
import { every, fail, type Item, needBuilt, pass, type VerificationContext } from '../verification.ts';

/** Searches a stream of chunks for texts, also where one is cut in two between chunks. */
export function finder(values: Readonly<Record<string, string>>): {
  readonly feed: (chunk: Buffer) => void;
  readonly found: () => readonly string[];
} {
  const wanted = Object.entries(values).map(([name, value]) => ({ name, bytes: Buffer.from(value) }));
  const overlap = Math.max(0, ...wanted.map((item) => item.bytes.length - 1));
  const found = new Set<string>();
  let tail: Buffer = Buffer.alloc(0);
  return {
    feed(chunk) {
      if (overlap === 0) return;
      const head = tail.length > 0 ? Buffer.concat([tail, chunk.subarray(0, overlap)]) : undefined;
      for (const { name, bytes } of wanted) {
        if (found.has(name)) continue;
        if (chunk.includes(bytes) || head?.includes(bytes)) found.add(name);
      }
      tail =
        chunk.length >= overlap
          ? Buffer.from(chunk.subarray(chunk.length - overlap))
          : Buffer.concat([tail, chunk]).subarray(-overlap);
    },
    found: () => [...found].sort(),
  };
}

/** Why a path does not belong into an image that runs; undefined where it may. `folder` is the app's own, without a leading slash. */
export function misplaced(path: string, folder: string, development: ReadonlySet<string>): string | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.includes('.git')) return '.git';
  const inside = folder === '' || path.startsWith(`${folder}/`);
  const at = parts.findLastIndex((part) => packageFolders.includes(part));
  // what a package was published with is no setting of this app
  const isSettings = at < 0 && /^\.env(\..+)?$/.test(name) && !/\.(example|sample|template)$/.test(name);
  if (inside && isSettings) return 'a settings file';
  if (at >= 0) {
    const scoped = parts[at + 1]?.startsWith('@');
    const dependency = parts.slice(at + 1, at + (scoped ? 3 : 2)).join('/');
    return parts.length === at + (scoped ? 4 : 3) && name === packageManifest && development.has(dependency)
      ? `the development dependency ${dependency}`
      : undefined;
  }
  if (!inside) return undefined;
  const own = path.slice(folder === '' ? 0 : folder.length + 1);
  if (/(^|\/)(specs?|tests?|__tests__)\/./.test(own) && testFolderFiles.test(own)) return 'a test or specification';
  if (testFiles.test(own)) return 'a test';
  if (/\.(dfy|tla)$/.test(own)) return 'a specification';
  return undefined;
}

type Scan = {
  readonly bad: readonly string[];
  readonly own: readonly { path: string; size: number }[];
  readonly files: number;
};

/** Walks every layer: names that do not belong, and bytes that must be nowhere. */
async function scan(archive: Archive, subject: VerificationContext): Promise<Scan> {
  const folder = (archive.config.config?.WorkingDir ?? '/').replace(/^\/|\/$/g, '');
  const secrets = new Set<string>();
  const names = new Map<string, number>();
  const own: { path: string; size: number }[] = [];
  let files = 0;
  for (const [at, layer] of archive.layers.entries()) {
    await archive.readLayer(layer, (header) => {
      if (header.type !== 'file') return undefined;
      files += 1;
      if (folder !== '' && header.name.startsWith(`${folder}/`)) own.push({ path: header.name, size: header.size });
      const why = misplaced(header.name, folder, subject.developmentDependencies);
      if (why) {
        const place = `${layerOf(subject, at)} contains /${grouped(header.name)} (${why})`;
        names.set(place, (names.get(place) ?? 0) + 1);
      }
      const search = finder(subject.secrets);
      return (chunk) => {
        search.feed(chunk);
        for (const name of search.found())
          secrets.add(`${layerOf(subject, at)}: /${header.name} contains the value of ${name}`);
      };
    });
  }
  const texts = finder(subject.secrets);
  texts.feed(Buffer.from(archive.texts.join('\n')));
  for (const name of texts.found()) secrets.add(`the history or the configuration contains the value of ${name}`);
  const counted = [...names].map(([place, count]) => (count === 1 ? place : `${place}, ${count} files`));
  return { bad: [...[...secrets].sort(), ...counted.sort()], own, files };
}

/** A layer by its number and the instruction that made it. */
function layerOf(subject: VerificationContext, at: number): string {
  const { sizes } = needBuilt(subject);
  const made = sizes.layers[at]?.instruction ?? '';
  return `layer ${at + 1}${made === '' ? '' : ` (${made.length > 60 ? `${made.slice(0, 59)}…` : made})`}`;
}

/** A history counts as one finding, however many files it has. */
const grouped = (path: string) => {
  const at = path.search(/(?<![^/])\.git\//);
  return at === -1 ? path : `${path.slice(0, at)}.git/`;
};

/** 6: nothing in any layer that running does not need, and no secret anywhere. */
export const lean: Item = {
  id: 'lean',
  number: 6,
  title: 'No layer holds development files, specifications, Git history or secrets',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { bad, own, files } = await scan(needBuilt(subject).archive, subject);
    if (bad.length > 0) {
      const more = bad.length > 20 ? [`and ${bad.length - 20} more`] : [];
      return fail(
        [...bad.slice(0, 20), ...more],
        bad.some((value) => value.endsWith(' of the build'))
          ? 'The build wrote a placeholder into the output: read that variable when the app starts, outside the code that the build renders or bundles.'
          : 'Exclude it in .dockerignore, or copy less. Rotate any secret that was in an image.',
      );
    }
    const names = Object.keys(subject.secrets);
    const listed = own.length <= 6 ? `: ${own.map((item) => `/${item.path}`).join(', ')}` : '';
    return pass(
      `${files} files in ${needBuilt(subject).archive.layers.length} layers; ${own.length} in the app folder${listed}`,
      names.length > 0
        ? `no layer and no history entry contains the values of ${names.join(', ')}`
        : 'there is no .env whose values could have been copied',
    );
  },
};
