import { isAscii } from 'node:buffer';
import type { Frame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import { type Venue, venueNames } from '../domain/venues.ts';
import { readBlocks } from './blocks.ts';
import { OWN_COLUMN, readOwnLine, type TapeSegment } from './line.ts';
import type { TapeProblem } from './problem.ts';

const NANOS_DIGITS = 19;
const EXCERPT = 200;
const TAB = 0x09;
const RETURN = 0x0d;
const VENUES: ReadonlyMap<string, Venue> = new Map(venueNames.map((venue) => [venue, venue]));

/**
 * Frames of a tape, plain or gzip, in batches of one block each: `receive time in ns TAB venue TAB frame`,
 * one line a frame. Our own recordings also have lines of venue `voltage`, whose JSON is a frame that does
 * not come from a venue. The mark of a part goes to `onSegment`. Times are truncated to microseconds, not
 * rounded. A line that is not a frame is reported to `onProblem` and left out; blank lines are ignored. A
 * tape that is cut gives the frames before the cut and a `damaged` problem. Time never goes backwards: a
 * frame stamped before its predecessor gets the predecessor's time. Throws only the file system's errors.
 */
export async function* readTape(
  path: string,
  onProblem: (problem: TapeProblem) => void = () => {},
  onSegment: (segment: TapeSegment) => void = () => {},
): AsyncGenerator<readonly Frame[]> {
  let line = 0;
  let previous: Micros = 0;
  let backwards = 0;
  let largestMicros = 0;
  const bad = (why: string, text: string): void =>
    onProblem({ kind: 'badLine', path, line, why, excerpt: text.slice(0, EXCERPT) });
  const damaged = (why: string): void => onProblem({ kind: 'damaged', path, afterLine: line, why });

  for await (const block of readBlocks(path, damaged)) {
    const text = block.toString(isAscii(block) ? 'latin1' : 'utf8');
    const frames: Frame[] = [];
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const next = newline < 0 ? text.length : newline;
      const end = next > start && text.charCodeAt(next - 1) === RETURN ? next - 1 : next;
      const first = start;
      start = next + 1;
      line += 1;
      if (end === first) continue;

      const stamp = text.charCodeAt(first + NANOS_DIGITS) === TAB ? microsAt(text, first) : undefined;
      if (stamp === undefined) {
        bad(
          'a line must begin with its receive time, 19 digits of nanoseconds, and a tab',
          text.slice(first, end),
        );
        continue;
      }
      const venueStart = first + NANOS_DIGITS + 1;
      const tab = text.indexOf('\t', venueStart);
      const column = tab < 0 ? '' : text.slice(venueStart, tab);
      const venue = VENUES.get(column);
      const own = column === OWN_COLUMN;
      if ((venue === undefined && !own) || tab + 1 === end) {
        bad(
          venue || own ? 'the frame is empty' : `the venue must be one of ${venueNames.join(', ')}`,
          text.slice(first, end),
        );
        continue;
      }
      if (stamp < previous) {
        backwards += 1;
        largestMicros = Math.max(largestMicros, previous - stamp);
      } else {
        previous = stamp;
      }
      if (venue !== undefined) {
        frames.push({ kind: 'wire', at: previous, venue, text: text.slice(tab + 1, end) });
        continue;
      }
      const read = readOwnLine(text.slice(tab + 1, end), previous);
      if (read.kind === 'frame') frames.push(read.frame);
      else if (read.kind === 'segment') onSegment(read.segment);
      else bad(read.why, text.slice(first, end));
    }
    if (frames.length > 0) yield frames;
  }
  if (backwards > 0) onProblem({ kind: 'backwards', path, lines: backwards, largestMicros });
}

// Parsed digit by digit: a double cannot hold nineteen digits, and a BigInt for each line is slow.
function microsAt(text: string, start: number): Micros | undefined {
  let micros = 0;
  for (let at = start; at < start + NANOS_DIGITS; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    if (at < start + NANOS_DIGITS - 3) micros = micros * 10 + digit;
  }
  return micros;
}
