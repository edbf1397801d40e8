import { concatMap, defer, EMPTY, expand, filter, forkJoin, map, type Observable, of, take } from 'rxjs';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { urlPart } from '../../transport/url-part.ts';
import { type RestingOrder, type RestingOrders, restingOrders } from './resting-orders.ts';
import type { UrgentCall } from './urgent-calls.ts';

/** How the cancelling ended. `resting` is undefined where the venue could not be asked. */
export type Cancelled =
  | { readonly kind: 'clear'; readonly tries: number }
  | { readonly kind: 'notClear'; readonly resting: number | undefined; readonly why: string };

/** An order group and the shard that it lies on. */
export interface GroupAt {
  readonly id: string;
  readonly shard: number;
}

/** What else is to be done, and for how long. */
export interface Cancelling {
  /** Groups that are triggered first, so that what arrives late is refused. */
  readonly groups?: readonly GroupAt[];
  /** After so many milliseconds it ends, whatever rests. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;
/** Waits before the tries after the first, then the wait of the first dozen, then that of all others. */
const WAITS_MS = [50, 100, 200] as const;
const SOON_MS = 300;
const SOON_TRIES = 12;
const LATER_MS = 1_000;
/** The first calls may take so long; the limit doubles each time that an answer does not come. */
const FIRST_WITHIN_MS = 600;
const MOST_WITHIN_MS = 5_000;
/** A list without orders is believed after a second one, so long after it, with a cancel between them. */
const CONFIRM_MS = 300;
/** The same where the venue took no cancel: then only its lists say that nothing rests. */
const CONFIRM_UNTAKEN_MS = 3_000;
/** A refused cancel of everything is sent again so soon, and so often before the orders are listed. */
const AGAIN_MS = 25;
const AGAIN = 4;
/** Triggers and single cancels of one try, so that they leave the cancel of everything its tokens. */
const GROUPS_A_TRY = 4;
const ORDERS_A_TRY = 20;

interface Progress {
  readonly tries: number;
  readonly withinMs: number;
  /** Groups that are not triggered yet. */
  readonly groups: readonly GroupAt[];
  /** How many of them were never asked to trigger. */
  readonly unasked: number;
  readonly left: readonly RestingOrder[];
  /** When the present run of lists without orders began, and when the venue first took a cancel in it. */
  readonly clean: { readonly sinceMs: number; readonly takenMs: number | undefined } | undefined;
  readonly verdict: Cancelled | undefined;
}

const isTaken = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
/** A group that is not there needs no trigger. */
const isTriggered = (answer: HttpAnswer): boolean =>
  isTaken(answer) || (answer.kind === 'answered' && answer.status === 404);
const wordsOf = (answer: HttpAnswer): string =>
  answer.kind === 'failed' ? answer.why : `the answer was ${answer.status}`;

/**
 * One body with the orders whose turn it is. Each names its shard and its market: without them it goes to
 * shard 0.
 */
const batchOf = (left: readonly RestingOrder[], tries: number): string => {
  const from = ((tries - 1) * ORDERS_A_TRY) % left.length;
  const orders = left.slice(from, from + ORDERS_A_TRY).map((each) => ({
    order_id: each.order_id,
    ...(each.ticker !== undefined && { market_ticker: each.ticker }),
    ...(each.exchange_index !== undefined && { exchange_index: each.exchange_index }),
    ...(each.subaccount_number && { subaccount: each.subaccount_number }),
  }));
  return JSON.stringify({ orders });
};

function waitMs({ tries, clean }: Progress): number {
  if (clean) return CONFIRM_MS;
  if (tries === 0) return 0;
  return WAITS_MS[tries - 1] ?? (tries < SOON_TRIES ? SOON_MS : LATER_MS);
}

/** What is known after a try. `nowMs` is when its list came. */
function judged(
  before: Progress,
  answers: { readonly all: HttpAnswer; readonly triggers: readonly HttpAnswer[] },
  listed: RestingOrders,
  { nowMs, isLast }: { readonly nowMs: number; readonly isLast: boolean },
): Progress {
  const tries = before.tries + 1;
  const { all, triggers } = answers;
  const groups = [
    ...before.groups.slice(triggers.length),
    ...before.groups.filter((_, i) => {
      const answer = triggers[i];
      return answer !== undefined && !isTriggered(answer);
    }),
  ];
  const unasked = Math.max(0, before.unasked - triggers.length);
  const isLate = all.kind === 'failed' || (listed.kind === 'notListed' && listed.late);
  const left = listed.kind === 'listed' ? listed.orders : before.left;
  const clean =
    listed.kind === 'listed' && left.length === 0
      ? {
          sinceMs: before.clean?.sinceMs ?? nowMs,
          takenMs: before.clean?.takenMs ?? (isTaken(all) ? nowMs : undefined),
        }
      : undefined;
  const isClear =
    clean !== undefined &&
    ((isTaken(all) && nowMs - (clean.takenMs ?? nowMs) >= CONFIRM_MS) ||
      nowMs - clean.sinceMs >= CONFIRM_UNTAKEN_MS);
  const why =
    listed.kind === 'notListed'
      ? listed.why
      : left.length > 0
        ? `${left.length} ${left.length === 1 ? 'order still rests' : 'orders still rest'}, ${left
            .slice(0, 3)
            .map(({ order_id }) => order_id)
            .join(', ')}${left.length > 3 ? ' and more' : ''}; the last cancel of everything: ${wordsOf(all)}`
        : 'no order is listed, and it is too early to say that none will come';
  return {
    tries,
    withinMs: isLate ? Math.min(MOST_WITHIN_MS, 2 * before.withinMs) : before.withinMs,
    groups,
    unasked,
    left,
    clean,
    verdict:
      isClear && unasked === 0
        ? { kind: 'clear', tries }
        : isLast
          ? { kind: 'notClear', resting: listed.kind === 'listed' ? left.length : undefined, why }
          : undefined,
  };
}

/**
 * Triggers the groups, cancels all orders of the account, and asks until the venue lists none that rests,
 * twice in a row: a create that was under way arrives after the first cancel, and portfolio reads lag. A
 * refused or lost cancel is sent again, since cancelling twice does no harm. `DELETE
 * /portfolio/events/orders` names no shard and is meant to reach all of them
 * (docs.kalshi.com/api-reference/orders); what is listed after it is cancelled one by one on its own shard.
 * While it runs, nothing else should place orders, or it will not end.
 */
export function cancelEverything(
  call: UrgentCall,
  clock: EdgeClock,
  { groups = [], patienceMs = PATIENCE_MS }: Cancelling = {},
): Observable<Cancelled> {
  const cancelAll = (withinMs: number, again: number): Observable<HttpAnswer> =>
    call('DELETE', '/portfolio/events/orders', withinMs).pipe(
      concatMap((answer) =>
        again > 0 && answer.kind === 'answered' && !isTaken(answer)
          ? after(AGAIN_MS, clock).pipe(concatMap(() => cancelAll(withinMs, again - 1)))
          : of(answer),
      ),
    );
  const step = (before: Progress, endMs: number): Observable<Progress> =>
    after(waitMs(before), clock).pipe(
      concatMap(() => {
        const { withinMs, left, tries } = before;
        return forkJoin({
          all: cancelAll(withinMs, AGAIN),
          triggers: forkJoinAll(
            before.groups
              .slice(0, GROUPS_A_TRY)
              .map(({ id, shard }) =>
                call(
                  'PUT',
                  `/portfolio/order_groups/${urlPart(id)}/trigger?exchange_index=${shard}&subaccount=0`,
                  withinMs,
                ),
              ),
          ),
          singles: forkJoinAll(
            left.length === 0
              ? []
              : [call('DELETE', '/portfolio/events/orders/batched', withinMs, batchOf(left, tries))],
          ),
        });
      }),
      concatMap((answers) =>
        restingOrders(call, before.withinMs).pipe(
          map((listed) => {
            const nowMs = clock.now();
            return judged(before, answers, listed, { nowMs, isLast: nowMs >= endMs });
          }),
        ),
      ),
    );
  return defer(() => {
    const endMs = clock.now() + patienceMs;
    const first: Progress = {
      tries: 0,
      withinMs: FIRST_WITHIN_MS,
      groups,
      unasked: groups.length,
      left: [],
      clean: undefined,
      verdict: undefined,
    };
    return step(first, endMs).pipe(
      expand((reached) => (reached.verdict ? EMPTY : step(reached, endMs))),
      map(({ verdict }) => verdict),
      filter((verdict) => verdict !== undefined),
      take(1),
    );
  });
}

/** As `forkJoin`, which ends without a value where there is nothing to wait for. */
const forkJoinAll = (calls: readonly Observable<HttpAnswer>[]): Observable<readonly HttpAnswer[]> =>
  calls.length === 0 ? of([]) : forkJoin(calls);
