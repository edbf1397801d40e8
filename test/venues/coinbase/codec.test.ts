import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCoinbase } from '../../../src/venues/coinbase/codec.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { mutatedTexts } from '../kraken/mutations.ts';

const at = 1_778_677_183_000_000;
const MATCH =
  '{"type":"match","trade_id":1017481505,"product_id":"BTC-USD","price":"80179.92","time":"2026-05-13T12:59:42.787638Z"}';
const FULL = MATCH.replace('}', ',"size":"0.00100000","side":"buy","sequence":50,"maker_order_id":"x"}');
const HEARTBEAT =
  '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"2026-05-13T12:59:42.787638Z"}';
const SUBSCRIPTIONS =
  '{"type":"subscriptions","channels":[{"name":"matches","product_ids":["BTC-USD"]},{"name":"heartbeat","product_ids":["BTC-USD"]}]}';
const ERROR = '{"type":"error","message":"Failed to subscribe","reason":"BTC-XXX is not a valid product"}';

const trade = {
  kind: 'spotTrade',
  at: 1_778_677_182_787_638,
  receivedAt: at,
  venue: 'coinbase',
  symbol: 'BTC-USD',
  price: 80179.92,
  quantity: undefined,
  taker: undefined,
  tradeId: 1017481505,
  replayed: false,
};
const acknowledgement = {
  kind: 'acknowledgement',
  at,
  receivedAt: at,
  venue: 'coinbase',
  sid: undefined,
  seq: undefined,
};

describe('decodeCoinbase', () => {
  test('a match without size and side leaves them undefined', () =>
    expect(decodeCoinbase(MATCH, at)).toEqual([trade]));

  test('the taker is opposite to the side of the resting order', () => {
    expect(decodeCoinbase(FULL, at)).toEqual([{ ...trade, quantity: 0.001, taker: 'sell' }]);
    expect(decodeCoinbase(FULL.replace('"buy"', '"sell"'), at)).toEqual([
      { ...trade, quantity: 0.001, taker: 'buy' },
    ]);
  });

  test('the match before the subscription is a replay', () =>
    expect(decodeCoinbase(MATCH.replace('match', 'last_match'), at)).toEqual([{ ...trade, replayed: true }]));

  test('a heartbeat has the time of the venue', () =>
    expect(decodeCoinbase(HEARTBEAT, at)).toEqual([
      { kind: 'heartbeat', at: trade.at, receivedAt: at, venue: 'coinbase' },
    ]));

  test('subscriptions are granted one by one, and an error is a refusal', () => {
    const granted = {
      ...acknowledgement,
      method: 'subscribe',
      accepted: true,
      symbol: 'BTC-USD',
      detail: undefined,
    };
    expect(decodeCoinbase(SUBSCRIPTIONS, at)).toEqual([
      { ...granted, channel: 'matches' },
      { ...granted, channel: 'heartbeat' },
    ]);
    const refused = {
      ...acknowledgement,
      method: 'error',
      accepted: false,
      channel: undefined,
      symbol: undefined,
    };
    expect(decodeCoinbase(ERROR, at)).toEqual([
      { ...refused, detail: 'Failed to subscribe: BTC-XXX is not a valid product' },
    ]);
    expect(decodeCoinbase('{"type":"error","message":"no"}', at)).toEqual([{ ...refused, detail: 'no' }]);
  });

  test.each([
    ['no JSON at all', '{', /^no JSON$/],
    ['a list', '[]', /expected object/],
    ['another type', '{"type":"ticker"}', /at type$/],
    ['a price as number', MATCH.replace('"80179.92"', '80179.92'), /at price$/],
    ['a price in exponent form', MATCH.replace('80179.92', '8e4'), /must be a plain decimal → at price$/],
    ['a price of nothing', MATCH.replace('80179.92', '0.00'), /must be above 0 → at price$/],
    ['a trade id with a fraction', MATCH.replace('1017481505', '1.5'), /at trade_id$/],
    ['a time that is none', MATCH.replace('05-13T', '05-32T'), /must be an RFC 3339 time → at time$/],
    ['an unknown side', FULL.replace('"buy"', '"both"'), /at side$/],
  ])('a frame with %s is rejected with the reason', (_, text, why) =>
    expect(decodeCoinbase(text, at)).toEqual([
      {
        kind: 'rejected',
        at,
        receivedAt: at,
        venue: 'coinbase',
        why: expect.stringMatching(why),
        excerpt: text.slice(0, 200),
      },
    ]),
  );

  test('property: mutated frames never throw, are rejected at most once, and give no number that is not finite', () => {
    fc.assert(
      fc.property(mutatedTexts([MATCH, FULL, HEARTBEAT, SUBSCRIPTIONS, ERROR]), (text) => {
        const events = decodeCoinbase(text, at);
        if (events.some(({ kind }) => kind === 'rejected')) expect(events.length).toBe(1);
        JSON.stringify(events, (_, value: unknown) => {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          return value;
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describeData('decodeCoinbase on a recorded tape', () => {
  test('every frame is a trade of its own id', () => {
    const name = readdirSync(dataPath('tapes')).find((file) => file.startsWith('20260513T161054Z'));
    const frames = gunzipSync(readFileSync(dataPath('tapes', name ?? '')))
      .toString()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([, venue]) => venue === 'coinbase');
    const ids = frames.flatMap(([, , text]) =>
      decodeCoinbase(text ?? '', at).map((event) => (event.kind === 'spotTrade' ? event.tradeId : -1)),
    );
    expect(ids.length).toBe(6248);
    expect(new Set(ids).size).toBe(6248);
    expect(Math.min(...ids)).toBeGreaterThan(1_000_000_000);
  });
});
