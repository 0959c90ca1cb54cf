import { webServer } from '../../catalog/web.ts';
import type { Archive } from '../../engine/archive.ts';

/** The files that the web server of an image gives out. */
export type ServedFiles = {
  /** the file that a path is there for, absolute in the image; undefined: there is none */
  readonly fileOf: (path: string) => string | undefined;
  /** the page that the image of the web server itself has, where nothing of ours is in its place; undefined: there is none, or it is not certain */
  readonly stock: string | undefined;
};

const folder = webServer.root.slice(1);
const index = `${folder}/index.html`;

/** Reads the names of the files below the folder of the web server, layer by layer. */
export async function readServed(archive: Archive): Promise<ServedFiles> {
  const files = new Set<string>();
  const own = firstOwn(archive);
  const pages: { chunks: Buffer[]; isOwn: boolean }[] = [];
  for (const [at, layer] of archive.layers.entries()) {
    await archive.readLayer(layer, ({ name: written, type }) => {
      const name = written.replace(/^\.?\//, '');
      if (!name.startsWith(`${folder}/`) || type === 'directory') return undefined;
      const removed = removedBy(name);
      if (removed === undefined) files.add(name);
      else for (const file of files) if (file === removed || file.startsWith(`${removed}/`)) files.delete(file);
      if (removed !== undefined && (removed === index || index.startsWith(`${removed}/`))) pages.length = 0;
      if (name !== index) return undefined;
      const chunks: Buffer[] = [];
      pages.push({ chunks, isOwn: own === undefined || at >= own });
      return (chunk) => void chunks.push(chunk);
    });
  }
  const stock = pages.some(({ isOwn }) => isOwn) ? undefined : pages.at(-1);
  return {
    fileOf: (path) => fileFor(path, files),
    stock: stock && Buffer.concat(stock.chunks).toString('utf8'),
  };
}

/**
 * The first layer that is not of the base image: the first step that names the folder of the web server is ours, and everything behind it. undefined:
 * none does, so that nothing is known.
 */
function firstOwn({ config, layers }: Archive): number | undefined {
  const history = config.history ?? [];
  const at = history.findIndex(({ created_by: step }) => step?.includes(webServer.root));
  if (at === -1) return undefined;
  return layers.length - history.slice(at).filter((entry) => !entry.empty_layer).length;
}

/** The file, or the folder with all in it, that a layer removes (OCI image specification, "Whiteouts"). */
function removedBy(name: string): string | undefined {
  const cut = name.lastIndexOf('/') + 1;
  const last = name.slice(cut);
  if (last === '.wh..wh..opq') return name.slice(0, cut - 1);
  return last.startsWith('.wh.') ? `${name.slice(0, cut)}${last.slice('.wh.'.length)}` : undefined;
}

function fileFor(path: string, files: ReadonlySet<string>): string | undefined {
  const plain = decoded(path).replace(/^\//, '').replace(/\/$/, '');
  const below = plain === '' ? folder : `${folder}/${plain}`;
  const found = [below, `${below}.html`, `${below}/index.html`].find((file) => files.has(file));
  return found === undefined ? undefined : `/${found}`;
}

/** A path without its query, and with its characters as files have them. */
function decoded(path: string): string {
  const [plain = ''] = path.split('?');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
