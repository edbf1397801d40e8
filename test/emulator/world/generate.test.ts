import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { from, type Observable } from 'rxjs';
import type { ContractBookChanged } from '../../../src/domain/events/market.ts';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import type { WireFrame } from '../../../src/domain/frame.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { kalshiOutcome } from '../../../src/emulator/kalshi/public/outcome.ts';
import { type EmulatorSettings, emulatorSettings } from '../../../src/emulator/settings.ts';
import { emulatedFrames, emulatedHistory } from '../../../src/emulator/world/generate.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { contracts } from '../../../src/venues/kalshi/contracts.ts';
import { krakenBooks } from '../../../src/venues/kraken/books.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { krakenTrades } from '../../../src/venues/kraken/trades.ts';
import { BTC } from '../../support/assets.ts';

// Thirteen minutes with the close of an hour and of a quarter in it.
const settings = emulatorSettings.parse({
  startAt: '2026-06-01T13:50:00Z',
  spanMinutes: 13,
  historyMinutes: 60,
  fiveHertz: true,
});
const startAt = Date.parse(settings.startAt) * 1_000;
const endAt = startAt + settings.spanMinutes * MINUTE;
const closeAt = startAt + 10 * MINUTE;

const decoded = (frames: readonly WireFrame[], { useYesPrice }: EmulatorSettings): readonly CodecEvent[] => {
  const decodeKalshi = kalshiDecoder({ useYesPrice, assets: [BTC] });
  return frames.flatMap(({ venue, text, at }) =>
    venue === 'kraken' ? decodeKraken(text, at) : decodeKalshi(text, at),
  );
};
const collect = <T>(stream$: Observable<T>): readonly T[] => {
  const values: T[] = [];
  stream$.subscribe((value) => values.push(value));
  return values;
};
type KindOf<K extends CodecEvent['kind']> = Extract<CodecEvent, { kind: K }>;
const frames = [...emulatedFrames(settings, [BTC])];
const events = decoded(frames, settings);
const only = <K extends CodecEvent['kind']>(kind: K, of = events) =>
  of.filter((event): event is KindOf<K> => event.kind === kind);
const hash = (all: Iterable<WireFrame>) => {
  const sha = createHash('sha256');
  for (const { at, venue, text } of all) sha.update(`${at}\t${venue}\t${text}\n`);
  return sha.digest('hex');
};

describe('emulatedFrames', () => {
  test('the same settings give the same bytes; another seed gives others', () => {
    const short = { ...settings, spanMinutes: 1 };
    expect(hash(emulatedFrames(short, [BTC]))).toBe(hash(emulatedFrames(short, [BTC])));
    expect(hash(emulatedFrames({ ...short, seed: 'other' }, [BTC]))).not.toBe(
      hash(emulatedFrames(short, [BTC])),
    );
  });

  test('a longer session begins with the shorter one', () => {
    const short = [...emulatedFrames({ ...settings, spanMinutes: 1 }, [BTC])];
    expect(hash(frames.slice(0, short.length))).toBe(hash(short));
  });

  test('frames come in order of receipt, within the session, each venue shortly after its own clock', () => {
    expect(frames.every(({ at }, i) => i === 0 || at >= (frames[i - 1] as WireFrame).at)).toBe(true);
    expect(frames.every(({ at }) => Number.isSafeInteger(at) && at >= startAt && at < endAt)).toBe(true);
    const lags = [...only('krakenBook'), ...only('contractDelta'), ...only('contractTrade')].map(
      ({ at, receivedAt }) => receivedAt - at,
    );
    expect(lags.filter((lag) => lag < 5_000 || lag > SECOND / 5)).toEqual([]);
  });

  test('the codecs of both venues read every frame', () => {
    expect(only('rejected')).toEqual([]);
    expect(only('acknowledgement').every(({ accepted }) => accepted)).toBe(true);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(
      new Set([
        'venueStatus',
        'acknowledgement',
        'krakenInstrument',
        'krakenBook',
        'spotTrade',
        'krakenOhlc',
        'heartbeat',
        'contractLifecycle',
        'contractSnapshot',
        'contractDelta',
        'contractTicker',
        'contractTrade',
        'indexPrint',
      ]),
    );
  });
});

