import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountChanged } from '../../src/domain/events/account.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import type { ContractTop } from '../../src/domain/events/market.ts';
import { eventTimeSession } from '../support/emulated.ts';

/** What the graph itself held when it published event `seq`: what it decided by. */
interface Own {
  readonly seq: number;
  readonly tops: ReadonlyMap<string, ContractTop>;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly positions: ReadonlyMap<string, number>;
  readonly account: AccountChanged | undefined;
}

/** A replica's state as the other process prints it. */
interface Printed {
  readonly seq: number;
  readonly books: readonly (readonly [
    string,
    {
      readonly live: boolean;
      readonly bids: readonly (readonly [number, number])[];
      readonly asks: readonly (readonly [number, number])[];
    },
  ])[];
  readonly positions: readonly (readonly [string, number])[];
  readonly orders: readonly unknown[];
  readonly account: AccountChanged | undefined;
  readonly decisions: readonly (readonly [string, Decision])[];
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const elsewhere = (audited: readonly Audited[], asked: readonly number[]): readonly string[] => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['test/support/replica-process.mjs', ...asked.map(String)],
    {
      input: audited.map((each) => `${JSON.stringify(each)}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
};

describe('a replica in another process', () => {
  const audited: Audited[] = [];
  const own: Own[] = [];
  const tops = new Map<string, ContractTop>();
  const decisions = new Map<string, Decision>();
  const positions = new Map<string, number>();
  let account: AccountChanged | undefined;

  beforeAll(() => {
    const session = eventTimeSession(
      {
        seed: 'replica',
        faults: [{ kind: 'drop', venue: 'kalshi', atMs: 40_000, spanMs: 1_000 }],
        emulator: { startAt: '2026-06-01T13:56:00Z' },
      },
      (event, each) => {
        audited.push(each);
        if (event.kind === 'contractBook') tops.set(event.ticker, event.top);
        if (event.kind === 'decision') decisions.set(event.ticker, event);
        if (event.kind === 'account') account = event;
        if (event.kind === 'fill')
          positions.set(
            event.ticker,
            (positions.get(event.ticker) ?? 0) + (event.side === 'bid' ? event.count : -event.count),
          );
        if (event.kind === 'settlement') positions.delete(event.ticker);
        if (each.seq % 997 === 0)
          own.push({
            seq: each.seq,
            tops: new Map(tops),
            decisions: new Map(decisions),
            positions: new Map(positions),
            account,
          });
      },
    );
    session.run(260);
    session.settle();
    session.close();
  });

  test('has the books, the account and the last decisions of the graph at the same number', () => {
    expect(audited.some(({ event }) => event.kind === 'fill')).toBe(true);
    expect(own.length).toBeGreaterThan(3);
    const printed = elsewhere(
      audited,
      own.map(({ seq }) => seq),
    ).map((line) => JSON.parse(line) as Printed);
    expect(printed.map(({ seq }) => seq)).toEqual(own.map(({ seq }) => seq));
    own.forEach((at, i) => {
      const there = printed[i] as Printed;
      expect(there.account).toEqual(plain(at.account));
      expect(new Map(there.decisions)).toEqual(new Map(plain([...at.decisions])));
      expect(new Map(there.positions)).toEqual(at.positions);
      expect(there.books.map(([ticker]) => ticker).sort()).toEqual([...at.tops.keys()].sort());
      for (const [ticker, { live, bids, asks }] of there.books) {
        const top = at.tops.get(ticker);
        const bid = bids.toSorted(([a], [b]) => b - a)[0];
        const ask = asks.toSorted(([a], [b]) => a - b)[0];
        expect([ticker, live, bid?.[0], ask?.[0], bid?.[1] ?? 0, ask?.[1] ?? 0]).toEqual([
          ticker,
          top?.live,
          top?.bidTicks,
          top?.askTicks,
          top?.bidCount,
          top?.askCount,
        ]);
      }
    });
  });

  test('refuses what is out of order, and goes on from where it was', () => {
    const [first, second, third] = audited as [Audited, Audited, Audited];
    const lines = elsewhere([first, third, first, second, third], [2, 3]).map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    expect(lines.slice(0, 2)).toEqual([
      { kind: 'outOfOrder', expected: 2, was: 3 },
      { kind: 'outOfOrder', expected: 2, was: 1 },
    ]);
    expect(lines.slice(2).map(({ seq }) => seq)).toEqual([2, 3]);
  });
});
