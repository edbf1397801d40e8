import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import type { JournalEntry, JournalRow } from '../../../src/execution/journal/journal-row.ts';
import { restore } from '../../../src/execution/journal/restore.ts';
import '../../support/properties.ts';

const NOW = 200 * DAY + 6 * HOUR;

/** A journal that holds these rows, numbered. */
const journalOf = (...entries: readonly JournalEntry[]) => {
  const rows = entries.map(
    ({ at, kind, body }, i): JournalRow => ({ seq: i + 1, at, kind, body: JSON.stringify(body), hash: '' }),
  );
  return { rows: (kind: JournalEntry['kind']) => rows.filter((row) => row.kind === kind) };
};
const intent = (id: string, at: number): JournalEntry => ({
  at,
  kind: 'intent',
  body: { action: 'place', clientOrderId: id, ticker: 'T', side: 'bid', limitTicks: 4_000, count: 100 },
});
const gate = (kind: 'halt' | 'resume' | 'reduce', at: number, reason = 'why'): JournalEntry => ({
  at,
  kind,
  body: { by: 'somebody', reason },
});
const account = (at: number, equityDollars: number): JournalEntry => ({
  at,
  kind: 'account',
  body: { cashDollars: 1, dayDollars: -3, equityDollars, peakDollars: 90 },
});

describe('restore', () => {
  test('an account that never traded has nothing to continue', () => {
    expect(restore(journalOf(), NOW)).toEqual({
      held: undefined,
      sentToday: [],
      orderIds: [],
      fillIds: new Set(),
      triggeredGroups: new Set(),
      account: undefined,
      lastRunAt: undefined,
    });
  });

  test('property: a halt stands exactly while no resume follows it, with the words of the last halt', () => {
    const row = fc.constantFrom('halt' as const, 'resume' as const, 'reduce' as const);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), (kinds) => {
        const rows = kinds.map((kind, i) => gate(kind, NOW - 100 + i, `reason ${i}`));
        const last = kinds.findLastIndex((kind) => kind !== 'reduce');
        expect(restore(journalOf(...rows), NOW).held).toEqual(
          kinds[last] === 'halt'
            ? { mode: 'HALTED', at: NOW - 100 + last, by: 'somebody', reason: `reason ${last}` }
            : undefined,
        );
      }),
    );
  });

  test('property: a group that the venue shut by itself is kept until a resume follows', () => {
    const row = fc.oneof(fc.constant(undefined), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), (groups) => {
        const rows = groups.map(
          (groupId, i): JournalEntry =>
            groupId === undefined
              ? gate('resume', NOW - 100 + i)
              : { at: NOW - 100 + i, kind: 'groupTriggered', body: { groupId } },
        );
        const since = groups.slice(groups.lastIndexOf(undefined) + 1);
        expect(restore(journalOf(...rows), NOW).triggeredGroups).toEqual(new Set(since));
      }),
    );
  });

  test("the operator's own reduction stands over a restart, until a resume", () => {
    const rows = [
      { ...gate('halt', NOW - 3, 'a'), body: { by: 'the guard', reason: 'a' } },
      { ...gate('reduce', NOW - 2, 'b'), body: { by: 'the operator', reason: 'b' } },
    ];
    const held = restore(journalOf(...rows), NOW).held;
    expect(held).toEqual({ mode: 'REDUCE', at: NOW - 2, by: 'the operator', reason: 'b' });
    expect(restore(journalOf(...rows, gate('resume', NOW - 1, 'c')), NOW).held).toBeUndefined();
  });

  test('property: the orders of the UTC day count for its caps, and those of 25 hours may still be told of', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 60 }), { maxLength: 20 }), (hoursAgo) => {
        const times = hoursAgo.map((hours) => NOW - hours * HOUR - 1);
        const restored = restore(journalOf(...times.map((at, i) => intent(`o${i}`, at))), NOW);
        const ids = (keep: (at: number) => boolean) => times.flatMap((at, i) => (keep(at) ? [`o${i}`] : []));
        expect(restored.sentToday.map(({ clientOrderId }) => clientOrderId)).toEqual(
          ids((at) => Math.floor(at / DAY) === 200),
        );
        expect(restored.orderIds).toEqual(ids((at) => at > NOW - 25 * HOUR));
      }),
    );
  });

  test('an order of the day comes back with what the caps need, at the time of its row', () => {
    expect(restore(journalOf(intent('o1', NOW - 5)), NOW).sentToday).toEqual([
      { clientOrderId: 'o1', side: 'bid', limitTicks: 4_000, count: 100, at: NOW - 5 },
    ]);
  });

  test('every match that is in the journal is known by its id, however old', () => {
    const fill = (fillId: string, at: number): JournalEntry => ({ at, kind: 'fill', body: { fillId } });
    expect(restore(journalOf(fill('a', 1), fill('b', NOW)), NOW).fillIds).toEqual(new Set(['a', 'b']));
  });

  test('the account is that of its last row', () => {
    expect(restore(journalOf(account(5, 70), account(6, 80)), NOW).account).toEqual({
      at: 6,
      dayDollars: -3,
      equityDollars: 80,
      peakDollars: 90,
    });
  });

  test('what the earlier run may have missed begins where it began', () => {
    const rows = [4, 6].map((at): JournalEntry => ({ at, kind: 'opened', body: {} }));
    expect(restore(journalOf(...rows, account(9, 1)), NOW).lastRunAt).toBe(6);
    expect(restore(journalOf(account(9, 1)), NOW).lastRunAt).toBeUndefined();
  });

  test('a row that cannot be read stops the start with its number, its kind and what to do', () => {
    const bad: JournalEntry = { at: NOW, kind: 'intent', body: { clientOrderId: 'x', side: 'up' } };
    expect(() => restore(journalOf(gate('halt', 1), bad), NOW)).toThrow(
      /^the journal's row 2 \(intent\) cannot be read: .*; run voltage journal verify$/,
    );
  });
});
