import type { Divergence, Executed } from '../../domain/events/account.ts';
import type { Fill, GatewayEvent, Order } from '../../domain/events/order.ts';
import { count, DOLLAR_TICKS, MICRO_DOLLARS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import type { Clock } from '../../operators/clock.ts';
import type { Opened, Reducer } from '../../operators/core.ts';
import type { DeskInput, DeskOutput } from '../desk/desk-events.ts';
import type { ExecutionSettings } from '../settings.ts';
import type { PaperBooks } from './paper-books.ts';
import { paperVenue } from './paper-venue.ts';

/** What has been told of one order by one side. */
interface Side {
  filled: number;
  ticksTimesCount: number;
  feeMicroDollars: number;
  endedAt: Micros | undefined;
}

interface Pair {
  readonly order: Order;
  readonly paper: Side;
  readonly venue: Side;
}

/** Orders whose two sides are kept; an older one is given up. */
const MOST_PAIRS = 1_000;

const nothing = (): Side => ({ filled: 0, ticksTimesCount: 0, feeMicroDollars: 0, endedAt: undefined });

const add = (side: Side, { count: size, priceTicks, fee }: Fill): void => {
  side.filled += size;
  side.ticksTimesCount += size * priceTicks;
  side.feeMicroDollars += fee;
};

const executed = ({ filled, ticksTimesCount, feeMicroDollars, endedAt }: Side, since: Micros): Executed => ({
  filled: count(filled),
  averageDollars: filled === 0 ? null : ticksTimesCount / filled / DOLLAR_TICKS,
  feeDollars: feeMicroDollars / MICRO_DOLLARS,
  tookMicros: (endedAt ?? since) - since,
});

/**
 * A desk whose orders go to a real venue, with the paper venue beside it. Paper receives the same orders and
 * the same market, and its answers reach nobody: once both have ended an order, a `divergence` tells what
 * each made of it. So the operator sees what paper's numbers are worth. An order that never left has no
 * divergence.
 */
export function shadowed(
  desk: Reducer<DeskInput, DeskOutput>,
  settings: ExecutionSettings,
  clock: Clock,
  books: PaperBooks,
): Opened<DeskInput, DeskOutput> {
  const pairs = new Map<string, Pair>();
  let ready: Divergence[] = [];

  const note = (event: GatewayEvent, which: 'paper' | 'venue'): void => {
    const pair = pairs.get(event.clientOrderId);
    if (!pair) return;
    const side = pair[which];
    switch (event.kind) {
      case 'fill':
        add(side, event);
        return;
      case 'orderRejected':
        if (event.withheld) pairs.delete(event.clientOrderId);
        else side.endedAt ??= event.at;
        break;
      case 'orderDone':
        side.endedAt ??= event.at;
        break;
      default:
        return;
    }
    const { order, paper, venue } = pair;
    if (paper.endedAt === undefined || venue.endedAt === undefined) return;
    pairs.delete(order.clientOrderId);
    ready.push({
      kind: 'divergence',
      at: clock.at,
      ticker: order.ticker,
      clientOrderId: order.clientOrderId,
      paper: executed(paper, order.at),
      venue: executed(venue, order.at),
    });
  };
  const paper = paperVenue(settings, clock, books, (answer) => note(answer, 'paper'));
  const follow = (order: Order): void => {
    pairs.set(order.clientOrderId, { order, paper: nothing(), venue: nothing() });
    if (pairs.size > MOST_PAIRS) pairs.delete(pairs.keys().next().value as string);
  };

  const step: Reducer<DeskInput, DeskOutput> = (event, effects) => {
    switch (event.kind) {
      case 'contractBook':
      case 'contractTicker':
      case 'contractTrade':
      case 'contract':
      case 'gap':
        paper.observe(event);
        break;
      case 'command':
        // As at the venue: after a halt nothing rests.
        if (event.command === 'halt' || event.command === 'cancelAll') paper.cancelAll();
    }
    desk(event, {
      wake: effects.wake,
      emit: (out) => {
        effects.emit(out);
        switch (out.kind) {
          case 'orderSent':
            follow(out.order);
            paper.send({ kind: 'place', order: out.order });
            return;
          case 'cancelAsked':
            paper.send({ kind: 'cancel', clientOrderId: out.clientOrderId, at: out.at });
            return;
          case 'fill':
          case 'orderDone':
          case 'orderRejected':
            note(out, 'venue');
        }
      },
    });
    if (ready.length === 0) return;
    const told = ready;
    ready = [];
    for (const each of told) effects.emit(each);
  };
  return { step, close: paper.close };
}
