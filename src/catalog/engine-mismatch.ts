/**
 * What package managers print where a dependency does not take the version of the runtime, and what to set then. Yarn 1 keeps no such
 * ranges in its lockfile, so that only the install itself finds it out.
 */
import { satisfies, validRange } from 'semver';
import { asOf, runtimeImages } from './bases.ts';

/** A package that refuses the runtime. */
export type Refusal = {
  /** such as `minio@7.0.28` */
  readonly of: string;
  readonly runtime: string;
  /** the versions that it takes */
  readonly range: string;
  /** the version that was there */
  readonly got?: string;
  /** the setting with which it is installed all the same, and its file */
  readonly waiver: string;
};

/** Finds the refusal in what an install printed; undefined: it failed for another reason. */
export function refusalIn(printed: readonly string[]): Refusal | undefined {
  const lines = printed.flatMap((text) => text.split('\n'));
  return inOneLine(lines) ?? inTables(lines.join('\n')) ?? inParagraphs(lines);
}

const behind = (line: string, words: string): string | undefined => {
  const at = line.indexOf(words);
  return at === -1 ? undefined : line.slice(at + words.length);
};

/** Yarn 1: `error a@1.0.0: The engine "x" is incompatible with this module. Expected version "<=18". Got "22.1.0"`. */
function inOneLine(lines: readonly string[]): Refusal | undefined {
  const line = lines.find(
    (text) => text.includes(': The engine "') && text.includes('is incompatible with this module'),
  );
  if (line === undefined) return undefined;
  const [before = '', after = ''] = line.split(': The engine "', 2);
  const [runtime, , expected, , got] = after.split('"');
  return refusal(before.split(/\s/).at(-1), runtime, expected, got, '`ignore-engines true` in .yarnrc');
}

/** npm: `Not compatible with your version of …: a@1.0.0`, and two tables, `Required: {"x":"<=18"}` and `Actual: {"x":"v22.1.0"}`. */
function inTables(text: string): Refusal | undefined {
  const of = /Not compatible with your version of [^:\n]{1,80}: (\S+)/.exec(text)?.[1];
  const required = tableIn(/Required:\s*(\{[^{}\n]*\})/.exec(text)?.[1]);
  const actual = tableIn(/Actual:\s*(\{[^{}\n]*\})/.exec(text)?.[1]);
  const runtime = Object.keys(required).find((name) => isKnown(name) && !takes(required[name] ?? '', actual[name]));
  return runtime === undefined ? undefined : refusal(of, runtime, required[runtime], actual[runtime], notStrict);
}

function tableIn(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = [...(text ?? '').matchAll(/"([^"]+)":\s*"([^"]*)"/g)];
  return Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']));
}

/** pnpm: `Your X version is incompatible with "a@1.0.0".`, `Expected version: <=18`, `Got: v22.1.0`, in lines of their own. */
function inParagraphs(lines: readonly string[]): Refusal | undefined {
  const at = lines.findIndex((text) => text.includes(' version is incompatible with "'));
  if (at === -1) return undefined;
  const [before = '', after = ''] = (lines[at] ?? '').split(' version is incompatible with "', 2);
  const under = (title: string) =>
    lines
      .slice(at, at + 6)
      .map((text) => behind(text, title)?.trim())
      .find(Boolean);
  const runtime = behind(before, 'Your ')?.toLowerCase();
  return refusal(after.split('"')[0], runtime, under('Expected version:'), under('Got:'), notStrict);
}

const notStrict = '`engine-strict=false` in .npmrc';

function refusal(
  of: string | undefined,
  runtime: string | undefined,
  range: string | undefined,
  got: string | undefined,
  waiver: string,
): Refusal | undefined {
  if (of === undefined || runtime === undefined || range === undefined) return undefined;
  return { of, runtime, range, waiver, ...(got === undefined ? {} : { got: got.replace(/^v/, '') }) };
}

const isKnown = (name: string): name is keyof typeof runtimeImages => Object.hasOwn(runtimeImages, name);

const takes = (range: string, release: string | undefined): boolean =>
  release !== undefined && validRange(range) !== null && satisfies(release, range);

/** The package of `name@version`; the `@` of a scope is part of the name. */
function packageOf(spec: string): string {
  const at = spec.indexOf('@', 1);
  return at === -1 ? spec : spec.slice(0, at);
}

/** What to do about a refusal, one sentence each: the version to set, where there is one with an image, or what else helps. */
export function answerTo({ of, runtime, range, got, waiver }: Refusal): readonly string[] {
  const there = got === undefined ? '' : `, but the image has ${got}`;
  const message = `${of} only supports ${runtime} ${range.replace(/\s+/g, ' ')}${there}.`;
  const known = isKnown(runtime) ? runtimeImages[runtime] : undefined;
  const other = `a release of ${packageOf(of)} that runs on ${runtime} ${got ?? known?.version ?? 'in the image'}`;
  const otherwise = `Otherwise use ${other}, or, if this one is known to work anyway, set ${waiver}.`;
  const inside = known?.lines.filter((versionLine) => takes(range, versionLine.newest)) ?? [];
  const line = inside.find((versionLine) => versionLine.supported) ?? inside[0];
  if (!line) return [message, otherwise];
  const past = line.supported ? '' : `; ${runtime} ${line.line} no longer gets fixes (as of ${asOf})`;
  return [message, `Set "runtime": "${runtime}@${line.line}" in dockwright.json and generate again${past}.`, otherwise];
}
