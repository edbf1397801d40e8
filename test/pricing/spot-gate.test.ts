import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../src/domain/time.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { spotGate } from '../../src/pricing/spot-gate.ts';
import type { SpotPrice } from '../../src/pricing/spot-sources.ts';
import '../support/properties.ts';

const { twin } = pricingSettings.parse({});
const T0 = 1_790_000_000 * SECOND;
const at = (seconds: number): number => T0 + Math.round(seconds * SECOND);
const price = (seconds: number, dollars: number, venue: SpotPrice['venue'] = 'kraken'): SpotPrice => ({
  venue,
  at: at(seconds),
  receivedAt: at(seconds),
  log: Math.log(dollars),
  variance: undefined,
});
const before = { at: at(0), value: 80_000 };
const kept = (...of: Parameters<ReturnType<typeof spotGate>['judge']>) =>
  spotGate(twin, { name: 'BTC' })
    .judge(...of)
    .kept.map(({ log }) => Math.round(Math.exp(log)));

describe('spotGate', () => {
  test('venues that agree all make the twin', () => {
    expect(kept(at(1), [price(1, 80_000), price(1, 80_050, 'coinbase')], before)).toEqual([80_000, 80_050]);
  });

  test('of two that disagree the one nearer to the last value is kept, and the other is named', () => {
    const gate = spotGate(twin, { name: 'BTC' });
    const wrong = gate.judge(at(1), [price(1, 80_010), price(1, 90_000, 'coinbase')], before);
    expect(wrong.kept.map(({ venue }) => venue)).toEqual(['kraken']);
    expect(wrong.doubts).toMatchObject([
      {
        source: 'coinbase',
        state: 'held',
        why: 'coinbase at 90000.00 is too far from the last value 80000.00: it does not move the twin',
      },
    ]);
    expect(gate.judge(at(2), [price(2, 80_010), price(2, 90_000, 'coinbase')], before).doubts).toEqual([]);
    expect(gate.judge(at(3), [price(3, 80_010), price(3, 80_000, 'coinbase')], before).doubts).toMatchObject([
      { source: 'coinbase', state: 'confirmed' },
    ]);
  });

  test('property: of three or more, no venue outside the band moves the twin', () => {
    const some = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 4 });
    const far = fc.double({ min: 30, max: 50_000, noNaN: true });
    fc.assert(
      fc.property(some, far, fc.boolean(), (honest, distance, up) => {
        const prices = [...honest, up ? distance : -distance].map((points) =>
          price(1, 80_000 * Math.exp(points / 10_000)),
        );
        const { kept: left } = spotGate(twin, { name: 'BTC' }).judge(at(1), prices, before);
        expect(left).toEqual(prices.slice(0, -1));
      }),
    );
  });

  test('a venue alone that jumps is taken once it has stayed there for two seconds, and not if it comes back', () => {
    const gate = spotGate(twin, { name: 'BTC' });
    const judged = (seconds: number, dollars: number) =>
      gate.judge(at(seconds), [price(seconds, dollars)], before).kept.length;
    expect([judged(1, 81_000), judged(2, 81_001), judged(2.9, 81_000), judged(3, 81_000)]).toEqual([
      0, 0, 0, 1,
    ]);
    const back = spotGate(twin, { name: 'BTC' });
    expect(back.judge(at(1), [price(1, 1)], before).kept).toHaveLength(0);
    expect(back.judge(at(1.5), [price(1.5, 80_001)], before).kept).toHaveLength(1);
    expect(back.judge(at(3.5), [price(3.5, 1)], before).kept).toHaveLength(0);
  });
});
