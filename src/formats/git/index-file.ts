/** The index of git (`.git/index`), read as data: git-scm.com/docs/index-format, versions 2 to 4. */

/** One file of the index. Paths keep their bytes, one character a byte ("latin1"). */
export type IndexEntry = {
  readonly path: string;
  /** permissions and type as git keeps them: 100644, 100755, 120000 (link), 160000 (submodule), 040000 (folder of a sparse index), in octal */
  readonly mode: number;
  /** of the content, in hex digits */
  readonly hash: string;
  /** what the file was when it was compared last: seconds, nanoseconds, and the size modulo 2^32 */
  readonly modified: { readonly seconds: number; readonly nanoseconds: number };
  readonly size: number;
  /** what nobody can choose who packs an archive: when the file was changed on this disk, and its number there (modulo 2^32) */
  readonly changed: { readonly seconds: number; readonly nanoseconds: number };
  readonly inode: number;
  /** 0: an ordinary entry; else one side of a conflict */
  readonly stage: number;
  readonly assumeValid: boolean;
  readonly skipWorktree: boolean;
  readonly intentToAdd: boolean;
};

/** The entries in the order of the file, or why they cannot be read. */
export type IndexFile = { readonly entries: readonly IndexEntry[] } | { readonly unsupported: string };

const FIXED = 40;
/** No disk holds longer paths; an index of version 4 could make a gigabyte of a few hundred kilobytes with them. Bytes. */
const MAX_PATH = 4096;

const CUT_SHORT = { unsupported: 'the Git index is truncated, or has a path that is too long' } as const;

type Cursor = {
  readonly bytes: Buffer;
  readonly version: number;
  readonly hashLength: number;
  at: number;
  path: string;
};

/** Reads an index. `hashLength` is that of the repository's hashes in bytes: 20 for SHA-1, 32 for SHA-256. */
export function parseIndex(content: Uint8Array, hashLength: 20 | 32): IndexFile {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < 12 + hashLength || bytes.toString('latin1', 0, 4) !== 'DIRC')
    return { unsupported: 'the Git index is not valid' };
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return { unsupported: `the Git index has version ${version}` };
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - hashLength;
  const cursor: Cursor = { bytes: bytes.subarray(0, end), version, hashLength, at: 12, path: '' };
  const entries: IndexEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const entry = readEntry(cursor);
    if (!entry) return CUT_SHORT;
    entries.push(entry);
  }
  const unsupported = requiredExtension(cursor.bytes, cursor.at);
  return unsupported ? { unsupported } : { entries };
}

function readEntry(cursor: Cursor): IndexEntry | undefined {
  const { bytes, version, hashLength } = cursor;
  const start = cursor.at;
  let at = start + FIXED + hashLength + 2;
  if (at > bytes.length) return undefined;
  const flags = bytes.readUInt16BE(at - 2);
  const isExtended = version > 2 && (flags & 0x4000) !== 0;
  if (isExtended && at + 2 > bytes.length) return undefined;
  const more = isExtended ? bytes.readUInt16BE(at) : 0;
  if (isExtended) at += 2;
  let kept = '';
  if (version === 4) {
    const removed = readOffset(bytes, at);
    if (!removed || removed.value > cursor.path.length) return undefined;
    kept = cursor.path.slice(0, cursor.path.length - removed.value);
    at = removed.at;
  }
  const end = bytes.indexOf(0, at);
  if (end === -1 || kept.length + end - at > MAX_PATH) return undefined;
  cursor.path = kept + bytes.toString('latin1', at, end);
  // versions 2 and 3 fill up to a multiple of eight bytes, with one NUL at least
  cursor.at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  return {
    path: cursor.path,
    mode: bytes.readUInt32BE(start + 24),
    hash: bytes.toString('hex', start + FIXED, start + FIXED + hashLength),
    modified: { seconds: bytes.readUInt32BE(start + 8), nanoseconds: bytes.readUInt32BE(start + 12) },
    size: bytes.readUInt32BE(start + 36),
    changed: { seconds: bytes.readUInt32BE(start), nanoseconds: bytes.readUInt32BE(start + 4) },
    inode: bytes.readUInt32BE(start + 20),
    stage: (flags >> 12) & 3,
    assumeValid: (flags & 0x8000) !== 0,
    skipWorktree: (more & 0x4000) !== 0,
    intentToAdd: (more & 0x2000) !== 0,
  };
}

/** A number of any length: seven bits a byte, each byte that goes on counting one more (as in packs). */
function readOffset(bytes: Buffer, start: number): { value: number; at: number } | undefined {
  let at = start;
  let byte = bytes[at];
  if (byte === undefined) return undefined;
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    at += 1;
    byte = bytes[at];
    if (byte === undefined || value > 0xffffff) return undefined;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, at: at + 1 };
}

/** Extensions whose names begin in lower case have to be understood; a sparse index is, one that is split over two files is not. */
function requiredExtension(bytes: Buffer, start: number): string | undefined {
  for (let at = start; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    const name = bytes.toString('latin1', at, at + 4);
    if (!/^[A-Z]/.test(name) && name !== 'sdir')
      return name === 'link' ? 'the Git index is split over two files' : 'the Git index has an unknown extension';
  }
  return undefined;
}
