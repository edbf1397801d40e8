import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codecsOf } from '../../pipelines/edges/codecs.ts';
import { runLane } from '../../pipelines/run/run-lane.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Frame, RequestFrame, RestFrame, WireFrame } from '../../src/domain/frame.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { emulatedSession, forecaster, linesOf, only, settingsOf } from '../pipelines/market.ts';
import '../support/properties.ts';
import { tally } from '../support/tally.ts';

const settings = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 1, seed: 'frames' });
const { startAt, session, wire } = emulatedSession(settings);
const HOSTILE = 240 * Number(process.env['RELIABILITY_RUNS'] ?? 1);
const HOLD_MS = 1_000;

type Hostile = WireFrame | RestFrame | RequestFrame;

const kindOf = ({ venue, text }: WireFrame): string =>
  `${venue} ${/"(?:channel|type|method)":"(\w+)"(?:,"type":"(\w+)")?/.exec(text)?.slice(1).join(' ')}`;
/** One frame of every venue and kind that the emulator sends, and of those that it does not. */
const seeds: readonly WireFrame[] = [
  ...new Map(wire.map((frame) => [kindOf(frame), frame])).values(),
  ...[
    '{"type":"match","trade_id":1,"product_id":"BTC-USD","price":"80000.1","size":"0.1","side":"buy","time":"2026-06-01T13:57:01Z"}',
    '{"type":"subscriptions","channels":[{"name":"matches","product_ids":["BTC-USD"]}]}',
    '{"type":"error","message":"no","reason":"none"}',
  ].map((text): WireFrame => ({ kind: 'wire', at: startAt, venue: 'coinbase', text })),
  ...[
    '{"type":"event_fee_update","sid":990,"seq":1,"msg":{"event_ticker":"KXBTC-A","fee_type_override":"quadratic","fee_multiplier_override":1}}',
    '{"type":"error","id":1,"sid":991,"seq":1,"msg":{"code":6,"msg":"no such market"}}',
    '{"type":"ok","id":1,"sid":992,"seq":1,"msg":{"market_tickers":["KXBTC-A"]}}',
  ].map((text): WireFrame => ({ kind: 'wire', at: startAt, venue: 'kalshi', text })),
];
const market = {
  ticker: 'KXBTC-26JUN0110-B80050',
  event_ticker: 'KXBTC-26JUN0110',
  status: 'active',
  open_time: '2026-06-01T13:00:00Z',
  close_time: '2026-06-01T14:00:00Z',
  strike_type: 'between',
  floor_strike: 80_000,
  cap_strike: '80099.99',
  price_ranges: [{ start: '0', end: '1', step: '0.01' }],
  exchange_index: 2,
};
const book = { yes_dollars: [['0.4000', '1.00']], no_dollars: [['0.5000', '1.00']] };
const bodies: readonly (readonly [venue: 'kraken' | 'kalshi', resource: string, body: unknown])[] = [
  ['kalshi', '/trade-api/v2/markets?limit=1000', { markets: [market, market], cursor: '' }],
  ['kalshi', '/trade-api/v2/markets/KXBTC-A', { market }],
  ['kalshi', '/trade-api/v2/markets/KXBTC-A/orderbook', { orderbook_fp: book }],
  ['kalshi', '/trade-api/v2/markets/orderbooks', { orderbooks: [{ ticker: 'KXBTC-A', orderbook_fp: book }] }],
  [
    'kalshi',
    '/trade-api/v2/series/KXBTC',
    { series: { ticker: 'KXBTC', fee_type: 'quadratic', fee_multiplier: 1 } },
  ],
  ['kalshi', '/trade-api/v2/events/KXBTC-A', { event: { event_ticker: 'KXBTC-A', fee_type_override: null } }],
  ['kalshi', '/trade-api/v2/exchange/status', { exchange_active: true, trading_active: true }],
  [
    'kraken',
    '/0/public/Trades?pair=XBTUSD&since=0',
    { error: [], result: { XXBTZUSD: [['80000.0', '1.0', 1_780_321_000.5, 'b', 'm', '', 9]], last: '1' } },
  ],
  [
    'kraken',
    '/0/public/OHLC?pair=XBTUSD&interval=1',
    { error: [], result: { XXBTZUSD: [[1_780_321_020, '1', '1', '1', '1', '1', '1', 1]], last: 1 } },
  ],
];

