import type { Project } from './project.ts';

/** The project with some texts instead of those on disk; undefined: there is no such file. */
export function overlaid(
  project: Project,
  texts: ReadonlyMap<string, { readonly content: string } | undefined>,
): Project {
  const files = () => {
    const added = [...texts].flatMap(([path, text]) => (text ? [path] : []));
    return [...new Set([...project.files().filter((path) => !texts.has(path)), ...added])].sort();
  };
  const read = (path: string) => {
    const text = texts.get(path)?.content;
    return text?.startsWith('\uFEFF') ? text.slice(1) : text;
  };
  return {
    ...project,
    files,
    has: (path) => (texts.has(path) ? texts.get(path) !== undefined : project.has(path)),
    read: (path) => (texts.has(path) ? read(path) : project.read(path)),
    bytes: (path) => (texts.has(path) ? encoded(texts.get(path)?.content) : project.bytes(path)),
    obstacle: (path) => (texts.has(path) ? undefined : project.obstacle(path)),
  };
}

const encoded = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : new TextEncoder().encode(text);
