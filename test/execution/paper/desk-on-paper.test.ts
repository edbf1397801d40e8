import { describe, expect, test } from '@jest/globals';
import type { ApprovedOrder, GatewayEvent } from '../../../src/domain/events/order.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { DeskInput, DeskOutput } from '../../../src/execution/desk/desk-events.ts';
import { deskOnPaper } from '../../../src/execution/paper/desk-on-paper.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import type { Reducer } from '../../../src/operators/core.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { contractOf, orderOf } from '../../portfolio/samples.ts';
import { bookTeller } from '../../support/book-events.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { paperBooks } from '../../support/paper-books.ts';
import { deskBench } from '../desk/desk-bench.ts';

const CONTRACT = contractOf();
const { ticker } = CONTRACT;
const LATENCY = 250 * MILLISECOND;

/** A desk that sends what it is told to, and writes down what it sees, on paper, without a core around it. */
function scripted(
  decide: (
    event: DeskInput,
    send: (order: ApprovedOrder) => void,
    ask: (clientOrderId: string) => void,
  ) => void = () => {},
) {
  const clock = tapeScheduler(CONTRACT.openAt + SECOND);
  const seen: string[] = [];
  const queued: GatewayEvent[] = [];
  const emitted: DeskOutput[] = [];
  const desk: Reducer<DeskInput, DeskOutput> = (event, { emit }) => {
    seen.push(event.kind);
    decide(
      event,
      (order) => emit({ kind: 'orderSent', at: clock.at, order }),
      (clientOrderId) => emit({ kind: 'cancelAsked', at: clock.at, clientOrderId, ticker, why: 'the test' }),
    );
  };
  const { step, close } = deskOnPaper(desk, executionSettings.parse({}), clock, paperBooks(), (event) =>
    queued.push(event),
  );
  const now = () => ({ at: clock.at, receivedAt: clock.at });
  const book = bookTeller(ticker);
  const effects = { emit: (out: DeskOutput) => emitted.push(out), wake: () => {} };
  const tell = (event: DeskInput): void => step(event, effects);
  return {
    clock,
    seen,
    queued,
    emitted,
    close: () => close?.(),
    tell,
    contract: (state: 'active' | 'inactive' = 'active'): void =>
      tell({ kind: 'contract', ...now(), contract: CONTRACT, state, result: undefined }),
    book: (): void => tell(book.load(now(), [4_800, 100], [5_000, 100])),
    trade: (ticks: number, seq: number): void =>
      tell({
        kind: 'contractTrade',
        ...now(),
        ticker,
        sid: 1,
        seq,
        tradeId: `t${seq}`,
        priceTicks: priceTicks(ticks),
        count: count(500),
        taker: 'ask',
        block: false,
      }),
    halt: (): void => tell({ kind: 'command', at: clock.at, command: 'halt', reason: '' }),
  };
}
const order = (terms: Parameters<typeof orderOf>[0] = {}): ApprovedOrder => orderOf(terms) as ApprovedOrder;
const RESTING = { timeInForce: 'gtc', postOnly: true, limitTicks: 4_800 } as const;

