import type { AccountAdopted } from '../../domain/events/account.ts';
import type { Fill, Order } from '../../domain/events/order.ts';
import { contractsOf, DOLLAR_TICKS } from '../../domain/money.ts';
import { DAY, MINUTE, type Micros } from '../../domain/time.ts';

/** Who commands a lane from outside, in states and rows. */
export const OPERATOR = 'the operator';

/** Hard limits of the gate. They know nothing of the desk and hold whatever it decides. */
export interface SendCaps {
  /** Most contracts of one order. */
  readonly orderContractsMax: number;
  /** Most orders whose end is not known. */
  readonly openOrdersMax: number;
  readonly ordersPerMinuteMax: number;
  /** Most dollars that the orders of one day (UTC) may cost together, filled or not. */
  readonly dollarsPerDayMax: number;
}

type CapName = keyof SendCaps;

/**
 * `ARMED` lets every order pass that the caps allow. `REDUCE` lets only orders pass that lower a position,
 * all that are on their way together. `HALTED` lets none pass, and only an operator's resume ends it.
 */
export type GateMode = 'ARMED' | 'REDUCE' | 'HALTED';

/** The state of the gate: since when, by whom and why. */
export interface GateState {
  readonly mode: GateMode;
  readonly at: Micros;
  readonly by: string;
  readonly reason: string;
}

/** An order that has left before. */
export type SentBefore = Pick<Order, 'clientOrderId' | 'side' | 'limitTicks' | 'count' | 'at'>;

/** How much of the caps is used. */
export interface GateUse {
  readonly openOrders: number;
  readonly ordersThisMinute: number;
  readonly dollarsToday: number;
}

/** The one gate before every send. It is read synchronously, so nothing can pass it while it shuts. */
export interface SendGate {
  /** Why the order may not leave now, as a sentence; undefined lets it pass and counts it. */
  readonly pass: (order: Order, now: Micros) => string | undefined;
  /**
   * The order has ended, or was never sent. `filled` is how much of it the venue has filled, whose fills may
   * be told later.
   */
  readonly ended: (clientOrderId: string, filled?: number) => void;
  /** A position changed, or was taken over from the venue. */
  readonly filled: (fill: Fill) => void;
  readonly adopted: (event: AccountAdopted) => void;
  readonly settled: (ticker: string) => void;
  /** Changes the mode and returns whether it changed. A halt stays; its first reason stays too. */
  readonly move: (to: GateState) => boolean;
  /** Lets nothing pass until the returned function is called; the mode stays. */
  readonly hold: (why: string) => () => void;
  /** Ends a halt as well. Only for an operator. */
  readonly resume: (why: Omit<GateState, 'mode'>, mode?: 'ARMED' | 'REDUCE') => void;
  /** A sign that the loop runs and that nobody outside has halted the account. */
  readonly alive: (now: Micros) => void;
  readonly state: () => GateState;
  readonly use: (now: Micros) => GateUse;
  /** The caps as they are now. */
  readonly caps: () => SendCaps;
  /** Lowers a cap until this run ends. Why not, as a sentence; undefined once it is done. */
  readonly lower: (name: string, value: number) => string | undefined;
}

const CAPS: readonly CapName[] = [
  'orderContractsMax',
  'openOrdersMax',
  'ordersPerMinuteMax',
  'dollarsPerDayMax',
];
const isCap = (name: string): name is CapName => (CAPS as readonly string[]).includes(name);

/** What of an order may still come, in 0.01 contracts. */
interface Left {
  readonly ticker: string;
  readonly side: Order['side'];
  readonly size: number;
  left: number;
}

/** Orders wait for a sign of life that is no older than this. */
const MOST_SILENT = 1_000_000;

/** What the order can cost at most without its fee, in dollars. */
const costOf = ({ side, limitTicks, count }: SentBefore): number =>
  (contractsOf(count) * (side === 'bid' ? limitTicks : DOLLAR_TICKS - limitTicks)) / DOLLAR_TICKS;

/**
 * Makes a gate in the state `first`, with what left `before` counted: an account's earlier runs of the day.
 * An order more than the cap of a minute halts the gate, because the desk has a limit of its own and would
 * not send it.
 */
