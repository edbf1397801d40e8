import type { MinuteBar } from '../../src/domain/bars.ts';
import { FILL_LIMIT_MINUTES } from '../../src/domain/fill-limit.ts';
import { DAY, MINUTE, type Micros } from '../../src/domain/time.ts';
import type { TapeFile } from '../../src/tape/sessions.ts';

/** How much history warms a session: the week of the longest feature, and a day for holes. */
export const HISTORY_MICROS = 8 * DAY;

/** The bars of a file that warm a session which begins at `at`. */
export const closedBefore = (bars: readonly MinuteBar[], at: Micros): readonly MinuteBar[] => {
  let end = bars.length;
  while (end > 0 && (bars[end - 1]?.openAt ?? 0) + MINUTE > at) end--;
  let from = end;
  while (from > 0 && (bars[from - 1]?.openAt ?? 0) >= at - HISTORY_MICROS) from--;
  return bars.slice(from, end);
};

/** True if this tape is the next part of the recording that `before` belongs to. */
export const continues = (before: TapeFile | undefined, { segment }: TapeFile): boolean =>
  segment !== undefined &&
  before?.segment?.session === segment.session &&
  before.segment.part + 1 === segment.part;

const shown = (at: Micros): string => `${new Date(at / 1_000).toISOString().slice(0, 16)}Z`;
const lengthOf = (micros: Micros): string =>
  micros >= DAY ? `${(micros / DAY).toFixed(1)} days` : `${Math.round(micros / MINUTE)} minutes`;

/**
 * What a file of history does not cover of the tapes, a sentence each. Throws if it serves none of them, and
 * one of them needs it.
 */
export function historyCoverage(
  path: string,
  bars: readonly MinuteBar[],
  tapes: readonly TapeFile[],
): readonly string[] {
  const needing = tapes.filter((tape, i) => !tape.opensSession && !continues(tapes[i - 1], tape));
  const served = needing.map((tape) => ({ tape, last: closedBefore(bars, tape.firstAt).at(-1) }));
  const [first] = tapes;
  if (first && tapes.every(({ firstAt }) => closedBefore(bars, firstAt).length === 0)) {
    const nothing = `${path} has no bar in the ${HISTORY_MICROS / DAY} days before ${first.path} begins (${shown(first.firstAt)})${bars[0] ? `; its first bar there is of ${shown(bars[0].openAt)}` : ''}`;
    if (needing.length > 0)
      throw new Error(`history: ${nothing}; name a file that covers them, or leave it out`);
    return [`history: ${nothing}; the tapes bring their own`];
  }
  return served.flatMap(({ tape: { path: tape, firstAt }, last }) => {
    if (!last) return [`history: ${path} has no bar in the days before ${tape}; its session begins cold`];
    const missing = firstAt - (last.openAt + MINUTE);
    return missing > FILL_LIMIT_MINUTES * MINUTE
      ? [
          `history: ${path} ends ${lengthOf(missing)} before ${tape} begins (${shown(last.openAt)}); the minutes between are a hole`,
        ]
      : [];
  });
}
