import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { concatMap, from, lastValueFrom, toArray } from 'rxjs';
import type { KrakenBookChecked } from '../../../src/domain/events/market.ts';
import type { Gap, KrakenInstrument } from '../../../src/domain/events/venue.ts';
import type { Decoded } from '../../../src/operators/decode.ts';
import { krakenBooks } from '../../../src/venues/kraken/books.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { marbles } from '../../support/marbles.ts';
import { levels, summed } from './messages.ts';

type Input = Decoded;

const [first, sameTop, better, again] = summed([
  { snapshot: true, bids: levels([100, 1], [99, 2]), asks: levels([101, 3], [102, 4]) },
  { snapshot: false, bids: levels([99, 0]), asks: [] },
  { snapshot: false, bids: levels([100.5, 7]), asks: levels([101, 2.5]) },
  { snapshot: true, bids: levels([100.5, 7]), asks: levels([101, 2.5]) },
]) as readonly [
  Input & { kind: 'krakenBook' },
  Input & { kind: 'krakenBook' },
  Input & { kind: 'krakenBook' },
  Input & { kind: 'krakenBook' },
];

const heartbeat: Input = { kind: 'heartbeat', at: 1, receivedAt: 1, venue: 'kraken' };
const gapOf = (venue: Gap['venue'], cause: Gap['cause']): Gap => ({
  kind: 'gap',
  at: 8,
  receivedAt: 8,
  venue,
  cause,
  scope: 'BTC/USD',
  detail: '',
});
const instrument: KrakenInstrument = {
  kind: 'krakenInstrument',
  at: 9,
  receivedAt: 9,
  symbol: 'BTC/USD',
  status: 'online',
  pricePrecision: 1,
  quantityPrecision: 8,
};

const top = (at: number, bid: number, bidQuantity: number, ask: number, askQuantity: number) => ({
  kind: 'spotTop',
  venue: 'kraken',
  symbol: 'BTC/USD',
  at,
  receivedAt: at,
  bid,
  ask,
  bidQuantity,
  askQuantity,
});
const checked = (at: number, verdict: string, more: Partial<KrakenBookChecked> = {}): unknown =>
  expect.objectContaining({
    kind: 'krakenBookChecked',
    at,
    receivedAt: at,
    venue: 'kraken',
    symbol: 'BTC/USD',
    verdict,
    ...more,
  });
const frame = { s: first, t: sameTop, u: better, v: again, h: heartbeat, i: instrument };
const out = {
  a: checked(1, 'passed'),
  A: top(1, 100, 1, 101, 3),
  b: checked(2, 'passed'),
  c: checked(3, 'passed'),
  C: top(3, 100.5, 7, 101, 2.5),
  d: checked(4, 'passed'),
  D: top(4, 100.5, 7, 101, 2.5),
  x: checked(3, 'failed'),
  y: checked(3, 'ignored'),
};
/** Fails: one digit of one level differs from what the venue summed. */
const flipped: Input = { ...better, bids: levels([100.6, 7]) };
const mismatch = {
  kind: 'gap',
  at: 3,
  receivedAt: 3,
  venue: 'kraken',
  cause: 'checksum',
  scope: 'BTC/USD',
  detail: expect.stringMatching(/^checksum of the book \d+, of the message \d+$/),
};

