import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { type Reaction, reactionTo } from '../../../src/execution/kalshi/reaction-to.ts';
import { orderAnswer } from '../../../src/venues/kalshi/order-answer.ts';
import { readError } from '../../../src/venues/kalshi/read-error.ts';
import '../../support/properties.ts';

const nested = (code: string) => JSON.stringify({ error: { code, message: code } });
const say = (reaction: Reaction): string =>
  reaction.kind === 'hold' ? `hold ${reaction.scope}` : reaction.kind;
const AUTH =
  '{"error":{"code":"authentication_error","message":"authentication_error","details":"INCORRECT_API_KEY_SIGNATURE"}}';

/** Every refusal that is recorded or reported, with the body that it came in. */
const TABLE: readonly (readonly [number, string, string])[] = [
  [200, '{}', 'accepted'],
  [201, '{}', 'accepted'],
  [204, '', 'accepted'],
  [429, '{"error":"too many requests"}', 'later'],
  [429, '', 'later'],
  [409, nested('trading_is_paused'), 'hold market'],
  [409, nested('exchange_is_paused'), 'hold exchange'],
  [409, nested('MARKET_INACTIVE'), 'hold market'],
  [400, nested('market_inactive'), 'hold market'],
  [409, nested('order_group_triggered'), 'hold group'],
  [409, nested('order_already_exists'), 'lookUp'],
  [404, nested('not_found'), 'lookUp'],
  [404, '', 'unknown'],
  [409, nested('fill_or_kill_insufficient_resting_volume'), 'ended'],
  [409, nested('immediate_or_cancel_insufficient_resting_volume'), 'ended'],
  [400, nested('insufficient_balance'), 'stop'],
  [400, nested('invalid_price'), 'refused'],
  [
    400,
    '{"error":{"code":"invalid_order","message":"invalid order","details":"post only cross"}}',
    'refused',
  ],
  [400, nested('invalid_parameters'), 'refused'],
  [400, '{"code":"bad_request","message":"bad request","details":"json: cannot unmarshal"}', 'refused'],
  [400, '{"msg":"Parameter validation failed: Limit"}', 'refused'],
  [409, nested('something_new'), 'refused'],
  [401, AUTH, 'stop'],
  [401, nested('signature_is_missing_from_headers'), 'stop'],
  [401, nested('header_timestamp_expired'), 'stop'],
  [401, '', 'stop'],
  [403, nested('api_key_region_attestation_expired'), 'stop'],
  [403, nested('insufficient_scope'), 'stop'],
  [404, nested('user_not_found:_5f0c'), 'stop'],
  [410, nested('gone'), 'stop'],
  [408, '', 'unknown'],
  [400, '<html>', 'unknown'],
  [500, nested('internal'), 'unknown'],
  [502, '<html>bad gateway</html>', 'unknown'],
  [503, 'service unavailable', 'unknown'],
  [302, '', 'unknown'],
  [0, '', 'unknown'],
];

describe('reactionTo', () => {
  test.each(TABLE)('%i %s asks for: %s', (status, text, wanted) => {
    expect(say(reactionTo(status, readError(status, text).code))).toBe(wanted);
  });

  const request = {
    action: 'place',
    clientOrderId: 'a-1',
    ticker: 'T',
    exchangeIndex: 2,
    side: 'bid',
    limitTicks: priceTicks(100),
    count: count(100),
  } as const;

  test('property: an order that may exist is never treated as refused, whatever the status and the code', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom(...TABLE.map(([status]) => status))),
        fc.oneof(fc.string(), fc.constantFrom(...TABLE.map(([, text]) => text))),
        (status, text) => {
          const reaction = reactionTo(status, readError(status, text).code);
          const events = orderAnswer({ at: 0, request, outcome: { kind: 'answered', status, text } });
          const isUnknown = events.some(({ kind }) => kind === 'orderUnknown');
          // What leaves the order unknown there is never a plain refusal here.
          if (isUnknown) expect(['refused', 'ended', 'hold']).not.toContain(reaction.kind);
          if (reaction.kind === 'unknown') expect(isUnknown).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
