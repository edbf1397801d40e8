import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { KrakenBookChecked, SpotTop } from '../../domain/events/market.ts';
import type { Acknowledgement, Gap, KrakenBookMessage, KrakenInstrument } from '../../domain/events/venue.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';
import { type KrakenBook, krakenBook } from './book.ts';
import { bookOfSnapshot } from './precision.ts';

/**
 * One pair's book with the levels of the top last emitted (in ticks; NaN before the first, so that the first
 * always differs).
 */
interface Tracked {
  /** Undefined while the pair's precision is not known. */
  book: KrakenBook | undefined;
  /**
   * True if the precision came from the instrument channel. Otherwise it came from a snapshot's checksum, and
   * the next snapshot may change it.
   */
  instrumentKnown: boolean;
  live: boolean;
  version: number;
  bidTicks: number;
  askTicks: number;
  bidQuantityTicks: number;
  askQuantityTicks: number;
}

type Output = SpotTop | Gap | KrakenBookChecked;

/** The depths that Kraken grants (docs.kraken.com/api/docs/websocket-v2/book). */
const DEPTHS: readonly number[] = [10, 25, 100, 500, 1_000];

const NO_LEVELS: readonly number[] = [];

function voidBook(tracked: Tracked): void {
  if (tracked.live) tracked.version++;
  tracked.book?.clear();
  if (!tracked.instrumentKnown) tracked.book = undefined;
  tracked.live = false;
  tracked.bidTicks = Number.NaN;
}

const checked = (
  { at, receivedAt, symbol }: KrakenBookMessage,
  verdict: KrakenBookChecked['verdict'],
  { book, version }: Tracked,
): KrakenBookChecked => ({
  kind: 'krakenBookChecked',
  at,
  receivedAt,
  venue: 'kraken',
  symbol,
  verdict,
  version,
  priceScale: book?.priceScale ?? 0,
  quantityScale: book?.quantityScale ?? 0,
  bids: book?.bids() ?? NO_LEVELS,
  asks: book?.asks() ?? NO_LEVELS,
});

/** The new top, if a best price or quantity differs from the last one emitted and neither side is empty. */
function changedTop(tracked: Tracked, { at, receivedAt, symbol }: KrakenBookMessage): SpotTop | undefined {
  const { book } = tracked;
  if (!book) return undefined;
  const { priceScale, quantityScale } = book;
  const bids = book.bids();
  const asks = book.asks();
  // Read by index, because destructuring runs the array's iterator.
  const bidTicks = bids[0] ?? Number.NaN;
  const askTicks = asks[0] ?? Number.NaN;
  const bidQuantityTicks = bids[1] ?? Number.NaN;
  const askQuantityTicks = asks[1] ?? Number.NaN;
  if (
    bidTicks === tracked.bidTicks &&
    askTicks === tracked.askTicks &&
    bidQuantityTicks === tracked.bidQuantityTicks &&
    askQuantityTicks === tracked.askQuantityTicks
  )
    return undefined;
  tracked.bidTicks = bidTicks;
  tracked.askTicks = askTicks;
  tracked.bidQuantityTicks = bidQuantityTicks;
  tracked.askQuantityTicks = askQuantityTicks;
  // NaN: a side is empty.
  if (!(bidTicks > 0 && askTicks > 0)) return undefined;
  return {
    kind: 'spotTop',
    venue: 'kraken',
    at,
    receivedAt,
    symbol,
    bid: bidTicks / priceScale,
    ask: askTicks / priceScale,
    bidQuantity: bidQuantityTicks / quantityScale,
    askQuantity: askQuantityTicks / quantityScale,
  };
}

