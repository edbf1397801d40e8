import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import type { Frame, RestFrame, WireFrame } from '../../../src/domain/frame.ts';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import { emulation } from '../../../src/emulator/emulation.ts';
import { emulatorSettings } from '../../../src/emulator/settings.ts';
import { emulatedFrames } from '../../../src/emulator/world/generate.ts';
import { pump } from '../../../src/emulator/world/pump.ts';
import { tapeWorld } from '../../../src/emulator/world/tape-world.ts';
import type { WorldStep } from '../../../src/emulator/world/world.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { kalshiBooks } from '../../../src/venues/kalshi/books.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { krakenBook } from '../../../src/venues/kraken/book.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { BTC } from '../../support/assets.ts';
import { toldBooks } from '../../support/told-books.ts';
import { bench, KEY_PAIR, request } from '../bench.ts';

const EMULATOR = emulatorSettings.parse({
  startAt: '2026-06-01T13:43:00Z',
  spanMinutes: 3,
  historyMinutes: 60,
  strikes: 2,
  fiveHertz: true,
});
const READING = { useYesPrice: false, emulator: EMULATOR, assets: [BTC] };
// Two minutes before a quarter's close and one after it: a contract ends and another begins.
const FRAMES: readonly WireFrame[] = [...emulatedFrames(EMULATOR, [BTC])];
const STEP = 100 * MILLISECOND;

const decoded = (frames: readonly WireFrame[]): readonly CodecEvent[] => {
  const decode = kalshiDecoder(READING);
  return frames.flatMap(({ venue, text, at }) =>
    venue === 'kraken' ? decodeKraken(text, at) : decode(text, at),
  );
};
type KindOf<K extends CodecEvent['kind']> = Extract<CodecEvent, { kind: K }>;
const only = <K extends CodecEvent['kind']>(kind: K, events: readonly CodecEvent[]) =>
  events.filter((event): event is KindOf<K> => event.kind === kind);
const stepsOf = (frames: readonly Frame[]): readonly WorldStep[] => [...tapeWorld(frames, READING).steps()];
const kalshiOf = (frames: readonly Frame[]) => stepsOf(frames).flatMap(({ kalshi }) => kalshi);
const krakenOf = (frames: readonly Frame[]) => stepsOf(frames).flatMap(({ kraken }) => kraken);

/** Venues to which a tape was said again up to its end. */
const replayed = (frames: readonly Frame[]) => {
  const world = tapeWorld(frames, READING);
  const clock = tapeScheduler(world.startAt);
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis: () => clock.at / MILLISECOND },
    settings: EMULATOR,
    assets: [BTC],
    history: [],
    marketDepth: 25,
    faults: [],
    rateLimited: false,
    keyPair: KEY_PAIR,
  });
  const texts: string[] = [];
  const peer = venues.kraken.upgrade(request('/v2'), { say: (text) => texts.push(text), end: () => {} });
  if (peer.kind === 'peer')
    for (const channel of ['book', 'trade'])
      peer.hear(JSON.stringify({ method: 'subscribe', params: { channel, symbol: ['BTC/USD'] } }));
  const { until, ended } = pump(world, venues);
  until(Number.POSITIVE_INFINITY);
  return { venues, ended: ended(), events: texts.flatMap((text) => decodeKraken(text, 1)) };
};

