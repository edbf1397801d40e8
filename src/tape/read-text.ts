import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fileSentence } from './file-sentence.ts';

const READ_BYTES = 65_536;
const NEWLINE = 0x0a;
/** No file that is read here has lines of even a hundredth of this. */
const MOST_LINE_BYTES = 1 << 20;

/** How other formats begin, and what to do about them. */
const FOREIGN: readonly (readonly [start: string, what: string])[] = [
  ['504b0304', 'a ZIP archive; unpack it and name the file inside'],
  ['28b52ffd', 'compressed with zstd; unpack it first'],
  ['fd377a585a00', 'compressed with xz; unpack it first'],
  ['425a68', 'compressed with bzip2; unpack it first'],
  ['50415231', 'a Parquet file; export it as CSV'],
];

const GZIP = '1f8b';

/**
 * The text of a user's file as UTF-8, in blocks of whole lines, without a byte order mark. It is the one way
 * in which such files are opened: plain or gzip (told by the first bytes, not by the name), UTF-8 with or
 * without a mark, UTF-16 with one. Line ends stay as they are. Throws one sentence with the path for a file
 * that is not there, is a folder, is damaged, is of another format or encoding, or has a line above 1 MiB;
 * it begins with `reader`, the name of what reads.
 */
export async function* readText(path: string, reader: string): AsyncGenerator<Buffer> {
  const refuse = (what: string): never => {
    throw new Error(`${reader}: ${path}: ${what}`);
  };
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const checked = (block: Buffer): Buffer => {
    if (block.includes(0)) refuse('the file holds zero bytes, it is no text; save it as UTF-8');
    if (!isUtf8(block)) refuse('the file is not UTF-8; save it as UTF-8');
    return block;
  };
  for await (const chunk of decoded(path, reader, refuse)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield checked(Buffer.concat([...waiting, chunk.subarray(0, end)]));
      waiting = [];
      waitingBytes = 0;
    }
    if (end < chunk.length) {
      waiting.push(chunk.subarray(end));
      waitingBytes += chunk.length - end;
    }
    if (waitingBytes > MOST_LINE_BYTES) refuse('a line is longer than 1 MiB; this is no table of short rows');
  }
  if (waitingBytes > 0) yield checked(Buffer.concat(waiting));
}

/** The same text in UTF-8, whatever it was encoded in. */
async function* decoded(
  path: string,
  reader: string,
  refuse: (what: string) => never,
): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let first = true;
  const utf16 = (bytes: Buffer | undefined, more: boolean): Buffer => {
    try {
      return Buffer.from(decoder?.decode(bytes, { stream: more }) ?? '');
    } catch {
      return refuse('the file is damaged UTF-16; save it as UTF-8');
    }
  };
  for await (const chunk of filled(inflated(path, reader, refuse))) {
    let bytes = chunk;
    if (first) {
      first = false;
      const start = bytes.toString('hex', 0, 6);
      const foreign = FOREIGN.find(([magic]) => start.startsWith(magic));
      if (foreign) refuse(`the file is ${foreign[1]}`);
      if (start.startsWith(GZIP)) refuse('the file is compressed twice; unpack it once');
      if (start.startsWith('fffe')) decoder = new TextDecoder('utf-16le', { fatal: true });
      else if (start.startsWith('feff')) decoder = new TextDecoder('utf-16be', { fatal: true });
      else if (start.startsWith('efbbbf')) bytes = bytes.subarray(3);
    }
    yield decoder ? utf16(bytes, true) : bytes;
  }
  if (decoder) yield utf16(undefined, false);
}

/** The same bytes, the first chunk with at least enough of them to tell a format. */
async function* filled(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) yield chunk;
    else {
      start = Buffer.concat([start, chunk]);
      if (start.length < 6) continue;
      yield start;
      start = undefined;
    }
  }
  if (start !== undefined && start.length > 0) yield start;
}

async function* inflated(
  path: string,
  reader: string,
  refuse: (what: string) => never,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  const source = filled(file)[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    if (first.done) return;
    const whole = async function* (): AsyncGenerator<Buffer> {
      yield first.value;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    };
    if (!first.value.toString('hex', 0, 2).startsWith(GZIP)) yield* whole();
    else {
      // An error of either stream destroys the other, and is thrown where the text is read.
      const gunzip = pipeline(whole, createGunzip({ chunkSize: READ_BYTES }), () => {});
      yield* gunzip as AsyncIterable<Buffer>;
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) refuse(`the gzip file is damaged, fetch it again (${message})`);
    if (code === undefined) throw cause;
    throw new Error(`${reader}: ${fileSentence(path, cause)}`);
  } finally {
    file.destroy();
  }
}
