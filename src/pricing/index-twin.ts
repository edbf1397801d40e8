import { Observable, type OperatorFunction } from 'rxjs';
import type { Asset } from '../domain/asset.ts';
import { dollarsOfUnits } from '../domain/contracts.ts';
import type { IndexValue, SpotTop } from '../domain/events/market.ts';
import type { Gap, IndexPrint, VenueEvent } from '../domain/events/venue.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { EXCHANGE, FEATURE_VENUE, type SpotVenue, spotVenueNames } from '../domain/venues.ts';
import { type BasisTracker, basisTracker } from './basis.ts';
import type { PricingSettings } from './settings.ts';
import { weightedMiddle } from './weighted-middle.ts';

/** A price of one venue, in dollars, with both clocks. */
interface Quote {
  readonly at: Micros;
  readonly receivedAt: Micros;
  readonly price: number;
}

/** The last price of one kind from one venue, with its own basis to the index. */
interface Source {
  quote: Quote | undefined;
  readonly basis: BasisTracker;
}

/**
 * Prices of one venue, best first: the middle of the book is better than the last trade, and both are better
 * than the close of the last minute.
 */
interface Sources {
  readonly symbol: string;
  readonly top: Source;
  readonly trade: Source;
  readonly minute: Source;
}

/**
 * The index that settles an asset's contracts, or its twin, marked as such.
 *
 * A print is the index itself, without error. If no print has come for `staleMicros` by our clock, or none at
 * all, the twin takes over: the weighted middle of the asset's fresh spot venues, each corrected by its own
 * running basis. If no venue is fresh, the twin is the newest price of all, if need be the close of the last
 * minute. It keeps the time of that price, and pricing counts variance from there. A gap voids the venue's
 * prices. Only changes are emitted.
 */
export function indexTwin(
  settings: PricingSettings['twin'],
  asset: Pick<Asset, 'name' | 'spot' | 'indexId'>,
): OperatorFunction<VenueEvent | SpotTop | Gap, IndexValue> {
  const errorVariance = (settings.errorBasisPoints / 10_000) ** 2;
  return (source) =>
    new Observable((subscriber) => {
      const newSource = (): Source => ({ quote: undefined, basis: basisTracker(settings) });
      const venues = new Map<SpotVenue, Sources>();
      for (const venue of spotVenueNames) {
        const symbol = asset.spot[venue];
        if (symbol !== undefined)
          venues.set(venue, { symbol, top: newSource(), trade: newSource(), minute: newSource() });
      }
      /** In order of preference: of two equally new prices the first is used. */
      const sources = [
        ...[...venues.values()].flatMap(({ top, trade }) => [top, trade]),
        ...[...venues.values()].map(({ minute }) => minute),
      ];
      let truth: IndexPrint | undefined;
      let published: IndexValue | undefined;

      const fresh = ({ quote }: Source, now: Micros): boolean =>
        quote !== undefined && now - Math.min(quote.at, quote.receivedAt) <= settings.venueFreshMicros;

      const standIn = (now: Micros): IndexValue | undefined => {
        const used: Source[] = [];
        for (const { top, trade } of venues.values()) {
          if (fresh(top, now)) used.push(top);
          else if (fresh(trade, now)) used.push(trade);
        }
        if (used.length === 0) {
          const newest = newestOf(sources);
          if (newest) used.push(newest);
        }
        return used.length === 0 ? undefined : combine(used, now);
      };

      const combine = (used: readonly Source[], receivedAt: Micros): IndexValue => {
        const { log, variance } = weightedMiddle(
          used.map(({ quote, basis }) => {
            const { mean, variance: basisVariance } = basis.read();
            return { log: Math.log(quote?.price ?? Number.NaN) + mean, basisVariance };
          }),
          errorVariance,
        );
        return {
          kind: 'index',
          asset: asset.name,
          // The oldest time is used, so that the age is never understated.
          at: Math.min(...used.map(({ quote }) => quote?.at ?? receivedAt)),
          receivedAt,
          value: Math.exp(log),
          source: 'twin',
          variance,
        };
      };

      const publish = (value: IndexValue): void => {
        const same =
          published !== undefined &&
          published.source === value.source &&
          published.value === value.value &&
          published.variance === value.variance &&
          (value.at === published.at ||
            (value.source === 'twin' && value.at < published.at + settings.refreshMicros));
        if (same) return;
        published = value;
        subscriber.next(value);
      };

      const receive = (
        venue: SpotVenue,
        kind: 'top' | 'trade' | 'minute',
        symbol: string,
        { at, receivedAt, price }: Quote,
      ): void => {
        const known = venues.get(venue);
        if (known?.symbol !== symbol) return;
        const kept = known[kind];
        if (!(price > 0 && price < 1e12) || (kept.quote !== undefined && at < kept.quote.at)) return;
        kept.quote = { at, receivedAt, price };
        if (truth !== undefined && receivedAt - truth.receivedAt <= settings.staleMicros) return;
        const value = standIn(receivedAt);
        // A twin of an earlier time than the last print is worth less than the print.
        if (value !== undefined && !(truth !== undefined && value.at <= truth.at)) publish(value);
      };

      const print = (event: IndexPrint): void => {
        if (event.indexId !== asset.indexId || !(event.units > 0)) return;
        if (truth !== undefined && event.at < truth.at) return;
        truth = event;
        const { at, receivedAt } = event;
        const value = dollarsOfUnits(event.units, event.decimals);
        if (event.hertz === 1)
          for (const { quote, basis } of sources.filter((each) => fresh(each, receivedAt)))
            if (quote) basis.add(Math.log(value / quote.price));
        publish({ kind: 'index', asset: asset.name, at, receivedAt, value, source: 'prints', variance: 0 });
      };

      const forget = ({ venue, cause, scope }: Gap): void => {
        const all = cause === 'disconnect' || cause === 'session';
        // A hole in the sequence of the exchange's books does not make the last print wrong.
        if (venue === EXCHANGE && all) truth = undefined;
        for (const [name, { symbol, top, trade, minute }] of venues) {
          if (name !== venue || !(all || scope === symbol)) continue;
          for (const each of [top, trade, minute]) {
            each.quote = undefined;
            if (cause === 'session') each.basis.reset();
          }
        }
      };

      return source.subscribe({
        next: (event) => {
          switch (event.kind) {
            case 'indexPrint':
              return print(event);
            case 'spotTop': {
              const { venue, symbol, at, receivedAt, bid, ask } = event;
              return receive(venue, 'top', symbol, { at, receivedAt, price: (bid + ask) / 2 });
            }
            case 'spotTrade':
              return receive(event.venue, 'trade', event.symbol, event);
            case 'krakenOhlc': {
              const { symbol, receivedAt, close: price, intervalMinutes } = event;
              const at = Math.min(event.at + intervalMinutes * MINUTE, receivedAt);
              return receive(FEATURE_VENUE, 'minute', symbol, { at, receivedAt, price });
            }
            case 'gap':
              return forget(event);
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}

/** The newest price of all. Variance is then counted from its time. */
function newestOf(sources: readonly Source[]): Source | undefined {
  let best: Source | undefined;
  for (const source of sources)
    if (source.quote !== undefined && source.quote.at > (best?.quote?.at ?? Number.NEGATIVE_INFINITY))
      best = source;
  return best;
}