describe('krakenBooks', () => {
  test('every message gives a verdict, and a top where the best price or quantity changed', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  s---t-u---v-h|', frame);
      const subs = '        ^------------!';
      const expected = '    (aA)b-(cC)d--|';
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe(expected, out);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('updates before the first snapshot are ignored and say so', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('us---|', frame).pipe(krakenBooks({ depth: 10 }))).toBe('y(aA)|', out);
    });
  });

  test('a message that does not sum gives one gap, voids the book, and the next snapshot brings it back', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('s---f---uuv---|', { ...frame, f: flipped });
      const expected = '   (aA)(xg)yy(dD)|';
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe(expected, { ...out, g: mismatch });
    });
  });

  test('a price off the tick grid is a mismatch too', () => {
    marbles(({ cold, expectObservable }) => {
      const off: Input = { ...better, bids: levels([100.55, 7]) };
      const detail = 'price 100.55 is no whole number of ticks of 1e-1';
      expectObservable(cold('s---f---u|', { ...frame, f: off }).pipe(krakenBooks({ depth: 10 }))).toBe(
        '(aA)(xg)y|',
        {
          ...out,
          g: { ...mismatch, detail },
        },
      );
    });
  });

  test.each([
    ['a session', gapOf('kalshi', 'session')],
    ["Kraken's disconnect", gapOf('kraken', 'disconnect')],
  ])('%s voids the book, and the same top is told again after it', (_, gap) => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('s---gus---|', { ...frame, g: gap });
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe('(aA)-y(aA)|', out);
    });
  });

  test.each([gapOf('kalshi', 'disconnect'), gapOf('kraken', 'tradeId')])(
    'a gap of $venue with cause $cause leaves the book alone',
    (gap) => {
      marbles(({ cold, expectObservable }) => {
        const source = cold('s---gt|', { ...frame, g: gap });
        expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe('(aA)-b|', out);
      });
    },
  );

  test('an instrument of the same precision changes nothing, of another it voids a live book', () => {
    const finer: Input = { ...instrument, pricePrecision: 2 };
    const gap = { ...mismatch, at: 9, receivedAt: 9, detail: 'precision became 2 and 8 decimals' };
    marbles(({ cold, expectObservable }) => {
      const source = cold('is---ithu|', { ...frame, h: finer });
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe('-(aA)-bgy|', {
        ...out,
        y: checked(3, 'ignored', { priceScale: 100, quantityScale: 1e8 }),
        g: gap,
      });
    });
  });

  test('a new precision is no gap where the book was void', () => {
    const finer: Input = { ...instrument, pricePrecision: 2 };
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('uf|', { ...frame, f: finer }).pipe(krakenBooks({ depth: 10 }))).toBe('y-|', out);
    });
  });

  test("a pair's precision comes from its instrument", () => {
    const shape = { depth: 10, pricePrecision: 2, quantityPrecision: 5 };
    const [message] = summed(
      [{ snapshot: true, bids: levels([2500.01, 0.5]), asks: levels([2500.02, 0.25]) }],
      shape,
    );
    marbles(({ cold, expectObservable }) => {
      const source = cold<Input>('is---|', { i: { ...instrument, ...shape }, s: message as Input });
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe('-(aA)|', {
        ...out,
        a: checked(1, 'passed', { priceScale: 100, quantityScale: 1e5 }),
        A: top(1, 2500.01, 0.5, 2500.02, 0.25),
      });
    });
  });

  test('a side that empties gives no top until it is filled', () => {
    const [all, none, some] = summed([
      { snapshot: true, bids: levels([100, 1]), asks: levels([101, 3]) },
      { snapshot: false, bids: [], asks: levels([101, 0]) },
      { snapshot: false, bids: [], asks: levels([101, 3]) },
    ]) as readonly [Input, Input, Input];
    marbles(({ cold, expectObservable }) => {
      const source = cold('s---nm---|', { s: all, n: none, m: some });
      expectObservable(source.pipe(krakenBooks({ depth: 10 }))).toBe('(aA)b(cC)|', {
        ...out,
        C: top(3, 100, 1, 101, 3),
      });
    });
  });

  const all = (events: readonly Input[]): readonly KrakenBookChecked[] => {
    const seen: KrakenBookChecked[] = [];
    from(events)
      .pipe(krakenBooks({ depth: 10 }))
      .subscribe((event) => {
        if (event.kind === 'krakenBookChecked') seen.push(event);
      });
    return seen;
  };

  test('each verdict carries the levels its message left as plain data, a void book none, and a version for each change', () => {
    const seen = all([first, sameTop, better, flipped, better, again]);
    expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
    expect(
      seen.map(({ verdict, version, priceScale, quantityScale, bids, asks }) => [
        verdict,
        version,
        priceScale,
        quantityScale,
        bids.map((ticks, i) => (i % 2 === 0 ? ticks : ticks / 1e8)),
        asks.map((ticks, i) => (i % 2 === 0 ? ticks : ticks / 1e8)),
      ]),
    ).toEqual([
      ['passed', 1, 10, 1e8, [1000, 1, 990, 2], [1010, 3, 1020, 4]],
      ['passed', 2, 10, 1e8, [1000, 1], [1010, 3, 1020, 4]],
      ['passed', 3, 10, 1e8, [1005, 7, 1000, 1], [1010, 2.5, 1020, 4]],
      ['failed', 4, 0, 0, [], []],
      ['ignored', 4, 0, 0, [], []],
      ['passed', 5, 10, 1e8, [1005, 7], [1010, 2.5]],
    ]);
  });

  test('a snapshot before its instrument tells the decimals by its checksum, whole prices too, and the instrument then changes nothing', () => {
    for (const shape of [
      { depth: 10, pricePrecision: 1, quantityPrecision: 8 },
      { depth: 10, pricePrecision: 2, quantityPrecision: 5 },
      { depth: 10, pricePrecision: 5, quantityPrecision: 3 },
      { depth: 10, pricePrecision: 0, quantityPrecision: 8 },
    ]) {
      const [snapshot, update] = summed(
        [
          { snapshot: true, bids: levels([2500, 2]), asks: levels([2501, 3]) },
          { snapshot: false, bids: levels([2499, 1]), asks: [] },
        ],
        shape,
      );
      const seen = all([snapshot as Input, { ...instrument, ...shape }, update as Input]);
      expect(seen.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
      expect(seen[0]).toMatchObject({
        priceScale: 10 ** shape.pricePrecision,
        quantityScale: 10 ** shape.quantityPrecision,
      });
    }
  });

  test('a snapshot whose checksum no precision gives is a gap, and the next one tells the decimals anew', () => {
    marbles(({ cold, expectObservable }) => {
      const broken: Input = { ...first, checksum: 7 };
      expectObservable(cold('b---us---|', { ...frame, b: broken }).pipe(krakenBooks({ depth: 10 }))).toBe(
        '(xg)y(aA)|',
        {
          ...out,
          x: checked(1, 'failed'),
          g: {
            ...mismatch,
            at: 1,
            receivedAt: 1,
            detail: 'no precision gives the checksum of the message 7',
          },
        },
      );
    });
  });

  test('a broken book of one pair leaves the other pair’s alone', () => {
    const ether = summed(
      [
        { snapshot: true, bids: levels([2500.01, 2]), asks: levels([2500.02, 3]) },
        { snapshot: false, bids: levels([2500, 1]), asks: [] },
      ],
      { depth: 10, pricePrecision: 2, quantityPrecision: 8 },
    ).map((message): Input => ({ ...message, symbol: 'ETH/USD' }));
    const seen = all([first, ether[0] as Input, flipped, ether[1] as Input, better]);
    expect(seen.map(({ symbol, verdict, version }) => `${symbol} ${verdict} ${version}`)).toEqual([
      'BTC/USD passed 1',
      'ETH/USD passed 1',
      'BTC/USD failed 2',
      'ETH/USD passed 2',
      'BTC/USD ignored 2',
    ]);
  });

  test('each subscriber has its own books', () => {
    marbles(({ hot, expectObservable }) => {
      const books = hot('         s---t--t---|', frame).pipe(krakenBooks({ depth: 10 }));
      expectObservable(books, '   ^-----------').toBe('(aA)b--b---|', out);
      // Subscribed after the snapshot: the first one's book is not its own.
      expectObservable(books, '   -----^------').toBe('-------z---|', { z: checked(2, 'ignored') });
    });
  });

  test('an empty source completes, an error passes, and leaving early unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<Input>('--|').pipe(krakenBooks({ depth: 10 }))).toBe('--|');
      expectObservable(cold('s----#', frame).pipe(krakenBooks({ depth: 10 }))).toBe('(aA)-#', out);
      const source = cold('s---t-t', frame);
      expectObservable(source.pipe(krakenBooks({ depth: 10 })), '^----!').toBe('(aA)b-', out);
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });
});

describeData('krakenBooks on a recorded feed', () => {
  test('every message passes, and the tops follow the best levels', async () => {
    const { init, updates } = JSON.parse(readFileSync(dataPath('kraken', 'book-v2-d10.json'), 'utf8')) as {
      init: unknown;
      updates: readonly unknown[];
    };
    const events = await lastValueFrom(
      from([init, ...updates]).pipe(
        concatMap((message) => decodeKraken(JSON.stringify(message), 7)),
        krakenBooks({ depth: 10 }),
        toArray(),
      ),
    );
    const tops = events.filter((event) => event.kind === 'spotTop');
    expect(
      events.filter((event) => event.kind === 'krakenBookChecked' && event.verdict === 'passed').length,
    ).toBe(510);
    expect(events.length).toBe(510 + tops.length);
    expect(tops[0]).toMatchObject({ bid: 29430.2, bidQuantity: 0.18967538 });
    expect(tops.filter(({ bid, ask }) => !(bid < ask))).toEqual([]);
  });
});
