import type { Divergence, OrderSent } from '../domain/events/account.ts';
import type { Fill, GatewayEvent, Order } from '../domain/events/order.ts';
import { MICRO_DOLLARS } from '../domain/money.ts';
import { MILLISECOND, type Micros, SECOND } from '../domain/time.ts';
import type { OrderView } from './state.ts';
import type { Draw } from './store.ts';

/** The orders of the run, the last of them, with fills and markouts. `at` is our time. */
export interface Orders {
  readonly sent: (event: OrderSent, at: Micros) => void;
  readonly answered: (event: GatewayEvent, at: Micros, to: Draw) => void;
  readonly diverged: (event: Divergence) => void;
  /** When the next markout is due; infinite without one. */
  readonly dueAt: () => Micros;
  /** Takes the markouts that are due at `at`. To be called before anything of that time changes a book. */
  readonly mark: (at: Micros) => void;
  /** Whether an order is on its way or at the venue. */
  readonly open: () => number;
  readonly draw: (to: Draw) => void;
}

type State = OrderView['state'];
const HORIZONS = ['1', '5', '30', '60'] as const;
type Horizon = (typeof HORIZONS)[number];

interface Row {
  readonly order: Order;
  readonly sentAt: Micros;
  state: State;
  why: string;
  filled: number;
  /** Sum of price times count, and of the fees in millionths of a dollar. */
  ticksFilled: number;
  fee: number;
  answeredAt: Micros | undefined;
  endedAt: Micros | undefined;
  /** Sums of markout times count, and of count, by horizon. */
  readonly marks: Record<Horizon, { ticks: number; count: number }>;
  paper: OrderView['paper'];
  dirty: boolean;
}

interface Due {
  readonly at: Micros;
  readonly horizon: Horizon;
  readonly row: Row;
  readonly fill: Fill;
}

/** Orders that a page shows; the oldest that have ended are forgotten first. */
const MOST = 500;
const MOST_DUE = 4 * MOST;

const ENDED: ReadonlySet<State> = new Set(['filled', 'cancelled', 'expired', 'rejected']);

const viewOf = (row: Row): OrderView => {
  const { order, sentAt, marks } = row;
  const since = (at: Micros | undefined): number | null =>
    at === undefined ? null : (at - sentAt) / MILLISECOND;
  const markout = ({ ticks, count }: { readonly ticks: number; readonly count: number }): number | null =>
    count === 0 ? null : ticks / count;
  return {
    clientOrderId: order.clientOrderId,
    decisionId: order.decisionId,
    ticker: order.ticker,
    side: order.side,
    limitTicks: order.limitTicks,
    count: order.count,
    filled: row.filled,
    averageTicks: row.filled === 0 ? null : row.ticksFilled / row.filled,
    feeDollars: row.fee / MICRO_DOLLARS,
    timeInForce: order.timeInForce,
    state: row.state,
    why: row.why,
    sentAt,
    answeredMs: since(row.answeredAt),
    endedMs: since(row.endedAt),
    markouts: {
      '1': markout(marks['1']),
      '5': markout(marks['5']),
      '30': markout(marks['30']),
      '60': markout(marks['60']),
    },
    paper: row.paper,
  };
};

/**
 * Keeps the last orders. A markout is how far the middle of the book moved in favour of a fill, in ticks, so
 * many seconds after it; an order's is the mean over its contracts. It stays unknown where the book is not
 * whole at that time, as after the close. `middleOf` gives the middle of a contract's book in ticks.
 */