describe('tapeWorld', () => {
  test('it begins at the first frame, in steps of a tenth of a second, and each saying keeps its frame’s time', () => {
    const world = tapeWorld(FRAMES, READING);
    expect(world.startAt).toBe(FRAMES[0]?.at);
    const steps = [...world.steps()];
    expect(steps.map(({ to }) => to)).toEqual(steps.map((_, i) => world.startAt + i * STEP));
    const times = new Set(FRAMES.map(({ at }) => at));
    for (const { to, kraken, kalshi } of steps)
      expect([...kraken, ...kalshi].filter(({ at }) => at <= to - STEP || at > to || !times.has(at))).toEqual(
        [],
      );
  });

  test('the books at its end are the recorded ones, and on the way Kraken’s passes every checksum', () => {
    const { venues, ended, events } = replayed(FRAMES);
    expect(ended).toBe(true);
    const recorded = krakenBook({ depth: 10, pricePrecision: 1, quantityPrecision: 8 });
    const heard = krakenBook({ depth: 10, pricePrecision: 1, quantityPrecision: 8 });
    for (const message of only('krakenBook', decoded(FRAMES)))
      expect(recorded.apply(message)).toBeUndefined();
    for (const message of only('krakenBook', events)) expect(heard.apply(message)).toBeUndefined();
    const side = (book: typeof recorded, name: 'bid' | 'ask') => {
      const levels: (readonly [number, number])[] = [];
      book.walk(name, (ticks, lots) => levels.push([ticks, lots]));
      return levels;
    };
    const { bids, asks } = venues.kraken.state()['BTC/USD'] ?? { bids: [], asks: [] };
    expect({ bids, asks }).toEqual({ bids: side(recorded, 'bid'), asks: side(recorded, 'ask') });
    expect({ bids: side(heard, 'bid'), asks: side(heard, 'ask') }).toEqual({ bids, asks });

    const event$ = new Subject<CodecEvent>();
    const books = toldBooks();
    event$.pipe(kalshiBooks()).subscribe((event) => {
      if (event.kind !== 'gap') books.add(event);
    });
    for (const event of decoded(FRAMES)) event$.next(event);
    const state = venues.kalshi.state();
    expect(books.all().length).toBeGreaterThan(4);
    for (const [ticker, { top, levels }] of books.all())
      if (top.live) expect(state[ticker]).toEqual({ bids: levels('bid'), asks: levels('ask') });
  });

  test('every trade and every print is said again, as it was', () => {
    const events = decoded(FRAMES);
    const trades = (of: readonly CodecEvent[]) =>
      only('spotTrade', of)
        .filter(({ replayed: old }) => !old)
        .map(({ tradeId, price, quantity, taker }) => ({ tradeId, price, quantity, taker }));
    expect(trades(replayed(FRAMES).events)).toEqual(trades(events));
    const said = kalshiOf(FRAMES);
    expect(
      said.flatMap((each) => (each.kind === 'print' ? [[each.second * SECOND, each.index.valueUnits]] : [])),
    ).toEqual(
      only('indexPrint', events).flatMap(({ hertz, at, units }) => (hertz === 1 ? [[at, units]] : [])),
    );
    expect(
      said.flatMap((each) =>
        each.kind === 'fastPrint' ? [[each.sourceMillis * MILLISECOND, each.index.valueUnits]] : [],
      ),
    ).toEqual(
      only('indexPrint', events).flatMap(({ hertz, at, units }) => (hertz === 5 ? [[at, units]] : [])),
    );
    expect(
      said.flatMap((each) =>
        each.kind === 'trade'
          ? [[each.tradeId, each.contract.ticker, each.ticks, each.count, each.taker]]
          : [],
      ),
    ).toEqual(
      only('contractTrade', events).map(({ tradeId, ticker, priceTicks, count, taker }) => [
        tradeId,
        ticker,
        priceTicks,
        count,
        taker,
      ]),
    );
  });

  test('the mean of the last minute is that of the sixty prints before it', () => {
    const cents = new Map<number, number>();
    for (const said of kalshiOf(FRAMES)) {
      if (said.kind !== 'print') continue;
      const { first, end, sumUnits } = said.lastMinute;
      expect(end).toBe(said.second);
      expect(end - first).toBe(Math.min(60, Math.max(1, cents.size)));
      if (cents.size > 0)
        expect(sumUnits).toBe(
          Array.from({ length: end - first }, (_, i) => cents.get(first + i) ?? 0).reduce(
            (sum, c) => sum + c,
            0,
          ),
        );
      cents.set(said.second, said.index.valueUnits);
    }
    expect(cents.size).toBeGreaterThan(120);
  });

  test('a contract’s life is said again in order: created, told its strike, determined, settled', () => {
    const lives = new Map<string, string[]>();
    for (const said of kalshiOf(FRAMES)) {
      if (
        said.kind !== 'created' &&
        said.kind !== 'metadata' &&
        said.kind !== 'determined' &&
        said.kind !== 'settled'
      )
        continue;
      const life = lives.get(said.contract.ticker) ?? [];
      lives.set(said.contract.ticker, [
        ...life,
        said.kind === 'determined' ? `determined ${said.result}` : said.kind,
      ]);
    }
    const quarter = (ticker: string) => lives.get(`KXBTC15M-26JUN01${ticker}`)?.join(' ');
    expect(quarter('0945-45')).toMatch(/^created determined (yes|no) settled$/);
    expect(quarter('1000-00')).toBe('created metadata');
    const results = new Map(
      only('contractLifecycle', decoded(FRAMES)).flatMap(({ ticker, result }) =>
        result ? [[ticker, result]] : [],
      ),
    );
    expect(quarter('0945-45')).toContain(results.get('KXBTC15M-26JUN010945-45') ?? 'no result');
  });

  test('a book that comes before its contract is known waits for it', () => {
    const created = FRAMES.findIndex(({ text }) => text.includes('"event_type":"created"'));
    const ticker = /"market_ticker":"([^"]+)"/.exec(FRAMES[created]?.text ?? '')?.[1] ?? '';
    const book = FRAMES.findIndex(
      ({ text }) => text.startsWith('{"type":"orderbook_snapshot"') && text.includes(`"${ticker}"`),
    );
    const [first, second] = [FRAMES[created], FRAMES[book]] as [WireFrame, WireFrame];
    const kinds = (frames: readonly WireFrame[]) =>
      kalshiOf(frames).map((said) => `${said.kind} ${'contract' in said ? said.contract.ticker : ''}`);
    const expected = [`created ${ticker}`, `snapshot ${ticker}`];
    expect(
      kinds([
        { ...first, at: 1 },
        { ...second, at: 2 },
      ]),
    ).toEqual(expected);
    expect(
      kinds([
        { ...second, at: 1 },
        { ...first, at: 2 },
      ]),
    ).toEqual(expected);
    expect(kinds([{ ...second, at: 1 }])).toEqual([]);
  });

  test('contracts and books that a recorder learnt by REST are known too', () => {
    const { get, run } = bench();
    run(5);
    const resource = '/trade-api/v2/markets?series_ticker=KXBTC15M';
    const rest = (path: string, at: number): RestFrame => ({
      kind: 'rest',
      at,
      venue: 'kalshi',
      resource: path,
      text: JSON.stringify(get('kalshi', path).json),
    });
    const list = rest(resource, 1);
    const ticker = /"ticker":"([^"]+)"/.exec(list.text)?.[1] ?? '';
    const said = kalshiOf([list, rest(`/trade-api/v2/markets/${ticker}/orderbook`, 2), { ...list, at: 3 }]);
    expect(said).toMatchObject([
      { kind: 'created', at: 1, contract: { ticker } },
      { kind: 'snapshot', at: 2, contract: { ticker } },
    ]);
  });

  test('a venue that the tape does not have stays silent, and what is no wire says nothing', () => {
    const kraken = FRAMES.filter(({ venue }) => venue === 'kraken');
    expect(kalshiOf(kraken)).toEqual([]);
    expect(krakenOf(kraken).length).toBeGreaterThan(100);
    expect(krakenOf(FRAMES.filter(({ venue }) => venue === 'kalshi'))).toEqual([]);
    expect(kalshiOf([{ kind: 'tick', at: 5 }])).toEqual([]);
  });

  test('a hole in a tape is a hole in time, and an empty tape is refused', () => {
    const [first] = FRAMES as [WireFrame];
    const steps = stepsOf([
      { ...first, at: 0 },
      { ...first, at: 10 * SECOND },
    ]);
    expect(steps).toHaveLength(101);
    expect(() => tapeWorld([], READING)).toThrow('a tape must hold a frame');
  });
});
