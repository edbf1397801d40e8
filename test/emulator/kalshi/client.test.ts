import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/domain/time.ts';
import { kalshiClient } from '../../../src/emulator/kalshi/client.ts';
import type { KalshiOutput } from '../../../src/emulator/kalshi/exchange/port.ts';
import {
  type EmulatedContract,
  hourlyContracts,
  quarterContract,
} from '../../../src/emulator/kalshi/public/contract.ts';
import type { KalshiEmission } from '../../../src/emulator/kalshi/public/emission.ts';
import { kalshiPublic } from '../../../src/emulator/kalshi/public/state.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { BTC } from '../../support/assets.ts';
import { emulatedBtc } from '../assets.ts';

const NOW = Date.parse('2026-09-25T19:40:00Z') * 1_000;
const CONTRACTS: readonly EmulatedContract[] = [
  ...quarterContract(emulatedBtc, NOW + 5 * MINUTE, 8_395_062),
  ...hourlyContracts(emulatedBtc, NOW + 20 * MINUTE, 8_395_000, 2).slice(0, 3),
];
const TICKERS = CONTRACTS.map(({ ticker }) => ticker);
const [FIRST = '', SECOND = '', THIRD = ''] = TICKERS;
const CHANNELS = [
  'orderbook_delta',
  'ticker',
  'trade',
  'market_lifecycle_v2',
  'cfbenchmarks_value',
  'fill',
] as const;
const UNSEQUENCED: readonly unknown[] = ['ticker', 'fill'];

interface Frame {
  readonly type: string;
  readonly id?: number;
  readonly sid?: number;
  readonly seq?: number;
  readonly msg: Readonly<Record<string, unknown>> & {
    readonly channel?: string;
    readonly sid?: number;
    readonly market_ticker?: string;
    readonly market_tickers?: readonly string[];
  };
}

/** A client of markets whose books are open and empty, and a hand to move them. */
const desk = () => {
  const state = kalshiPublic();
  const texts: string[] = [];
  let read = 0;
  const client = kalshiClient(
    { say: (text) => texts.push(text), end: () => {} },
    state,
    { now: () => NOW, wallMillis: () => NOW / 1_000 },
    ['BRTI', 'ETHUSD_RTI'],
  );
  const say = (said: KalshiEmission): void => {
    state.hear(said);
    client.publish(said);
  };
  for (const contract of CONTRACTS) say({ kind: 'snapshot', at: NOW, contract, bids: [], asks: [] });
  const frames = (from = 0): readonly Frame[] => texts.slice(from).map((text) => JSON.parse(text) as Frame);
  return {
    state,
    texts,
    frames,
    say,
    tell: (said: KalshiOutput) => client.publish(said),
    /** Sends, and gives what came of it. */
    ask: (command: unknown): readonly Frame[] => {
      client.hear(typeof command === 'string' ? command : JSON.stringify(command));
      const from = read;
      read = texts.length;
      return frames(from);
    },
    news: (): readonly Frame[] => {
      const from = read;
      read = texts.length;
      return frames(from);
    },
  };
};
const subscribe = (id: number, channels: readonly unknown[], params: object = {}) => ({
  id,
  cmd: 'subscribe',
  params: { channels, ...params },
});
const update = (id: number, action: string, params: object) => ({
  id,
  cmd: 'update_subscription',
  params: { action, ...params },
});
const contractOf = (ticker: string): EmulatedContract =>
  CONTRACTS.find((contract) => contract.ticker === ticker) as EmulatedContract;
