import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { KalshiSigner, SignedHeaders } from '../../../src/venues/kalshi/sign.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { type SignedAhead, signedAhead } from '../../../src/venues/kalshi/signed-ahead.ts';
import { ed25519Key } from './keys.ts';

const START_MS = 1_781_159_348_000;
const CALL = { method: 'POST', path: '/trade-api/v2/portfolio/events/orders' } as const;
const OLDEST_MS = 2_000;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A signer whose later signatures are there at the next turn, with a number in the place of the signature. */
function bench(waiting: number, fails = false) {
  const clock = tapeScheduler(START_MS * MILLISECOND);
  let setMs = 0;
  let made = 0;
  let atOnce = 0;
  const wallMillis = (): number => clock.at / MILLISECOND + setMs;
  const headersOf = (method: string, path: string): SignedHeaders => ({
    'KALSHI-ACCESS-KEY': 'key',
    'KALSHI-ACCESS-TIMESTAMP': String(wallMillis()),
    'KALSHI-ACCESS-SIGNATURE': `${++made} ${wallMillis()}${method}${path}`,
  });
  const signer: KalshiSigner = {
    keyId: 'key',
    headers: (method, path) => {
      atOnce++;
      return headersOf(method, path);
    },
    headersLater: (method, path) =>
      fails ? Promise.reject(new Error('no key')) : Promise.resolve(headersOf(method, path)),
  };
  const ahead: SignedAhead = signedAhead(signer, { ...CALL, clock, wallMillis, waiting });
  closers.push(ahead.close);
  return {
    ahead,
    wallMillis,
    atOnce: () => atOnce,
    made: () => made,
    set: (millis: number) => {
      setMs += millis;
    },
    pass: async (millis: number) => {
      clock.runTo(clock.at + millis * MILLISECOND);
      await setImmediate();
    },
  };
}

describe('signedAhead', () => {
  test('property: however calls and time come, each signature is used once, for its own call, and is at most two seconds old', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('call' as const), times: fc.integer({ min: 1, max: 6 }) }),
            fc.record({ kind: fc.constant('pass' as const), millis: fc.integer({ min: 0, max: 5_000 }) }),
            // A clock that is set, back or on, and a loop that is blocked look the same from here.
            fc.record({ kind: fc.constant('set' as const), millis: fc.integer({ min: -9_000, max: 9_000 }) }),
            fc.record({ kind: fc.constant('other' as const), path: fc.constantFrom('/a', CALL.path) }),
          ),
          { maxLength: 30 },
        ),
        async (waiting, steps) => {
          const { ahead, wallMillis, set, pass } = bench(waiting);
          const used = new Set<string>();
          const check = (method: string, path: string): void => {
            const headers = ahead.headers(method, path);
            const stamped = Number(headers['KALSHI-ACCESS-TIMESTAMP']);
            const signature = String(headers['KALSHI-ACCESS-SIGNATURE']);
            expect(wallMillis() - stamped).toBeGreaterThanOrEqual(0);
            expect(wallMillis() - stamped).toBeLessThanOrEqual(OLDEST_MS);
            expect(signature.split(' ')[1]).toBe(`${stamped}${method}${path}`);
            expect(used.has(signature)).toBe(false);
            used.add(signature);
          };
          for (const step of steps) {
            if (step.kind === 'call') for (let i = 0; i < step.times; i++) check(CALL.method, CALL.path);
            else if (step.kind === 'pass') await pass(step.millis);
            else if (step.kind === 'set') set(step.millis);
            else check('GET', step.path);
          }
        },
      ),
    ));

  test('as many calls as signatures wait sign nothing, the next one signs at once, and after a turn they wait again', async () => {
    const { ahead, atOnce, pass } = bench(3);
    await pass(0);
    for (let i = 0; i < 3; i++) ahead.headers(CALL.method, CALL.path);
    expect(atOnce()).toBe(0);
    ahead.headers(CALL.method, CALL.path);
    expect(atOnce()).toBe(1);
    await pass(0);
    ahead.headers(CALL.method, CALL.path);
    expect(atOnce()).toBe(1);
  });

  test('a call that takes a waiting signature begins none before the turn is over', async () => {
    const { ahead, made, pass } = bench(2);
    await pass(0);
    const before = made();
    ahead.headers(CALL.method, CALL.path);
    expect(made()).toBe(before);
    await pass(0);
    expect(made()).toBe(before + 1);
  });

  test('while nobody calls, no more are made than replace those of a second ago', async () => {
    const { made, pass } = bench(2);
    for (let i = 0; i < 100; i++) await pass(100);
    // Two a second for ten seconds, each replaced at the next look after its second.
    expect(made()).toBeGreaterThan(10);
    expect(made()).toBeLessThanOrEqual(22);
  });

  test('a key that cannot sign ahead is asked at once, and after its end nothing is made', async () => {
    const failing = bench(2, true);
    await failing.pass(1_000);
    failing.ahead.headers(CALL.method, CALL.path);
    expect(failing.atOnce()).toBe(1);
    const { ahead, atOnce, made, pass } = bench(2);
    await pass(0);
    ahead.close();
    const before = made();
    await pass(10_000);
    expect(made()).toBe(before);
    ahead.headers(CALL.method, CALL.path);
    expect(atOnce()).toBe(1);
  });

  test('the three headers are those of the signer', async () => {
    const signer = kalshiSigner(ed25519Key, () => START_MS);
    const later = await signer.headersLater(CALL.method, CALL.path);
    expect(later).toEqual(signer.headers(CALL.method, CALL.path));
  });
});
