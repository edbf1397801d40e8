import { describe, expect, test } from '@jest/globals';
import { from, toArray } from 'rxjs';
import type { Asset } from '../../src/domain/asset.ts';
import type { ContractChanged, IndexValue, SpotTop } from '../../src/domain/events/market.ts';
import type { Gap, IndexPrint, KrakenOhlc, SpotTrade, VenueEvent } from '../../src/domain/events/venue.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { indexTwin } from '../../src/pricing/index-twin.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { marbles } from '../support/marbles.ts';

const { twin } = pricingSettings.parse({});
const btc: Pick<Asset, 'name' | 'spot' | 'indexId' | 'series'> = {
  name: 'BTC',
  spot: { kraken: 'BTC/USD', coinbase: 'BTC-USD' },
  indexId: 'BRTI',
  series: { quarterHour: 'KXBTC15M' },
};
const T0 = 1_790_000_000 * SECOND;
type In = VenueEvent | SpotTop | ContractChanged | Gap;

const both = (seconds: number, lag = 0) => ({
  at: T0 + seconds * SECOND,
  receivedAt: T0 + seconds * SECOND + lag,
});
const print = (seconds: number, dollars: number, hertz: 1 | 5 = 1): IndexPrint => ({
  kind: 'indexPrint',
  ...both(seconds, 60 * MILLISECOND),
  indexId: 'BRTI',
  sid: 1,
  seq: 1,
  asset: 'BTC',
  units: Math.round(dollars * 100),
  decimals: 2,
  hertz,
});
const top = (seconds: number, mid: number, symbol = 'BTC/USD'): SpotTop => ({
  kind: 'spotTop',
  ...both(seconds),
  venue: 'kraken',
  symbol,
  bid: mid - 0.5,
  ask: mid + 0.5,
  bidQuantity: 1,
  askQuantity: 1,
});
const trade = (seconds: number, price: number, venue: 'kraken' | 'coinbase' = 'coinbase'): SpotTrade => ({
  kind: 'spotTrade',
  ...both(seconds),
  venue,
  symbol: venue === 'kraken' ? 'BTC/USD' : 'BTC-USD',
  price,
  quantity: undefined,
  taker: undefined,
  tradeId: 1,
  replayed: false,
});
const minute = (openSeconds: number, receivedSeconds: number, close: number): KrakenOhlc => ({
  kind: 'krakenOhlc',
  at: T0 + openSeconds * SECOND,
  receivedAt: T0 + receivedSeconds * SECOND,
  symbol: 'BTC/USD',
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
  intervalMinutes: 1,
  snapshot: false,
});
const gap = (seconds: number, venue: Gap['venue'], cause: Gap['cause'], scope: string = venue): Gap => ({
  kind: 'gap',
  ...both(seconds),
  venue,
  cause,
  scope,
  detail: '',
});

function run(events: readonly In[], settings = twin): readonly IndexValue[] {
  let values: readonly IndexValue[] = [];
  from(events)
    .pipe(indexTwin(settings, btc), toArray())
    .subscribe((all) => {
      values = all.filter((event) => event.kind === 'index');
    });
  return values;
}
const told = (events: readonly In[]) =>
  run(events).map(({ source, value }) => `${source} ${value.toFixed(2)}`);

