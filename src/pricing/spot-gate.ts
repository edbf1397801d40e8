import type { IndexValue, PriceDoubt } from '../domain/events/market.ts';
import type { Micros } from '../domain/time.ts';
import type { SpotVenue } from '../domain/venues.ts';
import { bandOf, lowerMedian } from './agreement.ts';
import type { PricingSettings } from './settings.ts';
import type { SpotPrice } from './spot-sources.ts';

/** The venues' prices that may make the twin, and what became doubtful or clear. */
export interface KeptPrices {
  readonly kept: readonly SpotPrice[];
  readonly doubts: readonly PriceDoubt[];
}

/** Decides which spot venues make the twin. */
export interface SpotGate {
  /** Judges the venues' prices as of `now`; `before` is the index or the twin as last published. */
  readonly judge: (
    now: Micros,
    prices: readonly SpotPrice[],
    before: Pick<IndexValue, 'at' | 'value'> | undefined,
  ) => KeptPrices;
  readonly reset: () => void;
}

const NO_DOUBTS: readonly PriceDoubt[] = [];

/**
 * A spot venue far from the others does not move the twin. Of three or more, those outside the band of their
 * median are left out. Of two that disagree, the one nearer to the last value is kept, since nobody can tell
 * which is wrong; the checks trade on neither. A venue that stands alone and jumps further than the
 * volatility explains is taken once its prices have stayed there for `confirmMicros`. Each venue is told once
 * when it becomes doubtful, and once when it is clear again.
 */
export function spotGate(settings: PricingSettings['twin'], asset: { readonly name: string }): SpotGate {
  const { agree } = settings;
  const errorVariance = (settings.errorBasisPoints / 10_000) ** 2;
  const doubted = new Set<SpotVenue>();
  let jumped: { readonly since: Micros; readonly price: SpotPrice } | undefined;

  const errorOf = ({ variance }: SpotPrice): number => variance ?? errorVariance;
  const band = (variance: number, apartMicros: Micros): number =>
    bandOf(agree, variance, agree.volatility, apartMicros);

  /** The prices that agree with each other, or all of them where that cannot be told. */
  const agreeing = (
    prices: readonly SpotPrice[],
    before: Pick<IndexValue, 'value'> | undefined,
  ): readonly SpotPrice[] => {
    const [first, second, third] = prices;
    if (first === undefined || second === undefined) return prices;
    if (third === undefined) {
      const widest = band(errorOf(first) + errorOf(second), first.at - second.at);
      if (Math.abs(first.log - second.log) <= widest || before === undefined) return prices;
      const last = Math.log(before.value);
      return [Math.abs(first.log - last) <= Math.abs(second.log - last) ? first : second];
    }
    const middle = lowerMedian(prices.map(({ log }) => log));
    const at = lowerMedian(prices.map((price) => price.at));
    return prices.filter(
      (price) => Math.abs(price.log - middle) <= band(errorOf(price) + errorVariance, price.at - at),
    );
  };
  /** True if a price that stands alone is where the last value lets it be, or has stayed there long enough. */
  const explained = (
    now: Micros,
    price: SpotPrice,
    before: Pick<IndexValue, 'at' | 'value'> | undefined,
  ): boolean => {
    if (
      before === undefined ||
      Math.abs(price.log - Math.log(before.value)) <= band(errorOf(price), price.at - before.at)
    ) {
      jumped = undefined;
      return true;
    }
    const stays =
      jumped?.price.venue === price.venue &&
      Math.abs(price.log - jumped.price.log) <= band(0, price.at - jumped.price.at);
    jumped = { since: stays && jumped ? jumped.since : now, price };
    if (now - jumped.since < agree.confirmMicros) return false;
    jumped = undefined;
    return true;
  };
  const doubt = (price: SpotPrice, state: PriceDoubt['state'], why: string): PriceDoubt => ({
    kind: 'priceDoubt',
    at: price.at,
    receivedAt: price.receivedAt,
    asset: asset.name,
    source: price.venue,
    state,
    value: Math.exp(price.log),
    why,
  });

  return {
    judge: (now, prices, before) => {
      const together = agreeing(prices, before);
      const [only] = together;
      const alone = prices.length === 1 && only !== undefined;
      const kept = alone && !explained(now, only, before) ? [] : together;
      if (!alone) jumped = undefined;
      if (kept.length === prices.length && doubted.size === 0) return { kept, doubts: NO_DOUBTS };
      const doubts: PriceDoubt[] = [];
      for (const price of prices) {
        const { venue } = price;
        const value = Math.exp(price.log).toFixed(2);
        const believed = kept.includes(price);
        if (believed && doubted.delete(venue))
          doubts.push(doubt(price, 'confirmed', `${venue} at ${value} makes the twin again`));
        else if (!believed && !doubted.has(venue)) {
          doubted.add(venue);
          const against =
            before === undefined ? 'the other venues' : `the last value ${before.value.toFixed(2)}`;
          doubts.push(
            doubt(
              price,
              'held',
              `${venue} at ${value} is too far from ${against}: it does not move the twin`,
            ),
          );
        }
      }
      return { kept, doubts };
    },
    reset: () => {
      doubted.clear();
      jumped = undefined;
    },
  };
}
