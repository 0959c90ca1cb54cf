import { basename } from 'node:path/posix';
import { isComposeBase, isComposeName } from '../catalog/docker-files.ts';
import { type LintReport, lint } from '../lint/lint.ts';
import type { CheckItem } from '../model/check.ts';
import { item } from '../model/check-item.ts';
import type { ContractItem, VerifyReport } from '../model/contract.ts';
import type { ExistingDeployment } from '../model/existing.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { brokenFiles } from '../plan/kept/broken.ts';
import { fixesOf, placeOfBroken } from './broken.ts';
import type { ProjectReading } from './context.ts';
import type { EvidenceByItem } from './item-evidence.ts';

/** Names of what the linter reads beside the files that it judges: what we generated completes them. */
const dockerName = /^(Dockerfile|Containerfile)|^(docker-)?compose[._-].*\.ya?ml$|^(docker-)?compose\.ya?ml$/i;

/** So many files that could not be read are judged. */
const MOST_UNREAD = 40;

/** The remarks on the Docker files that the author of some applications wrote, as they are on disk; undefined: there are none. None of ours is judged. */
export async function lintKept(
  { project, last }: ProjectReading,
  apps: readonly Facts[],
): Promise<LintReport | undefined> {
  const isDocker = (path: string) => dockerName.test(basename(path)) && project.has(path);
  // one that was adopted is the author's; in the place of one that was replaced lies ours
  const isOurs = (path: string) => last.get(path)?.kind === 'generated';
  const adopted = [...last.keys()].filter((path) => !isOurs(path) && isDocker(path));
  const dockerfiles = apps.flatMap(
    ({ docker }) => docker?.dockerfiles.filter(({ builds }) => builds === 'application') ?? [],
  );
  const compose = apps.flatMap(({ docker }) => docker?.compose.flatMap((set) => set.files) ?? []);
  // what could not be read belongs to nothing that was, and nobody but a rule says so
  const unread = apps.flatMap(({ docker }) => docker?.broken.map(({ file }) => file) ?? []);
  const isJudged = (path: string) => project.has(path) && (isComposeName(path) || !/\.(ya?ml|json)$/.test(path));
  const named = [
    ...dockerfiles.map(({ path }) => path),
    ...compose,
    ...unread.filter(isJudged).slice(0, MOST_UNREAD),
  ].filter((path) => !isOurs(path));
  const files = [...new Set([...named, ...adopted])];
  if (files.length === 0) return undefined;
  const report = await lint({
    files: files.sort(),
    beside: [...last.keys()].filter((path) => isOurs(path) && isDocker(path)).sort(),
    contexts: Object.fromEntries(dockerfiles.map(({ path, context }) => [path, context])),
    all: project.files(),
    read: project.read,
  });
  // of a file that Docker refuses nothing else matters
  const others = new Set(unread.filter((file) => ![...dockerfiles.map(({ path }) => path), ...compose].includes(file)));
  const isOfEditor = (file: string) => apps.every(({ docker }) => docker !== undefined && isEditors(docker, file));
  const findings = report.findings.filter(({ file, rule }) => !others.has(file) || rule === 'not-valid');
  return {
    ...report,
    findings: findings.map((finding) => (isOfEditor(finding.file) ? withoutError(finding) : finding)),
  };
}

/** Whether only the container of an editor uses a file: no form of the deployment begins with it, so that no error of it stands in the way. */
function isEditors({ devcontainer, dockerfiles, compose }: ExistingDeployment, file: string): boolean {
  const isBuilt = dockerfiles.some(({ path, builds }) => path === file && builds === 'application');
  if (file.startsWith('.devcontainer/') || file.includes('/.devcontainer/')) return !isBuilt;
  const isNamed = devcontainer?.dockerfile === file || devcontainer?.compose.includes(file) === true;
  const isSet = compose.some(({ files, use }) => use !== 'other' && files.includes(file));
  return isNamed && !isBuilt && !isSet && !isComposeBase(file);
}

const withoutError = (finding: Finding): Finding =>
  finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;

/**
 * What stands in the way of the author's files that are kept: one sentence for each error, with its line and the fix. Remarks that are no errors are left
 * to `check`.
 */
