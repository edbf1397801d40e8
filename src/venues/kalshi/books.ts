import { Observable, type OperatorFunction } from 'rxjs';
import type { ContractBookChanged } from '../../domain/events/market.ts';
import type { Acknowledgement, ContractDelta, ContractSnapshot, Gap } from '../../domain/events/venue.ts';
import type { Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { type ContractBook, createBook } from './book.ts';

/** Sequence of one subscription: the last number seen and the duplicates dropped since the last hole. */
interface Sequence {
  last: number;
  duplicates: number;
}

/** A book belongs to the subscription that sent its snapshot. */
interface Entry {
  readonly book: ContractBook;
  /** Undefined for a book read by REST, which no delta follows. */
  sid: number | undefined;
}

/** Error codes that end a subscription: channel error, buffer overflow (docs.kalshi.com/websockets). */
const TERMINAL = /^(10|25):/;

/**
 * Rebuilds every book of the stream, all tickers in one reducer; events that are not Kalshi's or carry no book pass it by.
 * Emits each change once and, for what it finds itself, a `gap`; gaps that come in are obeyed, not repeated.
 *
 * Sequence numbers count every sequenced frame of a `sid`, whatever market or kind (docs.kalshi.com/websockets: replies, trades, lifecycle
 * and index prints too). The first number seen on a sid is taken as it is: no book can be older. Number 1 again means that the
 * subscription was made anew, as recordings show at each quarter-hour: its books are void until their snapshots, and that is no gap. Any
 * other number at or below the last is a duplicate and dropped; the next gap's detail counts them. A hole makes every book of the sid not live: one gap named `sid N`, then one
 * change a book. The frame that showed the hole counts as in sequence, so a snapshot revives its book at once; deltas wait for theirs.
 *
 * A delta for a ticker without a live book on its sid is ignored. One that would make a level negative voids that book with a gap named
 * by the ticker. The empty snapshot at close leaves a live book without sides. `unsubscribed`, a terminal error and a new `subscribed`
 * void the books of their sid; a snapshot read by REST has no sid and simply replaces the book. A session or a disconnect
 * voids all of them. A reply that lists a subscription's markets lets go of the books that are not among them. A determined or settled market's book is let go.
 */
export function kalshiBooks(): OperatorFunction<Decoded, ContractBookChanged | Gap> {
  return (source) =>
    new Observable((to) => {
      const sequences = new Map<number, Sequence>();
      const books = new Map<string, Entry>();

      const gap = (
        { at, receivedAt }: Stamped,
        cause: 'sequence' | 'negativeLevel',
        scope: string,
        detail: string,
      ): void => to.next({ kind: 'gap', at, receivedAt, venue: 'kalshi', cause, scope, detail });

      const changed = (
        { at, receivedAt }: Stamped,
        book: ContractBook,
        topChanged: boolean,
        delta: ContractBookChanged['delta'],
      ): void =>
        to.next({ kind: 'contractBook', at, receivedAt, ticker: book.ticker, book, topChanged, delta });

      /** Voids the live books of a sid, or of all; tells of them after `before` has spoken, when none can be read as live any more. */
      const quarantine = (
        stamp: Stamped,
        sid: number | undefined,
        before: (voided: number) => void,
      ): void => {
        const voided: ContractBook[] = [];
        for (const entry of books.values())
          if (entry.book.live && (sid === undefined || entry.sid === sid)) voided.push(entry.book);
        for (const book of voided) book.quarantine();
        before(voided.length);
        for (const book of voided) changed(stamp, book, true, undefined);
      };

      /** False for a duplicate. */
      const advance = (event: Stamped & { readonly sid: number; readonly seq: number }): boolean => {
        const sequence = sequences.get(event.sid);
        if (sequence === undefined) {
          sequences.set(event.sid, { last: event.seq, duplicates: 0 });
          return true;
        }
        const { last, duplicates } = sequence;
        if (event.seq === last + 1) {
          sequence.last = event.seq;
          return true;
        }
        if (event.seq <= last && (event.seq > 1 || last === 1)) {
          sequence.duplicates++;
          return false;
        }
        sequence.last = event.seq;
        sequence.duplicates = 0;
        if (event.seq === 1) {
          quarantine(event, event.sid, () => {});
          return true;
        }
        quarantine(event, event.sid, (voided) =>
          gap(
            event,
            'sequence',
            `sid ${event.sid}`,
            `seq ${event.seq} after ${last}, ${voided} books void${duplicates > 0 ? `, ${duplicates} duplicates before` : ''}`,
          ),
        );
        return true;
      };

      const onSnapshot = (event: ContractSnapshot): void => {
        let entry = books.get(event.ticker);
        if (entry === undefined) {
          entry = { book: createBook(event.ticker), sid: event.sid };
          books.set(event.ticker, entry);
        }
        entry.sid = event.sid;
        const { book } = entry;
        const { live, bidTicks, askTicks, bidCount, askCount } = book;
        book.load(event.bids, event.asks);
        const same =
          live &&
          book.bidTicks === bidTicks &&
          book.askTicks === askTicks &&
          book.bidCount === bidCount &&
          book.askCount === askCount;
        changed(event, book, !same, undefined);
      };

      const onDelta = (event: ContractDelta): void => {
        const entry = books.get(event.ticker);
        if (entry === undefined || entry.sid !== event.sid || !entry.book.live) return;
        const { book } = entry;
        const { side, priceTicks, delta } = event;
        const moved = book.change(side, priceTicks, delta);
        if (moved === 'negative') {
          const shown = book.countAt(side, priceTicks);
          book.quarantine();
          gap(event, 'negativeLevel', event.ticker, `${side} ${priceTicks} ticks: ${shown} and ${delta}`);
          changed(event, book, true, undefined);
          return;
        }
        changed(event, book, moved === 'top', { side, priceTicks, change: delta });
      };

      /** Markets that left a subscription are told of no more: their books are let go, void. */
      const keepOnly = (stamp: Stamped, sid: number, tickers: ReadonlySet<string>): void => {
        for (const [ticker, { book, sid: own }] of books) {
          if (own !== sid || tickers.has(ticker)) continue;
          books.delete(ticker);
          if (!book.live) continue;
          book.quarantine();
          changed(stamp, book, true, undefined);
        }
      };

      const onAcknowledgement = (event: Acknowledgement): void => {
        const { sid, seq, method } = event;
        if (event.venue !== 'kalshi' || sid === undefined) return;
        if (method === 'subscribed') {
          sequences.delete(sid);
          quarantine(event, sid, () => {});
          return;
        }
        if (seq !== undefined && !advance({ at: event.at, receivedAt: event.receivedAt, sid, seq })) return;
        if (event.tickers) keepOnly(event, sid, new Set(event.tickers));
        const terminal = !event.accepted && TERMINAL.test(event.detail ?? '');
        if (!terminal && method !== 'unsubscribed') return;
        sequences.delete(sid);
        quarantine(event, sid, (voided) => {
          if (terminal)
            gap(
              event,
              'sequence',
              `sid ${sid}`,
              `subscription ended by ${event.detail}, ${voided} books void`,
            );
        });
      };

      const onGap = (event: Gap): void => {
        if (event.venue !== 'kalshi' || (event.cause !== 'session' && event.cause !== 'disconnect')) return;
        sequences.clear();
        quarantine(event, undefined, () => books.clear());
      };

      return source.subscribe({
        next: (event) => {
          switch (event.kind) {
            case 'contractDelta':
              if (advance(event)) onDelta(event);
              return;
            case 'contractSnapshot': {
              const { at, receivedAt, sid, seq } = event;
              if (sid === undefined || seq === undefined || advance({ at, receivedAt, sid, seq }))
                onSnapshot(event);
              return;
            }
            case 'contractTrade':
            case 'indexPrint':
              advance(event);
              return;
            case 'contractLifecycle': {
              if (!advance(event)) return;
              const entry = books.get(event.ticker);
              if (entry === undefined || (event.change !== 'determined' && event.change !== 'settled'))
                return;
              books.delete(event.ticker);
              if (!entry.book.live) return;
              entry.book.quarantine();
              changed(event, entry.book, true, undefined);
              return;
            }
            case 'acknowledgement':
              onAcknowledgement(event);
              return;
            case 'gap':
              onGap(event);
              return;
          }
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
