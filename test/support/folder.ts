import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Everything in a folder, folders too: path → mode and content. Two folders are alike where these are. */
export function contentsOf(root: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(root, path);
    const stats = lstatSync(full);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) found[`${path}/`] = '';
    else
      found[path] = stats.isSymbolicLink() ? `link to ${readlinkSync(full)}` : `${mode} ${readFileSync(full, 'utf8')}`;
  }
  return found;
}

/** Makes a folder hold these files and nothing else. */
export function fill(root: string, files: Readonly<Record<string, string>>): void {
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
