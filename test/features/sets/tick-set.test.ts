import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/domain/time.ts';
import { tickSet } from '../../../src/features/sets/tick-set.ts';
import { measurements } from '../../../src/telemetry/measurements.ts';
import { rowsOf, START, type Step, scripts } from '../tick/tick-events.ts';
import { closesOf, oracleRow } from '../tick/tick-oracle.ts';

const known = new Float64Array(tickSet.length);
const unknown = new Float64Array(tickSet.length);

/** Float noise of sums apart; implied volatility is solved for by halving where its own form is closed. */
const near = (name: string, value: number, expected: number): boolean =>
  Object.is(value, expected) ||
  Math.abs(value - expected) <=
    (name === 'impliedVolatility' ? 1e-5 : 1e-9) * Math.max(1, Math.abs(expected));

describe('tickSet', () => {
  test('property: every feature of every row is what it is when worked out from scratch', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const until = (script.at(-1)?.at ?? START) + 2 * MINUTE;
        const rows = rowsOf(script, until);
        expect(rows.map(({ at }) => at)).toEqual(closesOf(script, until));
        for (const { at, receivedAt, values } of rows) {
          expect(receivedAt).toBe(at);
          const expected = oracleRow(script, at);
          tickSet.forEach(({ name }, i) => {
            const value = values[i] ?? Number.NaN;
            if (!near(name, value, expected[i] as number))
              expect([name, at, value]).toEqual([name, at, expected[i]]);
            (Number.isNaN(value) ? unknown : known)[i] = 1;
          });
        }
      }),
    );
  });

  test('of which each feature was known somewhere and not known elsewhere', () => {
    const named = (seen: Float64Array) => tickSet.filter((_, i) => seen[i] === 1).map(({ name }) => name);
    expect(named(known)).toEqual(tickSet.map(({ name }) => name));
    expect(named(unknown)).toEqual(tickSet.map(({ name }) => name));
  });

  test('property: rows up to an instant do not depend on what comes at it or after', () => {
    fc.assert(
      fc.property(scripts, scripts, fc.double({ min: 0, max: 1, noNaN: true }), (script, other, share) => {
        const first = script[0]?.at ?? START;
        const cutAt = first + Math.floor(((script.at(-1)?.at ?? first) - first) * share);
        const onMinute = Math.ceil(cutAt / MINUTE) * MINUTE;
        for (const at of [cutAt, onMinute]) {
          // Without this a session that comes next would jump over the close.
          const beat: Step = { at, what: { is: 'foreign', what: 'coinbase' } };
          const past = script.filter((step) => step.at < at);
          const rest = script.filter((step) => step.at >= at);
          const changed = other.map((step) => ({ ...step, at: step.at - START + at }));
          const rows = rowsOf([...past, beat, ...rest]).filter((row) => row.at <= at);
          expect(rowsOf([...past, beat, ...changed]).filter((row) => row.at <= at)).toEqual(rows);
          expect(rowsOf(past, at)).toEqual(rows);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('names are unique, and say what each feature is, from what, and when it is known', () => {
    expect(new Set(tickSet.map(({ name }) => name)).size).toBe(tickSet.length);
    for (const { about, unit, source, warmUpMinutes } of tickSet) {
      expect(about && unit && source[0]).toBeTruthy();
      expect([0, 1]).toContain(warmUpMinutes);
    }
  });

  test('telemetry has a field for each, in the same order', () => {
    expect(Object.keys(measurements.tick.fields)).toEqual(tickSet.map(({ name }) => name));
  });
});