export function orders(middleOf: (ticker: string) => number | undefined): Orders {
  const rows = new Map<string, Row>();
  let dirty: Row[] = [];
  let gone: string[] = [];
  /** In order of `at`. */
  let due: Due[] = [];
  let open = 0;

  const touch = (row: Row): void => {
    if (row.dirty) return;
    row.dirty = true;
    dirty.push(row);
  };
  const makeRoom = (): void => {
    let oldest: string | undefined;
    for (const [id, { state }] of rows) {
      oldest ??= id;
      if (!ENDED.has(state)) continue;
      oldest = id;
      break;
    }
    if (oldest === undefined) return;
    const row = rows.get(oldest);
    if (row && !ENDED.has(row.state)) open--;
    rows.delete(oldest);
    gone.push(oldest);
  };
  const become = (row: Row, state: State, at: Micros): void => {
    if (ENDED.has(row.state)) return;
    row.state = state;
    if (!ENDED.has(state)) return;
    open--;
    row.endedAt = at;
  };
  const filled = (row: Row, fill: Fill): void => {
    row.filled += fill.count;
    row.ticksFilled += fill.priceTicks * fill.count;
    row.fee += fill.fee;
    for (const horizon of HORIZONS) due.push({ at: fill.at + Number(horizon) * SECOND, horizon, row, fill });
    if (due.length > MOST_DUE) due = due.slice(-MOST_DUE);
    due.sort((a, b) => a.at - b.at);
  };

  return {
    sent: ({ order }, at) => {
      if (rows.has(order.clientOrderId)) return;
      if (rows.size >= MOST) makeRoom();
      const zero = () => ({ ticks: 0, count: 0 });
      const row: Row = {
        order,
        sentAt: at,
        state: 'sent',
        why: '',
        filled: 0,
        ticksFilled: 0,
        fee: 0,
        answeredAt: undefined,
        endedAt: undefined,
        marks: { '1': zero(), '5': zero(), '30': zero(), '60': zero() },
        paper: null,
        dirty: false,
      };
      rows.set(order.clientOrderId, row);
      open++;
      touch(row);
    },
    answered: (event, at, to) => {
      if (event.kind === 'fill') {
        const { fillId, clientOrderId, ticker, side, priceTicks, count, taker, fee } = event;
        const feeDollars = fee / MICRO_DOLLARS;
        to.push('fills', {
          at: event.at,
          fillId,
          clientOrderId,
          ticker,
          side,
          priceTicks,
          count,
          taker,
          feeDollars,
        });
      }
      const row = rows.get(event.clientOrderId);
      if (!row) return;
      touch(row);
      if (event.kind === 'orderSubmitted') {
        become(row, 'submitted', at);
        return;
      }
      if (event.kind === 'orderUnknown') {
        become(row, 'unknown', at);
        row.why = event.why;
        return;
      }
      row.answeredAt ??= at;
      switch (event.kind) {
        case 'fill':
          filled(row, event);
          return;
        case 'orderResting':
          become(row, 'resting', at);
          return;
        case 'orderDone':
          become(row, event.state, at);
          return;
        case 'orderRejected':
          row.why = event.why;
          become(row, 'rejected', at);
          return;
      }
    },
    diverged: ({ clientOrderId, paper }) => {
      const row = rows.get(clientOrderId);
      if (!row) return;
      row.paper = { filled: paper.filled, averageDollars: paper.averageDollars };
      touch(row);
    },
    dueAt: () => due[0]?.at ?? Number.POSITIVE_INFINITY,
    mark: (at) => {
      let taken = 0;
      for (const { at: dueAt, horizon, row, fill } of due) {
        if (dueAt > at) break;
        taken++;
        const middle = middleOf(fill.ticker);
        if (middle === undefined) continue;
        const sum = row.marks[horizon];
        sum.ticks += (fill.side === 'bid' ? middle - fill.priceTicks : fill.priceTicks - middle) * fill.count;
        sum.count += fill.count;
        if (rows.has(row.order.clientOrderId)) touch(row);
      }
      due.splice(0, taken);
    },
    open: () => open,
    draw: (to) => {
      for (const id of gone) to.entry('orders', id, null);
      gone = [];
      for (const row of dirty) {
        row.dirty = false;
        if (rows.get(row.order.clientOrderId) === row)
          to.entry('orders', row.order.clientOrderId, viewOf(row));
      }
      dirty = [];
    },
  };
}
