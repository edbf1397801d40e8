import { dollarsOfUnits } from '../domain/contracts.ts';
import type { PriceDoubt } from '../domain/events/market.ts';
import type { IndexPrint } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { bandOf, majorityOf } from './agreement.ts';
import type { PricingSettings } from './settings.ts';
import type { SpotPrice } from './spot-sources.ts';

/** What the gate tells of a print: the print itself once it is believed, or a doubt. */
export type Judged = IndexPrint | PriceDoubt;

/** Decides which prints of the index are believed. */
export interface PrintGate {
  /** Judges a print by the venues' prices at its receipt. */
  readonly receive: (print: IndexPrint, spots: readonly SpotPrice[]) => readonly Judged[];
  /** True while a print is held. */
  readonly holds: () => boolean;
  /** Judges the held prints again, because a venue's price has changed. */
  readonly again: (now: Micros, spots: readonly SpotPrice[]) => readonly Judged[];
  /** Forgets everything: the feed broke, so the next print is judged by the venues alone. */
  readonly reset: () => void;
}

/** A print as a log, with its time. */
interface Point {
  readonly at: Micros;
  readonly log: number;
}

/** At most so many prints are held. The fast channel sends six a second, and none is held for long. */
const MOST_HELD = 64;

const NONE: readonly Judged[] = [];

/**
 * A print is believed if more than half of the spot venues with a price of its time (`sameTimeMicros`) lie
 * within their band of it. It is also believed if it goes on from the last believed print by no more than the
 * volatility explains, unless those venues have contradicted the index for `unsupportedMicros`. Any other print is held: no state is built on it,
 * and a `priceDoubt` tells it. A held print becomes believed if the venues come to its price within
 * `holdMicros`; then it is dropped for good. So a jump that really happened is taken as soon as an
 * independent venue shows it, and one bad print costs nothing but itself.
 *
 * Without any venue there is nothing to compare with: then a jump is taken once the prints have stayed there
 * for `aloneMicros`. The checks trade on no index that stands alone. The bands use one volatility from the
 * settings, because the forecast's own is built on these prints.
 */
export function printGate(settings: PricingSettings['twin'], asset: { readonly name: string }): PrintGate {
  const { agree } = settings;
  const errorVariance = (settings.errorBasisPoints / 10_000) ** 2;
  const held: IndexPrint[] = [];
  let last: Point | undefined;
  let supportedAt = Number.NEGATIVE_INFINITY;
  /** The first and the last of the held prints that go on from each other. */
  let run: { readonly since: Micros; readonly end: Point } | undefined;

  const pointOf = ({ at, units, decimals }: IndexPrint): Point => ({
    at,
    log: Math.log(dollarsOfUnits(units, decimals)),
  });
  const near = (one: Point, other: Point, variance: number): boolean =>
    Math.abs(one.log - other.log) <= bandOf(agree, variance, agree.volatility, one.at - other.at);
  /** True if the venues of the print's own time support it, false if not, undefined if there is none. */
  const supported = (point: Point, spots: readonly SpotPrice[]): boolean | undefined => {
    let speaking = 0;
    let agreeing = 0;
    for (const spot of spots) {
      // The band of an old price is so wide that it would confirm a jump which it knows nothing of.
      if (Math.abs(point.at - spot.at) > agree.sameTimeMicros) continue;
      speaking++;
      if (near(point, spot, spot.variance ?? errorVariance)) agreeing++;
    }
    return speaking === 0 ? undefined : agreeing >= majorityOf(speaking);
  };
  /**
   * True if the volatility explains a print after the last one. Against venues that contradict it, silence
   * before it explains nothing: the venues have shown where the price went meanwhile.
   */
  const goesOn = (point: Point, before: Point, backed: boolean | undefined, now: Micros): boolean => {
    if (backed !== false) return near(point, before, 0);
    const since = Math.min(Math.abs(point.at - before.at), agree.sameTimeMicros);
    return (
      now - supportedAt <= agree.unsupportedMicros &&
      Math.abs(point.log - before.log) <= bandOf(agree, 0, agree.volatility, since)
    );
  };
  const believe = (point: Point): void => {
    if (last === undefined || point.at >= last.at) last = point;
  };
  const doubt = (print: IndexPrint, state: PriceDoubt['state'], spots: readonly SpotPrice[]): PriceDoubt => {
    const value = dollarsOfUnits(print.units, print.decimals);
    const [spot] = spots;
    const other = spot ? `${spot.venue} says ${Math.exp(spot.log).toFixed(2)}` : 'no spot venue is fresh';
    const before = last
      ? `the last believed print was ${Math.exp(last.log).toFixed(2)}`
      : 'no print was believed before';
    const verdict = {
      held: 'held until a spot venue confirms it',
      confirmed: 'confirmed by the spot venues',
      dropped: 'dropped: no spot venue confirmed it in time',
    }[state];
    return {
      kind: 'priceDoubt',
      at: print.at,
      receivedAt: print.receivedAt,
      asset: asset.name,
      source: 'index',
      state,
      value,
      why: `${print.indexId} print of ${value}: ${other}, ${before}; ${verdict}`,
    };
  };

  const expire = (now: Micros, spots: readonly SpotPrice[], told: Judged[]): void => {
    while (held.length > 0) {
      const oldest = held[0] as IndexPrint;
      if (now - oldest.receivedAt <= agree.holdMicros && held.length <= MOST_HELD) return;
      held.shift();
      told.push(doubt(oldest, 'dropped', spots));
    }
  };
  const again: PrintGate['again'] = (now, spots) => {
    if (held.length === 0) return NONE;
    const told: Judged[] = [];
    expire(now, spots, told);
    for (let i = 0; i < held.length; ) {
      const print = held[i] as IndexPrint;
      const point = pointOf(print);
      if (supported(point, spots) !== true) {
        i++;
        continue;
      }
      held.splice(i, 1);
      told.push(doubt(print, 'confirmed', spots), print);
      supportedAt = now;
      believe(point);
    }
    return told;
  };

  return {
    again,
    holds: () => held.length > 0,
    receive: (print, spots) => {
      const point = pointOf(print);
      const now = print.receivedAt;
      const alone = spots.length === 0;
      const backed = supported(point, spots);
      const follows = last === undefined ? backed === undefined : goesOn(point, last, backed, now);
      if (backed) supportedAt = now;
      if (backed || follows) {
        believe(point);
        run = undefined;
        return held.length === 0 ? [print] : [print, ...again(now, spots)];
      }
      run = { since: run && near(point, run.end, 0) ? run.since : now, end: point };
      if (alone && now - run.since >= agree.aloneMicros) {
        last = point;
        run = undefined;
        return [print];
      }
      held.push(print);
      return [doubt(print, 'held', spots), ...again(now, spots)];
    },
    reset: () => {
      held.length = 0;
      last = undefined;
      run = undefined;
      supportedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
