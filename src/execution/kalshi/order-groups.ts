import { concatMap, map, type Observable, of, Subject, Subscription, toArray } from 'rxjs';
import { z } from 'zod';
import type { AuditEvent } from '../../domain/events/audit.ts';
import { count } from '../../domain/money.ts';
import { DAY, type Micros, SECOND } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import { every } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { decimal } from '../../venues/kalshi/decimal.ts';
import type { KalshiAnswer, KalshiRest } from '../../venues/kalshi/rest.ts';
import type { GroupAddress, OrderEntry } from './order-entry.ts';
import {
  type Close,
  type GroupHome,
  type GroupsCall,
  type GroupsInput,
  type GroupsOptions,
  groupsOf,
  NO_GROUPS,
  planGroups,
} from './plan-groups.ts';

/** What `OrderGroups` needs. */
export interface OrderGroupsPorts {
  readonly entry: Pick<OrderEntry, 'createGroup' | 'deleteGroup' | 'resetGroup'>;
  readonly rest: Pick<KalshiRest, 'get' | 'pages'>;
  /** Runs timers. */
  readonly clock: EdgeClock;
  /** The time of closes. */
  readonly stamp: () => Micros;
  /** Whether the account is halted; then groups that an earlier run left triggered stay so. */
  readonly halted: () => boolean;
  /** Whether the venue triggered the group by itself in an earlier run: then it stays so until `reset`. */
  readonly stays: (groupId: string) => boolean;
}

/** The group that an order on a contract belongs to, or why there is none to give. */
export type GroupFound =
  | { readonly kind: 'ready'; readonly groupId: string }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'triggered'; readonly why: string };

/** Keeps one group of orders for each close and shard. */
export interface OrderGroups {
  /** The group for an order on that contract. Without a group that is ready, no order may leave. */
  readonly groupOf: (ticker: string) => GroupFound;
  /** Learns contracts, changes of groups, and that changes may have been missed. */
  readonly heard: (event: AuditEvent) => void;
  /** All groups that may hold orders, for whoever must trigger them. */
  readonly all: () => readonly GroupAddress[];
  /** The venue refused an order because its group was triggered. */
  readonly refused: (groupId: string) => void;
  /** The operator lets triggered groups be used again. */
  readonly reset: () => void;
  /** Ids of groups that were triggered while the account was not halted: not by us, so by the venue. */
  readonly triggered$: Observable<string>;
  /** Whether the venue has yet to reset one of them. */
  readonly waiting: () => boolean;
  readonly close: () => void;
}

const TICK_MS = 1_000;
/** Asked for on its own shard, a group that is not there is gone. */
const GONE = 404;

const listBody = z.object({
  order_groups: z
    .array(
      z.object({
        id: z.string().min(1),
        contracts_limit_fp: z.union([z.string(), z.number()]).optional(),
        is_auto_cancel_enabled: z.boolean(),
      }),
    )
    .nullish(),
});
const ordersBody = z.object({
  orders: z.array(z.object({ ticker: z.string(), order_group_id: z.string().nullish() })),
});
const createdBody = z.object({ order_group_id: z.string().min(1) });

/**
 * Keeps the groups (docs.kalshi.com/api-reference/order-groups): made ahead of time, taken over after a
 * restart, deleted after their close. The list does not say what a group is for, so the orders of the last
 * day tell. Calls are sent once each and repeated only after the list has shown that they did nothing.
 */
