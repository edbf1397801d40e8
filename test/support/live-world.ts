import { generateKeyPairSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../../src/config/settings.ts';
import { MILLISECOND, type Micros } from '../../src/domain/time.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import { callOf } from '../../src/emulator/transport/call.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { emulatedWorld } from '../../src/emulator/world/world.ts';
import { type UrgentCall, urgentCalls } from '../../src/execution/kalshi/urgent-calls.ts';
import { type TapeScheduler, tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { settingsOf } from '../pipelines/market.ts';
import { type MemoryTransport, memoryTransport } from './memory-transport.ts';
import { type RestingTruth, restingTruth } from './resting-truth.ts';

const KEY_PAIR = generateKeyPairSync('ed25519');
const MARKET_DEPTH = 25;
const STEP_MS = 10;
const ROOT = '/trade-api/v2';

/** An order as it came to the emulated exchange, whatever became of it there. */
export interface Arrival {
  readonly at: Micros;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: string;
  readonly contracts: number;
  /** Dollars that it may cost without its fee. */
  readonly dollars: number;
  readonly status: number;
}

/** The member's account as the exchange holds it. */
export interface VenueTruth {
  readonly cashDollars: number;
  readonly positions: Readonly<Record<string, number>>;
  readonly fillIds: readonly string[];
  readonly restingOrders: number;
}

/** Emulated venues in event time with an account that outlives every lane. */
export interface LiveWorld {
  readonly clock: TapeScheduler;
  readonly settings: Settings;
  readonly venues: Emulation;
  readonly transport: MemoryTransport;
  readonly key: Extract<KalshiKey, { kind: 'key' }>;
  /** Every create that came to the exchange, in order. */
  readonly arrivals: readonly Arrival[];
  readonly truth: RestingTruth;
  /** Calls of the account that no lane makes: the supervisor's. */
  readonly call: UrgentCall;
  /** Lets time pass until `done`, at most so many milliseconds; promises are served at every step. */
  readonly run: (millis: number, done?: () => boolean) => Promise<void>;
  readonly account: () => VenueTruth;
  readonly inject: (fault: Partial<Fault> & Pick<Fault, 'kind'>) => void;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

const rowsOf = (text: string, name: string): Rows =>
  ((JSON.parse(text) as Record<string, unknown>)[name] ?? []) as Rows;

/** Opens venues whose market, latency and account come from the seed. */
export function liveWorld({
  seed,
  latencyMs,
  emulator = {},
}: {
  readonly seed: string;
  readonly latencyMs: number;
  readonly emulator?: Readonly<Record<string, unknown>>;
}): LiveWorld {
  const base = settingsOf({
    seed,
    strikes: 2,
    density: 0.3,
    impliedNoise: 0.4,
    krakenDepth: MARKET_DEPTH,
    ...emulator,
  });
  const settings: Settings = {
    ...base,
    // Orders without pause: plumbing, no strategy.
    risk: {
      ...base.risk,
      orderCooldownMicros: 300 * MILLISECOND,
      orderMaxCount: 300,
      positionMaxCount: 3_000,
      closeLossMaxDollars: 500,
      totalLossMaxDollars: 1_000,
      dayLossMaxDollars: 1_000,
      cashMinDollars: 0,
      orderRateMax: 40,
    },
    kraken: { ...base.kraken, wsUrl: 'ws://kraken.test/v2', restUrl: 'http://kraken.test' },
    kalshi: {
      ...base.kalshi,
      wsUrl: 'ws://kalshi.test/trade-api/ws/v2',
      restUrl: 'http://kalshi.test/trade-api/v2',
    },
  };
  const world = emulatedWorld(settings.emulator, settings.assets);
  const clock = tapeScheduler(world.startAt);
  const wallMillis = (): number => clock.at / MILLISECOND;
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis },
    settings: settings.emulator,
    assets: settings.assets,
    history: world.history,
    marketDepth: MARKET_DEPTH,
    faults: [],
    rateLimited: true,
    keyPair: KEY_PAIR,
  });
  const arrivals: Arrival[] = [];
  const { kraken, kalshi } = venues;
  const transport = memoryTransport({
    clock,
    world,
    venues: {
      kraken,
      kalshi: {
        ...kalshi,
        http: (request) => {
          const answer = kalshi.http(request);
          if (callOf(request) === 'create') {
            const body = JSON.parse(request.body) as Record<string, string>;
            const price = Number(body['price']);
            const contracts = Number(body['count']);
            arrivals.push({
              at: clock.at,
              clientOrderId: body['client_order_id'] ?? '',
              ticker: body['ticker'] ?? '',
              side: body['side'] ?? '',
              contracts,
              dollars: contracts * (body['side'] === 'bid' ? price : 1 - price),
              status: answer.status,
            });
          }
          return answer;
        },
      },
    },
    faults: venues.faults,
    latencyMs,
  });
  const key = {
    kind: 'key',
    keyId: venues.keyId,
    type: 'ed25519',
    privateKey: KEY_PAIR.privateKey,
  } as const;
  const signer = kalshiSigner(key, wallMillis);
  const truth = restingTruth(venues, signer);
  transport.run();
  const read = (path: string): string => {
    const headers = Object.fromEntries(
      Object.entries(signer.headers('GET', `${ROOT}${path}`)).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const { status, body } = kalshi.http({ method: 'GET', path: `${ROOT}${path}`, headers, body: '' });
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${body}`);
    return body;
  };
  return {
    clock,
    settings,
    venues,
    transport,
    key,
    arrivals,
    truth,
    call: urgentCalls(transport.http, signer, settings.kalshi),
    run: async (millis, done = () => false) => {
      const endAt = clock.at + millis * MILLISECOND;
      while (clock.at < endAt && !done()) {
        clock.runTo(Math.min(endAt, clock.at + STEP_MS * MILLISECOND));
        // All that lanes do between two steps is promises.
        await setImmediate();
      }
    },
    account: () => {
      const { balance_dollars: balance } = JSON.parse(read('/portfolio/balance?subaccount=0')) as {
        readonly balance_dollars: string;
      };
      const positions = rowsOf(read('/portfolio/positions?subaccount=0&limit=1000'), 'market_positions');
      return {
        cashDollars: Number(balance),
        positions: Object.fromEntries(
          positions
            .map((row) => [String(row['ticker']), Number(row['position_fp'])] as const)
            .filter(([, position]) => position !== 0),
        ),
        fillIds: rowsOf(read('/portfolio/fills?subaccount=0&limit=1000'), 'fills').map((row) =>
          String(row['trade_id']),
        ),
        restingOrders: rowsOf(read('/portfolio/orders?status=resting&limit=1000'), 'orders').length,
      };
    },
    inject: (fault) => venues.faults.inject({ venue: 'kalshi', atMs: 0, spanMs: 5_000, ...fault } as Fault),
  };
}
