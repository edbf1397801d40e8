import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { concatMap, lastValueFrom, map, of } from 'rxjs';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { fetchHttp } from '../../src/transport/fetch-http.ts';
import { wsDial } from '../../src/transport/ws-dial.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HEADER, keySecrets, leaks, signatureSecrets } from './secrets.ts';
import { ED25519, RSA, type SignedSession, signedSession, type Told } from './signed-session.ts';

const folder = tempFolder();
const SECONDS = 20;

const fault = (kind: Fault['kind'], rest: Partial<Fault> = {}): Fault => ({
  kind,
  venue: 'kalshi',
  atMs: 6_000,
  spanMs: 8_000,
  ...rest,
});
const all = ({ texts }: Told): readonly string[] => Object.values(texts).flat();
/** What was said of refusals and losses. */
const complaints = ({ texts }: Told): string =>
  texts.frames.filter((each) => each.includes('"refused"') || each.includes('"closed"')).join('\n');

describe('a signed paper session says nothing secret', () => {
  test.each([
    ['that goes well, by Ed25519', { members: ED25519 }, undefined],
    ['that goes well, by RSA', { members: RSA }, undefined],
    [
      'whose REST answers 503',
      { faults: [fault('serverError', { atMs: 0 })] },
      /503 unreadable: service unavailable/,
    ],
    [
      'whose clock is off',
      { faults: [fault('clockSkew', { atMs: 0, value: 60_000 })] },
      /401 header_timestamp_expired/,
    ],
    [
      'whose REST never answers',
      { faults: [fault('timeoutAfterAccept', { atMs: 5_000, spanMs: 60_000 }), fault('drop')], seconds: 55 },
      /no answer within 10000 ms/,
    ],
    ['whose connection drops', { faults: [fault('drop')] }, /dropped; again in/],
    [
      'that meets all of it at once',
      {
        members: RSA,
        faults: [
          fault('drop'),
          fault('serverError', { atMs: 6_500, spanMs: 3_000 }),
          fault('clockSkew', { spanMs: 4_000, value: -60_000 }),
        ],
      },
      /401 header_timestamp_expired/,
    ],
    [
      'with another’s Ed25519 key',
      { privateKey: generateKeyPairSync('ed25519').privateKey },
      /INCORRECT_API_KEY_SIGNATURE/,
    ],
    [
      'with another’s RSA key',
      { members: RSA, privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
      /INCORRECT_API_KEY_SIGNATURE/,
    ],
  ] satisfies readonly (readonly [string, Partial<SignedSession>, RegExp | undefined])[])(
    'one %s: no key, no signature and no signature header in frames, tape, audit, points, files, summary or log',
    (_, options, says) => {
      const told = signedSession(folder, { seconds: SECONDS, ...options });
      expect(told.signed.requests).toBeGreaterThan(5);
      expect(told.signed.upgrades).toBeGreaterThan(0);
      for (const texts of Object.values(told.texts)) expect(texts.length).toBeGreaterThan(0);
      if (says) expect(complaints(told)).toMatch(says);
      expect(leaks(all(told), told.secrets)).toEqual([]);
    },
  );
});

describe('the watch over secrets', () => {
  /** REST that fails once with words of ours. */
  const failing =
    (why: (headers: Readonly<Record<string, string>>) => string) =>
    (edge: Edge): Edge => ({
      ...edge,
      http: (request) =>
        edge
          .http(request)
          .pipe(
            map((answer) =>
              request.headers['KALSHI-ACCESS-KEY'] === undefined
                ? answer
                : { kind: 'failed' as const, why: why(request.headers), arrived: true },
            ),
          ),
    });

  test('a signature that an error message of REST names is found, in frames, audit and log alike', () => {
    const told = signedSession(folder, {
      seconds: 5,
      leaky: failing((headers) => `fetch failed: ${headers['KALSHI-ACCESS-SIGNATURE']}`),
    });
    for (const part of ['frames', 'tape', 'audit', 'log'] as const)
      expect(leaks(told.texts[part], told.secrets)).toContain('a signature');
  });

  test('headers that an error message prints whole are found by the header and by the signature', () => {
    const told = signedSession(folder, {
      seconds: 5,
      leaky: failing((headers) => `fetch failed with ${JSON.stringify(headers)}`),
    });
    expect(leaks(all(told), told.secrets)).toEqual([
      'the signature header',
      'a signature',
      'what is shaped as a signature',
    ]);
  });

  test('a socket that tells its headers as it closes is found', () => {
    const told = signedSession(folder, {
      seconds: 5,
      leaky: (edge) => ({
        ...edge,
        dial: ({ url, headers }) =>
          edge.dial({ url, headers }).pipe(
            concatMap((event) =>
              event.kind === 'opened' && headers['KALSHI-ACCESS-KEY'] !== undefined
                ? of({
                    kind: 'closed' as const,
                    code: 1006,
                    status: undefined,
                    detail: `lost ${headers['KALSHI-ACCESS-SIGNATURE']}`,
                  })
                : of(event),
            ),
          ),
      }),
    });
    expect(leaks(told.texts.frames, told.secrets)).toContain('a signature');
  });

  test('a signature that was made and not sent is found by its shape, of either type', () => {
    for (const [type, { privateKey }] of [
      ['rsa', RSA],
      ['ed25519', ED25519],
    ] as const) {
      const signer = kalshiSigner({ kind: 'key', keyId: 'id', type, privateKey }, () => 0);
      const signature = signer.headers('GET', '/')['KALSHI-ACCESS-SIGNATURE'];
      expect(leaks([`{"why":"refused: ${signature}"}`], [])).toEqual(['what is shaped as a signature']);
    }
  });

  const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwk = (key: KeyObject): string => JSON.stringify(key.export({ format: 'jwk' }));
  const der = (key: KeyObject): Buffer => key.export({ type: 'pkcs8', format: 'der' }) as Buffer;
  test.each([
    ['the file', pem],
    ['one line of the file', (key: KeyObject) => pem(key).split('\n')[1] ?? ''],
    ['the file in JSON', (key: KeyObject) => JSON.stringify({ pem: pem(key) })],
    ['the JWK', jwk],
    ['d alone', (key: KeyObject) => String(key.export({ format: 'jwk' }).d)],
    ['the DER in base64', (key: KeyObject) => der(key).toString('base64')],
    ['the DER in hex', (key: KeyObject) => der(key).toString('hex')],
    ['the DER as JSON', (key: KeyObject) => JSON.stringify(der(key))],
    ['the DER as a Buffer', (key: KeyObject) => der(key).toString('hex').replace(/../g, '$& ')],
  ])('key material told as %s is found, of either type', (_, tell) => {
    for (const { privateKey } of [RSA, ED25519])
      expect(leaks(['well', `before ${tell(privateKey)} after`], keySecrets(privateKey))).not.toEqual([]);
  });

  test('public words are no leak', () => {
    const words = [
      ED25519.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'KALSHI-ACCESS-KEY KALSHI-ACCESS-TIMESTAMP set KALSHI_PRIVATE_KEY_PATH',
      '{"error":{"code":"signature_is_missing_from_headers"}}',
    ];
    for (const { privateKey } of [RSA, ED25519])
      expect(leaks(words, [HEADER, ...keySecrets(privateKey)])).toEqual([]);
  });
});

describe('real transports say nothing secret when they fail', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.includes('reset')) request.socket.destroy();
      else response.writeHead(401).end('{"error":{"code":"authentication_error","details":"NOT_FOUND"}}');
    });
    server.on('upgrade', (_, socket) => socket.end('no HTTP at all\r\n\r\n'));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
  });
  afterAll(() => {
    server.close();
  });
  const port = (): number => (server.address() as AddressInfo).port;

  test.each([
    ['a port that nobody listens on', () => '127.0.0.1:1/trade-api/v2/markets', 'id'],
    ['a connection that is reset', () => `127.0.0.1:${port()}/reset`, 'id'],
    ['an answer that is a refusal or nonsense', () => `127.0.0.1:${port()}/trade-api/v2/markets`, 'id'],
    ['a key id that no header may carry', () => `127.0.0.1:${port()}/trade-api/v2/markets`, 'id\n'],
  ])('%s', async (_, address, keyId) => {
    const signer = kalshiSigner({ kind: 'key', keyId, type: 'rsa', privateKey: RSA.privateKey }, Date.now);
    const headers = signer.headers('GET', '/trade-api/v2/markets');
    const secrets = [
      HEADER,
      ...keySecrets(RSA.privateKey),
      ...signatureSecrets(headers['KALSHI-ACCESS-SIGNATURE'] ?? ''),
    ];
    const http = fetchHttp()({
      method: 'GET',
      url: `http://${address()}`,
      headers,
      body: undefined,
      timeoutMs: 5_000,
    });
    const answer = await lastValueFrom(http);
    const closed = await lastValueFrom(wsDial()({ url: `ws://${address()}`, headers }));
    expect(closed.kind).toBe('closed');
    expect(leaks([JSON.stringify(answer), JSON.stringify(closed)], secrets)).toEqual([]);
  });
});