export function orderGroups(
  { entry, rest, clock, stamp, halted, stays }: OrderGroupsPorts,
  options: GroupsOptions,
): OrderGroups {
  const running = new Subscription();
  const closeOf = new Map<string, Close>();
  /** The contract of each unresolved group, by the group's id. */
  const unresolved = new Map<string, string>();
  const triggered$ = new Subject<string>();
  let state = NO_GROUPS;

  const take = (input: GroupsInput): void => {
    const { groups: before } = state;
    const next = planGroups(state, input, stamp(), options);
    state = next.state;
    if (!halted())
      for (const { id, triggered } of state.groups.values())
        if (triggered && before.get(id)?.triggered === false) triggered$.next(id);
    for (const call of next.calls) carryOut(call);
  };
  const carryOut = (call: GroupsCall): void => {
    running.add(asked(call).subscribe(take));
  };
  const asked = (call: GroupsCall): Observable<GroupsInput> => {
    switch (call.kind) {
      case 'list':
        return list(call.exchangeIndex);
      case 'create': {
        const { close } = call;
        const prepared = entry.createGroup(close.exchangeIndex, options.limit);
        if (typeof prepared === 'string') return of({ kind: 'notCreated', close, certain: true });
        return prepared.send().pipe(map((answer) => createdBy(answer, close)));
      }
      case 'delete':
        return entry.deleteGroup(address(call)).pipe(map((answer) => changedBy(answer, call.id)));
      case 'reset':
        return entry.resetGroup(address(call)).pipe(map((answer) => changedBy(answer, call.id)));
    }
  };
  const list = (exchangeIndex: number): Observable<GroupsInput> =>
    rest.get('/portfolio/order_groups', { subaccount: 0, exchange_index: exchangeIndex }).pipe(
      concatMap((answer) => {
        const { data } = listBody.safeParse(answer.kind === 'ok' ? answer.json : undefined);
        if (!data) return of<GroupsInput>({ kind: 'notListed', exchangeIndex });
        const min_ts = Math.max(0, Math.floor((stamp() - DAY) / SECOND));
        return rest
          .pages('/portfolio/orders', { min_ts, limit: 1_000, subaccount: 0, exchange_index: exchangeIndex })
          .pipe(
            toArray(),
            map((answers): GroupsInput => {
              const tickers = tickersOf(answers);
              if (!tickers) return { kind: 'notListed', exchangeIndex };
              const groups = (data.order_groups ?? []).map((row) => {
                const limit = decimal(row.contracts_limit_fp ?? '', 2);
                return {
                  id: row.id,
                  limit: limit === undefined ? undefined : count(limit),
                  triggered: !row.is_auto_cancel_enabled,
                  stays: stays(row.id),
                  home: homeOf(row.id, tickers.get(row.id), exchangeIndex),
                };
              });
              return { kind: 'listed', exchangeIndex, resets: !halted(), groups };
            }),
          );
      }),
    );
  const homeOf = (id: string, ticker: string | undefined, exchangeIndex: number): GroupHome => {
    if (ticker === undefined) return { kind: 'free' };
    const close = closeOf.get(ticker);
    if (close?.exchangeIndex === exchangeIndex) return { kind: 'close', closeAt: close.closeAt };
    if (!state.groups.has(id)) unresolved.set(id, ticker);
    return { kind: 'unresolved', since: stamp() };
  };
  const contractIs = (ticker: string, close: Close, over: boolean): void => {
    if (over) {
      closeOf.delete(ticker);
      return;
    }
    const known = closeOf.get(ticker);
    if (known?.closeAt === close.closeAt && known.exchangeIndex === close.exchangeIndex) return;
    closeOf.set(ticker, close);
    take({ kind: 'close', close });
    for (const [id, waiting] of unresolved)
      if (waiting === ticker) {
        unresolved.delete(id);
        take({ kind: 'resolved', id, close });
      }
  };

  running.add(every(TICK_MS, clock).subscribe(() => take({ kind: 'tick' })));
  return {
    groupOf: (ticker) => {
      const close = closeOf.get(ticker);
      if (!close) return { kind: 'none', why: `the close of ${ticker} is not known` };
      const groups = groupsOf(state, close);
      const triggered = groups.find((group) => group.triggered);
      if (triggered)
        return {
          kind: 'triggered',
          why: `the order group of its close was triggered (${triggered.id}): resume lets it be used again`,
        };
      const ready = groups.find((group) => group.asked === undefined);
      return ready
        ? { kind: 'ready', groupId: ready.id }
        : { kind: 'none', why: `the close of ${ticker} has no order group yet` };
    },
    heard: (event) => {
      switch (event.kind) {
        case 'contract': {
          const { ticker, closeAt, exchangeIndex } = event.contract;
          if (exchangeIndex === undefined) return;
          contractIs(
            ticker,
            { closeAt, exchangeIndex },
            event.state !== 'active' && event.state !== 'inactive',
          );
          return;
        }
        case 'orderGroup':
          take({ kind: 'changed', id: event.groupId, change: event.change });
          return;
        case 'gap':
          if (event.venue === EXCHANGE && (event.cause === 'sequence' || event.cause === 'disconnect'))
            take({ kind: 'doubt' });
          return;
        case 'connection':
          if (event.venue === EXCHANGE && event.change === 'live') take({ kind: 'doubt' });
          return;
        default:
          return;
      }
    },
    all: () => [...state.groups.values()].map(({ id, exchangeIndex }) => ({ groupId: id, exchangeIndex })),
    refused: (id) => take({ kind: 'changed', id, change: 'triggered' }),
    reset: () => take({ kind: 'reset' }),
    triggered$: triggered$.asObservable(),
    waiting: () => [...state.groups.values()].some(({ resetWanted }) => resetWanted),
    close: () => running.unsubscribe(),
  };
}

const address = ({
  id,
  exchangeIndex,
}: {
  readonly id: string;
  readonly exchangeIndex: number;
}): GroupAddress => ({
  groupId: id,
  exchangeIndex,
});

function changedBy(answer: HttpAnswer, id: string): GroupsInput {
  if (answer.kind === 'failed') return { kind: 'notDone', id };
  if (answer.status === GONE) return { kind: 'gone', id };
  return { kind: answer.status >= 200 && answer.status <= 299 ? 'done' : 'notDone', id };
}

/** A refusal makes no group; an answer that does not come, or cannot be read, may have made one. */
function createdBy(answer: HttpAnswer, close: Close): GroupsInput {
  if (answer.kind === 'failed') return { kind: 'notCreated', close, certain: !answer.arrived };
  const { status, text } = answer;
  if (status < 200 || status > 299)
    return { kind: 'notCreated', close, certain: status >= 400 && status <= 499 };
  const { data } = createdBody.safeParse(jsonOf(text));
  return data
    ? { kind: 'created', close, id: data.order_group_id }
    : { kind: 'notCreated', close, certain: false };
}

/** The contract of an order in each group; undefined if the orders could not be read whole. */
function tickersOf(answers: readonly KalshiAnswer[]): ReadonlyMap<string, string> | undefined {
  const tickers = new Map<string, string>();
  for (const answer of answers) {
    const { data } = ordersBody.safeParse(answer.kind === 'ok' ? answer.json : undefined);
    if (!data) return undefined;
    for (const { ticker, order_group_id: id } of data.orders) if (id) tickers.set(id, ticker);
  }
  return tickers;
}
