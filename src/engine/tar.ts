/** What a header of a tar file says of the entry that follows it. */
export type TarHeader = {
  readonly name: string;
  readonly size: number;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly mode: number;
};

/** Takes the chunks of one entry's content, if the reader wants them. */
export type OnEntry = (header: TarHeader) => ((chunk: Buffer) => void) | undefined;

const text = (block: Buffer, start: number, length: number): string => {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
};

/** Numbers are octal text, or, above 8 GB, big-endian bytes with the top bit set (GNU). */
function number(block: Buffer, start: number, length: number): number {
  if (((block[start] ?? 0) & 0x80) !== 0) {
    let value = (block[start] ?? 0) & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i] ?? 0);
    return value;
  }
  return Number.parseInt(text(block, start, length).trim() || '0', 8);
}

type Raw = { readonly name: string; readonly size: number; readonly flag: string; readonly mode: number };

/** Reads one 512-byte header block; undefined for the empty blocks at the end. */
export function readHeader(block: Buffer): Raw | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const prefix = text(block, 257, 8) === 'ustar' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: number(block, 124, 12),
    flag: String.fromCharCode(block[156] || 48),
    mode: number(block, 100, 8),
  };
}

const kinds: Readonly<Record<string, TarHeader['type']>> = {
  '0': 'file',
  '7': 'file',
  '5': 'directory',
  '1': 'link',
  '2': 'link',
};

/** The records of a pax header: `length key=value\n`, the length counting itself, in bytes. */
export function paxRecords(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(32, at);
    const length = Number.parseInt(content.toString('utf8', at, space), 10);
    if (space < 0 || !(length > 0)) break;
    const record = content.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/**
 * Reads a tar file from chunks of any size and calls `onEntry` for each entry, long names resolved. Returns the bytes read, which
 * is the unpacked size of a layer.
 */
export async function readTar(chunks: AsyncIterable<Buffer>, onEntry: OnEntry): Promise<number> {
  const state = { longName: '', paxName: '', paxSize: '', total: 0 };
  let pending: Buffer = Buffer.alloc(0);
  let body = 0;
  let padding = 0;
  let sink: ((chunk: Buffer) => void) | undefined;
  let ended: (() => void) | undefined;

  for await (const chunk of chunks) {
    state.total += chunk.length;
    let data = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    for (;;) {
      if (body > 0) {
        if (data.length === 0) break;
        const part = data.subarray(0, body);
        sink?.(part);
        body -= part.length;
        data = data.subarray(part.length);
        if (body === 0) ended?.();
        continue;
      }
      if (padding > 0) {
        const skipped = Math.min(padding, data.length);
        padding -= skipped;
        data = data.subarray(skipped);
        if (padding > 0) break;
        continue;
      }
      if (data.length < 512) break;
      const raw = readHeader(data.subarray(0, 512));
      data = data.subarray(512);
      if (!raw) continue;
      const meta = metaSink(raw, state);
      if (meta) {
        [sink, ended] = meta;
        body = raw.size;
      } else {
        const header = entryOf(raw, state);
        sink = onEntry(header);
        ended = undefined;
        body = header.size;
      }
      padding = (512 - (body % 512)) % 512;
    }
    pending = Buffer.from(data);
  }
  return state.total;
}

type Names = { longName: string; paxName: string; paxSize: string };

/** Headers that only speak of the next one: GNU long names and pax records. */
function metaSink(raw: Raw, state: Names): [(chunk: Buffer) => void, () => void] | undefined {
  if (!['L', 'K', 'x', 'g'].includes(raw.flag)) return undefined;
  const parts: Buffer[] = [];
  const end = () => {
    const content = Buffer.concat(parts);
    if (raw.flag === 'L') state.longName = text(content, 0, content.length);
    if (raw.flag === 'x') {
      const records = paxRecords(content);
      state.paxName = records.get('path') ?? '';
      state.paxSize = records.get('size') ?? '';
    }
  };
  return [(chunk) => parts.push(Buffer.from(chunk)), end];
}

function entryOf(raw: Raw, state: Names): TarHeader {
  const type = kinds[raw.flag] ?? 'other';
  const size = state.paxSize ? Number(state.paxSize) : raw.size;
  const header = {
    name: (state.paxName || state.longName || raw.name).replace(/^\.?\//, ''),
    size: type === 'file' || type === 'other' ? size : 0,
    type,
    mode: raw.mode,
  };
  state.longName = '';
  state.paxName = '';
  state.paxSize = '';
  return header;
}
