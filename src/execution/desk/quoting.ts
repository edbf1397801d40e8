import type { Approved } from '../../domain/events/decision.ts';
import type { BookChange, ContractTop } from '../../domain/events/market.ts';
import type { ApprovedOrder, GatewayEvent } from '../../domain/events/order.ts';
import { contractsOf, count, DOLLAR_TICKS, MICRO_DOLLARS } from '../../domain/money.ts';
import { DAY, type Micros, SECOND } from '../../domain/time.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { CloseMoments } from '../../pricing/close-moments.ts';
import { type FeePerContract, fairOf, marketOf } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { probabilityOf } from '../../pricing/settlement.ts';
import { quoteChecks, restingChecks } from '../../risk/quote-checks.ts';
import { tradeFee } from '../../venues/kalshi/fees.ts';
import { adverseSelection } from '../make/adverse-selection.ts';
import { fillBound } from '../make/fill-bound.ts';
import { jumpWatch } from '../make/jump-watch.ts';
import type { MakeSettings } from '../make/make-settings.ts';
import { provenAt } from '../make/proven-at.ts';
import { type QueuePlace, queuePlace } from '../make/queue-place.ts';
import { quoteOf } from '../make/quote-of.ts';
import { requote } from '../make/requote.ts';
import { renewedOrder, restingOrderOf } from '../orders/order-of.ts';
import { type Renewable, renewals } from '../orders/renewals.ts';
import { type Assessment, judge, type Situation, type Subject } from './assess.ts';
import type { Slot } from './slot.ts';

/** What the maker asks of the desk. Each is called within the event that is handled. */
export interface Hands {
  readonly now: () => Micros;
  readonly startedAt: () => Micros;
  /** Publishes the decision of a quote. */
  readonly decided: (slot: Slot, assessment: Assessment) => Approved | undefined;
  readonly send: (order: ApprovedOrder, slot: Slot) => void;
  readonly cancel: (order: ApprovedOrder, why: string) => void;
}

/** The maker: what should rest on each contract, and what rests. */
export interface Quoting {
  /** Brings the quotes of one contract to where they should be. */
  readonly evaluate: (
    slot: Slot,
    subject: Subject,
    moments: CloseMoments,
    situation: Situation,
    portfolio: () => Portfolio,
  ) => void;
  /** What became of an order; orders of others are passed over. */
  readonly answered: (event: GatewayEvent) => void;
  readonly bookChanged: (slot: Slot, change: BookChange, top: ContractTop) => void;
  /** A price of the asset, in dollars, from one source. */
  readonly priced: (asset: string, source: string, dollars: number, at: Micros) => void;
  /** Cancels all quotes of an asset, or all, and quotes nothing for a while. */
  readonly hold: (asset: string | undefined, why: string) => void;
  /** Cancels the quotes of a contract, because the desk is about to take there. */
  readonly makeWay: (slot: Slot) => void;
  /** A session began: prices of the one before are no reference. */
  readonly begin: () => void;
}

interface Quote {
  readonly order: ApprovedOrder;
  readonly slot: Slot;
  remaining: number;
  cancelling: boolean;
  place: QueuePlace | undefined;
}

const SIDES = ['bid', 'ask'] as const;
const YEAR = 365 * DAY;
/** A quote is placed once more so long before its end. */
const RENEW_AHEAD = 3 * SECOND;

const middleOf = ({ book }: Slot): number =>
  book?.live && book.bidTicks !== undefined && book.askTicks !== undefined
    ? marketOf(book.bidTicks, book.askTicks)
    : Number.NaN;

const closeKey = ({ market, contract }: Slot): string => `${market.asset.name} ${contract?.closeAt}`;

/**
 * Quotes both sides of every contract that the checks allow, with post-only orders that rest. A quote is
 * cancelled as soon as a check fails, fair value moves against it, a price of its asset jumps, too much fills,
 * or an operator halts; what replaces it is placed only after the venue has told of its end. `atVenue` says
 * that orders are real.
 */
