import { closeLoss } from './checks/close-loss.ts';
import { collateral } from './checks/collateral.ts';
import { cooldown } from './checks/cooldown.ts';
import { dayLoss } from './checks/day-loss.ts';
import { duplicate } from './checks/duplicate.ts';
import { edge } from './checks/edge.ts';
import { orderRate } from './checks/order-rate.ts';
import { ordersOpen } from './checks/orders-open.ts';
import { position } from './checks/position.ts';
import { quoteEdge } from './checks/quote-edge.ts';
import { totalLoss } from './checks/total-loss.ts';
import { touchDepth } from './checks/touch-depth.ts';
import { standardChecks } from './checks.ts';
import type { Check } from './context.ts';

const ofTaking: readonly Check[] = [edge, touchDepth, cooldown];
const ofAccount: readonly Check[] = [
  position,
  closeLoss,
  totalLoss,
  dayLoss,
  collateral,
  orderRate,
  ordersOpen,
  duplicate,
];

/** The checks of an order that will rest: those of a taker, without what only a taker needs. */
export const quoteChecks: readonly Check[] = [
  ...standardChecks.filter((check) => !ofTaking.includes(check)),
  quoteEdge,
];

/**
 * The checks of an order that rests already. The account counts it since it was sent, so what it may lose is
 * not asked a second time.
 */
export const restingChecks: readonly Check[] = quoteChecks.filter((check) => !ofAccount.includes(check));
