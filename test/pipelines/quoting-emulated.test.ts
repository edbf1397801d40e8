import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { SECOND } from '../../src/domain/time.ts';
import { emulatedSession, only, runFrames, settingsOf } from './market.ts';

const usual = settingsOf({
  startAt: '2026-06-01T13:50:00Z',
  spanMinutes: 4,
  seed: 'quotes',
  strikes: 2,
  annualisedVolatility: 0.8,
  jumpsPerDay: 2_000,
  jumpDeviation: 0.0006,
});
const make = {
  ...usual.execution.make,
  mode: 'always' as const,
  quoteCount: 100,
  inventoryMaxCount: 200,
  adverseDollars: 0,
  errorMultiple: 0,
  marginDollars: 0.001,
  skewDollars: 0.01,
};
const settings = {
  ...usual,
  risk: {
    ...usual.risk,
    ordersOpenMax: 60,
    orderRateMax: 600,
    closeLossMaxDollars: 60,
    totalLossMaxDollars: 90,
  },
  execution: { ...usual.execution, take: false, make },
};

let events: readonly AuditEvent[] = [];
beforeAll(async () => {
  const { session, wire } = emulatedSession(settings);
  events = await runFrames(settings, [session, ...wire]);
});

describe("the maker in the emulator's informed flow", () => {
  test('quotes, and is filled', () => {
    expect(only('orderSent', events).length).toBeGreaterThan(10);
    expect(only('fill', events).length).toBeGreaterThan(0);
  });

  test('holds its inventory within the limit, with all that rests counted', () => {
    const held = new Map<string, number>();
    for (const event of events)
      if (event.kind === 'fill') {
        expect(event.taker).toBe(false);
        const position = (held.get(event.ticker) ?? 0) + (event.side === 'bid' ? event.count : -event.count);
        held.set(event.ticker, position);
        expect(Math.abs(position)).toBeLessThanOrEqual(make.inventoryMaxCount);
      }
  });

  test('asks to cancel all that rests in the very event of a jump, and nothing fills once the cancel is there', () => {
    const resting = new Set<string>();
    const asked = new Map<string, number>();
    let jumps = 0;
    for (const event of events) {
      if (event.kind === 'orderSent') resting.add(event.order.clientOrderId);
      else if (event.kind === 'orderDone' || event.kind === 'orderRejected')
        resting.delete(event.clientOrderId);
      else if (event.kind === 'cancelAsked') {
        asked.set(event.clientOrderId, event.at);
        if (event.why.endsWith('jumped')) jumps++;
      } else if (event.kind === 'fill') {
        const since = asked.get(event.clientOrderId);
        if (since !== undefined)
          expect(event.at - since).toBeLessThanOrEqual(settings.execution.paper.cancelLatencyMicros);
      }
    }
    expect(jumps).toBeGreaterThan(0);
    const pulls = only('cancelAsked', events).filter(({ why }) => why.endsWith('jumped'));
    for (const { at } of pulls)
      expect(
        only('orderSent', events).some((sent) => sent.order.at > at && sent.order.at < at + 5 * SECOND),
      ).toBe(false);
  });
});
