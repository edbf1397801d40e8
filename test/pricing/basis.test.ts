import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { type BasisSettings, basis } from '../../src/pricing/basis.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import '../support/properties.ts';
import { random } from '../support/random.ts';

const { twin } = pricingSettings.parse({});
const BP = 1e-4;
const QUARTER = 15 * MINUTE;
/** Nothing is refused, and the level may wander without bound. */
const open: BasisSettings = { ...twin, settlementDeviations: 1e9, errorBasisPoints: 1e6 };

interface Seen {
  readonly at: number;
  readonly y: number;
  readonly variance: number;
}

/**
 * The same by batch least squares: the levels x minimise Σ (y − x)²/R + Σ (x − x before)²/(q·dt). The last
 * level and its variance come from the normal equations, solved by Gaussian elimination.
 */
function batch(seen: readonly Seen[], driftPerMicro: number): { mean: number; variance: number } {
  const n = seen.length;
  const rows = seen.map(() => new Float64Array(n + 2));
  const add = (i: number, j: number, value: number): void => {
    const row = rows[i] as Float64Array;
    row[j] = (row[j] as number) + value;
  };
  seen.forEach(({ at, y, variance }, i) => {
    add(i, i, 1 / variance);
    add(i, n, y / variance);
    if (i === 0) return;
    const tie = 1 / (driftPerMicro * (at - (seen[i - 1] as Seen).at));
    add(i, i, tie);
    add(i - 1, i - 1, tie);
    add(i, i - 1, -tie);
    add(i - 1, i, -tie);
  });
  add(n - 1, n + 1, 1);
  for (let i = 0; i < n; i++) {
    const pivot = rows[i] as Float64Array;
    for (let k = i + 1; k < n; k++) {
      const row = rows[k] as Float64Array;
      const factor = (row[i] as number) / (pivot[i] as number);
      for (let j = i; j < n + 2; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  const last = rows[n - 1] as Float64Array;
  const diagonal = last[n - 1] as number;
  return { mean: (last[n] as number) / diagonal, variance: (last[n + 1] as number) / diagonal };
}

const noiseOf = ({ noiseBasisPoints }: BasisSettings): number => (noiseBasisPoints * BP) ** 2;

describe('basis', () => {
  test('property: it is the batch least squares of a wandering level, whenever prints and settlements came', () => {
    const step = fc.record({
      wait: fc.integer({ min: 1, max: 3_600 }),
      points: fc.integer({ min: -500, max: 500 }),
      print: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 0, max: 7_200 }),
        (steps, later) => {
          const state = basis({ ...open, basisMinPrints: 1, basisPrints: 1e9 });
          const seen: Seen[] = [];
          let at = 0;
          let settled = false;
          for (const { wait, points, print } of steps) {
            at += wait * SECOND;
            const y = points * 1e-6;
            if (print) state.print(at, y);
            else state.settlement(at, y);
            settled ||= !print;
            seen.push({ at, y, variance: (print ? 60 : 1) * noiseOf(open) });
          }
          const drift = (open.driftBasisPoints * BP) ** 2 / HOUR;
          const found = state.read(at + later * SECOND);
          const expected = batch(seen, drift);
          expect(Math.abs(found.mean - expected.mean)).toBeLessThan(1e-12);
          const level = expected.variance + drift * later * SECOND;
          // Beside the level there is the noise of what is to come: at least that of a settlement.
          expect((found.variance ?? 0) / (level + noiseOf(open))).toBeGreaterThan(1 - 1e-6);
          if (settled && steps.every(({ print }) => !print))
            expect((found.variance ?? 0) / (level + noiseOf(open))).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  test('its stated error covers a basis that persists: 68 and 95 % of the next settlements lie within one and two', () => {
    const chance = random(3);
    const state = basis(twin);
    let [level, one, two, refused] = [1.5 * BP, 0, 0, 0];
    const rounds = 4_000;
    for (let i = 1; i <= rounds; i++) {
      const at = i * QUARTER;
      level = level * 0.98 + (twin.driftBasisPoints / 2) * BP * chance.normal();
      const y = level + twin.noiseBasisPoints * BP * chance.normal();
      const { mean, variance } = state.read(at);
      const error = Math.abs(y - mean) / Math.sqrt(variance ?? (twin.errorBasisPoints * BP) ** 2);
      if (error <= 1) one++;
      if (error <= 2) two++;
      if (!state.explains(at, y)) refused++;
      state.settlement(at, y);
    }
    expect(Math.abs(one / rounds - 0.683)).toBeLessThan(0.03);
    expect(Math.abs(two / rounds - 0.954)).toBeLessThan(0.02);
    expect(refused / rounds).toBeLessThan(0.01);
  });

  test('property: settlements that lie move nothing, one at a time, wherever they come', () => {
    const truths = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 12 });
    const lie = fc.oneof(
      fc.constantFrom(0.03, -0.03),
      fc.integer({ min: 500, max: 5_000 }).map((points) => points * 1e-6),
      fc.integer({ min: -5_000, max: -500 }).map((points) => points * 1e-6),
    );
    fc.assert(
      fc.property(truths, fc.nat(), lie, (points, where, off) => {
        const [honest, lied] = [basis(twin), basis(twin)];
        const place = where % points.length;
        points.forEach((each, i) => {
          const at = (2 * i + 2) * QUARTER;
          // Within a third of the gate around one and a half basis points.
          const y = 1.5 * BP + each * 1e-7;
          honest.settlement(at, y);
          lied.settlement(at, y);
          if (i === place) lied.settlement(at + QUARTER, 1.5 * BP + off);
        });
        const at = (2 * points.length + 2) * QUARTER;
        expect(lied.read(at)).toEqual(honest.read(at));
      }),
    );
  });

  test('a venue that really moved is followed at its second settlement', () => {
    const state = basis(twin);
    for (let i = 1; i <= 8; i++) state.settlement(i * QUARTER, 1 * BP);
    state.settlement(9 * QUARTER, 6 * BP);
    expect(state.read(9 * QUARTER).mean).toBeCloseTo(1 * BP, 9);
    state.settlement(10 * QUARTER, 6.2 * BP);
    expect(state.read(10 * QUARTER).mean / BP).toBeCloseTo(6.1, 1);
    state.settlement(10 * QUARTER, 6.2 * BP);
  });

  test('the error grows while nothing is learnt, but not beyond that of a basis never seen', () => {
    const state = basis(twin);
    state.settlement(0, 1 * BP);
    const errors = [0, 1, 4, 1_000].map(
      (hours) => Math.sqrt(state.read(hours * HOUR).variance ?? Number.NaN) / BP,
    );
    expect(errors[0]).toBeCloseTo(0.4 * Math.SQRT2, 9);
    expect(errors[1]).toBeCloseTo(Math.sqrt(0.32 + 0.25), 9);
    expect(errors[2]).toBeGreaterThan(errors[1] as number);
    expect(errors[3]).toBeCloseTo(1.2, 9);
  });

  test('prints say nothing before there are enough, what is not finite is passed over, and a reset forgets', () => {
    const state = basis({ ...twin, basisMinPrints: 3 });
    for (const value of [1, Number.NaN, Number.POSITIVE_INFINITY, 1]) state.print(SECOND, value * BP);
    state.settlement(SECOND, Number.NaN);
    expect(state.read(SECOND)).toEqual({ mean: 0, variance: undefined });
    state.print(SECOND, 1 * BP);
    expect(state.read(SECOND).mean).toBeCloseTo(1 * BP, 12);
    state.reset();
    expect(state.read(SECOND)).toEqual({ mean: 0, variance: undefined });
  });
});
