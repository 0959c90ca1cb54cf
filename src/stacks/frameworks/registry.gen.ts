// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Framework, Recognise } from '../contract.ts';

/** How each is recognised, by name. */
export const frameworks: readonly Recognise[] = [];

const loaders: Readonly<Record<string, () => Promise<Framework>>> = {

};

/** Loads one by its name; undefined where there is none of that name. */
export const loadFramework = async (name: string): Promise<Framework | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
