import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { type Guard, type GuardRule, guard } from '../../../src/forecast/serve/guard.ts';

interface Completed {
  readonly at: number;
  readonly ensemble: number;
  readonly backbone: number;
  readonly realised: number;
}

const RULE: GuardRule = { spanDays: 2, leastOrigins: 2, worse: 1.2, better: 0.9 };

const loss = (realised: number, forecast: number): number =>
  Math.exp(realised) / Math.exp(forecast) - (realised - forecast) - 1;

const naiveRatio = ({ spanDays, leastOrigins }: GuardRule, completed: readonly Completed[]): number => {
  const lastDay = Math.floor((completed.at(-1)?.at ?? 0) / DAY);
  const counted = completed.filter(
    ({ at, ensemble, backbone, realised }) =>
      Math.floor(at / DAY) > lastDay - spanDays && !Number.isNaN(ensemble + backbone + realised),
  );
  if (counted.length < leastOrigins) return Number.NaN;
  const total = (of: (each: Completed) => number) => counted.reduce((sum, each) => sum + of(each), 0);
  return (
    total(({ realised, ensemble }) => loss(realised, ensemble)) /
    total(({ realised, backbone }) => loss(realised, backbone))
  );
};

const enter = (watch: Guard, { at, ensemble, backbone, realised }: Completed): void =>
  watch.complete(at, { ensemble, backbone }, realised);

/** A completed forecast at which the ensemble loses `ensemble` times what the backbone loses, nearly. */
const lost = (at: number, ensemble: number): Completed => ({
  at,
  ensemble: Math.sqrt(ensemble) * 1e-3,
  backbone: 1e-3,
  realised: 0,
});

describe('guard', () => {
  test('property: ratio and verdict are those of the list added up anew, with hysteresis between the two limits', () => {
    const value = fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    const step = fc.record({ hours: fc.nat(30), ensemble: value, backbone: value, realised: value });
    const rule = fc.record({
      spanDays: fc.integer({ min: 1, max: 5 }),
      leastOrigins: fc.integer({ min: 1, max: 5 }),
      worse: fc.constantFrom(1.001, 1.2),
      better: fc.constantFrom(0.8, 0.999),
    });
    fc.assert(
      fc.property(rule, fc.array(step, { maxLength: 60 }), (given, steps) => {
        const watch = guard(given);
        const completed: Completed[] = [];
        let at = 1_000 * DAY;
        let over = false;
        for (const { hours, ...rest } of steps) {
          at += hours * HOUR;
          completed.push({ at, ...rest });
          enter(watch, { at, ...rest });
          const ratio = naiveRatio(given, completed);
          const known = !Number.isNaN(rest.ensemble + rest.backbone + rest.realised);
          if (known && ratio > given.worse) over = true;
          else if (known && ratio < given.better) over = false;
          const told = watch.ratio();
          expect(Object.is(told, ratio) || Math.abs(told / ratio - 1) < 1e-9).toBe(true);
          expect(watch.takenOver()).toBe(over);
        }
      }),
    );
  });

  test('the backbone takes over above one limit and hands back below the other, and between them nothing changes', () => {
    const watch = guard({ ...RULE, spanDays: 1, leastOrigins: 1 });
    const verdicts = [1.1, 1.3, 1.1, 0.95, 0.8, 0.95, 1.1].map((ratio, day) => {
      enter(watch, lost(day * DAY, ratio));
      return watch.takenOver();
    });
    expect(verdicts).toEqual([false, true, true, true, false, false, false]);
  });

  test('until enough has come true it has no ratio and nobody is taken over', () => {
    const watch = guard(RULE);
    enter(watch, lost(0, 100));
    expect(watch.ratio()).toBeNaN();
    expect(watch.takenOver()).toBe(false);
    enter(watch, lost(1, 100));
    expect(watch.ratio()).toBeCloseTo(100, 0);
    expect(watch.takenOver()).toBe(true);
  });

  test('a day is forgotten whole, and what is no number does not count', () => {
    const watch = guard({ ...RULE, leastOrigins: 1 });
    enter(watch, lost(0, 100));
    enter(watch, lost(DAY - 1, 100));
    enter(watch, lost(2 * DAY - 1, 1));
    expect(watch.ratio()).toBeGreaterThan(50);
    enter(watch, { ...lost(2 * DAY - 1, 1), realised: Number.NaN });
    enter(watch, { ...lost(2 * DAY - 1, 1), ensemble: Number.NaN });
    expect(watch.ratio()).toBeGreaterThan(50);
    enter(watch, lost(2 * DAY, 1));
    expect(watch.ratio()).toBeCloseTo(1, 9);
  });
});
