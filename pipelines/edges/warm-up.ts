import { firstValueFrom } from 'rxjs';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { believableBars } from '../../src/operators/believable-bars.ts';
import { misfit } from '../../src/research/misfit.ts';
import { readHistory } from '../../src/tape/history.ts';
import { addTrades, type BarsState, barsUntil, noBars } from '../../src/venues/kraken/bars-of-trades.ts';
import type { KrakenRest } from '../../src/venues/kraken/rest.ts';

/** The warm-up of a live lane. */
export interface WarmUp {
  /** Closed bars, oldest first, up to the last closed minute. */
  readonly bars: readonly MinuteBar[];
  /** What could not be loaded, in sentences. */
  readonly problems: readonly string[];
}

/** The longest feature needs a week; one more day covers holes. */
const WANTED = 8 * DAY;
/** The longest hole that is filled from trades. A day costs about ninety pages, at one page a second. */
const MOST_HOLE = 6 * HOUR;

/** Bars of a span from public trades; `close` is the close before the span. Undefined if a page failed. */
async function fetched(
  rest: KrakenRest,
  symbol: string,
  from: Micros,
  until: Micros,
  close: number,
): Promise<readonly MinuteBar[] | undefined> {
  const bars: MinuteBar[] = [];
  let state: BarsState = { ...noBars(from), close };
  let since = `${from - 1}000`;
  while (state.minute < until) {
    const answer = await firstValueFrom(rest.trades(symbol, since));
    if (answer.kind === 'failed') return undefined;
    const { rows, last } = answer.value;
    const added = addTrades(state, rows);
    bars.push(...added.bars);
    state = added.state;
    if (last === since || rows.length === 0) {
      bars.push(...barsUntil(state, until).bars);
      break;
    }
    since = last;
  }
  return bars.filter(({ openAt }) => openAt >= from && openAt < until);
}

const shown = (at: Micros): string => `${new Date(at / 1_000).toISOString().slice(0, 16)}Z`;

/**
 * Minutes up to now for a live lane: the history file as far as it reaches, then Kraken's newest 720 candles.
 * A hole between them is filled from trades if it is under six hours, else it stays a hole and is told. The
 * file is held against the candles where they overlap, and where they join. Throws one sentence for a file
 * that cannot be read, has nothing of the last days, or is of another market. No answer of a venue makes it
 * throw: a forecast that is not warm is refused by its own check.
 */
export async function warmUp({
  rest,
  symbol,
  file,
  now,
}: {
  readonly rest: KrakenRest;
  readonly symbol: string;
  readonly file: string | undefined;
  readonly now: Micros;
}): Promise<WarmUp> {
  const problems: string[] = [];
  const kept = file === undefined ? [] : await readHistory(file, { from: now - WANTED, before: now, now });
  const answer = await firstValueFrom(rest.ohlc(symbol, 1));
  if (answer.kind === 'failed') {
    problems.push(`Kraken's candles could not be had (${answer.why}): the forecast warms as minutes pass`);
    return { bars: [], problems };
  }
  const recent = answer.value.slice(0, -1).map(
    ([seconds, open, high, low, close, , volume]): MinuteBar => ({
      openAt: seconds * SECOND,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
      flag: 0,
    }),
  );
  const closed = recent.filter(({ openAt }) => openAt + MINUTE <= now);
  const firstAt = closed[0]?.openAt ?? now;
  if (file === undefined) {
    problems.push(
      `no history before the last ${closed.length} minutes: the forecast stays cold for days; fetch it once with voltage history --days 8 --out FILE and name it with --history FILE`,
    );
    return { bars: closed, problems };
  }
  const last = kept.at(-1);
  if (!last)
    throw new Error(
      `history: ${file} has no bar of the last ${WANTED / DAY} days; bring it up to date with voltage history --days 8 --out FILE, or leave it out`,
    );
  const why = misfit(kept, closed);
  if (why) throw new Error(`history: ${file} is not of ${symbol} at Kraken: ${why}`);
  const older = kept.filter(({ openAt }) => openAt < firstAt);
  const holeFrom = (older.at(-1)?.openAt ?? firstAt - MINUTE) + MINUTE;
  const between =
    holeFrom < firstAt && firstAt - holeFrom <= MOST_HOLE
      ? await fetched(rest, symbol, holeFrom, firstAt, last.close)
      : undefined;
  const { bars, jump } = believableBars([...older, ...(between ?? []), ...closed]);
  if (jump)
    throw new Error(
      `history: ${file} cannot be followed by Kraken's ${symbol}: ${jump[0].close} at ${shown(jump[0].openAt)} and ${jump[1].open} at ${shown(jump[1].openAt)}, which no volatility explains; is it of this pair?`,
    );
  if (holeFrom < firstAt && !between)
    problems.push(
      `the history ends ${Math.round((firstAt - holeFrom) / MINUTE)} minutes before Kraken's candles begin, which stay a hole: bring it up to date with voltage history`,
    );
  return { bars, problems };
}
