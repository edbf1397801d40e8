import type { AuditEvent } from '../../domain/events/audit.ts';
import { tradingOf } from '../../domain/events/venue.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import type { Reaction } from './reaction-to.ts';

/** Where an order goes. */
export interface HoldTarget {
  readonly ticker: string;
  readonly exchangeIndex: number | undefined;
}

/** Which orders must not leave because of what the venue answered before. */
export interface OrderHolds {
  /** Takes note of an answer to an order. `why` is its code. */
  readonly answered: (target: HoldTarget, reaction: Reaction, why: string, now: Micros) => void;
  /** Takes note of states of the exchange, of its shards and of contracts. */
  readonly heard: (event: AuditEvent) => void;
  /** Why the order may not leave, as a sentence; undefined if it may. */
  readonly why: (target: HoldTarget) => string | undefined;
  /** The operator has seen to what stopped everything. */
  readonly resume: () => void;
}

interface Held {
  readonly why: string;
  readonly since: Micros;
  readonly exchangeIndex: number | undefined;
  /** The contract or the exchange has been seen to stand still since. */
  seenPaused: boolean;
}

/**
 * A state of the exchange that says "trading" releases a market no sooner than this, unless a pause was seen
 * in between: one halted market answers the same code as an exchange at rest (335 equal resends of one bot
 * within 31 minutes, 30 July 2026).
 */
const PATIENCE = MINUTE;
/** Most markets that are held; beyond that the oldest is given up. */
const MOST_HELD = 4_096;

/**
 * Keeps back what the venue has refused for a while: a halted market until its contract or the exchange is
 * seen to trade again, everything while the exchange is paused, and everything after a refusal of the key or
 * of the cash, until the operator resumes. Time is that of events.
 */
export function orderHolds(): OrderHolds {
  const markets = new Map<string, Held>();
  const inactive = new Set<string>();
  let exchange: Held | undefined;
  let stopped: string | undefined;

  const statusOf = (trading: (shard: number | undefined) => boolean, at: Micros): void => {
    for (const [ticker, held] of markets) {
      if (!trading(held.exchangeIndex)) held.seenPaused = true;
      else if (at > held.since && !inactive.has(ticker) && (held.seenPaused || at >= held.since + PATIENCE))
        markets.delete(ticker);
    }
    if (exchange && at > exchange.since && trading(exchange.exchangeIndex)) exchange = undefined;
  };
  const contractIs = (ticker: string, active: boolean, at: Micros): void => {
    if (!active) inactive.add(ticker);
    else inactive.delete(ticker);
    if (inactive.size > MOST_HELD) inactive.delete(inactive.keys().next().value as string);
    const held = markets.get(ticker);
    if (!held) return;
    if (!active) held.seenPaused = true;
    else if (at > held.since && held.seenPaused) markets.delete(ticker);
  };

  return {
    answered: ({ ticker, exchangeIndex }, reaction, why, now) => {
      if (reaction.kind === 'stop') stopped ??= why;
      if (reaction.kind !== 'hold' || reaction.scope === 'group') return;
      const held: Held = { why, since: now, exchangeIndex, seenPaused: inactive.has(ticker) };
      if (reaction.scope === 'exchange') exchange ??= held;
      else markets.set(ticker, held);
      if (markets.size > MOST_HELD) markets.delete(markets.keys().next().value as string);
    },
    heard: (event) => {
      if (event.kind === 'venueStatus' && event.venue === EXCHANGE)
        statusOf((shard) => tradingOf(event, shard), event.receivedAt);
      else if (event.kind === 'contract')
        contractIs(event.contract.ticker, event.state === 'active', event.receivedAt);
    },
    why: ({ ticker }) => {
      if (stopped !== undefined) return `the venue refused an order for good: ${stopped}`;
      if (exchange) return `the exchange is paused: ${exchange.why}`;
      const held = markets.get(ticker);
      return held && `${ticker} does not trade: ${held.why}`;
    },
    resume: () => {
      stopped = undefined;
    },
  };
}