/** A value that stands for text that JSON.stringify cannot write. */
const DEEP = '@deep@';
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const values = fc.constantFrom<unknown>(
  ...[
    1e308,
    -1e308,
    5e-324,
    -0,
    0,
    -1,
    1e21,
    0.1 + 0.2,
    0.12345,
    1.00001,
    2 ** 53 - 1,
    2 ** 53,
    9_999_999_999,
  ],
  ...['', '0', '-0', '1e5', 'NaN', 'Infinity', '0.00001', '999999999999.99', '1.0000', '0.9999', '\u0000'],
  ...['__proto__', 'constructor', 'K'.repeat(10_000), '\ud800', '../../x?y=z', '1970-01-01T00:00:00Z'],
  ...['2255-01-01T00:00:00Z', DEEP, null, true, [], {}, [[]], [null], { __proto__: null, a: 1 }],
);
const depths = fc.constantFrom(3, 65, 50_000);

/** Changes one place of a JSON value: `pick` chooses it, member by member. */
function mutated(json: unknown, pick: readonly number[], change: (old: unknown) => unknown): unknown {
  const [first, ...rest] = pick;
  if (first === undefined || typeof json !== 'object' || json === null) return change(json);
  if (Array.isArray(json)) {
    if (json.length === 0) return change(json);
    const at = first % json.length;
    return json.map((item: unknown, i) => (i === at ? mutated(item, rest, change) : item));
  }
  const keys = Object.keys(json);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return change(json);
  return { ...json, [key]: mutated((json as Record<string, unknown>)[key], rest, change) };
}

const changes: fc.Arbitrary<(old: unknown) => unknown> = fc.oneof(
  { weight: 4, arbitrary: values.map((value) => () => value) },
  // A list that is far too long, of members that are right.
  fc
    .constantFrom(30, 3_000, 30_000)
    .map((times) => (old: unknown) => Array.from({ length: times }, () => old)),
  fc.constant(() => undefined),
  fc.constant((old: unknown) => ({ ['__proto__']: old, old })),
);
const texts = (json: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.array(fc.nat(30), { maxLength: 5 }), changes, depths)
        .map(([pick, change, depth]) =>
          (JSON.stringify(mutated(json, pick, change)) ?? '').replace(`"${DEEP}"`, nested(depth)),
        ),
    },
    fc.nat(200).map((cut) => JSON.stringify(json).slice(0, -1 - cut)),
    fc.constantFrom(
      '',
      ' ',
      'null',
      '[]',
      '{}',
      '"',
      '\u0000',
      '\ufeff{}',
      nested(100_000),
      '[1,'.repeat(9_000),
    ),
  );
const wires: fc.Arbitrary<Hostile> = fc
  .constantFrom(...seeds)
  .chain((seed) => texts(JSON.parse(seed.text)).map((text) => ({ ...seed, text })));
const rests: fc.Arbitrary<Hostile> = fc
  .constantFrom(...bodies)
  .chain(([venue, resource, body]) =>
    texts(body).map((text): RestFrame => ({ kind: 'rest', at: startAt, venue, resource, text })),
  );
const request = {
  action: 'place',
  clientOrderId: 'none',
  ticker: 'KXBTC-A',
  exchangeIndex: 2,
  side: 'bid',
  limitTicks: priceTicks(5_000),
  count: count(100),
} as const;
const answers: fc.Arbitrary<Hostile> = fc
  .tuple(
    texts({
      order_id: 'v',
      client_order_id: 'none',
      fill_count: '1.00',
      remaining_count: '0.00',
      average_fill_price: '0.5000',
      average_fee_paid: '0.0100',
      error: { code: 'x', message: 'y', details: 'z' },
    }),
    fc.constantFrom(200, 201, 400, 404, 409, 500),
    fc.constantFrom('place' as const, 'cancel' as const),
  )
  .map(([text, status, action]) => ({
    kind: 'request',
    at: startAt,
    venue: 'kalshi',
    request: { ...request, action },
    outcome: { kind: 'answered', status, text },
  }));
const hostile = fc.oneof({ weight: 6, arbitrary: wires }, { weight: 3, arbitrary: rests }, answers);

const wireOf = (venue: WireFrame['venue'], text: string): WireFrame => ({
  kind: 'wire',
  at: startAt,
  venue,
  text,
});
const ticker = /"market_ticker":"(KXBTC[^"]+)"/.exec(wire.map(({ text }) => text).join('\n'))?.[1] ?? '';
const bids = (levels: number): string =>
  Array.from(
    { length: levels },
    (_, i) => `{"price":${(20_000 + ((i * 7_919) % 1_000_003) * 0.1).toFixed(1)},"qty":1.0}`,
  ).join();
const krakenSnapshot = (levels: number): WireFrame =>
  wireOf(
    'kraken',
    `{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[${bids(levels)}],"asks":[],"checksum":1,"timestamp":"2026-06-01T13:57:01.000000Z"}]}`,
  );
