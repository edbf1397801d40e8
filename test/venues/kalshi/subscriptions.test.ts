import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type KalshiCommand,
  type Subscriptions,
  subscriptions,
} from '../../../src/venues/kalshi/subscriptions.ts';

interface SentCommand extends KalshiCommand {
  readonly id: number;
}

/** Subscriptions of one connection whose commands are kept. */
function opened(ownChannels = false) {
  const sent: SentCommand[] = [];
  const subs = subscriptions(
    (command) => {
      sent.push({ id: sent.length + 1, ...command });
      return sent.length;
    },
    { useYesPrice: false, indexIds: ['BRTI'], ownChannels },
  );
  return {
    subs,
    sent,
    /** What was sent since the last time, as `id cmd or action channel or sid: tickers`. */
    told: (() => {
      let from = 0;
      return (): readonly string[] => {
        const fresh = sent.slice(from);
        from = sent.length;
        return fresh.map(line);
      };
    })(),
  };
}

const line = ({ id, cmd, params }: SentCommand): string => {
  const tickers = (params['market_tickers'] as readonly string[] | undefined) ?? [];
  const about =
    cmd === 'subscribe'
      ? `subscribe ${(params['channels'] as readonly string[]).join()}`
      : `${params['action']} ${(params['sids'] as readonly number[]).join()}`;
  return `${id} ${about}${tickers.length > 0 ? `: ${tickers.length > 3 ? tickers.length : tickers.join(' ')}` : ''}`;
};

const CHANNELS = ['market_lifecycle_v2', 'cfbenchmarks_value', 'orderbook_delta', 'ticker', 'trade'] as const;

const grantAll = (subs: Subscriptions): void => {
  for (const [i, channel] of CHANNELS.entries()) subs.subscribed(channel, i + 1, i + 1);
};

/** All five channels granted, with sids 1 to 5 in the order of asking. */
function granted(wanted: readonly string[]) {
  const connection = opened();
  connection.subs.sync(wanted, 0);
  grantAll(connection.subs);
  connection.told();
  return connection;
}
const BOOKS = 3;

const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `M${String(i).padStart(4, '0')}`);

