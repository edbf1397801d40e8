import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import type { Ended } from '../support/voltage.ts';

const KEYS = [
  'krakenWs',
  'krakenRest',
  'kalshiWs',
  'kalshiRest',
  'kalshiKeyId',
  'kalshiPrivateKeyPath',
  'controlToken',
] as const;
type Addresses = Readonly<Record<(typeof KEYS)[number], string>>;

const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const bearer = ({ controlToken }: Addresses) => ({ authorization: `Bearer ${controlToken}` });
const control = (venues: Addresses, body: string): Promise<Response> =>
  fetch(`${venues.krakenRest}/emulator/faults`, { method: 'POST', body, headers: bearer(venues) });

describe('voltage emulate', () => {
  let running: Started;
  let venues: Addresses;
  let ended: Ended | undefined;
  beforeAll(async () => {
    // The last fault lies far ahead: it must not keep a stopped process alive.
    running = startVoltage([
      ...['emulate', '--kraken-port', '0', '--kalshi-port', '0', '--seed', 'e2e'],
      ...['--start-at', '2026-06-01T13:30:00Z', '--fault', 'drop@60m:kraken'],
    ]);
    venues = JSON.parse(await running.firstLine) as Addresses;
  });
  afterAll(() => {
    if (!ended) running.kill('SIGKILL');
  });

  test('tells its addresses, all on loopback, and a key that only its owner may read', () => {
    expect(Object.keys(venues)).toEqual(KEYS);
    expect(venues.krakenWs).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v2$/);
    expect(venues.krakenRest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(venues.kalshiWs).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/trade-api\/ws\/v2$/);
    expect(venues.kalshiRest).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/trade-api\/v2$/);
    expect(statSync(venues.kalshiPrivateKeyPath).mode & 0o777).toBe(0o600);
    expect(readFileSync(venues.kalshiPrivateKeyPath, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test('answers REST of both venues; the key signs', async () => {
    const time = await json<{ result: { unixtime: number } }>(
      await fetch(`${venues.krakenRest}/0/public/Time`),
    );
    expect(time.result.unixtime).toBeGreaterThanOrEqual(Date.parse('2026-06-01T13:30:00Z') / 1_000);
    const path = '/trade-api/v2/account/limits';
    const url = `${venues.kalshiRest}/account/limits`;
    expect((await fetch(url)).status).toBe(401);
    const key = loadKey({ keyId: venues.kalshiKeyId, privateKeyPath: venues.kalshiPrivateKeyPath });
    if (key?.kind !== 'key') throw new Error('the key file must hold a key');
    const signed = await fetch(url, { headers: kalshiSigner(key, Date.now).headers('GET', path) });
    expect(signed.status).toBe(200);
  });

  test('a Kalshi socket without a signature is refused before the handshake', async () => {
    const socket = new WebSocket(venues.kalshiWs);
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(answer.statusCode).toBe(401);
    socket.on('error', () => {});
    socket.terminate();
  });

  test('a fault that is posted takes effect', async () => {
    const socket = new WebSocket(venues.krakenWs);
    const [status] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(String(status))).toMatchObject({ channel: 'status' });
    const closed = once(socket, 'close');
    expect(await json(await control(venues, '{"kind":"drop","venue":"kraken"}'))).toEqual({
      injected: { kind: 'drop', venue: 'kraken', atMs: 0, spanMs: 5_000 },
    });
    expect((await closed)[0]).toBe(1006);
    await control(venues, '{"kind":"serverError","venue":"kalshi","spanMs":60000}');
    expect((await fetch(`${venues.kalshiRest}/exchange/status`)).status).toBe(503);
    expect((await control(venues, '{"kind":"explode"}')).status).toBe(400);
    const state = await json<{
      faults: readonly string[];
      kraken: Readonly<Record<string, { bids: readonly unknown[] }>>;
    }>(await fetch(`${venues.krakenRest}/emulator/state`, { headers: bearer(venues) }));
    expect(state.faults).toEqual(['drop kraken', 'serverError kalshi']);
    expect(state.kraken['BTC/USD']?.bids).toHaveLength(10);
  });

  test('SIGTERM ends it with exit 0, having printed one line; the key is gone', async () => {
    running.kill('SIGTERM');
    ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(`${JSON.stringify(venues)}\n`);
    expect(ended.stderr).toContain('SIMULATED');
    expect(existsSync(venues.kalshiPrivateKeyPath)).toBe(false);
  });
});
