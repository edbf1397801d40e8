import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runLane } from '../../pipelines/run/run-lane.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Order, RequestOutcome } from '../../src/domain/events/order.ts';
import type { Frame, RequestFrame, WireFrame } from '../../src/domain/frame.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { Gateway } from '../../src/execution/orders/gateway.ts';
import { readTape } from '../../src/tape/read.ts';
import { writeTape } from '../../src/tape/write.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { emulatedSession, forecaster, only, settingsOf } from './market.ts';

const root = tempFolder();
const settings = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 2, seed: 'gateway' });
const { startAt, session, wire } = emulatedSession(settings);
const frames: readonly Frame[] = [session, ...wire];

const LATENCY = 40 * MILLISECOND;

const answered = (status: number, body: unknown): RequestOutcome => ({
  kind: 'answered',
  status,
  text: JSON.stringify(body),
});
/** Filled whole at its own limit, with the fee of the venue's formula. */
const filled = ({ clientOrderId, count, limitTicks }: Order): RequestOutcome =>
  answered(201, {
    order_id: 'venue-1',
    client_order_id: clientOrderId,
    fill_count: (count / 100).toFixed(2),
    remaining_count: '0.00',
    average_fill_price: (limitTicks / 10_000).toFixed(4),
    average_fee_paid: ((0.07 * limitTicks * (10_000 - limitTicks)) / 1e8).toFixed(6),
    ts_ms: 1,
  });

/** The same fill as the venue's own channel sends it: the answer says that it filled, the channel at what price. */
const fillText = ({ clientOrderId, ticker, side, count, limitTicks, at }: Order): string =>
  JSON.stringify({
    type: 'fill',
    sid: 90,
    msg: {
      trade_id: `trade of ${clientOrderId}`,
      order_id: 'venue-1',
      client_order_id: clientOrderId,
      market_ticker: ticker,
      is_taker: true,
      book_side: side,
      yes_price_dollars: (limitTicks / 10_000).toFixed(4),
      count_fp: (count / 100).toFixed(2),
      fee_cost: ((0.07 * limitTicks * (10_000 - limitTicks) * count) / 1e10).toFixed(6),
      ts_ms: Math.floor(at / 1_000),
    },
  });

/** What a venue makes of orders, one after the other: filled, not answered, lost on the way, refused, and so on again. */
const fates: readonly ((order: Order) => RequestOutcome)[] = [
  filled,
  () => ({ kind: 'timedOut' }),
  () => ({ kind: 'lost', why: 'reset by peer' }),
  () => answered(400, { error: { code: 'insufficient_balance', message: 'insufficient balance' } }),
];

interface Run {
  readonly events: readonly AuditEvent[];
  /** Everything that entered, as a tape would have it. */
  readonly entered: readonly Frame[];
  readonly decisionSha256: string;
}

/** Runs the graph as a live lane would, with orders sent to a gateway whose answers enter as frames when they are due. */
async function run(
  given: readonly Frame[],
  open: (enter: (frame: RequestFrame | WireFrame) => void) => Gateway,
): Promise<Run> {
  const events: AuditEvent[] = [];
  const entered: Frame[] = [];
  const due: (RequestFrame | WireFrame)[] = [];
  // As an inlet does: frames go out in the order of their times, which never go back.
  const gateway = open((frame) => {
    due.push({ ...frame, at: Math.max(frame.at, entered.at(-1)?.at ?? 0) });
    due.sort((a, b) => a.at - b.at);
  });
  function* batches(): Generator<readonly Frame[]> {
    for (const frame of given) {
      while (due[0] && due[0].at <= frame.at) {
        const answer = due.shift() as RequestFrame | WireFrame;
        entered.push(answer);
        yield [answer];
      }
      entered.push(frame);
      yield [frame];
    }
  }
  const { decisionSha256 } = await runLane(
    {
      batches: batches(),
      startAt,
      settings,
      forecasterOf: () => forecaster,
      orders: gateway,
      sinceMs: 0,
      tap: ({ event }) => events.push(event),
    },
    () => ({}),
  );
  return { events, entered, decisionSha256 };
}

const silent = (): Gateway => ({ send: () => {} });

