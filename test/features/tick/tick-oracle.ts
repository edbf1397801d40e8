import { DAY, MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { normalCdf } from '../../../src/maths/normal.ts';
import type { Happening, Levels, Step } from './tick-events.ts';

const { abs, floor, log, min, sqrt } = Math;

interface Held<T> {
  readonly at: Micros;
  readonly value: T | undefined;
}

interface Book {
  readonly bids: Levels;
  readonly asks: Levels;
}

const isGap = (what: Happening, ...causes: readonly string[]): boolean =>
  what.is === 'gap' && causes.includes(what.cause);

/** How a thing stood after each step that touched it; undefined where it was not known. */
function history<T>(
  steps: readonly Step[],
  read: (step: Step, before: T | undefined) => T | undefined | 'same',
): readonly Held<T>[] {
  const held: Held<T>[] = [];
  for (const step of steps) {
    const value = read(step, held.at(-1)?.value);
    if (value !== 'same') held.push({ at: step.at, value });
  }
  return held;
}

const lost = (what: Happening, venue: string): boolean =>
  isGap(what, 'disconnect', 'session') && what.is === 'gap' && what.venue === venue;

const booksOf = (steps: readonly Step[]): readonly Held<Book>[] =>
  history<Book>(steps, ({ what }) => {
    if (what.is === 'book') return isGood(what) ? what : undefined;
    const failed = what.is === 'gap' && what.venue === 'kraken' && what.cause === 'checksum';
    return failed || lost(what, 'kraken') ? undefined : 'same';
  });

const isGood = (what: Happening): boolean =>
  what.is === 'book' && what.verdict === 'passed' && what.bids.length > 0 && what.asks.length > 0;

interface Index {
  /** By its source's clock. */
  readonly at: Micros;
  readonly dollars: number;
  readonly source: 'prints' | 'twin';
}

const indicesOf = (steps: readonly Step[]): readonly Held<Index>[] =>
  history<Index>(steps, ({ at, what }, before) => {
    if (what.is === 'index') return { ...what, at: at - 7_000 };
    const feeds = before?.source === 'prints' ? ['kalshi'] : ['kraken', 'coinbase'];
    return feeds.some((venue) => lost(what, venue)) ? undefined : 'same';
  });

/** How it stood just before `at`, and just after all that came at `at`. */
const before = <T>(held: readonly Held<T>[], at: Micros): T | undefined =>
  held.findLast((each) => each.at < at)?.value;
const after = <T>(held: readonly Held<T>[], at: Micros): T | undefined =>
  held.findLast((each) => each.at <= at)?.value;

/** Known after what came at `from`, and never unknown from then on. */
const knownFrom = <T>(held: readonly Held<T>[], from: Micros): boolean =>
  after(held, from) !== undefined && held.every(({ at, value }) => at <= from || value !== undefined);

/** Integral of a piecewise constant function over the minute, by its pieces. */
function meanOver(steps: readonly Step[], from: Micros, to: Micros, valueAt: (at: Micros) => number): number {
  const edges = [...new Set([from, ...steps.map(({ at }) => at).filter((at) => at > from && at < to), to])];
  let sum = 0;
  for (let i = 0; i + 1 < edges.length; i++)
    sum += valueAt(edges[i] as number) * ((edges[i + 1] as number) - (edges[i] as number));
  return sum / (to - from);
}

const best = (levels: Levels): readonly [number, number] => levels[0] ?? [Number.NaN, Number.NaN];
const midOf = ({ bids, asks }: Book): number => (best(bids)[0] + best(asks)[0]) / 2;
const depth = (levels: Levels, most: number): number =>
  levels.slice(0, most).reduce((sum, [, quantity]) => sum + quantity, 0);
const imbalance = ({ bids, asks }: Book, most: number): number =>
  (depth(bids, most) - depth(asks, most)) / (depth(bids, most) + depth(asks, most));

function flowOf(steps: readonly Step[], from: Micros): number {
  let sum = 0;
  let last: Book | undefined;
  for (const { at, value } of booksOf(steps)) {
    if (last && value && at >= from) {
      const [[b0, p0], [a0, q0], [b1, p1], [a1, q1]] = [
        best(last.bids),
        best(last.asks),
        best(value.bids),
        best(value.asks),
      ];
      const bid = b1 > b0 ? p1 : b1 < b0 ? -p0 : p1 - p0;
      const ask = a1 < a0 ? q1 : a1 > a0 ? -q0 : q1 - q0;
      sum += bid - ask;
    }
    last = value;
  }
  return sum / 1e8;
}

function varianceOf(steps: readonly Step[], from: Micros, to: Micros): number {
  const books = booksOf(steps);
  const mids: number[] = [];
  for (let at = from; at <= to; at += 5 * SECOND) {
    const book = before(books, at);
    mids.push(book ? midOf(book) : Number.NaN);
  }
  return mids.slice(1).reduce((sum, mid, i) => sum + log(mid / (mids[i] as number)) ** 2, 0);
}

/** The smallest volatility at which the price of the contract is `mid`, by halving; NaN where the price never gets there on the near side. */
function volatilityOf(above: boolean, threshold: number, mid: number, index: Index, closeAt: Micros): number {
  const p = above ? mid : 1 - mid;
  const m = log((index.dollars * 100) / threshold);
  const prints = Array.from({ length: 60 }, (_, i) => (closeAt - index.at) / SECOND - 60 + i);
  if ((prints[0] as number) < 0) return Number.NaN;
  const seconds = prints.reduce((sum, u, i) => sum + (u * (2 * (59 - i) + 1)) / 3600, 0);
  const miss = (s: number): number => normalCdf(m / s - s / 2) - p;
  let [low, high] = [1e-12, m > 0 ? 1e3 : sqrt(-2 * m)];
  if (!((p > 0.5 && m > 0) || (p < 0.5 && m < 0))) return Number.NaN;
  if (!(miss(low) * miss(high) < 0)) return Number.NaN;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (miss(low) * miss(middle) <= 0) high = middle;
    else low = middle;
  }
  const variance = low ** 2 - (index.source === 'twin' ? 1e-8 : 0);
  return variance > 0 ? sqrt((variance / seconds) * ((365 * DAY) / SECOND)) : Number.NaN;
}

