import type { AccountChanged } from './events/account.ts';
import type { AuditEvent, Audited } from './events/audit.ts';
import type { Decision } from './events/decision.ts';
import type { BookChange, ContractChanged } from './events/market.ts';
import type { Order } from './events/order.ts';

/** A whole book: displayed count by YES price, in ticks. It has no levels while it is not live. */
export interface ReplicaBook {
  readonly live: boolean;
  readonly version: number;
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
}

/** An order that may still change something. */
export interface ReplicaOrder {
  readonly order: Order;
  readonly state: 'sent' | 'submitted' | 'resting' | 'unknown';
}

/**
 * What a run's audit events show of it, as of event `seq`. These are views of the replica's own state, which
 * changes later: read them at once.
 */
export interface ReplicaState {
  readonly seq: number;
  readonly books: ReadonlyMap<string, ReplicaBook>;
  readonly contracts: ReadonlyMap<string, ContractChanged>;
  /** Counts held by ticker: YES positive, NO negative. */
  readonly positions: ReadonlyMap<string, number>;
  readonly orders: ReadonlyMap<string, ReplicaOrder>;
  readonly account: AccountChanged | undefined;
  /** The last decision on each contract. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Differences by ticker that the operator has not resolved. */
  readonly differences: ReadonlyMap<string, number>;
  /** Why the operator's kill switch is on; undefined while it is off. */
  readonly halted: string | undefined;
}

/**
 * An event whose number is not the next one: an event before it was lost, or it came twice. The replica did
 * not change.
 */
export interface OutOfOrder {
  readonly kind: 'outOfOrder';
  readonly expected: number;
  readonly was: number;
}

/** A run's state rebuilt from its audit events, in this process or in another. */
export interface Replica {
  /** Applies the next event and returns undefined. It refuses an event whose number is not the next one. */
  readonly add: (audited: Audited) => OutOfOrder | undefined;
  readonly state: () => ReplicaState;
}

interface Book {
  live: boolean;
  version: number;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

function load(side: Map<number, number>, alternating: readonly number[]): void {
  side.clear();
  for (let i = 0; i + 1 < alternating.length; i += 2)
    side.set(alternating[i] as number, alternating[i + 1] as number);
}

function change(book: Book, how: BookChange): void {
  switch (how.kind) {
    case 'delta': {
      const side = how.side === 'bid' ? book.bids : book.asks;
      const count = (side.get(how.priceTicks) ?? 0) + how.change;
      if (count === 0) side.delete(how.priceTicks);
      else side.set(how.priceTicks, count);
      return;
    }
    case 'snapshot':
      load(book.bids, how.bids);
      load(book.asks, how.asks);
      book.live = true;
      return;
    case 'void':
      book.bids.clear();
      book.asks.clear();
      book.live = false;
      return;
  }
}

/**
 * An empty replica, before the first event. The same events give the same state wherever they are replayed.
 */
export function replica(): Replica {
  const books = new Map<string, Book>();
  const contracts = new Map<string, ContractChanged>();
  const positions = new Map<string, number>();
  const orders = new Map<string, ReplicaOrder>();
  const decisions = new Map<string, Decision>();
  const differences = new Map<string, number>();
  let account: AccountChanged | undefined;
  let halted: string | undefined;
  let seq = 0;

  const bookOf = (ticker: string): Book => {
    let book = books.get(ticker);
    if (!book) {
      book = { live: false, version: 0, bids: new Map(), asks: new Map() };
      books.set(ticker, book);
    }
    return book;
  };
  const become = (clientOrderId: string, state: ReplicaOrder['state']): void => {
    const known = orders.get(clientOrderId);
    if (known) orders.set(clientOrderId, { ...known, state });
  };
  const apply = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'contractBook': {
        const book = bookOf(event.ticker);
        change(book, event.change);
        book.version = event.version;
        return;
      }
      case 'contract':
        contracts.set(event.contract.ticker, event);
        return;
      case 'decision':
        decisions.set(event.ticker, event);
        return;
      case 'account':
        account = event;
        return;
      case 'command':
        if (event.command === 'resolve') differences.delete(event.reason.split(' ')[0] ?? '');
        else if (event.command === 'halt') halted = event.reason;
        else if (event.command !== 'cancelAll' && event.command !== 'cap') halted = undefined;
        return;
      case 'difference':
        differences.set(event.ticker, (differences.get(event.ticker) ?? 0) + 1);
        return;
      case 'orderSent':
        orders.set(event.order.clientOrderId, { order: event.order, state: 'sent' });
        return;
      case 'orderSubmitted':
        become(event.clientOrderId, 'submitted');
        return;
      case 'orderUnknown':
        become(event.clientOrderId, 'unknown');
        return;
      case 'orderResting':
        become(event.clientOrderId, 'resting');
        return;
      case 'orderDone':
      case 'orderRejected':
        orders.delete(event.clientOrderId);
        return;
      case 'fill': {
        const bought = event.side === 'bid' ? event.count : -event.count;
        positions.set(event.ticker, (positions.get(event.ticker) ?? 0) + bought);
        return;
      }
      case 'adopted':
        positions.clear();
        for (const { ticker, position } of event.positions) positions.set(ticker, position);
        return;
      case 'settlement':
        positions.delete(event.ticker);
        return;
      default:
        return;
    }
  };

  return {
    add: (audited) => {
      if (audited.seq !== seq + 1) return { kind: 'outOfOrder', expected: seq + 1, was: audited.seq };
      apply(audited.event);
      seq = audited.seq;
      return undefined;
    },
    state: () => ({ seq, books, contracts, positions, orders, account, decisions, differences, halted }),
  };
}
