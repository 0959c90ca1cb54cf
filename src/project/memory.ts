import { decode } from './decode.ts';
import type { Project } from './project.ts';

/** A project of texts and bytes by path: for tests, and for callers that have no disk. */
export function memoryProject(files: Readonly<Record<string, string | Uint8Array>>): Project {
  const bytes = (path: string) => {
    const found = Object.hasOwn(files, path) ? files[path] : undefined;
    return typeof found === 'string' ? new TextEncoder().encode(found) : found;
  };
  return {
    label: '(memory)',
    files: () => Object.keys(files).sort(),
    has: (path) => Object.hasOwn(files, path),
    bytes,
    size: (path) => bytes(path)?.length,
    obstacle: () => undefined,
    read: (path) => {
      const found = bytes(path);
      return found && decode(found);
    },
  };
}