const delta = (ticker: string, side: 'bid' | 'ask', ticks: number, change: number): KalshiEmission => ({
  kind: 'delta',
  at: NOW,
  contract: contractOf(ticker),
  side,
  ticks,
  change,
});
const trade = (ticker: string): KalshiEmission => ({
  kind: 'trade',
  at: NOW,
  contract: contractOf(ticker),
  tradeId: 'a',
  taker: 'bid',
  ticks: 5_000,
  count: 100,
});
const tick = (ticker: string): KalshiEmission => ({
  kind: 'ticker',
  at: NOW,
  contract: contractOf(ticker),
  last: { ticks: 5_000, count: 100 },
  bid: undefined,
  ask: { ticks: 5_100, count: 300 },
  volume: 200,
  openInterest: 200,
});
const PRINT: KalshiEmission = {
  kind: 'print',
  at: NOW,
  index: { indexId: 'BRTI', indexDecimals: 2, valueUnits: 8_395_000 },
  second: NOW / 1e6,
  lastMinute: { sumUnits: 60 * 8_395_000, first: NOW / 1e6 - 60, end: NOW / 1e6 },
  quarter: undefined,
};
const FILL: KalshiOutput = {
  kind: 'fill',
  at: NOW,
  tradeId: 't',
  orderId: 'o',
  clientOrderId: 'c',
  ticker: FIRST,
  exchangeIndex: 2,
  subaccount: 0,
  taker: true,
  side: 'bid',
  ticks: 5_000,
  count: 100,
  feeMicroDollars: 17_500,
  positionAfter: 100,
};

type Act =
  | { readonly does: 'command'; readonly command: object }
  | { readonly does: 'market'; readonly said: KalshiEmission };