describe('subscriptions', () => {
  test('the first sync asks for lifecycle, the BRTI, books, tickers and trades, each with what it needs', () => {
    const { subs, sent } = opened();
    subs.sync(['A', 'B'], 0);
    const market_tickers = ['A', 'B'];
    expect(sent).toEqual([
      { id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } },
      { id: 2, cmd: 'subscribe', params: { channels: ['cfbenchmarks_value'], index_ids: ['BRTI'] } },
      {
        id: 3,
        cmd: 'subscribe',
        params: { channels: ['orderbook_delta'], use_yes_price: false, market_tickers },
      },
      {
        id: 4,
        cmd: 'subscribe',
        params: { channels: ['ticker'], send_initial_snapshot: true, market_tickers },
      },
      { id: 5, cmd: 'subscribe', params: { channels: ['trade'], market_tickers } },
    ]);
  });

  test('the form of the prices is always said, since the default is announced to flip', () => {
    const sent: KalshiCommand[] = [];
    subscriptions((command) => sent.push(command), { useYesPrice: true, indexIds: ['BRTI'] }).sync(['A'], 0);
    const books = sent.find(({ params }) => String(params['channels']) === 'orderbook_delta');
    expect(books?.params['use_yes_price']).toBe(true);
  });

  test('our own channels are asked for without a market, on each connection anew, and until each has its sid', () => {
    const own = ['fill', 'user_orders', 'market_positions', 'order_group_updates'];
    for (let connection = 0; connection < 2; connection++) {
      const { subs, told } = opened(true);
      subs.sync([], 0);
      expect(told().map((command) => command.split(' ').slice(1).join(' '))).toEqual(
        expect.arrayContaining(own.map((channel) => `subscribe ${channel}`)),
      );
      subs.sync(['A'], 1);
      told();
      for (const [i, channel] of CHANNELS.entries()) subs.subscribed(channel, 10 + i, undefined);
      for (const [i, channel] of own.entries()) {
        expect(subs.complete()).toBe(false);
        subs.subscribed(channel, 1 + i, undefined);
      }
      expect(subs.complete()).toBe(true);
      subs.refused({ id: undefined, sid: 4, code: 25, tickers: [] }, 5);
      subs.sync(['A'], 5_000);
      expect(told()).toEqual([expect.stringContaining('subscribe order_group_updates')]);
    }
  });

  test('without a market only the channels that need none are asked for', () => {
    const { subs, told } = opened();
    subs.sync([], 0);
    expect(told()).toEqual(['1 subscribe market_lifecycle_v2', '2 subscribe cfbenchmarks_value']);
  });

  test('what was asked for is not asked for twice while the answer is awaited, nor after it came', () => {
    const { subs, told } = granted(['A']);
    expect(told()).toEqual([]);
    subs.sync(['A'], 10_000);
    expect(told()).toEqual([]);
    const asking = opened();
    asking.subs.sync(['A'], 0);
    asking.told();
    asking.subs.sync(['A', 'B'], 10_000);
    expect(asking.told()).toEqual([]);
  });

  test('markets that come and go are added and taken on each market channel by its sid', () => {
    const { subs, told } = granted(['A', 'B']);
    subs.sync(['B', 'C'], 0);
    expect(told()).toEqual([
      '6 add_markets 3: C',
      '7 delete_markets 3: A',
      '8 add_markets 4: C',
      '9 delete_markets 4: A',
      '10 add_markets 5: C',
      '11 delete_markets 5: A',
    ]);
    expect([...subs.books()]).toEqual(['B', 'C']);
    subs.sync(['B', 'C'], 0);
    expect(told()).toEqual([]);
  });

  test('no command names more than 200 markets, and all are named in the end', () => {
    const { subs, told } = opened();
    subs.sync(many(450), 0);
    expect(told().slice(2)).toEqual([
      '3 subscribe orderbook_delta: 200',
      '4 subscribe ticker: 200',
      '5 subscribe trade: 200',
    ]);
    grantAll(subs);
    subs.sync(many(450), 0);
    expect(told()).toEqual(
      [3, 4, 5].flatMap((sid, i) => [
        `${6 + 2 * i} add_markets ${sid}: 200`,
        `${7 + 2 * i} add_markets ${sid}: 50`,
      ]),
    );
    expect([...subs.books()]).toEqual(many(450));
  });

  test('it is complete once every channel has its sid, and not any more when one is lost', () => {
    const { subs } = opened();
    subs.sync(['A'], 0);
    CHANNELS.forEach((channel, i) => {
      expect(subs.complete()).toBe(false);
      subs.subscribed(channel, i + 1, i + 1);
    });
    expect(subs.complete()).toBe(true);
    expect(subs.bookSid()).toBe(BOOKS);
    subs.refused({ id: undefined, sid: 5, code: 25, tickers: [] }, 0);
    expect(subs.complete()).toBe(false);
  });

  test('a refused subscription is told by its channel and asked for again after two seconds', () => {
    const { subs, told } = opened();
    subs.sync(['A'], 1_000);
    told();
    expect(subs.refused({ id: 3, sid: undefined, code: 8, tickers: ['A'] }, 1_000)).toEqual({
      about: 'orderbook_delta',
      ended: false,
    });
    expect([...subs.books()]).toEqual([]);
    subs.sync(['A'], 2_999);
    expect(told()).toEqual([]);
    subs.sync(['A'], 3_000);
    expect(told()).toEqual(['6 subscribe orderbook_delta: A']);
  });

  test('of a refused addition only the markets that are named are lost, all of them if none is', () => {
    const named = granted(['A']);
    named.subs.sync(['A', 'B', 'C'], 0);
    named.told();
    expect(named.subs.refused({ id: 6, sid: BOOKS, code: 8, tickers: ['C'] }, 0).about).toBe(
      'orderbook_delta',
    );
    expect([...named.subs.books()]).toEqual(['A', 'B']);
    named.subs.sync(['A', 'B', 'C'], 2_000);
    expect(named.told()).toEqual(['9 add_markets 3: C']);
    const unnamed = granted(['A']);
    unnamed.subs.sync(['A', 'B', 'C'], 0);
    unnamed.subs.refused({ id: 6, sid: BOOKS, code: 8, tickers: [] }, 0);
    expect([...unnamed.subs.books()]).toEqual(['A']);
  });

  test('a granted command can no longer be refused: a late error about it takes nothing away', () => {
    const { subs } = granted(['A']);
    subs.sync(['A', 'B'], 0);
    subs.granted(6);
    expect(subs.refused({ id: 6, sid: undefined, code: 8, tickers: [] }, 0)).toEqual({
      about: 'connection',
      ended: false,
    });
    expect([...subs.books()]).toEqual(['A', 'B']);
  });

  test.each([10, 25])(
    'error %p on a sid ends it: its markets are asked for anew on a new one after two seconds',
    (code) => {
      const { subs, told } = granted(['A', 'B']);
      expect(subs.refused({ id: undefined, sid: BOOKS, code, tickers: [] }, 1_000)).toEqual({
        about: 'orderbook_delta',
        ended: true,
      });
      expect(subs.bookSid()).toBeUndefined();
      expect([...subs.books()]).toEqual([]);
      subs.sync(['A', 'B'], 2_999);
      expect(told()).toEqual([]);
      subs.sync(['A', 'B'], 3_000);
      expect(told()).toEqual(['6 subscribe orderbook_delta: A B']);
      subs.subscribed('orderbook_delta', 9, 6);
      expect(subs.bookSid()).toBe(9);
    },
  );

  test.each([
    [{ id: undefined, sid: BOOKS, code: 6, tickers: [] }, 'orderbook_delta', false],
    [{ id: undefined, sid: 77, code: 25, tickers: [] }, 'sid 77', true],
    [{ id: undefined, sid: undefined, code: 25, tickers: [] }, 'connection', true],
    [{ id: 99, sid: undefined, code: 1, tickers: [] }, 'connection', false],
  ])('error %j is about %p and leaves what is held', (error, about, ended) => {
    const { subs } = granted(['A']);
    expect(subs.refused(error, 0)).toEqual({ about, ended });
    expect(subs.bookSid()).toBe(BOOKS);
    expect([...subs.books()]).toEqual(['A']);
  });

  test('an error of the connection before anything was granted takes no subscription away that is asked for', () => {
    const { subs, told } = opened();
    subs.sync(['A'], 0);
    told();
    expect(subs.refused({ id: undefined, sid: undefined, code: 25, tickers: [] }, 0).about).toBe(
      'connection',
    );
    subs.sync(['A'], 10_000);
    expect(told()).toEqual([]);
  });

  test('snapshots are asked for over all books or some, 200 a command, and not before there is a subscription', () => {
    const early = opened();
    early.subs.snapshots();
    expect(early.told()).toEqual([]);
    const { subs, told } = granted(['A', 'B']);
    subs.snapshots();
    subs.snapshots(['B']);
    expect(told()).toEqual(['6 get_snapshot 3: A B', '7 get_snapshot 3: B']);
    subs.refused({ id: 7, sid: BOOKS, code: 8, tickers: [] }, 0);
    expect([...subs.books()]).toEqual(['A', 'B']);
    const large = granted(many(200));
    large.subs.sync(many(201), 0);
    large.told();
    large.subs.snapshots();
    expect(large.told().map((each) => each.replace(/^\d+ /, ''))).toEqual([
      'get_snapshot 3: 200',
      'get_snapshot 3: M0200',
    ]);
  });

  test('property: whatever is wanted, refused or ended, in the end the venue holds exactly what is wanted, on every market channel', () => {
    const tickers = many(6);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('want' as const), wanted: fc.subarray([...tickers]) }),
      fc.record({ kind: fc.constant('end' as const), channel: fc.constantFrom(...CHANNELS) }),
      fc.record({ kind: fc.constant('refuse' as const) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.subarray([...tickers], { minLength: 1 }),
        (steps, last) => {
          /** The venue: markets by sid, and which sid a channel has. */
          const venue = new Map<number, Set<string>>();
          const sids = new Map<string, number>();
          const { subs, sent } = opened();
          let nowMs = 0;
          let answered = 0;
          let sid = 0;
          const answer = (refuse: boolean): void => {
            for (; answered < sent.length; answered++) {
              const command = sent[answered];
              if (!command) continue;
              const { id, cmd, params } = command;
              const named = (params['market_tickers'] as readonly string[] | undefined) ?? [];
              const ofSid = (params['sids'] as readonly number[] | undefined)?.[0];
              const held = venue.get(ofSid ?? -1);
              if (refuse || (cmd === 'update_subscription' && !held)) {
                // A removal cannot be refused without the venue going on to send.
                if (params['action'] === 'delete_markets') for (const each of named) held?.delete(each);
                else subs.refused({ id, sid: ofSid, code: 8, tickers: [] }, nowMs);
              } else if (cmd === 'subscribe') {
                const [channel = ''] = params['channels'] as readonly string[];
                venue.set(++sid, new Set(named));
                sids.set(channel, sid);
                subs.subscribed(channel, sid, id);
              } else {
                for (const each of named)
                  if (params['action'] === 'add_markets') held?.add(each);
                  else held?.delete(each);
                subs.granted(id);
              }
            }
          };
          let wanted: readonly string[] = [];
          for (const each of [...steps, { kind: 'want' as const, wanted: last }]) {
            nowMs += 2_000;
            if (each.kind === 'want') wanted = each.wanted;
            if (each.kind === 'end') {
              const ended = sids.get(each.channel);
              sids.delete(each.channel);
              if (ended !== undefined && venue.delete(ended))
                subs.refused({ id: undefined, sid: ended, code: 25, tickers: [] }, nowMs);
            }
            subs.sync(wanted, nowMs);
            answer(each.kind === 'refuse');
          }
          for (let i = 0; i < 3; i++) {
            nowMs += 2_000;
            subs.sync(wanted, nowMs);
            answer(false);
          }
          expect(subs.complete()).toBe(true);
          expect([...subs.books()].sort()).toEqual([...last].sort());
          for (const channel of ['orderbook_delta', 'ticker', 'trade'])
            expect([...(venue.get(sids.get(channel) ?? -1) ?? [])].sort()).toEqual([...last].sort());
        },
      ),
    );
  });
});
