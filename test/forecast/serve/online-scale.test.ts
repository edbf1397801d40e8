import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { onlineScale } from '../../../src/forecast/serve/online-scale.ts';

interface Completed {
  readonly at: number;
  readonly forecast: number;
  readonly realised: number;
}

/** All of it again from the list of what completed: days before the last one's window do not count. */
const naive = (
  options: { readonly priorLog: number; readonly priorWeight: number; readonly spanDays: number },
  completed: readonly Completed[],
): number => {
  const known = completed.filter(({ forecast, realised }) => !Number.isNaN(realised - forecast));
  const lastDay = Math.floor((known.at(-1)?.at ?? 0) / DAY);
  const ratios = known
    .filter(({ at }) => Math.floor(at / DAY) > lastDay - options.spanDays)
    .map(({ forecast, realised }) => Math.min(50, Math.exp(realised - forecast)));
  const sum = ratios.reduce((total, each) => total + each, 0);
  return Math.log(
    (options.priorWeight * Math.exp(options.priorLog) + sum) / (options.priorWeight + ratios.length),
  );
};

const entered = (options: Parameters<typeof onlineScale>[0], completed: readonly Completed[]) => {
  const scale = onlineScale(options);
  for (const { at, forecast, realised } of completed) scale.complete(at, forecast, realised);
  return scale;
};

const log = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: -25, max: -10, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const completions = fc
  .array(fc.record({ hours: fc.nat(60), forecast: log, realised: log }), { maxLength: 80 })
  .map((steps) => {
    let at = Date.UTC(2026, 0, 5) * 1_000;
    return steps.map(({ hours, ...rest }) => {
      at += hours * HOUR;
      return { at, ...rest };
    });
  });

describe('onlineScale', () => {
  test('property: is what the list of completed forecasts says when it is added up anew', () => {
    const options = fc.record({
      priorLog: fc.double({ min: -2, max: 2, noNaN: true }),
      priorWeight: fc.double({ min: 0.5, max: 500, noNaN: true }),
      spanDays: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(options, completions, (given, completed) => {
        expect(entered(given, completed).log()).toBeCloseTo(naive(given, completed), 9);
      }),
    );
  });

  test('before anything has come true it is the prior, whatever the prior counts for', () => {
    for (const priorWeight of [0, 1, 300])
      expect(onlineScale({ priorLog: 0.3, priorWeight, spanDays: 30 }).log()).toBeCloseTo(0.3, 12);
  });

  test('the prior counts as so many completed forecasts', () => {
    const scale = entered({ priorLog: 0, priorWeight: 3, spanDays: 30 }, [
      { at: 0, forecast: -16, realised: -16 + Math.log(5) },
    ]);
    expect(scale.log()).toBeCloseTo(Math.log((3 * 1 + 5) / 4), 12);
  });

  test('a day is forgotten whole: its first and its last minute together, when its window ends', () => {
    const span = { priorLog: 0, priorWeight: 1, spanDays: 2 };
    const first = [
      { at: 10 * DAY, forecast: 0, realised: 2 },
      { at: 11 * DAY - 1, forecast: 0, realised: 2 },
    ];
    const at = (time: number) => entered(span, [...first, { at: time, forecast: 0, realised: 0 }]).log();
    expect(at(12 * DAY - 1)).toBeCloseTo(Math.log((2 + 2 * Math.exp(2)) / 4), 12);
    expect(at(12 * DAY)).toBe(0);
  });

  test('one crash counts for fifty times its forecast and no more', () => {
    const crash = entered({ priorLog: 0, priorWeight: 1, spanDays: 3 }, [
      { at: 0, forecast: -16, realised: -2 },
    ]);
    expect(crash.log()).toBeCloseTo(Math.log(51 / 2), 12);
  });
});
