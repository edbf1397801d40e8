import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { Observable, Subject, type Subscriber } from 'rxjs';
import { feedCommand } from '../../pipelines/edges/feed-commands.ts';
import { type Edge, openFeeds } from '../../pipelines/edges/open-feeds.ts';
import { graph } from '../../pipelines/graph.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND, type Micros, SECOND } from '../../src/domain/time.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { emulatedWorld } from '../../src/emulator/world/world.ts';
import { makeSettings } from '../../src/execution/make/make-settings.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { FeedCommand } from '../../src/transport/feed.ts';
import { forecaster, historyBefore, settingsOf } from '../pipelines/market.ts';
import { memoryTransport } from './memory-transport.ts';
import { random } from './random.ts';

const keyPair = generateKeyPairSync('ed25519');
const KEY_ID = 'c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1';
const MARKET_DEPTH = 25;

/** A whole paper session in event time: venues, faults, sessions, graph. */
export interface EventTimeSession {
  readonly startAt: Micros;
  readonly venues: Emulation;
  /** Lets so many seconds pass. */
  readonly run: (seconds: number) => void;
  /** Lets the markets stand still and what is under way arrive. */
  readonly settle: () => void;
  /** Everything the graph said so far. */
  readonly events: readonly AuditEvent[];
  readonly frames: readonly Frame[];
  readonly close: () => void;
}

/** Live, every feed must come; see `pipelines/lanes/paper.ts`. */
const feedsMustCome = ({ execution, ...settings }: Settings): Settings => ({
  ...settings,
  execution: { ...execution, desk: { ...execution.desk, feedsMustCome: true } },
});

/** Opens it. `look` sees each event when it is said. */
export function eventTimeSession(
  {
    seed,
    faults,
    emulator = {},
    execution = {},
    members = keyPair,
    privateKey = members.privateKey,
    tapped = (edge) => edge,
  }: {
    readonly seed: string;
    readonly faults: readonly Fault[];
    readonly emulator?: Readonly<Record<string, unknown>>;
    /** On top of the settings of execution. */
    readonly execution?: { readonly take?: boolean; readonly make?: Readonly<Record<string, unknown>> };
    /** The key pair that the venue knows the member by. */
    readonly members?: KeyPairKeyObjectResult;
    /** What the member signs with; the right one by default. */
    readonly privateKey?: KeyObject;
    /** Stands between the sessions and the venues. */
    readonly tapped?: (edge: Edge) => Edge;
  },
  look: (event: AuditEvent, audited: Audited) => void = () => {},
): EventTimeSession {
  const base = settingsOf({ seed, strikes: 2, density: 0.15, krakenDepth: MARKET_DEPTH, ...emulator });
  const settings = feedsMustCome({
    ...base,
    execution: {
      ...base.execution,
      take: execution.take ?? true,
      make: makeSettings.parse(execution.make ?? {}),
    },
    kraken: { ...base.kraken, wsUrl: 'ws://kraken.test/v2', restUrl: 'http://kraken.test' },
    kalshi: {
      ...base.kalshi,
      wsUrl: 'ws://kalshi.test/trade-api/ws/v2',
      restUrl: 'http://kalshi.test/trade-api/v2',
    },
  });
  const world = emulatedWorld(settings.emulator, settings.assets);
  const { startAt } = world;
  const clock = tapeScheduler(startAt);
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis: () => clock.at / MILLISECOND },
    settings: settings.emulator,
    assets: settings.assets,
    history: world.history,
    marketDepth: MARKET_DEPTH,
    faults,
    rateLimited: true,
    keyPair: members,
  });
  const transport = memoryTransport({ clock, world, venues, faults: venues.faults, latencyMs: 15 });
  const { uniform } = random(11);
  const edge = tapped({
    clock,
    stamp: () => clock.at,
    wallMillis: () => clock.at / MILLISECOND,
    dial: transport.dial,
    http: transport.http,
    random: uniform,
  });
  const events: AuditEvent[] = [];
  const frames: Frame[] = [];
  const command$ = new Subject<FeedCommand>();
  let entrance: Subscriber<Frame> | undefined;
  const frame$ = new Observable<Frame>((to) => {
    entrance = to;
  });
  let failure: unknown;
  const running = graph({
    frame$,
    clock,
    settings,
    forecasterOf: () => forecaster,
    orders: 'paper',
  }).subscribe({
    next: (audited) => {
      const { event } = audited;
      events.push(event);
      try {
        look(event, audited);
      } catch (cause) {
        failure ??= cause;
      }
      const command = feedCommand(event);
      if (command) command$.next(command);
    },
    error: (cause: unknown) => {
      failure = cause;
    },
  });
  const enter = (frame: Frame): void => {
    frames.push(frame);
    entrance?.next(frame);
  };
  const moving = transport.run();
  enter({
    kind: 'session',
    at: startAt,
    name: seed,
    history: [{ asset: 'BTC', bars: historyBefore(startAt, 80_000) }],
  });
  for (const feed of openFeeds(settings, edge, {
    kind: 'key',
    keyId: KEY_ID,
    type: privateKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519',
    privateKey,
  }))
    running.add(feed(command$).subscribe(enter));
  const run = (seconds: number): void => {
    clock.runTo(clock.at + seconds * SECOND);
    if (failure !== undefined) throw failure;
  };
  return {
    startAt,
    venues,
    run,
    settle: () => {
      moving.unsubscribe();
      run(0.5);
    },
    events,
    frames,
    close: () => running.unsubscribe(),
  };
}