export function sendGate(caps: SendCaps, first: GateState, before: readonly SentBefore[] = []): SendGate {
  let state = first;
  let lowered = caps;
  let day = Number.NaN;
  let spentDollars = 0;
  let times: Micros[] = [];
  let aliveAt: Micros | undefined;
  const open = new Map<string, Left>();
  /** Orders that have ended, and whose fills were not all told yet. */
  const untold = new Map<string, Left>();
  const used = new Set<string>();
  const positions = new Map<string, number>();
  const holds = new Set<{ readonly why: string }>();

  const spentOn = (today: number): number => (today === day ? spentDollars : 0);
  const count = (order: SentBefore, now: Micros): void => {
    const today = Math.floor(now / DAY);
    spentDollars = spentOn(today) + costOf(order);
    day = today;
    times.push(now);
    used.add(order.clientOrderId);
  };
  const within = (now: Micros): Micros[] => {
    // Mostly nothing is to go, and then nothing is made anew.
    if (times.some((time) => time <= now - MINUTE)) times = times.filter((time) => time > now - MINUTE);
    return times;
  };
  /** Whether the position is still there to be reduced, after all that is on its way on the same side. */
  const reduces = ({ ticker, side, count: size }: Order): boolean => {
    let coming = 0;
    for (const one of [...open.values(), ...untold.values()])
      if (one.ticker === ticker && one.side === side) coming += one.left;
    const held = positions.get(ticker) ?? 0;
    return (side === 'ask' ? held : -held) - coming >= size;
  };
  for (const order of before) count(order, order.at);

  return {
    pass: (order, now) => {
      if (state.mode === 'HALTED') return `the gate is shut by ${state.by}: ${state.reason}`;
      const [held] = holds;
      if (held) return held.why;
      if (state.mode === 'REDUCE' && !reduces(order))
        return `only orders that reduce a position may leave (${state.by}: ${state.reason})`;
      if (!(now - (aliveAt ?? Number.NaN) <= MOST_SILENT))
        return 'the lane has given no sign of life for a second';
      if (order.exchangeIndex === undefined) return `the shard of ${order.ticker} is not known`;
      if (used.has(order.clientOrderId)) {
        state = {
          mode: 'HALTED',
          at: now,
          by: 'the send gate',
          reason: `id ${order.clientOrderId} came twice`,
        };
        return `the id ${order.clientOrderId} was used before`;
      }
      const contracts = contractsOf(order.count);
      if (!(contracts > 0 && contracts <= lowered.orderContractsMax))
        return `an order may be of ${lowered.orderContractsMax} contracts at most, was of ${contracts}`;
      if (open.size >= lowered.openOrdersMax)
        return `${open.size} orders are open, and ${lowered.openOrdersMax} may be`;
      if (within(now).length >= caps.ordersPerMinuteMax) {
        const reason = `${times.length} orders left within a minute, and ${caps.ordersPerMinuteMax} may`;
        state = { mode: 'HALTED', at: now, by: 'the send gate', reason };
        return reason;
      }
      // The desk does not know of a limit that was lowered meanwhile, so passing it is no fault.
      if (times.length >= lowered.ordersPerMinuteMax)
        return `${times.length} orders left within a minute, and ${lowered.ordersPerMinuteMax} may`;
      const spent = spentOn(Math.floor(now / DAY));
      const cost = costOf(order);
      if (!(cost >= 0 && spent + cost <= lowered.dollarsPerDayMax))
        return `orders of $${spent.toFixed(2)} left today, $${cost.toFixed(2)} more would pass the cap of $${lowered.dollarsPerDayMax}`;
      count(order, now);
      const { clientOrderId, ticker, side } = order;
      open.set(clientOrderId, { ticker, side, size: order.count, left: order.count });
      return undefined;
    },
    ended: (clientOrderId, filled = 0) => {
      const order = open.get(clientOrderId);
      open.delete(clientOrderId);
      if (!order) return;
      const left = filled - (order.size - order.left);
      if (left > 0) untold.set(clientOrderId, { ...order, size: filled, left });
    },
    filled: ({ clientOrderId, ticker, side, count: size }) => {
      const order = open.get(clientOrderId) ?? untold.get(clientOrderId);
      if (order) order.left -= size;
      if (order && order.left <= 0) untold.delete(clientOrderId);
      positions.set(ticker, (positions.get(ticker) ?? 0) + (side === 'bid' ? size : -size));
    },
    adopted: ({ positions: all }) => {
      positions.clear();
      untold.clear();
      for (const { ticker, position } of all) positions.set(ticker, position);
    },
    settled: (ticker) => {
      positions.delete(ticker);
    },
    move: (to) => {
      if (state.mode === 'HALTED' || (state.mode === to.mode && state.reason === to.reason)) return false;
      state = to;
      return true;
    },
    hold: (why) => {
      const held = { why };
      holds.add(held);
      return () => holds.delete(held);
    },
    resume: (why, mode = 'ARMED') => {
      state = { ...why, mode };
    },
    alive: (now) => {
      aliveAt = now;
    },
    state: () => state,
    caps: () => lowered,
    lower: (name, value) => {
      if (!isCap(name)) return `there is no limit ${name}; there are ${CAPS.join(', ')}`;
      if (!(value > 0)) return `${name} must stay above 0, was ${value}; a halt lets no order pass`;
      if (name !== 'orderContractsMax' && name !== 'dollarsPerDayMax' && !Number.isInteger(value))
        return `${name} must be a whole number, was ${value}`;
      if (!(value < lowered[name]))
        return `${name} can only be lowered until the lane starts anew: it is ${lowered[name]}, asked for was ${value}`;
      lowered = { ...lowered, [name]: value };
      return undefined;
    },
    use: (now) => ({
      openOrders: open.size,
      ordersThisMinute: within(now).length,
      dollarsToday: spentOn(Math.floor(now / DAY)),
    }),
  };
}
