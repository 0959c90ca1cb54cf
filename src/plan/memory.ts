/** The memory that a container gets, where something says how much of it the program takes. */

/** The largest heap in MB that the words of a command or the values of variables let a program grow to (https://nodejs.org/api/cli.html); undefined: nothing says it. */
export function heapOf(texts: readonly string[]): number | undefined {
  const sizes = texts.flatMap((text, at) => {
    const [, whole, size] = /(--max[-_]old[-_]space[-_]size)(?:[= ](\d{1,6})\b)?/.exec(text) ?? [];
    if (whole === undefined) return [];
    return Number(size ?? (/^\d{1,6}$/.test(texts[at + 1] ?? '') ? texts[at + 1] : 0));
  });
  const largest = Math.max(0, ...sizes);
  return largest === 0 ? undefined : largest;
}

/** The limit for a heap of so many MB, as Compose writes it; undefined: the usual one has room for it. What is no heap takes a quarter more. */
export const memoryForHeap = (heap: number): string | undefined =>
  heap < 384 ? undefined : `${Math.max(1, Math.ceil((heap * 1.25) / 1024))}G`;
