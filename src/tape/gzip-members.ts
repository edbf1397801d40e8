import type { FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** Bytes of a file that are of no sound gzip member, and why they are not used. */
export interface Hole {
  readonly why: string;
  /** How many bytes of the file were left out. */
  readonly bytes: number;
  /** True if a sound member follows, and reading went on there. */
  readonly goesOn: boolean;
}

/** What a gzip member begins with: its two magic bytes, and deflate as the method (RFC 1952 §2.3.1). */
const SIGNATURE = Buffer.from([0x1f, 0x8b, 0x08]);
const FIXED_HEADER = 10;
const TRAILER = 8;
const RESERVED_FLAGS = 0xe0;
const HEADER_CHECKSUM = 0x02;
const EXTRA_FIELD = 0x04;
/** Flags of the file's name and of its comment, which are texts that a zero byte ends. */
const TEXTS = [0x08, 0x10] as const;
/** Headers with a longer name or comment are not read. */
const MOST_HEADER = 1 << 13;

/** Small: this much text of zeros may come out of zlib a thousand times as long before it can be stopped. */
const READ_BYTES = 1 << 16;
const INFLATED_CHUNK = 1 << 16;
/** A member up to this size is inflated once and kept; a longer one is inflated twice, to prove it and to give it. */
const MOST_KEPT = 1 << 26;
/**
 * Where the next member may begin is tried so often in one hole, and so often over more than `LONG_TRIAL` bytes.
 * A file that is made to look like ten thousand members then costs a second, not a day.
 */
const MOST_TRIALS = 10_000;
const MOST_LONG_TRIALS = 16;
const LONG_TRIAL = 1 << 20;

const isControl = (byte: number): boolean => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;

/**
 * True if a file that begins with these bytes is read as gzip: also where its own beginning is damaged, which
 * is seen by a member that follows, or by the file's name and bytes that no text has.
 */
export const looksZipped = (first: Buffer, path: string): boolean =>
  (first[0] === 0x1f && first[1] === 0x8b) ||
  first.includes(SIGNATURE) ||
  (path.endsWith('.gz') && first.some(isControl));

/** The bytes of a file from `from` on: at least `least` of them, unless the file ends before. */
type Source = (from: number, least: number) => Promise<Buffer>;

function sourceOf(file: FileHandle): Source {
  let start = 0;
  let window = Buffer.alloc(0);
  return async (from, least) => {
    const ahead = start + window.length - from;
    if (from >= start && ahead >= least && ahead > 0) return window.subarray(from - start);
    const fresh = Buffer.allocUnsafe(READ_BYTES);
    let length = 0;
    while (length < READ_BYTES) {
      const { bytesRead } = await file.read(fresh, length, READ_BYTES - length, from + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    start = from;
    window = fresh.subarray(0, length);
    return window;
  };
}

/** Length of the member's header; undefined if these bytes begin none. */
function headerLength(bytes: Buffer): number | undefined {
  const flags = bytes[3] ?? RESERVED_FLAGS;
  if (bytes.indexOf(SIGNATURE) !== 0 || (flags & RESERVED_FLAGS) !== 0) return undefined;
  let length = FIXED_HEADER;
  if (flags & EXTRA_FIELD) {
    if (bytes.length < length + 2) return undefined;
    length += 2 + bytes.readUInt16LE(length);
  }
  for (const text of TEXTS) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end < 0) return undefined;
    length = end + 1;
  }
  if (flags & HEADER_CHECKSUM) {
    if (
      bytes.length < length + 2 ||
      bytes.readUInt16LE(length) !== (crc32(bytes.subarray(0, length)) & 0xffff)
    )
      return undefined;
    length += 2;
  }
  return length <= bytes.length ? length : undefined;
}

/** How a member ended: `next` is the byte after it, `reached` the byte up to which it was read. */
type MemberEnd =
  | { readonly kind: 'sound'; readonly next: number }
  | { readonly kind: 'broken'; readonly why: string; readonly reached: number };

/**
 * Inflates the member that begins at `start`, some chunks at a time. Only its end tells whether the chunks
 * were sound: CRC-32 and length of its trailer hold.
 */
async function* inflated(source: Source, start: number): AsyncGenerator<readonly Buffer[], MemberEnd> {
  const broken = (why: string, reached: number): MemberEnd => ({ kind: 'broken', why, reached });
  const header = headerLength(await source(start, MOST_HEADER));
  if (header === undefined) return broken('bytes that begin no gzip member', start);
  const inflate = createInflateRaw({ chunkSize: INFLATED_CHUNK });
  let chunks: Buffer[] = [];
  let crc = 0;
  let length = 0;
  let failure: string | undefined;
  let ended = false;
  inflate.on('data', (chunk: Buffer) => {
    crc = crc32(chunk, crc);
    length += chunk.length;
    chunks.push(chunk);
  });
  const settled = new Promise<void>((resolve) => {
    inflate.once('error', ({ message }) => {
      failure = message;
      resolve();
    });
    inflate.once('end', () => {
      ended = true;
      resolve();
    });
  });
  try {
    let at = start + header;
    while (!ended && failure === undefined) {
      const bytes = await source(at, 1);
      at += bytes.length;
      if (bytes.length === 0) {
        inflate.end();
        await settled;
        return broken(failure ?? 'unexpected end of file', at);
      }
      await Promise.race([settled, new Promise<void>((resolve) => inflate.write(bytes, () => resolve()))]);
      // The end of a stream is told a turn after the write that reached it.
      if (start + header + inflate.bytesWritten < at) await settled;
      const ready = chunks;
      chunks = [];
      if (ready.length > 0) yield ready;
    }
    if (failure !== undefined) return broken(failure, at);
    const end = start + header + inflate.bytesWritten;
    const trailer = await source(end, TRAILER);
    if (trailer.length < TRAILER) return broken('unexpected end of file', end);
    if (trailer.readUInt32LE(0) !== crc) return broken('its checksum does not hold', end);
    if (trailer.readUInt32LE(4) !== length % 2 ** 32) return broken('its length is not as it says', end);
    return { kind: 'sound', next: end + TRAILER };
  } finally {
    inflate.destroy();
  }
}

/** A member that was inflated to its end; `chunks` is undefined where they were too many to keep. */
type Proven = MemberEnd & { readonly chunks: readonly Buffer[] | undefined };

async function prove(source: Source, start: number): Promise<Proven> {
  const inflating = inflated(source, start);
  let chunks: Buffer[] | undefined = [];
  let length = 0;
  for (;;) {
    const step = await inflating.next();
    if (step.done) return { ...step.value, chunks };
    for (const chunk of step.value) length += chunk.length;
    if (length > MOST_KEPT) chunks = undefined;
    chunks?.push(...step.value);
  }
}

/** Where the next sound member begins after `from`, and the member; undefined if there is none. */
async function nextSound(
  source: Source,
  from: number,
): Promise<{ readonly at: number; readonly member: Proven } | undefined> {
  let long = 0;
  let trials = 0;
  for (let at = from; ; ) {
    const bytes = await source(at, SIGNATURE.length);
    if (bytes.length < SIGNATURE.length) return undefined;
    const found = bytes.indexOf(SIGNATURE);
    if (found < 0) {
      at += bytes.length - SIGNATURE.length + 1;
      continue;
    }
    at += found;
    const member = await prove(source, at);
    if (member.kind === 'sound') return { at, member };
    if (member.reached - at > LONG_TRIAL) long++;
    if (++trials >= MOST_TRIALS || long >= MOST_LONG_TRIALS) return undefined;
    at++;
  }
}

/**
 * The text of a gzip file of any number of members (RFC 1952 §2.2). A member is given only after its checksum
 * has held, so that nothing of a damaged one is used. Where bytes are of no sound member, reading goes on with
 * the next sound one, and `onHole` is told before its text is given. Throws the file system's errors, and
 * one sentence if the file changes while it is read.
 */
export async function* gunzipMembers(
  file: FileHandle,
  path: string,
  onHole: (hole: Hole) => void,
): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  const source = sourceOf(file);
  let next: Promise<Proven> | undefined;
  try {
    for (let at = 0; at < size; ) {
      let member: Proven = await (next ?? prove(source, at));
      next = undefined;
      if (member.kind === 'broken') {
        const { why } = member;
        const found = await nextSound(source, at + 1);
        onHole({ why, bytes: (found?.at ?? size) - at, goesOn: found !== undefined });
        if (!found) return;
        at = found.at;
        member = found.member;
      }
      if (member.kind === 'broken') return;
      const start = at;
      at = member.next;
      if (member.chunks) {
        // The next member is inflated on zlib's thread while the consumer works on this one.
        if (at < size) {
          next = prove(source, at);
          next.catch(() => {});
        }
        yield* member.chunks;
        continue;
      }
      const again = inflated(source, start);
      for (;;) {
        const step = await again.next();
        if (step.done && step.value.kind === 'broken')
          throw new Error(`${path}: changed while it was read (${step.value.why}): copy it first`);
        if (step.done) break;
        yield* step.value;
      }
    }
  } finally {
    await next?.catch(() => {});
  }
}
