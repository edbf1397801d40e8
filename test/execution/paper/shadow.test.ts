import { describe, expect, test } from '@jest/globals';
import type { ApprovedOrder, GatewayEvent } from '../../../src/domain/events/order.ts';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import type { DeskInput, DeskOutput } from '../../../src/execution/desk/desk-events.ts';
import { shadowed } from '../../../src/execution/paper/shadow.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import type { Reducer } from '../../../src/operators/core.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { contractOf, fillOf, orderOf } from '../../portfolio/samples.ts';
import { bookTeller } from '../../support/book-events.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { paperBooks } from '../../support/paper-books.ts';

const CONTRACT = contractOf();
const START = CONTRACT.openAt + SECOND;
const PAPER = 250 * MILLISECOND;

/** A desk that sends an order when it is told to and passes on what the venue answers, with paper beside it. */
function scripted() {
  const clock = tapeScheduler(START);
  const emitted: DeskOutput[] = [];
  const seen: string[] = [];
  let next: ApprovedOrder | undefined;
  let unwanted: string | undefined;
  const desk: Reducer<DeskInput, DeskOutput> = (event, { emit }) => {
    seen.push(event.kind);
    if (next) emit({ kind: 'orderSent', at: clock.at, order: next });
    next = undefined;
    if (unwanted !== undefined)
      emit({
        kind: 'cancelAsked',
        at: clock.at,
        clientOrderId: unwanted,
        ticker: CONTRACT.ticker,
        why: 'the test',
      });
    unwanted = undefined;
    if (event.kind === 'fill' || event.kind === 'orderDone' || event.kind === 'orderRejected') emit(event);
  };
  const { step, close } = shadowed(desk, executionSettings.parse({}), clock, paperBooks());
  const tell = (event: DeskInput): void => step(event, { emit: (out) => emitted.push(out), wake: () => {} });
  const now = () => ({ at: clock.at, receivedAt: clock.at });
  tell({ kind: 'contract', ...now(), contract: CONTRACT, state: 'active', result: undefined });
  tell(bookTeller(CONTRACT.ticker).load(now(), [3_800, 1_000], [6_000, 1_000]));
  const wake = (): void => tell({ kind: 'command', at: clock.at, command: 'resolve', reason: '' });
  return {
    seen,
    emitted,
    close: () => close?.(),
    venue: (event: GatewayEvent): void => tell(event),
    send: (terms: Parameters<typeof orderOf>[0] = {}) => {
      const order = orderOf({ at: clock.at, ...terms });
      next = order as ApprovedOrder;
      wake();
      return order;
    },
    cancel: (clientOrderId: string): void => {
      unwanted = clientOrderId;
      wake();
    },
    halt: (): void => tell({ kind: 'command', at: clock.at, command: 'halt', reason: '' }),
    /** Lets paper answer, and the next event pass. */
    paper: (): void => {
      clock.runTo(clock.at + PAPER);
      wake();
    },
    divergences: () => emitted.filter((out) => out.kind === 'divergence'),
    at: () => clock.at,
  };
}
const doneOf = (
  { clientOrderId, ticker }: { clientOrderId: string; ticker: string },
  at: number,
): GatewayEvent =>
  ({ kind: 'orderDone', clientOrderId, ticker, at, state: 'cancelled', filled: 0 }) as GatewayEvent;

describe('shadowed', () => {
  forbidWallClock();

  test.each(['a cancel that the desk asks for', 'a halt'])('%s ends a resting order on paper too', (what) => {
    const { send, cancel, halt, venue, paper, divergences } = scripted();
    const order = send({ timeInForce: 'gtc', postOnly: true, limitTicks: 3_000 });
    paper();
    if (what === 'a halt') halt();
    else cancel(order.clientOrderId);
    venue(doneOf(order, START + 9));
    expect(divergences()).toEqual([]);
    paper();
    expect(divergences()).toMatchObject([{ clientOrderId: 'o1', paper: { filled: 0 } }]);
  });

  test('once both have ended an order, one divergence tells what each made of it', () => {
    const { send, venue, paper, divergences, at } = scripted();
    // Against 38 cents paper sells a contract.
    const order = send({ side: 'ask', limitTicks: 3_500 });
    venue(fillOf({ ...order, limitTicks: order.limitTicks }, { count: 40, feeCash: 70 }));
    venue(doneOf(order, START + 9));
    expect(divergences()).toEqual([]);
    paper();
    const told = divergences();
    expect(told).toEqual([
      {
        kind: 'divergence',
        at: at(),
        ticker: order.ticker,
        clientOrderId: 'o1',
        paper: { filled: 100, averageDollars: 0.38, feeDollars: expect.any(Number), tookMicros: PAPER },
        venue: { filled: 40, averageDollars: 0.35, feeDollars: 0.007, tookMicros: 9 },
      },
    ]);
    paper();
    expect(divergences()).toHaveLength(1);
  });

  test('the mean price weighs each fill by its count', () => {
    const { send, venue, paper, divergences } = scripted();
    const order = send();
    venue(fillOf({ ...order, limitTicks: 3_000 as never }, { id: 'a', count: 75 }));
    venue(fillOf({ ...order, limitTicks: 4_000 as never }, { id: 'b', count: 25 }));
    venue(doneOf(order, START + 1));
    paper();
    expect(divergences()).toMatchObject([
      { paper: { filled: 0, averageDollars: null }, venue: { filled: 100, averageDollars: 0.325 } },
    ]);
  });

  test('paper ends first as well, and a refusal by the venue is an end', () => {
    const { send, venue, paper, divergences } = scripted();
    const order = send();
    paper();
    expect(divergences()).toEqual([]);
    venue({ kind: 'orderRejected', clientOrderId: 'o1', ticker: order.ticker, at: START + 3, why: 'no' });
    expect(divergences()).toMatchObject([{ venue: { filled: 0, tookMicros: 3 } }]);
  });

  test('an order that never left has no divergence', () => {
    const { send, venue, paper, divergences } = scripted();
    const order = send();
    venue({
      kind: 'orderRejected',
      clientOrderId: 'o1',
      ticker: order.ticker,
      at: START,
      why: 'gate',
      withheld: true,
    });
    paper();
    expect(divergences()).toEqual([]);
  });

  test('nothing that paper answers reaches the desk or is told as a fill', () => {
    const { send, paper, seen, emitted } = scripted();
    send({ side: 'ask', limitTicks: 3_500 });
    seen.length = 0;
    paper();
    expect(seen).toEqual(['command']);
    expect(emitted.map(({ kind }) => kind)).toEqual(['orderSent']);
  });

  test('of more than a thousand orders without an end the oldest is given up', () => {
    const { send, venue, paper, divergences } = scripted();
    const orders = Array.from({ length: 1_001 }, (_, i) => send({ clientOrderId: `o${i}` }));
    paper();
    for (const order of orders.slice(0, 2)) venue(doneOf(order, START + 1));
    expect(divergences().map(({ clientOrderId }) => clientOrderId)).toEqual(['o1']);
  });
});
