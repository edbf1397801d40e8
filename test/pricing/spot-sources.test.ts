import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SpotTrade } from '../../src/domain/events/venue.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { type SpotSources, spotSources } from '../../src/pricing/spot-sources.ts';
import '../support/properties.ts';

const { twin } = pricingSettings.parse({});
const BP = 1e-4;
const FARTHEST = 10 * BP;
const QUARTER = 15 * MINUTE;
const CLOSE = 1_000 * QUARTER;

type Venue = 'kraken' | 'coinbase';
const trade = (venue: Venue, at: number, price: number): SpotTrade => ({
  kind: 'spotTrade',
  at,
  receivedAt: at,
  venue,
  symbol: venue === 'kraken' ? 'BTC/USD' : 'BTC-USD',
  price,
  quantity: undefined,
  taker: undefined,
  tradeId: 1,
  replayed: false,
});
const sources = (): SpotSources => spotSources(twin, { spot: { kraken: 'BTC/USD', coinbase: 'BTC-USD' } });
/** The venues trade off the index through the minute before a close. */
const minute = (
  to: SpotSources,
  closeAt: number,
  dollars: number,
  offs: Readonly<Partial<Record<Venue, number>>>,
) => {
  for (let at = closeAt - MINUTE; at <= closeAt; at += SECOND)
    for (const [venue, off] of Object.entries(offs) as [Venue, number][])
      to.receive(trade(venue, at, dollars * Math.exp(-off)));
};
const settle = (to: SpotSources, closeAt: number, dollars: number): void =>
  to.settle({ closeAt, dollars }, closeAt + 20 * SECOND, FARTHEST);
const known = (of: SpotSources, at: number) =>
  of.fresh(at, MINUTE).map(({ venue, log, variance }) => ({ venue, log, variance }));

describe('spotSources', () => {
  test('each venue learns its own basis from what a close settled at', () => {
    const all = sources();
    minute(all, CLOSE, 80_000, { kraken: -1 * BP, coinbase: 2 * BP });
    settle(all, CLOSE, 80_000);
    const prices = all.fresh(CLOSE, MINUTE);
    expect(prices).toHaveLength(2);
    for (const { log, variance } of prices) {
      expect(log).toBeCloseTo(Math.log(80_000), 9);
      expect(variance).toBeDefined();
    }
  });

  test('a value that was given for another close already is no news, and a value is taken once', () => {
    const all = sources();
    minute(all, CLOSE, 80_000, { coinbase: 2 * BP });
    settle(all, CLOSE, 80_000);
    const before = known(all, CLOSE);
    settle(all, CLOSE, 80_000);
    settle(all, CLOSE, 80_001);
    expect(known(all, CLOSE)).toEqual(before);
    minute(all, CLOSE + QUARTER, 80_001, { coinbase: 2 * BP });
    const untold = known(all, CLOSE + QUARTER);
    settle(all, CLOSE + QUARTER, 80_000);
    expect(known(all, CLOSE + QUARTER)).toEqual(untold);
    settle(all, CLOSE + QUARTER, 80_001);
    expect(known(all, CLOSE + QUARTER)).not.toEqual(untold);
  });

  test('property: where one of two venues contradicts a value, neither learns, and where both agree both do', () => {
    const off = fc.integer({ min: -35, max: 35 }).map((tenths) => tenths * 0.1 * BP);
    const away = fc.integer({ min: 40, max: 90 }).map((tenths) => tenths * 0.1 * BP);
    fc.assert(
      fc.property(off, off, away, fc.boolean(), (one, other, far, contradicts) => {
        const all = sources();
        minute(all, CLOSE, 80_000, { kraken: one, coinbase: contradicts ? far : other });
        settle(all, CLOSE, 80_000);
        for (const { variance } of known(all, CLOSE))
          if (contradicts) expect(variance).toBeUndefined();
          else expect(variance).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });

  test('a session forgets what was learnt', () => {
    const all = sources();
    minute(all, CLOSE, 80_000, { coinbase: 2 * BP });
    settle(all, CLOSE, 80_000);
    all.forget({
      kind: 'gap',
      at: CLOSE,
      receivedAt: CLOSE,
      venue: 'coinbase',
      cause: 'session',
      scope: 'coinbase',
      detail: '',
    });
    all.receive(trade('coinbase', CLOSE + SECOND, 80_000));
    expect(known(all, CLOSE + SECOND)).toEqual([
      { venue: 'coinbase', log: Math.log(80_000), variance: undefined },
    ]);
  });
});
