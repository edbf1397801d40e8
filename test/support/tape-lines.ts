import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { WireFrame } from '../../src/domain/frame.ts';
import type { Venue } from '../../src/domain/venues.ts';
import { dataPath } from './data.ts';

/** Names of the recorded tapes, oldest first. */
export const tapeNames = (): readonly string[] =>
  readdirSync(dataPath('tapes'))
    .filter((name) => name.endsWith('.tape.gz'))
    .sort();

/** Frames of one recorded tape in order. Unpacks it whole (tens of megabytes), which is several times faster than by lines. */
export function* tapeFrames(name: string): Generator<WireFrame> {
  const text = gunzipSync(readFileSync(dataPath('tapes', name))).toString('utf8');
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf('\n', start);
    const end = stop < 0 ? text.length : stop;
    const venueAt = text.indexOf('\t', start) + 1;
    const frameAt = text.indexOf('\t', venueAt) + 1;
    yield {
      kind: 'wire',
      // Receipt is in nanoseconds, 19 digits: the first 16 are microseconds.
      at: Number(text.slice(start, start + 16)),
      venue: text.slice(venueAt, frameAt - 1) as Venue,
      text: text.slice(frameAt, end),
    };
    start = end + 1;
  }
}
