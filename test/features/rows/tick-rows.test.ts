import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/time.ts';
import { type TickRowsOptions, tickRows } from '../../../src/features/rows/tick-rows.ts';
import { tickSet } from '../../../src/features/sets/tick-set.ts';
import type { TickInput } from '../../../src/features/tick/tick-input.ts';
import { BTC } from '../../support/btc.ts';
import { timedMarbles } from '../../support/marble-clock.ts';
import { CONTRACTS, eventMaker, type Happening, rowsOf, START, type Step } from '../tick/tick-events.ts';

const book = (bid: number, ask: number, bidQuantity: number, askQuantity: number): Happening => ({
  is: 'book',
  verdict: 'passed',
  bids: [[bid, bidQuantity]],
  asks: [[ask, askQuantity]],
});
const trade = (quantity: number, taker: 'buy' | 'sell', replayed = false): Happening => ({
  is: 'trade',
  quantity,
  taker,
  replayed,
});
const lost: Happening = { is: 'gap', venue: 'kraken', cause: 'disconnect' };
const session: Happening = { is: 'gap', venue: 'kraken', cause: 'session' };

// One book for each marble, since a marble's event is made before it is sent.
const event = (what: Happening): TickInput => eventMaker()({ at: 7_000, what });
const events = {
  // Mid 10 000 dollars, so that a spread of one dollar is one basis point.
  b: event(book(99_995, 100_005, 3e8, 1e8)),
  B: event(book(99_990, 100_010, 1e8, 1e8)),
  t: event(trade(0.5, 'buy', true)),
  u: event(trade(2, 'buy')),
  s: event(trade(0.5, 'sell')),
  g: event(lost),
  x: event(session),
};

/** A row where what is not named is not known. */
const row = (atMs: number, values: Readonly<Record<string, number>>) => ({
  kind: 'tickRow',
  asset: 'BTC',
  at: atMs * 1000,
  receivedAt: atMs * 1000,
  values: tickSet.map(({ name }) => values[name] ?? null),
});
const last = { depthLast1: 0.5, depthLast5: 0.5, depthLast10: 0.5, microprice: 0.25 };
const whole = {
  ...last,
  orderFlow: 0,
  depthMean1: 0.5,
  depthMean5: 0.5,
  depthMean10: 0.5,
  spreadMean: 1,
  bookRate: 0,
};
const quiet = { ...whole, midVariance: 0 };
const options = { asset: BTC };

