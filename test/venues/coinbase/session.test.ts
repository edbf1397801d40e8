import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { FeedFrame } from '../../../src/transport/feed.ts';
import { coinbaseFeed } from '../../../src/venues/coinbase/feed.ts';
import { coinbaseSettings } from '../../../src/venues/coinbase/settings.ts';
import { handDial } from '../../support/hand-dial.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';

const START = 1_758_888_000 * SECOND;
const GRANTED =
  '{"type":"subscriptions","channels":[{"name":"matches","product_ids":["BTC-USD"]},{"name":"heartbeat","product_ids":["BTC-USD"]}]}';
const MATCH =
  '{"type":"match","trade_id":7,"product_id":"BTC-USD","price":"60000.1","size":"0.5","side":"sell","time":"2026-09-26T12:00:00.000000Z"}';

/** The feed against a Coinbase played by the test. */
function liveCoinbase(products: readonly string[] = ['BTC-USD']) {
  const clock = tapeScheduler(START);
  const { dial, sockets } = handDial();
  const frames: FeedFrame[] = [];
  const feed = coinbaseFeed(
    { dial, clock, stamp: () => clock.at, random: () => 0 },
    coinbaseSettings.parse({ wsUrl: 'ws://coinbase.test' }),
    products,
  );
  const running = feed(NEVER).subscribe((each) => frames.push(each));
  return {
    clock,
    frames,
    sockets,
    close: () => running.unsubscribe(),
    run: (seconds: number) => clock.runTo(clock.at + seconds * SECOND),
    told: () =>
      frames.flatMap((each) => (each.kind === 'connection' ? [`${each.change} ${each.detail}`.trim()] : [])),
  };
}

describe('coinbaseFeed', () => {
  forbidWallClock();

  test('asks for matches and the heartbeat of its product, and is live once matches are granted', () => {
    const { sockets, told } = liveCoinbase();
    sockets[0]?.open();
    expect(sockets[0]?.request).toEqual({ url: 'ws://coinbase.test', headers: {} });
    expect(sockets[0]?.sent.map((text) => JSON.parse(text) as unknown)).toEqual([
      { type: 'subscribe', product_ids: ['BTC-USD'], channels: ['matches', 'heartbeat'] },
    ]);
    expect(told()).toEqual(['opened']);
    sockets[0]?.say(GRANTED);
    expect(told()).toEqual(['opened', 'live BTC-USD']);
  });

  test('several products share one socket, and it is live once the matches of all are granted', () => {
    const { sockets, told } = liveCoinbase(['BTC-USD', 'ETH-USD']);
    sockets[0]?.open();
    expect(JSON.parse(sockets[0]?.sent[0] ?? '')).toMatchObject({ product_ids: ['BTC-USD', 'ETH-USD'] });
    sockets[0]?.say(GRANTED);
    expect(told()).toEqual(['opened']);
    sockets[0]?.say(GRANTED.replaceAll('["BTC-USD"]', '["BTC-USD","ETH-USD"]'));
    expect([told(), sockets.length]).toEqual([['opened', 'live BTC-USD, ETH-USD'], 1]);
  });

  test('a grant of the heartbeat alone is not live', () => {
    const { sockets, told } = liveCoinbase();
    sockets[0]?.open();
    sockets[0]?.say('{"type":"subscriptions","channels":[{"name":"heartbeat","product_ids":["BTC-USD"]}]}');
    expect(told()).toEqual(['opened']);
  });

  test('a refusal is told to the operator with its reason', () => {
    const { sockets, told } = liveCoinbase();
    sockets[0]?.open();
    sockets[0]?.say(
      '{"type":"error","message":"Failed to subscribe","reason":"BTC-XXX is not a valid product"}',
    );
    expect(told()).toEqual(['opened', 'refused Failed to subscribe: BTC-XXX is not a valid product']);
  });

  test('every frame is passed on as it came and stamped, read or not', () => {
    const { sockets, frames, run } = liveCoinbase();
    sockets[0]?.open();
    run(2);
    for (const text of [GRANTED, MATCH, 'no JSON']) sockets[0]?.say(text);
    const at = START + 2 * SECOND;
    expect(frames.filter(({ kind }) => kind === 'wire')).toEqual(
      [GRANTED, MATCH, 'no JSON'].map((text) => ({
        kind: 'wire',
        at,
        venue: 'coinbase',
        text,
        // A match is told by its beginning, and read by the graph alone.
        ...(text === GRANTED && { json: JSON.parse(text) as unknown }),
      })),
    );
  });

  test('ten seconds of silence and the socket is given up; the next one asks again', () => {
    const { sockets, told, run } = liveCoinbase();
    sockets[0]?.open();
    run(9);
    sockets[0]?.say(MATCH);
    run(9.9);
    expect(told()).toEqual(['opened']);
    run(0.2);
    expect(told()).toEqual(['opened', 'closed no frame for 10000 ms; again in 1.0 s']);
    expect(sockets[0]?.left()).toBe(true);
    run(1);
    sockets[1]?.open();
    expect([sockets.length, sockets[1]?.sent.length]).toEqual([2, 1]);
  });

  test('a socket the venue closes is told with its reason and dialled again', () => {
    const { sockets, told, run } = liveCoinbase();
    sockets[0]?.open();
    sockets[0]?.end({ code: 1001, detail: 'deploy' });
    run(2);
    expect(told()).toEqual(['opened', 'closed deploy; again in 1.0 s']);
    expect(sockets).toHaveLength(2);
  });

  test('left, it closes its socket and leaves no timer behind', () => {
    const { sockets, clock, close, run } = liveCoinbase();
    sockets[0]?.open();
    run(1);
    close();
    expect([sockets[0]?.left(), clock.pending()]).toEqual([true, 0]);
  });
});
