import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type EmulatedContract,
  hourlyContracts,
  quarterContract,
} from '../../../../src/emulator/kalshi/public/contract.ts';
import { fairProbability, settlementLaw } from '../../../../src/emulator/kalshi/public/fair.ts';
import { kalshiOutcome } from '../../../../src/emulator/kalshi/public/outcome.ts';
import { indexPrints } from '../../../../src/emulator/world/index-prints.ts';
import { emulatedBtc, emulatedDoge, emulatedEth } from '../../assets.ts';

const at = (text: string) => Date.parse(text) * 1_000;
const CLOSE = at('2026-09-25T20:00:00Z');
const hourly = hourlyContracts(emulatedBtc, CLOSE, 8_395_000, 9);
const quarterHour = (closeAt: number, floorUnits: number | undefined): EmulatedContract =>
  quarterContract(emulatedBtc, closeAt, floorUnits)[0] as EmulatedContract;
const ranges = hourly.filter(({ series }) => series === 'KXBTC');

// Edges are where a contract can be wrong by a cent: half of the values lie on one or beside it.
const value = fc.oneof(
  fc.integer({ min: 8_300_000, max: 8_500_000 }),
  fc
    .tuple(fc.integer({ min: 835, max: 845 }), fc.integer({ min: -1, max: 1 }))
    .map(([base, cents]) => base * 10_000 + cents),
);

describe('contracts of a close', () => {
  test("tickers are spelt as Kalshi spells them, in New York's time", () => {
    expect(hourly.map(({ ticker }) => ticker)).toEqual(
      expect.arrayContaining([
        'KXBTCD-26SEP2516-T83899.99',
        'KXBTC-26SEP2516-B83950',
        'KXBTC-26SEP2516-T84399.99',
        'KXBTC-26SEP2516-T83600',
      ]),
    );
    expect(quarterHour(at('2026-09-25T19:15:00Z'), 8_395_062)).toMatchObject({
      ticker: 'KXBTC15M-26SEP251515-15',
      event: 'KXBTC15M-26SEP251515',
      subTitle: 'Target Price: $83,950.62',
      openAt: at('2026-09-25T19:00:00Z'),
    });
    // Midnight belongs to the next day, and winter is an hour further from UTC.
    expect(quarterHour(at('2026-12-01T05:00:00Z'), undefined).ticker).toBe('KXBTC15M-26DEC010000-00');
  });

  test('no two closes of a year have one name, not even in the hour that autumn repeats', () => {
    const name = (closeAt: number) => quarterHour(closeAt, undefined).ticker;
    expect(name(at('2026-11-01T05:15:00Z'))).toBe('KXBTC15M-26NOV010115-15');
    expect(name(at('2026-11-01T06:15:00Z'))).toBe('KXBTC15M-26NOV010115R-15');
    expect(name(at('2026-11-01T07:00:00Z'))).toBe('KXBTC15M-26NOV010200-00');
    const quarters = fc.integer({ min: 0, max: 366 * 96 });
    fc.assert(
      fc.property(
        quarters,
        fc.constantFrom(1, 4),
        fc.integer({ min: 1, max: 96 }),
        (quarter, step, further) => {
          const closeAt = at('2026-01-01T00:00:00Z') + quarter * 15 * 60 * 1_000_000;
          const other = closeAt + step * further * 15 * 60 * 1_000_000;
          expect(name(closeAt)).not.toBe(name(other));
          const tickers = [closeAt, other].flatMap((close) =>
            hourlyContracts(emulatedBtc, close, 8_395_000, 2).map(({ ticker }) => ticker),
          );
          if (closeAt % 3_600_000_000 === 0 && step === 4) expect(new Set(tickers).size).toBe(tickers.length);
        },
      ),
    );
    // All closes around the change of the clocks, one by one.
    const around = Array.from({ length: 48 }, (_, i) => at('2026-11-01T00:00:00Z') + i * 15 * 60 * 1_000_000);
    expect(new Set(around.map(name)).size).toBe(around.length);
  });

  test('another asset’s strikes are its own steps, one unit of its index below a round value', () => {
    const tickers = (of: typeof emulatedEth, spotUnits: number) =>
      hourlyContracts(of, CLOSE, spotUnits, 2).map(({ ticker }) => ticker);
    expect(tickers(emulatedEth, 250_012)).toEqual([
      'KXETHD-26SEP2516-T2479.99',
      'KXETHD-26SEP2516-T2499.99',
      'KXETH-26SEP2516-T2480',
      'KXETH-26SEP2516-B2490',
      'KXETH-26SEP2516-T2499.99',
    ]);
    expect(tickers(emulatedDoge, 200_012)).toEqual([
      'KXDOGED-26SEP2516-T0.0198999',
      'KXDOGED-26SEP2516-T0.0199999',
      'KXDOGE-26SEP2516-T0.0199',
      'KXDOGE-26SEP2516-B0.01995',
      'KXDOGE-26SEP2516-T0.0199999',
    ]);
    expect(quarterContract(emulatedDoge, CLOSE, 199_987)).toMatchObject([
      { series: 'KXDOGE15M', subTitle: 'Target Price: $0.0199987', indexDecimals: 7 },
    ]);
    expect(quarterContract({ ...emulatedDoge, series: {} }, CLOSE, 199_987)).toEqual([]);
  });

  test('property: exactly one range is right for any value, and strikes agree with the ranges', () => {
    fc.assert(
      fc.property(value, (cents) => {
        expect(ranges.filter((contract) => kalshiOutcome(contract, cents) === 'yes')).toHaveLength(1);
        const above = hourly.filter((c) => c.series === 'KXBTCD' && kalshiOutcome(c, cents) === 'yes');
        const strikes = [
          8_360_000, 8_370_000, 8_380_000, 8_390_000, 8_400_000, 8_410_000, 8_420_000, 8_430_000, 8_440_000,
        ];
        expect(above).toHaveLength(strikes.filter((base) => cents >= base).length);
      }),
    );
  });

  test('a quarter-hour that ends where it began is yes', () => {
    const contract = quarterHour(CLOSE, 8_395_062);
    expect([8_395_061, 8_395_062, 8_395_063].map((cents) => kalshiOutcome(contract, cents))).toEqual([
      'no',
      'yes',
      'yes',
    ]);
    expect(() => kalshiOutcome(quarterHour(CLOSE, undefined), 1)).toThrow('needs a strike');
  });
});