/** A gateway whose requests are answered by hand, each by the next fate. */
const answering =
  (sent: Order[]) =>
  (enter: (frame: RequestFrame | WireFrame) => void): Gateway => ({
    send: (command) => {
      if (command.kind !== 'place') return;
      const { order } = command;
      const { clientOrderId, ticker, side, limitTicks, count, at } = order;
      const request = {
        action: 'place',
        clientOrderId,
        ticker,
        exchangeIndex: 2,
        side,
        limitTicks,
        count,
      } as const;
      const fate = fates[sent.length % fates.length] as (typeof fates)[number];
      sent.push(order);
      if (fate === filled) enter({ kind: 'wire', at: at + LATENCY, venue: 'kalshi', text: fillText(order) });
      enter({ kind: 'request', at: at + 1, venue: 'kalshi', request, outcome: { kind: 'sent' } });
      enter({ kind: 'request', at: at + LATENCY, venue: 'kalshi', request, outcome: fate(order) });
    },
  });

describe('a graph whose orders go to a venue', () => {
  forbidWallClock();

  test('sends one order an approval and fills nothing by itself: what became of it is the venue’s to say', async () => {
    const { events } = await run(frames, silent);
    const approved = only('decision', events).filter(({ verdict }) => verdict === 'approved');
    expect(approved.length).toBeGreaterThan(0);
    expect(only('orderSent', events).map(({ order }) => order.decisionId)).toEqual(
      approved.map(({ id }) => id),
    );
    const answers = ['fill', 'orderSubmitted', 'orderUnknown', 'orderResting', 'orderDone', 'orderRejected'];
    expect(events.filter(({ kind }) => answers.includes(kind))).toEqual([]);
    // An order that nobody answered stays open, and holds its money.
    expect(approved.length).toBeLessThanOrEqual(settings.risk.ordersOpenMax);
  });

  describe('and whose venue answers by hand', () => {
    const sent: Order[] = [];
    let live: Run;
    beforeAll(async () => {
      live = await run(frames, answering(sent));
    });

    const fatesOf = (which: number): readonly string[] =>
      sent.filter((_, i) => i % fates.length === which).map(({ clientOrderId }) => clientOrderId);
    const idsOf = (kind: 'orderSubmitted' | 'orderUnknown' | 'orderRejected' | 'orderDone' | 'fill') =>
      only(kind, live.events).map(({ clientOrderId }) => clientOrderId);

    test('every fate comes to pass, as the event of its order', () => {
      expect(sent.length).toBeGreaterThan(fates.length - 1);
      expect(idsOf('orderSubmitted')).toEqual(sent.map(({ clientOrderId }) => clientOrderId));
      expect(idsOf('fill')).toEqual(fatesOf(0));
      expect(idsOf('orderDone')).toEqual(fatesOf(0));
      expect([...idsOf('orderUnknown')].sort()).toEqual([...fatesOf(1), ...fatesOf(2)].sort());
      expect(idsOf('orderRejected')).toEqual(fatesOf(3));
      expect(only('rejected', live.events)).toEqual([]);
    });

    test('the account pays for what was filled, and keeps the reserve of what nobody knows', () => {
      const account = only('account', live.events).at(-1);
      const spent = only('fill', live.events).reduce((sum, { cash }) => sum + cash, 0);
      expect(spent).toBeLessThan(0);
      expect(Math.round((account?.cashDollars ?? 0) * 10_000)).toBe(
        settings.execution.desk.startingDollars * 10_000 + spent,
      );
      const unknown = only('orderUnknown', live.events)[0];
      const later = only('decision', live.events).filter(
        ({ at, ticker }) => unknown && ticker === unknown.ticker && at > unknown.at,
      );
      const side = sent.find(({ clientOrderId }) => clientOrderId === unknown?.clientOrderId)?.side;
      const again = later.filter(({ proposal }) => proposal.side === side);
      expect(again.length).toBeGreaterThan(0);
      for (const { failing } of again) expect(failing).toContain('duplicate');
    });

    test('the session replays from its tape to the same hash with a gateway that sends nothing', async () => {
      const path = join(mkdtempSync(join(root, 'test-')), 'session.tape.gz');
      await writeTape(path, live.entered);
      const read: Frame[] = [];
      for await (const batch of readTape(path)) read.push(...batch);
      expect(read.filter(({ kind }) => kind === 'request')).toHaveLength(2 * sent.length);
      const replay = await run(read, silent);
      expect(replay.decisionSha256).toBe(live.decisionSha256);
      expect(replay.events).toEqual(live.events);
      // Without the answers on the tape it would have decided otherwise.
      const deaf = await run(
        read.filter(({ kind }) => kind !== 'request'),
        silent,
      );
      expect(deaf.decisionSha256).not.toBe(live.decisionSha256);
    });
  });
});
