import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { ApprovedOrder } from '../../../src/domain/events/order.ts';
import type { RequestFrame } from '../../../src/domain/frame.ts';
import { SECOND } from '../../../src/domain/time.ts';
import type { JournalEntry } from '../../../src/execution/journal/journal-row.ts';
import { kalshiGateway } from '../../../src/execution/kalshi/kalshi-gateway.ts';
import type { GroupFound } from '../../../src/execution/kalshi/order-groups.ts';
import { orderHolds } from '../../../src/execution/kalshi/order-holds.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { contractOf, orderOf } from '../../portfolio/samples.ts';

const ORDER = orderOf() as ApprovedOrder;
const READY: GroupFound = { kind: 'ready', groupId: 'group-1' };

interface Stand {
  readonly gate?: string;
  readonly group?: GroupFound;
  readonly create?: string;
  readonly journal?: 'full';
}

/** A gateway whose neighbours note each step in `steps`, in the order of the calls. */
const standing = (stand: Stand = {}) => {
  const steps: string[] = [];
  const frames: RequestFrame[] = [];
  const rows: JournalEntry[] = [];
  const answer$ = new Subject<HttpAnswer>();
  const cancelled$ = new Subject<HttpAnswer>();
  const holds = orderHolds();
  const gateway = kalshiGateway({
    entry: {
      create: ({ order, terms }) => {
        steps.push(`prepare ${order.clientOrderId} in ${terms.groupId} on ${terms.tickBands.length} bands`);
        if (stand.create !== undefined) return stand.create;
        return {
          send: () => {
            steps.push('send');
            return answer$;
          },
        };
      },
      cancel: ({ orderId, ticker, exchangeIndex }) => {
        steps.push(`cancel ${orderId} of ${ticker} on ${exchangeIndex}`);
        return cancelled$;
      },
    },
    clock: tapeScheduler(0),
    gate: {
      pass: () => {
        steps.push('gate');
        return stand.gate;
      },
      ended: (id) => steps.push(`ended ${id}`),
      move: ({ mode, by }) => {
        steps.push(`${mode} by ${by}`);
        return true;
      },
    },
    holds,
    groups: { groupOf: () => stand.group ?? READY, refused: (id) => steps.push(`group ${id} refused`) },
    journal: {
      append: (entries) => {
        if (stand.journal === 'full') throw new Error('disk full');
        steps.push(...entries.map(({ kind }) => kind));
        rows.push(...entries);
      },
    },
    stamp: () => 77,
    restMaxMicros: 5 * SECOND,
  });
  gateway.request$.subscribe((frame) => {
    steps.push(frame.outcome.kind);
    frames.push(frame);
  });
  const place = (order: ApprovedOrder = ORDER): void => gateway.send({ kind: 'place', order });
  const answer = (what: HttpAnswer): void => answer$.next(what);
  return {
    gateway,
    steps,
    frames,
    rows,
    place,
    answer,
    cancelled: (what: HttpAnswer): void => cancelled$.next(what),
    outcomes: () => frames.map(({ outcome }) => outcome),
  };
};
const refused = (code: string, status = 409): HttpAnswer => ({
  kind: 'answered',
  status,
  text: JSON.stringify({ error: { code, message: code } }),
});

