import { posix } from 'node:path';
import type { Facts } from '../model/facts.ts';
import { type App, byConfig, detected, type Fact, inData } from './app.ts';

/** A name that images and compose projects can have: lower case, digits and single dashes. */
export function imageName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/^@[^/]*\//, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'app' : plain;
}

/** Name, title, version and description: from the configuration, package.json, or the folder. */
export function readName(app: App): Pick<Facts, 'name' | 'title' | 'version' | 'description'> {
  const { manifest, config } = app;
  const written = manifest?.text(['name']);
  const version = manifest?.text(['version']);
  const description = manifest?.text(['description']);
  const from = manifest && written ? [inData(manifest, ['name'], `the name is ${written}`)] : [];
  const folder = posix.basename(app.root === '.' ? app.project.label : app.root);
  const found: Fact<string> = written
    ? { value: written.replace(/^@[^/]*\//, ''), by: 'detected', from }
    : { value: folder, by: 'default', from: [{ why: 'the name of the folder' }] };
  return {
    name:
      config.name === undefined
        ? { ...found, value: imageName(found.value) }
        : byConfig(imageName(config.name), 'name'),
    title: config.name === undefined ? found : byConfig(config.name, 'name'),
    ...(manifest && version
      ? { version: detected(version, [inData(manifest, ['version'], `the version is ${version}`)]) }
      : {}),
    ...(manifest && description
      ? { description: detected(description, [inData(manifest, ['description'], 'the description')]) }
      : {}),
  };
}