describe('the emulated Kraken', () => {
  test.each([10, 25] as const)('every message of a book of depth %d passes its checksum', (depth) => {
    const all =
      depth === settings.krakenDepth
        ? events
        : decoded([...emulatedFrames({ ...settings, spanMinutes: 2, krakenDepth: depth }, [BTC])], settings);
    const out = collect(from(all).pipe(krakenBooks({ depth })));
    const checked = out.flatMap((event) => (event.kind === 'krakenBookChecked' ? [event.verdict] : []));
    expect(checked).toEqual(only('krakenBook', all).map(() => 'passed'));
    expect(
      out.filter((event) => event.kind === 'gap' || (event.kind === 'spotTop' && event.ask <= event.bid)),
    ).toEqual([]);
  });

  test('trade ids are contiguous, and the snapshot repeats fifty', () => {
    const out = collect(from(events).pipe(krakenTrades()));
    expect(out.filter(({ kind }) => kind === 'gap')).toEqual([]);
    expect(only('spotTrade').filter(({ replayed }) => replayed)).toHaveLength(50);
  });

  test('candles are made of the trades of their minute', () => {
    const minute = startAt + 3 * MINUTE;
    const trades = only('spotTrade').filter(({ at }) => at >= minute && at < minute + MINUTE);
    const prices = trades.map(({ price }) => price);
    const candle = only('krakenOhlc')
      .filter(({ at, snapshot }) => at === minute && !snapshot)
      .at(-1);
    expect(candle).toMatchObject({
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1),
    });
    expect(candle?.volume).toBeCloseTo(
      trades.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0),
      8,
    );
  });

  test('the candles of the subscription are the last ones of the history', () => {
    const repeated = only('krakenOhlc').filter(({ snapshot }) => snapshot);
    const bars = emulatedHistory(settings, [BTC])[0]?.bars.slice(-repeated.length);
    expect(
      repeated.map(({ at, open, high, low, close, volume }) => ({
        openAt: at,
        open,
        high,
        low,
        close,
        volume,
        flag: 0,
      })),
    ).toEqual(bars);
  });
});