describe('tickRows', () => {
  test('a row comes at each close, of the minute before it: what comes at the close belongs to the next', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const source = cold('(bt) 29996ms u 29999ms (Bs) 59997ms  |', events);
      const subs = '       ^ 120s                           !';
      const expected = '   60s                    r   59999ms R|';
      expectObservable(source.pipe(tickRows({ ...options, clock }))).toBe(expected, {
        // The mid was not known before the minute, so there is no first move.
        r: row(60_000, { ...whole, tradeRate: 1 / 60, signedVolume: 2, bookRate: 1 / 60 }),
        R: row(120_000, {
          ...quiet,
          // 3 bid at 9 999.5 and 1 asked at 10 000.5 both went for worse prices.
          orderFlow: -3 + 1,
          depthMean1: 0,
          depthLast1: 0,
          depthMean5: 0,
          depthLast5: 0,
          depthMean10: 0,
          depthLast10: 0,
          microprice: 0,
          spreadMean: 2,
          tradeRate: 1 / 60,
          signedVolume: -0.5,
          bookRate: 1 / 60,
        }),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('a minute that was not heard whole gives only what holds at its close', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold('1s (bt) 63996ms u 55s |', events);
      const expected = '   60s r      59999ms R|';
      expectObservable(source.pipe(tickRows({ ...options, clock }))).toBe(expected, {
        r: row(60_000, last),
        R: row(120_000, { ...quiet, tradeRate: 1 / 60, signedVolume: 2 }),
      });
    });
  });

  test('a gap voids what was built on its feed, until a whole minute of it has been heard again', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold('(bt) 79996ms g 19999ms (bt) 49996ms u 30s |', events);
      const expected = '   60s r  59999ms s       59999ms        t|';
      expectObservable(source.pipe(tickRows({ ...options, clock }))).toBe(expected, {
        r: row(60_000, { ...whole, tradeRate: 0, signedVolume: 0, bookRate: 1 / 60 }),
        s: row(120_000, last),
        t: row(180_000, { ...quiet, tradeRate: 1 / 60, signedVolume: 2 }),
      });
    });
  });

  test('a session forgets everything, and the minute it cuts short has no row unless it goes on', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const first = row(60_000, { ...whole, tradeRate: 0, signedVolume: 0, bookRate: 1 / 60 });
      const ends = cold('  (bt) 69996ms x', events);
      expectObservable(ends.pipe(tickRows({ ...options, clock }))).toBe('60s r', { r: first });
      const goesOn = cold('(bt) 69996ms x 19999ms b 30s |', events);
      const expected = '   60s r       59999ms s       |';
      expectObservable(goesOn.pipe(tickRows({ ...options, clock }))).toBe(expected, {
        r: first,
        s: row(120_000, last),
      });
    });
  });

  test('a minute in which nothing is heard gives no row, and what was known before it is not known after', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold('(bt)  200s     b  50s    |', events);
      const expected = '   60s r 179999ms s 10004ms |';
      expectObservable(source.pipe(tickRows({ ...options, clock }))).toBe(expected, {
        r: row(60_000, { ...whole, tradeRate: 0, signedVolume: 0, bookRate: 1 / 60 }),
        s: row(240_000, last),
      });
    });
  });

  test('an empty source completes, an error passes, and leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const r = row(60_000, { ...whole, bookRate: 1 / 60 });
      expectObservable(cold<TickInput>('90s |').pipe(tickRows({ ...options, clock }))).toBe('90s |');
      expectObservable(cold('b 70s #', events).pipe(tickRows({ ...options, clock }))).toBe('60s r 10s #', {
        r,
      });
      const source = cold('b 70s b 5m |', events);
      expectObservable(source.pipe(tickRows({ ...options, clock })), '^ 89999ms !').toBe('60s r', { r });
      expectSubscriptions(source.subscriptions).toBe('^ 89999ms !');
    });
  });

  test('each subscriber has its own minutes', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const rows = hot('b 69999ms b 59999ms b|', events).pipe(tickRows({ ...options, clock }));
      expectObservable(rows).toBe('60s r 59999ms R 10s |', {
        r: row(60_000, { ...whole, bookRate: 1 / 60 }),
        R: row(120_000, { ...quiet, bookRate: 1 / 60 }),
      });
      expectObservable(rows, '30s ^').toBe('120s s 10s |', { s: row(120_000, last) });
    });
  });

  test('contracts of another asset’s series are passed over, and strikes are in the asset’s own units', () => {
    const [contract] = CONTRACTS;
    if (!contract) throw new Error('tick-rows.test: needs a contract, was none');
    const at = START + MINUTE / 2;
    const { ticker } = contract;
    const steps: readonly Step[] = [
      { at, what: { is: 'contract', contract, state: 'active' } },
      { at, what: { is: 'index', dollars: 80_100, source: 'prints' } },
      {
        at,
        what: {
          is: 'quote',
          ticker,
          live: true,
          bidTicks: 9_000,
          askTicks: 9_200,
          bidCount: 300,
          askCount: 100,
        },
      },
    ];
    const readingOf = (name: string, asset: TickRowsOptions['asset']) =>
      rowsOf(steps, START + MINUTE, asset)[0]?.values[tickSet.findIndex((feature) => feature.name === name)];
    expect(readingOf('contractDepth', BTC)).toBe(0.5);
    expect(readingOf('impliedVolatility', BTC)).toBeGreaterThan(0);
    expect(readingOf('contractDepth', { ...BTC, series: { above: 'KXETHD' } })).toBeNull();
    // The strike is then eight hundred dollars, far below an index at 80,100: no volatility of this world gives 91 %.
    const fine = readingOf('impliedVolatility', { ...BTC, indexDecimals: 4 }) ?? Number.NaN;
    expect(fine).toBeGreaterThan(20 * (readingOf('impliedVolatility', BTC) as number));
  });
});
