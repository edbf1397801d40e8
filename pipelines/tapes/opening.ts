import { Subject } from 'rxjs';
import type { KrakenBookChecked } from '../../src/domain/events/market.ts';
import type { ConnectionFrame, Frame, RestFrame, SessionFrame, WireFrame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { EXCHANGE, FEATURE_VENUE, type Venue } from '../../src/domain/venues.ts';
import type { BookShelf } from '../../src/venues/kalshi/books.ts';
import { snapshotText } from '../../src/venues/kalshi/snapshot-text.ts';
import { bookSnapshotText } from '../../src/venues/kraken/snapshot-text.ts';
import { type AssembleSettings, assemble } from '../assemble.ts';

/** The state of a recording up to a time, as frames that give it to whoever begins there. */
export interface Opening {
  /** Takes the frames before that time, in order. */
  readonly add: (frame: Frame) => void;
  /** The frames to begin with, all stamped `at`; none if nothing was added. */
  readonly frames: (at: Micros, name: string) => readonly Frame[];
  readonly close: () => void;
}

/** Most texts of one kind that are kept. Beyond that the oldest is dropped. */
const MOST_KEPT = 4_096;
const TOP_LEVELS = 10;
/** A number of a subscription that no venue gives. */
const OWN_SID = 1_000_000;

const NUMBERS = /^\{"type":"([a-z0-9_]+)"(?:,"id":\d+)?,"sid":(\d+),"seq":(\d+)/;
const SUBSCRIBED = /^\{"type":"subscribed".*"channel":"([a-z0-9_]+)"/;
const TICKER = /"market_ticker":"([^"]+)"/;
const SID_SEQ = /"sid":\d+,"seq":\d+/;
const RESULT = /"event_type":"settled"/;
const CHECKSUM = /"checksum":(\d+)/;
const STAMP = /"timestamp":"([^"]+)"/;

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
}

/**
 * Follows a recording and gives its state at a time as frames: the session with its warm-up, the connections,
 * what was subscribed, precisions, the terms of markets, and a snapshot of every book that is known. The
 * snapshots are made from the rebuilt books, with the numbers that the sequence has reached. A spot book of
 * more than ten levels is not given: it stays void until the venue sends a snapshot.
 */
export function opening(settings: AssembleSettings): Opening {
  const shelf: BookShelf = new Map();
  const frame$ = new Subject<Frame>();
  const checked = new Map<string, { readonly event: KrakenBookChecked; readonly text: string }>();
  const granted = new Map<string, WireFrame>();
  const listed = new Map<string, RestFrame>();
  const lifecycles = new Map<string, readonly WireFrame[]>();
  const connections = new Map<Venue, readonly ConnectionFrame[]>();
  const sequences = new Map<number, number>();
  let instrument: WireFrame | undefined;
  let session: SessionFrame | undefined;
  let any = false;
  let text = '';

  const running = frame$.pipe(assemble(settings, shelf)).subscribe((event) => {
    if (event.kind !== 'krakenBookChecked') return;
    if (event.verdict === 'passed') checked.set(event.symbol, { event, text });
    else checked.delete(event.symbol);
  });

  const noteExchange = (frame: WireFrame): void => {
    const [, type, sid, seq] = NUMBERS.exec(frame.text) ?? [];
    if (sid !== undefined) sequences.set(Number(sid), Number(seq));
    const channel = SUBSCRIBED.exec(frame.text)?.[1];
    if (channel !== undefined) keep(granted, channel, frame);
    if (type !== 'market_lifecycle_v2') return;
    const ticker = TICKER.exec(frame.text)?.[1] ?? '';
    if (RESULT.test(frame.text)) lifecycles.delete(ticker);
    else keep(lifecycles, ticker, [...(lifecycles.get(ticker) ?? []), frame]);
  };
  const forget = (): void => {
    for (const kept of [checked, granted, listed, lifecycles, connections, sequences]) kept.clear();
    instrument = undefined;
  };

  return {
    add: (frame) => {
      any = true;
      switch (frame.kind) {
        case 'session':
          forget();
          session = frame;
          break;
        case 'connection': {
          const before = connections.get(frame.venue) ?? [];
          const since = before.filter(({ change }) => change === 'opened' && frame.change !== 'opened');
          connections.set(frame.venue, frame.change === 'closed' ? [frame] : [...since, frame]);
          if (frame.venue === FEATURE_VENUE && (frame.change === 'closed' || frame.change === 'shed'))
            checked.clear();
          break;
        }
        case 'rest':
          if (frame.venue === EXCHANGE && !/\/(portfolio|orderbook)/.test(frame.resource))
            keep(listed, frame.resource, frame);
          break;
        case 'wire':
          text = frame.text;
          if (frame.venue === EXCHANGE) noteExchange(frame);
          else if (frame.venue === FEATURE_VENUE && text.startsWith('{"channel":"instrument"'))
            if (text.includes('"type":"snapshot"')) instrument = frame;
          break;
      }
      frame$.next(frame);
    },
    frames: (at, name) => {
      if (!any) return [];
      const wire = (venue: Venue, made: string): WireFrame => ({ kind: 'wire', at, venue, text: made });
      const bySid = new Map<number, string[]>();
      for (const [ticker, { book, sid }] of shelf)
        if (book.live && sid !== undefined) bySid.set(sid, [...(bySid.get(sid) ?? []), ticker]);
      const books = [...bySid].flatMap(([sid, tickers]) => {
        const before = (sequences.get(sid) ?? tickers.length) - tickers.length;
        return tickers.flatMap((ticker, i) => {
          const kept = shelf.get(ticker);
          return kept
            ? [wire(EXCHANGE, snapshotText(kept.book, sid, before + i + 1, settings.kalshi.useYesPrice))]
            : [];
        });
      });
      const spotBooks = [...checked.values()].flatMap(({ event, text: of }) => {
        const [checksum, stamp] = [CHECKSUM.exec(of)?.[1], STAMP.exec(of)?.[1]];
        return settings.kraken.bookDepth === TOP_LEVELS && checksum !== undefined && stamp !== undefined
          ? [wire(FEATURE_VENUE, bookSnapshotText(event, Number(checksum), stamp))]
          : [];
      });
      return [
        { kind: 'session', at, name, history: session?.history ?? [] },
        ...[
          ...[...connections.values()].flat(),
          ...(instrument ? [instrument] : []),
          ...granted.values(),
          ...listed.values(),
        ].map((frame): Frame => ({ ...frame, at })),
        // Told again out of their order, they would show a hole in the sequence that they came in.
        ...[...lifecycles.values()]
          .flat()
          .map((frame, i) => wire(EXCHANGE, frame.text.replace(SID_SEQ, `"sid":${OWN_SID},"seq":${i + 1}`))),
        ...books,
        ...spotBooks,
      ];
    },
    close: () => running.unsubscribe(),
  };
}
