import fc from 'fast-check';
import { Subject } from 'rxjs';
import type { Contract } from '../../../src/domain/contracts.ts';
import type { TickRow } from '../../../src/domain/events/features.ts';
import type { Gap } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { type TickRowsOptions, tickRows } from '../../../src/features/rows/tick-rows.ts';
import type { TickInput } from '../../../src/features/tick/tick-input.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { bookOf } from '../../risk/samples.ts';
import { BTC } from '../../support/btc.ts';

export const SYMBOL = 'BTC/USD';

/** A whole minute; scripts begin there. */
export const START = 29_640_000 * MINUTE;

/** Price and quantity in ticks, best first. */
export type Levels = readonly (readonly [number, number])[];

/** What happens, in plain data: the oracle reads it, and `eventOf` makes the event of it. */
export type Happening =
  | {
      readonly is: 'book';
      readonly verdict: 'passed' | 'failed' | 'ignored';
      readonly bids: Levels;
      readonly asks: Levels;
    }
  | {
      readonly is: 'trade';
      readonly quantity: number | undefined;
      readonly taker: 'buy' | 'sell' | undefined;
      readonly replayed: boolean;
    }
  | { readonly is: 'index'; readonly dollars: number; readonly source: 'prints' | 'twin' }
  | { readonly is: 'contract'; readonly contract: Contract; readonly state: 'active' | 'inactive' }
  | {
      readonly is: 'quote';
      readonly ticker: string;
      readonly live: boolean;
      readonly bidTicks: number | undefined;
      readonly askTicks: number | undefined;
      readonly bidCount: number;
      readonly askCount: number;
    }
  | { readonly is: 'gap'; readonly venue: Gap['venue']; readonly cause: Gap['cause'] }
  /** What belongs to another venue or another pair, and must not count. */
  | { readonly is: 'foreign'; readonly what: 'trade' | 'book' | 'checksum' | 'coinbase' };

export interface Step {
  readonly at: Micros;
  readonly what: Happening;
}

/** Levels of a book event. */
const levelsOf = (bids: Levels, asks: Levels) => ({
  priceScale: 10,
  quantityScale: 1e8,
  bids: bids.slice(0, 10).flat(),
  asks: asks.slice(0, 10).flat(),
});

const gapOf = (at: Micros, venue: Gap['venue'], cause: Gap['cause'], scope: string): Gap => ({
  kind: 'gap',
  at,
  receivedAt: at,
  venue,
  cause,
  scope,
  detail: '',
});

/** Makes events. */
export function eventMaker(): (step: Step) => TickInput {
  let version = 0;
  const versions = new Map<string, number>();
  return ({ at, what }) => {
    // The venue's time is another than ours.
    const stamp = { at: at - 7_000, receivedAt: at };
    const trade = { ...stamp, kind: 'spotTrade', symbol: SYMBOL, price: 80_000, tradeId: 1 } as const;
    switch (what.is) {
      case 'book':
        version++;
        return {
          kind: 'krakenBookChecked',
          ...stamp,
          venue: 'kraken',
          symbol: SYMBOL,
          verdict: what.verdict,
          version,
          ...levelsOf(what.bids, what.asks),
        };
      case 'trade':
        return {
          ...trade,
          venue: 'kraken',
          quantity: what.quantity,
          taker: what.taker,
          replayed: what.replayed,
        };
      case 'index':
        return {
          kind: 'index',
          asset: 'BTC',
          ...stamp,
          value: what.dollars,
          source: what.source,
          variance: what.source === 'twin' ? 1e-8 : 0,
        };
      case 'contract':
        return { kind: 'contract', ...stamp, contract: what.contract, state: what.state, result: undefined };
      case 'quote': {
        const { ticker, live } = what;
        const bidTicks = what.bidTicks === undefined ? undefined : priceTicks(what.bidTicks);
        const askTicks = what.askTicks === undefined ? undefined : priceTicks(what.askTicks);
        const [bidCount, askCount] = [count(what.bidCount), count(what.askCount)];
        const told = (versions.get(ticker) ?? 0) + 1;
        versions.set(ticker, told);
        return {
          kind: 'contractBook',
          ...stamp,
          ticker,
          version: told,
          top: bookOf({ ticker, live, bidTicks, askTicks, bidCount, askCount }),
          topChanged: true,
          change: live
            ? {
                kind: 'snapshot',
                bids: bidTicks === undefined ? [] : [bidTicks, bidCount],
                asks: askTicks === undefined ? [] : [askTicks, askCount],
              }
            : { kind: 'void' },
        };
      }
      case 'gap':
        return gapOf(at, what.venue, what.cause, SYMBOL);
      case 'foreign':
        switch (what.what) {
          case 'trade':
            return {
              ...trade,
              venue: 'kraken',
              symbol: 'ETH/USD',
              quantity: 9,
              taker: 'buy',
              replayed: false,
            };
          case 'coinbase':
            return { ...trade, venue: 'coinbase', quantity: 9, taker: 'buy', replayed: false };
          case 'book':
            return {
              kind: 'krakenBookChecked',
              ...stamp,
              venue: 'kraken',
              symbol: 'ETH/USD',
              verdict: 'failed',
              version,
              ...levelsOf([], []),
            };
          case 'checksum':
            return gapOf(at, 'kraken', 'checksum', 'ETH/USD');
        }
    }
  };
}

