import { DAY, type Micros } from '../domain/time.ts';

/** A line whose time is far from the line before it. */
export interface StrayLine {
  readonly line: number;
  readonly stamp: Micros;
  readonly text: string;
  /** Why the line is a bad one; undefined if its time is to be believed. */
  readonly away?: string | undefined;
}

/** Lines that wait until what follows tells whether their times are to be believed. */
export interface Strays {
  readonly none: () => boolean;
  /** Takes the next line; `before` is the time reached. Returns the lines that are decided, in order. */
  readonly add: (before: Micros, line: StrayLine) => readonly StrayLine[];
  /** Decides all lines that still wait, since none follows. */
  readonly end: (before: Micros) => readonly StrayLine[];
}

/** So many lines in a row that do not come back are no mistake of a stamp. */
const MOST_WAITING = 64;

const near = (a: Micros, b: Micros): boolean => Math.abs(a - b) <= DAY;

const sentenceOf = (micros: number): string =>
  `its time is ${(Math.abs(micros) / DAY).toFixed(1)} days ${micros < 0 ? 'before' : 'after'} the lines beside it`;

/**
 * Decides which of the lines whose time leaps by more than a day are believed. A leap backwards never is. A
 * leap forward is if the lines after it stay there: 64 of them, or all up to the tape's end if they are two
 * or more. At the beginning of a tape, two neighbours that agree tell the time.
 */
export function strays(): Strays {
  let waiting: StrayLine[] = [];

  /** `time` is what to believe; lines far from it are bad. */
  const decided = (time: Micros): readonly StrayLine[] => {
    const lines = waiting.map((line) =>
      near(line.stamp, time) ? line : { ...line, away: sentenceOf(line.stamp - time) },
    );
    waiting = [];
    return lines;
  };
  /** The time leapt, for good: lines with a neighbour that agrees are believed, the others are bad. */
  const leapt = (before: Micros): readonly StrayLine[] => {
    const lines = waiting;
    waiting = [];
    let reached = before;
    return lines.map((line, i) => {
      const { stamp } = line;
      const agrees = [lines[i - 1], lines[i + 1]].some((other) => other && near(other.stamp, stamp));
      if (!agrees || stamp < reached - DAY) return { ...line, away: sentenceOf(stamp - reached) };
      reached = Math.max(reached, stamp);
      return line;
    });
  };

  return {
    none: () => waiting.length === 0,
    add: (before, line) => {
      const neighbour = waiting.at(-1);
      waiting.push(line);
      const { stamp } = line;
      // Nothing waited, so that the line before it is the one that told the time.
      if (!neighbour && stamp < before - DAY) return decided(before);
      if (before > 0 && near(stamp, before)) return decided(before);
      if (before === 0 && neighbour && near(neighbour.stamp, stamp)) return decided(stamp);
      return waiting.length >= MOST_WAITING ? leapt(before) : [];
    },
    end: (before) => (before === 0 ? decided(waiting[0]?.stamp ?? 0) : leapt(before)),
  };
}
