import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import type { OrderRequest, RequestOutcome } from '../../src/domain/events/order.ts';
import type { Frame, RequestFrame } from '../../src/domain/frame.ts';
import { cash, count, priceTicks } from '../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { venueNames } from '../../src/domain/venues.ts';
import { type OwnLine, readOwnLine, tapeLine } from '../../src/tape/line.ts';

const AT = 1_778_477_473_462_729;
const venue = fc.constantFrom(...venueNames);
const price = fc.double({ min: 0.1, max: 1e6, noNaN: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'grapheme' });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const positive = fc.double({ min: 1e-12, max: 1e6, noNaN: true });
const at = fc.constant(AT);

const bar = fc.record({
  openAt: fc.nat(30_000_000).map((minutes) => minutes * MINUTE),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: fc.double({ min: 0, max: 1e5, noNaN: true }),
  flag: fc.constantFrom(0 as const, 1 as const, 2 as const),
});
const request: fc.Arbitrary<OrderRequest> = fc.record({
  action: fc.constantFrom('place' as const, 'cancel' as const),
  clientOrderId: fc.string(),
  ticker: fc.string(),
  exchangeIndex: fc.option(fc.nat(9), { nil: undefined }),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  limitTicks: fc.integer({ min: 1, max: 9_999 }).map(priceTicks),
  count: fc.integer({ min: 1, max: 1e9 }).map(count),
});
const outcome: fc.Arbitrary<RequestOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('sent' as const) }),
  fc.record({ kind: fc.constant('answered' as const), status: fc.integer({ min: 100, max: 599 }), text }),
  fc.record({ kind: fc.constant('timedOut' as const) }),
  fc.record({ kind: fc.constant('lost' as const), why: text }),
  fc.record({ kind: fc.constant('withheld' as const), why: text }),
);
const rising = fc.array(positive, { minLength: 1, maxLength: 6 }).map((steps) => {
  let sum = 0;
  return [0, ...steps.map((step) => (sum += step))];
});
const forecast: fc.Arbitrary<Forecast> = fc.record(
  {
    kind: fc.constant('forecast' as const),
    asset: fc.constantFrom('BTC', 'ETH'),
    at: fc.constant(AT - SECOND),
    receivedAt: fc.constant(AT),
    model: fc.constantFrom('ensemble' as const, 'backbone' as const, 'fallback' as const),
    horizons: fc.array(
      fc.record(
        {
          minutes: fc.integer({ min: 1, max: 60 }),
          logVariance: finite,
          lowLogVariance: finite,
          highLogVariance: finite,
        },
        { requiredKeys: ['minutes', 'logVariance'] },
      ),
    ),
    path: fc.record({
      fromAt: fc.constant(AT - MINUTE),
      cumulative: rising,
      until: fc.constant(AT + MINUTE),
      at: fc.constant(AT),
      factor: positive,
    }),
    tails: fc
      .uniqueArray(fc.integer({ min: 1, max: 7_200 }), { minLength: 1, maxLength: 5 })
      .chain((spans) =>
        fc.tuple(
          ...spans
            .sort((a, b) => a - b)
            .map((seconds) => fc.record({ seconds: fc.constant(seconds), nu: positive, scale: positive })),
        ),
      ),
    annualisedVolatility: fc.double({ min: 0, max: 10, noNaN: true }),
    confidence: fc.record({
      disagreement: finite,
      outside: share,
      drifted: share,
      qlikeRatio: fc.option(finite, { nil: null }),
      value: share,
    }),
    members: fc.array(
      fc.record({
        member: fc.constantFrom('harX', 'ensemble'),
        minutes: fc.integer({ min: 1, max: 60 }),
        logVariance: fc.option(finite, { nil: null }),
      }),
      { maxLength: 4 },
    ),
  },
  {
    requiredKeys: [
      'kind',
      'asset',
      'at',
      'receivedAt',
      'model',
      'horizons',
      'path',
      'tails',
      'annualisedVolatility',
    ],
  },
);