/** What killed or held a lane once, made small where that shows the same. */
const handed: readonly Hostile[] = [
  wireOf('kalshi', `{"type":${nested(100_000)}}`),
  wireOf('kalshi', `{"type":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
  wireOf('kalshi', `{"type":"orderbook_snapshot","sid":7,"seq":1,"msg":{"market_ticker":${nested(50_000)}}}`),
  wireOf('kalshi', nested(1_000_000)),
  wireOf('kraken', `{"channel":"book","type":"update","data":${nested(100_000)}}`),
  wireOf(
    'kalshi',
    `{"type":"orderbook_snapshot","sid":66,"seq":1,"msg":{"market_ticker":"${ticker}","yes_dollars_fp":[${Array.from({ length: 100_000 }, (_, i) => `["0.9999","${i % 2}.00"]`).join()}]}}`,
  ),
  krakenSnapshot(9_000),
  krakenSnapshot(50_000),
  wireOf('kalshi', `{"type":"${'x'.repeat(9_000_000)}"}`),
  {
    kind: 'rest',
    at: startAt,
    venue: 'kalshi',
    resource: '/trade-api/v2/series/KXBTC',
    text: '{"series":{"ticker":"KXBTC","fee_type":"quadratic","fee_multiplier":0.12345}}',
  },
];

const codecs = codecsOf(settings);
const decoded = (frame: Hostile): readonly { readonly kind: string }[] => {
  switch (frame.kind) {
    case 'wire':
      return codecs[frame.venue].wire(frame.text, frame.at);
    case 'rest':
      return codecs[frame.venue].rest(frame.resource, frame.text, frame.at);
    case 'request':
      return codecs[frame.venue].request?.(frame) ?? [];
  }
};
const isRejected = (frame: Hostile): boolean => {
  const events = decoded(frame);
  return events.length > 0 && events.every(({ kind }) => kind === 'rejected');
};

/** Drives good frames with hostile ones spread evenly among them, each as a batch of its own. */
async function laneWith(mixed: readonly Hostile[]) {
  const events: AuditEvent[] = [];
  const held: number[] = [];
  const every = Math.max(1, Math.floor(wire.length / (mixed.length + 1)));
  function* batches(): Generator<readonly Frame[]> {
    yield [session];
    let next = 0;
    for (let from = 0; from < wire.length; from += every) {
      const good = wire.slice(from, from + every);
      yield good;
      const frame = mixed[next++];
      if (!frame) continue;
      const sinceMs = performance.now();
      yield [{ ...frame, at: good.at(-1)?.at ?? startAt }];
      held.push(performance.now() - sinceMs);
    }
  }
  await runLane(
    {
      batches: batches(),
      startAt,
      settings,
      forecasterOf: () => forecaster,
      orders: 'paper',
      sinceMs: 0,
      tap: ({ event }) => events.push(event),
    },
    () => ({}),
  );
  return { events, held };
}

describe('hostile frames', () => {
  const sample = [...handed, ...fc.sample(hostile, { numRuns: HOSTILE, seed: 20_261_128 })];
  let lost = sample.length;
  let base: readonly AuditEvent[] = [];
  beforeAll(async () => {
    base = (await laneWith([])).events;
  });
  afterAll(() =>
    tally({ kind: 'hostile frames', tried: sample.length, survived: sample.length - lost, lost }),
  );

  test('every text of every venue is read to events or rejected with a short reason; no codec throws', () => {
    fc.assert(
      fc.property(hostile, (frame) => {
        const events = decoded(frame);
        for (const event of events) {
          if (event.kind !== 'rejected') continue;
          const { why, excerpt } = event as unknown as { readonly why: string; readonly excerpt: string };
          expect(why.length).toBeGreaterThan(0);
          expect(why.length).toBeLessThanOrEqual(300);
          expect(excerpt.length).toBeLessThanOrEqual(200);
        }
        // Blank text says nothing, and a list may be empty; everything else is counted.
        if (events.length === 0 && frame.kind === 'wire' && frame.text.trim() !== '')
          expect(frame.text).toMatch(/\[\]/);
      }),
      { numRuns: HOSTILE },
    );
  });

  test('no hostile frame ends the lane, and the frames after it are still decided on', async () => {
    const { events, held } = await laneWith(sample);
    expect(held).toHaveLength(sample.length);
    // The machine may be busy, so this is a figure of the table and not a claim of the test.
    lost = held.filter((ms) => ms > HOLD_MS).length;
    expect(only('decision', events).length).toBeGreaterThan(0);
    expect(only('decision', base).some(({ verdict }) => verdict === 'approved')).toBe(true);
  });

  test('a rejected frame is counted once and changes no decision', async () => {
    const refused = sample.filter(isRejected);
    expect(refused.length).toBeGreaterThan(sample.length / 4);
    const { events } = await laneWith(refused);
    const told = refused.reduce((sum, frame) => sum + decoded(frame).length, 0);
    expect(only('rejected', events)).toHaveLength(told);
    expect(linesOf(events)).toEqual(linesOf(base));
  });
});
