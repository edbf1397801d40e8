import type { Contract } from '../../../src/domain/contracts.ts';
import type { ContractChanged } from '../../../src/domain/events/market.ts';
import type { ApprovedOrder, Fill, GatewayEvent, Order } from '../../../src/domain/events/order.ts';
import type { Gap } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MILLISECOND } from '../../../src/domain/time.ts';
import { type PaperMarket, paperVenue } from '../../../src/execution/paper/paper-venue.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { contractOf, orderOf } from '../../portfolio/samples.ts';
import { bookTeller } from '../../support/book-events.ts';
import { paperBooks } from '../../support/paper-books.ts';

export const START_AT = contractOf().openAt + 1_000;

type Levels = readonly (readonly [ticks: number, count: number])[];

/** The imagined venue on a market of one contract that the test moves by hand. Latencies are 250 ms unless `paper` says otherwise. */
export function paperBench(paper: Record<string, number> = {}, member: 'direct' | 'nonDirect' = 'direct') {
  const clock = tapeScheduler(START_AT);
  const events: GatewayEvent[] = [];
  const venue = paperVenue(executionSettings.parse({ paper, member }), clock, paperBooks(), (event) =>
    events.push(event),
  );
  const contract = contractOf();
  const { ticker } = contract;
  const teller = bookTeller(ticker);
  const { book } = teller;
  let volume = 0;
  let trades = 0;

  const now = () => ({ at: clock.at, receivedAt: clock.at });
  const tellContract = (state: ContractChanged['state'] = 'active', changed: Partial<Contract> = {}): void =>
    venue.observe({
      kind: 'contract',
      ...now(),
      contract: { ...contract, ...changed },
      state,
      result: undefined,
    });
  const snapshot = (bids: Levels, asks: Levels): void => {
    venue.observe(teller.load(now(), bids.flat(), asks.flat()));
  };
  tellContract();
  return {
    clock,
    observe: (event: PaperMarket): void => venue.observe(event),
    close: venue.close,
    events,
    book,
    tellContract,
    snapshot,
    delta: (side: 'bid' | 'ask', ticks: number, change: number): void =>
      venue.observe(teller.change(now(), side, ticks, change)),
    void: (): void => venue.observe(teller.void(now())),
    /** A ticker after `traded` contracts' worth of count changed hands, which the venue counts twice. */
    tick: (lastTicks: number, traded: number, at = clock.at): void => {
      volume += 2 * traded;
      venue.observe({
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
      venue.observe({
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
      venue.observe({ kind: 'gap', ...now(), venue: 'kalshi', cause, scope: 'all', detail: '' }),
    place: (order: Parameters<typeof orderOf>[0] = {}): Order => {
      const placed = orderOf({ ...order, at: clock.at });
      venue.send({ kind: 'place', order: placed as ApprovedOrder });
      return placed;
    },
    cancel: (clientOrderId: string): void => venue.send({ kind: 'cancel', clientOrderId, at: clock.at }),
    /** Lets event time pass. */
    pass: (micros = 250 * MILLISECOND): void => {
      clock.runTo(clock.at + micros);
    },
    fills: (): readonly Fill[] => events.filter((event) => event.kind === 'fill'),
    kinds: (): readonly string[] => events.map(({ kind }) => kind),
  };
}