describe('deskOnPaper', () => {
  forbidWallClock();

  test('a fill that an event causes is booked before the desk decides on that event', () => {
    const paper = scripted((event, send) => {
      if (event.kind === 'command') send(order(RESTING));
    });
    paper.contract();
    paper.book();
    paper.halt();
    paper.clock.runTo(paper.clock.at + LATENCY);
    paper.trade(4_700, 1);
    paper.seen.length = 0;
    // The first trade only shows that trades are told.
    paper.trade(4_700, 2);
    expect(paper.seen).toEqual(['fill', 'orderDone', 'contractTrade']);
    expect(paper.queued.map(({ kind }) => kind)).toEqual(['orderResting']);
  });

  test.each(['halt', 'cancelAll'] as const)('a %s cancels what rests and what is on its way', (command) => {
    const paper = scripted((event, send) => {
      if (event.kind === 'command' && event.command === 'resume')
        send(order({ ...RESTING, clientOrderId: event.reason }));
    });
    const tell = (what: 'resume' | 'halt' | 'cancelAll' | 'flatten', reason = ''): void =>
      paper.tell({ kind: 'command', at: paper.clock.at, command: what, reason });
    const ends = () =>
      paper.queued.flatMap((event) =>
        event.kind === 'orderDone' ? [[event.clientOrderId, event.state] as const] : [],
      );
    paper.contract();
    paper.book();
    tell('resume', 'rests');
    paper.clock.runTo(paper.clock.at + LATENCY);
    tell('flatten');
    tell('resume', 'on its way');
    paper.clock.runTo(paper.clock.at + LATENCY / 2);
    expect(ends()).toEqual([]);
    tell(command);
    paper.clock.runTo(paper.clock.at + 2 * LATENCY);
    expect(new Map(ends())).toEqual(
      new Map([
        ['rests', 'cancelled'],
        ['on its way', 'cancelled'],
      ]),
    );
    paper.close();
  });

  test('a cancel that the desk asks for reaches the venue, even before its order has arrived', () => {
    const paper = scripted((event, send, ask) => {
      if (event.kind !== 'command') return;
      send(order(RESTING));
      ask('o1');
    });
    paper.contract();
    paper.book();
    paper.tell({ kind: 'command', at: paper.clock.at, command: 'resume', reason: '' });
    paper.clock.runTo(paper.clock.at + 2 * LATENCY);
    expect(paper.queued.map((event) => event.kind)).toEqual(['orderResting', 'orderDone']);
  });

  test('what a timer answers enters by the queue and not past it', () => {
    const paper = scripted((event, send) => {
      if (event.kind === 'command') send(order({ limitTicks: 5_000 }));
    });
    paper.contract();
    paper.book();
    paper.halt();
    paper.seen.length = 0;
    paper.clock.runTo(paper.clock.at + LATENCY);
    expect(paper.seen).toEqual([]);
    expect(paper.queued.map(({ kind }) => kind)).toEqual(['fill', 'orderDone']);
  });

  test('every order that the desk sends is placed, one that answers an answer too, and all is told', () => {
    const paper = scripted((event, send) => {
      if (event.kind === 'command') send(order(RESTING));
      if (event.kind === 'orderDone') send(order({ clientOrderId: 'o2', limitTicks: 5_000 }));
    });
    paper.contract();
    paper.book();
    paper.halt();
    paper.clock.runTo(paper.clock.at + LATENCY);
    paper.contract('inactive');
    paper.contract('active');
    paper.clock.runTo(paper.clock.at + LATENCY);
    expect(paper.emitted.map((out) => out.kind === 'orderSent' && out.order.clientOrderId)).toEqual([
      'o1',
      'o2',
    ]);
    expect(paper.queued.map((event) => [event.kind, event.clientOrderId])).toEqual([
      ['orderResting', 'o1'],
      ['fill', 'o2'],
      ['orderDone', 'o2'],
    ]);
  });

  test('closing disarms every timer of the venue', () => {
    const paper = scripted((event, send) => {
      if (event.kind === 'command') send(order(RESTING));
      if (event.kind === 'wake') send(order({ clientOrderId: 'o2' }));
    });
    paper.contract();
    paper.book();
    paper.halt();
    paper.clock.runTo(paper.clock.at + LATENCY);
    paper.tell({ kind: 'wake', of: 'BTC' });
    expect(paper.clock.pending()).toBe(2);
    paper.close();
    expect(paper.clock.pending()).toBe(0);
  });
});

describe('the desk on paper', () => {
  forbidWallClock();

  test('an order meets the book one latency after it was sent, and what it buys is booked', () => {
    const bench = deskBench({ orders: 'paper', risk: { edgeMinDollars: 0.01 } });
    bench.ready();
    bench.book(4_000, 4_200);
    bench.pass(LATENCY - 1);
    expect(bench.said.map(({ kind }) => kind)).not.toContain('fill');
    bench.pass(1);
    const sent = bench.order();
    expect(bench.only('fill')).toEqual([
      expect.objectContaining({ clientOrderId: sent.clientOrderId, priceTicks: 4_200, count: sent.count }),
    ]);
    expect(bench.said.map(({ kind }) => kind).filter((kind) => kind !== 'decision')).toEqual([
      'orderSent',
      'fill',
      'account',
      'orderDone',
    ]);
  });

  test('an order in flight when a session ends is rejected, and frees what it held', () => {
    const bench = deskBench({ orders: 'paper', risk: { ordersOpenMax: 1 } });
    bench.ready();
    bench.book(4_000, 4_200);
    bench.pass();
    bench.ready();
    expect(bench.only('orderRejected')).toEqual([
      expect.objectContaining({ clientOrderId: bench.order().clientOrderId }),
    ]);
    bench.book(4_000, 4_200);
    bench.pass(SECOND);
    expect(bench.orders().length).toBeGreaterThan(1);
  });

  test('leaving lets go of the desk’s wakes and the venue’s timers', () => {
    const bench = deskBench({ orders: 'paper' });
    bench.ready();
    bench.book(4_000, 4_200);
    bench.pass();
    expect(bench.clock.pending()).toBeGreaterThan(1);
    bench.running.unsubscribe();
    expect(bench.clock.pending()).toBe(0);
    const before = bench.said.length;
    bench.pass(MINUTE);
    expect(bench.said).toHaveLength(before);
  });
});
