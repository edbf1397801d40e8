import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../src/domain/contracts.ts';
import { SECOND } from '../../src/domain/time.ts';
import { varianceBetween } from '../../src/maths/variance-between.ts';
import {
  type CloseMoments,
  closeMoments,
  meanOfPrints,
  type OpenMoments,
  type SettlementInput,
  scaleVolatility,
} from '../../src/pricing/close-moments.ts';
import { quarterMoments } from '../../src/pricing/quarter-moments.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { momentsOf, probabilityOf } from '../../src/pricing/settlement.ts';
import {
  CLOSE_AT,
  constantPath,
  contractOf,
  inputAt,
  lawOf,
  minutePath,
  printsFrom,
  SIGMA2,
  SPOT_CENTS,
} from './worlds.ts';

const { law } = pricingSettings.parse({});
const above = contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS + 5_000 });
const quarter = contractOf({ strikeType: 'greater_or_equal' });

function open(moments: CloseMoments): OpenMoments {
  if (moments.kind !== 'open')
    throw new Error(`test: expected an open close, was ${JSON.stringify(moments)}`);
  return moments;
}
const price = (contract: Contract, input: SettlementInput): number => {
  const priced = probabilityOf(contract, momentsOf(contract, input, law));
  return priced.kind === 'priced' ? priced.probability : Number.NaN;
};
const why = (contract: Contract, input: SettlementInput): string => {
  const priced = probabilityOf(contract, momentsOf(contract, input, law));
  return priced.kind === 'unpriced' ? priced.why : 'priced';
};

describe('variance of the settlement value', () => {
  test('at constant variance it is σ²·(τ − 40.497 s) before the window', () => {
    for (const tau of [60, 61, 75, 119, 120, 121, 300, 900, 7200]) {
      const seconds = open(closeMoments(inputAt(tau), law)).diffusion / SIGMA2;
      expect(seconds - (tau - 40.497)).toBeCloseTo(0, 3);
    }
  });

  test('inside the window it is σ²·n(n+1)(2n+1)/6n² once the print before it is in', () => {
    for (const n of [16, 30, 45, 59]) {
      const prints = printsFrom(CLOSE_AT - 60 * SECOND, new Array(60 - n).fill(SPOT_CENTS));
      const moments = open(closeMoments(inputAt(n, { prints, index: undefined }), law));
      expect(moments.remaining).toBe(n);
      expect(moments.diffusion / SIGMA2).toBeCloseTo((n * (n + 1) * (2 * n + 1)) / (6 * n * n), 9);
    }
  });

  test('the shortcut for a window far ahead equals the sum over its prints', () => {
    const path = minutePath((minute) => SIGMA2 * (1 + (minute % 7)));
    const first = CLOSE_AT - 60 * SECOND;
    const far = meanOfPrints(path, first - 60.1 * SECOND, first, 60);
    const near = meanOfPrints(path, first - 59.9 * SECOND, first, 60);
    const step = varianceBetween(path, first - 60.1 * SECOND, first - 59.9 * SECOND);
    expect((far.variance - near.variance) / step).toBeCloseTo(1, 9);
    expect((far.average - near.average) / step).toBeCloseTo(1, 9);
  });

  test('the error of the index adds once, and the effective steps are (Σw²)²/Σw⁴', () => {
    const twin = { ...inputAt(900).index, source: 'twin', variance: 1e-8 } as SettlementInput['index'];
    const moments = open(closeMoments(inputAt(900, { index: twin }), law));
    expect(moments.sdLog ** 2 / (859.503 * SIGMA2 + 1e-8)).toBeCloseTo(1, 6);
    const weights = [...new Array(840).fill(1), ...Array.from({ length: 59 }, (_, i) => (i + 1) / 60)];
    const square = weights.reduce((total, w) => total + w ** 2, 0);
    const fourth = weights.reduce((total, w) => total + w ** 4, 0);
    expect(moments.spanSeconds).toBeCloseTo(square ** 2 / fourth, 6);
  });

  test('with floor and value both unknown it is σ²·880 s whatever the lead, and the error of the index cancels', () => {
    for (const lead of [61, 70, 119, 200, 900, 3600]) {
      const index = { ...inputAt(900 + lead).index, variance: 1e-6 } as SettlementInput['index'];
      const moments = open(quarterMoments(inputAt(900 + lead, { index }), law));
      expect(moments.diffusion / SIGMA2).toBeCloseTo(880, 1);
      expect(moments.indexVariance).toBe(0);
      // Between the two means the martingale's log drifts for the quarter of an hour that lies between them.
      expect(moments.logDrift / (-0.5 * 900 * SIGMA2)).toBeCloseTo(1, 9);
    }
  });

  test('the law of the pair runs into the law of the settled floor as its prints come in', () => {
    const seen = new Array(59).fill(SPOT_CENTS);
    const prints = printsFrom(CLOSE_AT - 960 * SECOND, seen);
    const before = open(quarterMoments(inputAt(901.001, { prints }), law));
    const after = printsFrom(CLOSE_AT - 960 * SECOND, [...seen, SPOT_CENTS]);
    const settled = open(momentsOf(quarter, inputAt(901, { prints: after }), law));
    expect(settled.floorUnits).toBe(SPOT_CENTS);
    expect(before.diffusion / settled.diffusion).toBeCloseTo(1, 2);
  });
});

