import { describe, expect, test } from '@jest/globals';
import { from, of } from 'rxjs';
import { type BeginAccount, beginAccount } from '../../pipelines/run/begin-account.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import type { JournalEntry, JournalRow } from '../../src/execution/journal/journal-row.ts';
import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { KalshiAnswer } from '../../src/venues/kalshi/rest.ts';
import { BTC } from '../support/assets.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z') * 1_000;
const YESTERDAY = NOW - DAY;

const ok = (path: string, json: unknown): KalshiAnswer => ({
  kind: 'ok',
  resource: `/trade-api/v2${path}`,
  text: JSON.stringify(json),
  json,
});
const iso = (micros: number): string => new Date(micros / 1_000).toISOString();
/** The venue's account: cash and what the one position cost, in dollars. */
const round = (cash: number, paid: number, more: readonly KalshiAnswer[] = [], asOf = NOW + 1_000_000) =>
  from([
    ok('/exchange/user_data_timestamp', { as_of_time: iso(asOf) }),
    ...more,
    ok('/portfolio/positions', {
      cursor: '',
      market_positions: [
        { ticker: 'KXBTCD-A', position_fp: '3.00', market_exposure_dollars: paid.toFixed(6) },
      ],
    }),
    ok('/portfolio/balance', { balance_breakdown: [{ exchange_index: 2, balance: cash.toFixed(4) }] }),
  ]);
const account = (
  at: number,
  dayDollars: number,
  equityDollars: number,
  peakDollars: number,
): JournalEntry => ({
  at,
  kind: 'account',
  body: { cashDollars: 0, dayDollars, equityDollars, peakDollars },
});
const intent = (id: string, at: number): JournalEntry => ({
  at,
  kind: 'intent',
  body: { clientOrderId: id, side: 'bid', limitTicks: 4_000, count: 100 },
});

/** What a lane needs, with a journal that holds `rows` and takes more in `written`. */
const standing = (rows: readonly JournalEntry[], options: Partial<BeginAccount> = {}) => {
  const steps: string[] = [];
  const written: JournalEntry[] = [];
  const clock = tapeScheduler(NOW);
  const stored = rows.map(
    ({ at, kind, body }, i): JournalRow => ({ seq: i + 1, at, kind, body: JSON.stringify(body), hash: '' }),
  );
  const begun = beginAccount({
    settings: { assets: [BTC] },
    journal: {
      append: (entries) => written.push(...entries),
      rows: (kind) => stored.filter((row) => row.kind === kind),
      close: () => {},
    },
    clock,
    stamp: () => clock.at,
    cancelAll: () => {
      steps.push('cancel');
      return Promise.resolve({ kind: 'clear' } as Cancelled);
    },
    reads: (since) => {
      steps.push(`read since ${since}`);
      return round(90, 10);
    },
    ...options,
  });
  return { begun, steps, written, clock };
};

describe('beginAccount', () => {
  test('what an earlier run left is cancelled before the account is read', async () => {
    const { begun, steps } = standing([]);
    await begun;
    expect(steps).toEqual(['cancel', `read since ${NOW}`]);
  });

  test('an account that never traded begins with nothing', async () => {
    const { begun, written } = standing([]);
    expect(await begun).toMatchObject({
      carried: { kind: 'carried', at: NOW, dayPnl: 0, orderIds: [] },
      peakDollars: undefined,
    });
    expect(written).toEqual([]);
  });

  test('the day goes on: its result, and what equity changed while nobody looked', async () => {
    const { begun, steps } = standing([
      { at: NOW - HOUR, kind: 'opened', body: {} },
      account(NOW - HOUR / 2, -7, 104, 120),
      intent('o1', NOW - HOUR / 2),
    ]);
    expect(await begun).toMatchObject({ carried: { dayPnl: -110_000, orderIds: ['o1'] }, peakDollars: 120 });
    expect(steps[1]).toBe(`read since ${NOW - HOUR}`);
  });

  test('the result of an earlier day stays there, and what changed since counts to today', async () => {
    const { begun } = standing([account(YESTERDAY, -7, 104, 120)]);
    expect((await begun).carried.dayPnl).toBe(-40_000);
  });

  test('a deposit is no profit, and lifts the peak', async () => {
    const deposit = ok('/portfolio/deposits', {
      deposits: [
        {
          id: 'd',
          amount_cents: 3_000,
          fee_cents: 0,
          status: 'applied',
          created_ts: (NOW - HOUR / 2) / 1e6,
          finalized_ts: (NOW - HOUR / 2) / 1e6,
        },
      ],
    });
    const { begun } = standing([account(NOW - HOUR, 0, 70, 80)], { reads: () => round(90, 10, [deposit]) });
    expect(await begun).toMatchObject({ carried: { dayPnl: 0 }, peakDollars: 110 });
  });

  test('equity above the earlier peak is the new one', async () => {
    expect((await standing([account(NOW - HOUR, 0, 70, 80)]).begun).peakDollars).toBe(100);
  });

  test('orders that may still rest at the venue stop the start', async () => {
    const { begun, steps } = standing([], {
      cancelAll: () => Promise.resolve({ kind: 'unsure', why: 'no answer' } as never),
    });
    await expect(begun).rejects.toThrow('orders of an earlier run may still rest at the venue: no answer');
    expect(steps).toEqual([]);
  });

  test('an account that is older than the start is read again a second later', async () => {
    let reads = 0;
    const { begun, clock } = standing([], {
      reads: () => (reads++ === 0 ? round(1, 1, [], NOW) : round(90, 10)),
    });
    for (let i = 0; i < 50; i++) await Promise.resolve();
    expect(reads).toBe(1);
    clock.runTo(NOW + 1_000_000);
    await begun;
    expect(reads).toBe(2);
  });

  test('an account that cannot be read thirty times stops the start with its reason', async () => {
    let reads = 0;
    const { begun, clock } = standing([], {
      reads: () => {
        reads++;
        return of<KalshiAnswer>({ kind: 'failed', why: 'no answer', arrived: true });
      },
    });
    const failed = begun.then(
      () => '',
      (cause: Error) => cause.message,
    );
    for (let second = 1; second <= 31; second++) {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      clock.runTo(NOW + second * 1_000_000);
    }
    expect(await failed).toBe('live: the account cannot be read: no answer');
    expect(reads).toBe(30);
  });
});
