import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Observable, Subject } from 'rxjs';
import type { ConsoleActs } from '../../pipelines/edges/console-acts.ts';
import { consoleFeed } from '../../pipelines/edges/console-feed.ts';
import type { LaneControls } from '../../pipelines/edges/control-socket.ts';
import { liveActs, paperActs } from '../../pipelines/edges/lane-acts.ts';
import type { Settings } from '../config/settings.ts';
import { consoleModel } from '../console/console-model.ts';
import { type Act, type ConsoleLane, type ConsoleState, RING_MOST } from '../console/state.ts';
import type { Audited } from '../domain/events/audit.ts';
import type { CommandFrame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { ConsoleHistory } from './console-history.ts';
import type { ConsoleFlags } from './console-options.ts';
import { screenLine } from './screen-line.ts';
import { serveConsole } from './serve-console.ts';

/** The console of a running lane. */
export interface LaneConsole {
  /** Where it is, with the secret if that may be told; undefined without a console. */
  readonly address: string | undefined;
  /** The state that it shows, as of now; undefined without a console. */
  readonly snapshot: (() => ConsoleState) | undefined;
  /** What earlier runs of the lane left: pages show it before what comes, and nothing else does. */
  readonly earlier: (history: ConsoleHistory) => void;
  /** Names who knows how many points the sinks have dropped. */
  readonly dropped: (count: () => number) => void;
  /** Names who knows how many frames wait for the graph. */
  readonly queues: (count: () => number) => void;
  readonly tap: (audited: Audited) => void;
  /** What the operator commands on it, for a lane on paper; `stamp` is the lane's own time. */
  readonly commands: (stamp: () => Micros) => Observable<CommandFrame>;
  /** From now on acts go through the controls of a live lane. */
  readonly control: (lane: LaneControls) => void;
  readonly close: () => Promise<void>;
}

/** Whose console it is. */
export interface OpenConsole {
  readonly lane: Pick<ConsoleLane, 'mark' | 'name' | 'speed'>;
  readonly settings: Settings;
  readonly flags: ConsoleFlags;
  /** A secret that outlives this run; else there is a new one. `shown`: it may be told with the address. */
  readonly token?: { readonly text: string; readonly file: string; readonly shown: boolean };
}

const RESOLUTION_MS = 20;
const HEALTH_MS = 1_000;
const NANOS_PER_MS = 1e6;
const PAPER: readonly Act[] = ['halt', 'resume', 'cancelAll', 'flatten'];
const LIVE: readonly Act[] = [...PAPER, 'cap'];

/** The state with the points of earlier runs before its own. */
function withEarlier(state: ConsoleState, earlier: ConsoleHistory): ConsoleState {
  const before = <T extends { readonly at: Micros }>(old: readonly T[], own: readonly T[], most: number) => {
    const from = own[0]?.at ?? Number.POSITIVE_INFINITY;
    return [...old.filter(({ at }) => at < from), ...own].slice(-most);
  };
  const { equity, volatilities } = state.rings;
  return {
    ...state,
    rings: {
      ...state.rings,
      equity: before(earlier.equity, equity, RING_MOST.equity),
      volatilities: before(earlier.volatilities, volatilities, RING_MOST.volatilities),
    },
  };
}

/**
 * Opens the console of a lane, unless it is switched off, and tells its address on stderr. It only watches:
 * if it fails itself, that is told, the console ends, and the lane goes on.
 */
export async function openConsole({ lane, settings, flags, token }: OpenConsole): Promise<LaneConsole> {
  const say = (line: string): void => {
    process.stderr.write(`${lane.mark}  ${screenLine(line)}\n`);
  };
  const command$ = new Subject<CommandFrame>();
  const none: LaneConsole = {
    address: undefined,
    snapshot: undefined,
    earlier: () => {},
    dropped: () => {},
    queues: () => {},
    tap: () => {},
    commands: () => command$,
    control: () => {},
    close: async () => {},
  };
  if (!settings.console.on || flags.console === false) return none;

  let peakDollars: () => number | undefined = () => undefined;
  const model = consoleModel({
    peakDollars: () => peakDollars(),
    lane: { ...lane, label: settings.label, acts: lane.mark === 'LIVE' ? LIVE : PAPER },
    assets: settings.assets,
    risk: settings.risk,
    caps: settings.execution.live,
  });
  let acts: ConsoleActs = {};
  let failed = false;
  let droppedBySinks: (() => number) | undefined;
  let framesQueued: (() => number) | undefined;
  const guarded = <T>(ask: () => T): T | undefined => {
    if (failed) return undefined;
    try {
      return ask();
    } catch (cause) {
      failed = true;
      say(`the console ends, the lane goes on: ${cause instanceof Error ? cause.message : String(cause)}`);
      void close();
      return undefined;
    }
  };
  let earlier: ConsoleHistory = { equity: [], volatilities: [] };
  const feed = consoleFeed({
    take: () => guarded(model.take),
    snapshot: () => withEarlier(model.snapshot(), earlier),
  });
  const secret = token?.text ?? randomBytes(24).toString('hex');
  const served = await serveConsole({
    settings: settings.console,
    port: flags.consolePort,
    say,
    feed,
    decision: model.decision,
    acts: () => acts,
    token: secret,
    tokenFile: token?.shown === false ? token.file : undefined,
  });
  if (!served) return none;

  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const health = setInterval(() => {
    const late = Math.max(0, delay.max / NANOS_PER_MS - RESOLUTION_MS);
    delay.reset();
    model.health({
      loopDelayMs: Math.round(late * 10) / 10,
      queued: framesQueued?.() ?? null,
      sinkDropped: droppedBySinks?.() ?? null,
    });
  }, HEALTH_MS).unref();
  const close = async (): Promise<void> => {
    clearInterval(health);
    delay.disable();
    await served.close();
  };
  return {
    address: token?.shown === false ? served.address : `${served.address}#${secret}`,
    snapshot: () => {
      feed.now();
      return model.snapshot();
    },
    earlier: (history) => {
      earlier = history;
      feed.jumped();
    },
    dropped: (count) => {
      droppedBySinks = count;
    },
    queues: (count) => {
      framesQueued = count;
    },
    tap: (audited) => guarded(() => model.add(audited)),
    commands: (stamp) => {
      acts = paperActs((command, reason) => command$.next({ kind: 'command', at: stamp(), command, reason }));
      return command$;
    },
    control: (controls) => {
      acts = liveActs(controls);
      peakDollars = controls.peakDollars;
    },
    close,
  };
}
