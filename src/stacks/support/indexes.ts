/** Indexes of packages that a project names besides the usual one, as the manifests of Python's managers hold them. */
import { type Data, isTable } from '../../project/data.ts';
import type { PythonIndex } from './requirements.ts';

/** Those of a list of tables with `name` and `url`: `[[tool.uv.index]]`, `[[tool.poetry.source]]`, `[[source]]` of a Pipfile. */
export function listedIndexes(data: Data | undefined, path: readonly string[]): readonly PythonIndex[] {
  const rows = data?.at([...path]);
  if (!data || !Array.isArray(rows)) return [];
  return rows.flatMap((row, at): PythonIndex[] => {
    if (!isTable(row) || typeof row['url'] !== 'string') return [];
    const line = data.line([...path, at, 'url']) ?? data.line([...path]);
    return [
      {
        ...(typeof row['name'] === 'string' ? { name: row['name'] } : {}),
        url: row['url'],
        ...(row['authenticate'] === 'always' ? { asks: true as const } : {}),
        from: { file: data.file, ...(line === undefined ? {} : { line }), why: `${path.join('.')} names it` },
      },
    ];
  });
}

/** A name as it stands in that of a variable: in capitals, and with `_` for whatever is no letter and no digit. */
export const inVariable = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