/** Implied volatility and depth of the contract nearest the money. `fresh` are the steps since everything was last void, `all` those of the session. */
function nearMoney(
  all: readonly Step[],
  fresh: readonly Step[],
  at: Micros,
): { readonly volatility: number; readonly depth: number } {
  const unknown = { volatility: Number.NaN, depth: Number.NaN };
  const index = indicesOf(fresh).at(-1)?.value;
  const tickers = [
    ...new Set(all.flatMap(({ what }) => (what.is === 'contract' ? [what.contract.ticker] : []))),
  ];
  const candidates = tickers.flatMap((ticker) => {
    const own = all.filter(({ what }) => what.is === 'contract' && what.contract.ticker === ticker);
    const listed = all.indexOf(own[0] as Step);
    const last = own.at(-1)?.what;
    if (last?.is !== 'contract' || last.state !== 'active' || !(last.contract.closeAt > at)) return [];
    const said = (steps: readonly Step[]) =>
      steps.filter(
        (step) => step.what.is === 'quote' && step.what.ticker === ticker && all.indexOf(step) > listed,
      );
    if (said(all).length === 0) return [];
    const quote = said(fresh).at(-1);
    const since = quote ? fresh.slice(fresh.indexOf(quote)) : [];
    const void_ = since.some(({ what }) => lost(what, 'kalshi'));
    return [{ contract: last.contract, quote: void_ || quote?.what.is !== 'quote' ? undefined : quote.what }];
  });
  const closeAt = min(...candidates.map(({ contract }) => contract.closeAt));
  if (!index) return unknown;
  const near = candidates
    .filter(({ contract }) => contract.closeAt === closeAt && contract.strikeType !== 'between')
    .map(({ contract: { strikeType, floorUnits, capUnits }, quote }) => {
      const strike = floorUnits ?? capUnits ?? Number.NaN;
      // The middle between the two whole cents that the strike tells apart.
      const threshold =
        strikeType === 'greater' || strikeType === 'less_or_equal' ? strike + 0.5 : strike - 0.5;
      return { above: strikeType.startsWith('greater'), threshold, quote };
    })
    .filter(({ threshold }) => !Number.isNaN(threshold))
    .sort(
      (a, b) => abs(log((index.dollars * 100) / a.threshold)) - abs(log((index.dollars * 100) / b.threshold)),
    )[0];
  if (!near?.quote?.live) return unknown;
  const { bidTicks, askTicks, bidCount, askCount } = near.quote;
  const mid =
    bidTicks !== undefined && askTicks !== undefined && bidTicks < askTicks
      ? (bidTicks + askTicks) / 20_000
      : Number.NaN;
  return {
    volatility: volatilityOf(near.above, near.threshold, mid, index, closeAt),
    depth: (bidCount - askCount) / (bidCount + askCount),
  };
}

