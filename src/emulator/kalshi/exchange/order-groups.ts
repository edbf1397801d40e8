import { type Micros, SECOND } from '../../../domain/time.ts';
import type { KalshiOutput, KalshiPrivate } from './port.ts';

/** A group of orders that are cancelled together once too many of its contracts have matched. */
export interface OrderGroup {
  readonly id: string;
  /** Count that may match in the rolling window, in 0.01 contracts. */
  readonly limit: number;
  readonly triggered: boolean;
  readonly exchangeIndex: number;
}

/** The member's order groups. */
export interface OrderGroups {
  readonly get: (id: string) => OrderGroup | undefined;
  readonly list: () => readonly OrderGroup[];
  readonly create: (limit: number, exchangeIndex: number, at: Micros, out: KalshiOutput[]) => OrderGroup;
  readonly setLimit: (id: string, limit: number, at: Micros, out: KalshiOutput[]) => void;
  readonly reset: (id: string, at: Micros, out: KalshiOutput[]) => void;
  readonly trigger: (id: string, at: Micros, out: KalshiOutput[]) => void;
  readonly remove: (id: string, at: Micros, out: KalshiOutput[]) => void;
  /** Adds a matched count; true if it exceeded the limit, and the group is now triggered. */
  readonly matched: (id: string, count: number, at: Micros, out: KalshiOutput[]) => boolean;
}

const WINDOW = 15 * SECOND;

type Event = Extract<KalshiPrivate, { kind: 'orderGroup' }>['event'];

/**
 * Groups with their limits on matched contracts in a rolling 15 seconds
 * (docs.kalshi.com/api-reference/order-groups).
 */
export function orderGroups(): OrderGroups {
  const groups = new Map<string, OrderGroup>();
  const matches = new Map<string, (readonly [Micros, number])[]>();
  let made = 0;

  const say = (event: Event, { id, limit }: OrderGroup, at: Micros, out: KalshiOutput[]): void => {
    out.push({ kind: 'orderGroup', at, event, groupId: id, contractsLimit: limit });
  };
  const put = (
    id: string,
    change: Partial<OrderGroup>,
    event: Event,
    at: Micros,
    out: KalshiOutput[],
  ): void => {
    const group = groups.get(id);
    if (!group) return;
    const next = { ...group, ...change };
    groups.set(id, next);
    say(event, next, at, out);
  };
  const trigger = (id: string, at: Micros, out: KalshiOutput[]): void =>
    put(id, { triggered: true }, 'triggered', at, out);

  return {
    get: (id) => groups.get(id),
    list: () => [...groups.values()],
    create: (limit, exchangeIndex, at, out) => {
      const id = `06a0a000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`;
      const group = { id, limit, triggered: false, exchangeIndex };
      groups.set(id, group);
      say('created', group, at, out);
      return group;
    },
    setLimit: (id, limit, at, out) => put(id, { limit }, 'limit_updated', at, out),
    reset: (id, at, out) => {
      matches.delete(id);
      put(id, { triggered: false }, 'reset', at, out);
    },
    trigger,
    remove: (id, at, out) => {
      put(id, {}, 'deleted', at, out);
      groups.delete(id);
      matches.delete(id);
    },
    matched: (id, count, at, out) => {
      const group = groups.get(id);
      if (!group || group.triggered) return false;
      const recent = [
        ...(matches.get(id) ?? []).filter(([then]) => then > at - WINDOW),
        [at, count] as const,
      ];
      matches.set(id, recent);
      if (recent.reduce((sum, [, matched]) => sum + matched, 0) < group.limit) return false;
      trigger(id, at, out);
      return true;
    },
  };
}
