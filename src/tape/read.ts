import { isAscii } from 'node:buffer';
import type { Frame } from '../domain/frame.ts';
import { DAY, type Micros } from '../domain/time.ts';
import { type Venue, venueNames } from '../domain/venues.ts';
import { readBlocks } from './blocks.ts';
import type { Hole } from './gzip-members.ts';
import { OWN_COLUMN, readOwnLine, type TapeSegment } from './line.ts';
import type { TapeProblem } from './problem.ts';
import { type StrayLine, strays } from './strays.ts';

const NANOS_DIGITS = 19;
const EXCERPT = 200;
const TAB = 0x09;
const RETURN = 0x0d;
const VENUES: ReadonlyMap<string, Venue> = new Map(venueNames.map((venue) => [venue, venue]));

/**
 * Frames of a tape, plain or gzip, in batches of one block each: `receive time in ns TAB venue TAB frame`,
 * one line a frame. Our own recordings also have lines of venue `voltage`, whose JSON is a frame that does
 * not come from a venue. The mark of a part goes to `onSegment`. Times are truncated to microseconds, not
 * rounded. A line that is not a frame is reported to `onProblem` and left out, and so is one whose time is
 * more than a day away from the lines on both its sides; blank lines are ignored. Of a damaged gzip tape the
 * frames of its sound members are given, and a `damaged` problem for each hole, before the frames after it.
 * Time never goes backwards: a frame stamped before its predecessor gets the predecessor's time. Throws the
 * file system's errors, and one sentence for a line that is too long to be one. `blocks` are the file's lines
 * where the caller reads the file itself, and hears of its holes.
 */
export async function* readTape(
  path: string,
  onProblem: (problem: TapeProblem) => void = () => {},
  onSegment: (segment: TapeSegment) => void = () => {},
  blocks?: AsyncIterable<Buffer>,
): AsyncGenerator<readonly Frame[]> {
  let line = 0;
  let previous: Micros = 0;
  let backwards = 0;
  let largestMicros = 0;
  let frames: Frame[] = [];
  const badAt = (number: number, why: string, text: string): void =>
    onProblem({ kind: 'badLine', path, line: number, why, excerpt: text.slice(0, EXCERPT) });
  const waiting = strays();

  /** Takes the line `text[first, end)`, whose time is near the one before. */
  const take = (number: number, stamp: Micros, text: string, first: number, end: number): void => {
    const bad = (why: string): void => badAt(number, why, text.slice(first, end));
    const venueStart = first + NANOS_DIGITS + 1;
    const tab = text.indexOf('\t', venueStart);
    const column = tab < 0 ? '' : text.slice(venueStart, tab);
    const venue = VENUES.get(column);
    const own = column === OWN_COLUMN;
    if ((venue === undefined && !own) || tab + 1 === end) {
      bad(venue || own ? 'the frame is empty' : `the venue must be one of ${venueNames.join(', ')}`);
      return;
    }
    if (stamp < previous) {
      backwards += 1;
      largestMicros = Math.max(largestMicros, previous - stamp);
    } else {
      previous = stamp;
    }
    if (venue !== undefined) {
      frames.push({ kind: 'wire', at: previous, venue, text: text.slice(tab + 1, end) });
      return;
    }
    const read = readOwnLine(text.slice(tab + 1, end), previous);
    if (read.kind === 'frame') frames.push(read.frame);
    else if (read.kind === 'segment') onSegment(read.segment);
    else bad(read.why);
  };
  /** Takes or refuses the lines that waited for their neighbours. */
  const settle = (lines: readonly StrayLine[]): void => {
    for (const { line: number, stamp, text, away } of lines) {
      if (away !== undefined) {
        badAt(number, away, text);
        continue;
      }
      const jumped = previous > 0 && stamp - previous > DAY ? stamp - previous : undefined;
      const before = frames.length;
      take(number, stamp, text, 0, text.length);
      if (jumped !== undefined && frames[before]?.kind !== 'session')
        onProblem({ kind: 'jump', path, line: number, micros: jumped });
    }
  };

  const hole = (why: string, { bytes, goesOn }: Hole): void =>
    onProblem({ kind: 'damaged', path, afterLine: line, why, bytes, goesOn });

  for await (const block of blocks ?? readBlocks(path, hole)) {
    const text = block.toString(isAscii(block) ? 'latin1' : 'utf8');
    frames = [];
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const next = newline < 0 ? text.length : newline;
      const end = next > start && text.charCodeAt(next - 1) === RETURN ? next - 1 : next;
      const first = start;
      start = next + 1;
      line += 1;
      if (end === first) continue;

      const stamp = text.charCodeAt(first + NANOS_DIGITS) === TAB ? microsAt(text, first) : undefined;
      if (stamp === undefined)
        badAt(
          line,
          'a line must begin with its receive time, 19 digits of nanoseconds, and a tab',
          text.slice(first, end),
        );
      else if (waiting.none() && stamp - previous <= DAY && previous - stamp <= DAY)
        take(line, stamp, text, first, end);
      else settle(waiting.add(previous, { line, stamp, text: text.slice(first, end) }));
    }
    if (frames.length > 0) yield frames;
  }
  frames = [];
  settle(waiting.end(previous));
  if (frames.length > 0) yield frames;
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
