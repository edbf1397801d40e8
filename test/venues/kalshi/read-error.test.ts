import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readError } from '../../../src/venues/kalshi/read-error.ts';
import { describeData } from '../../support/data.ts';
import { demoBodies } from './recorded.ts';

/** Code and details of every refusal that was recorded. */
const REFUSALS: Readonly<Record<string, readonly [number, string, string | undefined]>> = {
  auth__bad_signature: [401, 'authentication_error', 'INCORRECT_API_KEY_SIGNATURE'],
  auth__missing_signature_header: [
    401,
    'signature_is_missing_from_headers',
    'signature is missing from headers',
  ],
  auth__skew_minus30s: [401, 'header_timestamp_expired', 'header timestamp expired'],
  auth__skew_minus5min: [401, 'header_timestamp_expired', 'header timestamp expired'],
  auth__skew_plus5min: [401, 'header_timestamp_expired', 'header timestamp expired'],
  auth__unknown_key_id: [401, 'authentication_error', 'NOT_FOUND'],
  markets__limit_over_max: [
    400,
    'validation',
    "Parameter validation failed for GetMarkets: Key: 'GetMarketsParams.Limit' Error:Field validation for 'Limit' failed on the 'lte' tag",
  ],
  orders__cancel_already_canceled: [404, 'not_found', 'not found'],
  orders__cancel_executed: [404, 'not_found', 'not found'],
  orders__cancel_unknown_id: [404, 'not_found', 'not found'],
  orders__duplicate_client_order_id: [409, 'order_already_exists', 'order already exists'],
  orders__insufficient_balance: [400, 'insufficient_balance', 'insufficient balance'],
  orders__invalid_price_structure: [400, 'invalid_price', 'invalid price'],
  orders__numeric_field_types: [
    400,
    'bad_request',
    'json: cannot unmarshal number into Go struct field CreateOrderV2Request.count of type string',
  ],
  orders__post_only_cross: [400, 'invalid_order', 'post only cross'],
  orders__reuse_canceled_client_id: [409, 'order_already_exists', 'order already exists'],
};

describeData('readError on recorded bodies', () => {
  test('every refusal that was recorded is read, each to its code and details', () => {
    const refused = demoBodies().filter(({ status }) => status >= 400);
    expect(
      Object.fromEntries(
        refused.map(({ name, status, text }) => {
          const { code, details } = readError(status, text);
          return [name, [status, code, details]];
        }),
      ),
    ).toEqual(REFUSALS);
  });

  test.each([
    ['auth__skew_minus30s', /clock of this machine/],
    ['auth__skew_minus5min', /clock of this machine/],
    ['auth__skew_plus5min', /clock of this machine/],
    ['auth__unknown_key_id', /KALSHI_KEY_ID.*kalshi\.environment: prod or demo/],
    ['auth__bad_signature', /private key is another key’s, or the address has a path other than \/trade-api/],
    ['auth__missing_signature_header', /no signature was sent: set kalshi\.keyId/],
  ])('%s says which of clock, key id, environment or path to look at', (name, says) => {
    const body = demoBodies().find((each) => each.name === name);
    const { why } = readError(body?.status ?? 0, body?.text ?? '');
    expect(why).toMatch(/^401 /);
    expect(why).toMatch(says);
  });
});

describe('readError', () => {
  test('reads all four shapes', () => {
    const nested = '{"error":{"code":"invalid_order","message":"invalid order","details":"post only cross"}}';
    expect(readError(400, nested)).toEqual({
      code: 'invalid_order',
      details: 'post only cross',
      why: '400 invalid_order: post only cross',
    });
    const flat = '{"code":"bad_request","message":"bad request","details":"count must be text"}';
    expect(readError(400, flat).why).toBe('400 bad_request: count must be text');
    expect(readError(400, '{"msg":"Parameter validation failed"}')).toEqual({
      code: 'validation',
      details: 'Parameter validation failed',
      why: '400 validation: Parameter validation failed',
    });
    expect(readError(429, '{"error":"too many requests"}')).toEqual({
      code: 'too_many_requests',
      details: undefined,
      why: '429 too_many_requests: asked too often',
    });
  });

  test('a message stands in for details, unless it only repeats the code', () => {
    expect(readError(404, '{"error":{"code":"not_found","message":"not found"}}').details).toBe('not found');
    expect(readError(404, '{"error":{"code":"not_found","message":"not_found"}}').details).toBeUndefined();
    expect(readError(404, '{"error":{"code":"not_found","message":"x","details":null}}').details).toBe('x');
  });

  test('codes that end in an id are understood by their beginning, and an unknown 401 says that the key was not accepted', () => {
    const expired = readError(401, '{"error":{"code":"header_timestamp_expired:_4711"}}');
    expect(expired.code).toBe('header_timestamp_expired:_4711');
    expect(expired.why).toMatch(/clock of this machine/);
    const unknown = readError(401, '{"error":{"code":"user_not_found:_00000000"}}');
    expect(unknown.why).toBe('401 user_not_found:_00000000: the exchange did not accept the key');
  });

  test('the same words in an answer that is no 401 say nothing of keys, and a 403 speaks of the scope', () => {
    expect(readError(400, '{"error":{"code":"header_timestamp_expired"}}').why).toBe(
      '400 header_timestamp_expired',
    );
    expect(readError(403, '{"error":{"code":"forbidden"}}').why).toBe(
      '403 forbidden: the key lacks the scope for this call',
    );
  });

  test('a page that is no JSON is cut to one short line', () => {
    expect(readError(503, 'service unavailable')).toEqual({
      code: 'unreadable',
      details: 'service unavailable',
      why: '503 unreadable: service unavailable',
    });
    expect(readError(502, '').why).toBe('502 unreadable');
    const page = readError(502, `<html>\n  <body>\n${'x'.repeat(1_000)}`);
    expect(page.details).toMatch(/^<html> <body> x+…$/);
    expect(page.details?.length).toBeLessThanOrEqual(200);
  });

  test('property: any status and any text give a code and a sentence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '7', '[]', '{"error":null}', '{"code":7}')),
        (status, text) => {
          const { code, why } = readError(status, text);
          expect(code).not.toBe('');
          expect(why.startsWith(`${status} ${code}`)).toBe(true);
        },
      ),
    );
  });
});