const someTickers = fc.array(fc.constantFrom(...TICKERS, 'KXBTC-NONE'), { minLength: 1, maxLength: 4 });
const knownTickers = fc.array(fc.constantFrom(...TICKERS), { minLength: 1, maxLength: 4 });
const sid = fc.integer({ min: 1, max: 6 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc
    .record({
      channels: fc.array(fc.constantFrom(...CHANNELS, 'nothing'), { minLength: 1, maxLength: 3 }),
      market_tickers: fc.oneof({ weight: 4, arbitrary: knownTickers }, { weight: 1, arbitrary: someTickers }),
      index_ids: fc.constantFrom(['BRTI'], []),
    })
    .map((params): Act => ({ does: 'command', command: { id: 1, cmd: 'subscribe', params } })),
  fc
    .record({
      sids: sid.map((one) => [one]),
      action: fc.constantFrom('add_markets', 'delete_markets', 'get_snapshot', 'nothing'),
      market_tickers: knownTickers,
    })
    .map((params): Act => ({ does: 'command', command: { id: 2, cmd: 'update_subscription', params } })),
  fc
    .array(sid, { minLength: 1, maxLength: 2 })
    .map((sids): Act => ({ does: 'command', command: { id: 3, cmd: 'unsubscribe', params: { sids } } })),
  fc
    .constantFrom({}, { cmd: 'list_subscriptions', id: 4 })
    .map((command): Act => ({ does: 'command', command })),
  fc
    .tuple(
      fc.constantFrom(...TICKERS),
      fc.constantFrom('bid', 'ask'),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(3),
    )
    .map(
      ([ticker, side, step, change]): Act => ({
        does: 'market',
        said: delta(ticker, side as 'bid' | 'ask', side === 'bid' ? step * 100 : 10_000 - step * 100, change),
      }),
    ),
  fc
    .tuple(fc.constantFrom(...TICKERS), fc.constantFrom(trade, tick))
    .map(([ticker, make]): Act => ({ does: 'market', said: make(ticker) })),
  fc.constant<Act>({ does: 'market', said: PRINT }),
);
const channelOf = (type: string): string => (type.startsWith('orderbook_') ? 'orderbook_delta' : type);

describe('kalshiClient', () => {
  test('property: the numbers of a sid count all its frames from one without a hole, and channels without numbers have none', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60, size: 'max' }), (acts) => {
        const { ask, say, frames } = desk();
        for (const each of acts) each.does === 'market' ? say(each.said) : ask(each.command);
        const channels = new Map<number, string>();
        const last = new Map<number, number>();
        for (const { type, sid: of, seq, msg } of frames()) {
          if (type === 'subscribed') channels.set(msg.sid as number, msg.channel as string);
          if (of === undefined) continue;
          const channel = channels.get(of);
          expect(channel).toBeDefined();
          if (UNSEQUENCED.includes(channel)) expect(seq).toBeUndefined();
          else {
            expect(seq).toBe((last.get(of) ?? 0) + 1);
            last.set(of, seq as number);
          }
          if (!['ok', 'unsubscribed'].includes(type)) expect(channelOf(type)).toBe(channel);
        }
        expect([...channels.keys()]).toEqual([...channels.keys()].map((_, i) => i + 1));
      }),
      { numRuns: 300 },
    );
  });

  test('property: whatever is subscribed, changed and asked again, the books a client keeps are the venue’s, and it is told of no other', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60, size: 'max' }), fc.boolean(), (acts, useYesPrice) => {
        const { ask, say, texts, state } = desk();
        const decode = kalshiDecoder({ useYesPrice, assets: [BTC] });
        /** Books by ticker while the market is held. */
        const books = new Map<string, Map<string, number>>();
        let held: readonly string[] = [];
        let bookSid: number | undefined;
        let read = 0;
        const follow = (): void => {
          for (const text of texts.slice(read)) {
            const frame = JSON.parse(text) as Frame;
            if (frame.type === 'subscribed' && frame.msg.channel === 'orderbook_delta')
              bookSid = frame.msg.sid;
            if (frame.type === 'ok' && frame.sid !== undefined && frame.sid === bookSid)
              held = frame.msg.market_tickers as readonly string[];
            if (frame.type === 'unsubscribed' && frame.sid === bookSid) {
              held = [];
              bookSid = undefined;
            }
            for (const ticker of books.keys()) if (!held.includes(ticker)) books.delete(ticker);
            for (const event of decode(text, 1)) {
              if (event.kind === 'contractSnapshot') {
                const book = new Map<string, number>();
                for (const side of ['bids', 'asks'] as const)
                  for (let i = 0; i < event[side].length; i += 2)
                    book.set(`${side} ${event[side][i]}`, event[side][i + 1] as number);
                books.set(event.ticker, book);
                if (!held.includes(event.ticker)) held = [...held, event.ticker];
              }
              if (event.kind === 'contractDelta') {
                const book = books.get(event.ticker);
                if (!book) throw new Error(`told of ${event.ticker} without being subscribed`);
                const key = `${event.side}s ${event.priceTicks}`;
                book.set(key, (book.get(key) ?? 0) + event.delta);
              }
            }
          }
          read = texts.length;
        };
        for (const each of acts) {
          if (each.does === 'market') say(each.said);
          else {
            const { params, ...rest } = each.command as { params?: object };
            ask({ ...rest, ...(params && { params: { ...params, use_yes_price: useYesPrice } }) });
          }
          follow();
          for (const ticker of held) {
            const market = state.market(ticker);
            const expected = [
              ...[...(market?.bids ?? [])].map(([ticks, count]) => `bids ${ticks}×${count}`),
              ...[...(market?.asks ?? [])].map(([ticks, count]) => `asks ${ticks}×${count}`),
            ];
            const kept = [...(books.get(ticker) ?? [])].flatMap(([key, count]) =>
              count > 0 ? [`${key}×${count}`] : [],
            );
            expect(kept.sort()).toEqual(expected.sort());
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('each channel of a request has an answer and a sid of its own, and a book begins with its snapshots', () => {
    const { ask, say } = desk();
    say(delta(FIRST, 'bid', 4_700, 300));
    expect(ask(subscribe(7, ['orderbook_delta', 'trade'], { market_tickers: [FIRST, SECOND] }))).toEqual([
      { type: 'subscribed', id: 7, msg: { channel: 'orderbook_delta', sid: 1 } },
      {
        type: 'orderbook_snapshot',
        sid: 1,
        seq: 1,
        // A side without bids is absent.
        msg: {
          market_ticker: FIRST,
          market_id: contractOf(FIRST).marketId,
          yes_dollars_fp: [['0.4700', '3.00']],
        },
      },
      {
        type: 'orderbook_snapshot',
        sid: 1,
        seq: 2,
        msg: { market_ticker: SECOND, market_id: contractOf(SECOND).marketId },
      },
      { type: 'subscribed', id: 7, msg: { channel: 'trade', sid: 2 } },
    ]);
  });

  test('subscribing again merges into the sid: the whole list is acknowledged, and only what is new has a snapshot', () => {
    const { ask } = desk();
    ask(subscribe(1, ['orderbook_delta'], { market_tickers: [FIRST] }));
    const [ok, ...rest] = ask(subscribe(2, ['orderbook_delta'], { market_tickers: [FIRST, SECOND, SECOND] }));
    expect(ok).toEqual({ type: 'ok', id: 2, sid: 1, seq: 2, msg: { market_tickers: [FIRST, SECOND] } });
    expect(rest).toMatchObject([{ type: 'orderbook_snapshot', seq: 3, msg: { market_ticker: SECOND } }]);
    expect(ask(subscribe(3, ['orderbook_delta'], { market_ticker: SECOND }))).toEqual([
      { type: 'ok', id: 3, sid: 1, seq: 4, msg: { market_tickers: [FIRST, SECOND] } },
    ]);
  });

  test('markets are added and taken away on the sid; a ticker’s acknowledgement has no number', () => {
    const { ask, say, news } = desk();
    ask(subscribe(1, ['ticker'], { market_ticker: FIRST }));
    expect(ask(update(2, 'add_markets', { sids: [1], market_tickers: [SECOND] }))).toEqual([
      { type: 'ok', id: 2, sid: 1, msg: { market_tickers: [FIRST, SECOND] } },
    ]);
    expect(ask(update(3, 'delete_markets', { sid: 1, market_tickers: [FIRST, 'KXBTC-OLD'] }))).toEqual([
      { type: 'ok', id: 3, sid: 1, msg: { market_tickers: [SECOND] } },
    ]);
    say(tick(FIRST));
    say(tick(SECOND));
    expect(news().map(({ msg }) => msg.market_ticker)).toEqual([SECOND]);
  });

  test('get_snapshot gives the books that are held, with the command’s id, and leaves the subscription as it was', () => {
    const { ask, say, news } = desk();
    ask(subscribe(1, ['orderbook_delta'], { market_tickers: [FIRST, SECOND] }));
    say(delta(SECOND, 'ask', 5_200, 200));
    news();
    expect(ask(update(9, 'get_snapshot', { sids: [1], market_tickers: [SECOND, THIRD] }))).toEqual([
      { type: 'ok', id: 9, sid: 1, seq: 4, msg: { market_tickers: [FIRST, SECOND] } },
      {
        type: 'orderbook_snapshot',
        id: 9,
        sid: 1,
        seq: 5,
        msg: {
          market_ticker: SECOND,
          market_id: contractOf(SECOND).marketId,
          no_dollars_fp: [['0.4800', '2.00']],
        },
      },
    ]);
  });

  test('NO levels carry their own price, or the YES price if that was asked for', () => {
    for (const [flag, price] of [
      [false, '0.4800'],
      [true, '0.5200'],
    ] as const) {
      const { ask, say, news } = desk();
      say(delta(FIRST, 'ask', 5_200, 200));
      expect(
        ask(subscribe(1, ['orderbook_delta'], { market_ticker: FIRST, use_yes_price: flag }))[1]?.msg,
      ).toMatchObject({ no_dollars_fp: [[price, '2.00']] });
      say(delta(FIRST, 'ask', 5_200, -50));
      expect(news()[0]?.msg).toMatchObject({ side: 'no', price_dollars: price, delta_fp: '-0.50' });
    }
  });

  test('tickers, trades and fills may follow every market; a first ticker comes only if it was asked for', () => {
    const { ask, say, tell, news } = desk();
    say(tick(FIRST));
    expect(ask(subscribe(1, ['ticker', 'trade', 'fill'])).map(({ type }) => type)).toEqual(
      Array(3).fill('subscribed'),
    );
    say(tick(SECOND));
    say(trade(FIRST));
    tell(FILL);
    expect(news()).toMatchObject([
      { type: 'ticker', sid: 1, msg: { market_ticker: SECOND, yes_bid_dollars: '0.0000' } },
      { type: 'trade', sid: 2, seq: 1, msg: { market_ticker: FIRST } },
      { type: 'fill', sid: 3, msg: { market_ticker: FIRST, fee_cost: '0.017500' } },
    ]);
    const other = desk();
    other.say(tick(FIRST));
    expect(other.ask(subscribe(1, ['ticker'], { market_ticker: FIRST }))).toHaveLength(1);
    other.ask({ id: 2, cmd: 'unsubscribe', params: { sids: [1] } });
    expect(
      other.ask(subscribe(1, ['ticker'], { market_ticker: FIRST, send_initial_snapshot: true })),
    ).toMatchObject([{ type: 'subscribed' }, { type: 'ticker', msg: { market_ticker: FIRST } }]);
  });

  test('the index is told to those who named it, and can be given up and taken again', () => {
    const { ask, say, news } = desk();
    ask(subscribe(1, ['cfbenchmarks_value'], { index_ids: ['SOLUSD_RTI'] }));
    ask(subscribe(1, ['cfbenchmarks_value'], { index_ids: ['ETHUSD_RTI'] }));
    say(PRINT);
    expect(news()).toEqual([]);
    expect(ask(update(2, 'subscribe_indices', { sid: 1, index_ids: ['BRTI'] }))).toEqual([
      { type: 'ok', id: 2, sid: 1, seq: 2, msg: { index_ids: ['SOLUSD_RTI', 'ETHUSD_RTI', 'BRTI'] } },
    ]);
    say(PRINT);
    expect(news()).toMatchObject([{ type: 'cfbenchmarks_value', sid: 1, seq: 3, msg: { index_id: 'BRTI' } }]);
    ask(update(3, 'unsubscribe_indices', { sid: 1, index_ids: ['BRTI'] }));
    say(PRINT);
    expect(news()).toEqual([]);
    expect(ask(update(4, 'indexlist', { sid: 1 }))).toMatchObject([
      { msg: { index_ids: ['BRTI', 'ETHUSD_RTI'] } },
    ]);
  });

  test('a client hears the indices that it named and no other; `all` names those that are published', () => {
    const ether: KalshiEmission = {
      ...PRINT,
      index: { indexId: 'ETHUSD_RTI', indexDecimals: 2, valueUnits: 250_012 },
    };
    const heard = (ids: readonly string[]): readonly unknown[] => {
      const { ask, say, news } = desk();
      ask(subscribe(1, ['cfbenchmarks_value'], { index_ids: ids }));
      say(PRINT);
      say(ether);
      return news().map(({ msg }) => msg['index_id']);
    };
    expect(heard(['ETHUSD_RTI'])).toEqual(['ETHUSD_RTI']);
    expect(heard(['BRTI'])).toEqual(['BRTI']);
    expect(heard(['all'])).toEqual(['BRTI', 'ETHUSD_RTI']);
  });

  test('lifecycle comes of every market and cannot be filtered', () => {
    const { ask, say, news } = desk();
    ask(subscribe(1, ['market_lifecycle_v2'], { market_ticker: FIRST }));
    say({ kind: 'settled', at: NOW, contract: contractOf(SECOND) });
    expect(news()).toMatchObject([
      { type: 'market_lifecycle_v2', sid: 1, seq: 1, msg: { market_ticker: SECOND, event_type: 'settled' } },
    ]);
    expect(ask(subscribe(2, ['market_lifecycle_v2']))).toEqual([
      { type: 'ok', id: 2, sid: 1, seq: 2, msg: { market_tickers: [] } },
    ]);
  });

  test('the end of a subscription is its last numbered frame; the next one has another sid', () => {
    const { ask, say } = desk();
    ask(subscribe(1, ['trade']));
    say(trade(FIRST));
    expect(ask({ id: 2, cmd: 'unsubscribe', params: { sids: [1] } }).at(-1)).toEqual({
      type: 'unsubscribed',
      id: 2,
      sid: 1,
      seq: 2,
    });
    say(trade(FIRST));
    expect(ask(subscribe(3, ['trade']))).toEqual([
      { type: 'subscribed', id: 3, msg: { channel: 'trade', sid: 2 } },
    ]);
    expect(ask({ id: 4, cmd: 'list_subscriptions' })).toEqual([
      { type: 'ok', id: 4, msg: [{ channel: 'trade', sid: 2 }] },
    ]);
  });

  const book = subscribe(1, ['orderbook_delta'], { market_ticker: FIRST });
  const index = subscribe(1, ['cfbenchmarks_value'], { index_ids: ['BRTI'] });
  test.each([
    ['no JSON', ['subscribe'], 1],
    ['JSON that is no object', ['7'], 1],
    ['no parameters', [{ id: 1, cmd: 'subscribe' }], 2],
    ['no channels', [subscribe(1, [])], 3],
    ['an end of nothing', [{ id: 1, cmd: 'unsubscribe', params: {} }], 4],
    ['a command that is not there', [{ id: 1, cmd: 'order', params: {} }], 5],
    ['an end of an unknown sid', [{ id: 1, cmd: 'unsubscribe', params: { sids: [3] } }], 7],
    ['a change of an unknown sid', [update(1, 'add_markets', { sid: 3, market_tickers: [FIRST] })], 7],
    ['a channel that is gone', [subscribe(1, ['ticker_v2'])], 8],
    ['an unknown market', [subscribe(1, ['trade'], { market_ticker: 'KXBTC-NONE' })], 11],
    ['an unknown market to add', [book, update(2, 'add_markets', { sid: 1, market_ticker: 'X' })], 11],
    ['two sids at once', [book, update(2, 'add_markets', { sids: [1, 2], market_tickers: [FIRST] })], 12],
    ['an unknown action', [book, update(2, 'rename', { sid: 1, market_tickers: [FIRST] })], 13],
    [
      'a snapshot of trades',
      [subscribe(1, ['trade']), update(2, 'get_snapshot', { sid: 1, market_ticker: FIRST })],
      13,
    ],
    ['a market for the index', [index, update(2, 'add_markets', { sid: 1, market_ticker: FIRST })], 13],
    ['a book without a market', [subscribe(1, ['orderbook_delta'])], 14],
    ['a change without a market', [book, update(2, 'add_markets', { sid: 1 })], 14],
    [
      'no action',
      [book, { id: 2, cmd: 'update_subscription', params: { sid: 1, market_ticker: FIRST } }],
      15,
    ],
    ['an index without a name', [subscribe(1, ['cfbenchmarks_value'])], 24],
  ] as const)('%s is an error by its code, with the command’s id', (_, commands, code) => {
    const { ask, texts } = desk();
    const answers = commands.map((command) => ask(command));
    const last = commands.at(-1);
    expect(answers.at(-1)).toMatchObject([
      { type: 'error', msg: { code }, ...(typeof last === 'object' && { id: last.id }) },
    ]);
    expect(texts.at(-1)).toMatch(/\}\n$/);
    const read = kalshiDecoder({ useYesPrice: false, assets: [BTC] })(texts.at(-1) ?? '', 1);
    expect(read.filter(({ kind }) => kind === 'rejected')).toEqual([]);
  });

  test('one bad channel does not spoil the others of its request', () => {
    const { ask } = desk();
    expect(
      ask(subscribe(1, ['nothing', 'trade', 'orderbook_delta'])).map(({ type, msg }) => [
        type,
        msg['code'] ?? msg.channel,
      ]),
    ).toEqual([
      ['error', 8],
      ['subscribed', 'trade'],
      ['error', 14],
    ]);
  });

  test('property: whatever a client says, the venue does not throw and every frame is read', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            id: fc.anything(),
            cmd: fc.constantFrom('subscribe', 'unsubscribe', 'update_subscription', 'list_subscriptions', 1),
            params: fc.oneof(
              fc.anything(),
              fc.record(
                {
                  channels: fc.oneof(fc.constant([...CHANNELS]), fc.anything()),
                  market_tickers: fc.oneof(fc.constant([FIRST]), fc.anything()),
                  index_ids: fc.oneof(fc.constant(['all']), fc.anything()),
                  sids: fc.oneof(fc.constant([1]), fc.anything()),
                  action: fc.oneof(fc.constantFrom('add_markets', 'subscribe_indices'), fc.anything()),
                },
                { requiredKeys: [] },
              ),
            ),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 8 }), (messages) => {
        const { ask, texts } = desk();
        for (const message of messages) ask(message);
        const decode = kalshiDecoder({ useYesPrice: false, assets: [BTC] });
        expect(texts.flatMap((text) => decode(text, 1)).filter(({ kind }) => kind === 'rejected')).toEqual(
          [],
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
