/** What a client sends for a new link. */
export type NewLink = { readonly url: string; readonly title: string; readonly tags: readonly string[] };

/** A link as it is kept. */
export type Link = NewLink & { readonly id: string; readonly createdAt: string };

/** Reads what a client sent; a sentence says what is wrong with it. */
export function parseLink(body: unknown): NewLink | string {
  if (typeof body !== 'object' || body === null) return 'send a JSON object';
  const { url, title, tags = [] } = body as Record<string, unknown>;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/.test(url)) return 'url must be an http address';
  if (typeof title !== 'string' || title.trim() === '') return 'title must not be empty';
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) return 'tags must be texts';
  return { url: new URL(url).href, title: title.trim(), tags: [...new Set(tags.map((tag) => tag.toLowerCase()))] };
}
