import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { contractFromMarket } from '../../../src/venues/kalshi/contract-from-market.ts';
import { BTC } from '../../support/assets.ts';
import { dataPath, describeData } from '../../support/data.ts';

const market = {
  ticker: 'KXBTC-26SEP2515-B92750',
  event_ticker: 'KXBTC-26SEP2515',
  status: 'finalized',
  open_time: '2026-09-25T18:00:00Z',
  close_time: '2026-09-25T19:00:00Z',
  strike_type: 'between',
  floor_strike: 92_700,
  cap_strike: 92_799.99,
  price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
  exchange_index: 2,
  result: 'no',
  expiration_value: '79,604.96',
};

describe('contractFromMarket', () => {
  test('a listed market gives the contract, its state, result and settlement value', () => {
    expect(contractFromMarket(market, BTC)).toEqual({
      kind: 'listed',
      contract: {
        ticker: 'KXBTC-26SEP2515-B92750',
        series: 'KXBTC',
        asset: 'BTC',
        indexDecimals: 2,
        event: 'KXBTC-26SEP2515',
        strikeType: 'between',
        floorUnits: 9_270_000,
        capUnits: 9_279_999,
        openAt: 1_790_359_200_000_000,
        closeAt: 1_790_362_800_000_000,
        tickBands: [{ startTicks: 0, endTicks: 10_000, stepTicks: 100 }],
        exchangeIndex: 2,
        settlesBy: 'average',
      },
      state: 'settled',
      result: 'no',
      valueUnits: 7_960_496,
    });
  });

  test.each([
    ['initialized', 'active'],
    ['active', 'active'],
    ['inactive', 'inactive'],
    ['closed', 'closed'],
    ['determined', 'determined'],
    ['disputed', 'determined'],
    ['amended', 'determined'],
    ['finalized', 'settled'],
  ])('status %p is state %p', (status, state) => {
    expect(contractFromMarket({ ...market, status, result: '', expiration_value: '' }, BTC)).toMatchObject({
      kind: 'listed',
      state,
      result: undefined,
      valueUnits: undefined,
    });
  });

  test.each([
    [{ floor_strike: 92_700.995 }, 'floor_strike: must be dollars with at most 2 decimals, was 92700.995'],
    [{ cap_strike: null }, 'no cap strike'],
    [{ floor_strike: undefined }, 'no floor strike'],
    [{ close_time: 'tomorrow' }, 'no close time'],
    [{ close_time: '2026-09-25T18:00:00Z' }, expect.stringMatching(/^close must be after open/)],
    [{ price_ranges: [] }, 'price_ranges: must not be empty'],
    [
      { expiration_value: '79604.965' },
      'expiration_value: must be dollars with at most 2 decimals, was 79604.965',
    ],
    [{ strike_type: 'custom' }, expect.stringMatching(/^strike_type: /)],
    [{ status: 'paused' }, expect.stringMatching(/^status: /)],
  ])('a market with %p is refused with a reason', (fields, why) => {
    expect(contractFromMarket({ ...market, ...fields }, BTC)).toEqual({ kind: 'unlisted', why });
  });

  test.each([undefined, null, 7, 'market', [], {}])('%p is no market, and no exception', (value) => {
    expect(contractFromMarket(value, BTC).kind).toBe('unlisted');
  });
});

describeData('contractFromMarket on recorded REST bodies', () => {
  test.each([
    ['rest_markets_open_KXBTC15M_2026-09-25.json', 1, 'active'],
    ['rest_markets_open_KXBTCD_2026-09-25.json', 2, 'active'],
    ['rest_markets_settled_KXBTC15M_2026-09-25.json', 3, 'settled'],
    ['rest_markets_settled_KXBTCD_2026-09-25.json', 3, 'settled'],
    ['rest_markets_settled_KXBTC_2026-09-25.json', 3, 'settled'],
  ])('%s: all %p markets are read', (name, markets, state) => {
    const body = JSON.parse(readFileSync(dataPath('kalshi', 'wire', name), 'utf8')) as { markets: unknown[] };
    const read = body.markets.map((market) => contractFromMarket(market, BTC));
    expect(read).toHaveLength(markets);
    for (const listed of read) {
      expect(listed).toMatchObject({ kind: 'listed', state, contract: { exchangeIndex: 2 } });
      if (listed.kind !== 'listed' || state === 'active') continue;
      // The published result follows from the published value by the contract's own strikes.
      const { strikeType, floorUnits = Number.NaN, capUnits = Number.NaN } = listed.contract;
      const value = listed.valueUnits ?? Number.NaN;
      const yes = {
        greater: value > floorUnits,
        greater_or_equal: value >= floorUnits,
        less: value < capUnits,
        less_or_equal: value <= capUnits,
        between: value >= floorUnits && value <= capUnits,
      }[strikeType];
      expect(listed.result).toBe(yes ? 'yes' : 'no');
    }
  });

  test('each quarter-hour opens at the value of the one before', () => {
    const body = JSON.parse(
      readFileSync(dataPath('kalshi', 'wire', 'rest_markets_settled_KXBTC15M_2026-09-25.json'), 'utf8'),
    ) as { markets: unknown[] };
    const listed = body.markets
      .map((market) => contractFromMarket(market, BTC))
      .flatMap((market) => (market.kind === 'listed' ? [market] : []))
      .sort((a, b) => a.contract.openAt - b.contract.openAt);
    expect(listed).toHaveLength(3);
    listed.slice(1).forEach((market, i) => {
      expect(market.contract.openAt).toBe(listed[i]?.contract.closeAt);
      expect(market.contract.floorUnits).toBe(listed[i]?.valueUnits);
    });
  });
});
