import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { KrakenBookChecked, SpotTop } from '../../domain/events/market.ts';
import type { Gap, KrakenBookMessage, KrakenInstrument } from '../../domain/events/venue.ts';
import type { Decoded } from '../../operators/decode.ts';
import { type KrakenBook, krakenBook } from './book.ts';

/** BTC/USD's, until the instrument channel says otherwise. */
const DEFAULT_PRECISION = { pricePrecision: 1, quantityPrecision: 8 } as const;

/** One pair's book with the top last emitted (ticks; NaN before the first, so that the first always differs). */
interface Tracked {
  readonly book: KrakenBook;
  live: boolean;
  bidTicks: number;
  askTicks: number;
  bidQuantityTicks: number;
  askQuantityTicks: number;
}

type Output = SpotTop | Gap | KrakenBookChecked;

function voidBook(tracked: Tracked): void {
  tracked.book.clear();
  tracked.live = false;
  tracked.bidTicks = Number.NaN;
}

const checked = (
  { at, receivedAt, symbol }: KrakenBookMessage,
  verdict: KrakenBookChecked['verdict'],
  book: KrakenBook,
): KrakenBookChecked => ({ kind: 'krakenBookChecked', at, receivedAt, symbol, verdict, book });

/** The new top, where best price or quantity differs from the last one emitted and both sides have one. */
function changedTop(tracked: Tracked, { at, receivedAt, symbol }: KrakenBookMessage): SpotTop | undefined {
  const { book } = tracked;
  const { priceScale, quantityScale } = book;
  const bidTicks = book.bidTicks();
  const askTicks = book.askTicks();
  const bidQuantityTicks = book.bidQuantityTicks();
  const askQuantityTicks = book.askQuantityTicks();
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
function bookReducer(depth: number, subscriber: Subscriber<Output>): (event: Decoded) => void {
  const books = new Map<string, Tracked>();

  const track = (
    symbol: string,
    precision: Pick<KrakenInstrument, 'pricePrecision' | 'quantityPrecision'>,
  ): Tracked => {
    const { pricePrecision, quantityPrecision } = precision;
    const tracked: Tracked = {
      book: krakenBook({ depth, pricePrecision, quantityPrecision }),
      live: false,
      bidTicks: Number.NaN,
      askTicks: Number.NaN,
      bidQuantityTicks: Number.NaN,
      askQuantityTicks: Number.NaN,
    };
    books.set(symbol, tracked);
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

  const onMessage = (message: KrakenBookMessage): void => {
    const tracked = books.get(message.symbol) ?? track(message.symbol, DEFAULT_PRECISION);
    if (!tracked.live && !message.snapshot) {
      subscriber.next(checked(message, 'ignored', tracked.book));
      return;
    }
    const fault = tracked.book.apply(message);
    if (fault !== undefined) {
      voidBook(tracked);
      subscriber.next(checked(message, 'failed', tracked.book));
      subscriber.next(gap(message, fault));
      return;
    }
    tracked.live = true;
    subscriber.next(checked(message, 'passed', tracked.book));
    const top = changedTop(tracked, message);
    if (top) subscriber.next(top);
  };

  const onInstrument = (instrument: KrakenInstrument): void => {
    const { symbol, pricePrecision, quantityPrecision } = instrument;
    const known = books.get(symbol);
    const { shape } = known?.book ?? {};
    if (shape?.pricePrecision === pricePrecision && shape.quantityPrecision === quantityPrecision) return;
    track(symbol, instrument);
    if (known?.live)
      subscriber.next(
        gap(instrument, `precision became ${pricePrecision} and ${quantityPrecision} decimals`),
      );
  };

  return (event) => {
    if (event.kind === 'krakenBook') onMessage(event);
    else if (event.kind === 'krakenInstrument') onInstrument(event);
    else if (
      event.kind === 'gap' &&
      (event.cause === 'session' || (event.venue === 'kraken' && event.cause === 'disconnect'))
    )
      books.forEach(voidBook);
  };
}

/**
 * Kraken's books, one a symbol, from what the codec gives. For each book message emits a `krakenBookChecked`, then a `spotTop` where the best
 * price or quantity of either side changed. A message that does not hold (checksum, or a price off the tick grid) gives one
 * `gap` of cause `checksum` and voids the book; until the next snapshot its updates are ignored, each with that verdict. An instrument event
 * whose precision differs voids a live book likewise. An incoming gap of cause `session`, or Kraken's `disconnect`, voids every
 * book and is not repeated. A side that becomes empty gives no `spotTop` until it is filled. Everything else is dropped.
 */
export function krakenBooks(options: { readonly depth: number }): OperatorFunction<Decoded, Output> {
  return (source) =>
    new Observable((subscriber) => {
      const onEvent = bookReducer(options.depth, subscriber);
      return source.subscribe({
        next: onEvent,
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
