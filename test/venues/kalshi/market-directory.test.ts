import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { type MarketDirectory, marketDirectory } from '../../../src/venues/kalshi/market-directory.ts';
import { BTC } from '../../support/assets.ts';
import { describeData } from '../../support/data.ts';
import { recorded } from './recorded.ts';

const AHEAD = 65 * MINUTE;
const NOON = Date.UTC(2026, 8, 25, 12) * 1_000;
const iso = (at: Micros): string => new Date(at / 1_000).toISOString();
const directory = (): MarketDirectory => marketDirectory({ assets: [BTC], subscribeAheadMicros: AHEAD });

const listed = (ticker: string, openAt: Micros, closeAt: Micros, rest: object = {}): object => ({
  ticker,
  event_ticker: `${ticker} event`,
  open_time: iso(openAt),
  close_time: iso(closeAt),
  status: 'active',
  ...rest,
});
const lifecycle = (ticker: string, event_type: string, rest: object = {}): object => ({
  market_ticker: ticker,
  event_type,
  ...rest,
});

describe('marketDirectory', () => {
  test('a market is wanted from the moment it opens', () => {
    const markets = directory();
    markets.list({ markets: [listed('KXBTCD-A', NOON, NOON + 10 * MINUTE)] });
    expect(markets.wanted(NOON - 1)).toEqual([]);
    expect(markets.wanted(NOON)).toEqual(['KXBTCD-A']);
  });

  test('a market is wanted from the horizon before its close until half a minute after it', () => {
    const markets = directory();
    const closeAt = NOON + 5 * 60 * MINUTE;
    markets.list({ markets: [listed('KXBTCD-A', NOON, closeAt)] });
    expect(markets.wanted(closeAt - AHEAD - 1)).toEqual([]);
    expect(markets.wanted(closeAt - AHEAD)).toEqual(['KXBTCD-A']);
    expect(markets.wanted(closeAt + 30 * SECOND - 1)).toEqual(['KXBTCD-A']);
    expect(markets.wanted(closeAt + 30 * SECOND)).toEqual([]);
  });

  test('the nearest close comes first, then the name; events are named once, in that order', () => {
    const markets = directory();
    const rest = { event_ticker: 'E' };
    markets.list({
      markets: [
        listed('KXBTCD-B', NOON, NOON + 20 * MINUTE, rest),
        listed('KXBTCD-C', NOON, NOON + 10 * MINUTE, { event_ticker: 'first' }),
        listed('KXBTCD-A', NOON, NOON + 20 * MINUTE, rest),
      ],
    });
    expect(markets.wanted(NOON)).toEqual(['KXBTCD-C', 'KXBTCD-A', 'KXBTCD-B']);
    expect(markets.events(NOON)).toEqual(['first', 'E']);
    expect(markets.nextClose(NOON)).toBe(NOON + 10 * MINUTE);
    expect(markets.nextClose(NOON + 10 * MINUTE)).toBe(NOON + 20 * MINUTE);
    expect(markets.nextClose(NOON + 20 * MINUTE)).toBeUndefined();
  });

  test('lifecycle frames add markets, move their closes and end them, each overriding only what it carries', () => {
    const markets = directory();
    markets.lifecycle(
      lifecycle('KXBTC15M-A', 'created', {
        open_ts: NOON / SECOND,
        close_ts: NOON / SECOND + 900,
        additional_metadata: { event_ticker: 'E' },
      }),
    );
    expect([markets.wanted(NOON), markets.events(NOON)]).toEqual([['KXBTC15M-A'], ['E']]);
    markets.lifecycle(lifecycle('KXBTC15M-A', 'close_date_updated', { close_ts: NOON / SECOND + 600 }));
    expect(markets.nextClose(NOON)).toBe(NOON + 600 * SECOND);
    expect(markets.events(NOON)).toEqual(['E']);
    markets.lifecycle(lifecycle('KXBTC15M-A', 'metadata_updated'));
    expect(markets.wanted(NOON)).toEqual(['KXBTC15M-A']);
    markets.lifecycle(lifecycle('KXBTC15M-A', 'determined'));
    expect(markets.wanted(NOON)).toEqual([]);
  });

  test('what has ended is not wanted again, whatever is listed late', () => {
    for (const end of ['determined', 'disputed', 'amended', 'finalized', 'settled']) {
      const markets = directory();
      const market = listed('KXBTCD-A', NOON, NOON + MINUTE);
      markets.list({ markets: [market] });
      markets.lifecycle(lifecycle('KXBTCD-A', end));
      markets.list({ markets: [market] });
      markets.lifecycle(lifecycle('KXBTCD-A', 'activated'));
      expect(markets.wanted(NOON)).toEqual([]);
      const listedEnded = directory();
      listedEnded.list({ markets: [{ ...market, status: end }] });
      listedEnded.list({ markets: [market] });
      expect(listedEnded.wanted(NOON)).toEqual([]);
    }
  });

  test('a pause ends nothing: its book may be wanted the moment it is over', () => {
    const markets = directory();
    markets.list({ markets: [listed('KXBTCD-A', NOON, NOON + MINUTE, { status: 'inactive' })] });
    markets.lifecycle(lifecycle('KXBTCD-A', 'deactivated'));
    expect(markets.wanted(NOON)).toEqual(['KXBTCD-A']);
  });

  test('other series are not kept, nor a market whose times are not told', () => {
    const markets = directory();
    markets.list({
      markets: [
        listed('KXBTCMAXY-A', NOON, NOON + MINUTE),
        listed('KXETH-A', NOON, NOON + MINUTE),
        { ...listed('KXBTC-A', NOON, NOON), close_time: 'soon' },
        { ticker: 'KXBTC-B' },
        null,
        7,
        listed('KXBTC-C', NOON, NOON + MINUTE),
      ],
    });
    markets.lifecycle(lifecycle('KXBTC-D', 'created', { open_ts: NOON / SECOND }));
    markets.lifecycle(lifecycle('KXETH-D', 'created', { open_ts: 1, close_ts: NOON / SECOND + 60 }));
    expect(markets.wanted(NOON)).toEqual(['KXBTC-C']);
  });

  test.each([undefined, null, 7, 'markets', [], {}, { markets: 7 }])(
    '%p is no listing and no exception',
    (json) => {
      const markets = directory();
      markets.list(json);
      markets.lifecycle(json);
      expect(markets.wanted(NOON)).toEqual([]);
    },
  );

  test('markets are forgotten half an hour after their close', () => {
    const markets = directory();
    markets.list({ markets: [listed('KXBTCD-A', NOON, NOON + MINUTE, { status: 'settled' })] });
    const again = { markets: [listed('KXBTCD-A', NOON, NOON + 60 * MINUTE)] };
    markets.wanted(NOON + 31 * MINUTE);
    markets.list(again);
    expect(markets.wanted(NOON + 31 * MINUTE)).toEqual([]);
    const late = directory();
    late.list({ markets: [listed('KXBTCD-A', NOON, NOON + MINUTE, { status: 'settled' })] });
    late.wanted(NOON + 31 * MINUTE + 1);
    late.list(again);
    expect(late.wanted(NOON + 31 * MINUTE + 1)).toEqual(['KXBTCD-A']);
  });

  test('property: whatever is listed and said, the wanted are those a plain reading of the whole story wants', () => {
    const tickers = ['KXBTC-A', 'KXBTC-B', 'KXBTCD-C', 'KXBTC15M-D', 'KXETH-E'];
    const seconds = fc.integer({ min: -30 * 60, max: 3 * 60 * 60 });
    const said = fc.record({
      ticker: fc.constantFrom(...tickers),
      by: fc.constantFrom('list' as const, 'frame' as const),
      open: fc.option(seconds, { nil: undefined }),
      close: fc.option(seconds, { nil: undefined }),
      end: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 20 }), seconds, (story, later) => {
        const markets = directory();
        for (const { ticker, by, open, close, end } of story)
          if (by === 'frame')
            markets.lifecycle(
              lifecycle(ticker, end ? 'determined' : 'metadata_updated', {
                ...(open !== undefined && { open_ts: NOON / SECOND + open }),
                ...(close !== undefined && { close_ts: NOON / SECOND + close }),
              }),
            );
          else
            markets.list({
              markets: [
                {
                  ticker,
                  ...(open !== undefined && { open_time: iso(NOON + open * SECOND) }),
                  ...(close !== undefined && { close_time: iso(NOON + close * SECOND) }),
                  status: end ? 'finalized' : 'active',
                },
              ],
            });
        const now = NOON + later * SECOND;
        // A frame may be partial once the market is known; a listing is all or nothing.
        const expected = tickers.filter((ticker) => {
          let open: number | undefined;
          let close: number | undefined;
          let ended = false;
          for (const each of story.filter((one) => one.ticker === ticker)) {
            const [nextOpen, nextClose] =
              each.by === 'list' ? [each.open, each.close] : [each.open ?? open, each.close ?? close];
            if (nextOpen === undefined || nextClose === undefined) continue;
            [open, close, ended] = [nextOpen, nextClose, ended || each.end];
          }
          if (ticker === 'KXETH-E' || open === undefined || close === undefined || ended) return false;
          return open <= later && close > later - 30 && close <= later + 65 * 60;
        });
        expect([...markets.wanted(now)].sort()).toEqual(expected.sort());
      }),
    );
  });
});

