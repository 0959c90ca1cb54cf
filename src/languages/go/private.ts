import { posix } from 'node:path';
import { NETRC_VARIABLE, netrcHint } from '../../catalog/registry-tokens.ts';
import { globMatcher } from '../../formats/glob/index.ts';
import type { Facts } from '../../model/facts.ts';
import type { Project } from '../../project/project.ts';
import type { GoDetails } from '../../stacks/go.ts';
import { buildTexts } from '../support/build-texts.ts';

/** Modules that come from no public proxy, as the project says it, and what fetching them logs in with. */
export type PrivateModules = {
  readonly details: Pick<GoDetails, 'private'>;
  readonly tokens: Facts['tokens'];
};

/** What follows the name of the variable, in a shell, a Dockerfile, YAML or go.env. */
const assigned = /\bGOPRIVATE["']?(?:[ \t]{0,8}[=:][ \t]{0,8}|[ \t]{1,8})["']?([\w.,/*~-]{1,500})/;

/**
 * The value of GOPRIVATE, where a workflow, a Dockerfile, a Makefile, an example of settings or go.env says one (https://go.dev/ref/mod#private-modules).
 * Such modules are fetched from their own hosts, which both Go and git log in to by a `.netrc`.
 */
export function readPrivateModules(
  project: Project,
  folder: string,
  requires: readonly string[],
): PrivateModules | undefined {
  const own = [posix.join(folder, 'go.env'), posix.join(folder, '.envrc')].filter((path) => project.has(path));
  for (const file of [...own, ...buildTexts(project)]) {
    const lines = (project.read(file) ?? '').split('\n');
    const at = lines.findIndex((line) => !line.trimStart().startsWith('#') && assigned.test(line));
    const patterns = assigned.exec(lines[at] ?? '')?.[1];
    if (patterns === undefined || !requires.some((path) => isPrivate(patterns, path))) continue;
    const [host = patterns] = patterns.split(/[,/]/, 1);
    const from = [{ file, line: at + 1, why: 'GOPRIVATE lists modules that public proxies do not have' }];
    return {
      details: { private: { patterns, secrets: [NETRC_VARIABLE] } },
      tokens: [{ variable: NETRC_VARIABLE, file, scope: patterns, hint: netrcHint(host), from }],
    };
  }
  return undefined;
}

/** Whether one of the patterns, with commas between, matches the beginning of a module's path. */
const isPrivate = (patterns: string, path: string): boolean =>
  patterns.split(',').some((pattern) => {
    const parts = pattern.replace(/\/$/, '').split('/');
    const own = path.split('/');
    return pattern !== '' && parts.length <= own.length && parts.every((part, at) => globMatcher(part)(own[at] ?? ''));
  });
