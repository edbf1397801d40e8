import { type Micros, SECOND } from '../../../domain/time.ts';
import type { KalshiOutput, KalshiPrivate } from './port.ts';

/** A group of orders that are cancelled together once too many of its contracts have matched. */
export interface OrderGroup {
  readonly id: string;
  /** Count that may match in the rolling window, in 0.01 contracts. */
  readonly limit: number;
  readonly triggered: boolean;
  readonly exchangeIndex: number;
  readonly subaccount: number;
}

/**
 * When a group triggers: once the matched count is the limit (`hit`, as the API reference says), or once it
 * is more (`exceeded`, as the guide says). Nobody has established which it is.
 */
export type GroupTrigger = 'hit' | 'exceeded';

/** The member's order groups. */
export interface OrderGroups {
  readonly get: (id: string) => OrderGroup | undefined;
  readonly list: () => readonly OrderGroup[];
  readonly create: (
    terms: Pick<OrderGroup, 'limit' | 'exchangeIndex' | 'subaccount'>,
    at: Micros,
    out: KalshiOutput[],
  ) => OrderGroup;
  /** Sets the limit; true if the window has already reached it, and the group is now triggered. */
  readonly setLimit: (id: string, limit: number, at: Micros, out: KalshiOutput[]) => boolean;
  readonly reset: (id: string, at: Micros, out: KalshiOutput[]) => void;
  readonly trigger: (id: string, at: Micros, out: KalshiOutput[]) => void;
  readonly remove: (id: string, at: Micros, out: KalshiOutput[]) => void;
  /** Adds a matched count; true if that reached the limit, and the group is now triggered. */
  readonly matched: (id: string, count: number, at: Micros, out: KalshiOutput[]) => boolean;
}

const WINDOW = 15 * SECOND;

type Event = Extract<KalshiPrivate, { kind: 'orderGroup' }>['event'];

/**
 * Groups with their limits on matched contracts in a rolling 15 seconds
 * (docs.kalshi.com/api-reference/order-groups).
 */
export function orderGroups(triggersWhen: GroupTrigger): OrderGroups {
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

  const matchedSince = (id: string, after: Micros): number =>
    (matches.get(id) ?? []).reduce((sum, [then, matched]) => (then > after ? sum + matched : sum), 0);
  /** Triggers a group whose window has reached its limit; an empty window never has. */
  const judge = (id: string, at: Micros, out: KalshiOutput[]): boolean => {
    const group = groups.get(id);
    if (!group || group.triggered) return false;
    const matched = matchedSince(id, at - WINDOW);
    if (matched === 0 || matched < group.limit) return false;
    if (triggersWhen === 'exceeded' && matched === group.limit) return false;
    trigger(id, at, out);
    return true;
  };

  return {
    get: (id) => groups.get(id),
    list: () => [...groups.values()],
    create: (terms, at, out) => {
      const id = `06a0a000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`;
      const group = { ...terms, id, triggered: false };
      groups.set(id, group);
      say('created', group, at, out);
      return group;
    },
    setLimit: (id, limit, at, out) => {
      put(id, { limit }, 'limit_updated', at, out);
      return judge(id, at, out);
    },
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
      if (!groups.has(id)) return false;
      const recent = (matches.get(id) ?? []).filter(([then]) => then > at - WINDOW);
      matches.set(id, [...recent, [at, count]]);
      return judge(id, at, out);
    },
  };
}
