import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { plainName } from '../../../model/plain-name.ts';
import { type Data, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { type App, byConfig, inData } from '../app.ts';

/** In one line: labels, comments and names hold no break. */
const oneLine = (text: string | undefined): string | undefined =>
  text?.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim() || undefined;

/** The name of a package as images and compose projects can have it, without its scope. */
const imageName = (text: string): string => plainName(text.normalize('NFKD').replace(/^@[^/]*\//, '')) || 'app';

/** The image-safe name of the package in a folder, where no configuration gives another. */
export const nameIn = (project: Project, root: string): string =>
  imageName(writtenName(readData(project, pathIn(root, 'package.json'))) ?? folderName(project, root));

/** Without its scope: what comes before the slash says who owns it. */
const writtenName = (manifest: Data | undefined): string | undefined =>
  oneLine(manifest?.text(['name']))?.replace(/^@[^/]*\//, '') || undefined;

/** A folder that is named `.` says nothing. */
const folderName = (project: Project, root: string): string =>
  oneLine(posix.basename(root === '.' ? project.label : root).replace(/^\.+$/, '')) ?? 'app';

/** The scope of the package in a folder, such as @shop: who owns it. */
const scopeOf = (manifest: Data | undefined): string | undefined =>
  /^(@[^/]+)\//.exec(oneLine(manifest?.text(['name'])) ?? '')?.[1];

/** The same of a package in a folder of the repository. */
export function scopeIn(project: Project, root: string): { readonly scope?: string } {
  const scope = root === '.' ? undefined : scopeOf(readData(project, pathIn(root, 'package.json')));
  return scope === undefined ? {} : { scope };
}

/** What the manifest in the root of a repository calls it, without a scope. */
export const rootName = (project: Project): string | undefined => writtenName(readData(project, 'package.json'));

/**
 * The names under which images of the application in a folder are published: that of its package, and for the root the owner and the name of the
 * repository as the manifest has its address. The name of the folder is none: it is the choice of whoever cloned it.
 */
export function imageNames(project: Project, root: string): readonly string[] {
  const manifest = readData(project, pathIn(root, 'package.json'));
  const written = writtenName(manifest);
  const address = root === '.' ? (manifest?.text(['repository', 'url']) ?? manifest?.text(['repository'])) : undefined;
  const path = (address ?? '')
    .replace(/\.git$/, '')
    .split(/[/:]/)
    .slice(-2);
  const isPath = path.length === 2 && path.every((part) => /^[\w.-]+$/.test(part));
  return [...(written ? [imageName(written)] : []), ...(isPath ? [path.join('/').toLowerCase()] : [])];
}

/** Name, title, version and description: from the configuration, package.json, or the folder. */
export function readName(app: App): Pick<Facts, 'name' | 'title' | 'scope' | 'version' | 'description'> {
  const { manifest, config } = app;
  const written = writtenName(manifest);
  const scope = app.root === '.' ? undefined : scopeOf(manifest);
  const version = oneLine(manifest?.text(['version']));
  const description = oneLine(manifest?.text(['description']));
  const from =
    manifest && written ? [inData(manifest, ['name'], `the name is ${oneLine(manifest.text(['name']))}`)] : [];
  const found: Fact<string> = written
    ? { value: written, by: 'detected', from }
    : { value: folderName(app.project, app.root), by: 'default', from: [{ why: 'the name of the folder' }] };
  return {
    name:
      config.name === undefined
        ? { ...found, value: imageName(found.value) }
        : byConfig(imageName(config.name), 'name'),
    title: config.name === undefined ? found : byConfig(oneLine(config.name) ?? config.name, 'name'),
    ...(scope === undefined ? {} : { scope }),
    ...(manifest && version
      ? { version: detected(version, [inData(manifest, ['version'], `the version is ${version}`)]) }
      : {}),
    ...(manifest && description
      ? { description: detected(description, [inData(manifest, ['description'], 'the description')]) }
      : {}),
  };
}
