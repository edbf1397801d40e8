import type { Asset } from '../domain/asset.ts';
import type { KrakenBookChecked, SpotTop } from '../domain/events/market.ts';
import type { Gap, KrakenOhlc, SpotTrade } from '../domain/events/venue.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { FEATURE_VENUE, type SpotVenue, spotVenueNames } from '../domain/venues.ts';
import { majorityOf } from './agreement.ts';
import { type Basis, type BasisSettings, basis } from './basis.ts';
import { type MinuteMean, minuteMean } from './minute-mean.ts';
import type { PricingSettings } from './settings.ts';
import type { SettledValue } from './settled-value.ts';

/** One venue's present estimate of the index. */
export interface SpotPrice {
  readonly venue: SpotVenue;
  /** The time of the venue's price, and when it was received. */
  readonly at: Micros;
  readonly receivedAt: Micros;
  /** The log of the price, moved by the venue's basis to the index. */
  readonly log: number;
  /** Variance of its error as an estimate of the index; undefined while the basis is not known. */
  readonly variance: number | undefined;
}

/** A price of one venue, in dollars, with both clocks. */
interface Quote {
  readonly at: Micros;
  readonly receivedAt: Micros;
  readonly price: number;
}

/** The last price of one kind from one venue, with its own basis to the index. */
interface Source {
  readonly venue: SpotVenue;
  quote: Quote | undefined;
  readonly basis: Basis;
  readonly minutes: MinuteMean;
  /** Receipt of the last print that the basis learned from. */
  printAt: Micros;
}

type Kind = 'top' | 'trade' | 'minute';

/** The latest prices of one asset's spot venues. */
export interface SpotSources {
  /**
   * Takes in a price. True if it was new: of this asset's symbol, positive, and not older than the one
   * before. A book counts only after its checksum has passed, and then its middle is its price.
   */
  readonly receive: (event: SpotTop | SpotTrade | KrakenOhlc | KrakenBookChecked) => boolean;
  /**
   * Learns each venue's basis from a print of the index that is believed, received at `receivedAt`. A price
   * that is not of the same time (`freshMicros`), or further away than `farthest` (in logs), teaches nothing.
   */
  readonly learn: (dollars: number, receivedAt: Micros, freshMicros: Micros, farthest: number) => void;
  /**
   * Learns each venue's basis from the value that a quarter of an hour settled at, by the venue's own mean
   * over that minute. It teaches nothing where prints have, where the same value was already given for
   * another close, where it came before its close, where more than half of the venues that can tell
   * contradict it, or where it is further away than `farthest` (in logs).
   */
  readonly settle: (value: SettledValue, receivedAt: Micros, farthest: number) => void;
  /** Forgets the prices that a gap voids, and the bases too at the start of a session. */
  readonly forget: (gap: Gap) => void;
  /**
   * One price of each venue that has one at most `maxAgeMicros` old, in the order of the venues: the middle
   * of its book, else its last trade.
   */
  readonly fresh: (now: Micros, maxAgeMicros: Micros) => readonly SpotPrice[];
  /** The newest price of any kind, if need be the close of a minute; undefined before the first. */
  readonly newest: () => SpotPrice | undefined;
}

const quoteOf = (event: SpotTop | SpotTrade | KrakenOhlc | KrakenBookChecked): Quote => {
  const { at, receivedAt } = event;
  switch (event.kind) {
    case 'spotTop':
      return { at, receivedAt, price: (event.bid + event.ask) / 2 };
    case 'spotTrade':
      return { at, receivedAt, price: event.price };
    case 'krakenOhlc':
      return {
        at: Math.min(at + event.intervalMinutes * MINUTE, receivedAt),
        receivedAt,
        price: event.close,
      };
    case 'krakenBookChecked': {
      const passed = event.verdict === 'passed';
      const middle = ((event.bids[0] ?? Number.NaN) + (event.asks[0] ?? Number.NaN)) / 2;
      return { at, receivedAt, price: passed ? middle / event.priceScale : Number.NaN };
    }
  }
};

const KINDS: Readonly<Record<'spotTop' | 'krakenBookChecked' | 'spotTrade' | 'krakenOhlc', Kind>> = {
  spotTop: 'top',
  krakenBookChecked: 'top',
  spotTrade: 'trade',
  krakenOhlc: 'minute',
};

/** Values of so many closes are remembered, so that one given for two of them is recognised. */
const KEPT_VALUES = 8;

