import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Observable, of } from 'rxjs';
import type { SocketEvent } from '../../src/transport/dial.ts';
import { discreetDial } from '../../src/transport/discreet-dial.ts';
import { discreetHttp } from '../../src/transport/discreet-http.ts';
import type { HttpAnswer } from '../../src/transport/http.ts';
import { HIDDEN, redactor } from '../../src/transport/redactor.ts';

const base64 = fc
  .uint8Array({ minLength: 64, maxLength: 256 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
const secrets = fc.oneof(base64, fc.uuid(), fc.stringMatching(/^[A-Za-z0-9@/+]{10,40}$/));
const around = fc.string({ maxLength: 60 });

/** The ways in which programs repeat what they were sent. */
const WAYS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in JSON': (secret) => JSON.stringify({ details: secret }),
  'in JSON with escaped slashes': (secret) => JSON.stringify({ secret }).replaceAll('/', '\\/'),
  'in an address': (secret) => `/x?key=${encodeURIComponent(secret)}`,
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  twice: (secret) => `${secret}${secret}`,
};
/** Every form that the oracle looks for. */
const told = (text: string, secret: string): boolean =>
  [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll('/', '\\/'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ].some((form) => text.includes(form));

describe('redactor', () => {
  test.each(Object.entries(WAYS))(
    'property: a secret repeated %s is hidden, wherever it stands',
    (_, way) => {
      fc.assert(
        fc.property(secrets, around, around, (secret, before, after) => {
          const text = redactor([secret])(`${before}${way(secret)}${after}`);
          expect(told(text, secret)).toBe(false);
          expect(text).toContain(HIDDEN);
        }),
      );
    },
  );

  test('property: of a long secret, a part of 23 characters is hidden too, and text without it is as it was', () => {
    fc.assert(
      fc.property(base64, fc.nat(), fc.integer({ min: 23, max: 60 }), around, (secret, at, span, text) => {
        const from = at % Math.max(1, secret.length - span);
        const part = secret.slice(from, from + span);
        const hide = redactor([secret]);
        expect(hide(`<${part}>`)).toBe(`<${HIDDEN}>`);
        fc.pre(!text.includes(secret.slice(0, 12)));
        expect(hide(text)).toBe(text);
      }),
    );
  });

  test('a short secret is hidden where it stands alone, not within a word; an empty one is none', () => {
    expect(redactor(['pw'])('pw: cpwd (pw)')).toBe(`${HIDDEN}: cpwd (${HIDDEN})`);
    expect(redactor([''])('all as it was')).toBe('all as it was');
  });
});

const HEADERS = {
  'KALSHI-ACCESS-KEY': 'a952bcbe-ec3b-4b5b-b8f9-11dae589608c',
  'KALSHI-ACCESS-TIMESTAMP': '1778477400123',
  'KALSHI-ACCESS-SIGNATURE': Buffer.from(
    'a signature of some sixty-four bytes, which nobody may repeat ..',
  ).toString('base64'),
  accept: 'application/json',
};
const VALUES = Object.entries(HEADERS).filter(([name]) => name !== 'accept');
const request = {
  method: 'GET',
  url: 'https://venue.example/',
  headers: HEADERS,
  body: undefined,
  timeoutMs: 1,
} as const;
const only = <T>(from$: Observable<T>): T => {
  let last: T | undefined;
  from$.subscribe((value) => {
    last = value;
  });
  if (last === undefined) throw new Error('nothing came');
  return last;
};

describe('the headers of our own request', () => {
  test.each([
    ['a refusal', (text: string): HttpAnswer => ({ kind: 'answered', status: 403, text })],
    ['an error of the server', (text: string): HttpAnswer => ({ kind: 'answered', status: 500, text })],
    ['a failure', (text: string): HttpAnswer => ({ kind: 'failed', why: text, arrived: true })],
  ])('are in no %s', (_, answer) => {
    const text = JSON.stringify({
      you: HEADERS,
      again: VALUES.map(([, value]) => encodeURIComponent(value)),
    });
    const given = JSON.stringify(only(discreetHttp(() => of(answer(text)))(request)));
    for (const [, value] of VALUES) expect(told(given, value)).toBe(false);
  });

  test('are in no good answer, which stays JSON; its numbers and the rest of it stay as they came', () => {
    const text = JSON.stringify({ you: HEADERS, at: 1778477400123, accept: 'application/json' });
    const answer = only(discreetHttp(() => of({ kind: 'answered', status: 200, text }))(request));
    if (answer.kind !== 'answered') throw new Error('there must be an answer');
    for (const value of [HEADERS['KALSHI-ACCESS-KEY'], HEADERS['KALSHI-ACCESS-SIGNATURE']])
      expect(told(answer.text, value)).toBe(false);
    expect(JSON.parse(answer.text)).toMatchObject({ at: 1778477400123, accept: 'application/json' });
  });

  test.each([
    ['text', (text: string): SocketEvent => ({ kind: 'text', text })],
    [
      'reason of a close',
      (detail: string): SocketEvent => ({ kind: 'closed', code: 1008, status: undefined, detail }),
    ],
    [
      'refused upgrade',
      (detail: string): SocketEvent => ({ kind: 'closed', code: 1006, status: 401, detail }),
    ],
  ])('are in no %s of a socket', (_, event) => {
    const text = `{"type":"error","msg":"${HEADERS['KALSHI-ACCESS-KEY']} ${HEADERS['KALSHI-ACCESS-SIGNATURE']}"}`;
    const dial = discreetDial(() => of(event(text)));
    const given = JSON.stringify(only(dial({ url: 'wss://venue.example/', headers: HEADERS })));
    for (const value of [HEADERS['KALSHI-ACCESS-KEY'], HEADERS['KALSHI-ACCESS-SIGNATURE']])
      expect(told(given, value)).toBe(false);
  });

  test('a text that repeats nothing is the same text', () => {
    const event: SocketEvent = { kind: 'text', text: '{"type":"orderbook_delta"}' };
    expect(only(discreetDial(() => of(event))({ url: 'wss://venue.example/', headers: HEADERS }))).toBe(
      event,
    );
  });
});