export function quoting(
  terms: MakeSettings,
  pricing: PricingSettings,
  atVenue: boolean,
  { now, startedAt, decided, send, cancel }: Hands,
): Quoting {
  const quotes = new Map<string, Quote>();
  /** Quotes by order, as answers name them. */
  const byOrder = new Map<string, string>();
  const placedAt = new Map<string, Micros>();
  const renewable = new Map<string, Renewable>();
  /** Until when nothing is quoted, by asset or by close; the empty key stands for everything. */
  const heldUntil = new Map<string, Micros>();
  const adverse = adverseSelection(terms);
  const jumps = jumpWatch(terms);
  const bound = fillBound(terms);
  const renew = renewals({ restMicros: terms.restMicros, leadMicros: RENEW_AHEAD });

  const pull = (quote: Quote | undefined, why: string): void => {
    if (!quote || quote.cancelling || quote.remaining <= 0) return;
    quote.cancelling = true;
    renew.drop(quote.order.clientOrderId);
    cancel(quote.order, why);
  };
  const pullWhere = (isOne: (slot: Slot) => boolean, why: string): void => {
    for (const quote of quotes.values()) if (isOne(quote.slot)) pull(quote, why);
  };
  const beat = (): void => {
    for (const order of renew.beat(now())) {
      const quote = quotes.get(byOrder.get(order.clientOrderId) ?? '');
      if (!quote || quote.cancelling) continue;
      quote.cancelling = true;
      cancel(order, 'it ends soon and is placed once more');
    }
  };
  const isHeld = (slot: Slot, at: Micros): boolean =>
    ['', slot.market.asset.name, closeKey(slot)].some((key) => at < (heldUntil.get(key) ?? 0));
  const leave = (key: string, order: ApprovedOrder, slot: Slot): void => {
    quotes.set(key, { order, slot, remaining: order.count, cancelling: false, place: undefined });
    byOrder.set(order.clientOrderId, key);
    placedAt.set(key, order.at);
    renew.sent(order);
    send(order, slot);
  };

  return {
    evaluate: (slot, subject, moments, situation, portfolio) => {
      const { contract, book } = subject;
      const { now: at, forecast, index, limits } = situation;
      adverse.observe(slot.ticker, middleOf(slot), at);
      beat();
      const toClose = contract.closeAt - at;
      const stop = isHeld(slot, at)
        ? 'quotes are held back'
        : !(at - (index?.receivedAt ?? Number.NaN) <= limits.indexMaxAgeMicros)
          ? 'the index is stale'
          : toClose < terms.toCloseMinMicros
            ? 'the close is near'
            : provenAt(toClose, terms, atVenue)
              ? undefined
              : 'no score shows that quotes earn at this time to the close';
      const price = probabilityOf(contract, moments);
      const { fee } = contract;
      const feePerContract: FeePerContract = (_side, ticks, size) =>
        fee === undefined
          ? Number.NaN
          : tradeFee(fee, 'maker', ticks, size) / MICRO_DOLLARS / contractsOf(size);
      const deviationTicks =
        price.kind === 'priced' && forecast
          ? DOLLAR_TICKS *
            Math.abs(price.logIndexSlope) *
            forecast.annualisedVolatility *
            Math.sqrt(terms.reactMicros / YEAR)
          : Number.NaN;
      const fair = fairOf(price, marketOf(book.bidTicks, book.askTicks), pricing.edge);
      const position = portfolio().holdings.get(slot.ticker)?.position ?? count(0);
      for (const side of SIDES) {
        const key = `${slot.ticker} ${side}`;
        const quote = quotes.get(key);
        const target =
          stop === undefined
            ? quoteOf(
                side,
                {
                  book,
                  tickBands: contract.tickBands,
                  fair,
                  position,
                  feePerContract,
                  allowanceDollars: adverse.allowanceDollars(),
                  lotCount: pricing.sizing.lotCount,
                },
                terms,
              )
            : undefined;
        if (!target) {
          pull(quote, stop ?? 'no price or no room for it');
          renewable.delete(key);
          continue;
        }
        if (quote) {
          const { failing } = judge(target, subject, situation, portfolio(), restingChecks);
          const { order } = quote;
          const rests = {
            side,
            limitTicks: order.limitTicks,
            remaining: count(quote.remaining),
            ageMicros: at - order.at,
            ahead: quote.place?.ahead() ?? Number.POSITIVE_INFINITY,
          };
          const why =
            failing.length > 0
              ? `checks refuse: ${failing.join(', ')}`
              : requote(rests, target, deviationTicks, terms);
          if (why !== undefined) pull(quote, why);
          continue;
        }
        const again = renewable.get(key);
        renewable.delete(key);
        const repeated = again?.ended.limitTicks === target.limitTicks && again.remaining <= target.count;
        if (!repeated && at - (placedAt.get(key) ?? Number.NEGATIVE_INFINITY) < terms.minAgeMicros) continue;
        // The portfolio is read again, because the other side's order limits this one.
        const judgement = judge(target, subject, situation, portfolio(), quoteChecks);
        if (judgement.verdict !== 'approved') continue;
        const expiresAt = renew.expiresAt(at);
        if (repeated && again) {
          const order = renewedOrder(again.ended, { remaining: again.remaining, at, expiresAt });
          if (order) leave(key, order, slot);
          continue;
        }
        const decision = decided(slot, { proposal: target, moments, judgement });
        if (decision)
          leave(key, restingOrderOf(decision, startedAt(), contract.exchangeIndex, expiresAt), slot);
      }
    },
    answered: (event) => {
      const key = byOrder.get(event.clientOrderId);
      const quote = quotes.get(key ?? '');
      if (key === undefined || quote?.order.clientOrderId !== event.clientOrderId) return;
      const { slot } = quote;
      switch (event.kind) {
        case 'orderResting':
          if (slot.book) quote.place ??= queuePlace(quote.order.side, quote.order.limitTicks, slot.book);
          return;
        case 'fill':
          quote.remaining -= event.count;
          adverse.filled(event, middleOf(slot));
          if (!bound.filled(closeKey(slot), event.count, event.at)) return;
          heldUntil.set(closeKey(slot), event.at + terms.jumpHoldMicros);
          pullWhere((other) => closeKey(other) === closeKey(slot), 'too much filled at this close');
          return;
        case 'orderDone':
        case 'orderRejected': {
          const left = renew.answered(event);
          quotes.delete(key);
          byOrder.delete(event.clientOrderId);
          if (left) renewable.set(key, left);
          return;
        }
      }
    },
    bookChanged: ({ ticker }, change, top) => {
      if (quotes.size === 0) return;
      for (const side of SIDES) quotes.get(`${ticker} ${side}`)?.place?.observe(change, top);
    },
    priced: (asset, source, dollars, at) => {
      if (!jumps.receive(`${asset} ${source}`, dollars, at)) return;
      heldUntil.set(asset, now() + terms.jumpHoldMicros);
      pullWhere(({ market }) => market.asset.name === asset, `${source} jumped`);
    },
    hold: (asset, why) => {
      heldUntil.set(asset ?? '', now() + terms.jumpHoldMicros);
      pullWhere(({ market }) => asset === undefined || market.asset.name === asset, why);
    },
    makeWay: (slot) => pullWhere((other) => other === slot, 'the desk takes here'),
    begin: () => jumps.clear(),
  };
}
