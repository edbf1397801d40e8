import type { Approved } from '../../domain/events/decision.ts';
import type { BundleSeen } from '../../domain/events/ladder.ts';
import type { ApprovedOrder, GatewayEvent } from '../../domain/events/order.ts';
import { type Count, contractsOf, count, MICRO_DOLLARS } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { applyOrder } from '../../portfolio/apply-order.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { BundleLeg } from '../../pricing/bundles.ts';
import type { CloseMoments } from '../../pricing/close-moments.ts';
import { edgeOf, fairOf, marketOf } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { probabilityOf } from '../../pricing/settlement.ts';
import { bundleLegChecks } from '../../risk/bundle-checks.ts';
import { feeBoundOf, orderOf } from '../orders/order-of.ts';
import { type Assessment, judge, type Situation, type Subject } from './assess.ts';
import type { SeenBundle } from './ladders.ts';
import type { Slot } from './slot.ts';

/** What the buyer of bundles asks of the desk. Each is called within the event that is handled. */
export interface BundleHands {
  readonly startedAt: (at: Micros) => Micros;
  readonly slotOf: (ticker: string) => Slot | undefined;
  readonly subjectOf: (slot: Slot) => Subject | undefined;
  readonly decided: (slot: Slot, assessment: Assessment) => Approved | undefined;
  readonly send: (order: ApprovedOrder, slot: Slot, assessment: Assessment) => void;
  /** Sells what is held of a contract by this much, at the best price shown; positive is YES. */
  readonly close: (slot: Slot, position: Count) => void;
  readonly tell: (event: BundleSeen) => void;
}

/** Buys bundles whole or not at all. */
export interface BundleOrders {
  readonly buy: (seen: SeenBundle, law: CloseMoments, situation: Situation, portfolio: Portfolio) => void;
  /** What became of an order; orders of others are passed over. */
  readonly answered: (event: GatewayEvent, at: Micros) => void;
}

interface Sent {
  readonly event: BundleSeen;
  readonly legs: Map<string, { readonly leg: BundleLeg; filled: number; ended: boolean }>;
}

/**
 * Orders for the legs of a bundle are sent in one go after every leg has passed its checks, each counted with those
 * before it as if they were open orders; if one leg is refused, none is sent. On paper they fill together or
 * not at all. A venue knows no such thing: there a leg may be missed. What was filled of every leg is the
 * bundle; what any leg has beyond that is a bet, which counts to every limit as any position does, and is sold
 * once at the best price shown. What that does not fill stays until the close.
 */
export function bundleOrders(pricing: PricingSettings, hands: BundleHands): BundleOrders {
  const open = new Map<string, Sent>();
  const setOf = new Map<string, string>();
  const refused = new Map<string, string>();

  const assessLeg = (
    leg: BundleLeg,
    size: Count,
    law: CloseMoments,
    situation: Situation,
    portfolio: Portfolio,
  ) => {
    const slot = hands.slotOf(leg.ticker);
    const subject = slot && hands.subjectOf(slot);
    if (!slot || !subject) return undefined;
    const { side, limitTicks, feeMicroDollars } = leg;
    const { bidTicks, askTicks } = subject.book;
    const feeDollars = feeMicroDollars / MICRO_DOLLARS / contractsOf(size);
    const fair = fairOf(probabilityOf(subject.contract, law), marketOf(bidTicks, askTicks), pricing.edge);
    const proposal = {
      ticker: leg.ticker,
      side,
      limitTicks,
      count: size,
      ...fair,
      edgeDollars: edgeOf(side, fair.probability, limitTicks, feeDollars),
      feeDollars,
    };
    const judgement = judge(proposal, subject, situation, portfolio, bundleLegChecks);
    return { slot, contract: subject.contract, assessment: { proposal, moments: law, judgement } };
  };

  const finish = (id: string, { event, legs }: Sent, at: Micros): void => {
    open.delete(id);
    for (const orderId of legs.keys()) setOf.delete(orderId);
    const fills = [...legs.values()].map(({ filled }) => filled);
    const whole = Math.min(...fills);
    const state = Math.max(...fills) === 0 ? 'missed' : whole === event.count ? 'bought' : 'broken';
    hands.tell({ ...event, at, state, count: count(whole), lastedMicros: at - event.at });
    for (const { leg, filled } of legs.values()) {
      const slot = hands.slotOf(leg.ticker);
      if (slot && filled > whole)
        hands.close(slot, count(leg.side === 'bid' ? filled - whole : whole - filled));
    }
  };

  return {
    buy: ({ bundle, event, key }, law, situation, portfolio) => {
      const { now: at } = situation;
      const checked: NonNullable<ReturnType<typeof assessLeg>>[] = [];
      const failing: string[] = [];
      let counted = portfolio;
      for (const leg of bundle.legs) {
        const found = assessLeg(leg, bundle.count, law, situation, counted);
        if (found?.assessment.judgement.verdict !== 'approved') {
          failing.push(...(found?.assessment.judgement.failing ?? ['contractActive']));
          continue;
        }
        const { proposal } = found.assessment;
        checked.push(found);
        const order = {
          clientOrderId: `${key} ${checked.length}`,
          decisionId: 0,
          exchangeIndex: found.contract.exchangeIndex,
          timeInForce: 'ioc',
          postOnly: false,
          reduceOnly: false,
          at,
          ticker: proposal.ticker,
          side: proposal.side,
          limitTicks: proposal.limitTicks,
          count: proposal.count,
        } as const;
        counted = applyOrder(counted, order, found.contract, feeBoundOf(proposal));
      }
      if (failing.length > 0) {
        const why = [...new Set(failing)].join(' ');
        if (refused.get(key) === why) return;
        refused.set(key, why);
        if (refused.size > 1_000) refused.clear();
        hands.tell({ ...event, at, state: 'refused', failing: why.split(' ') });
        return;
      }
      const decisions = checked.flatMap(({ slot, assessment }) => {
        const decision = hands.decided(slot, assessment);
        return decision ? [{ slot, assessment, decision }] : [];
      });
      const [first] = decisions;
      if (!first || decisions.length !== bundle.legs.length) return;
      const started = hands.startedAt(at);
      const id = `b${first.decision.id}`;
      const sent: Sent = { event: { ...event, at }, legs: new Map() };
      const orders = decisions.map(({ slot, assessment, decision }, i) => {
        const order: ApprovedOrder = {
          ...orderOf(decision, started, slot.contract?.exchangeIndex),
          bundle: { id, legs: decisions.length },
        };
        const leg = bundle.legs[i] as BundleLeg;
        sent.legs.set(order.clientOrderId, { leg, filled: 0, ended: false });
        setOf.set(order.clientOrderId, id);
        return { order, slot, assessment };
      });
      open.set(id, sent);
      for (const { order, slot, assessment } of orders) hands.send(order, slot, assessment);
    },
    answered: (event, at) => {
      const id = setOf.get(event.clientOrderId);
      const set = id === undefined ? undefined : open.get(id);
      const leg = set?.legs.get(event.clientOrderId);
      if (id === undefined || !set || !leg) return;
      if (event.kind === 'fill') leg.filled += event.count;
      else if (event.kind === 'orderDone' || event.kind === 'orderRejected') leg.ended = true;
      else return;
      if ([...set.legs.values()].every(({ ended }) => ended)) finish(id, set, at);
    },
  };
}
