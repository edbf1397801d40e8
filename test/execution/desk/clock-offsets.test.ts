import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../../src/domain/time.ts';
import { clockOffsets } from '../../../src/execution/desk/clock-offsets.ts';
import '../../support/properties.ts';

const measured = (offsetMicros: number, roundTripMicros = 0, venue: 'kraken' | 'kalshi' = 'kraken') =>
  ({ kind: 'clock', at: 0, venue, offsetMicros, roundTripMicros }) as const;
const revealed = (offsetMicros: number, receivedAt: number, venue: 'kraken' | 'kalshi' = 'kalshi') =>
  ({ kind: 'stampOffset', at: receivedAt, receivedAt, venue, asset: undefined, offsetMicros }) as const;

describe('clockOffsets', () => {
  test('is certain of a measurement except for half its round trip', () => {
    const clocks = clockOffsets();
    expect(clocks.furthest(0)).toBe(0);
    clocks.receive(measured(-3 * SECOND, SECOND));
    expect(clocks.furthest(0)).toBe(-2.5 * SECOND);
    clocks.receive(measured(SECOND, 4 * SECOND));
    expect(clocks.furthest(0)).toBe(0);
  });

  test('tells the furthest of all venues, and forgets what stamps revealed after thirty seconds', () => {
    const clocks = clockOffsets();
    clocks.receive(measured(2 * SECOND));
    clocks.receive(revealed(-600 * SECOND, 10 * SECOND));
    expect(clocks.furthest(40 * SECOND)).toBe(-600 * SECOND);
    expect(clocks.furthest(40 * SECOND + 1)).toBe(2 * SECOND);
    clocks.reset();
    expect(clocks.furthest(0)).toBe(0);
  });

  test('an event was never sent after it was received, whatever its stamp and the offset', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.integer(), (at, receivedAt, offset) => {
        const clocks = clockOffsets();
        clocks.receive(measured(offset));
        const sentAt = clocks.sentAt({ at, receivedAt });
        expect(receivedAt - sentAt).toBe(Math.max(0, receivedAt - (at - offset)));
      }),
    );
  });
});
