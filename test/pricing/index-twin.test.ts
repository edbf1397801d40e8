import { describe, expect, test } from '@jest/globals';
import { from, toArray } from 'rxjs';
import type { Asset } from '../../src/domain/asset.ts';
import type { IndexValue, SpotTop } from '../../src/domain/events/market.ts';
import type { Gap, IndexPrint, KrakenOhlc, SpotTrade, VenueEvent } from '../../src/domain/events/venue.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { indexTwin } from '../../src/pricing/index-twin.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { marbles } from '../support/marbles.ts';

const { twin } = pricingSettings.parse({});
const btc: Pick<Asset, 'name' | 'spot' | 'indexId'> = {
  name: 'BTC',
  spot: { kraken: 'BTC/USD', coinbase: 'BTC-USD' },
  indexId: 'BRTI',
};
const T0 = 1_790_000_000 * SECOND;
type In = VenueEvent | SpotTop | Gap;

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
    expect((last?.variance ?? 0) / (1.2e-4 ** 2 + 1e-4 ** 2)).toBeCloseTo(1, 2);
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
    const doge = { name: 'DOGE', spot: { kraken: 'DOGE/USD' }, indexId: 'DOGEUSD_RTI' };
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
    // Error 1.2 bp; bases 2 bp and 1 bp: weights 1 / (1.44 + 4) and 1 / (1.44 + 1).
    const weights = [1 / 5.44, 1 / 2.44] as const;
    const share = weights[0] / (weights[0] + weights[1]);
    expect(last?.value).toBeCloseTo(84_000 * Math.exp(share * Math.log(84_010 / 84_000)), 2);
    expect((last?.variance ?? 0) / 1e-8).toBeCloseTo(1.44 + share * 4 + (1 - share), 1);
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
