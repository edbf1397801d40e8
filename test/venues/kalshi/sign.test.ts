import { constants, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { ED25519, ed25519Key, KEY_ID, RSA, rsaKey } from './keys.ts';

const AT = 1_781_159_348_123;
const PATH = '/trade-api/v2/portfolio/balance';

const isPss = (text: string, signature: string, saltLength: number): boolean =>
  verify(
    'sha256',
    Buffer.from(text),
    { key: RSA.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
    Buffer.from(signature, 'base64'),
  );
const isEd25519 = (text: string, signature: string): boolean =>
  verify(null, Buffer.from(text), ED25519.publicKey, Buffer.from(signature, 'base64'));

const keys = [
  {
    name: 'RSA',
    key: rsaKey,
    fits: (text: string, signature: string): boolean =>
      isPss(text, signature, constants.RSA_PSS_SALTLEN_DIGEST),
  },
  { name: 'Ed25519', key: ed25519Key, fits: isEd25519 },
] as const;

const signatureOf = (headers: Readonly<Record<string, string>>): string =>
  headers['KALSHI-ACCESS-SIGNATURE'] ?? '';

describe('kalshiSigner', () => {
  test.each(keys)(
    '$name: three headers, and the public key verifies time, method and path',
    ({ key, fits }) => {
      const headers = kalshiSigner(key, () => AT).headers('GET', PATH);
      expect(Object.keys(headers).sort()).toEqual([
        'KALSHI-ACCESS-KEY',
        'KALSHI-ACCESS-SIGNATURE',
        'KALSHI-ACCESS-TIMESTAMP',
      ]);
      expect(headers['KALSHI-ACCESS-KEY']).toBe(KEY_ID);
      expect(headers['KALSHI-ACCESS-TIMESTAMP']).toBe(String(AT));
      const signature = signatureOf(headers);
      expect(signature).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(fits(`${AT}GET${PATH}`, signature)).toBe(true);
      for (const other of [`${AT + 1}GET${PATH}`, `${AT}POST${PATH}`, `${AT}GET${PATH}/`, `${AT}GET`])
        expect(fits(other, signature)).toBe(false);
    },
  );

  test('RSA signs with a salt of exactly the digest’s 32 bytes, a fresh one each time', () => {
    const signer = kalshiSigner(rsaKey, () => AT);
    const first = signatureOf(signer.headers('GET', PATH));
    const text = `${AT}GET${PATH}`;
    expect(isPss(text, first, 32)).toBe(true);
    for (const other of [0, 20, 31, 33]) expect(isPss(text, first, other)).toBe(false);
    expect(signatureOf(signer.headers('GET', PATH))).not.toBe(first);
  });

  test.each(keys)(
    '$name, property: the query is not signed, the method is signed in capitals',
    ({ key, fits }) => {
      fc.assert(
        fc.property(
          fc.webPath(),
          fc.webQueryParameters(),
          fc.constantFrom('get', 'GET', 'Delete', 'POST'),
          fc.integer({ min: 0, max: 4_102_444_800_000 }),
          (path, query, method, millis) => {
            const headers = kalshiSigner(key, () => millis).headers(method, `${path}?${query}`);
            expect(fits(`${millis}${method.toUpperCase()}${path}`, signatureOf(headers))).toBe(true);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  test('the time is asked for at each request, and whole milliseconds are sent of it', () => {
    let wall = AT + 0.999;
    const signer = kalshiSigner(ed25519Key, () => wall);
    const first = signer.headers('GET', PATH);
    expect(first['KALSHI-ACCESS-TIMESTAMP']).toBe(String(AT));
    expect(isEd25519(`${AT}GET${PATH}`, signatureOf(first))).toBe(true);
    wall += 5_000;
    const second = signer.headers('GET', PATH);
    expect(second['KALSHI-ACCESS-TIMESTAMP']).toBe(String(AT + 5_000));
    expect(isEd25519(`${AT + 5_000}GET${PATH}`, signatureOf(second))).toBe(true);
    expect(isEd25519(`${AT + 5_000}GET${PATH}`, signatureOf(first))).toBe(false);
  });

  test('a signer shows its id and no key', () => {
    const signer = kalshiSigner(ed25519Key, () => AT);
    expect(JSON.parse(JSON.stringify(signer))).toEqual({ keyId: KEY_ID });
  });
});
