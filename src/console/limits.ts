import type { OrderSent } from '../domain/events/account.ts';
import { contractsOf, count, DOLLAR_TICKS } from '../domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import type { LiveSettings } from '../execution/live-settings.ts';
import { costOf } from '../portfolio/cost.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { dayOf } from '../portfolio/realise.ts';
import type { RiskSettings } from '../risk/settings.ts';
import type { LimitUse, Money } from './state.ts';

/** What limits are measured on. */
export interface LimitsInput {
  readonly at: Micros;
  readonly money: Money | null;
  readonly portfolio: Portfolio;
  /** Orders on their way or at the venue. */
  readonly openOrders: number;
}

/** The limits and what is used of them. */
export interface Limits {
  readonly sent: (event: OrderSent) => void;
  readonly read: (input: LimitsInput) => readonly LimitUse[];
}

const loss = (dollars: number): number => Math.max(0, -dollars);

/** The worst loss of a single close, in dollars. */
const worstClose = ({ worstByClose }: Portfolio): number => {
  let worst = 0;
  for (const ofAsset of worstByClose.values())
    for (const value of ofAsset.values()) worst = Math.min(worst, value);
  return -worst / DOLLAR_TICKS;
};

const largestPosition = ({ holdings }: Portfolio): number => {
  let largest = 0;
  for (const { position } of holdings.values()) largest = Math.max(largest, Math.abs(position));
  return contractsOf(count(largest));
};

/**
 * Measures the limits of the checks, and the lane's hard ones (`caps`, by names that begin with `lane`). What
 * is used is what stands now, without a further order.
 */
export function limits(risk: RiskSettings, caps?: LiveSettings): Limits {
  let orderDay = 0;
  let ordered = 0;
  return {
    sent: ({ at, order }) => {
      if (dayOf(at) !== orderDay) ordered = 0;
      orderDay = dayOf(at);
      ordered += costOf(order.side, order.limitTicks, order.count) / DOLLAR_TICKS;
    },
    read: ({ at, money, portfolio, openOrders }) => {
      const within = (span: Micros): number => {
        let orders = 0;
        for (const time of portfolio.orderTimes) if (time > at - span) orders++;
        return orders;
      };
      const worst = Math.min(0, money?.worstDollars ?? 0);
      const day = money?.dayDollars ?? 0;
      const uses: LimitUse[] = [
        {
          name: 'closeLoss',
          title: 'worst loss of one close',
          unit: 'dollars',
          used: worstClose(portfolio),
          limit: risk.closeLossMaxDollars,
        },
        {
          name: 'totalLoss',
          title: 'worst loss of all closes',
          unit: 'dollars',
          used: loss(worst),
          limit: risk.totalLossMaxDollars,
        },
        {
          name: 'dayLoss',
          title: 'worst loss of the day',
          unit: 'dollars',
          used: loss(day + worst),
          limit: risk.dayLossMaxDollars,
        },
        {
          name: 'position',
          title: 'largest position',
          unit: 'contracts',
          used: largestPosition(portfolio),
          limit: risk.positionMaxCount / 100,
        },
        {
          name: 'ordersOpen',
          title: 'open orders',
          unit: 'orders',
          used: openOrders,
          limit: risk.ordersOpenMax,
        },
        {
          name: 'orderRate',
          title: `orders within ${risk.orderRateSpanMicros / SECOND} s`,
          unit: 'orders',
          used: within(risk.orderRateSpanMicros),
          limit: risk.orderRateMax,
        },
      ];
      if (!caps) return uses;
      const lane: readonly LimitUse[] = [
        {
          name: 'laneDayLoss',
          title: 'realised loss of the day, lane',
          unit: 'dollars',
          used: loss(day),
          limit: caps.dayLossMaxDollars,
        },
        {
          name: 'laneDrawdown',
          title: 'below the peak of the equity, lane',
          unit: 'dollars',
          used: money ? money.peakDollars - money.equityDollars : 0,
          limit: caps.drawdownMaxDollars,
        },
        {
          name: 'laneDollarsPerDay',
          title: 'cost of the orders of the day, lane',
          unit: 'dollars',
          used: dayOf(at) === orderDay ? ordered : 0,
          limit: caps.dollarsPerDayMax,
        },
        {
          name: 'laneOpenOrders',
          title: 'open orders, lane',
          unit: 'orders',
          used: openOrders,
          limit: caps.openOrdersMax,
        },
        {
          name: 'laneOrdersPerMinute',
          title: 'orders within a minute, lane',
          unit: 'ordersPerMinute',
          used: within(MINUTE),
          limit: caps.ordersPerMinuteMax,
        },
      ];
      return [...uses, ...lane];
    },
  };
}
