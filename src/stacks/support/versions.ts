import { valid } from 'semver';
import type { Evidence } from '../../model/evidence.ts';
import { isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';

/** One place that says a version, as it is written there. */
export type VersionStatement = { readonly text: string; readonly from: Evidence };

/** Where a runtime's version stands besides `.tool-versions` and mise, which name many tools. */
export type VersionFiles = {
  /** files that hold the version alone: `.bun-version`, `.nvmrc` */
  readonly files: readonly string[];
  /** its names in `.tool-versions` and mise */
  readonly tools: readonly string[];
  /** fields of package.json, in order; the text before the version is cut off: `packageManager` holds `bun@1.4.5` */
  readonly fields: readonly { readonly path: readonly string[]; readonly prefix?: string }[];
};

const lineOf = (line: number | undefined): { line?: number } => (line === undefined ? {} : { line });

/** Everything that says the version of a runtime: of the app's folder first, then of the repository's root. */
export function versionStatements(project: Project, root: string, places: VersionFiles): readonly VersionStatement[] {
  const folders = root === '.' ? [''] : [`${root}/`, ''];
  return folders.flatMap((folder) => [
    ...places.files.flatMap((file) => ownFile(project, folder + file)),
    ...places.tools.flatMap((tool) => toolVersions(project, `${folder}.tool-versions`, tool)),
    ...places.tools.flatMap((tool) => mise(project, `${folder}mise.toml`, tool)),
    ...places.tools.flatMap((tool) => mise(project, `${folder}.mise.toml`, tool)),
    ...fields(project, folder, places),
  ]);
}

function ownFile(project: Project, file: string): readonly VersionStatement[] {
  const lines = project.read(file)?.split('\n') ?? [];
  const at = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const text = lines[at]?.trim();
  return text ? [{ text, from: { file, line: at + 1, why: `the version is ${text}` } }] : [];
}

function toolVersions(project: Project, file: string, wanted: string): readonly VersionStatement[] {
  const lines = project.read(file)?.split('\n') ?? [];
  return lines.flatMap((line, index) => {
    const [tool, text] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    return tool === wanted && text ? [{ text, from: { file, line: index + 1, why: `${wanted} is ${text}` } }] : [];
  });
}

function mise(project: Project, file: string, wanted: string): readonly VersionStatement[] {
  const data = readData(project, file);
  const tool = data?.at(['tools', wanted]);
  const item: unknown = Array.isArray(tool) ? tool[0] : tool;
  const version = isTable(item) ? item['version'] : item;
  if (typeof version !== 'string' && typeof version !== 'number') return [];
  const from = { file, ...lineOf(data?.line(['tools', wanted])), why: `${wanted} is ${version}` };
  return [{ text: String(version), from }];
}

function fields(project: Project, folder: string, places: VersionFiles): readonly VersionStatement[] {
  const data = readData(project, `${folder}package.json`);
  if (!data) return [];
  return places.fields.flatMap(({ path, prefix = '' }) => {
    const text = data.text([...path]);
    if (!text?.startsWith(prefix) || text === prefix) return [];
    const from = { file: data.file, ...lineOf(data.line([...path])), why: `${path.join('.')} is ${text}` };
    // a hash of the download may follow behind `+`
    return [{ text: prefix === '' ? text : (text.slice(prefix.length).split('+')[0] ?? ''), from }];
  });
}

/** `v22.1.0`, `node-v22.1.0` and `22.1.0` are exact; the rest is a range, a line, or a word such as `latest`. */
export const exact = (text: string): string | undefined => valid(text.replace(/^[a-z]+-/i, '')) ?? undefined;
