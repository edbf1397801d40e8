import { describe, expect, test } from '@jest/globals';
import type { ApprovedOrder, GatewayEvent } from '../../../src/domain/events/order.ts';
import { count } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { kalshiGateway } from '../../../src/execution/kalshi/kalshi-gateway.ts';
import { orderHolds } from '../../../src/execution/kalshi/order-holds.ts';
import { sendGate } from '../../../src/execution/kalshi/send-gate.ts';
import { renewedOrder } from '../../../src/execution/orders/order-of.ts';
import { renewals } from '../../../src/execution/orders/renewals.ts';
import { every } from '../../../src/operators/after.ts';
import { orderAnswer } from '../../../src/venues/kalshi/order-answer.ts';
import { ownOrders } from '../../../src/venues/kalshi/own-orders.ts';
import { ownOrder, readOwnOrder } from '../../../src/venues/kalshi/read-own.ts';
import { emulatedExchange } from './emulated-exchange.ts';

const MANY = 1_000_000;
const REST = 10 * SECOND;

/** A maker with the lane's gateway, one quote and a heartbeat, at the emulated exchange. */
function making() {
  const venue = emulatedExchange();
  const { clock, entry, order, ticker } = venue;
  const gate = sendGate(
    { orderContractsMax: MANY, openOrdersMax: MANY, ordersPerMinuteMax: MANY, dollarsPerDayMax: MANY },
    { mode: 'ARMED', at: clock.at, by: 'the test', reason: 'it begins' },
  );
  const rows: string[] = [];
  const gateway = kalshiGateway({
    entry,
    clock,
    gate,
    holds: orderHolds(),
    groups: { groupOf: () => ({ kind: 'ready', groupId }), refused: () => {} },
    journal: { append: (entries) => rows.push(...entries.map(({ kind }) => kind)) },
    stamp: () => clock.at,
    restMaxMicros: 60 * SECOND,
  });
  const group = venue.call('POST', '/portfolio/order_groups/create', {
    contracts_limit_fp: '1000.00',
    subaccount: 0,
    exchange_index: 2,
  });
  const groupId = String(group.json['order_group_id']);
  gateway.heard({
    kind: 'contract',
    contract: { ticker, tickBands: [{ startTicks: 0, endTicks: 10_000, stepTicks: 100 }] },
  } as never);
  const quotes = renewals({ restMicros: REST, leadMicros: 3 * SECOND });
  const events: GatewayEvent[] = [];
  const ended = new Set<string>();
  const tell = (event: GatewayEvent): void => {
    // As the ledger does: an end is booked once.
    if (ended.has(event.clientOrderId)) return;
    if (event.kind === 'orderDone' || event.kind === 'orderRejected') ended.add(event.clientOrderId);
    events.push(event);
    gateway.heard(event);
    const left = quotes.answered(event);
    const next = left && renewedOrder(left.ended, { ...left, at: clock.at, expiresAt: clock.at + REST });
    if (next) place(next);
  };
  gateway.request$.subscribe((frame) => {
    for (const event of orderAnswer(frame)) tell(event);
  });
  const place = (wanted: ApprovedOrder): void => {
    gate.alive(clock.at);
    quotes.sent(wanted);
    gateway.send({ kind: 'place', order: wanted });
  };
  const own = ownOrders();
  const beating = every(200, clock).subscribe(() => {
    for (const { clientOrderId } of quotes.beat(clock.at))
      gateway.send({ kind: 'cancel', clientOrderId, at: clock.at });
  });
  /** What the account's channels and reads say of all orders. */
  const read = (): void => {
    const { orders } = venue.call('GET', '/portfolio/orders?limit=1000').json as {
      readonly orders: readonly unknown[];
    };
    for (const row of orders) {
      const event = readOwnOrder(ownOrder.parse(row), own, clock.at);
      if (typeof event !== 'string') tell(event);
    }
  };
  return {
    ...venue,
    gateway,
    gate,
    rows,
    events,
    read,
    quote: (): ApprovedOrder => {
      const wanted = order({ postOnly: true, count: count(500), expiresAt: clock.at + REST });
      place(wanted);
      return wanted;
    },
    cancel: (clientOrderId: string): void => gateway.send({ kind: 'cancel', clientOrderId, at: clock.at }),
    /** As a crash: nobody beats and nobody hears any more. */
    die: (): void => {
      beating.unsubscribe();
      gateway.close();
    },
    cancels: () => venue.sent.filter(({ method }) => method === 'DELETE').length,
    creates: () =>
      venue.sent
        .filter(({ method, url }) => method === 'POST' && url.endsWith('/portfolio/events/orders'))
        .map(({ body }) => JSON.parse(body as string) as Readonly<Record<string, unknown>>),
  };
}

