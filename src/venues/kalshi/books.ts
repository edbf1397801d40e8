import { Observable, type OperatorFunction } from 'rxjs';
import type { BookChange, ContractBookChanged, ContractTop } from '../../domain/events/market.ts';
import type { Acknowledgement, ContractDelta, ContractSnapshot, Gap } from '../../domain/events/venue.ts';
import type { Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';
import { type ContractBook, createBook } from './book.ts';

/** Sequence of one sid: the last number seen, and how many duplicates were dropped since the last hole. */
interface Sequence {
  last: number;
  duplicates: number;
}

/** A book and what is kept with it. A book belongs to the subscription that sent its snapshot. */
export interface KeptBook {
  readonly book: ContractBook;
  /** Undefined for a book read by REST, which no delta follows. */
  sid: number | undefined;
  version: number;
  /** The top as last published. All events share this value until the top changes. */
  top: ContractTop;
}

/** Books by ticker, as one subscription of `kalshiBooks` keeps them. */
export type BookShelf = Map<string, KeptBook>;

const VOID: BookChange = { kind: 'void' };

const topOf = ({
  ticker,
  live,
  bidTicks,
  askTicks,
  bidCount,
  askCount,
  crossed,
}: ContractBook): ContractTop => ({
  ticker,
  live,
  bidTicks,
  askTicks,
  bidCount,
  askCount,
  crossed,
});

/** A side's levels, best first, price and count alternating. */
const levelsOf = (book: ContractBook, side: 'bid' | 'ask'): readonly number[] => {
  const levels: number[] = [];
  book.walk(side, (ticks, count) => {
    levels.push(ticks, count);
    return true;
  });
  return levels;
};

/** Most books that are kept. Beyond that the oldest is given up: all assets together have some hundreds. */
const MOST_BOOKS = 2_048;
/** Most sids whose sequence is followed; a connection has five. */
const MOST_SIDS = 256;
/** A number that is further ahead than any outage explains is no number of this sequence. */
const MOST_JUMP = 1_000_000;

/** Error codes that end a subscription: channel error, buffer overflow (docs.kalshi.com/websockets). */
const TERMINAL = /^(10|25):/;

/**
 * Rebuilds every Kalshi book, all tickers in one reducer. It ignores events that are not Kalshi's or do not
 * concern a book. It emits each change once, and a `gap` for each error that it finds itself. It acts on gaps
 * that come in and does not repeat them.
 *
 * Sequence numbers count every sequenced frame of a `sid`, over all markets and kinds
 * (docs.kalshi.com/websockets: replies, trades, lifecycle and index prints too). The first number seen on a
 * sid is accepted, whatever it is, since no book is older. A second number 1 means that the subscription was
 * made anew, as recordings show at each quarter-hour. Its books are then void until their snapshots; this is
 * no gap. Any other number at or below the last is a duplicate and dropped; the detail of the next gap counts
 * the duplicates. A hole voids every book of the sid: it gives one gap with scope `sid N`, then one change
 * per book. The frame that showed the hole is accepted: if it is a snapshot, its book is live at once. Other
 * books wait for their snapshots.
 *
 * A delta for a ticker without a live book on its sid is ignored. A delta that would make a level negative
 * voids that book, with a gap whose scope is the ticker. After the empty snapshot at the close the book is
 * live and has no levels. `unsubscribed`, a terminal error and a new `subscribed` void the books of their
 * sid. A snapshot read by REST has no sid and replaces the book. A gap of a session or a disconnect voids all
 * books. If a reply lists the markets of a subscription, its books of other markets are dropped. So is the
 * book of a determined or settled market. Books and sids are bounded in number: the oldest is given up. A
 * number that is a million ahead voids the books as any hole does, but its frame is dropped and the next
 * number accepted. `shelf` is where the books are kept; each subscription has its own
 * without one.
 */
export function kalshiBooks(shelf?: BookShelf): OperatorFunction<Decoded, ContractBookChanged | Gap> {
  return (source) =>
    new Observable((to) => {
      const sequences = new Map<number, Sequence>();
      const books: BookShelf = shelf ?? new Map();

      const gap = (
        { at, receivedAt }: Stamped,
        cause: 'sequence' | 'negativeLevel',
        scope: string,
        detail: string,
      ): void => to.next({ kind: 'gap', at, receivedAt, venue: 'kalshi', cause, scope, detail });

      const changed = (
        { at, receivedAt }: Stamped,
        entry: KeptBook,
        topChanged: boolean,
        change: BookChange,
      ): void => {
        entry.version++;
        if (topChanged) entry.top = topOf(entry.book);
        const { version, top } = entry;
        to.next({
          kind: 'contractBook',
          at,
          receivedAt,
          ticker: top.ticker,
          version,
          top,
          topChanged,
          change,
        });
      };

      /**
       * Voids the live books of a sid, or all live books. It calls `before` once they are all void, and then
       * publishes each book.
       */
      const quarantine = (
        stamp: Stamped,
        sid: number | undefined,
        before: (voided: number) => void,
      ): void => {
        const voided: KeptBook[] = [];
        for (const entry of books.values())
          if (entry.book.live && (sid === undefined || entry.sid === sid)) voided.push(entry);
        for (const { book } of voided) book.quarantine();
        before(voided.length);
        for (const entry of voided) changed(stamp, entry, true, VOID);
      };

      /** False for a duplicate. */
      const advance = (event: Stamped & { readonly sid: number; readonly seq: number }): boolean => {
        const sequence = sequences.get(event.sid);
        if (sequence === undefined) {
          const [oldest] = sequences.size >= MOST_SIDS ? sequences.keys() : [];
          if (oldest !== undefined) sequences.delete(oldest);
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
        const jumped = event.seq - last > MOST_JUMP;
        // Were it believed, every later number would count as a duplicate. So the next one begins anew.
        if (jumped) sequences.delete(event.sid);
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
        return !jumped;
      };

      const giveUpOldest = (stamp: Stamped): void => {
        const [oldest] = books;
        if (!oldest) return;
        const [ticker, entry] = oldest;
        books.delete(ticker);
        if (!entry.book.live) return;
        entry.book.quarantine();
        changed(stamp, entry, true, VOID);
      };

      const onSnapshot = (event: ContractSnapshot): void => {
        let entry = books.get(event.ticker);
        if (entry === undefined) {
          if (books.size >= MOST_BOOKS) giveUpOldest(event);
          const book = createBook(event.ticker);
          entry = { book, sid: event.sid, version: 0, top: topOf(book) };
          books.set(event.ticker, entry);
        }
        entry.sid = event.sid;
        const { book } = entry;
        const { live, bidTicks, askTicks, bidCount, askCount } = entry.top;
        book.load(event.bids, event.asks);
        const same =
          live &&
          book.bidTicks === bidTicks &&
          book.askTicks === askTicks &&
          book.bidCount === bidCount &&
          book.askCount === askCount;
        changed(event, entry, !same, {
          kind: 'snapshot',
          bids: levelsOf(book, 'bid'),
          asks: levelsOf(book, 'ask'),
        });
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
          changed(event, entry, true, VOID);
          return;
        }
        changed(event, entry, moved === 'top', { kind: 'delta', side, priceTicks, change: delta });
      };

      /**
       * Voids and drops the books of markets that have left a subscription, since no more messages come for
       * them.
       */
      const keepOnly = (stamp: Stamped, sid: number, tickers: ReadonlySet<string>): void => {
        for (const [ticker, entry] of books) {
          if (entry.sid !== sid || tickers.has(ticker)) continue;
          books.delete(ticker);
          if (!entry.book.live) continue;
          entry.book.quarantine();
          changed(stamp, entry, true, VOID);
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

      return follow(source, to, {
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
              changed(event, entry, true, VOID);
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
