import { existsSync, readFileSync } from 'node:fs';

/** The write-ahead log of a database file. */
export const walOf = (path: string): string => `${path}-wal`;

const HEADER = 32;
const FRAME_HEADER = 24;
/** The magic number's last bit says which way round the words of the checksums are. */
const MAGIC = 0x377f0682;

/**
 * Whether each byte of a database's write-ahead log is as it was written, by the log's own checksums
 * (sqlite.org/fileformat2.html, "The Write-Ahead Log"): a sentence if not. SQLite itself would take a frame
 * that does not hold for the end of the log and drop all after it. A last frame that is shorter than a page
 * is one that was not written to its end. `frames` is how many there are.
 */
export function walHolds(path: string): { readonly frames: number; readonly why?: string } {
  const file = walOf(path);
  const log = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (log.length < HEADER) return { frames: 0 };
  const magic = log.readUInt32BE(0);
  if (magic !== MAGIC && magic !== MAGIC + 1) return { frames: 0, why: `${file} is no write-ahead log` };
  const word = magic === MAGIC ? (at: number) => log.readUInt32LE(at) : (at: number) => log.readUInt32BE(at);
  let a = 0;
  let b = 0;
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 8) {
      a = (a + word(at) + b) >>> 0;
      b = (b + word(at + 4) + a) >>> 0;
    }
  };
  const is = (at: number): boolean => a === log.readUInt32BE(at) && b === log.readUInt32BE(at + 4);
  add(0, 24);
  if (!is(24)) return { frames: 0, why: `the head of ${file} was changed` };
  const pageBytes = log.readUInt32BE(8);
  const frameBytes = FRAME_HEADER + pageBytes;
  let frames = 0;
  for (let at = HEADER; at + frameBytes <= log.length; at += frameBytes) {
    add(at, at + 8);
    add(at + FRAME_HEADER, at + frameBytes);
    frames++;
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0 || !is(at + 16))
      return { frames, why: `frame ${frames} of ${file} was changed` };
  }
  return { frames };
}