describe('indexTwin', () => {
  test('a print is the truth, and venues are silent while it is fresh', () => {
    expect(run([print(0, 84_000), top(1, 83_990), trade(1.5, 84_010), print(2, 84_001.25)])).toEqual([
      {
        kind: 'index',
        asset: 'BTC',
        ...both(0, 60 * MILLISECOND),
        value: 84_000,
        source: 'prints',
        variance: 0,
      },
      {
        kind: 'index',
        asset: 'BTC',
        ...both(2, 60 * MILLISECOND),
        value: 84_001.25,
        source: 'prints',
        variance: 0,
      },
    ]);
  });

  test('the same print on both channels is told once', () => {
    expect(told([print(0, 84_000, 5), print(0, 84_000), print(0.2, 84_000, 5)])).toEqual([
      'prints 84000.00',
      'prints 84000.00',
    ]);
  });

  test('three seconds after the last print the venues stand in, until it is back', () => {
    expect(
      told([print(0, 84_000), top(3.06, 84_010), top(3.1, 84_020), print(3.2, 84_005), top(3.3, 84_030)]),
    ).toEqual(['prints 84000.00', 'twin 84020.00', 'prints 84005.00']);
  });

  test('without any print the median of the fresh venues stands in, and says its own error and the older time', () => {
    const values = run([trade(0, 84_000), top(2, 84_020)]);
    expect(values.map(({ value }) => value.toFixed(1))).toEqual(['84000.0', '84010.0']);
    expect(values[1]).toMatchObject({ source: 'twin', at: T0, receivedAt: T0 + 2 * SECOND });
    expect(run([top(0, 84_020), trade(2, 84_000)])[1]).toMatchObject({ at: T0, receivedAt: T0 + 2 * SECOND });
    expect(Math.sqrt(values[1]?.variance ?? 0)).toBeCloseTo(1.2e-4, 12);
  });

  test('Kraken’s mid is taken before its trade, and its trade when the book is silent', () => {
    expect(told([top(0, 84_000), trade(1, 84_100, 'kraken')])).toEqual(['twin 84000.00']);
    expect(told([top(0, 84_000), trade(6, 84_100, 'kraken')])).toEqual(['twin 84000.00', 'twin 84100.00']);
  });

  test('the close of a Kraken minute is the last resort: its time is the minute’s end, or its receipt if that was before', () => {
    expect(run([minute(0, 61, 84_000)])).toMatchObject([
      { at: T0 + MINUTE, value: expect.closeTo(84_000, 6) },
    ]);
    expect(run([minute(0, 30, 84_000)])).toMatchObject([{ at: T0 + 30 * SECOND }]);
    expect(told([trade(59, 84_100), minute(0, 61, 84_000)])).toEqual(['twin 84100.00']);
    expect(told([trade(50, 84_100), minute(0, 61, 84_000)])).toEqual(['twin 84100.00', 'twin 84000.00']);
  });

  test('a venue that trades off the index is moved by its basis, whose variance is told', () => {
    const events: In[] = [];
    for (let second = 0; second < 100; second++) {
      const noise = second % 2 === 0 ? 1e-4 : -1e-4;
      events.push(trade(second, 84_000 * Math.exp(-5e-4 - noise)), print(second, 84_000));
    }
    events.push(trade(104, 84_100 * Math.exp(-5e-4)));
    const last = run(events).at(-1);
    expect(last?.source).toBe('twin');
    expect(last?.value).toBeCloseTo(84_100, 0);
    // The scatter of 1 bp, and what a hundred prints leave open: a minute of them errs by .4 bp.
    expect((last?.variance ?? 0) / (1e-4 ** 2 + (60 * 0.4e-4 ** 2) / 100)).toBeCloseTo(1, 1);
  });

  const CLOSE = Math.ceil((T0 / SECOND + 120) / 900) * 900 - T0 / SECOND;
  const opening = (seconds: number, dollars: number, openSeconds = CLOSE): ContractChanged => ({
    kind: 'contract',
    ...both(seconds),
    state: 'active',
    result: undefined,
    contract: {
      ticker: 'KXBTC15M-A',
      series: 'KXBTC15M',
      asset: 'BTC',
      indexDecimals: 2,
      event: 'E',
      strikeType: 'greater_or_equal',
      floorUnits: Math.round(dollars * 100),
      capUnits: undefined,
      openAt: T0 + openSeconds * SECOND,
      closeAt: T0 + (openSeconds + 900) * SECOND,
      tickBands: [],
      exchangeIndex: undefined,
      fee: undefined,
    },
  });
  /** A venue that trades `off` below the index for the minute before the close and after it. */
  const quarter = (off: number): In[] =>
    Array.from({ length: 80 }, (_, i) => trade(CLOSE - 65 + i, 84_000 * Math.exp(-off)));

  test('the floor of the next quarter-hour is what the last one settled at: it moves the twin, and the stated error falls', () => {
    const events = [...quarter(2e-4), opening(CLOSE + 16, 84_000), trade(CLOSE + 17, 84_010)];
    const last = run(events).at(-1);
    expect(last).toMatchObject({ source: 'twin' });
    expect(last?.value).toBeCloseTo(84_010 * Math.exp(2e-4), 2);
    // Noise of .4 bp twice: in what was learnt, and in what comes.
    expect(Math.sqrt(last?.variance ?? 0) * 1e4).toBeCloseTo(0.4 * Math.SQRT2, 2);
    const off = run(events, { ...twin, learnSettlements: false }).at(-1);
    expect(off?.value).toBeCloseTo(84_010, 6);
    expect(off?.variance).toBe((1.2 / 10_000) ** 2);
  });

  test('a floor that the venue contradicts, of another close, or told before its close, moves nothing', () => {
    for (const wrong of [
      opening(CLOSE + 16, 84_000 * 1.03),
      opening(CLOSE + 16, 84_000 * 0.97),
      opening(CLOSE + 16, 84_000 * Math.exp(6e-4)),
      opening(CLOSE + 16, 84_000, CLOSE - 900),
      opening(CLOSE + 16, 84_000, CLOSE + 1),
      opening(CLOSE - 1, 84_000),
    ]) {
      const events = [...quarter(2e-4), wrong, trade(CLOSE + 17, 84_010)].sort(
        (a, b) => a.receivedAt - b.receivedAt,
      );
      expect(run(events).at(-1)?.value).toBeCloseTo(84_010, 6);
    }
  });

  test('where prints of the index teach the basis, its settlement is not counted again', () => {
    const taught = quarter(2e-4).flatMap((event) => [event, print((event.at - T0) / SECOND, 84_000)]);
    const after = trade(CLOSE + 24, 84_010);
    const value = run([...taught, after]).at(-1);
    expect(value?.source).toBe('twin');
    expect(run([...taught, opening(CLOSE + 16, 84_005), after]).at(-1)).toEqual(value);
  });

  test('a gap voids what its venue said', () => {
    expect(
      told([top(0, 84_000), trade(0, 84_020), gap(1, 'kraken', 'checksum', 'BTC/USD'), trade(1, 84_040)]),
    ).toEqual(['twin 84000.00', 'twin 84010.00', 'twin 84040.00']);
    expect(told([print(0, 84_000), gap(1, 'kalshi', 'disconnect'), trade(1.1, 84_020)])).toEqual([
      'prints 84000.00',
      'twin 84020.00',
    ]);
    expect(told([print(0, 84_000), gap(1, 'kalshi', 'sequence'), trade(1.1, 84_020)])).toEqual([
      'prints 84000.00',
    ]);
  });

  test('a gap of another pair of the venue voids nothing', () => {
    const before: In[] = [top(0, 84_000), trade(0, 84_020)];
    expect(told([...before, gap(1, 'kraken', 'checksum', 'ETH/USD'), trade(1, 84_040)])).toEqual([
      'twin 84000.00',
      'twin 84010.00',
      'twin 84020.00',
    ]);
  });

  test('another asset has its own symbols, index and decimals, and hears nothing of this one’s', () => {
    const doge = { name: 'DOGE', spot: { kraken: 'DOGE/USD' }, indexId: 'DOGEUSD_RTI', series: {} };
    const heard: IndexValue[] = [];
    from<In[]>([
      top(0, 84_000),
      { ...print(0, 1), indexId: 'DOGEUSD_RTI', asset: 'DOGE', units: 1_234_567, decimals: 7 },
      print(1, 84_000),
      { ...top(5, 1), symbol: 'DOGE/USD', bid: 0.1234, ask: 0.1236 },
    ])
      .pipe(indexTwin(twin, doge))
      .subscribe((event) => event.kind === 'index' && heard.push(event));
    expect(heard.map(({ asset, source, value }) => `${asset} ${source} ${value.toFixed(7)}`)).toEqual([
      'DOGE prints 0.1234567',
      'DOGE twin 0.1235000',
    ]);
  });

  test('two venues whose bases are known lean to the steadier one, and a venue just heard is trusted least', () => {
    const events: In[] = [];
    const steps = [1e-4, -1e-4];
    for (let second = 0; second < 100; second++) {
      const noise = steps[second % 2] ?? 0;
      events.push(
        top(second, 84_000 * Math.exp(2 * noise)),
        trade(second, 84_000 * Math.exp(noise)),
        print(second, 84_000),
      );
    }
    const last = run([...events, top(104, 84_010), trade(104, 84_000)]).at(-1);
    // Scatter 2 bp and 1 bp; a hundred prints leave .1 bp² of the bases open.
    const weights = [1 / 4.1, 1 / 1.1] as const;
    const share = weights[0] / (weights[0] + weights[1]);
    expect(last?.value).toBeCloseTo(84_000 * Math.exp(share * Math.log(84_010 / 84_000)), 2);
    expect((last?.variance ?? 0) / 1e-8).toBeCloseTo(0.1 + share * 4 + (1 - share), 1);
    const fresh = run([
      ...events.filter(({ kind }) => kind !== 'spotTrade'),
      top(104, 84_010),
      trade(104, 84_000),
    ]).at(-1);
    expect(fresh?.value).toBeCloseTo(84_000 * Math.exp(0.5 * Math.log(84_010 / 84_000)), 2);
  });

  test('prices that go back in time, are not positive or are of another symbol are passed over', () => {
    expect(
      told([trade(5, 84_000), trade(4, 83_000), trade(6, Number.NaN), trade(7, 0), top(8, 1, 'ETH/USD')]),
    ).toEqual(['twin 84000.00']);
    expect(told([print(5, 84_000), { ...print(6, 3_000), indexId: 'ETHUSD_RTI' }, print(4, 83_000)])).toEqual(
      ['prints 84000.00'],
    );
  });

  test('a venue’s price from before the last print does not stand in for it', () => {
    expect(told([print(60, 84_000), minute(0, 64, 83_000)])).toEqual(['prints 84000.00']);
  });

  test('an unchanged stand-in is told again once a second', () => {
    const steady = Array.from({ length: 21 }, (_, i) => trade(i / 10, 84_000));
    expect(told(steady)).toHaveLength(3);
  });

  test('each subscriber has its own state, errors and ends pass through', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<In>('a-b-|', { a: trade(0, 84_000), b: gap(1, 'coinbase', 'disconnect') });
      const values = source.pipe(indexTwin(twin, btc));
      const value = { x: expect.objectContaining({ source: 'twin', at: T0 }) as unknown as IndexValue };
      expectObservable(values).toBe('x---|', value);
      expectObservable(values).toBe('x---|', value);
      expectObservable(values, '^-!').toBe('x', value);
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^---!', '^-!']);
      expectObservable(cold<In>('-#').pipe(indexTwin(twin, btc))).toBe('-#');
    });
  });
});