export async function keptErrors(reading: ProjectReading, apps: readonly Facts[]): Promise<readonly string[]> {
  const report = await lintKept(reading, apps);
  const errors = report?.findings.filter(({ severity }) => severity === 'error') ?? [];
  return errors.map(({ file, line, message, why, fix }) =>
    [`${file}:${line}: ${message}`, why, ...(fix ? [fix.description] : [])].join(' '),
  );
}

const TITLE = 'Your Docker files have no errors';

/** A line of the checklist: whether an error stands in the way. Nothing where the author wrote no Docker file. */
export function dockerFilesItem(
  report: LintReport | undefined,
  broken: ReturnType<typeof brokenFiles>,
): readonly CheckItem[] {
  const [unread] = broken;
  if (unread) {
    const { file, line } = unread;
    return [
      item('docker-files', TITLE, {
        status: 'fail',
        detail: broken.map((entry) => `${placeOfBroken(entry)}: ${entry.message}`).join('; '),
        next: fixesOf(unread).join(' '),
        file,
        ...(line === undefined ? {} : { line }),
      }),
    ];
  }
  if (!report) return [];
  const { findings, notUnderstood } = report;
  const [first, ...more] = findings.filter(({ severity }) => severity === 'error');
  const remarks = findings.length - (first ? more.length + 1 : 0);
  const others = [
    ...(remarks > 0 ? [`${remarks} ${remarks === 1 ? 'finding' : 'findings'}`] : []),
    ...notUnderstood.map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`),
  ];
  const errors = first ? [`${first.file}:${first.line}: ${first.message}`] : [];
  return [
    item('docker-files', TITLE, {
      status: first ? 'fail' : 'pass',
      detail: [...errors, ...(more.length > 0 ? [`${more.length} more`] : []), ...others].join('; ') || 'no findings',
      ...(first?.fix ? { next: first.fix.description } : {}),
      ...(first ? { file: first.file, line: first.line } : {}),
    }),
  ];
}

/** The rules that may explain why an item of the runtime contract fails, by the id of the item. */
const EXPLAINS: Readonly<Record<string, readonly string[]>> = {
  'build-checks': ['not-valid', 'secret-in-image'],
  hardened: ['root-user'],
  health: [
    'no-health-check',
    'health-check-passes',
    'health-check-tool',
    'health-check-port',
    'database-volume',
    'missing-target',
    'missing-lockfile',
  ],
  stops: ['signals', 'shell-form-start'],
  lean: ['development-dependencies', 'dockerignore', 'secret-in-image', 'build-tools'],
  caches: ['cache-busting-copy', 'update-alone', 'dockerignore'],
  reproducible: ['latest-tag', 'newest-tool', 'no-lockfile-install', 'dockerignore'],
  size: ['build-tools', 'development-dependencies', 'dockerignore'],
};

/** A report in which each item that is not good names the lines of the author's files that explain it. */
export function explained(
  report: VerifyReport,
  findings: readonly Finding[],
  places: EvidenceByItem = {},
  ofOthers: Readonly<Record<string, EvidenceByItem>> = {},
): VerifyReport {
  if (findings.length === 0 && Object.keys(places).length === 0) return report;
  const explain =
    (lines: EvidenceByItem) =>
    (entry: ContractItem): ContractItem => {
      const isGood = entry.status === 'pass' || entry.status === 'not-applicable';
      const rules = isGood ? [] : (EXPLAINS[entry.id] ?? []);
      const causes = findings.filter(({ rule }) => rules.includes(rule));
      const own = isGood || causes.length > 0 ? [] : (lines[entry.id] ?? []);
      return { ...entry, ...(causes.length > 0 ? { causes } : {}), ...(own.length > 0 ? { places: [...own] } : {}) };
    };
  const others = report.others?.map((other) => ({
    ...other,
    items: other.items.map(explain(ofOthers[other.name] ?? {})),
  }));
  return {
    ...report,
    items: report.items.map(explain(places)),
    ...(others ? { others } : {}),
    ...(findings.length > 0 ? { findings: [...findings] } : {}),
  };
}