/** The reducer behind `krakenBooks`: one Map of books, created for each subscription. */
function bookReducer(configured: number, subscriber: Subscriber<Output>): (event: Decoded) => void {
  const pairs = new Map<string, Tracked>();
  const granted = new Map<string, number>();
  const depthOf = (symbol: string): number => granted.get(symbol) ?? configured;

  const track = (symbol: string): Tracked => {
    const tracked: Tracked = {
      book: undefined,
      instrumentKnown: false,
      live: false,
      version: 0,
      bidTicks: Number.NaN,
      askTicks: Number.NaN,
      bidQuantityTicks: Number.NaN,
      askQuantityTicks: Number.NaN,
    };
    pairs.set(symbol, tracked);
    return tracked;
  };

  const gap = ({ at, receivedAt, symbol }: KrakenBookMessage | KrakenInstrument, detail: string): Gap => ({
    kind: 'gap',
    at,
    receivedAt,
    venue: 'kraken',
    cause: 'checksum',
    scope: symbol,
    detail,
  });

  /** Applies a message. Returns what is wrong with it, or undefined. */
  const apply = (tracked: Tracked, message: KrakenBookMessage): string | undefined => {
    if (tracked.book && message.snapshot && tracked.book.shape.depth !== depthOf(message.symbol))
      tracked.book = tracked.instrumentKnown
        ? krakenBook({ ...tracked.book.shape, depth: depthOf(message.symbol) })
        : undefined;
    if (tracked.book && (tracked.instrumentKnown || !message.snapshot)) return tracked.book.apply(message);
    tracked.book = bookOfSnapshot(message, depthOf(message.symbol));
    return tracked.book ? undefined : `no precision gives the checksum of the message ${message.checksum}`;
  };

  const onMessage = (message: KrakenBookMessage): void => {
    const tracked = pairs.get(message.symbol) ?? track(message.symbol);
    if (!tracked.live && !message.snapshot) {
      subscriber.next(checked(message, 'ignored', tracked));
      return;
    }
    const fault = apply(tracked, message);
    if (fault !== undefined) {
      voidBook(tracked);
      subscriber.next(checked(message, 'failed', tracked));
      subscriber.next(gap(message, fault));
      return;
    }
    tracked.live = true;
    tracked.version++;
    subscriber.next(checked(message, 'passed', tracked));
    const top = changedTop(tracked, message);
    if (top) subscriber.next(top);
  };

  const onInstrument = (instrument: KrakenInstrument): void => {
    const { symbol, pricePrecision, quantityPrecision } = instrument;
    const tracked = pairs.get(symbol) ?? track(symbol);
    const { live, book } = tracked;
    tracked.instrumentKnown = true;
    if (book?.shape.pricePrecision === pricePrecision && book.shape.quantityPrecision === quantityPrecision)
      return;
    voidBook(tracked);
    tracked.book = krakenBook({ depth: depthOf(symbol), pricePrecision, quantityPrecision });
    if (live)
      subscriber.next(
        gap(instrument, `precision became ${pricePrecision} and ${quantityPrecision} decimals`),
      );
  };

  const onGranted = ({ venue, accepted, channel, symbol, depth }: Acknowledgement): void => {
    if (venue !== 'kraken' || !accepted || channel !== 'book' || symbol === undefined) return;
    if (!(depth !== undefined && DEPTHS.includes(depth))) return;
    granted.set(symbol, depth);
    const tracked = pairs.get(symbol);
    // A live book keeps its depth until its next snapshot, which makes the book anew.
    if (!tracked?.book || tracked.live || tracked.book.shape.depth === depth) return;
    tracked.book = tracked.instrumentKnown ? krakenBook({ ...tracked.book.shape, depth }) : undefined;
  };

  return (event) => {
    if (event.kind === 'krakenBook') onMessage(event);
    else if (event.kind === 'acknowledgement') onGranted(event);
    else if (event.kind === 'krakenInstrument') onInstrument(event);
    else if (
      event.kind === 'gap' &&
      (event.cause === 'session' || (event.venue === 'kraken' && event.cause === 'disconnect'))
    )
      pairs.forEach(voidBook);
  };
}

/**
 * Rebuilds Kraken's books, one per symbol, from the codec's events. For each book message it emits a
 * `krakenBookChecked`, then a `spotTop` if the best price or quantity of a side changed. A wrong message (by
 * its checksum, or with a price off the tick grid) gives one `gap` of cause `checksum` and voids the book.
 * Until the next snapshot its updates are ignored, each with the verdict `ignored`. An instrument event with
 * another precision also voids a live book. An incoming gap of cause `session`, or Kraken's `disconnect`,
 * voids every book and is not repeated. While a side is empty there is no `spotTop`. All other events are
 * dropped.
 *
 * `depth` holds until Kraken's acknowledgement of a subscription says how many levels it granted: a recording
 * is read as it was asked for.
 *
 * The decimals of price and quantity come from the instrument channel. If a snapshot comes before it, or the
 * tape has no such channel, the decimals are found from the snapshot itself: its checksum is computed from
 * the digits, so only the right decimals give it.
 */
export function krakenBooks(options: { readonly depth: number }): OperatorFunction<Decoded, Output> {
  return (source) =>
    new Observable((subscriber) => {
      const onEvent = bookReducer(options.depth, subscriber);
      return follow(source, subscriber, {
        next: onEvent,
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