describe('an order that rests', () => {
  test('lives as long as its maker beats, by one id after the other, never twice at once, and ends after a crash', () => {
    const { quote, run, resting, creates, die, clock } = making();
    quote();
    let most = 0;
    let least = MANY;
    for (let second = 0; second < 40; second++) {
      run(0.5);
      most = Math.max(most, resting().length);
      if (second > 0) least = Math.min(least, resting().length);
      run(0.5);
    }
    expect([least, most]).toEqual([1, 1]);
    const ids = creates().map((body) => body['client_order_id']);
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(new Set(ids).size).toBe(ids.length);
    expect(creates().every((body) => body['post_only'] === true)).toBe(true);
    die();
    run(REST / SECOND);
    expect(resting()).toEqual([]);
    expect(Number(creates().at(-1)?.['expiration_time']) * SECOND).toBeLessThanOrEqual(clock.at);
  });

  test('a cancel that is wanted before the answer to its create waits for the venue’s id', () => {
    const { quote, cancel, run, resting, cancels, events } = making();
    const { clientOrderId } = quote();
    cancel(clientOrderId);
    cancel(clientOrderId);
    run(1);
    expect([resting().length, cancels()]).toEqual([0, 1]);
    expect(events.at(-1)).toMatchObject({ kind: 'orderDone', clientOrderId, filled: 0 });
  });

  test('where the answer to its create is lost, the account tells its id, and a cancel wanted before leaves', () => {
    const { quote, cancel, run, resting, fault, read, events } = making();
    fault('timeoutAfterAccept@0+60s=1:kalshi/create');
    const { clientOrderId } = quote();
    cancel(clientOrderId);
    run(6);
    expect(events.at(-1)).toMatchObject({ kind: 'orderUnknown', clientOrderId });
    expect(resting()).toHaveLength(1);
    read();
    run(1);
    expect(resting()).toHaveLength(0);
    expect(events.at(-1)).toMatchObject({ kind: 'orderDone', clientOrderId });
  });

  test.each(['serverErrorAfterAccept', 'timeoutAfterAccept'] as const)(
    'a cancel whose answer is lost (%s) is sent again, and the order is unknown until the account tells its end',
    (kind) => {
      const { quote, cancel, run, resting, fault, read, events, cancels } = making();
      const { clientOrderId } = quote();
      run(1);
      fault(`${kind}@0+60s=1:kalshi/cancel`);
      cancel(clientOrderId);
      run(5.5);
      // The second one finds nothing, which may mean anything.
      expect([resting().length, cancels()]).toEqual([0, 2]);
      expect(events.at(-1)).toMatchObject({ kind: 'orderUnknown', clientOrderId });
      read();
      expect(events.at(-1)).toMatchObject({ kind: 'orderDone', clientOrderId, filled: 0 });
    },
  );

  test('a cancel leaves through a gate that is shut, and nothing is placed in its stead', () => {
    const { quote, run, resting, gate, creates, cancels } = making();
    quote();
    run(1);
    gate.move({ mode: 'HALTED', at: 1, by: 'the test', reason: 'a pulled switch' });
    run(8);
    expect([resting().length, cancels(), creates().length]).toEqual([0, 1, 1]);
  });

  test('a cancel of an order that has ended, or that nobody sent, asks nothing', () => {
    const { quote, cancel, run, cancels } = making();
    const { clientOrderId } = quote();
    run(1);
    cancel(clientOrderId);
    run(1);
    cancel(clientOrderId);
    cancel('nobody');
    run(1);
    expect(cancels()).toBe(1);
  });
});
