import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IndexPrint } from '../../src/domain/events/venue.ts';
import { SECOND } from '../../src/domain/time.ts';
import { printWindow } from '../../src/pricing/print-window.ts';
import { BTC } from '../support/assets.ts';
import { dataPath, describeData } from '../support/data.ts';
import { CLOSE_AT, printsFrom } from './worlds.ts';

const print = (second: number, units: number, more: Partial<IndexPrint> = {}): IndexPrint => ({
  kind: 'indexPrint',
  indexId: 'BRTI',
  at: second * SECOND,
  receivedAt: second * SECOND,
  sid: 1,
  seq: 1,
  asset: 'BTC',
  units,
  decimals: 2,
  hertz: 1,
  ...more,
});

describe('printWindow', () => {
  test('a print that comes more than five seconds late fills a missing second and replaces none', () => {
    const prints = printWindow(BTC);
    const late = { receivedAt: 1_005 * SECOND + 1 };
    expect(prints.add(print(1_000, 100))).toBe(true);
    expect(prints.add(print(1_000, 900, late))).toBe(false);
    expect(prints.add(print(999, 300, late))).toBe(true);
    expect(prints.sum(999 * SECOND, 1_001 * SECOND)).toEqual({ units: 400, count: 2 });
    expect(prints.add(print(1_000, 200, { receivedAt: 1_005 * SECOND }))).toBe(true);
  });

  test('a settlement is the mean of the prints stamped T−60 … T−1: neither T−61 nor T counts', () => {
    const minute = Array.from({ length: 60 }, (_, i) => 100 + i);
    const prints = printsFrom(CLOSE_AT - 61 * SECOND, [1_000_000, ...minute, 1_000_000]);
    expect(prints.settledValueUnits(CLOSE_AT)).toBe(130);
  });

  test('a mean of exactly half a cent is rounded up', () => {
    const half = Array.from({ length: 60 }, (_, i) => 100 + (i < 30 ? 1 : 0));
    expect(printsFrom(CLOSE_AT - 60 * SECOND, half).settledValueUnits(CLOSE_AT)).toBe(101);
    const less = Array.from({ length: 60 }, (_, i) => 100 + (i < 29 ? 1 : 0));
    expect(printsFrom(CLOSE_AT - 60 * SECOND, less).settledValueUnits(CLOSE_AT)).toBe(100);
  });

  test('property: with any print missing there is no settlement, and with all it equals exact integer arithmetic', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e8 }), { minLength: 60, maxLength: 60 }),
        fc.option(fc.nat(59), { nil: undefined }),
        (cents, missing) => {
          const window = printWindow(BTC);
          const first = CLOSE_AT / SECOND - 60;
          cents.forEach((value, i) => {
            if (i !== missing) window.add(print(first + i, value));
          });
          const sum = cents.reduce((total, value) => total + BigInt(value), 0n);
          const expected = missing === undefined ? Number((2n * sum + 60n) / 120n) : undefined;
          expect(window.settledValueUnits(CLOSE_AT)).toBe(expected);
        },
      ),
    );
  });

  test('prints between seconds, of another index or without a price are passed over', () => {
    const window = printWindow(BTC);
    expect(window.add(print(1_000.2, 5, { hertz: 5 }))).toBe(false);
    expect(window.add(print(1_000, 5, { indexId: 'ETHUSD_RTI' }))).toBe(false);
    expect(window.add(print(1_000, Number.NaN))).toBe(false);
    expect(window.add(print(1_000, 0))).toBe(false);
    expect(window.latest()).toBeUndefined();
  });

  test('the fast channel fills a missing second, and never overrides the print that settles', () => {
    const window = printWindow(BTC);
    window.add(print(1_000, 7, { hertz: 5 }));
    expect(window.latest()).toEqual({ at: 1_000 * SECOND, units: 7 });
    expect(window.add(print(1_000, 8))).toBe(true);
    expect(window.add(print(1_000, 9, { hertz: 5 }))).toBe(false);
    expect(window.sum(1_000 * SECOND, 1_001 * SECOND)).toEqual({ units: 8, count: 1 });
  });

  test('late prints find their place, and twenty minutes are remembered', () => {
    const window = printWindow(BTC);
    window.add(print(3_000, 3));
    window.add(print(2_999, 2));
    expect(window.latest()).toEqual({ at: 3_000 * SECOND, units: 3 });
    expect(window.sum(2_990 * SECOND, 3_001 * SECOND)).toEqual({ units: 5, count: 2 });
    window.add(print(4_198, 4));
    expect(window.sum(2_999 * SECOND, 3_001 * SECOND)).toEqual({ units: 5, count: 2 });
    window.add(print(4_199, 4));
    expect(window.sum(2_999 * SECOND, 3_001 * SECOND)).toEqual({ units: 3, count: 1 });
    expect(window.add(print(2_999, 2))).toBe(false);
  });
});

describeData('recorded settlements', () => {
  interface Recorded {
    readonly close_ts: number;
    readonly first_ts: number;
    readonly brti_1hz_cents: readonly number[];
    readonly expiration_value: string;
    readonly kalshi_last_60s_windowed_average_15min_final: string;
  }
  const file = dataPath('kalshi', 'wire', 'brti-settlement-windows.json');
  const { expirations } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly expirations: readonly Recorded[];
  };

  test('every published value is reproduced to the cent', () => {
    expect(expirations.length).toBeGreaterThanOrEqual(5);
    for (const recorded of expirations) {
      const window = printsFrom(recorded.first_ts * SECOND, recorded.brti_1hz_cents);
      const value = window.settledValueUnits(recorded.close_ts * SECOND);
      expect(value).toBe(Math.round(Number(recorded.expiration_value) * 100));
    }
  });

  test('the streamed average is that of the window one second later', () => {
    for (const recorded of expirations) {
      const window = printsFrom(recorded.first_ts * SECOND, recorded.brti_1hz_cents);
      const shifted = window.sum((recorded.close_ts - 59) * SECOND, (recorded.close_ts + 1) * SECOND);
      expect(shifted.count).toBe(60);
      expect(shifted.units / 6_000).toBeCloseTo(
        Number(recorded.kalshi_last_60s_windowed_average_15min_final),
        7,
      );
    }
  });
});
