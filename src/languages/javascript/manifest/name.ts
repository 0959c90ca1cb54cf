import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import type { Project } from '../../../project/project.ts';
import { type App, byConfig, detected, type Fact, inData } from '../app.ts';

/** A compose project is a part of host names, which are at most as long as this (RFC 1123). */
const longest = 63;

/** In one line: labels, comments and names hold no break. */
const oneLine = (text: string | undefined): string | undefined =>
  text?.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim() || undefined;

/** A name that images and compose projects can have: lower case, digits and single dashes. */
function imageName(text: string): string {
  const plain = text
    // é as e: what has a plain letter in it keeps that
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/^@[^/]*\//, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, longest)
    .replace(/-$/, '');
  return plain === '' ? 'app' : plain;
}

/** What the manifest in the root of a repository calls it, without a scope. */
export const rootName = (project: Project): string | undefined =>
  readData(project, 'package.json')
    ?.text(['name'])
    ?.replace(/^@[^/]*\//, '');

/** Name, title, version and description: from the configuration, package.json, or the folder. */
export function readName(app: App): Pick<Facts, 'name' | 'title' | 'scope' | 'version' | 'description'> {
  const { manifest, config } = app;
  const written = oneLine(manifest?.text(['name']));
  const scope = /^(@[^/]+)\//.exec(written ?? '')?.[1];
  const version = oneLine(manifest?.text(['version']));
  const description = oneLine(manifest?.text(['description']));
  const from = manifest && written ? [inData(manifest, ['name'], `the name is ${written}`)] : [];
  const folder = oneLine(posix.basename(app.root === '.' ? app.project.label : app.root)) ?? 'app';
  const found: Fact<string> = written
    ? { value: written.replace(/^@[^/]*\//, ''), by: 'detected', from }
    : { value: folder, by: 'default', from: [{ why: 'the name of the folder' }] };
  return {
    name:
      config.name === undefined
        ? { ...found, value: imageName(found.value) }
        : byConfig(imageName(config.name), 'name'),
    title: config.name === undefined ? found : byConfig(oneLine(config.name) ?? config.name, 'name'),
    ...(scope === undefined || app.root === '.' ? {} : { scope }),
    ...(manifest && version
      ? { version: detected(version, [inData(manifest, ['version'], `the version is ${version}`)]) }
      : {}),
    ...(manifest && description
      ? { description: detected(description, [inData(manifest, ['description'], 'the description')]) }
      : {}),
  };
}
