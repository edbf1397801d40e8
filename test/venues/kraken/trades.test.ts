import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { concatMap, from, lastValueFrom, toArray } from 'rxjs';
import type { Gap, SpotTrade } from '../../../src/domain/events/venue.ts';
import type { Decoded } from '../../../src/operators/decode.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { krakenTrades } from '../../../src/venues/kraken/trades.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { marbles } from '../../support/marbles.ts';

type Input = Decoded;

const trade = (tradeId: number, rest: Partial<SpotTrade> = {}): SpotTrade => ({
  kind: 'spotTrade',
  at: tradeId,
  receivedAt: 1000 + tradeId,
  venue: 'kraken',
  symbol: 'BTC/USD',
  price: 100,
  quantity: 1,
  taker: 'buy',
  tradeId,
  replayed: false,
  ...rest,
});
/** A trade of the snapshot received at `receivedAt`. */
const replay = (tradeId: number, receivedAt: number): SpotTrade =>
  trade(tradeId, { replayed: true, receivedAt });
const gapOf = (rest: Partial<Gap>): Gap => ({
  kind: 'gap',
  at: 9,
  receivedAt: 1009,
  venue: 'kraken',
  cause: 'tradeId',
  scope: 'BTC/USD',
  detail: '',
  ...rest,
});

/** What comes out of a list, at once. */
const through = (...events: readonly Input[]): Promise<readonly Input[]> =>
  lastValueFrom(from(events).pipe(krakenTrades(), toArray()));

describe('krakenTrades', () => {
  test('a hole gives a gap before the trade that shows it, repeats are dropped, and the rest passes', () => {
    const values = {
      a: trade(5),
      b: trade(6),
      e: trade(9),
      h: { kind: 'heartbeat', at: 1, receivedAt: 1, venue: 'kraken' } as Input,
    };
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-b-a-b-h-e----|', values as Record<string, Input>);
      const subs = '        ^---------------!';
      const expected = '    -a-b-----h-(ge)-|';
      expectObservable(source.pipe(krakenTrades())).toBe(expected, {
        ...values,
        g: gapOf({ detail: 'missed 2: from 7 to 8', missing: { firstId: 7, lastId: 8, sinceAt: 6 } }),
      } as Record<string, Input>);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('the first snapshot passes as replayed and the updates join on', async () => {
    const events = [replay(5, 50), replay(6, 50), trade(7)];
    expect(await through(...events)).toEqual(events);
  });

  test('what a disconnect hid follows as new from the next snapshot, and what was seen is dropped', async () => {
    const disconnect = gapOf({ cause: 'disconnect' });
    expect(
      await through(
        trade(5),
        trade(6),
        disconnect,
        replay(5, 50),
        replay(6, 50),
        replay(7, 50),
        replay(8, 50),
        trade(9),
      ),
    ).toEqual([
      trade(5),
      trade(6),
      disconnect,
      trade(7, { receivedAt: 50 }),
      trade(8, { receivedAt: 50 }),
      trade(9),
    ]);
  });

  test('a second snapshot joins on the first where no trade came between', async () => {
    expect(await through(replay(5, 50), replay(6, 50), replay(6, 60), replay(7, 60))).toEqual([
      replay(5, 50),
      replay(6, 50),
      trade(7, { receivedAt: 60 }),
    ]);
  });

  test('trades replayed past a hole stay replayed', async () => {
    const gap = gapOf({
      at: 8,
      receivedAt: 50,
      detail: 'missed 2: from 6 to 7',
      missing: { firstId: 6, lastId: 7, sinceAt: 5 },
    });
    expect(await through(trade(5), replay(8, 50), replay(9, 50), trade(10))).toEqual([
      trade(5),
      gap,
      replay(8, 50),
      replay(9, 50),
      trade(10),
    ]);
  });

  test('symbols are counted apart, and another venue is none of its business', async () => {
    const events = [
      trade(5),
      trade(50, { symbol: 'ETH/USD' }),
      trade(6),
      trade(51, { symbol: 'ETH/USD' }),
      trade(2, { venue: 'coinbase' }),
    ];
    expect(await through(...events)).toEqual(events);
  });

  test('a session forgets what was seen', async () => {
    const events = [trade(50), gapOf({ venue: 'kalshi', cause: 'session' }), trade(5), trade(6)];
    expect(await through(...events)).toEqual(events);
  });

  test('each subscriber counts for itself; empty, error and leaving early pass through', () => {
    const values: Record<string, Input> = { a: trade(5), b: trade(6) };
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const twice = cold('a-b|', values).pipe(krakenTrades());
      expectObservable(twice).toBe('a-b|', values);
      expectObservable(twice).toBe('a-b|', values);
      expectObservable(cold<Input>('--|').pipe(krakenTrades())).toBe('--|');
      expectObservable(cold('a-#', values).pipe(krakenTrades())).toBe('a-#', values);
      const source = hot('a-b-a', values);
      expectObservable(source.pipe(krakenTrades()), '^--!').toBe('a-b', values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });
});

describeData('krakenTrades on a recorded feed', () => {
  test('snapshot and updates are contiguous: 52 trades, no gap', async () => {
    const events = await lastValueFrom(
      from(readFileSync(dataPath('kraken', 'trades-v2.jsonl'), 'utf8').trim().split('\n')).pipe(
        concatMap((line) => decodeKraken(line, 7)),
        krakenTrades(),
        toArray(),
      ),
    );
    const ids = events.flatMap((event) => (event.kind === 'spotTrade' ? [event.tradeId] : []));
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([52, 109183836, 109183887]);
    expect(events.filter(({ kind }) => kind === 'gap')).toEqual([]);
  });
});
