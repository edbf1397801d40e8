import type { StampOffset } from '../../domain/events/venue.ts';
import type { ClockFrame } from '../../domain/frame.ts';
import { type Micros, SECOND, type Stamped } from '../../domain/time.ts';

/** What stamps revealed holds for so long: three times the span after which they tell it again. */
const STAMPS_HOLD = 30 * SECOND;

/** What is known of our clock against the venues'. */
export interface ClockOffsets {
  readonly receive: (event: ClockFrame | StampOffset) => void;
  readonly reset: () => void;
  /** The certain offset that is furthest from 0 as of `now`, venue minus ours; 0 while none is known. */
  readonly furthest: (now: Micros) => Micros;
  /**
   * When an event left its venue, by our clock: its stamp less the newest measured offset, and never later
   * than its receipt.
   */
  readonly sentAt: (event: Stamped) => Micros;
}

/**
 * Keeps the offsets of one session. A measurement is certain except for half its round trip, and holds until
 * the venue is measured again.
 */
export function clockOffsets(): ClockOffsets {
  const measured = new Map<string, Micros>();
  const revealed = new Map<string, StampOffset>();
  let correction: Micros = 0;
  return {
    receive: (event) => {
      if (event.kind === 'stampOffset') {
        revealed.set(event.venue, event);
        return;
      }
      const { venue, offsetMicros, roundTripMicros } = event;
      const certain = Math.max(0, Math.abs(offsetMicros) - Math.max(0, roundTripMicros) / 2);
      correction = offsetMicros;
      measured.set(venue, Math.sign(offsetMicros) * certain);
    },
    reset: () => {
      measured.clear();
      revealed.clear();
      correction = 0;
    },
    furthest: (now) => {
      let offset = 0;
      for (const each of measured.values()) if (Math.abs(each) > Math.abs(offset)) offset = each;
      for (const { receivedAt, offsetMicros } of revealed.values())
        if (now - receivedAt <= STAMPS_HOLD && Math.abs(offsetMicros) > Math.abs(offset))
          offset = offsetMicros;
      return offset;
    },
    sentAt: ({ at, receivedAt }) => Math.min(at - correction, receivedAt),
  };
}
