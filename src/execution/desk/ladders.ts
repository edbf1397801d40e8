import type { BundleSeen, LadderRead } from '../../domain/events/ladder.ts';
import { known } from '../../domain/known.ts';
import { contractsOf, count, MICRO_DOLLARS } from '../../domain/money.ts';
import { settlementSums } from '../../domain/settlement-sums.ts';
import type { Micros } from '../../domain/time.ts';
import { type Bundle, type BundleQuote, findBundles, profitOf } from '../../pricing/bundles.ts';
import type { CloseMoments } from '../../pricing/close-moments.ts';
import { type Bounded, ladderView } from '../../pricing/ladder-view.ts';
import { bundleFindings } from '../../risk/bundle-findings.ts';
import type { Membership } from '../../venues/kalshi/fees.ts';
import type { BundleSettings } from '../bundle-settings.ts';
import type { MarketState } from './market-state.ts';
import type { Slot } from './slot.ts';

/** Bundles of one close that are told at most. */
const MOST_BUNDLES = 4;

/** What a ladder watch depends on. */
export interface LadderTerms {
  readonly settings: BundleSettings;
  readonly member: Membership;
  readonly lotCount: number;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly tell: (event: LadderRead | BundleSeen) => void;
}

/** A bundle that may be bought as a set. */
export interface SeenBundle {
  readonly key: string;
  readonly bundle: Bundle;
  readonly event: BundleSeen;
}

/** Watches the quotes of each close as one ladder. */
export interface Ladders {
  /** Quotes or terms of the market changed since it was looked at. */
  readonly changed: (market: MarketState) => void;
  /**
   * Tells what the ladders of a market say, and which bundles came and went. If bundles are bought, returns
   * those that are there now, cut to the largest count, and pass as sets, with nothing said of their legs.
   */
  readonly look: (
    market: MarketState,
    at: Micros,
    lawOf: (closeAt: Micros) => CloseMoments,
  ) => readonly SeenBundle[];
}

const keyOf = (closeAt: Micros, { legs }: Bundle): string =>
  `${closeAt} ${legs
    .map(({ ticker, side }) => `${side} ${ticker}`)
    .sort()
    .join()}`;

/**
 * Reads ladders for the desk. A close with one contract is no ladder and costs nothing. Books that are void or
 * crossed, and contracts whose strike or fee is unknown, take no part: a contradiction must be one of prices
 * that can be had.
 */
export function ladders({ settings, member, lotCount, slots, tell }: LadderTerms): Ladders {
  const terms = { member, lotCount, most: MOST_BUNDLES };
  const cut = (quote: BundleQuote): BundleQuote => ({
    ...quote,
    bidCount: count(Math.min(quote.bidCount, settings.maxCount)),
    askCount: count(Math.min(quote.askCount, settings.maxCount)),
  });
  const dirty = new Set<MarketState>();
  const readAt = new Map<string, Micros>();
  const open = new Map<string, { readonly market: MarketState; readonly event: BundleSeen }>();

  const tellLadder = (
    { asset }: MarketState,
    at: Micros,
    closeAt: Micros,
    law: CloseMoments,
    quotes: readonly BundleQuote[],
  ): void => {
    const key = `${asset.name} ${closeAt}`;
    if (
      law.kind !== 'open' ||
      at - (readAt.get(key) ?? Number.NEGATIVE_INFINITY) < settings.ladderEveryMicros
    )
      return;
    const view = ladderView(quotes, law, at);
    if (view.strikes < 2) return;
    readAt.set(key, at);
    const of = (bounded: Bounded | undefined, part: keyof Bounded) => known(bounded?.[part] ?? Number.NaN);
    tell({
      kind: 'ladder',
      at,
      asset: asset.name,
      closeAt,
      strikes: view.strikes,
      volatility: of(view.volatility, 'value'),
      volatilityLow: of(view.volatility, 'low'),
      volatilityHigh: of(view.volatility, 'high'),
      forecastVolatility: known(view.forecastVolatility),
      skew: of(view.skew, 'value'),
      skewLow: of(view.skew, 'low'),
      skewHigh: of(view.skew, 'high'),
      depthImbalance: known(view.depthImbalance ?? Number.NaN),
      agrees: view.agrees,
    });
  };

  const seen = ({ asset }: MarketState, at: Micros, closeAt: Micros, bundle: Bundle): BundleSeen => {
    const findings = bundleFindings(
      {
        legs: bundle.legs.length,
        contracts: contractsOf(bundle.count),
        profitDollars: profitOf(bundle) / MICRO_DOLLARS,
      },
      settings,
    ).map(({ check, observed, limit, headroom }) => ({
      check,
      observed: known(observed),
      limit: known(limit),
      headroom: known(headroom),
    }));
    return {
      kind: 'bundle',
      at,
      asset: asset.name,
      closeAt,
      state: 'found',
      lastedMicros: 0,
      legs: bundle.legs.map(({ ticker, side, limitTicks }) => ({ ticker, side, limitTicks })),
      count: bundle.count,
      costDollars: bundle.costMicroDollars / MICRO_DOLLARS,
      payoffDollars: bundle.payoffMicroDollars / MICRO_DOLLARS,
      findings,
      failing: findings.filter(({ headroom }) => !((headroom ?? -1) >= 0)).map(({ check }) => check),
    };
  };

  return {
    changed: (market) => {
      dirty.add(market);
    },
    look: (market, at, lawOf) => {
      if (!dirty.delete(market)) return [];
      const closes = new Map<Micros, BundleQuote[]>();
      for (const { market: own, contract, book, settled, state } of slots.values()) {
        if (own !== market || !contract || !book?.live || book.crossed || settled || state !== 'active')
          continue;
        const { closeAt, openAt, fee } = contract;
        const sums = settlementSums(contract);
        if (!sums || !fee || closeAt <= at || openAt > at) continue;
        const quotes = closes.get(closeAt) ?? [];
        if (quotes.length === 0) closes.set(closeAt, quotes);
        const { ticker, bidTicks, askTicks, bidCount, askCount } = book;
        quotes.push({ ticker, sums, fee, bidTicks, askTicks, bidCount, askCount });
      }
      const there = new Set<string>();
      const passing: SeenBundle[] = [];
      for (const [closeAt, quotes] of closes) {
        if (quotes.length < 2) continue;
        tellLadder(market, at, closeAt, lawOf(closeAt), quotes);
        const before = there.size;
        for (const bundle of findBundles(quotes, terms)) {
          const key = keyOf(closeAt, bundle);
          there.add(key);
          const event = seen(market, at, closeAt, bundle);
          if (open.has(key)) continue;
          open.set(key, { market, event });
          tell(event);
        }
        if (!settings.enabled || there.size === before) continue;
        for (const bundle of findBundles(quotes.map(cut), terms)) {
          const event = seen(market, at, closeAt, bundle);
          if (event.failing.length === 0) passing.push({ key: keyOf(closeAt, bundle), bundle, event });
        }
      }
      for (const [key, { market: own, event }] of open) {
        if (own !== market || there.has(key)) continue;
        open.delete(key);
        tell({ ...event, at, state: 'gone', lastedMicros: at - event.at });
      }
      for (const [key, since] of readAt) if (at - since > 3_600_000_000) readAt.delete(key);
      return passing;
    },
  };
}
