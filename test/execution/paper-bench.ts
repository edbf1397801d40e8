import { Subject } from 'rxjs';
import type { Contract } from '../../src/domain/contracts.ts';
import type { ContractChanged } from '../../src/domain/events/market.ts';
import type { Fill, GatewayEvent, Order } from '../../src/domain/events/order.ts';
import type { Gap } from '../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { GatewayMarket } from '../../src/execution/gateway.ts';
import { paperGateway } from '../../src/execution/paper.ts';
import { executionSettings } from '../../src/execution/settings.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { createBook } from '../../src/venues/kalshi/book.ts';
import { contractOf, orderOf } from '../portfolio/samples.ts';

export const START_AT = contractOf().openAt + 1_000;

type Levels = readonly (readonly [ticks: number, count: number])[];

/** A paper gateway on a market of one contract that the test moves by hand. Latencies are 250 ms unless `paper` says otherwise. */
export function paperBench(paper: Record<string, number> = {}, member: 'direct' | 'nonDirect' = 'direct') {
  const clock = tapeScheduler(START_AT);
  const market$ = new Subject<GatewayMarket>();
  const gateway = paperGateway(executionSettings.parse({ paper, member }))(clock, market$);
  const events: GatewayEvent[] = [];
  const errors: unknown[] = [];
  const subscription = gateway.events$.subscribe({
    next: (event) => events.push(event),
    error: (cause: unknown) => errors.push(cause),
  });
  const contract = contractOf();
  const { ticker } = contract;
  const book = createBook(ticker);
  let volume = 0;
  let trades = 0;

  const now = () => ({ at: clock.at, receivedAt: clock.at });
  const tellContract = (state: ContractChanged['state'] = 'active', changed: Partial<Contract> = {}): void =>
    market$.next({
      kind: 'contract',
      ...now(),
      contract: { ...contract, ...changed },
      state,
      result: undefined,
    });
  const snapshot = (bids: Levels, asks: Levels): void => {
    book.load(bids.flat(), asks.flat());
    market$.next({ kind: 'contractBook', ...now(), ticker, book, topChanged: true, delta: undefined });
  };
  tellContract();
  return {
    clock,
    market$,
    gateway,
    events,
    errors,
    subscription,
    book,
    tellContract,
    snapshot,
    delta: (side: 'bid' | 'ask', ticks: number, change: number): void => {
      const delta = { side, priceTicks: priceTicks(ticks), change: count(change) };
      book.change(side, delta.priceTicks, delta.change);
      market$.next({ kind: 'contractBook', ...now(), ticker, book, topChanged: true, delta });
    },
    /** A ticker after `traded` contracts' worth of count changed hands, which the venue counts twice. */
    tick: (lastTicks: number, traded: number, at = clock.at): void => {
      volume += 2 * traded;
      market$.next({
        kind: 'contractTicker',
        at,
        receivedAt: clock.at,
        ticker,
        lastTicks: priceTicks(lastTicks),
        bidTicks: book.bidTicks,
        askTicks: book.askTicks,
        volume: count(volume),
        openInterest: count(0),
      });
    },
    trade: (
      taker: 'bid' | 'ask',
      ticks: number,
      traded: number,
      more: { block?: boolean; at?: number } = {},
    ): void =>
      market$.next({
        kind: 'contractTrade',
        at: more.at ?? clock.at,
        receivedAt: clock.at,
        ticker,
        sid: 1,
        seq: ++trades,
        tradeId: `t${trades}`,
        priceTicks: priceTicks(ticks),
        count: count(traded),
        taker,
        block: more.block ?? false,
      }),
    gap: (cause: Gap['cause']): void =>
      market$.next({ kind: 'gap', ...now(), venue: 'kalshi', cause, scope: 'all', detail: '' }),
    place: (order: Parameters<typeof orderOf>[0] = {}): Order => {
      const placed = orderOf({ ...order, at: clock.at });
      gateway.send({ kind: 'place', order: placed });
      return placed;
    },
    cancel: (clientOrderId: string): void => gateway.send({ kind: 'cancel', clientOrderId, at: clock.at }),
    /** Lets event time pass. */
    pass: (micros = 250 * MILLISECOND): void => {
      clock.runTo(clock.at + micros);
    },
    fills: (): readonly Fill[] => events.filter((event) => event.kind === 'fill'),
    kinds: (): readonly string[] => events.map(({ kind }) => kind),
  };
}
