import { crc32 } from 'node:zlib';

/** Batches of lines that a segment holds, and what of it cannot be read. */
export interface Segment {
  readonly batches: readonly (readonly string[])[];
  /** Batches that were changed on the disk, and are left out. */
  readonly damaged: number;
  /** Bytes after the last whole batch: its writer ended within a batch. */
  readonly tornBytes: number;
}

const HEADER = /^#batch lines=(\d{1,9}) bytes=(\d{1,9}) crc=([0-9a-f]{8})\n/;
const LONGEST_HEADER = 60;
const MARK = '\n#batch ';

interface Header {
  readonly lines: number;
  readonly crc: number;
  /** Where its lines begin and end in the segment. */
  readonly from: number;
  readonly until: number;
}

const headerAt = (bytes: Buffer, at: number): Header | undefined => {
  const found = HEADER.exec(bytes.toString('latin1', at, at + LONGEST_HEADER));
  if (!found) return undefined;
  const [{ length }, lines, size, crc] = found;
  const from = at + length;
  return { lines: Number(lines), crc: Number.parseInt(String(crc), 16), from, until: from + Number(size) };
};

/**
 * A batch as it is kept on disk: a comment with its checksum, then its lines. In the line protocol `#` begins
 * a comment, so a segment is itself a file that InfluxDB takes. Lines hold no line ends.
 */
export function batchBytes(lines: readonly string[]): Buffer {
  const body = Buffer.from(`${lines.join('\n')}\n`);
  const crc = crc32(body).toString(16).padStart(8, '0');
  return Buffer.concat([Buffer.from(`#batch lines=${lines.length} bytes=${body.length} crc=${crc}\n`), body]);
}

/** The number of lines in the whole batches of a segment, by their headers alone. */
export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; ) {
    const header = headerAt(bytes, at);
    if (!header || header.until > bytes.length) break;
    lines += header.lines;
    at = header.until;
  }
  return lines;
}

/** Reads a segment. What was changed on the disk is left out and counted, and the rest is read all the same. */
export function readSegment(bytes: Buffer): Segment {
  const batches: (readonly string[])[] = [];
  let damaged = 0;
  let at = 0;
  while (at < bytes.length) {
    const header = headerAt(bytes, at);
    if (header && header.until <= bytes.length) {
      const body = bytes.subarray(header.from, header.until);
      const whole = crc32(body) === header.crc && body.at(-1) === 0x0a;
      if (whole) {
        batches.push(body.toString('utf8', 0, body.length - 1).split('\n'));
        at = header.until;
        continue;
      }
    }
    // Damage or a torn end: the next header, if there is one, tells which.
    const next = bytes.indexOf(MARK, at + 1);
    if (next === -1)
      return header && header.until <= bytes.length
        ? { batches, damaged: damaged + 1, tornBytes: 0 }
        : { batches, damaged, tornBytes: bytes.length - at };
    damaged += 1;
    at = next + 1;
  }
  return { batches, damaged, tornBytes: 0 };
}
