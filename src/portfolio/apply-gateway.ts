import type { Contract } from '../domain/contracts.ts';
import type { Fill, GatewayEvent } from '../domain/events/order.ts';
import { cash, count, microDollars } from '../domain/money.ts';
import { closeOf } from './exposures.ts';
import type { Holding, OpenOrder, Portfolio } from './portfolio.ts';
import { realise } from './realise.ts';
import { reckon } from './reckon.ts';

const flat = (ticker: string, contract: Contract | undefined): Holding => ({
  ticker,
  contract,
  position: count(0),
  paid: cash(0),
  realised: cash(0),
  fees: microDollars(0),
  fillIds: new Set(),
});

/**
 * The share `part`/`whole` of an amount, rounded. If `part` is the whole it is the exact amount, so that no
 * remainder is lost.
 */
const share = (amount: number, part: number, whole: number): number =>
  part === whole ? amount : Math.round(amount * (part / whole));

/**
 * A holding after a fill. The part that closes the other side forms pairs, which are redeemed at a dollar
 * each and realised against their average cost. The rest opens a position. The rounding of the average cost
 * stays with the part still open.
 */
function filledHolding(held: Holding, fill: Fill) {
  const bought = fill.side === 'bid' ? fill.count : -fill.count;
  const closing = held.position * bought < 0 ? Math.min(Math.abs(held.position), fill.count) : 0;
  const redeemed = closing * 100;
  const spent = -fill.cash;
  const spentClosing = share(spent, closing, fill.count);
  const paidClosing = closing > 0 ? share(held.paid, closing, Math.abs(held.position)) : 0;
  const pnl = redeemed - spentClosing - paidClosing;
  const holding: Holding = {
    ...held,
    position: count(held.position + bought),
    paid: cash(held.paid - paidClosing + spent - spentClosing),
    realised: cash(held.realised + pnl),
    fees: microDollars(held.fees + fill.fee),
    fillIds: new Set(held.fillIds).add(fill.fillId),
  };
  return { holding, redeemed, pnl };
}

function fillOrder(open: OpenOrder, filled: Fill): OpenOrder {
  const remaining = Math.max(0, open.remaining - filled.count);
  return {
    ...open,
    filled: count(open.filled + filled.count),
    remaining: count(remaining),
    feeBound: cash(open.remaining > 0 ? Math.ceil(open.feeBound * (remaining / open.remaining)) : 0),
  };
}

function applyFill(portfolio: Portfolio, fill: Fill): Portfolio {
  if (!(fill.count > 0)) throw new RangeError(`applyGateway: fill count must be positive, was ${fill.count}`);
  const { ticker, clientOrderId } = fill;
  if (portfolio.settled.has(ticker)) return { ...portfolio, lateFills: portfolio.lateFills + 1 };
  const open = portfolio.orders.get(clientOrderId);
  const held = portfolio.holdings.get(ticker) ?? flat(ticker, open?.contract);
  if (held.fillIds.has(fill.fillId)) return portfolio;
  const { holding, redeemed, pnl } = filledHolding(held, fill);
  const orders = new Map(portfolio.orders);
  if (open) {
    const after = fillOrder(open, fill);
    if (after.remaining > 0) orders.set(clientOrderId, after);
    else orders.delete(clientOrderId);
  }
  return reckon(
    {
      ...portfolio,
      cash: cash(portfolio.cash + fill.cash + redeemed),
      holdings: new Map(portfolio.holdings).set(ticker, holding),
      orders,
      realisedByDay: realise(portfolio.realisedByDay, fill.at, pnl),
    },
    closeOf(holding.contract),
  );
}

/**
 * Ends an order, but keeps the part that the venue has filled and not yet reported, so that no exposure is
 * forgotten in the meantime.
 */
function end(portfolio: Portfolio, clientOrderId: string, filled: number): Portfolio {
  const open = portfolio.orders.get(clientOrderId);
  if (!open) return portfolio;
  const missing = Math.min(open.remaining, Math.max(0, filled - open.filled));
  const orders = new Map(portfolio.orders);
  if (missing > 0) orders.set(clientOrderId, { ...open, state: 'done', remaining: count(missing) });
  else orders.delete(clientOrderId);
  return reckon({ ...portfolio, orders }, open.contract);
}

/**
 * Moves an open order to another state if its state is one of `from`, so that a late event changes nothing.
 * Its reserve stays.
 */
function move(
  portfolio: Portfolio,
  clientOrderId: string,
  from: readonly OpenOrder['state'][],
  state: OpenOrder['state'],
): Portfolio {
  const open = portfolio.orders.get(clientOrderId);
  if (!open || !from.includes(open.state)) return portfolio;
  return { ...portfolio, orders: new Map(portfolio.orders).set(clientOrderId, { ...open, state }) };
}

/**
 * Applies an event of a gateway. Events may repeat, and a fill may come before or after its order's end; the
 * result is the same. A fill's `cash` assumes no netting (a bid pays p·C, an ask (1−p)·C, and the fee); pairs
 * are redeemed here. As counts are 0.01 contracts, a pair is worth whole cents, so the rounding of fees does
 * not depend on netting. A fill after its contract has settled only counts as one of `lateFills`. Throws
 * RangeError for numbers that are not integers.
 */
export function applyGateway(portfolio: Portfolio, event: GatewayEvent): Portfolio {
  switch (event.kind) {
    case 'fill':
      return applyFill(portfolio, event);
    case 'orderSubmitted':
      return portfolio;
    case 'orderResting':
      return move(portfolio, event.clientOrderId, ['inFlight', 'unknown'], 'resting');
    case 'orderUnknown':
      return move(portfolio, event.clientOrderId, ['inFlight', 'resting'], 'unknown');
    case 'orderDone':
      return end(portfolio, event.clientOrderId, event.filled);
    case 'orderRejected':
      return end(portfolio, event.clientOrderId, 0);
  }
}
