import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FrameLabel, frameLabel } from '../../../src/venues/kraken/frame-label.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { tapeFrames } from '../../support/tape-lines.ts';

/** The same frame in a spelling that no shortcut knows. */
const spelledOut = (text: string): string => ` ${text}`;

describe('frameLabel', () => {
  test.each<readonly [string, string, FrameLabel]>([
    [
      'a snapshot of the book',
      '{"channel":"book","type":"snapshot","data":[{"symbol":"ETH/USD","bids":[]}]}',
      { kind: 'data', channel: 'book', snapshot: true, symbol: 'ETH/USD' },
    ],
    [
      'an update of trades',
      '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy"}]}',
      { kind: 'data', channel: 'trade', snapshot: false, symbol: 'BTC/USD' },
    ],
    [
      'a channel nobody subscribed to',
      '{"channel":"ticker","type":"update","data":[]}',
      { kind: 'data', channel: 'ticker', snapshot: false, symbol: undefined },
    ],
    [
      'a frame that says neither snapshot nor update',
      '{"channel":"ticker","data":[]}',
      { kind: 'data', channel: 'ticker', snapshot: false, symbol: undefined },
    ],
    [
      'an update without an entry',
      '{"channel":"book","type":"update","data":[]}',
      { kind: 'data', channel: 'book', snapshot: false, symbol: undefined },
    ],
    [
      'an entry without a symbol',
      '{"channel":"book","type":"snapshot","data":[{"symbol":1}]}',
      { kind: 'data', channel: 'book', snapshot: true, symbol: undefined },
    ],
    ['a heartbeat', '{"channel":"heartbeat"}', { kind: 'other' }],
    [
      'the system in maintenance',
      '{"channel":"status","type":"update","data":[{"system":"maintenance"}]}',
      { kind: 'status', system: 'maintenance' },
    ],
    [
      'a status that says nothing',
      '{"channel":"status","type":"update","data":[]}',
      { kind: 'status', system: 'unknown' },
    ],
    [
      'a status of a shape never seen',
      '{"channel":"status","type":"update","data":[{"system":{"toString":1}}]}',
      { kind: 'status', system: 'unknown' },
    ],
    ['no JSON', '{"channel":"bo', { kind: 'other' }],
    ['no object', '"channel"', { kind: 'other' }],
    ['nothing', 'null', { kind: 'other' }],
  ])('%s is told for what it is', (_, text, label) => {
    expect(frameLabel(text).label).toEqual(label);
  });

  test('what it parsed goes with the label; an update and a heartbeat, told by their beginning, it does not parse', () => {
    const snapshot = '{"channel":"book","type":"snapshot","data":[{"symbol":"ETH/USD"}]}';
    expect(frameLabel(snapshot).json).toEqual(JSON.parse(snapshot));
    for (const text of ['{"channel":"heartbeat"}', '{"channel":"book","type":"update","data":[]}', 'no JSON'])
      expect(frameLabel(text).json).toBeUndefined();
  });

  test('a refusal keeps its reason and its number', () => {
    const reply = {
      error: 'Subscription depth not supported',
      method: 'subscribe',
      req_id: 7,
      success: false,
      symbol: 'BTC/USD',
    };
    expect(frameLabel(JSON.stringify(reply)).label).toEqual({ kind: 'reply', reply });
  });

  test('a reply of wrong types loses those members and nothing else', () => {
    const text =
      '{"method":"pong","req_id":"2","time_in":5,"time_out":"2026-08-24T22:21:56.724853Z","result":null}';
    expect(frameLabel(text).label).toEqual({
      kind: 'reply',
      reply: { method: 'pong', time_out: '2026-08-24T22:21:56.724853Z' },
    });
  });

  test('whatever comes, it gives a label and its reply has the types it says', () => {
    const member = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string());
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .dictionary(
          fc.constantFrom('method', 'success', 'error', 'symbol', 'req_id', 'time_in', 'time_out', 'result'),
          member,
        )
        .map((reply) => JSON.stringify({ method: 'subscribe', ...reply })),
      fc.record({ channel: member, type: member, data: member }).map((frame) => JSON.stringify(frame)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { label } = frameLabel(text);
        if (label.kind !== 'reply') return;
        const { method, success, error, symbol, req_id, time_in, time_out, result } = label.reply;
        const types = [method, error, symbol, time_in, time_out, result?.channel, result?.symbol].map(
          (value) => typeof value,
        );
        expect(types.filter((type) => type !== 'string' && type !== 'undefined')).toEqual([]);
        expect(['boolean', 'undefined']).toContain(typeof success);
        expect(['number', 'undefined']).toContain(typeof req_id);
      }),
    );
  });
});

describeData('frameLabel on recorded frames', () => {
  test('shortcuts say what reading the whole frame says', () => {
    const texts = [
      ...['trades-v2.jsonl', 'book-v2-sample.jsonl'].flatMap((name) =>
        readFileSync(dataPath('kraken', name), 'utf8').trim().split('\n'),
      ),
      ...[...tapeFrames('20260511T053743Z.tape.gz')]
        .filter(({ venue }) => venue === 'kraken')
        .map(({ text }) => text),
    ];
    const counts: Record<string, number> = {};
    for (const text of texts) {
      const { label } = frameLabel(text);
      const name = label.kind === 'data' ? `${label.channel} ${label.snapshot}` : label.kind;
      counts[name] = (counts[name] ?? 0) + 1;
      if (!text.startsWith('{"channel":"heartbeat"'))
        expect(frameLabel(spelledOut(text)).label).toEqual(label);
    }
    expect(counts).toEqual({
      'book false': 3,
      'book true': 1,
      'ohlc false': 15,
      other: 7,
      reply: 3,
      status: 2,
      'trade false': 2,
      'trade true': 1,
    });
  });
});