/** The rows that a script gives, driven as a lane drives: timers before what comes at their time, and a session jumps. */
export function rowsOf(
  steps: readonly Step[],
  until: Micros = (steps.at(-1)?.at ?? START) + MINUTE,
  asset: TickRowsOptions['asset'] = BTC,
): readonly TickRow[] {
  const clock = tapeScheduler(START);
  const in$ = new Subject<TickInput>();
  const rows: TickRow[] = [];
  const make = eventMaker();
  const running = in$.pipe(tickRows({ clock, asset })).subscribe((row) => rows.push(row));
  for (const step of steps) {
    if (step.what.is === 'gap' && step.what.cause === 'session') clock.jumpTo(step.at);
    else clock.runTo(step.at);
    in$.next(make(step));
  }
  clock.runTo(until);
  running.unsubscribe();
  if (clock.pending() > 0) throw new Error('rowsOf: no timer must be left');
  return rows;
}

const CLOSES = [START + 2 * MINUTE, START + 5 * MINUTE, START + 15 * MINUTE] as const;
const STRIKES = [
  { strikeType: 'greater', floorUnits: 8_000_000, capUnits: undefined },
  { strikeType: 'greater_or_equal', floorUnits: 8_002_000, capUnits: undefined },
  { strikeType: 'less', floorUnits: undefined, capUnits: 7_999_000 },
  { strikeType: 'less_or_equal', floorUnits: undefined, capUnits: 8_001_500 },
  { strikeType: 'between', floorUnits: 8_000_000, capUnits: 8_001_000 },
  { strikeType: 'greater_or_equal', floorUnits: undefined, capUnits: undefined },
  // As near as the first, always.
  { strikeType: 'less', floorUnits: undefined, capUnits: 8_000_001 },
] as const;

/** Contracts of three closes: one that stands alone, and two of each kind of strike. */
export const CONTRACTS: readonly Contract[] = CLOSES.flatMap((closeAt, close) =>
  STRIKES.slice(0, close === 0 ? 1 : undefined).map((strike, i) => ({
    ...strike,
    ticker: `${'ABC'[close]}${i}`,
    series: 'KXBTCD',
    asset: 'BTC',
    indexDecimals: 2,
    event: 'E',
    openAt: START - MINUTE,
    closeAt,
    tickBands: [],
    exchangeIndex: undefined,
    fee: { kind: 'quadratic', multiplier: 1 },
  })),
);

const { integer, constantFrom, record, constant, oneof, array, tuple } = fc;

const side = (sign: 1 | -1, bestTicks: number): fc.Arbitrary<Levels> =>
  array(tuple(integer({ min: 1, max: 3 }), integer({ min: 1, max: 5e8 })), {
    minLength: 1,
    maxLength: 12,
  }).map((steps) => {
    let price = bestTicks + sign;
    return steps.map(([step, quantity], i) => {
      price -= i === 0 ? sign : sign * step;
      return [price, quantity] as const;
    });
  });

const passed: fc.Arbitrary<Happening> = tuple(
  integer({ min: -40, max: 40 }),
  integer({ min: 1, max: 30 }),
).chain(([move, spread]) =>
  record({
    is: constant('book' as const),
    verdict: constant('passed' as const),
    bids: side(1, 800_000 + move),
    asks: side(-1, 800_000 + move + spread),
  }),
);