describe('probabilityOf', () => {
  test('a close whose sixty prints are in is certain, at each side of each strike', () => {
    const prints = printsFrom(CLOSE_AT - 60 * SECOND, new Array(60).fill(SPOT_CENTS));
    const input = inputAt(0.5, { prints });
    const rows: readonly (readonly [Contract, number])[] = [
      [contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS }), 0],
      [contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS - 1 }), 1],
      [contractOf({ strikeType: 'greater_or_equal', floorUnits: SPOT_CENTS }), 1],
      [contractOf({ strikeType: 'greater_or_equal', floorUnits: SPOT_CENTS + 1 }), 0],
      [contractOf({ strikeType: 'less', capUnits: SPOT_CENTS }), 0],
      [contractOf({ strikeType: 'less', capUnits: SPOT_CENTS + 1 }), 1],
      [contractOf({ strikeType: 'less_or_equal', capUnits: SPOT_CENTS }), 1],
      [contractOf({ strikeType: 'less_or_equal', capUnits: SPOT_CENTS - 1 }), 0],
      [contractOf({ strikeType: 'between', floorUnits: SPOT_CENTS, capUnits: SPOT_CENTS }), 1],
      [contractOf({ strikeType: 'between', floorUnits: SPOT_CENTS + 1, capUnits: SPOT_CENTS + 9 }), 0],
      [contractOf({ strikeType: 'between', floorUnits: SPOT_CENTS - 9, capUnits: SPOT_CENTS - 1 }), 0],
    ];
    for (const [contract, probability] of rows) expect(price(contract, input)).toBe(probability);
  });

  test('what the prints seen have decided stays decided, whatever is still to come', () => {
    const prints = printsFrom(CLOSE_AT - 60 * SECOND, new Array(40).fill(SPOT_CENTS));
    const low = contractOf({ strikeType: 'greater', floorUnits: Math.floor((SPOT_CENTS * 40) / 60) - 1 });
    expect(price(low, inputAt(20, { prints }))).toBe(1);
    expect(price({ ...low, strikeType: 'less', capUnits: low.floorUnits }, inputAt(20, { prints }))).toBe(0);
  });

  test('property: a complete ladder of ranges and tails sums to one', () => {
    const cents = fc.uniqueArray(fc.integer({ min: -60_000, max: 60_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 15, max: 7200 }),
        fc.double({ min: 1.2, max: 30, noNaN: true }),
        (offsets, tau, nu) => {
          const edges = offsets.map((offset) => SPOT_CENTS + offset).sort((a, b) => a - b);
          const seen = printsFrom(
            CLOSE_AT - 60 * SECOND,
            new Array(Math.max(0, 61 - tau)).fill(SPOT_CENTS - 777),
          );
          const moments = closeMoments(inputAt(tau, { prints: seen, tails: lawOf(nu, 0.7) }), law);
          const ladder = [
            contractOf({ strikeType: 'less', capUnits: edges[0] }),
            ...edges
              .slice(1)
              .map((edge, i) =>
                contractOf({ strikeType: 'between', floorUnits: edges[i], capUnits: edge - 1 }),
              ),
            contractOf({ strikeType: 'greater', floorUnits: (edges.at(-1) ?? 0) - 1 }),
          ];
          const total = ladder.reduce((sum, contract) => {
            const priced = probabilityOf(contract, moments);
            return sum + (priced.kind === 'priced' ? priced.probability : Number.NaN);
          }, 0);
          expect(Math.abs(total - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test('property: a higher strike is never likelier', () => {
    const strike = fc.integer({ min: SPOT_CENTS - 200_000, max: SPOT_CENTS + 200_000 });
    fc.assert(
      fc.property(strike, strike, fc.integer({ min: 61, max: 7200 }), (a, b, tau) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const input = inputAt(tau, { tails: lawOf(3.7, 0.7) });
        const at = (floorUnits: number) => price(contractOf({ strikeType: 'greater', floorUnits }), input);
        expect(at(high)).toBeLessThanOrEqual(at(low) + 1e-12);
      }),
    );
  });

  test('the slopes are those of finite differences', () => {
    const between = contractOf({
      strikeType: 'between',
      floorUnits: SPOT_CENTS - 4_000,
      capUnits: SPOT_CENTS + 9_000,
    });
    const index = { ...inputAt(900).index, source: 'twin', variance: 4e-8 } as NonNullable<
      SettlementInput['index']
    >;
    for (const contract of [
      above,
      between,
      contractOf({ strikeType: 'less', capUnits: SPOT_CENTS + 7_000 }),
    ]) {
      const moments = open(closeMoments(inputAt(900, { index, tails: lawOf(4, 0.7) }), law));
      const priced = probabilityOf(contract, moments);
      if (priced.kind !== 'priced') throw new Error('test: expected a price');
      const scaled = (factor: number) =>
        probabilityOf(contract, { ...scaleVolatility(moments, factor), centreUnits: moments.centreUnits });
      const p = (result: ReturnType<typeof probabilityOf>) =>
        result.kind === 'priced' ? result.probability : Number.NaN;
      expect((p(scaled(Math.exp(1e-4))) - p(scaled(Math.exp(-1e-4)))) / 2e-4).toBeCloseTo(
        priced.logVolatilitySlope,
        6,
      );
      const moved = (by: number) =>
        probabilityOf(contract, { ...moments, centreUnits: moments.centreUnits * Math.exp(by) });
      const slope = (p(moved(1e-7)) - p(moved(-1e-7))) / 2e-7;
      expect(slope / priced.logIndexSlope).toBeCloseTo(1, 4);
      expect(priced.indexSdLog).toBeCloseTo(2e-4, 12);
    }
  });

  test('scaling the volatility is the law of the scaled path', () => {
    const scaled = scaleVolatility(open(closeMoments(inputAt(300), law)), 1.5);
    const direct = open(closeMoments(inputAt(300, { path: constantPath(2.25 * SIGMA2) }), law));
    expect(scaled.centreUnits / direct.centreUnits).toBeCloseTo(1, 12);
    expect(scaled.sdLog / direct.sdLog).toBeCloseTo(1, 12);
  });

  test('a quarter-hour opens on the floor computed from the prints, before the exchange publishes it', () => {
    const prints = printsFrom(CLOSE_AT - 960 * SECOND, new Array(60).fill(SPOT_CENTS - 2_000));
    const input = inputAt(899.5, { prints });
    const published = contractOf({ strikeType: 'greater_or_equal', floorUnits: SPOT_CENTS - 2_000 });
    expect(price(quarter, input)).toBe(price(published, input));
    expect(price(quarter, input)).toBeGreaterThan(0.5);
  });
});

describe('an unpriced contract says why', () => {
  const twin = (tau: number) => ({ ...inputAt(tau).index, source: 'twin' }) as SettlementInput['index'];
  const half = (missing: number) => {
    const all = printsFrom(CLOSE_AT - 60 * SECOND, new Array(missing).fill(SPOT_CENTS));
    for (let i = missing + 1; i < 30; i++) {
      const at = CLOSE_AT - (60 - i) * SECOND;
      all.add({
        kind: 'indexPrint',
        indexId: 'BRTI',
        at,
        receivedAt: at,
        sid: 1,
        seq: i,
        asset: 'BTC',
        units: SPOT_CENTS,
        decimals: 2,
        hertz: 1,
      });
    }
    return all;
  };

  test.each<[string, Contract, SettlementInput]>([
    ['noIndex', above, inputAt(300, { index: undefined })],
    ['closed', above, inputAt(0)],
    [
      'tooNearClose',
      above,
      inputAt(14.9, { prints: printsFrom(CLOSE_AT - 60 * SECOND, new Array(46).fill(SPOT_CENTS)) }),
    ],
    ['twinNearClose', above, inputAt(119, { index: twin(119) })],
    ['twinNearClose', quarter, inputAt(950, { index: twin(950) })],
    ['printMissing', above, inputAt(30, { prints: half(10) })],
    ['printMissing', above, inputAt(30, { prints: half(0) })],
    ['printMissing', above, inputAt(50)],
    ['printMissing', quarter, inputAt(930)],
    ['floorUnknown', quarter, inputAt(600)],
    ['noStrike', contractOf({ strikeType: 'less' }), inputAt(600)],
    ['noStrike', contractOf({ strikeType: 'between', floorUnits: 5, capUnits: 4 }), inputAt(600)],
    ['noForecast', above, inputAt(600, { path: constantPath(SIGMA2, CLOSE_AT - 100 * SECOND) })],
    ['noForecast', above, inputAt(600, { path: constantPath(0) })],
  ])('%s', (reason, contract, input) => {
    expect(why(contract, input)).toBe(reason);
  });

  test('a print may be two seconds late before it is missing', () => {
    const prints = printsFrom(CLOSE_AT - 60 * SECOND, new Array(30).fill(SPOT_CENTS));
    expect(why(above, inputAt(28.5, { prints }))).toBe('priced');
    expect(why(above, inputAt(27.5, { prints }))).toBe('printMissing');
  });

  test('NaN anywhere is never a number', () => {
    const bad = Number.NaN;
    const index = (value: number, variance: number) =>
      ({ ...inputAt(600).index, value, variance }) as SettlementInput['index'];
    const inputs: readonly SettlementInput[] = [
      inputAt(600, { index: index(bad, 0) }),
      inputAt(600, { index: index(0, 0) }),
      inputAt(600, { index: index(Number.POSITIVE_INFINITY, 0) }),
      inputAt(600, { index: index(84_000, bad) }),
      inputAt(600, { tails: lawOf(bad, 1) }),
      inputAt(600, { tails: lawOf(4, bad) }),
      inputAt(600, { path: constantPath(bad) }),
      inputAt(600, { now: bad }),
      inputAt(600, { closeAt: bad }),
    ];
    for (const input of inputs) expect(probabilityOf(above, closeMoments(input, law)).kind).toBe('unpriced');
    for (const input of inputs)
      expect(probabilityOf(quarter, momentsOf(quarter, input, law)).kind).toBe('unpriced');
    const broken = { ...open(closeMoments(inputAt(600), law)), centreUnits: bad };
    expect(probabilityOf(above, broken)).toEqual({ kind: 'unpriced', why: 'notANumber' });
    const nan = contractOf({ strikeType: 'greater', floorUnits: bad });
    expect(why(nan, inputAt(600))).toBe('noStrike');
    const settled = printsFrom(CLOSE_AT - 60 * SECOND, new Array(60).fill(SPOT_CENTS));
    expect(why(nan, inputAt(600, { prints: settled }))).toBe('noStrike');
  });
});
