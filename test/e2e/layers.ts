import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** The needles that stand in some file below a folder; layers are unpacked first. */
export async function foundBelow(folder: string, needles: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const keep = Math.max(...needles.map((needle) => needle.length));
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const [head] = await createReadStream(path, { end: 1 }).toArray();
    const packed = Buffer.isBuffer(head) && head[0] === 0x1f && head[1] === 0x8b;
    const raw = createReadStream(path);
    let tail = '';
    for await (const chunk of packed ? raw.pipe(createGunzip()) : raw) {
      const text = tail + (chunk as Buffer).toString('latin1');
      for (const needle of needles) if (text.includes(needle)) found.add(needle);
      tail = text.slice(-keep);
    }
  }
  return found;
}

/** A value as a file or a header might carry it. */
export const forms = (value: string): readonly string[] => [
  value,
  Buffer.from(value).toString('base64').slice(0, -4),
  Buffer.from(`:${value}`).toString('base64').slice(4, -4),
  Buffer.from(value).toString('hex'),
];
