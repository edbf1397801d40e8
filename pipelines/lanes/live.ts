import { first, firstValueFrom, merge, type Observable, Subject, Subscription } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { AssetBars, Frame } from '../../src/domain/frame.ts';
import { count } from '../../src/domain/money.ts';
import { HOUR, MINUTE, type Micros } from '../../src/domain/time.ts';
import { EXCHANGE } from '../../src/domain/venues.ts';
import { guard } from '../../src/execution/guard/guard.ts';
import { readHalted, writeHalted } from '../../src/execution/journal/halted-file.ts';
import type { Journal } from '../../src/execution/journal/journal.ts';
import {
  type Cancelled,
  cancelEverything,
  type GroupAt,
} from '../../src/execution/kalshi/cancel-everything.ts';
import { createCall } from '../../src/execution/kalshi/create-call.ts';
import { kalshiGateway } from '../../src/execution/kalshi/kalshi-gateway.ts';
import { orderEntry } from '../../src/execution/kalshi/order-entry.ts';
import { orderGroups } from '../../src/execution/kalshi/order-groups.ts';
import { orderHolds } from '../../src/execution/kalshi/order-holds.ts';
import { portfolioReads } from '../../src/execution/kalshi/portfolio-reads.ts';
import { sendGate } from '../../src/execution/kalshi/send-gate.ts';
import { urgentCalls } from '../../src/execution/kalshi/urgent-calls.ts';
import { venueWrites } from '../../src/execution/kalshi/venue-writes.ts';
import type { LiveSettings } from '../../src/execution/live-settings.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { after, every } from '../../src/operators/after.ts';
import type { Http } from '../../src/transport/http.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { readLimits } from '../../src/venues/kalshi/limits.ts';
import { kalshiRest } from '../../src/venues/kalshi/rest.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { signedAhead } from '../../src/venues/kalshi/signed-ahead.ts';
import { accountFrames } from '../edges/account-frames.ts';
import type { LaneControls } from '../edges/control-socket.ts';
import { type Edge, openFeeds } from '../edges/open-feeds.ts';
import type { Supervisor } from '../edges/start-supervisor.ts';
import { beginAccount } from '../run/begin-account.ts';
import type { ModelIdentity } from '../run/keep-models.ts';
import { type LiveStatus, liveControl } from '../run/live-control.ts';
import { type LiveStats, openLiveEdge } from '../run/live-edge.ts';
import { type LaneSummary, runLane } from '../run/run-lane.ts';

/** How to trade for real. */
export interface LiveOptions {
  readonly settings: Settings;
  readonly limits: LiveSettings;
  readonly forecasterOf: (asset: string) => Forecaster;
  /** Which models these are, for a recording. */
  readonly models: readonly ModelIdentity[];
  readonly edge: Edge;
  /** Sends what changes orders; the edge's own `http` asks and cancels. */
  readonly orderHttp: Http;
  readonly key: KalshiKey;
  /** Held by the account's lock. */
  readonly journal: Journal;
  /** The file by which the account is halted from outside. */
  readonly halted: string;
  readonly supervisor: Supervisor;
  /** Closed bars that warm the forecasts. */
  readonly history: readonly AssetBars[];
  readonly name: string;
  readonly record: string | undefined;
  readonly out: string | undefined;
  /** Whether a regular end leaves orders at the venue. */
  readonly leaveOrders: boolean;
  readonly tap?: ((audited: Audited) => void) | undefined;
  readonly paint?: ((at: Micros) => void) | undefined;
  /** Is given who knows how many frames wait for the graph. */
  readonly queues?: ((read: () => number) => void) | undefined;
  readonly stop$: Observable<unknown>;
  /** Receives the lane's controls once it can be commanded. */
  readonly opened: (controls: LaneControls) => Promise<void>;
}

/** The result of a live run. */
export interface LiveSummary extends LaneSummary, LiveStats {
  readonly lane: 'live';
  readonly notice: 'LIVE';
  /** The state of the lane at its end. */
  readonly status: LiveStatus;
}

