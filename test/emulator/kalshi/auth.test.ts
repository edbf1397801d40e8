import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { unauthorised } from '../../../src/emulator/kalshi/auth.ts';
import type { EmulatedAnswer } from '../../../src/emulator/transport/emulated-venue.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { describeData } from '../../support/data.ts';
import { demoBodies } from '../../venues/kalshi/recorded.ts';
import { request } from '../bench.ts';

const NOW = 1_781_159_350_000;
const PATH = '/trade-api/v2/portfolio/balance';
const KEY_ID = 'a-key';
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ED25519 = generateKeyPairSync('ed25519');

type Headers = Readonly<Record<string, string>>;
const signed = (type: 'rsa' | 'ed25519', at = NOW, path = PATH, method = 'GET'): Headers => {
  const { privateKey } = type === 'rsa' ? RSA : ED25519;
  const headers = kalshiSigner({ kind: 'key', keyId: KEY_ID, type, privateKey }, () => at).headers(
    method,
    path,
  );
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
};
const judged = (
  headers: Headers,
  { path = PATH, key = RSA.publicKey }: { readonly path?: string; readonly key?: KeyObject } = {},
): EmulatedAnswer | undefined => unauthorised(request(path, { headers }), new Map([[KEY_ID, key]]), NOW);
const detail = (answer: EmulatedAnswer | undefined): unknown => {
  const { error } = JSON.parse(answer?.body ?? '{"error":{}}') as { error: Record<string, unknown> };
  return error['details'] ?? error['code'];
};
const withSignature = (headers: Headers, signature: string): Headers => ({
  ...headers,
  'kalshi-access-signature': signature,
});

/** What was done for each recorded answer. */
const RECORDED: Readonly<Record<string, Headers>> = {
  auth__balance_ok: signed('rsa'),
  auth__bad_signature: withSignature(signed('rsa'), Buffer.from('no signature').toString('base64')),
  auth__missing_signature_header: { 'kalshi-access-key': KEY_ID, 'kalshi-access-timestamp': String(NOW) },
  auth__skew_minus30s: signed('rsa', NOW - 30_000),
  auth__skew_minus5min: signed('rsa', NOW - 300_000),
  auth__skew_minus5s: signed('rsa', NOW - 5_000),
  auth__skew_plus5min: signed('rsa', NOW + 300_000),
  auth__skew_plus5s: signed('rsa', NOW + 5_000),
  auth__unknown_key_id: { ...signed('rsa'), 'kalshi-access-key': 'another' },
};

describeData('the answers recorded on 11 June 2026', () => {
  const recorded = demoBodies().filter(
    ({ name }) => name.startsWith('auth__') && name !== 'auth__balance_alt_host',
  );

  test('are all told of here', () => {
    expect(recorded.map(({ name }) => name)).toEqual(Object.keys(RECORDED).sort());
  });

  test.each(recorded.map((each) => [each.name, each] as const))(
    '%s is reproduced byte for byte',
    (name, each) => {
      const answer = judged(RECORDED[name] ?? {});
      if (each.status === 200) expect(answer).toBeUndefined();
      else expect(answer).toEqual({ kind: 'answer', status: 401, body: each.text });
    },
  );
});

describe('unauthorised', () => {
  test.each(['rsa', 'ed25519'] as const)(
    'a request that our signer signed with %s is let in, whatever its query',
    (type) => {
      const { publicKey } = type === 'rsa' ? RSA : ED25519;
      expect(judged(signed(type), { key: publicKey })).toBeUndefined();
      expect(
        judged(signed(type, NOW, `${PATH}?limit=3`), { key: publicKey, path: `${PATH}?limit=3` }),
      ).toBeUndefined();
    },
  );

  test('what deletes is let in with a signature for that', () => {
    const headers = signed('rsa', NOW, PATH, 'DELETE');
    const keys = new Map([[KEY_ID, RSA.publicKey]]);
    expect(unauthorised(request(PATH, { headers, method: 'DELETE' }), keys, NOW)).toBeUndefined();
  });

  test.each([
    ['another path', signed('rsa', NOW, '/trade-api/v2/portfolio/orders')],
    ['the path without its root', signed('rsa', NOW, '/portfolio/balance')],
    ['another method', signed('rsa', NOW, PATH, 'DELETE')],
    ['another key', signed('ed25519')],
    ['another stamp', { ...signed('rsa'), 'kalshi-access-timestamp': String(NOW + 1) }],
  ] as const)('a signature for %s is refused', (_, headers) => {
    expect(detail(judged(headers))).toBe('INCORRECT_API_KEY_SIGNATURE');
  });

  test('RSA is by PSS with a salt of the digest’s length, and by nothing else', () => {
    const of = (options: object): string =>
      sign('sha256', Buffer.from(`${NOW}GET${PATH}`), { key: RSA.privateKey, ...options }).toString('base64');
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING };
    for (const [options, expected] of [
      [{ ...pss, saltLength: 32 }, undefined],
      [{ ...pss, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN }, 'INCORRECT_API_KEY_SIGNATURE'],
      [{ padding: constants.RSA_PKCS1_PADDING }, 'INCORRECT_API_KEY_SIGNATURE'],
    ] as const)
      expect(detail(judged(withSignature(signed('rsa'), of(options))))).toBe(expected);
  });

  test('a stamp in seconds, or that is no number, has expired', () => {
    for (const stamp of [String(NOW / 1_000), 'now', '1e12', `${NOW}.5`])
      expect(detail(judged({ ...signed('rsa'), 'kalshi-access-timestamp': stamp }))).toBe(
        'header_timestamp_expired',
      );
  });

  test('any header that is missing is a missing signature', () => {
    for (const name of ['kalshi-access-key', 'kalshi-access-timestamp', 'kalshi-access-signature']) {
      const { [name]: _, ...rest } = signed('rsa');
      expect(detail(judged(rest))).toBe('signature_is_missing_from_headers');
    }
  });
});
