import { bookFresh } from './checks/book-fresh.ts';
import { bookIntact } from './checks/book-intact.ts';
import { clockTrue } from './checks/clock-true.ts';
import { closeLoss } from './checks/close-loss.ts';
import { collateral } from './checks/collateral.ts';
import { contractActive } from './checks/contract-active.ts';
import { contractTerms } from './checks/contract-terms.ts';
import { cooldown } from './checks/cooldown.ts';
import { dayLoss } from './checks/day-loss.ts';
import { duplicate } from './checks/duplicate.ts';
import { edge } from './checks/edge.ts';
import { exchangeOpen } from './checks/exchange-open.ts';
import { fairCollar } from './checks/fair-collar.ts';
import { forecastFresh } from './checks/forecast-fresh.ts';
import { forecastUsable } from './checks/forecast-usable.ts';
import { indexAgrees } from './checks/index-agrees.ts';
import { indexFresh } from './checks/index-fresh.ts';
import { indexKnown } from './checks/index-known.ts';
import { indexSources } from './checks/index-sources.ts';
import { indexUndisputed } from './checks/index-undisputed.ts';
import { kalshiFresh } from './checks/kalshi-fresh.ts';
import { killSwitch } from './checks/kill-switch.ts';
import { krakenBookFresh } from './checks/kraken-book-fresh.ts';
import { krakenFresh } from './checks/kraken-fresh.ts';
import { midCollar } from './checks/mid-collar.ts';
import { orderRate } from './checks/order-rate.ts';
import { orderSize } from './checks/order-size.ts';
import { ordersOpen } from './checks/orders-open.ts';
import { position } from './checks/position.ts';
import { priceBand } from './checks/price-band.ts';
import { priced } from './checks/priced.ts';
import { reconciled } from './checks/reconciled.ts';
import { spotsAgree } from './checks/spots-agree.ts';
import { spread } from './checks/spread.ts';
import { tickGrid } from './checks/tick-grid.ts';
import { toCloseMax } from './checks/to-close-max.ts';
import { toCloseMin } from './checks/to-close-min.ts';
import { totalLoss } from './checks/total-loss.ts';
import { touchDepth } from './checks/touch-depth.ts';
import { twoSided } from './checks/two-sided.ts';
import { warm } from './checks/warm.ts';
import type { Check } from './context.ts';

/**
 * Every check, in the order that is best for an operator to read: is trading on, is the data fresh and
 * complete, is the trade worth it, can we afford it.
 */
export const standardChecks: readonly Check[] = [
  killSwitch,
  exchangeOpen,
  clockTrue,
  krakenBookFresh,
  krakenFresh,
  kalshiFresh,
  indexFresh,
  indexKnown,
  indexUndisputed,
  indexSources,
  indexAgrees,
  spotsAgree,
  warm,
  forecastFresh,
  forecastUsable,
  priced,
  contractActive,
  contractTerms,
  toCloseMin,
  toCloseMax,
  bookIntact,
  bookFresh,
  twoSided,
  spread,
  touchDepth,
  edge,
  tickGrid,
  priceBand,
  fairCollar,
  midCollar,
  orderSize,
  position,
  closeLoss,
  totalLoss,
  dayLoss,
  collateral,
  orderRate,
  ordersOpen,
  duplicate,
  cooldown,
  reconciled,
];
