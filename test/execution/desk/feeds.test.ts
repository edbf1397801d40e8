import { describe, expect, test } from '@jest/globals';
import type { Gap } from '../../../src/domain/events/venue.ts';
import { SECOND } from '../../../src/domain/time.ts';
import type { DeskInput } from '../../../src/execution/desk/desk-events.ts';
import { feeds } from '../../../src/execution/desk/feeds.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { bookOf } from '../../risk/samples.ts';

const open = (desk: Record<string, unknown> = {}) => feeds(executionSettings.parse({ desk }).desk);
const at = (receivedAt: number) => ({ at: receivedAt, receivedAt });

const krakenBook = (
  receivedAt: number,
  verdict: 'passed' | 'failed' | 'ignored' = 'passed',
  sentAt = receivedAt,
): DeskInput => ({
  kind: 'krakenBookChecked',
  at: sentAt,
  receivedAt,
  venue: 'kraken',
  symbol: 'BTC/USD',
  verdict,
  version: 1,
  priceScale: 10,
  quantityScale: 1e8,
  bids: [],
  asks: [],
});
const index = (receivedAt: number, source: 'prints' | 'twin'): DeskInput => ({
  kind: 'index',
  asset: 'BTC',
  ...at(receivedAt),
  value: 80_000,
  source,
  variance: 0,
});
const candle = (receivedAt: number): DeskInput => ({
  kind: 'krakenOhlc',
  ...at(receivedAt),
  symbol: 'BTC/USD',
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  intervalMinutes: 1,
  snapshot: false,
});
const heartbeat = (receivedAt: number, venue: 'kraken' | 'kalshi'): DeskInput => ({
  kind: 'heartbeat',
  ...at(receivedAt),
  venue,
});
const contractBook = (receivedAt: number, live: boolean): DeskInput => ({
  kind: 'contractBook',
  ...at(receivedAt),
  ticker: 'A',
  version: 1,
  top: bookOf({ live }),
  topChanged: true,
  change: live ? { kind: 'snapshot', bids: [], asks: [] } : { kind: 'void' },
});
const healthOf = (feed: string, of: ReturnType<typeof feeds>) => {
  const row = of.health().find((health) => health.feed === feed);
  return row && { required: row.required, receivedAt: row.receivedAt };
};

