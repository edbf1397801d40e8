import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { ORDERS_PATH } from '../../src/execution/kalshi/create-call.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { type Started, startVoltage } from './started-voltage.ts';

/** The first line of `voltage emulate`. */
interface Venues {
  readonly krakenWs: string;
  readonly krakenRest: string;
  readonly kalshiWs: string;
  readonly kalshiRest: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyPath: string;
}

/** An order as the emulator lists it. */
export interface VenueOrder {
  readonly status: string;
}

/** A live lane with a console and its emulated venues, each a process. */
export interface LiveConsole {
  readonly lane: Started;
  /** Its first line of stderr. */
  readonly told: string;
  readonly port: number;
  readonly token: string;
  /** The account's folder. */
  readonly folder: string;
  /** Options by which a command names this account. */
  readonly account: readonly string[];
  /** All orders that the venue knows of the account. */
  readonly orders: () => Promise<readonly VenueOrder[]>;
  /** Has the account's owner rest an order at the venue, beside the lane. Throws what the venue answers if it refuses. */
  readonly rest: (ticker: string) => Promise<void>;
  /** Ends the processes, and the supervisor, which outlives its lane. */
  readonly end: () => Promise<void>;
}

/** Starts both, with files under `root`; resolves once the lane has told its console. */
export async function startLiveConsole(root: string): Promise<LiveConsole> {
  const emulator = startVoltage(['emulate']);
  const venues = JSON.parse(await emulator.firstLine) as Venues;
  const config = join(root, 'live.yaml');
  const state = join(root, 'state');
  const account = ['--config', config, '--state', state, '--json'];
  writeFileSync(
    config,
    JSON.stringify({
      label: 'test',
      assets: ['BTC'],
      console: { port: 0 },
      kraken: { wsUrl: venues.krakenWs, restUrl: venues.krakenRest },
      kalshi: {
        environment: 'demo',
        wsUrl: venues.kalshiWs,
        restUrl: venues.kalshiRest,
        keyId: venues.kalshiKeyId,
        privateKeyPath: venues.kalshiPrivateKeyPath,
      },
      execution: {
        live: {
          ...{ orderContractsMax: 50, openOrdersMax: 5, ordersPerMinuteMax: 60, dollarsPerDayMax: 2_000 },
          ...{ dayLossMaxDollars: 500, drawdownMaxDollars: 500, supervisorPatienceMs: 20_000 },
        },
      },
      pricing: {
        edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
        sizing: { maxOrderCount: 500 },
      },
      risk: { orderCooldownMicros: 5_000_000 },
    }),
  );
  const key = loadKey({ keyId: venues.kalshiKeyId, privateKeyPath: venues.kalshiPrivateKeyPath });
  if (key?.kind !== 'key') throw new Error('startLiveConsole: the emulated key cannot be read');
  const signer = kalshiSigner(key, Date.now);
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const url = new URL(`${venues.kalshiRest}${path}`);
    for (;;) {
      const answer = await fetch(url, {
        method,
        headers: {
          ...signer.headers(method, url.pathname),
          connection: 'close',
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      // The lane reads from the same budget of requests.
      if (answer.status === 429) await waited(200);
      else if (answer.ok) return answer.json();
      else throw new Error(`startLiveConsole: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
  };
  const lane = startVoltage([
    ...['live', '--live', '--yes-real-money', '--model', 'models/backbone.json'],
    ...account,
  ]);
  const told = await lane.firstError;
  const folder = join(state, readdirSync(state)[0] as string);
  return {
    lane,
    told,
    port: Number(/http:\/\/127\.0\.0\.1:(\d+)\//.exec(told)?.[1]),
    token: readFileSync(join(folder, 'console.token'), 'utf8').trim(),
    folder,
    account,
    orders: async () =>
      ((await ask('GET', '/portfolio/orders?limit=1000')) as { readonly orders: readonly VenueOrder[] })
        .orders,
    rest: async (ticker) => {
      await ask('POST', ORDERS_PATH, {
        ...{ ticker, side: 'bid', count: '1', price: '0.0100', post_only: true },
        ...{ time_in_force: 'good_till_canceled', self_trade_prevention_type: 'taker_at_cross' },
      });
    },
    end: async () => {
      await lane.end();
      // Without a venue it would try for an hour.
      const log = readFileSync(join(folder, 'supervisor.log'), 'utf8');
      for (const [, pid] of log.matchAll(/as process (\d+)/g))
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch (cause) {
          if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
        }
      await emulator.end();
    },
  };
}