describe('the emulated Kalshi', () => {
  test('every sid counts from one without a hole, whatever the market and the kind of frame', () => {
    const last = new Map<number, number>();
    for (const { text, venue } of frames) {
      if (venue !== 'kalshi') continue;
      const { sid, seq, type } = JSON.parse(text);
      if (seq === undefined) {
        const allowed = type === 'ticker' || type === 'subscribed' || (type === 'ok' && sid === 2);
        if (!allowed) throw new Error(`${type} of sid ${sid} has no seq`);
        continue;
      }
      if (seq !== (last.get(sid) ?? 0) + 1)
        throw new Error(`sid ${sid}: seq ${seq} follows ${last.get(sid)}`);
      last.set(sid, seq);
    }
    expect([...last.keys()].sort()).toEqual([1, 3, 4, 5, 6]);
  });

  const live = (all: readonly CodecEvent[]) => {
    const tops: string[] = [];
    for (const event of collect(from(all).pipe(kalshiBooks(), snapshotOfTop))) tops.push(event);
    return tops;
  };
  const snapshotOfTop = (source: Observable<ContractBookChanged | { readonly kind: 'gap' }>) =>
    from(
      (() => {
        const read: string[] = [];
        source.subscribe((event) => {
          if (event.kind === 'gap') read.push('gap');
          else {
            const { ticker, crossed, bidTicks, askTicks, bidCount, askCount } = event.top;
            read.push(
              `${crossed ? 'crossed ' : ''}${ticker} ${bidTicks}×${bidCount} ${askTicks}×${askCount}`,
            );
          }
        });
        return read;
      })(),
    );

  test('books have no gap, no negative level and never cross', () => {
    const tops = live(events);
    // Each book is told of once more when it is let go.
    expect(tops.length).toBeGreaterThan(only('contractSnapshot').length + only('contractDelta').length);
    expect(tops.filter((top) => top.startsWith('gap') || top.startsWith('crossed'))).toEqual([]);
  });

  test('NO levels in YES prices give the same books', () => {
    const other = { ...settings, spanMinutes: 2, useYesPrice: true };
    const cut = frames.filter(({ at }) => at < startAt + 2 * MINUTE);
    const mirrored = [...emulatedFrames(other, [BTC])];
    expect(mirrored.map(({ text }) => text)).not.toEqual(cut.map(({ text }) => text));
    expect(live(decoded(mirrored, other))).toEqual(live(decoded(cut, settings)));
  });

  test('the index prints exactly at each second, and the fast one agrees with it', () => {
    const slow = only('indexPrint').filter(({ hertz }) => hertz === 1);
    expect(slow.map(({ at }) => at)).toEqual(
      Array.from({ length: 60 * settings.spanMinutes }, (_, i) => startAt + i * SECOND),
    );
    const fast = new Map(
      only('indexPrint').flatMap(({ at, units, hertz }) => (hertz === 5 ? [[at, units]] : [])),
    );
    expect(fast.size).toBe(5 * slow.length);
    expect(slow.every(({ at, units }) => fast.get(at) === units)).toBe(true);
  });

  test('the streamed means are those of the prints sent', () => {
    const cents = new Map<number, number>();
    let quarters = 0;
    for (const { text } of frames) {
      if (!text.startsWith('{"type":"cfbenchmarks_value",')) continue;
      const { msg } = JSON.parse(text);
      const { time, value } = JSON.parse(msg.data);
      cents.set(time / 1_000, Math.round(value * 100));
      const mean = (first: number, count: number) => {
        const held = Array.from({ length: count }, (_, i) => cents.get(first + i));
        if (held.includes(undefined)) return undefined;
        return held.reduce((sum: number, c) => sum + (c ?? 0), 0) / (100 * count);
      };
      const minute = mean(time / 1_000 - 60, 60);
      if (minute !== undefined) expect(Number(msg.avg_60s_data.value)).toBeCloseTo(minute, 7);
      const left = (closeAt / SECOND - time / 1_000 + 9_000) % 900;
      const quarter = msg.last_60s_windowed_average_15min;
      expect(quarter !== undefined).toBe(left < 60);
      if (!quarter) continue;
      quarters++;
      expect(quarter.window_size).toBe(60 - left);
      const windowed = mean(time / 1_000 - (59 - left), 60 - left);
      if (windowed !== undefined) expect(Number(quarter.value)).toBeCloseTo(windowed, 7);
    }
    expect(quarters).toBe(60);
  });

  test('every contract of the close settles by the mean of the sixty prints before it', () => {
    const prints = only('indexPrint').filter(
      ({ at, hertz }) => hertz === 1 && at >= closeAt - MINUTE && at < closeAt,
    );
    expect(prints).toHaveLength(60);
    const sum = prints.reduce((total, { units }) => total + BigInt(units), 0n);
    const value = Number((sum / 30n + 1n) / 2n);
    const known = collect(from(events).pipe(contracts([BTC])));
    const settled = known.filter(
      ({ state, contract }) => state === 'settled' && contract.closeAt === closeAt,
    );
    expect(settled).toHaveLength(2 * settings.strikes + 2);
    const mean = Number(sum) / 60;
    for (const { contract, result } of settled)
      expect(result).toBe(kalshiOutcome(contract, contract.settlesBy === 'average' ? mean : value));
    const next = known
      .filter(({ contract }) => contract.series === 'KXBTC15M' && contract.closeAt > closeAt)
      .at(-1);
    expect(next?.contract.floorUnits).toBe(value);
  });

  test('after the close books are empty, then determined, then settled; the next ones are announced before', () => {
    const told = (ticker: string, change: string) =>
      only('contractLifecycle').find((event) => event.ticker === ticker && event.change === change)
        ?.receivedAt ?? Number.NaN;
    const quarter = 'KXBTC15M-26JUN011000-00';
    const hourly =
      only('contractLifecycle').find(({ ticker }) => ticker.startsWith('KXBTCD-26JUN0110'))?.ticker ?? '';
    const empty = only('contractSnapshot').filter(({ bids, asks }) => bids.length + asks.length === 0);
    expect(empty.length).toBe(2 * settings.strikes + 2);
    for (const ticker of [quarter, hourly]) {
      const emptied = empty.find((event) => event.ticker === ticker)?.receivedAt ?? Number.NaN;
      expect(emptied).toBeGreaterThan(closeAt);
      expect(told(ticker, 'determined')).toBeGreaterThan(closeAt);
      expect(told(ticker, 'settled')).toBeGreaterThan(told(ticker, 'determined'));
      expect(only('contractTrade').some((event) => event.ticker === ticker && event.at >= closeAt)).toBe(
        false,
      );
    }
    expect(told(quarter, 'settled')).toBeLessThan(closeAt + 10 * SECOND);
    expect(told(hourly, 'settled')).toBeGreaterThan(closeAt + 2 * MINUTE);
    const next = 'KXBTC15M-26JUN011015-15';
    expect(told(next, 'created')).toBeLessThan(closeAt);
    expect(told(next, 'metadata_updated')).toBeGreaterThan(closeAt);
    expect(only('contractDelta').some(({ ticker }) => ticker === next)).toBe(true);
    expect(only('contractDelta').some(({ ticker }) => ticker.startsWith('KXBTCD-26JUN0111'))).toBe(true);
  });

  test('tickers tell the top of the book and a volume that counts both sides of each trade', () => {
    const traded = new Map<string, number>();
    const tickers = only('contractTicker').length;
    const wrong: string[] = [];
    for (const event of events) {
      if (event.kind === 'contractTrade')
        traded.set(event.ticker, (traded.get(event.ticker) ?? 0) + 2 * event.count);
      if (event.kind !== 'contractTicker') continue;
      if (event.volume !== (traded.get(event.ticker) ?? 0)) wrong.push(event.ticker);
    }
    expect(tickers).toBeGreaterThan(1_000);
    expect(wrong).toEqual([]);
  });
});
