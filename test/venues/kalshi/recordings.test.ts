import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { from, Subject } from 'rxjs';
import type { TickBand } from '../../../src/domain/contracts.ts';
import type { ContractBookChanged, ContractChanged, ContractTop } from '../../../src/domain/events/market.ts';
import type { CodecEvent, Gap } from '../../../src/domain/events/venue.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { contracts } from '../../../src/venues/kalshi/contracts.ts';
import { onGrid } from '../../../src/venues/kalshi/tick-grid.ts';
import { tickerAudit } from '../../../src/venues/kalshi/ticker-audit.ts';
import { BTC, onSeries } from '../../support/assets.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { tapeFrames, tapeNames } from '../../support/tape-lines.ts';
import { type ToldBook, toldBooks } from '../../support/told-books.ts';

const lines = (...parts: readonly string[]): string[] =>
  readFileSync(dataPath('kalshi', 'wire', ...parts), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Series of which the recorded session of all channels holds a frame. */
const OTHERS = onSeries('KXTTELITEMATCH', 'KXAFCONTOTAL');

const decoded = (texts: readonly string[], useYesPrice = false): CodecEvent[] => {
  const decode = kalshiDecoder({ useYesPrice, assets: [{ ...OTHERS, indexId: '' }, BTC] });
  return texts.flatMap((text) => decode(text, 1));
};

const tally = (events: readonly CodecEvent[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

/** The levels of every book after each of its changes, best first, from what is told of it alone. */
function booksOf(events: readonly CodecEvent[]): { readonly states: string[]; readonly gaps: Gap[] } {
  const states: string[] = [];
  const gaps: Gap[] = [];
  const books = toldBooks();
  from(events)
    .pipe(kalshiBooks())
    .subscribe((event) => {
      if (event.kind === 'gap') {
        gaps.push(event);
        return;
      }
      books.add(event);
      const levels = (['bid', 'ask'] as const).flatMap((side) =>
        (books.get(event.ticker)?.levels(side) ?? []).map(([ticks, shown]) => `${side} ${ticks}×${shown}`),
      );
      states.push(`${event.ticker} ${event.top.live ? 'live' : 'void'}: ${levels.join(', ')}`);
    });
  return { states, gaps };
}

/** Whether the best levels of a book that was rebuilt from its changes are those that were told. */
const isTopOf = (top: ContractTop, book: ToldBook | undefined): boolean =>
  (['bid', 'ask'] as const).every((side) => {
    const [ticks, shown] = book?.levels(side)[0] ?? [undefined, 0];
    return ticks === top[`${side}Ticks`] && shown === top[`${side}Count`];
  });

describeData('recorded Kalshi frames', () => {
  test('a session over all channels is read without a rejection', () => {
    expect(tally(decoded(lines('ws_mixed_channels_2026-09-25.jsonl')))).toEqual({
      acknowledgement: 18,
      contractDelta: 1,
      contractLifecycle: 2,
      contractSnapshot: 1,
      contractTicker: 1,
      contractTrade: 1,
      indexPrint: 3,
    });
  });

  test('a slice of two busy books is read without a rejection and, renumbered, without a gap', () => {
    const frames = lines('ws_book_slice_KXBTC_KXBTCD_2026-09-25.jsonl').map((line) =>
      JSON.stringify((JSON.parse(line) as { frame: unknown }).frame),
    );
    const events = decoded(frames);
    expect(tally(events)).toEqual({ acknowledgement: 1, contractDelta: 22, contractSnapshot: 2 });
    let seq = 0;
    const renumbered = events.map((event) =>
      event.kind === 'contractDelta' || event.kind === 'contractSnapshot' ? { ...event, seq: ++seq } : event,
    );
    const { states, gaps } = booksOf(renumbered);
    expect(gaps).toEqual([]);
    expect(states).toHaveLength(24);
    // As recorded, the numbers between belong to other markets of the sid.
    expect(booksOf(events).gaps.every(({ cause }) => cause === 'sequence')).toBe(true);
    expect(booksOf(events).gaps.length).toBeGreaterThan(0);
  });

  test('the demo’s two price forms meet: the book that YES prices end with is the one NO prices begin with', () => {
    const no = decoded(lines('demo-2026-06', 'ws__orderbook_trade_noleg.jsonl'));
    const yes = decoded(lines('demo-2026-06', 'ws__orderbook_trade_yes.jsonl'), true);
    expect(tally([...no, ...yes])).toEqual({ acknowledgement: 4, contractDelta: 6, contractSnapshot: 2 });
    const [noBooks, yesBooks] = [booksOf(no), booksOf(yes)];
    expect([...noBooks.gaps, ...yesBooks.gaps]).toEqual([]);
    expect(yesBooks.states.at(-1)).toMatch(/live: bid 4700×300, ask 5200×200$/);
    expect(noBooks.states[0]).toBe(yesBooks.states.at(-1));
    // And the same session read in either form is the same book.
    const rewritten = lines('demo-2026-06', 'ws__orderbook_trade_yes.jsonl').map((line) =>
      line.replaceAll('0.5200', '0.4800'),
    );
    expect(booksOf(decoded(rewritten)).states).toEqual(yesBooks.states);
  });
});

describeData('all 24 tapes', () => {
  test('1,352,817 frames: nothing rejected, no gap, no negative level, changes that rebuild the books, and books that agree with the tickers', () => {
    const decode = kalshiDecoder({ useYesPrice: false, assets: [BTC] });
    const seen = {
      frames: 0,
      rejected: 0,
      gaps: 0,
      deltas: 0,
      negative: 0,
      tops: 0,
      otherTops: 0,
      crossed: 0,
      offGrid: 0,
      comparisons: 0,
      exact: 0,
      withinCent: 0,
      crossedAtTicker: 0,
    };
    const told: ContractChanged[] = [];
    const grids = new Map<string, readonly TickBand[]>();
    for (const name of tapeNames()) {
      const event$ = new Subject<CodecEvent>();
      const books$ = new Subject<ContractBookChanged | CodecEvent>();
      const rebuilt = toldBooks();
      const tops = new Map<string, ContractTop>();
      books$.pipe(tickerAudit()).subscribe(({ exact, withinCent, ticker }) => {
        seen.comparisons++;
        if (exact) seen.exact++;
        if (withinCent) seen.withinCent++;
        if (tops.get(ticker)?.crossed) seen.crossedAtTicker++;
      });
      event$.pipe(contracts([BTC])).subscribe((change) => {
        told.push(change);
        grids.set(change.contract.ticker, change.contract.tickBands);
      });
      event$.pipe(kalshiBooks()).subscribe((event) => {
        if (event.kind === 'gap') {
          seen.gaps++;
          return;
        }
        const { ticker, top, change } = event;
        tops.set(ticker, top);
        books$.next(event);
        rebuilt.add(event);
        if (change.kind !== 'delta') return;
        seen.deltas++;
        if (top.crossed) seen.crossed++;
        if (!onGrid(grids.get(ticker) ?? [], change.priceTicks)) seen.offGrid++;
        const book = rebuilt.get(ticker);
        if ((book?.countAt(change.side, change.priceTicks) ?? -1) < 0) seen.negative++;
        // Sorting a side of the maps at every change would take minutes.
        if (seen.deltas % 100 === 0) {
          seen.tops++;
          if (!isTopOf(top, book)) seen.otherTops++;
        }
      });
      for (const frame of tapeFrames(name)) {
        seen.frames++;
        if (frame.venue !== 'kalshi') continue;
        for (const event of decode(frame.text, frame.at)) {
          if (event.kind === 'rejected') seen.rejected++;
          event$.next(event);
          if (event.kind === 'contractTicker') books$.next(event);
        }
      }
    }
    expect(seen).toEqual({
      frames: 1_352_817,
      rejected: 0,
      gaps: 0,
      deltas: 1_254_475,
      negative: 0,
      tops: 12_544,
      otherTops: 0,
      crossed: 457,
      offGrid: 0,
      comparisons: 12_129,
      exact: 10_733,
      withinCent: 11_969,
      crossedAtTicker: 0,
    });
    expect(told.length).toBe(45);
    expect(told.every(({ contract, state }) => contract.floorUnits !== undefined && state === 'active')).toBe(
      true,
    );
  });
});
