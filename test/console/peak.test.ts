import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LaneControls } from '../../pipelines/edges/control-socket.ts';
import { openConsole } from '../../src/cli/open-console.ts';
import { holdings } from '../../src/console/holdings.ts';
import type { AccountChanged } from '../../src/domain/events/account.ts';
import { settings } from './session.ts';

const account = (at: number, equityDollars: number): AccountChanged => ({
  kind: 'account',
  ...{
    at,
    cashDollars: equityDollars,
    reservedDollars: 0,
    realisedDollars: 0,
    feesDollars: 0,
    dayDollars: 0,
  },
  ...{ equityDollars, worstDollars: 0, openPositions: 0, openOrders: 0 },
});

describe("the peak of the account's equity on the console", () => {
  test('is what the lane measures its drawdown by, and the highest of this run while the lane knows none', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            equity: fc.integer({ min: 0, max: 2_000 }),
            peak: fc.option(fc.integer({ min: 0, max: 4_000 }), { nil: undefined }),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        (steps) => {
          let peak: number | undefined;
          const its = holdings(
            () => undefined,
            () => peak,
          );
          steps.forEach((step, i) => {
            peak = step.peak;
            its.account(account(i, step.equity));
            const highest = Math.max(...steps.slice(0, i + 1).map(({ equity }) => equity));
            expect(its.money(i)?.peakDollars).toBe(step.peak ?? highest);
          });
        },
      ),
    );
  });

  test('is that of the journal once a live lane has its controls, and follows it when the lane begins anew', async () => {
    const opened = await openConsole({
      lane: { mark: 'LIVE', name: 'live-test', speed: 1 },
      settings,
      flags: { consolePort: 0 },
    });
    try {
      const peakAfter = (seq: number): number | undefined => {
        opened.tap({ seq, event: account(seq, 900) });
        return opened.snapshot?.().values.money?.peakDollars;
      };
      expect(peakAfter(1)).toBe(900);
      let peak = 1_250;
      opened.control({ peakDollars: () => peak } as LaneControls);
      expect(peakAfter(2)).toBe(1_250);
      // What the lane does when the operator lets it trade again.
      peak = 900;
      expect(opened.snapshot?.().values.money?.peakDollars).toBe(900);
    } finally {
      await opened.close();
    }
  });
});