const broken: fc.Arbitrary<Happening> = oneof(
  constantFrom('failed' as const, 'ignored' as const).map(
    (verdict): Happening => ({ is: 'book', verdict, bids: [], asks: [] }),
  ),
  constant<Happening>({ is: 'book', verdict: 'passed', bids: [[800_000, 5]], asks: [] }),
);

const trade: fc.Arbitrary<Happening> = record({
  is: constant('trade' as const),
  quantity: oneof(
    { weight: 9, arbitrary: integer({ min: 1, max: 1e8 }).map((ticks) => ticks / 1e8) },
    { weight: 1, arbitrary: constant(undefined) },
  ),
  taker: constantFrom('buy' as const, 'sell' as const, 'buy' as const, 'sell' as const, undefined),
  replayed: constantFrom(false, false, false, true),
});

const index: fc.Arbitrary<Happening> = record({
  is: constant('index' as const),
  dollars: integer({ min: 7_998_000, max: 8_003_000 }).map((cents) => cents / 100),
  source: constantFrom('prints' as const, 'prints' as const, 'prints' as const, 'twin' as const),
});

const contract: fc.Arbitrary<Happening> = record({
  is: constant('contract' as const),
  contract: constantFrom(...CONTRACTS),
  state: constantFrom('active' as const, 'active' as const, 'active' as const, 'inactive' as const),
});

const tick = oneof(
  { weight: 8, arbitrary: integer({ min: 1, max: 99 }).map((cents) => cents * 100) },
  { weight: 1, arbitrary: constant(undefined) },
);

const quote: fc.Arbitrary<Happening> = record({
  is: constant('quote' as const),
  ticker: constantFrom(...CONTRACTS.map(({ ticker }) => ticker)),
  live: constantFrom(true, true, true, true, false),
  bidTicks: tick,
  askTicks: tick,
  bidCount: integer({ min: 0, max: 500 }),
  askCount: integer({ min: 0, max: 500 }),
});

const gap: fc.Arbitrary<Happening> = record({
  is: constant('gap' as const),
  venue: constantFrom('kraken' as const, 'coinbase' as const, 'kalshi' as const),
  cause: constantFrom(
    'checksum' as const,
    'sequence' as const,
    'tradeId' as const,
    'disconnect' as const,
    'disconnect' as const,
    'session' as const,
    'negativeLevel' as const,
  ),
});

const foreign: fc.Arbitrary<Happening> = record({
  is: constant('foreign' as const),
  what: constantFrom('trade' as const, 'book' as const, 'checksum' as const, 'coinbase' as const),
});

const happening = oneof(
  { weight: 30, arbitrary: passed },
  { weight: 12, arbitrary: trade },
  { weight: 12, arbitrary: index },
  { weight: 6, arbitrary: contract },
  { weight: 24, arbitrary: quote },
  { weight: 2, arbitrary: foreign },
  { weight: 1, arbitrary: broken },
  { weight: 1, arbitrary: gap },
);

/** Time to the next step. */
const wait = oneof(
  { weight: 3, arbitrary: constant(0) },
  { weight: 30, arbitrary: integer({ min: 1, max: 4_000_000 }) },
  { weight: 6, arbitrary: constant(5 * SECOND) },
  { weight: 3, arbitrary: constant('to the minute' as const) },
  { weight: 1, arbitrary: constantFrom(30 * SECOND, 61 * SECOND, 3 * MINUTE) },
);

/** Scripts of several minutes: mostly quiet work, with holes of every kind. What begins a script makes everything known soon. */
export const scripts: fc.Arbitrary<readonly Step[]> = tuple(
  passed,
  trade,
  index,
  array(tuple(wait, happening), { minLength: 20, maxLength: 160 }),
).map(([book, first, print, rest]) => {
  let at = START;
  const listed = CONTRACTS.map(
    (each): Step => ({ at, what: { is: 'contract', contract: each, state: 'active' } }),
  );
  const steps: Step[] = [...listed, { at, what: book }, { at, what: first }, { at, what: print }];
  for (const [micros, what] of rest) {
    at = micros === 'to the minute' ? (Math.floor(at / MINUTE) + 1) * MINUTE : at + micros;
    steps.push({ at, what });
  }
  return steps;
});
