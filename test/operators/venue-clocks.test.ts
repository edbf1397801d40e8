import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  CodecEvent,
  ContractDelta,
  KrakenOhlc,
  StampOffset,
  VenueEvent,
} from '../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { HOUR, MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { MOST_AHEAD_MICROS, venueClocks } from '../../src/operators/venue-clocks.ts';
import '../support/properties.ts';

const START = 1_778_500_800_000_000;
const HOSTILE = [4_102_444_800_000_000, Number.MAX_SAFE_INTEGER, 1e300, START + HOUR, -5, Number.NaN];

const delta = (at: number, receivedAt: number, seq = 1): ContractDelta => ({
  kind: 'contractDelta',
  at,
  receivedAt,
  ticker: 'KXBTCD-A',
  sid: 1,
  seq,
  side: 'bid',
  priceTicks: priceTicks(4_000),
  delta: count(100),
});
const match = (at: number, receivedAt: number): VenueEvent => ({
  kind: 'spotTrade',
  at,
  receivedAt,
  venue: 'coinbase',
  symbol: 'BTC-USD',
  price: 80_000,
  quantity: 1,
  taker: 'buy',
  tradeId: receivedAt,
  replayed: false,
});
const print = (at: number, receivedAt: number): VenueEvent => ({
  kind: 'indexPrint',
  at,
  receivedAt,
  indexId: 'BRTI',
  sid: 4,
  seq: 9,
  asset: 'BTC',
  units: 8_000_000,
  decimals: 2,
  hertz: 1,
});
const candle = (at: number, receivedAt: number): KrakenOhlc => ({
  kind: 'krakenOhlc',
  at,
  receivedAt,
  symbol: 'BTC/USD',
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  intervalMinutes: 1,
  snapshot: false,
});

const admitted = (events: readonly VenueEvent[], measuredMicros = 0) => {
  const clocks = venueClocks();
  clocks.measured({
    kind: 'clock',
    at: START,
    venue: 'kraken',
    offsetMicros: measuredMicros,
    roundTripMicros: 0,
  });
  const out: (VenueEvent | StampOffset)[] = [];
  for (const event of events)
    clocks.admit('kalshi', event, 'text', (each) => {
      if ('receivedAt' in each) out.push(each);
    });
  return out;
};
const kinds = (out: readonly (VenueEvent | StampOffset)[]) =>
  out.filter(({ kind }) => kind !== 'stampOffset').map(({ kind }) => kind);
const lastOffset = (out: readonly (VenueEvent | StampOffset)[]) =>
  out.filter((event): event is StampOffset => event.kind === 'stampOffset').at(-1)?.offsetMicros ?? 0;

describe('a stamp ahead of its receipt', () => {
  test('is believed up to five seconds, and not a microsecond more', () => {
    expect(kinds(admitted([print(START + MOST_AHEAD_MICROS, START)]))).toEqual(['indexPrint']);
    expect(kinds(admitted([print(START + MOST_AHEAD_MICROS + 1, START)]))).toEqual([
      'rejected',
      'acknowledgement',
    ]);
  });

  test('is held against the measured offset, of which at most a second counts', () => {
    const ahead = (micros: number, measured: number) =>
      kinds(admitted([match(START + micros, START)], measured)).includes('rejected');
    expect(ahead(5.5 * SECOND, 0.6 * SECOND)).toBe(false);
    expect(ahead(4.5 * SECOND, -0.6 * SECOND)).toBe(true);
    expect(ahead(6.1 * SECOND, 600 * SECOND)).toBe(true);
  });

  test('leaves the change of a book with an older time, the number of a print, and nothing of a candle', () => {
    const far = START + HOUR;
    expect(admitted([delta(START - 30, START), delta(far, START + 1, 2)]).at(-1)).toEqual({
      ...delta(far, START + 1, 2),
      at: START - 30,
    });
    expect(admitted([print(far, START)]).at(-1)).toMatchObject({ kind: 'acknowledgement', sid: 4, seq: 9 });
    expect(kinds(admitted([candle(START - (START % MINUTE) + HOUR, START)]))).toEqual(['rejected']);
  });

  test('is rejected under one reason for each kind, with its value', () => {
    const whys = HOSTILE.slice(0, 4).map((at) =>
      admitted([match(at, START)]).flatMap((event) => (event.kind === 'rejected' ? [event] : [])),
    );
    expect(new Set(whys.flat().map(({ why }) => why))).toEqual(
      new Set(['spotTrade: stamped more than 5 s ahead of its receipt']),
    );
    expect(whys[3]?.[0]?.excerpt).toContain(`stamp ${START + HOUR} µs, receipt ${START} µs`);
  });

  test('a candle that begins between two minutes is rejected too', () => {
    const begin = START - (START % MINUTE);
    expect(kinds(admitted([candle(begin, START), candle(begin + SECOND, START)]))).toEqual([
      'krakenOhlc',
      'rejected',
    ]);
  });
});

