import { generateKeyPairSync } from 'node:crypto';
import type { ApprovedOrder } from '../../src/domain/events/order.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { emulatedWorld } from '../../src/emulator/world/world.ts';
import {
  type Cancelled,
  type Cancelling,
  cancelEverything,
} from '../../src/execution/kalshi/cancel-everything.ts';
import { kalshiGateway } from '../../src/execution/kalshi/kalshi-gateway.ts';
import { orderEntry } from '../../src/execution/kalshi/order-entry.ts';
import { orderHolds } from '../../src/execution/kalshi/order-holds.ts';
import { sendGate } from '../../src/execution/kalshi/send-gate.ts';
import { type UrgentCall, urgentCalls } from '../../src/execution/kalshi/urgent-calls.ts';
import { venueWrites } from '../../src/execution/kalshi/venue-writes.ts';
import { every } from '../../src/operators/after.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { settingsOf } from '../pipelines/market.ts';
import { memoryTransport } from './memory-transport.ts';
import { type RestingTruth, restingTruth } from './resting-truth.ts';

const KEY_PAIR = generateKeyPairSync('ed25519');
const MANY = 1_000_000;

/** A stand-in for a lane, in event time: the lane's own gateway with orders that come without pause. */
export interface LoadedLane {
  readonly venues: Emulation;
  readonly truth: RestingTruth;
  readonly at: () => Micros;
  /** Lets so many milliseconds pass. */
  readonly run: (millis: number) => void;
  /** A call of the account that nothing holds back, as another program's would be. */
  readonly call: UrgentCall;
  /** One resting order by the gateway, on the market whose turn it is. */
  readonly place: () => void;
  /** Places an order every so many milliseconds from now on, whatever happens. */
  readonly load: (everyMs: number) => void;
  readonly create: (exchangeIndex?: number) => void;
  /** Shuts the gate, cancels everything, and tells what came of it once it is known. */
  readonly halt: (
    cancelling?: Cancelling,
  ) => () => { readonly result: Cancelled; readonly tookMs: number } | undefined;
  readonly inject: (fault: Partial<Fault> & Pick<Fault, 'kind'>) => void;
}

/** Opens it on a market of its own. */
export function loadedLane(seed: string, latencyMs: number): LoadedLane {
  const settings = settingsOf({ seed, strikes: 3, density: 0.1, startAt: '2026-06-01T14:03:00Z' });
  const world = emulatedWorld(settings.emulator, settings.assets);
  const clock = tapeScheduler(world.startAt);
  const wallMillis = (): number => clock.at / MILLISECOND;
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis },
    settings: settings.emulator,
    assets: settings.assets,
    history: world.history,
    marketDepth: 25,
    faults: [],
    rateLimited: true,
    keyPair: KEY_PAIR,
  });
  const transport = memoryTransport({ clock, world, venues, faults: venues.faults, latencyMs });
  const kalshi = { ...settings.kalshi, restUrl: 'http://kalshi.test/trade-api/v2' };
  const signer = kalshiSigner(
    { kind: 'key', keyId: venues.keyId, type: 'ed25519', privateKey: KEY_PAIR.privateKey },
    wallMillis,
  );
  let groupId = '';
  const gate = sendGate(
    {
      orderContractsMax: MANY,
      openOrdersMax: MANY,
      ordersPerMinuteMax: MANY,
      dollarsPerDayMax: MANY,
    },
    { mode: 'ARMED', at: clock.at, by: 'the test', reason: 'it begins' },
  );
  const gateway = kalshiGateway({
    entry: orderEntry({ writes: venueWrites(transport.http, signer, kalshi), clock }),
    clock,
    gate,
    holds: orderHolds(),
    groups: { groupOf: () => ({ kind: 'ready', groupId }), refused: () => {} },
    journal: { append: () => {} },
    stamp: () => clock.at,
    restMaxMicros: MINUTE,
  });
  const call = urgentCalls(transport.http, signer, kalshi);
  const truth = restingTruth(venues, signer);
  transport.run();
  const run = (millis: number): void => {
    clock.runTo(clock.at + millis * MILLISECOND);
  };
  // The list of markets is there before the first order.
  run(SECOND / MILLISECOND);
  const tickers = Object.entries(venues.kalshi.state())
    .filter(([, { asks }]) => asks.length > 0)
    .map(([ticker]) => ticker);
  call(
    'POST',
    '/portfolio/order_groups/create',
    5_000,
    JSON.stringify({ contracts_limit_fp: '100000.00', subaccount: 0, exchange_index: 2 }),
  ).subscribe((answer) => {
    if (answer.kind !== 'answered') throw new Error(`no group: ${answer.why}`);
    groupId = (JSON.parse(answer.text) as { readonly order_group_id: string }).order_group_id;
  });
  run(SECOND / MILLISECOND);
  for (const ticker of tickers)
    gateway.heard({
      kind: 'contract',
      contract: { ticker, tickBands: [{ startTicks: 0, endTicks: 10_000, stepTicks: 100 }] },
    } as never);
  let placed = 0;
  const body = (id: string, exchangeIndex?: number) => ({
    ticker: tickers[placed % tickers.length] as string,
    client_order_id: id,
    side: 'bid',
    count: '1.00',
    price: '0.0100',
    time_in_force: 'good_till_canceled',
    self_trade_prevention_type: 'taker_at_cross',
    ...(exchangeIndex !== undefined && { exchange_index: exchangeIndex }),
  });
  const place = (): void => {
    const order = {
      clientOrderId: `load-${++placed}`,
      decisionId: placed,
      ticker: tickers[placed % tickers.length],
      exchangeIndex: 2,
      side: 'bid',
      limitTicks: 100,
      count: 100,
      timeInForce: 'gtc',
      postOnly: false,
      reduceOnly: false,
      at: clock.at,
    } as ApprovedOrder;
    gate.alive(clock.at);
    gateway.send({ kind: 'place', order });
  };
  return {
    venues,
    truth,
    at: () => clock.at,
    run,
    call,
    place,
    create: (exchangeIndex) => {
      call(
        'POST',
        '/portfolio/events/orders',
        5_000,
        JSON.stringify(body(`other-${++placed}`, exchangeIndex)),
      ).subscribe();
    },
    load: (everyMs) => {
      every(everyMs, clock).subscribe(place);
    },
    halt: (cancelling) => {
      gate.move({ mode: 'HALTED', at: clock.at, by: 'the test', reason: 'a pulled switch' });
      const sinceMs = clock.now();
      let told: { readonly result: Cancelled; readonly tookMs: number } | undefined;
      cancelEverything(call, clock, cancelling).subscribe((result) => {
        told = { result, tookMs: clock.now() - sinceMs };
      });
      return () => told;
    },
    inject: (fault) => venues.faults.inject({ venue: 'kalshi', atMs: 0, spanMs: 5_000, ...fault } as Fault),
  };
}
