import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { ContractLifecycle } from '../../../src/domain/events/venue.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { Decoded } from '../../../src/operators/decode.ts';
import { firstCloses } from '../../../src/venues/kalshi/first-closes.ts';
import '../../support/properties.ts';

// 01:15 in New York on 2026-11-01, twice.
const FIRST = Date.parse('2026-11-01T05:15:00Z') * 1_000;
const LATER = FIRST + HOUR;
const TICKER = 'KXBTC15M-26NOV010115-15';

const lifecycle = (
  receivedAt: number,
  change: string,
  more: Partial<ContractLifecycle> = {},
): ContractLifecycle => ({
  kind: 'contractLifecycle',
  at: receivedAt,
  receivedAt,
  ticker: TICKER,
  sid: 5,
  seq: 1,
  change,
  openAt: undefined,
  closeAt: undefined,
  event: undefined,
  strikeType: undefined,
  floorUnits: undefined,
  capUnits: undefined,
  tickBands: undefined,
  exchangeIndex: undefined,
  result: undefined,
  deactivated: undefined,
  ...more,
});
const created = (closeAt: number, span = 15 * MINUTE) =>
  lifecycle(closeAt - span - 30 * SECOND, 'created', { openAt: closeAt - span, closeAt });
const determined = (receivedAt: number, result: 'yes' | 'no') =>
  lifecycle(receivedAt, 'determined', { result });

const passed = (events: readonly Decoded[]): readonly Decoded[] => {
  const out: Decoded[] = [];
  from(events)
    .pipe(firstCloses())
    .subscribe((event) => out.push(event));
  return out;
};
const results = (events: readonly Decoded[]) =>
  passed(events).flatMap((event) => (event.kind === 'contractLifecycle' ? (event.result ?? []) : []));

describe('a ticker that two contracts have', () => {
  test('stands for the first: the later one is told once, and leaves only its numbers', () => {
    const out = passed([created(FIRST), created(LATER), created(LATER), lifecycle(LATER, 'activated')]);
    expect(out.map(({ kind }) => kind)).toEqual([
      'contractLifecycle',
      'rejected',
      'acknowledgement',
      'acknowledgement',
      'acknowledgement',
    ]);
  });

  test('keeps the result of the first, and takes none of the later one for it', () => {
    expect(
      results([
        created(FIRST),
        determined(FIRST + SECOND, 'no'),
        lifecycle(FIRST + 8 * SECOND, 'settled'),
        created(LATER),
        determined(LATER + SECOND, 'yes'),
      ]),
    ).toEqual(['no']);
  });

  test('an hourly is told of while the one before it waits for its result', () => {
    expect(
      results([
        created(FIRST, HOUR),
        created(LATER, HOUR),
        determined(FIRST + 82 * SECOND, 'no'),
        determined(LATER + 82 * SECOND, 'yes'),
      ]),
    ).toEqual(['no']);
  });

  test('a close that moves is of the same contract', () => {
    const moved = lifecycle(FIRST - MINUTE, 'close_date_updated', { closeAt: FIRST - SECOND });
    expect(passed([created(FIRST), moved])).toEqual([created(FIRST), moved]);
  });

  test('a session forgets which close a ticker stands for', () => {
    const session: Decoded = {
      kind: 'gap',
      at: LATER,
      receivedAt: LATER,
      venue: 'kalshi',
      cause: 'session',
      scope: 's',
      detail: '',
    };
    const second = created(LATER);
    expect(passed([created(FIRST), session, second]).at(-1)).toBe(second);
  });

  test('never gives one contract a result of the other, and never loses a number, however their events mix', () => {
    const event = fc.record({
      change: fc.constantFrom('created', 'determined', 'settled', 'activated', 'metadata_updated'),
      later: fc.boolean(),
      delay: fc.integer({ min: 0, max: 1_800 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (drawn) => {
        // The first's results are `no` and the later one's `yes`; each comes after its own close.
        const events = [
          created(FIRST),
          created(LATER),
          ...drawn.map(({ change, later, delay }) => {
            const closeAt = later ? LATER : FIRST;
            if (change === 'created') return created(closeAt);
            if (change === 'determined') return determined(closeAt + delay * SECOND, later ? 'yes' : 'no');
            return lifecycle(closeAt + delay * SECOND, change);
          }),
        ]
          .sort((a, b) => a.receivedAt - b.receivedAt)
          .map((each, i) => ({ ...each, seq: i + 1 }));
        expect(results(events)).not.toContain('yes');
        const seqs = passed(events).flatMap((each) => ('seq' in each ? [each.seq] : []));
        expect(seqs).toEqual(events.map(({ seq }) => seq));
      }),
    );
  });

  test('a ticker that one contract has passes untouched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('determined', 'settled', 'activated'), { maxLength: 10 }),
        (changes) => {
          const events = [created(FIRST), ...changes.map((change, i) => lifecycle(FIRST + i, change))];
          expect(passed(events)).toEqual(events);
        },
      ),
    );
  });
});