describe('any stamps', () => {
  const stamp = fc.oneof(
    fc.integer({ min: -300 * MILLISECOND, max: 900 * MILLISECOND }).map((lag) => ({ lag })),
    fc.constantFrom(...HOSTILE).map((at) => ({ at })),
    fc.integer({ min: -400 * HOUR, max: 400 * HOUR }).map((lag) => ({ lag })),
  );

  test('never let an event in that is more than five seconds ahead, and never lose a number of a sequence', () => {
    fc.assert(
      fc.property(fc.array(stamp, { minLength: 1, maxLength: 60 }), (stamps) => {
        const events = stamps.map((each, i) => {
          const receivedAt = START + i * 50 * MILLISECOND;
          return delta('at' in each ? each.at : receivedAt - each.lag, receivedAt, i + 1);
        });
        const out = admitted(events);
        const seqs = out.flatMap((event) => (event.kind === 'contractDelta' ? [event.seq] : []));
        expect(seqs).toEqual(events.map(({ seq }) => seq));
        for (const event of out) expect(event.at).toBeLessThanOrEqual(event.receivedAt + MOST_AHEAD_MICROS);
        const hostile = events.filter(
          ({ at, receivedAt }) => !(at > 0 && at <= receivedAt + MOST_AHEAD_MICROS),
        );
        expect(out.filter(({ kind }) => kind === 'rejected')).toHaveLength(hostile.length);
      }),
    );
  });

  test('reveal the offset that is nearest to zero and explains all of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -900 * SECOND, max: 900 * SECOND }),
        fc.array(fc.integer({ min: 0, max: 900 * MILLISECOND }), { minLength: 240, maxLength: 240 }),
        (offset, ways) => {
          const events = ways.map((way, i) => {
            const receivedAt = START + i * 100 * MILLISECOND;
            return delta(receivedAt - way + offset, receivedAt, i + 1);
          });
          const told = lastOffset(admitted(events));
          // The oracle: the shortest and longest ways of the last ten to twenty seconds bound it.
          if (offset > 900 * MILLISECOND) expect(told).toBeGreaterThan(offset - 901 * MILLISECOND);
          if (offset < 0) expect(Math.abs(told - offset)).toBeLessThan(300 * MILLISECOND);
          expect(Math.abs(told)).toBeLessThanOrEqual(Math.abs(offset) + 900 * MILLISECOND);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('that are wrong among right ones reveal nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...HOSTILE, START - 400 * HOUR), { minLength: 1, maxLength: 5 }),
        (hostile) => {
          const right = Array.from({ length: 200 }, (_, i) =>
            delta(START + i * SECOND - 40_000, START + i * SECOND),
          );
          const mixed = right.flatMap((event, i) => {
            const wrong = i % 7 === 3 ? hostile[i % hostile.length] : undefined;
            return wrong === undefined ? [event] : [event, delta(wrong, event.receivedAt)];
          });
          expect(Math.abs(lastOffset(admitted(mixed)))).toBeLessThan(SECOND);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('of one venue say nothing of another, and a session forgets them', () => {
    const clocks = venueClocks();
    const out: (VenueEvent | StampOffset)[] = [];
    const push = (event: CodecEvent | StampOffset): void => {
      if ('receivedAt' in event) out.push(event);
    };
    clocks.admit('kalshi', delta(START + HOUR, START), '', push);
    clocks.admit('coinbase', match(START - 1, START), '', push);
    expect(out.flatMap((event) => (event.kind === 'stampOffset' ? [event.venue] : []))).toEqual(['kalshi']);
    clocks.forget();
    out.length = 0;
    clocks.admit('kalshi', delta(START - 1, START + 1), '', push);
    expect(kinds(out)).toEqual(['contractDelta']);
    expect(lastOffset(out)).toBe(0);
  });

  test.each([['one venue', ['kalshi']] as const, ['all', []] as const])(
    'what is forgotten of %s no later stamp recalls, also if nothing came between',
    (_, [venue]) => {
      const clocks = venueClocks();
      const out: (VenueEvent | StampOffset)[] = [];
      const push = (event: CodecEvent | StampOffset): void => {
        if ('receivedAt' in event) out.push(event);
      };
      clocks.admit('kalshi', delta(START + 2 * SECOND, START), '', push);
      expect(lastOffset(out)).toBe(2 * SECOND);
      clocks.forget(venue);
      out.length = 0;
      clocks.admit('kalshi', delta(START + 1, START + 1), '', push);
      expect(out.map(({ kind }) => kind)).toEqual(['contractDelta']);
    },
  );
});
