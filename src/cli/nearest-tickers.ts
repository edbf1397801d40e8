import type { Micros } from '../domain/time.ts';

const MOST = 5;

/** Length of the common beginning. */
const common = (one: string, other: string): number => {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
};

/**
 * The tickers most like the one asked for, at most five: the longest common beginning first, whatever the
 * letters' case, and of equals the one whose decisions are nearest to the time.
 */
export function nearestTickers(
  asked: string,
  seen: ReadonlyMap<string, { readonly first: Micros; readonly last: Micros }>,
  at: Micros,
): readonly string[] {
  const upper = asked.toUpperCase();
  const away = (first: Micros, last: Micros): number => Math.max(0, first - at, at - last);
  return [...seen]
    .map(([ticker, { first, last }]) => ({
      ticker,
      alike: common(upper, ticker.toUpperCase()),
      far: away(first, last),
    }))
    .sort(
      (one, other) => other.alike - one.alike || one.far - other.far || (one.ticker < other.ticker ? -1 : 1),
    )
    .slice(0, MOST)
    .map(({ ticker }) => ticker);
}
