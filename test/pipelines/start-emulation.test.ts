import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type RunningEmulation, startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { BTC, ETH } from '../support/assets.ts';

const SETTINGS = {
  ...settingsSchema.parse({ emulator: { seed: 'start', historyMinutes: 20, strikes: 2 } }),
  assets: [BTC, ETH],
};

const start = (
  ports: { readonly krakenPort?: number; readonly kalshiPort?: number } = {},
): Promise<RunningEmulation> =>
  startEmulation({
    settings: SETTINGS,
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults: [],
    fromNow: false,
    ...ports,
  });
const keyFolders = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('voltage-emulator-'));

const opened: Server[] = [];
/** A port that somebody has. */
const taken = async (): Promise<number> => {
  const server = createServer();
  opened.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

describe('startEmulation', () => {
  afterEach(() => {
    for (const server of opened.splice(0)) server.close();
  });

  test('the key’s folder goes when it stops', async () => {
    const before = keyFolders();
    const running = await start();
    expect(keyFolders().length).toBe(before.length + 1);
    await running.stop();
    expect(keyFolders()).toEqual(before);
  });

  test.each(['krakenPort', 'kalshiPort'] as const)(
    'a %s that is taken is told, and nothing stays behind',
    async (which) => {
      const before = keyFolders();
      const listeners = process.listenerCount('exit');
      await expect(start({ [which]: await taken() })).rejects.toThrow('EADDRINUSE');
      expect(keyFolders()).toEqual(before);
      expect(process.listenerCount('exit')).toBe(listeners);
    },
  );

  test('each asset has a history of its own, which Kraken’s REST repeats at the pair’s decimals', async () => {
    const running = await start();
    try {
      expect(running.history.map(({ asset, bars }) => [asset, bars.length])).toEqual([
        ['BTC', 20],
        ['ETH', 20],
      ]);
      for (const [symbol, history] of [
        ['BTC/USD', running.history[0]],
        ['ETH/USD', running.history[1]],
      ] as const) {
        const response = await fetch(`${running.krakenRest}/0/public/OHLC?pair=${symbol}`);
        const { result } = (await response.json()) as {
          result: Readonly<Record<string, readonly (readonly string[])[]>>;
        };
        const [rows = []] = Object.values(result);
        expect(Number(rows[0]?.[1])).toBe(history?.bars[0]?.open);
        expect(Number(rows[19]?.[4])).toBe(history?.bars[19]?.close);
      }
    } finally {
      await running.stop();
    }
  });
});
