import { describe, expect, test } from '@jest/globals';
import { consoleModel } from '../../src/console/console-model.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { FeedSilence } from '../../src/domain/events/feed.ts';
import { SECOND } from '../../src/domain/time.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { BTC } from '../support/btc.ts';
import { LANE } from './session.ts';

const AT = Date.UTC(2026, 5, 1, 14) * 1_000;
const index = (at: number): AuditEvent => ({
  kind: 'index',
  asset: 'BTC',
  at,
  receivedAt: at,
  value: 80_000,
  source: 'prints',
  variance: 0,
});
const silence = (feed: string, at: number, silent: boolean): FeedSilence => ({
  kind: 'feedSilence',
  at,
  asset: 'BTC',
  feed,
  silent,
  since: at - 5 * SECOND,
});
const connection = (change: 'opened' | 'closed' | 'live' | 'shed', at: number, detail = ''): AuditEvent => ({
  kind: 'connection',
  at,
  venue: 'kalshi',
  change,
  detail,
});

function shown(events: readonly AuditEvent[]) {
  const model = consoleModel({ lane: LANE, assets: [BTC], risk: riskSettings.parse({}) });
  const words = events.map((event, i) => {
    model.add({ seq: i + 1, event });
    model.take();
    return model.snapshot().values.word.word;
  });
  return { words, ...model.snapshot() };
}

describe('feeds', () => {
  test('a lane is blind until something comes, and again once all that decisions need is silent or down', () => {
    const { words, values } = shown([
      silence('krakenBook', AT, true),
      index(AT + SECOND),
      silence('index', AT + 7 * SECOND, true),
      silence('index', AT + 9 * SECOND, false),
      index(AT + 9 * SECOND),
      connection('closed', AT + 10 * SECOND),
    ]);
    expect(words).toEqual(['BLIND', 'WATCHING', 'BLIND', 'WATCHING', 'WATCHING', 'BLIND']);
    expect(values.word.reason).toContain('BTC index is down');
    expect(values.word.reason).toContain('BTC krakenBook is silent');
    expect(values.word.since).toBe(AT + 10 * SECOND);
  });

  test('a connection that closes and opens is one reconnection, and shed frames are counted', () => {
    const { maps } = shown([
      connection('opened', AT),
      connection('live', AT + 1),
      connection('closed', AT + 2),
      connection('opened', AT + 3),
      connection('shed', AT + 4, '120 frames dropped: the graph was too slow'),
      { kind: 'clock', at: AT + 5, venue: 'kalshi', offsetMicros: 12_500, roundTripMicros: 40_000 },
      { kind: 'rejected', at: AT, receivedAt: AT + 6, venue: 'kalshi', why: 'not JSON', excerpt: '' },
      { kind: 'gap', at: AT, receivedAt: AT + 7, venue: 'kalshi', cause: 'sequence', scope: 'T', detail: '' },
    ]);
    expect(maps.feeds['kalshi']).toMatchObject({
      reconnects: 1,
      shed: 120,
      clockOffsetMs: 12.5,
      rejected: 1,
      gaps: 1,
    });
  });

  test('a feed grows old when others go on and it says nothing', () => {
    const { maps } = shown([
      index(AT),
      ...Array.from(
        { length: 20 },
        (_, i): AuditEvent => ({
          kind: 'spotTrade',
          at: AT + i * SECOND,
          receivedAt: AT + i * SECOND,
          venue: 'coinbase',
          symbol: BTC.spot.coinbase ?? '',
          price: 80_000,
          quantity: 1,
          taker: 'buy',
          tradeId: i,
          replayed: false,
        }),
      ),
    ]);
    expect(maps.feeds['BTC index']).toMatchObject({ state: 'silent', heardAt: AT });
    expect(maps.feeds['BTC coinbase']).toMatchObject({ state: 'live' });
  });

  test('a storm of one trouble has a line in ten seconds, and the next line says how many there were', () => {
    const gap = (at: number): AuditEvent => ({
      kind: 'gap',
      at,
      receivedAt: at,
      venue: 'kraken',
      cause: 'checksum',
      scope: 'BTC/USD',
      detail: '',
    });
    const { rings } = shown(Array.from({ length: 120 }, (_, i) => gap(AT + (i * SECOND) / 10)));
    expect(rings.log.map(({ text }) => text)).toEqual([
      'kraken checksum gap in BTC/USD',
      'kraken checksum gap in BTC/USD (and 99 like it before)',
    ]);
  });
});