const ownFrames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('rest' as const), at, venue, resource: fc.string(), text }),
  fc.record({
    kind: fc.constant('connection' as const),
    at,
    venue,
    change: fc.constantFrom('opened' as const, 'live' as const, 'refused' as const, 'closed' as const),
    detail: text,
  }),
  fc.record({
    kind: fc.constant('clock' as const),
    at,
    venue,
    offsetMicros: fc.maxSafeInteger(),
    roundTripMicros: fc.maxSafeNat(),
  }),
  fc.record({
    kind: fc.constant('session' as const),
    at,
    name: fc.string(),
    history: fc.array(
      fc.record({
        asset: fc.option(fc.constantFrom('BTC', 'ETH'), { nil: undefined }),
        bars: fc.array(bar, { maxLength: 5 }),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    at,
    ticker: fc.string(),
    valueUnits: fc.option(fc.nat(), { nil: undefined }),
    result: fc.constantFrom('yes' as const, 'no' as const),
  }),
  fc.record({
    kind: fc.constant('command' as const),
    at,
    command: fc.constantFrom(
      'halt' as const,
      'reduce' as const,
      'resume' as const,
      'flatten' as const,
      'resolve' as const,
    ),
    reason: text,
  }),
  fc.record({
    kind: fc.constant('carried' as const),
    at,
    dayPnl: fc.maxSafeInteger().map(cash),
    orderIds: fc.array(fc.string(), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('request' as const),
    at,
    venue: fc.constant('kalshi' as const),
    request,
    outcome,
  }),
  fc.record({ kind: fc.constant('remoteForecast' as const), at, forecast }),
  fc.record({ kind: fc.constant('tick' as const), at }),
);

const frameOf = (json: unknown): OwnLine => readOwnLine(JSON.stringify(json), AT);

describe('own lines of a tape', () => {
  test('property: every frame of ours reads back as it was written, on one line', () => {
    fc.assert(
      fc.property(ownFrames, (frame) => {
        const line = tapeLine(frame);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const [nanos, column, own] = line.slice(0, -1).split('\t') as [string, string, string];
        expect([nanos, column]).toEqual([`${AT}000`, 'voltage']);
        // JSON writes −0 as 0.
        expect(readOwnLine(own, AT)).toEqual({ kind: 'frame', frame: JSON.parse(JSON.stringify(frame)) });
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['no JSON', 'tick', /must hold JSON/],
    ['a kind that nobody knows', '{"kind":"tock"}', /a frame this build knows/],
    ['a field too many', '{"kind":"tick","and":1}', /a frame this build knows/],
    ['a part that is no number', '{"kind":"segment","session":"a","part":0}', /a frame this build knows/],
    [
      'an order that no command is',
      '{"kind":"command","command":"stop","reason":""}',
      /a frame this build knows/,
    ],
    [
      'a request to a venue that is no exchange',
      JSON.stringify({
        kind: 'request',
        venue: 'kraken',
        request: { action: 'cancel', clientOrderId: 'a', ticker: 'A', side: 'bid', limitTicks: 1, count: 1 },
        outcome: { kind: 'sent' },
      }),
      /a frame this build knows/,
    ],
  ])('%s is told and never thrown', (_, line, why) => {
    expect(readOwnLine(line, AT)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
  });

  test('a request keeps the venue’s answer to the letter, and the order enough to read it by', () => {
    const frame: RequestFrame = {
      kind: 'request',
      at: AT,
      venue: 'kalshi',
      request: {
        action: 'place',
        clientOrderId: 'v1-7',
        ticker: 'KXBTC-A',
        exchangeIndex: 2,
        side: 'ask',
        limitTicks: priceTicks(4_000),
        count: count(150),
      },
      outcome: { kind: 'answered', status: 201, text: '{"order":\n\t{"id":"ü"}}' },
    };
    const own = tapeLine(frame).trimEnd().split('\t')[2] ?? '';
    expect(readOwnLine(own, AT)).toEqual({ kind: 'frame', frame });
  });

  describe('a remote forecast', () => {
    const whole = fc.sample(forecast, { numRuns: 1, seed: 7 })[0] as Forecast;
    test.each<readonly [string, object]>([
      ['whose variance falls', { path: { ...whole.path, cumulative: [0, 2, 1] } }],
      ['whose path is a single knot', { path: { ...whole.path, cumulative: [0] } }],
      ['whose path has a hole', { path: { ...whole.path, cumulative: [0, null, 1] } }],
      ['without tails', { tails: [] }],
      [
        'whose tails do not stand by rising span',
        { tails: [60, 30].map((seconds) => ({ seconds, nu: 4, scale: 1 })) },
      ],
      ['of a model that nobody knows', { model: 'oracle' }],
      ['whose volatility is not known', { annualisedVolatility: null }],
    ])('%s is unreadable', (_, part) => {
      expect(frameOf({ kind: 'remoteForecast', forecast: { ...whole, ...part } })).toMatchObject({
        kind: 'unreadable',
      });
    });
  });
});

describe('lines of earlier releases', () => {
  const row = [60, 1, 2, 0.5, 1.5, 7, 0] as const;
  const first = { openAt: 60 * SECOND, open: 1, high: 2, low: 0.5, close: 1.5, volume: 7, flag: 0 };

  test('a plain list of bars is the first asset’s history', () => {
    expect(frameOf({ kind: 'session', name: 'old', history: [row] })).toEqual({
      kind: 'frame',
      frame: { kind: 'session', at: AT, name: 'old', history: [{ asset: undefined, bars: [first] }] },
    });
    expect(frameOf({ kind: 'session', name: 'old', history: [] })).toMatchObject({ frame: { history: [] } });
  });

  test('an old session that is recorded anew reads back as it was read', () => {
    const old = frameOf({ kind: 'session', name: 'old', history: [row] });
    if (old.kind !== 'frame') throw new Error('an old session is a frame');
    expect(readOwnLine(tapeLine(old.frame).split('\t')[2] ?? '', AT)).toEqual(old);
  });

  test('bars by asset stand in one line, each asset’s own', () => {
    expect(
      frameOf({
        kind: 'session',
        name: 'two',
        history: [
          { asset: 'BTC', bars: [row] },
          { asset: 'ETH', bars: [] },
        ],
      }),
    ).toMatchObject({
      frame: {
        history: [
          { asset: 'BTC', bars: [first] },
          { asset: 'ETH', bars: [] },
        ],
      },
    });
  });

  test('cents of a settlement are units of an index with two decimals', () => {
    expect(frameOf({ kind: 'outcome', ticker: 'A', valueCents: 8_000_001, result: 'yes' })).toEqual({
      kind: 'frame',
      frame: { kind: 'outcome', at: AT, ticker: 'A', valueUnits: 8_000_001, result: 'yes' },
    });
    expect(frameOf({ kind: 'outcome', ticker: 'A', result: 'no' })).toEqual({
      kind: 'frame',
      frame: { kind: 'outcome', at: AT, ticker: 'A', valueUnits: undefined, result: 'no' },
    });
  });

  test('a command without a reason has an empty one', () => {
    expect(frameOf({ kind: 'command', command: 'halt' })).toEqual({
      kind: 'frame',
      frame: { kind: 'command', at: AT, command: 'halt', reason: '' },
    });
  });
});
