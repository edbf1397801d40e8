import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../src/domain/events/decision.ts';
import type { Fill } from '../../../src/domain/events/order.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { fillMarker } from '../../../src/research/score/fill-marker.ts';
import { tradeRecord } from '../../../src/research/score/trade-record.ts';
import { decisionAt } from '../../telemetry/samples.ts';

const CLOSE_AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;

const quoted = (ticker: string, at: number, closeAt: number, bidTicks: number, askTicks: number): Decision =>
  ({
    ...decisionAt(at, ['edge']),
    ticker,
    bidTicks,
    askTicks,
    findings: [{ check: 'toCloseMin', observed: closeAt - at, limit: 0, headroom: closeAt - at }],
  }) as unknown as Decision;
const fill = (ticker: string, at: number, side: 'bid' | 'ask', priceTicks: number, taker: boolean): Fill =>
  ({ kind: 'fill', ticker, at, side, priceTicks, count: 200, taker, fee: 20_000 }) as Fill;

describe('tradeRecord of a fillMarker', () => {
  test('says by tactic what was earned after fees, and where the middle stood seconds after a fill', () => {
    const marker = fillMarker();
    const at = CLOSE_AT - 5 * MINUTE;
    marker.decided(quoted('S-1', at, CLOSE_AT, 4_900, 5_100));
    marker.filled(fill('S-1', at, 'bid', 5_100, true));
    marker.filled(fill('S-1', at, 'ask', 5_200, false));
    marker.decided(quoted('S-1', at + SECOND, CLOSE_AT, 5_000, 5_400));
    // Eight seconds late: it does not stand for the fifth second.
    marker.decided(quoted('S-1', at + 13 * SECOND, CLOSE_AT, 6_000, 6_400));
    marker.decided(quoted('S-1', at + 31 * SECOND, CLOSE_AT, 4_000, 4_200));
    marker.settled('S-1', 'yes');
    const { profit, openFills, tactics } = tradeRecord(marker.read());
    // 2 × (1 − .51) − .02, and 2 × (.52 − 1) − .02.
    expect(profit).toEqual({ dollars: expect.closeTo(-0.02, 9), low: null, high: null, hours: 1 });
    expect(openFills).toBe(0);
    const [take, make] = tactics;
    expect(take).toMatchObject({ tactic: 'take', fills: 1, contracts: 2 });
    expect(take?.profit.dollars).toBeCloseTo(0.96, 9);
    expect(make?.profit.dollars).toBeCloseTo(-0.98, 9);
    expect(take?.markouts[1].mean).toBeCloseTo(0.01, 9);
    expect(make?.markouts[1].mean).toBeCloseTo(0, 9);
    expect(take?.markouts[5]).toEqual({ fills: 0, mean: null, standardError: null });
    expect(take?.markouts[30].mean).toBeCloseTo(-0.1, 9);
    expect(make?.settlement.mean).toBeCloseTo(0.52 - 1 - 0.01, 9);
  });

  test('a profit over three hours of closes has an interval, and what has not settled is counted apart', () => {
    const marker = fillMarker();
    for (let hour = 0; hour < 4; hour++) {
      const closeAt = CLOSE_AT + hour * HOUR;
      const ticker = `S-${hour}`;
      marker.decided(quoted(ticker, closeAt - MINUTE, closeAt, 4_900, 5_100));
      marker.filled(fill(ticker, closeAt - MINUTE, 'bid', 4_000 + 500 * hour, true));
      if (hour < 3) marker.settled(ticker, 'yes');
    }
    const { profit, openFills, tactics } = tradeRecord(marker.read());
    expect(openFills).toBe(1);
    expect(profit).toMatchObject({ hours: 3, dollars: expect.closeTo(2 * (0.6 + 0.55 + 0.5) - 0.06, 9) });
    expect(profit.low).toBeLessThan(profit.dollars);
    expect(profit.high).toBeGreaterThan(profit.dollars);
    expect(tactics[0]?.settlement.standardError).toBeCloseTo(0.05 / Math.sqrt(3), 9);
  });
});
