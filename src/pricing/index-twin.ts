import { Observable, type OperatorFunction } from 'rxjs';
import type { IndexValue, SpotTop } from '../domain/events/market.ts';
import type { Gap, IndexPrint, VenueEvent } from '../domain/events/venue.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { basisTracker } from './basis.ts';
import type { PricingSettings } from './settings.ts';

/** A price of one venue, in dollars, with both clocks. */
interface Quote {
  readonly at: Micros;
  readonly receivedAt: Micros;
  readonly price: number;
}

/** Where prices come from, best first within a venue: Kraken's mid says more than its last trade, and both more than its last minute. */
const SOURCES = ['krakenTop', 'krakenTrade', 'coinbaseTrade', 'krakenMinute'] as const;
type Source = (typeof SOURCES)[number];

const VENUES: readonly (readonly Source[])[] = [['krakenTop', 'krakenTrade'], ['coinbaseTrade']];

/**
 * The index that settles contracts, or a stand-in that says so.
 *
 * A print of the index is the truth, with no error. When none has come for `staleMicros` by our clock, or none ever has, the median of the
 * fresh spot venues stands in, each moved by its own running basis; without a fresh one, the newest price there is, with its own time, from
 * which pricing counts variance: the last minute's close at worst. A gap voids what the venue said. Emits only what changed.
 */
export function indexTwin(
  settings: PricingSettings['twin'],
): OperatorFunction<VenueEvent | SpotTop | Gap, IndexValue> {
  return (source) =>
    new Observable((subscriber) => {
      const quotes: Record<Source, Quote | undefined> = {
        krakenTop: undefined,
        krakenTrade: undefined,
        coinbaseTrade: undefined,
        krakenMinute: undefined,
      };
      const bases = Object.fromEntries(SOURCES.map((name) => [name, basisTracker(settings)])) as Record<
        Source,
        ReturnType<typeof basisTracker>
      >;
      let truth: IndexPrint | undefined;
      let told: IndexValue | undefined;

      const fresh = (quote: Quote | undefined, now: Micros): boolean =>
        quote !== undefined && now - Math.min(quote.at, quote.receivedAt) <= settings.venueFreshMicros;

      const standIn = (now: Micros): IndexValue | undefined => {
        let used: Source[] = [];
        for (const venue of VENUES) {
          const name = venue.find((candidate) => fresh(quotes[candidate], now));
          if (name !== undefined) used.push(name);
        }
        if (used.length === 0) used = newestOf(quotes);
        return used.length === 0 ? undefined : combine(used, now);
      };

      const combine = (used: readonly Source[], receivedAt: Micros): IndexValue => {
        let logs = 0;
        let variance = 0;
        let at = Number.POSITIVE_INFINITY;
        // Two venues at most, and the median of two is their mean. The older time is kept, so that age is never understated.
        for (const name of used) {
          const { mean, variance: own } = bases[name].read();
          const quote = quotes[name];
          logs += Math.log(quote?.price ?? Number.NaN) + mean;
          variance += own;
          at = Math.min(at, quote?.at ?? receivedAt);
        }
        const error = (settings.errorBasisPoints / 10_000) ** 2;
        return {
          kind: 'index',
          at,
          receivedAt,
          value: Math.exp(logs / used.length),
          source: 'twin',
          variance: error + variance / used.length,
        };
      };

      const tell = (value: IndexValue): void => {
        const same =
          told !== undefined &&
          told.source === value.source &&
          told.value === value.value &&
          told.variance === value.variance &&
          (value.at === told.at || (value.source === 'twin' && value.at < told.at + settings.refreshMicros));
        if (same) return;
        told = value;
        subscriber.next(value);
      };

      const hear = (name: Source, quote: Quote): void => {
        const last = quotes[name];
        if (!(quote.price > 0 && quote.price < 1e12) || (last !== undefined && quote.at < last.at)) return;
        quotes[name] = quote;
        if (truth !== undefined && quote.receivedAt - truth.receivedAt <= settings.staleMicros) return;
        const value = standIn(quote.receivedAt);
        // A stand-in from before the last print knows less than the print.
        if (value !== undefined && !(truth !== undefined && value.at <= truth.at)) tell(value);
      };

      const print = (event: IndexPrint): void => {
        if (event.indexId !== settings.indexId || !(event.cents > 0)) return;
        if (truth !== undefined && event.at < truth.at) return;
        truth = event;
        const value = event.cents / 100;
        if (event.hertz === 1)
          for (const name of SOURCES) {
            const quote = quotes[name];
            if (quote !== undefined && fresh(quote, event.receivedAt))
              bases[name].add(Math.log(value / quote.price));
          }
        tell({
          kind: 'index',
          at: event.at,
          receivedAt: event.receivedAt,
          value,
          source: 'brti',
          variance: 0,
        });
      };

      const forget = ({ venue, cause }: Gap): void => {
        // A hole in Kalshi's book sequences says nothing of a print that came.
        if (venue === 'kalshi' && (cause === 'disconnect' || cause === 'session')) truth = undefined;
        for (const name of SOURCES) {
          if (!name.startsWith(venue)) continue;
          quotes[name] = undefined;
          if (cause === 'session') bases[name].reset();
        }
      };

      return source.subscribe({
        next: (event) => {
          switch (event.kind) {
            case 'indexPrint':
              return print(event);
            case 'spotTop':
              if (settings.symbols.includes(event.symbol))
                hear('krakenTop', {
                  at: event.at,
                  receivedAt: event.receivedAt,
                  price: (event.bid + event.ask) / 2,
                });
              return;
            case 'spotTrade':
              if (settings.symbols.includes(event.symbol))
                hear(event.venue === 'kraken' ? 'krakenTrade' : 'coinbaseTrade', event);
              return;
            case 'krakenOhlc':
              if (settings.symbols.includes(event.symbol))
                hear('krakenMinute', {
                  at: Math.min(event.at + event.intervalMinutes * MINUTE, event.receivedAt),
                  receivedAt: event.receivedAt,
                  price: event.close,
                });
              return;
            case 'gap':
              return forget(event);
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}

/** The newest price of all, from which variance is then counted. */
function newestOf(quotes: Readonly<Record<Source, Quote | undefined>>): Source[] {
  let best: Source | undefined;
  for (const name of SOURCES) {
    const quote = quotes[name];
    if (quote !== undefined && (best === undefined || quote.at > (quotes[best]?.at ?? 0))) best = name;
  }
  return best === undefined ? [] : [best];
}