const ROTATE_BYTES = 128 * 2 ** 20;
const MOST_QUEUED = 100_000;
const MOST_BEHIND_MS = 5_000;
const TICK_MS = 10;
/** A close gets its order group so long before its contracts may be traded. */
const GROUP_AHEAD = 5 * MINUTE;
/** How often guard, gate and the halt from outside are looked at. */
const LOOK_MS = 100;
const BEAT_MS = 250;
/** A flattening waits for its order groups no longer than this. */
const RESET_MS = 5_000;
/** Orders, fills and settlements are read this far back, so that a round of a long run stays short. */
const READ_BACK = 6 * HOUR;
/** The account is read so soon after an order whose state is unknown. */
const READ_UNKNOWN_MS = 2_000;

/**
 * Trades with real orders until `stop$`. It begins with what the journal and the venue say of the account,
 * and lets only orders pass that reduce until account, feeds and forecasts are there. The graph is that of
 * every lane; orders leave through the gateway, and what became of them enters as frames, so that the
 * recorded session replays without sending anything. At its end all orders are cancelled, unless they are to
 * stay.
 */
export async function live(options: LiveOptions): Promise<LiveSummary> {
  const { edge, key, journal, limits, tap, paint, supervisor, halted } = options;
  const { clock, stamp } = edge;
  const sinceMs = performance.now();
  const settings: Settings = {
    ...options.settings,
    execution: {
      ...options.settings.execution,
      orders: 'venue',
      desk: { ...options.settings.execution.desk, feedsMustCome: true },
    },
  };
  const signer = kalshiSigner(key, edge.wallMillis);
  const rest = kalshiRest({ ...edge, signer }, settings.kalshi);
  const urgent = urgentCalls(edge.http, signer, settings.kalshi);
  const ahead = signedAhead(signer, { ...createCall(settings.kalshi), clock, wallMillis: edge.wallMillis });
  const entry = orderEntry({ writes: venueWrites(options.orderHttp, ahead, settings.kalshi), clock });
  /** Until the gate is there, the account counts as halted. */
  let isHalted = (): boolean => true;
  let triggeredBefore: ReadonlySet<string> = new Set();
  const groups = orderGroups(
    {
      entry,
      rest,
      clock,
      stamp,
      halted: () => isHalted(),
      stays: (id) => triggeredBefore.has(id),
    },
    {
      limit: count(limits.groupContractsMax * 100),
      reachMicros: settings.risk.toCloseMaxMicros + GROUP_AHEAD,
    },
  );
  const groupsAt = (): readonly GroupAt[] =>
    groups.all().map(({ groupId: id, exchangeIndex: shard }) => ({ id, shard }));
  const cancelAll = async (): Promise<Cancelled> => {
    const triggered = groupsAt();
    const cancelled = await firstValueFrom(cancelEverything(urgent, clock, { groups: triggered }));
    // The venue's own word of it may be lost, and a resume resets only what is known to be triggered.
    for (const { id } of triggered) groups.refused(id);
    return cancelled;
  };
  const cancelOrders = (): Promise<Cancelled> => firstValueFrom(cancelEverything(urgent, clock));
  const running = new Subscription();
  const ask$ = new Subject<void>();
  /** Until it has the account it sends no order, and its supervisor is patient with it. */
  let isStarting = (): boolean => true;

  // From the first moment to the last: reading the account takes as long as the venue likes, and so do the
  // last cancels.
  const beats = every(BEAT_MS, clock).subscribe(() => supervisor.beat(groupsAt(), isStarting()));

  try {
    const { restored, carried, peakDollars } = await beginAccount({
      settings,
      journal,
      clock,
      stamp,
      cancelAll: cancelOrders,
      reads: (since) => portfolioReads(rest, since),
    });
    const gate = sendGate(
      limits,
      restored.held ?? { mode: 'REDUCE', at: carried.at, by: 'the guard', reason: 'the lane starts' },
      restored.sentToday,
    );
    triggeredBefore = restored.triggeredGroups;
    isHalted = () => gate.state().mode === 'HALTED';
    const holds = orderHolds();
    const gateway = kalshiGateway({
      entry,
      clock,
      gate,
      holds,
      groups,
      journal,
      stamp,
      restMaxMicros: settings.execution.paper.restMaxMicros,
    });
    const control = liveControl({
      gate,
      guard: guard({
        settings: limits,
        assets: settings.assets.map(({ name }) => name),
        clockOffsetMaxMicros: settings.risk.clockOffsetMaxMicros,
        peakDollars,
      }),
      journal,
      stamp,
      cancelAll,
      cancelOrders,
      watched: supervisor.alive,
      outside: {
        path: halted,
        read: () => readHalted(halted),
        write: (halt) => writeHalted(halted, halt),
      },
      reconcile: () => ask$.next(),
      resumed: async () => {
        holds.resume();
        groups.reset();
        await firstValueFrom(
          every(LOOK_MS, clock).pipe(first((looks) => !groups.waiting() || looks * LOOK_MS > RESET_MS)),
        );
      },
    });

    running.add(
      groups.triggered$.subscribe((groupId) =>
        control.note({ at: stamp(), kind: 'groupTriggered', body: { groupId } }),
      ),
    );

    let adopted = false;
    isStarting = () => !adopted && gate.use(stamp()).openOrders === 0;
    const account$ = accountFrames({
      round: () => portfolioReads(rest, Math.max(carried.at, stamp() - READ_BACK)),
      clock,
      stamp,
      ask$,
      known: () => adopted,
    });
    const begin$ = new Subject<Frame>();
    const lane = openLiveEdge({
      name: options.name,
      settings,
      models: options.models,
      feeds: openFeeds(settings, { ...edge, ownChannels: true }, key),
      own$: merge(begin$, control.command$, gateway.request$, account$),
      clock,
      stamp,
      history: options.history,
      record: options.record === undefined ? undefined : { folder: options.record },
      mostQueued: MOST_QUEUED,
      mostBehindMs: MOST_BEHIND_MS,
      tickMs: TICK_MS,
      stop$: options.stop$,
    });
    try {
      journal.append([{ at: carried.at, kind: 'opened', body: { session: options.name, limits } }]);
      options.queues?.(lane.queued);
      begin$.next({ ...carried, at: stamp() });
      control.begin();
      running.add(every(LOOK_MS, clock).subscribe(control.look));
      running.add(
        supervisor.lost$.subscribe((why) => {
          void control.halt('the lane', why);
        }),
      );
      running.add(
        rest.get('/account/limits').subscribe((answer) => {
          const known = answer.kind === 'ok' ? readLimits(answer.json) : undefined;
          if (known) entry.useLimits(known.write);
        }),
      );
      await options.opened(control);
      return await runLane(
        {
          batches: lane.batches(),
          startAt: lane.startAt,
          settings,
          forecasterOf: options.forecasterOf,
          orders: gateway,
          models: options.models,
          out: options.out,
          prefix: 'LIVE-',
          rotateBytes: ROTATE_BYTES,
          tap: (audited) => {
            const { event } = audited;
            control.heard(audited);
            gateway.heard(event);
            groups.heard(event);
            if (event.kind === 'adopted') adopted = true;
            if (event.kind === 'venuePosition' && event.position === 0) ask$.next();
            if (event.kind === 'orderUnknown')
              running.add(after(READ_UNKNOWN_MS, clock).subscribe(() => ask$.next()));
            if (event.kind === 'connection' && event.venue === EXCHANGE && event.change === 'live')
              ask$.next();
            lane.receive(event);
            tap?.(audited);
          },
          sinceMs,
          afterBatch: (_, at) => {
            control.flush();
            paint?.(at);
          },
        },
        () => ({
          lane: 'live' as const,
          notice: 'LIVE' as const,
          status: control.status(),
          ...lane.stats(),
        }),
      );
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      gate.move({ mode: 'HALTED', at: stamp(), by: 'the lane', reason });
      throw cause;
    } finally {
      control.flush();
      gate.move({ mode: 'HALTED', at: stamp(), by: 'the lane', reason: 'it ends' });
      running.unsubscribe();
      if (!options.leaveOrders) await cancelAll();
      groups.close();
      gateway.close();
      await lane.close();
      journal.append([{ at: stamp(), kind: 'closed', body: { session: options.name } }]);
    }
  } finally {
    running.unsubscribe();
    ahead.close();
    beats.unsubscribe();
    await supervisor.bye();
  }
}