/** The minutes that have a row: something was heard in them, and no session cut them off or jumped over their close. */
export function closesOf(steps: readonly Step[], until: Micros): readonly Micros[] {
  const closes = new Set<Micros>();
  steps.forEach(({ at, what }, i) => {
    if (isGap(what, 'session')) return;
    const closeAt = (floor(at / MINUTE) + 1) * MINUTE;
    const ending = steps.slice(i + 1).find((later) => later.at >= closeAt || isGap(later.what, 'session'));
    if (ending ? !isGap(ending.what, 'session') : closeAt <= until) closes.add(closeAt);
  });
  return [...closes];
}

/** The row at `to`, each feature worked out from scratch from what happened before. */
export function oracleRow(script: readonly Step[], to: Micros): readonly number[] {
  const from = to - MINUTE;
  const past = script.filter(({ at }) => at < to);
  const session = past.slice(past.findLastIndex(({ what }) => isGap(what, 'session')) + 1);
  const silent = session.findLastIndex(
    ({ at }, i) => floor((session[i + 1]?.at ?? at) / MINUTE) - floor(at / MINUTE) > 1,
  );
  const fresh = session.slice(silent + 1);
  const books = booksOf(fresh);
  const last = books.at(-1)?.value;
  const up = knownFrom(books, from);
  const whole = (value: () => number): number => (up ? value() : Number.NaN);
  const mean = (of: (book: Book) => number): number =>
    whole(() => meanOver(fresh, from, to, (at) => of(after(books, at) as Book)));

  const flown = fresh.findLastIndex(
    ({ what }) =>
      lost(what, 'kraken') || (what.is === 'gap' && what.venue === 'kraken' && what.cause === 'tradeId'),
  );
  const trades = fresh.slice(flown + 1).filter(({ what }) => what.is === 'trade');
  const counted = trades.flatMap(({ at, what }) =>
    what.is === 'trade' && at >= from && !what.replayed ? [what] : [],
  );
  const traded = (value: number): number =>
    (trades[0]?.at ?? Number.POSITIVE_INFINITY) <= from ? value : Number.NaN;

  const indices = indicesOf(fresh);
  const truth = indices.map(({ at, value }) => ({
    at,
    value: value?.source === 'prints' ? value : undefined,
  }));
  const near = nearMoney(session, fresh, to);

  return [
    whole(() => flowOf(fresh, from)),
    ...[1, 5, 10].flatMap((most) => [
      mean((book) => imbalance(book, most)),
      last ? imbalance(last, most) : Number.NaN,
    ]),
    last ? micropriceOf(last) : Number.NaN,
    mean((book) => ((best(book.asks)[0] - best(book.bids)[0]) / midOf(book)) * 1e4),
    traded(counted.length / 60),
    traded(
      counted.reduce(
        (sum, { quantity = Number.NaN, taker }) =>
          sum + (taker ? (taker === 'buy' ? quantity : -quantity) : Number.NaN),
        0,
      ),
    ),
    whole(() => fresh.filter(({ at, what }) => at >= from && isGood(what)).length / 60),
    whole(() => varianceOf(fresh, from, to)),
    up && knownFrom(truth, from)
      ? meanOver(fresh, from, to, (at) => {
          const mid = midOf(after(books, at) as Book) / 10;
          return (((after(truth, at)?.dollars ?? Number.NaN) - mid) / mid) * 1e4;
        })
      : Number.NaN,
    near.volatility,
    near.depth,
  ];
}

function micropriceOf(book: Book): number {
  const [[bid, bidQuantity], [ask, askQuantity]] = [best(book.bids), best(book.asks)];
  const micro = (bid * askQuantity + ask * bidQuantity) / (bidQuantity + askQuantity);
  return ((micro - midOf(book)) / midOf(book)) * 1e4;
}
