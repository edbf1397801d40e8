import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../../src/domain/events/audit.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { orderHolds } from '../../../src/execution/kalshi/order-holds.ts';
import { reactionTo } from '../../../src/execution/kalshi/reaction-to.ts';

const T = { ticker: 'T', exchangeIndex: 2 };
const U = { ticker: 'U', exchangeIndex: 3 };

const status = (seconds: number, trading: boolean, two = trading): AuditEvent => ({
  kind: 'venueStatus',
  at: seconds * SECOND,
  receivedAt: seconds * SECOND,
  venue: 'kalshi',
  trading,
  detail: '',
  shards: [{ index: 2, trading: two }],
});
const contract = (ticker: string, state: 'active' | 'inactive' | 'closed', seconds: number): AuditEvent =>
  ({
    kind: 'contract',
    at: seconds * SECOND,
    receivedAt: seconds * SECOND,
    contract: { ticker },
    state,
  }) as unknown as AuditEvent;

/** Holds after an answer at second 10. */
const heldBy = (code: string, httpStatus = 409, before: readonly AuditEvent[] = []) => {
  const holds = orderHolds();
  for (const event of before) holds.heard(event);
  holds.answered(T, reactionTo(httpStatus, code), code, 10 * SECOND);
  return {
    ...holds,
    free: (...events: readonly AuditEvent[]): readonly [boolean, boolean] => {
      for (const event of events) holds.heard(event);
      return [holds.why(T) === undefined, holds.why(U) === undefined];
    },
  };
};

describe('orderHolds', () => {
  test('a paused market is held alone, with its sentence', () => {
    const { free, why } = heldBy('trading_is_paused');
    expect(free()).toEqual([false, true]);
    expect(why(T)).toBe('T does not trade: trading_is_paused');
  });

  test('an exchange that says it trades does not release a market at once, since one market alone may be halted', () => {
    const { free } = heldBy('trading_is_paused');
    expect(free(status(11, true), status(69, true))).toEqual([false, true]);
    expect(free(status(70, true))).toEqual([true, true]);
  });

  test('an exchange that was seen to pause releases its markets when it trades again', () => {
    expect(heldBy('trading_is_paused').free(status(11, false), status(12, true))).toEqual([true, true]);
  });

  test('a pause of another shard releases nothing', () => {
    expect(heldBy('trading_is_paused').free(status(11, false, true), status(12, true))).toEqual([
      false,
      true,
    ]);
  });

  test('a market that is inactive stays held however often the exchange says that it trades', () => {
    const held = heldBy('trading_is_paused', 409, [contract('T', 'inactive', 5)]);
    expect(held.free(status(80, true), status(800, true))).toEqual([false, true]);
    expect(held.free(contract('T', 'active', 801))).toEqual([true, true]);
  });

  test('news from before the refusal releases nothing', () => {
    expect(heldBy('trading_is_paused').free(contract('T', 'active', 9), status(10, true))).toEqual([
      false,
      true,
    ]);
  });

  test('a paused exchange holds everything until it says that it trades', () => {
    const { free } = heldBy('exchange_is_paused');
    expect(free()).toEqual([false, false]);
    expect(free(status(11, false))).toEqual([false, false]);
    expect(free(status(12, true))).toEqual([true, true]);
  });

  test.each([
    ['insufficient_balance', 400],
    ['authentication_error', 401],
    ['api_key_region_attestation_expired', 403],
  ])('%s stops everything until the operator resumes', (code, httpStatus) => {
    const { free, resume } = heldBy(code, httpStatus);
    expect(free(status(100, true), contract('T', 'active', 100))).toEqual([false, false]);
    resume();
    expect(free()).toEqual([true, true]);
  });

  test.each([
    ['invalid_price', 400],
    ['order_already_exists', 409],
    ['order_group_triggered', 409],
    ['too_many_requests', 429],
    ['unreadable', 503],
    ['', 201],
  ])('%s holds nothing back', (code, httpStatus) => {
    expect(heldBy(code, httpStatus).free()).toEqual([true, true]);
  });
});
