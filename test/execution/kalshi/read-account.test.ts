import { describe, expect, test } from '@jest/globals';
import { from } from 'rxjs';
import { readAccount } from '../../../src/execution/kalshi/read-account.ts';
import type { KalshiAnswer } from '../../../src/venues/kalshi/rest.ts';
import { BTC } from '../../support/assets.ts';

const ok = (path: string, json: unknown): KalshiAnswer => ({
  kind: 'ok',
  resource: `/trade-api/v2${path}`,
  text: JSON.stringify(json),
  json,
});
const deposit = (id: string, cents: number, second: number) => ({
  id,
  amount_cents: cents,
  fee_cents: 0,
  status: 'applied',
  created_ts: second,
  finalized_ts: second,
});
const AS_OF = ok('/exchange/user_data_timestamp', { as_of_time: '2026-06-01T12:00:00Z' });
const POSITIONS = ok('/portfolio/positions', {
  cursor: '',
  market_positions: [
    { ticker: 'KXBTCD-A', position_fp: '3.00', market_exposure_dollars: '1.200000' },
    { ticker: 'KXBTCD-B', position_fp: '-1.00', market_exposure_dollars: '0.300000' },
  ],
});
const BALANCE = ok('/portfolio/balance', {
  balance_breakdown: [
    { exchange_index: 0, balance: '10.0000' },
    { exchange_index: 2, balance: '2.5000' },
  ],
});
const read = (...answers: readonly KalshiAnswer[]) => readAccount(from(answers), [BTC], () => 9);

describe('readAccount', () => {
  test('cash is that of all shards, what was paid that of all positions, and the time the venue’s own', async () => {
    expect(await read(AS_OF, POSITIONS, BALANCE)).toMatchObject({
      kind: 'read',
      asOf: Date.parse('2026-06-01T12:00:00Z') * 1_000,
      cash: 125_000,
      paid: 15_000,
      fills: [],
    });
  });

  test.each([
    ['time', [POSITIONS, BALANCE]],
    ['positions', [AS_OF, BALANCE]],
    ['cash', [AS_OF, POSITIONS]],
  ])('without the %s the account is not read', async (_, answers) => {
    expect(await read(...answers)).toEqual({
      kind: 'unread',
      why: 'the venue did not tell its time, our cash or our positions',
    });
  });

  test('a read that failed, or whose body is not of its form, is the reason', async () => {
    expect(await read(AS_OF, { kind: 'failed', why: 'no answer', arrived: true })).toEqual({
      kind: 'unread',
      why: 'no answer',
    });
    expect(await read(AS_OF, POSITIONS, ok('/portfolio/balance', { balance: 1 }))).toMatchObject({
      kind: 'unread',
      why: expect.stringContaining('balance'),
    });
  });

  test('deposits less withdrawals count after a time, each once by its id', async () => {
    const account = await read(
      AS_OF,
      POSITIONS,
      BALANCE,
      ok('/portfolio/deposits', { deposits: [deposit('d1', 500, 100), deposit('d2', 200, 200)] }),
      ok('/portfolio/deposits', { deposits: [deposit('d2', 200, 200)] }),
      ok('/portfolio/withdrawals', { withdrawals: [deposit('w1', 50, 300)] }),
    );
    if (account.kind !== 'read') throw new Error(account.why);
    expect([0, 100, 200, 300].map((second) => account.movedSince(second * 1_000_000))).toEqual([
      65_000, 15_000, -5_000, 0,
    ]);
  });
});
