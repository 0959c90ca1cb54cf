import { stripVTControlCharacters } from 'node:util';
import type { OnProgress } from '../model/contract.ts';

/** One step of a build, as BuildKit ran it. */
export type BuildStep = {
  readonly id: string;
  /** such as `[deps 2/2] RUN bun install` */
  readonly name: string;
  readonly cached: boolean;
  readonly seconds: number;
  readonly error?: string;
  /** the last lines that a step printed that failed */
  readonly printed?: readonly string[];
};

/** Lines that are kept of what a step prints: the reason of a failure is among the last. */
const kept = 40;

type Vertex = {
  digest: string;
  name?: string;
  started?: string;
  completed?: string;
  cached?: boolean;
  error?: string;
};
type Log = { vertex: string; data: string };

/** Whether a person wants to see it: the stages' own instructions and the export, not BuildKit's own errands. */
function shown(name: string): boolean {
  if (name.startsWith('exporting')) return true;
  return name.startsWith('[') && !name.startsWith('[internal]') && !/^\[[^\]]*\] (FROM|LINK) /.test(name);
}

const title = (name: string) => name.replace(/\s+/g, ' ').slice(0, 160);

/**
 * Reads what `docker buildx build --progress=rawjson` says, a line at a time, and tells it as progress. Lines that are no JSON
 * (the error at the end) are kept in `rest`.
 */
export function readBuild(onProgress: OnProgress | undefined) {
  const seen = new Map<string, BuildStep & { open: boolean }>();
  const names = new Map<string, string>();
  const rest: string[] = [];
  const printed = new Map<string, string[]>();

  const vertex = (vertex: Vertex) => {
    const name = vertex.name ?? names.get(vertex.digest) ?? '';
    names.set(vertex.digest, name);
    if (!shown(name)) return;
    const before = seen.get(vertex.digest);
    if (!before && vertex.started) onProgress?.({ type: 'step', id: vertex.digest, title: title(name) });
    if (!before && !vertex.started) return;
    const finished = vertex.completed !== undefined;
    const seconds =
      vertex.started && vertex.completed
        ? Math.max(0, Date.parse(vertex.completed) - Date.parse(vertex.started)) / 1000
        : 0;
    const step = {
      id: vertex.digest,
      name: title(name),
      cached: vertex.cached ?? before?.cached ?? false,
      seconds: Math.max(seconds, before?.seconds ?? 0),
      ...(vertex.error ? { error: vertex.error } : {}),
      open: before ? before.open && !finished : !finished,
    };
    seen.set(vertex.digest, step);
    if (finished && (before?.open ?? true)) {
      onProgress?.({
        type: 'done',
        id: vertex.digest,
        ok: vertex.error === undefined,
        seconds: step.seconds,
        ...(step.cached ? { note: 'cached' } : {}),
      });
    }
  };

  const log = (log: Log) => {
    const text = Buffer.from(log.data, 'base64').toString('utf8');
    for (const line of text.split(/\r?\n/)) {
      if (line.trim() === '') continue;
      onProgress?.({ type: 'log', id: log.vertex, line });
      const lines = printed.get(log.vertex) ?? [];
      printed.set(log.vertex, [...lines.slice(1 - kept), stripVTControlCharacters(line)]);
    }
  };

  return {
    line(text: string): void {
      const event = parse(text);
      if (!event) {
        if (text.trim() !== '') rest.push(text);
        return;
      }
      for (const item of event.vertexes ?? []) vertex(item);
      for (const item of event.logs ?? []) log(item);
    },
    steps: (): readonly BuildStep[] =>
      [...seen.values()].map(({ open: _open, ...step }) => {
        const lines = step.error === undefined ? undefined : printed.get(step.id);
        return lines ? { ...step, printed: lines } : step;
      }),
    rest: (): readonly string[] => rest,
  };
}

function parse(text: string): { vertexes?: Vertex[]; logs?: Log[] } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as { vertexes?: Vertex[]; logs?: Log[] };
  } catch {
    return undefined;
  }
}