describe('kalshiGateway', () => {
  test('gate, then the request made ready, then the intent, then the request, all before send returns', () => {
    const { steps, place, rows, gateway } = standing();
    place();
    expect(steps).toEqual(['gate', 'prepare o1 in group-1 on 0 bands', 'intent', 'send', 'sent']);
    expect(rows[0]).toMatchObject({
      at: 77,
      kind: 'intent',
      body: {
        clientOrderId: 'o1',
        decisionId: 1,
        groupId: 'group-1',
        side: 'bid',
        limitTicks: 4_000,
        count: 100,
      },
    });
    expect(gateway.waiting()).toBe(1);
  });

  test('an answer is written before it is told, and the order waits no longer', () => {
    const { steps, place, answer, gateway, rows } = standing();
    place();
    steps.length = 0;
    answer({ kind: 'answered', status: 201, text: '{}' });
    expect(steps).toEqual(['answer', 'answered']);
    expect(rows[1]?.body).toEqual({
      clientOrderId: 'o1',
      outcome: { kind: 'answered', status: 201, text: '{}' },
    });
    expect(gateway.waiting()).toBe(0);
  });

  test.each<[string, Stand, readonly string[], string]>([
    ['the gate', { gate: 'it is shut' }, ['gate'], 'it is shut'],
    ['a missing group', { group: { kind: 'none', why: 'no group yet' } }, [], 'no group yet'],
    ['a triggered group', { group: { kind: 'triggered', why: 'it was triggered' } }, [], 'it was triggered'],
    [
      'order entry',
      { create: 'no token to spare' },
      ['gate', 'prepare o1 in group-1 on 0 bands'],
      'no token to spare',
    ],
  ])(
    '%s keeps an order back: nothing is written or sent, and its reason is told',
    (_, stand, before, why) => {
      const { steps, place, outcomes } = standing(stand);
      place();
      expect(steps).toEqual([...before, 'ended o1', 'withheld']);
      expect(outcomes()).toEqual([{ kind: 'withheld', why }]);
    },
  );

  test('an intent that cannot be written shuts the gate, and the order does not leave', () => {
    const { steps, place, outcomes } = standing({ journal: 'full' });
    place();
    expect(steps).toEqual([
      'gate',
      'prepare o1 in group-1 on 0 bands',
      'HALTED by the journal',
      'ended o1',
      'withheld',
    ]);
    expect(outcomes()).toEqual([{ kind: 'withheld', why: 'the journal cannot be written: disk full' }]);
  });

  test('an answer that cannot be written shuts the gate and is told all the same', () => {
    const stand: { journal?: 'full' } = {};
    const { steps, place, answer } = standing(stand);
    place();
    stand.journal = 'full';
    steps.length = 0;
    answer({ kind: 'answered', status: 201, text: '{}' });
    expect(steps).toEqual(['HALTED by the journal', 'answered']);
  });

  test.each<[string, HttpAnswer, object]>([
    [
      'no answer in time',
      { kind: 'failed', why: 'no answer within 5000 ms', arrived: true },
      { kind: 'timedOut' },
    ],
    ['a broken connection', { kind: 'failed', why: 'reset', arrived: true }, { kind: 'lost', why: 'reset' }],
    [
      'a connection that never was',
      { kind: 'failed', why: 'ECONNREFUSED', arrived: false },
      { kind: 'withheld', why: 'the venue could not be reached: ECONNREFUSED' },
    ],
    [
      'a server error',
      { kind: 'answered', status: 503, text: '' },
      { kind: 'answered', status: 503, text: '' },
    ],
  ])('after %s the order is told as it is, and never sent again', (_, what, outcome) => {
    const { steps, place, answer, outcomes } = standing();
    place();
    answer(what);
    expect(outcomes()).toEqual([{ kind: 'sent' }, outcome]);
    expect(steps.filter((step) => step === 'send')).toHaveLength(1);
  });

  test('a refusal because of its group is told to the groups', () => {
    const { steps, place, answer } = standing();
    place();
    answer(refused('order_group_triggered'));
    expect(steps).toContain('group group-1 refused');
  });

  test('a halted market holds its next order before the gate is asked, and other markets go on', () => {
    const { steps, place, answer, outcomes } = standing();
    place();
    answer(refused('trading_is_paused'));
    steps.length = 0;
    place(orderOf({ clientOrderId: 'o2' }) as ApprovedOrder);
    expect(steps).toEqual(['ended o2', 'withheld']);
    expect(outcomes().at(-1)).toEqual({
      kind: 'withheld',
      why: 'KXBTCD-A does not trade: trading_is_paused',
    });
    place(orderOf({ clientOrderId: 'o3', ticker: 'KXBTCD-B' }) as ApprovedOrder);
    expect(steps.at(-1)).toBe('sent');
  });

  test('the prices of a contract are those that the graph told, until it settles', () => {
    const { steps, gateway, place } = standing();
    const contract = contractOf();
    gateway.heard({ kind: 'contract', at: 1, receivedAt: 1, contract, state: 'active', result: undefined });
    place();
    expect(steps).toContain('prepare o1 in group-1 on 1 bands');
    gateway.heard({ kind: 'settlement', ticker: contract.ticker } as never);
    place(orderOf({ clientOrderId: 'o2' }) as ApprovedOrder);
    expect(steps).toContain('prepare o2 in group-1 on 0 bands');
  });

  test('a cancel waits for neither gate nor journal, and its answer is written when it is there', () => {
    const stand: { journal?: 'full'; gate?: string } = {};
    const { gateway, steps, place, answer, cancelled, outcomes, frames } = standing(stand);
    place(orderOf({ timeInForce: 'gtc' }) as ApprovedOrder);
    answer({ kind: 'answered', status: 201, text: '{"order_id":"venue-1","client_order_id":"o1"}' });
    stand.journal = 'full';
    stand.gate = 'it is shut';
    steps.length = 0;
    gateway.send({ kind: 'cancel', clientOrderId: 'o1', at: 1 });
    expect(steps).toEqual(['sent', 'cancel venue-1 of KXBTCD-A on 2']);
    cancelled({ kind: 'answered', status: 200, text: '{"order_id":"venue-1","reduced_by":"1.00"}' });
    expect(steps.slice(2)).toEqual(['HALTED by the journal', 'answered']);
    expect(frames.at(-1)?.request).toMatchObject({ action: 'cancel', clientOrderId: 'o1', count: 100 });
    expect(outcomes()).toHaveLength(4);
  });

  test('the answer of another order tells no id, so its cancel waits for the account', () => {
    const { gateway, steps, place, answer } = standing();
    place(orderOf({ timeInForce: 'gtc' }) as ApprovedOrder);
    answer({ kind: 'answered', status: 201, text: '{"order_id":"venue-9","client_order_id":"o9"}' });
    gateway.send({ kind: 'cancel', clientOrderId: 'o1', at: 1 });
    expect(steps.filter((step) => step.startsWith('cancel'))).toEqual([]);
    const about = { clientOrderId: 'o1', ticker: 'KXBTCD-A', at: 2 };
    gateway.heard({ kind: 'orderResting', ...about, remaining: ORDER.count, venueId: 'venue-1' });
    expect(steps.at(-1)).toBe('cancel venue-1 of KXBTCD-A on 2');
  });

  test('a closed gateway tells nothing more', () => {
    const { gateway, place, answer, frames } = standing();
    place();
    gateway.close();
    answer({ kind: 'answered', status: 201, text: '{}' });
    expect(frames).toHaveLength(1);
  });
});
