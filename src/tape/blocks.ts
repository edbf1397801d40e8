import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const READ_BYTES = 65_536;
const NEWLINE = 0x0a;

/**
 * Whole lines of a plain or gzip file, in blocks of up to some megabytes that end where a line ends.
 * Compression is recognised by the file's first two bytes (RFC 1952 §2.3.1), not by its name. If a gzip
 * stream is cut or corrupt, the complete lines before the damage are yielded, then `onDamage` is called; the
 * unfinished line is dropped. Throws the file system's errors.
 */
export async function* readBlocks(path: string, onDamage: (why: string) => void): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let damage: string | undefined;
  const chunks = readChunks(path, (why) => {
    damage = why;
  });
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const whole = chunk.subarray(0, end);
    yield rest.length === 0 ? whole : Buffer.concat([rest, whole]);
    rest = chunk.subarray(end);
  }
  if (damage !== undefined) onDamage(damage);
  else if (rest.length > 0) yield rest;
}

async function* readChunks(path: string, onDamage: (why: string) => void): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = createReadStream(path, { highWaterMark: READ_BYTES })[
    Symbol.asyncIterator
  ]();
  try {
    const first = await chunks.next();
    if (first.done) return;
    const all = prepend(first.value, chunks);
    const zipped = first.value[0] === 0x1f && first.value[1] === 0x8b;
    yield* zipped ? inflate(all, onDamage) : all;
  } finally {
    await chunks.return?.();
  }
}

async function* prepend(first: Buffer, others: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await others.next(); !next.done; next = await others.next()) yield next.value;
}

// This is not a pipe, because an iterator over a failed stream drops its buffer, which here is good data.
async function* inflate(
  chunks: AsyncIterable<Buffer>,
  onDamage: (why: string) => void,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  let inflated: Buffer[] = [];
  let damage: string | undefined;
  const failed = new Promise<void>((resolve) => {
    gunzip.once('error', (error) => {
      damage = error.message;
      resolve();
    });
  });
  gunzip.on('data', (data: Buffer) => inflated.push(data));
  const ended = new Promise<void>((resolve) => gunzip.once('end', resolve));
  const feed = (chunk: Buffer): Promise<void> =>
    Promise.race([failed, new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()))]);
  const take = (): Buffer => {
    const taken = Buffer.concat(inflated);
    inflated = [];
    return taken;
  };
  try {
    let fed = Promise.resolve();
    for await (const chunk of chunks) {
      await fed;
      if (damage !== undefined) break;
      const ready = take();
      // The next chunk is inflated on zlib's thread while the consumer works on this one.
      fed = feed(chunk);
      if (ready.length > 0) yield ready;
    }
    await fed;
    if (damage === undefined) {
      gunzip.end();
      await Promise.race([failed, ended]);
    }
    const last = take();
    if (last.length > 0) yield last;
    if (damage !== undefined) onDamage(damage);
  } finally {
    gunzip.destroy();
  }
}
