import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consoleHistory } from '../../src/cli/console-history.ts';
import { openConsole } from '../../src/cli/open-console.ts';
import type { ConsoleState, EquityPoint, VolatilityPoint } from '../../src/console/state.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { openStore } from '../../src/telemetry/store/open-store.ts';
import { settings } from '../console/session.ts';
import { askConsole } from '../support/console-visitor.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { parts, quick } from '../telemetry/store/store-parts.ts';

const UNTIL = 1_780_320_600_000_000;
const equityAt = (at: number, equityDollars: number): Point => ({
  measurement: 'account',
  at,
  tags: {},
  fields: { equityDollars, dayDollars: equityDollars / 2, worstDollars: -equityDollars },
});
const volatilityAt = (at: number, forecast: number): Point => ({
  measurement: 'volatility',
  at,
  tags: { asset: 'BTC' },
  fields: { forecast, low: forecast / 2, high: forecast * 2, realised: 0.25 },
});

describe("a lane's earlier runs on its console", () => {
  const root = tempFolder();

  test('are the last day of its own points in the store, the account as it stood at the end of each minute', async () => {
    const moment = fc.integer({ min: UNTIL - DAY - 9 * MINUTE, max: UNTIL + MINUTE });
    const near = fc.integer({ min: UNTIL - 9 * MINUTE, max: UNTIL + MINUTE });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.oneof(moment, near), fc.integer({ min: 1, max: 999 })), {
          minLength: 1,
          maxLength: 40,
          selector: ([at]) => at,
        }),
        async (moments) => {
          const store = mkdtempSync(join(root, 'store-'));
          for (const [name, tags, factor] of [
            ['paper', { lane: 'paper', label: "o'hara" }, 1],
            ['paper-2', { lane: 'paper', label: 'another' }, 10],
            ['live', { lane: 'live', label: "o'hara" }, 100],
          ] as const) {
            const folder = join(store, name);
            mkdirSync(folder);
            const written = openStore(quick(), tags, () => {}, parts(folder));
            written.write(
              moments.flatMap(([at, value]) => [
                equityAt(at, factor * value),
                volatilityAt(at, (factor * value) / 1_000),
              ]),
            );
            await written.close();
          }
          const inside = moments
            .filter(([at]) => at >= UNTIL - DAY && at < UNTIL)
            .sort(([one], [other]) => one - other);
          // The last of each minute stands.
          const byMinute = new Map(
            inside.map(([at, value]) => [(Math.floor(at / MINUTE) + 1) * MINUTE, value] as const),
          );
          const told = await consoleHistory(store, { lane: 'paper', label: "o'hara" }, UNTIL);
          expect(told.equity).toEqual(
            [...byMinute].map(([at, value]) => ({
              at,
              equityDollars: value,
              dayDollars: value / 2,
              worstDollars: -value,
            })),
          );
          expect(told.volatilities).toEqual(
            inside.map(([at, value]) => ({
              asset: 'BTC',
              at,
              forecast: value / 1_000,
              low: value / 2_000,
              high: value / 500,
              implied: null,
              realised: 0.25,
            })),
          );
        },
      ),
      { numRuns: 4 },
    );
  });

  test('stand before its own on the page, and are not among what it tells its sinks', async () => {
    const opened = await openConsole({
      lane: { mark: 'PAPER', name: 'paper-test', speed: 1 },
      settings,
      flags: { consolePort: 0 },
    });
    try {
      const equity: EquityPoint[] = [1, 2, 3].map((minute) => ({
        ...{ at: minute * MINUTE, equityDollars: minute, dayDollars: 0, worstDollars: 0 },
      }));
      const volatilities: VolatilityPoint[] = [
        { asset: 'BTC', at: MINUTE, forecast: 0.5, low: null, high: null, implied: null, realised: null },
      ];
      opened.earlier({ equity, volatilities });
      // The lane's own begins within the time of the last one.
      for (const [seq, at] of [2.5, 3, 4].entries())
        opened.tap({
          seq,
          event: {
            ...{ kind: 'account', at: at * MINUTE, cashDollars: 9, reservedDollars: 0, realisedDollars: 0 },
            ...{ feesDollars: 0, dayDollars: 0, equityDollars: 9, worstDollars: 0, openPositions: 0 },
            openOrders: 0,
          },
        });
      const own = opened.snapshot?.().rings;
      expect(own?.equity.map(({ at }) => at / MINUTE)).toEqual([3, 4]);
      expect(own?.volatilities).toEqual([]);
      const port = Number(/:(\d+)\//.exec(opened.address ?? '')?.[1]);
      const { rings } = JSON.parse((await askConsole(port, { path: '/api/state' })).text) as ConsoleState;
      expect(rings.equity.map(({ at, equityDollars }) => [at / MINUTE, equityDollars])).toEqual([
        [1, 1],
        [2, 2],
        [3, 9],
        [4, 9],
      ]);
      expect(rings.volatilities).toEqual(volatilities);
    } finally {
      await opened.close();
    }
  });
});