describe('feeds', () => {
  test('every feed is reported on, heard or not', () => {
    expect(
      open()
        .health()
        .map(({ feed }) => feed),
    ).toEqual(['krakenBook', 'kraken', 'kalshi', 'index']);
  });

  test('a feed is as old as the venue says, never older than its newest event and never of the future', () => {
    const feed = open();
    feed.receive(krakenBook(30 * SECOND, 'passed', 12 * SECOND));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBe(12 * SECOND);
    feed.receive(krakenBook(31 * SECOND, 'passed', 9 * SECOND));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBe(12 * SECOND);
    feed.receive(krakenBook(32 * SECOND, 'passed', 36 * SECOND));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBe(32 * SECOND);
  });

  test('the measured offset is taken from the venue’s time', () => {
    const feed = open();
    const clock = { kind: 'clock', at: 0, venue: 'kraken', roundTripMicros: 0 } as const;
    feed.receive({ ...clock, offsetMicros: -SECOND / 2 });
    feed.receive(krakenBook(30 * SECOND, 'passed', 29 * SECOND));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBe(29.5 * SECOND);
    feed.reset(40 * SECOND);
    feed.receive(krakenBook(50 * SECOND, 'passed', 49 * SECOND));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBe(49 * SECOND);
  });

  test('a feed counts from the last time it spoke', () => {
    const feed = open();
    feed.receive(krakenBook(10));
    feed.receive(krakenBook(30));
    expect(healthOf('krakenBook', feed)).toEqual({ required: true, receivedAt: 30 });
  });

  test("Kraken's book and heartbeat say that Kraken speaks; its candles and another venue's heartbeat do not", () => {
    const feed = open();
    feed.receive(candle(10));
    feed.receive(heartbeat(20, 'kalshi'));
    expect(healthOf('kraken', feed)?.receivedAt).toBeUndefined();
    feed.receive(heartbeat(30, 'kraken'));
    expect(healthOf('kraken', feed)?.receivedAt).toBe(30);
    expect(healthOf('krakenBook', feed)?.receivedAt).toBeUndefined();
    feed.receive(krakenBook(40));
    expect(healthOf('kraken', feed)?.receivedAt).toBe(40);
  });

  test("messages that Kraken's void book must ignore say that Kraken speaks, not that there is a book", () => {
    const feed = open();
    feed.receive(krakenBook(10, 'failed'));
    feed.receive(krakenBook(20, 'ignored'));
    expect(healthOf('krakenBook', feed)?.receivedAt).toBeUndefined();
    expect(healthOf('kraken', feed)?.receivedAt).toBe(20);
  });

  test("a Kalshi book counts as Kalshi's word, but not the news that it is void", () => {
    const feed = open();
    feed.receive(contractBook(10, false));
    expect(healthOf('kalshi', feed)?.receivedAt).toBeUndefined();
    feed.receive(contractBook(20, true));
    expect(healthOf('kalshi', feed)?.receivedAt).toBe(20);
  });

  test('a stand-in is not the index', () => {
    const feed = open();
    feed.receive(index(10, 'twin'));
    expect(feed.directIndex()).toBe(false);
    expect(healthOf('index', feed)?.receivedAt).toBeUndefined();
    feed.receive(index(20, 'prints'));
    expect(feed.directIndex()).toBe(true);
    expect(healthOf('index', feed)).toEqual({ required: true, receivedAt: 20 });
  });

  test('a feed that is not configured is never required, one that must come always is, any other once it has spoken', () => {
    const lenient = open({ requiredFeeds: ['index'] });
    lenient.receive(krakenBook(10));
    expect(healthOf('krakenBook', lenient)?.required).toBe(false);
    expect(healthOf('index', lenient)?.required).toBe(false);
    const strict = open({ requiredFeeds: ['index'], feedsMustCome: true });
    expect(healthOf('index', strict)).toEqual({ required: true, receivedAt: undefined });
    expect(healthOf('krakenBook', strict)?.required).toBe(false);
  });

  test('a feed lacks when the session has lasted its patience without a word of it', () => {
    const feed = open({ requiredFeeds: ['krakenBook', 'index'], feedPatienceMicros: 5 * SECOND });
    feed.reset(100);
    feed.receive(index(200, 'prints'));
    expect(feed.lacking(100 + 5 * SECOND - 1)).toEqual([]);
    expect(feed.lacking(100 + 5 * SECOND)).toEqual(['krakenBook']);
    feed.receive(krakenBook(300));
    expect(feed.lacking(100 + 9 * SECOND)).toEqual([]);
  });

  test('a new session has heard nothing yet, and its patience begins anew', () => {
    const feed = open({ requiredFeeds: ['index'], feedPatienceMicros: 5 * SECOND });
    feed.reset(0);
    feed.receive(index(10, 'prints'));
    feed.reset(60 * SECOND);
    expect(feed.directIndex()).toBe(false);
    expect(healthOf('index', feed)?.required).toBe(false);
    expect(feed.lacking(64 * SECOND)).toEqual([]);
    expect(feed.lacking(65 * SECOND)).toEqual(['index']);
  });
});

describe('a feed that became void', () => {
  const gap = (venue: Gap['venue'], cause: Gap['cause']): DeskInput => ({
    kind: 'gap',
    ...at(20 * SECOND),
    venue,
    cause,
    scope: '',
    detail: '',
  });
  const healthAfter = (feed: string, ...events: readonly DeskInput[]) => {
    const of = open();
    for (const event of events) of.receive(event);
    return healthOf(feed, of);
  };
  const VOID = { required: true, receivedAt: undefined };

  test('is required and not heard, however fresh its last word, until it speaks again', () => {
    const spoken = krakenBook(19 * SECOND);
    expect(healthAfter('krakenBook', spoken, gap('kraken', 'checksum'))).toEqual(VOID);
    expect(healthAfter('krakenBook', spoken, gap('kraken', 'disconnect'))).toEqual(VOID);
    expect(healthAfter('krakenBook', spoken, gap('kraken', 'disconnect'), krakenBook(21 * SECOND))).toEqual({
      required: true,
      receivedAt: 21 * SECOND,
    });
    expect(healthAfter('index', index(19 * SECOND, 'prints'), gap('kalshi', 'disconnect'))).toEqual(VOID);
    expect(healthAfter('kalshi', contractBook(19 * SECOND, true), gap('kalshi', 'disconnect'))).toEqual(VOID);
  });

  test('is not void for another venue’s gap, nor for one that leaves it whole', () => {
    const heard = { required: true, receivedAt: 19 * SECOND };
    expect(healthAfter('krakenBook', krakenBook(19 * SECOND), gap('kalshi', 'disconnect'))).toEqual(heard);
    expect(healthAfter('krakenBook', krakenBook(19 * SECOND), gap('kraken', 'tradeId'))).toEqual(heard);
    expect(healthAfter('index', index(19 * SECOND, 'prints'), gap('kalshi', 'sequence'))).toEqual(heard);
  });
});
