import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lint } from '../../src/lint/lint.ts';
import type { Finding } from '../../src/model/finding.ts';
import { repository } from './projects.ts';

/** One example of a page: the files of a small project, and what a mechanical fix makes of them. */
export type RuleCase = {
  readonly title: string;
  readonly isBad: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly fixed: Readonly<Record<string, string>>;
};

export type RulePage = {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly cases: readonly RuleCase[];
};

const folder = join(repository, 'fixtures/rules');

/** The examples of a page: below `## ❌ TITLE` and `## ✅ TITLE` its blocks, each with its language and path (`dockerfile Dockerfile`), or also `fixed`. */
export function readPage(name: string, text: string): RulePage {
  const [head = '', ...parts] = text.split(/^## /m);
  const cases = parts.map((part): RuleCase => {
    const [title = ''] = part.split('\n', 1);
    const files: Record<string, string> = {};
    const fixed: Record<string, string> = {};
    for (const [, path = '', isFixed, body = ''] of part.matchAll(/^```\w+ (\S+)( fixed)?\n([\s\S]*?)^```$/gm))
      (isFixed ? fixed : files)[path] = body;
    return { title: title.slice(1).trim(), isBad: title.startsWith('❌'), files, fixed };
  });
  const [first = '', ...rest] = head.trim().split('\n');
  return { name, title: first.replace(/^# /, ''), about: rest.join('\n').trim(), cases };
}

export const rulePages: readonly RulePage[] = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => readPage(basename(file, '.md'), readFileSync(join(folder, file), 'utf8')));

const isDockerFile = (path: string): boolean =>
  /(^|\/)(Dockerfile|[\w-]+\.dockerfile)([.-][\w-]+)?$/i.test(path) && !path.endsWith('.dockerignore')
    ? true
    : /(^|\/)(docker-)?compose([.-][\w-]+)?\.ya?ml$/.test(path);

/** The report on a project in memory. */
export const lintFiles = (files: Readonly<Record<string, string>>) =>
  lint({
    files: Object.keys(files).filter(isDockerFile).sort(),
    all: Object.keys(files).sort(),
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  });

/** The files with every mechanical fix of the findings made. */
export function applied(
  files: Readonly<Record<string, string>>,
  findings: readonly Finding[],
): Readonly<Record<string, string>> {
  const edits = findings.flatMap(({ fix }) => fix?.edits ?? []);
  return Object.fromEntries(
    [...new Set(edits.map(({ file }) => file))].map((file) => {
      const own = edits.filter((edit) => edit.file === file).sort((a, b) => b.start - a.start);
      return [
        file,
        own.reduce(
          (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end),
          files[file] ?? '',
        ),
      ];
    }),
  );
}