/** Keeps the last price of each kind from each spot venue of an asset, each with its running basis. */
export function spotSources(
  settings: BasisSettings & Pick<PricingSettings['twin'], 'venueFreshMicros' | 'learnSettlements'>,
  asset: Pick<Asset, 'spot'>,
): SpotSources {
  const venues = new Map<SpotVenue, { readonly symbol: string } & Readonly<Record<Kind, Source>>>();
  for (const venue of spotVenueNames) {
    const symbol = asset.spot[venue];
    if (symbol === undefined) continue;
    const source = (): Source => ({
      venue,
      quote: undefined,
      basis: basis(settings),
      minutes: minuteMean(settings.venueFreshMicros),
      printAt: 0,
    });
    venues.set(venue, { symbol, top: source(), trade: source(), minute: source() });
  }
  /** In order of preference: of two equally new prices the first is used. */
  const sources = [
    ...[...venues.values()].flatMap(({ top, trade }) => [top, trade]),
    ...[...venues.values()].map(({ minute }) => minute),
  ];
  const isFresh = ({ quote }: Source, now: Micros, maxAgeMicros: Micros): boolean =>
    quote !== undefined && now - Math.min(quote.at, quote.receivedAt) <= maxAgeMicros;
  const priceOf = ({ venue, quote, basis: own }: Source): SpotPrice => {
    const { at, receivedAt, price } = quote ?? { at: 0, receivedAt: 0, price: Number.NaN };
    const { mean, variance } = own.read(receivedAt);
    return { venue, at, receivedAt, log: Math.log(price) + mean, variance };
  };
  /** Values by their close; a value may belong to one close only. */
  const values = new Map<Micros, number>();
  /** Closes that taught something. */
  const taught = new Set<Micros>();
  const isNews = ({ closeAt, dollars }: SettledValue): boolean => {
    if (taught.has(closeAt)) return false;
    for (const [other, value] of values) if (other !== closeAt && value === dollars) return false;
    values.set(closeAt, dollars);
    if (values.size > KEPT_VALUES)
      for (const oldest of values.keys()) {
        values.delete(oldest);
        taught.delete(oldest);
        break;
      }
    return true;
  };

  return {
    receive: (event) => {
      const known = venues.get(event.kind === 'krakenOhlc' ? FEATURE_VENUE : event.venue);
      if (known?.symbol !== event.symbol) return false;
      const kept = known[KINDS[event.kind]];
      const quote = quoteOf(event);
      if (!(quote.price > 0 && quote.price < 1e12)) return false;
      if (kept.quote !== undefined && quote.at < kept.quote.at) return false;
      kept.quote = quote;
      if (settings.learnSettlements) kept.minutes.add(quote.at, quote.price);
      return true;
    },
    learn: (dollars, receivedAt, freshMicros, farthest) => {
      for (const source of sources) {
        const { quote, basis: own } = source;
        if (quote === undefined || !isFresh(source, receivedAt, freshMicros)) continue;
        const difference = Math.log(dollars / quote.price);
        if (!(Math.abs(difference - own.read(receivedAt).mean) <= farthest)) continue;
        own.print(receivedAt, difference);
        source.printAt = receivedAt;
      }
    },
    settle: (value, receivedAt, farthest) => {
      const { closeAt, dollars } = value;
      if (!settings.learnSettlements || receivedAt < closeAt || !(dollars > 0) || !isNews(value)) return;
      const told: { readonly source: Source; readonly difference: number; readonly explained: boolean }[] =
        [];
      for (const { top, trade } of venues.values())
        for (const source of [top, trade]) {
          const mean = source.minutes.read(closeAt);
          if (mean === undefined || source.printAt >= closeAt - MINUTE) continue;
          const difference = Math.log(dollars / mean);
          if (!(Math.abs(difference - source.basis.read(closeAt).mean) <= farthest)) continue;
          told.push({ source, difference, explained: source.basis.explains(closeAt, difference) });
        }
      // A venue's book and its trades are one witness.
      const speaking = new Set(told.map(({ source }) => source.venue));
      const agreeing = new Set(told.flatMap(({ source, explained }) => (explained ? [source.venue] : [])));
      const believed = agreeing.size >= majorityOf(speaking.size);
      // What is explained only by a minority may be a price that went astray with the value.
      for (const { source, difference, explained } of told)
        if (believed || !explained) source.basis.settlement(closeAt, difference);
      if (believed && told.length > 0) taught.add(closeAt);
    },
    forget: ({ venue, cause, scope }) => {
      const all = cause === 'disconnect' || cause === 'session';
      for (const [name, { symbol, top, trade, minute }] of venues) {
        if (name !== venue || !(all || scope === symbol)) continue;
        for (const each of [top, trade, minute]) {
          each.quote = undefined;
          each.minutes.cut();
          if (cause !== 'session') continue;
          each.basis.reset();
          each.minutes.reset();
          each.printAt = 0;
          values.clear();
          taught.clear();
        }
      }
    },
    fresh: (now, maxAgeMicros) => {
      const used: SpotPrice[] = [];
      for (const { top, trade } of venues.values()) {
        if (isFresh(top, now, maxAgeMicros)) used.push(priceOf(top));
        else if (isFresh(trade, now, maxAgeMicros)) used.push(priceOf(trade));
      }
      return used;
    },
    newest: () => {
      let best: Source | undefined;
      for (const source of sources)
        if (source.quote !== undefined && source.quote.at > (best?.quote?.at ?? Number.NEGATIVE_INFINITY))
          best = source;
      return best && priceOf(best);
    },
  };
}
