import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY } from '../../src/domain/time.ts';
import { liveSettings } from '../../src/execution/live-settings.ts';
import '../support/properties.ts';

const STATED = {
  orderContractsMax: 1,
  openOrdersMax: 1,
  ordersPerMinuteMax: 1,
  dollarsPerDayMax: 1,
  dayLossMaxDollars: 1,
  drawdownMaxDollars: 1,
};
/** The largest value of each limit. */
const MOST: Readonly<Record<string, number>> = {
  orderContractsMax: 1_000_000,
  openOrdersMax: 10_000,
  ordersPerMinuteMax: 10_000,
  dollarsPerDayMax: 10_000_000,
  dayLossMaxDollars: 10_000_000,
  drawdownMaxDollars: 10_000_000,
  rejectsPerMinuteMax: 10_000,
  unknownMaxMicros: DAY,
  feedPatienceMicros: DAY,
  forecastPatienceMicros: DAY,
  groupContractsMax: 100_000,
  supervisorPatienceMs: 60_000,
};

describe('liveSettings', () => {
  test('property: every limit is above 0 and bounded, so that none can be written that holds nothing back', () => {
    expect(Object.keys(liveSettings.parse(STATED)).sort()).toEqual(Object.keys(MOST).sort());
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(MOST)),
        fc.oneof(fc.constantFrom(1, 1e6, 1e91, Number.POSITIVE_INFINITY), fc.double({ min: 1 })),
        ([key, most], times) => {
          expect(liveSettings.safeParse({ ...STATED, [key]: most }).success).toBe(true);
          for (const wrong of [most + 1, most * (1 + times), 0, -most, Number.NaN])
            expect(
              new Set(
                liveSettings.safeParse({ ...STATED, [key]: wrong }).error?.issues.map(({ path }) => path[0]),
              ),
            ).toEqual(new Set([key]));
        },
      ),
    );
  });
});
