import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kalshiLabel } from '../../../src/venues/kalshi/frame-label.ts';
import { dataPath, describeData } from '../../support/data.ts';

const label = (frame: unknown) => kalshiLabel(JSON.stringify(frame)).label;

describe('kalshiLabel', () => {
  test.each([
    { type: 'orderbook_delta', sid: 1, seq: 2, msg: { market_ticker: 'A' } },
    { type: 'ticker', msg: { market_ticker: 'A' } },
    { type: 'trade', sid: 1, seq: 2, msg: {} },
    { type: 'cfbenchmarks_value', sid: 1, seq: 2, msg: {} },
    { type: 'cfbenchmarks_value_5hz', sid: 1, seq: 2, msg: {} },
    { sid: 1, type: 'orderbook_delta', seq: 2, msg: {} },
    { type: 'event_lifecycle', sid: 1, seq: 2, msg: {} },
    { type: 'something new', msg: {} },
    { msg: {} },
    [],
    7,
    null,
  ])('%j is data, which is the graph’s alone', (frame) => {
    expect(label(frame)).toEqual({ kind: 'data' });
  });

  test('data is told by its beginning, without reading the rest', () => {
    for (const text of ['{"type":"orderbook_delta","sid":', '{"type":"trade"', '', 'not JSON', '{'])
      expect(kalshiLabel(text)).toEqual({ label: { kind: 'data' }, json: undefined });
  });

  test('property: a snapshot names its market, whatever stands around it and however it is spelt', () => {
    const tickers = fc.stringMatching(/^[A-Z0-9.-]{1,30}$/);
    fc.assert(
      fc.property(tickers, fc.string(), fc.nat(), (ticker, id, sid) => {
        const msg = { market_ticker: ticker, market_id: id, yes_dollars_fp: [['0.4700', '3.00']] };
        const told = { kind: 'snapshot', ticker };
        expect(label({ type: 'orderbook_snapshot', sid, seq: 1, msg })).toEqual(told);
        expect(label({ sid, seq: 1, msg, type: 'orderbook_snapshot' })).toEqual(told);
        expect(
          kalshiLabel(JSON.stringify({ type: 'orderbook_snapshot', sid, msg }, undefined, 1)).label,
        ).toEqual(told);
      }),
    );
  });

  test('replies carry the id they answer, a subscription its channel and sid', () => {
    expect(label({ type: 'subscribed', id: 4, msg: { channel: 'trade', sid: 2 } })).toEqual({
      kind: 'subscribed',
      id: 4,
      channel: 'trade',
      sid: 2,
    });
    expect(label({ type: 'ok', id: 5, sid: 2, seq: 1 })).toEqual({ kind: 'ok', id: 5 });
    expect(label({ type: 'ok', sid: 2, seq: 1 })).toEqual({ kind: 'ok', id: undefined });
    expect(label({ type: 'unsubscribed', id: 6, sid: 2 })).toEqual({ kind: 'ok', id: 6 });
    expect(label({ type: 'subscribed', id: 4, msg: { channel: 'trade' } })).toEqual({ kind: 'data' });
  });

  test('an error tells its code, its text and every market that it names', () => {
    const none = { kind: 'error', id: undefined, sid: undefined, tickers: [] };
    expect(label({ type: 'error', id: 7, msg: { code: 6, msg: 'Already subscribed' } })).toEqual({
      ...none,
      id: 7,
      code: 6,
      text: 'Already subscribed',
    });
    expect(label({ type: 'error', sid: 3, msg: { code: 25, msg: 'Subscription buffer overflow' } })).toEqual({
      ...none,
      sid: 3,
      code: 25,
      text: 'Subscription buffer overflow',
    });
    expect(label({ type: 'error', id: 7, msg: { code: 8, market_ticker: 'A' } })).toMatchObject({
      tickers: ['A'],
      text: 'no text',
    });
    expect(label({ type: 'error', id: 7, msg: { code: 8, market_tickers: ['A', 'B', 7] } })).toMatchObject({
      tickers: ['A', 'B'],
    });
    expect(label({ type: 'error' })).toEqual({ ...none, code: 0, text: 'no text' });
    expect(label({ type: 'error', msg: { code: 'x', market_tickers: 'A' } })).toEqual({
      ...none,
      code: 0,
      text: 'no text',
    });
  });

  test('a lifecycle frame hands its message on', () => {
    const msg = { market_ticker: 'KXBTC-A', event_type: 'created', close_ts: 7 };
    expect(label({ type: 'market_lifecycle_v2', sid: 4, seq: 1, msg })).toEqual({ kind: 'lifecycle', msg });
  });

  test('property: any text has a label', () => {
    const kinds = ['data', 'snapshot', 'lifecycle', 'subscribed', 'ok', 'error'];
    const types = fc.constantFrom(
      'error',
      'ok',
      'subscribed',
      'orderbook_snapshot',
      'market_lifecycle_v2',
      'trade',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.tuple(types, fc.jsonValue()).map(([type, msg]) => JSON.stringify({ type, msg })),
      fc.tuple(types, fc.string()).map(([type, rest]) => `{"type":"${type}"${rest}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(kinds).toContain(kalshiLabel(text).label.kind);
      }),
      { numRuns: 500 },
    );
  });
});

describeData('kalshiLabel on recorded frames', () => {
  const lines = (name: string): readonly string[] =>
    readFileSync(dataPath('kalshi', 'wire', name), 'utf8')
      .split('\n')
      .filter(Boolean);

  test('a session over all channels is labelled by its types alone', () => {
    const counts: Record<string, number> = {};
    for (const text of lines('ws_mixed_channels_2026-09-25.jsonl')) {
      const { type } = JSON.parse(text) as { readonly type: string };
      const key = `${type} is ${kalshiLabel(text).label.kind}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(Object.keys(counts).sort()).toEqual([
      'cfbenchmarks_value is data',
      'cfbenchmarks_value_5hz is data',
      'market_lifecycle_v2 is lifecycle',
      'ok is ok',
      'orderbook_delta is data',
      'orderbook_snapshot is snapshot',
      'subscribed is subscribed',
      'ticker is data',
      'trade is data',
    ]);
  });

  test('snapshots, replies and lifecycle frames say what they say on the wire', () => {
    const labels = lines('ws_mixed_channels_2026-09-25.jsonl').map((text) => kalshiLabel(text).label);
    expect(labels).toContainEqual({ kind: 'snapshot', ticker: 'KXBTC-26SEP2516-B74250' });
    expect(labels).toContainEqual({ kind: 'subscribed', id: 6, channel: 'market_lifecycle_v2', sid: 4 });
    expect(labels).toContainEqual({ kind: 'ok', id: 5 });
    expect(labels).toContainEqual({
      kind: 'lifecycle',
      msg: {
        market_ticker: 'KXTTELITEMATCH-26SEP251445RWIFDA-FDA',
        settled_ts: 1_790_363_638,
        event_type: 'settled',
      },
    });
  });
});