describe('fair probabilities', () => {
  test('property: the ranges of a close sum to one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 8_300_000, max: 8_500_000, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (meanUnits, deviationUnits) => {
          const sum = ranges.reduce(
            (total, c) => total + fairProbability(c, { meanUnits, deviationUnits }),
            0,
          );
          expect(sum).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test('the law is continuous where its window begins, and certain when the last print is known', () => {
    const prints = indexPrints();
    const second = CLOSE / 1e6;
    for (let s = second - 61; s < second; s++) prints.record(s, 8_400_000);
    const before = settlementLaw(CLOSE, CLOSE - 60_000_001, 8_400_000, 1e-9, prints);
    const after = settlementLaw(CLOSE, CLOSE - 60_000_000, 8_400_000, 1e-9, prints);
    expect(after.deviationUnits / before.deviationUnits).toBeCloseTo(1, 3);
    const done = settlementLaw(CLOSE, CLOSE - 1_000_000, 8_500_000, 1e-9, prints);
    expect(done).toEqual({ meanUnits: 8_400_000, deviationUnits: 0 });
    expect(hourly.map((contract) => fairProbability(contract, done))).toEqual(
      hourly.map((contract) => (kalshiOutcome(contract, 8_400_000) === 'yes' ? 1 : 0)),
    );
  });

  test('tails are those of Student’s t with four degrees of freedom and unit variance', () => {
    // P(t₄ > 2.776) = 0.025, and the deviation of t₄ is √2.
    const contract = quarterHour(CLOSE, 2_776);
    const probability = fairProbability(contract, { meanUnits: 0, deviationUnits: 1_000 * Math.SQRT2 });
    expect(probability).toBeCloseTo(0.025, 4);
  });
});