describeData('marketDirectory on recorded listings', () => {
  test('a quarter-hour that was recorded open is wanted then, and gone half a minute after its close', () => {
    const markets = directory();
    const body = JSON.parse(recorded('rest_markets_open_KXBTC15M_2026-09-25.json')) as {
      readonly markets: readonly { readonly ticker: string; readonly close_time: string }[];
    };
    markets.list(body);
    const [market] = body.markets;
    const closeAt = Date.parse(market?.close_time ?? '') * 1_000;
    expect(markets.wanted(closeAt - MINUTE)).toEqual([market?.ticker]);
    expect(markets.nextClose(closeAt - MINUTE)).toBe(closeAt);
    expect(markets.wanted(closeAt + 30 * SECOND)).toEqual([]);
  });

  test('what was recorded settled is not wanted even before its close', () => {
    const markets = directory();
    const text = recorded('rest_markets_settled_KXBTC15M_2026-09-25.json');
    markets.list(JSON.parse(text));
    const [, closes = ''] = /"close_time": ?"([^"]+)"/.exec(text) ?? [];
    expect(markets.wanted(Date.parse(closes) * 1_000 - MINUTE)).toEqual([]);
    expect(markets.nextClose(Date.parse(closes) * 1_000 - MINUTE)).toBeDefined();
  });
});
