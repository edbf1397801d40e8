import { describe, expect, test } from '@jest/globals';
import {
  BASIC_READ,
  BASIC_WRITE,
  DEFAULT_COST,
  KEYLESS_READ,
  readLimits,
} from '../../../src/venues/kalshi/limits.ts';
import { describeData } from '../../support/data.ts';
import { demoBodies, recorded } from './recorded.ts';

const body = {
  grants: [],
  usage_tier: 'premier',
  read: { bucket_capacity: 1_200, refill_rate: 600 },
  write: { bucket_capacity: 300, refill_rate: 300 },
};

describe('readLimits', () => {
  test('reads and writes have buckets of their own', () => {
    expect(readLimits(body)).toEqual({
      tier: 'premier',
      read: { ratePerSecond: 600, capacity: 1_200 },
      write: { ratePerSecond: 300, capacity: 300 },
    });
  });

  test.each([
    ['no read bucket', { ...body, read: undefined }],
    ['a rate of zero', { ...body, read: { bucket_capacity: 200, refill_rate: 0 } }],
    ['a negative capacity', { ...body, read: { bucket_capacity: -1, refill_rate: 200 } }],
    ['a rate as text', { ...body, read: { bucket_capacity: 200, refill_rate: '200' } }],
    ['a rate that is no number', { ...body, read: { bucket_capacity: 200, refill_rate: Number.NaN } }],
    ['no tier', { ...body, usage_tier: undefined }],
    ['nothing', undefined],
    ['a list', []],
  ])('%s is no limit, so what was assumed goes on', (_, json) => {
    expect(readLimits(json)).toBeUndefined();
  });

  test('without a key two calls a second are made, whatever an account would be allowed', () => {
    expect(KEYLESS_READ.ratePerSecond / DEFAULT_COST).toBe(2);
    expect(KEYLESS_READ.ratePerSecond).toBeLessThan(BASIC_READ.ratePerSecond);
  });
});

describeData('recorded limits', () => {
  test('a basic account is told the limits that we begin with', () => {
    const limits = demoBodies().find(({ name }) => name === 'account__limits');
    expect(readLimits(JSON.parse(limits?.text ?? ''))).toEqual({
      tier: 'basic',
      read: BASIC_READ,
      write: BASIC_WRITE,
    });
  });

  test('the calls that we make cost the default', () => {
    const { default_cost, endpoint_costs } = JSON.parse(
      recorded('rest_account_endpoint_costs_2026-09-25.json'),
    ) as {
      readonly default_cost: number;
      readonly endpoint_costs: readonly { readonly method: string; readonly path: string }[];
    };
    expect(default_cost).toBe(DEFAULT_COST);
    const priced = endpoint_costs.filter(({ method }) => method === 'GET').map(({ path }) => path);
    for (const path of [
      '/markets',
      '/markets/orderbooks',
      '/markets/:ticker/orderbook',
      '/series/:series_ticker',
      '/events/:event_ticker',
      '/exchange/status',
      '/account/limits',
    ])
      expect(priced).not.toContain(`/trade-api/v2${path}`);
  });
});
