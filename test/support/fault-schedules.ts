import fc from 'fast-check';
import { FAULT_KINDS, type Fault } from '../../src/emulator/transport/fault.ts';

/** Schedules of one to four faults of any kind at either venue, shrinkable. */
export const faultSchedules = ({
  untilMs,
  mostSpanMs,
}: {
  readonly untilMs: number;
  readonly mostSpanMs: number;
}): fc.Arbitrary<readonly Fault[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...FAULT_KINDS),
      venue: fc.constantFrom('kraken' as const, 'kalshi' as const),
      atMs: fc.integer({ min: 0, max: untilMs }),
      spanMs: fc.integer({ min: 500, max: mostSpanMs }),
      value: fc.integer({ min: 1, max: 30 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
