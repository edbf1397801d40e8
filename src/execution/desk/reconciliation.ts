import type { AccountAdopted } from '../../domain/events/account.ts';
import type { VenueAccountEvent } from '../../domain/events/venue-account.ts';
import { type Cash, cash, count } from '../../domain/money.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import {
  cashAgainst,
  type Disagreement,
  positionsAgainst,
  totalCash,
} from '../../portfolio/against-venue.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';

/** What the venue's account proves, or what it contradicts. */
export type Reconciled =
  | { readonly kind: 'adopt'; readonly cash: Cash; readonly positions: AccountAdopted['positions'] }
  | { readonly kind: 'moved'; readonly cash: Cash }
  | { readonly kind: 'settled'; readonly ticker: string; readonly result: 'yes' | 'no' }
  | {
      readonly kind: 'neverArrived';
      readonly clientOrderId: string;
      readonly ticker: string;
      readonly why: string;
    }
  | ({ readonly kind: 'differs' } & Disagreement);

/** Holds our account against the venue's. */
export interface Reconciliation {
  readonly receive: (event: VenueAccountEvent, portfolio: Portfolio) => readonly Reconciled[];
  /**
   * An order, a fill or a settlement of ours: what the venue said as of an earlier time is older than this.
   */
  readonly active: (at: Micros) => void;
  /** What the venue said last of one contract, or of our cash, for an operator who takes its word. */
  readonly venueCash: () => Cash | undefined;
  readonly venuePosition: (ticker: string) => AccountAdopted['positions'][number];
  /** The scope is resolved: a later disagreement is told anew. */
  readonly forget: (scope: string) => void;
}

/** An order that the venue does not list this long after it was sent has never arrived. */
const ARRIVES_WITHIN = 30 * SECOND;

/**
 * Starts to reconcile an account as of `startAt`. The venue is read in rounds: `venueAsOf`, orders, fills,
 * positions, cash. Its reads lag and may contradict each other for a moment (docs.kalshi.com, user data
 * timestamp). So nothing is believed before it was said in two rounds, both as of a time after our own last
 * act. Then:
 *
 * - the first positions and cash are adopted, all of them;
 * - a deposit or a withdrawal moves our cash, and a contract that was paid out is settled;
 * - an order whose state is unknown, and which a whole list does not hold, has never arrived;
 * - anything else that differs is told and not healed.
 */
export function reconciliation(startAt: Micros): Reconciliation {
  let asOf: Micros = Number.NEGATIVE_INFINITY;
  let activeAt: Micros = startAt;
  let adopted = false;
  let said = '';
  let suspects = new Map<string, string>();
  const told = new Map<string, string>();
  let listed = new Set<string>();
  let positions: AccountAdopted['positions'] | undefined;
  let venueCash: Cash | undefined;
  const moves = new Set<string>();
  const paid = new Set<string>();

  const absent = (portfolio: Portfolio, since: Micros): readonly Reconciled[] =>
    [...portfolio.orders.values()].flatMap(({ order: { clientOrderId, ticker, at }, state }) =>
      state === 'unknown' && !listed.has(clientOrderId) && at > since && at + ARRIVES_WITHIN < asOf
        ? [
            {
              kind: 'neverArrived',
              clientOrderId,
              ticker,
              why: 'the venue does not list it, so it never arrived',
            },
          ]
        : [],
    );
  const compare = (portfolio: Portfolio, theirs: Cash): readonly Reconciled[] => {
    const found = [
      ...positionsAgainst(portfolio, positions ?? []),
      ...cashAgainst(portfolio, theirs, (ticker) => paid.has(ticker)),
    ];
    const fresh = found.filter(({ scope, why }) => suspects.get(scope) === why && told.get(scope) !== why);
    suspects = new Map(found.map(({ scope, why }) => [scope, why]));
    for (const { scope, why } of fresh) told.set(scope, why);
    return fresh.map((each) => ({ kind: 'differs', ...each }));
  };
  const roundEnds = (portfolio: Portfolio, theirs: Cash): readonly Reconciled[] => {
    if (!(asOf > activeAt) || positions === undefined) return [];
    if (adopted) return compare(portfolio, theirs);
    const now = JSON.stringify([theirs, positions]);
    const again = now === said;
    said = now;
    if (!again || portfolio.orders.size > 0) return [];
    adopted = true;
    return [{ kind: 'adopt', cash: theirs, positions }];
  };

  return {
    receive: (event, portfolio) => {
      switch (event.kind) {
        case 'venueAsOf':
          asOf = event.asOf;
          positions = undefined;
          return [];
        case 'venueOrders':
          if (event.first) listed = new Set();
          for (const id of event.clientOrderIds) listed.add(id);
          return event.complete ? absent(portfolio, event.since) : [];
        case 'venuePositions':
          ({ positions } = event);
          return [];
        case 'venueBalance':
          venueCash = totalCash(event.byShard);
          return roundEnds(portfolio, venueCash);
        case 'cashMoved': {
          if (moves.has(event.id)) return [];
          moves.add(event.id);
          // What moved before the cash was adopted is part of it.
          if (!adopted) return [];
          return [{ kind: 'moved', cash: cash(event.change === 'deposit' ? event.cash : -event.cash) }];
        }
        case 'venueSettlement': {
          const { ticker, result } = event;
          paid.add(ticker);
          const booked = portfolio.settled.get(ticker);
          return portfolio.holdings.has(ticker) || (booked && booked.result !== result)
            ? [{ kind: 'settled', ticker, result }]
            : [];
        }
        case 'venuePosition':
        case 'orderGroup':
          return [];
      }
    },
    active: (at) => {
      activeAt = Math.max(activeAt, at);
    },
    venueCash: () => venueCash,
    venuePosition: (ticker) =>
      positions?.find((each) => each.ticker === ticker) ?? { ticker, position: count(0), paid: cash(0) },
    forget: (scope) => {
      told.delete(scope);
      suspects.delete(scope);
    },
  };
}
