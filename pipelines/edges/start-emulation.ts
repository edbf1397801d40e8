import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Settings } from '../../src/config/settings.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../src/domain/time.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import { control } from '../../src/emulator/transport/control.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { type Served, serve } from '../../src/emulator/transport/serve.ts';
import { pump } from '../../src/emulator/world/pump.ts';
import { tapeWorld } from '../../src/emulator/world/tape-world.ts';
import { type AssetHistory, makingWorld } from '../../src/emulator/world/world.ts';
import { every } from '../../src/operators/after.ts';
import { fasterStamp } from '../../src/transport/faster-stamp.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';
import { emulatedKeyFile } from './emulated-key-file.ts';
import { inTurns } from './in-turns.ts';
import { paced } from './paced.ts';

/** How to serve the emulated venues. */
export interface StartEmulation {
  readonly settings: Settings;
  /** 0 takes any free port. */
  readonly krakenPort: number;
  readonly kalshiPort: number;
  /** Event time per wall time, as far as the machine keeps up. */
  readonly speed: number;
  readonly faults: readonly Fault[];
  /** A recording to serve instead of a generated market. */
  readonly tape?: readonly Frame[] | undefined;
  /**
   * False starts the market at the settings' `startAt`. True starts it at the present minute, for clients
   * with their own clocks.
   */
  readonly fromNow: boolean;
  /** True lets the market's time wait for a machine that cannot keep up: not for clients that reckon with clocks of their own. */
  readonly waits?: boolean;
  /** True holds the market at its start until `begin`. */
  readonly held?: boolean;
}

/** Emulated venues that are running. */
export interface RunningEmulation {
  readonly krakenWs: string;
  readonly krakenRest: string;
  readonly kalshiWs: string;
  readonly kalshiRest: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyPath: string;
  /** What the control endpoint asks for. Another for each emulation, and never guessed. */
  readonly controlToken: string;
  /** The time at which the market began, and its time now. */
  readonly startAt: Micros;
  readonly now: () => Micros;
  /** Closed minutes before the start, by asset; none when a tape is served. */
  readonly history: readonly AssetHistory[];
  readonly venues: Emulation;
  /** Lets a market go that is held at its start; does nothing to one that runs. */
  readonly begin: () => void;
  /** Stops the markets; sockets stay open. */
  readonly freeze: () => void;
  readonly stop: () => Promise<void>;
}

/** Levels on each side of the served Kraken book. Who subscribes to more gets only these. */
const MARKET_DEPTH = 25 as const;
const PUMP_MS = 5;
/** A pump that comes later than this by the wall clock finds that its market has waited. */
const MOST_LATE_MICROS = 100 * MILLISECOND;
const RSA_BITS = 2048;
const TOKEN_BYTES = 32;
/**
 * The most book and trade events in one wall second, over all contracts. An accelerated market with more is
 * thinned.
 */
const MOST_DENSITY = 12;

/**
 * Settings of a market that runs at `speed` and does not overload its clients: everything that is not on a
 * timer becomes rarer.
 */
const thinned = ({ emulator, assets }: Settings, speed: number): Settings['emulator'] => ({
  ...emulator,
  density: Math.max(
    0.05,
    Math.min(
      emulator.density,
      (emulator.density * MOST_DENSITY) / Math.max(speed * assets.length, MOST_DENSITY),
    ),
  ),
});

/**
 * Opens both venues on loopback and runs their markets at `speed`. `stop` closes every socket and removes the
 * key.
 */
export async function startEmulation(options: StartEmulation): Promise<RunningEmulation> {
  const { settings, speed, tape } = options;
  const { assets } = settings;
  const clock = wallClock();
  const startAt = options.fromNow
    ? Math.floor(clock.at / MINUTE) * MINUTE
    : Date.parse(settings.emulator.startAt) * MILLISECOND;
  const emulator = {
    ...thinned(settings, speed),
    krakenDepth: MARKET_DEPTH,
    startAt: new Date(startAt / MILLISECOND).toISOString(),
  };
  // Half a second of work: in other threads and in turns, so that a console that is open is served meanwhile.
  const keyPairMade = promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const world = tape
    ? { ...tapeWorld(tape, { useYesPrice: settings.kalshi.useYesPrice, emulator, assets }), history: [] }
    : await inTurns(makingWorld(emulator, assets));
  const keyPair = await keyPairMade;
  // A market that begins in the present has already run since the minute turned.
  const beginsAt = options.fromNow && !tape ? clock.at : world.startAt;
  let running: (() => Micros) | undefined;
  const begin = (): void => {
    running ??= fasterStamp(clock, { epochMicros: beginsAt, speed });
  };
  if (!options.held) begin();
  const { now, step } = paced(
    () => running?.() ?? beginsAt,
    beginsAt,
    options.waits ? MOST_LATE_MICROS * speed : Number.POSITIVE_INFINITY,
  );
  const venues = emulation({
    clock,
    times: { now, wallMillis: Date.now },
    settings: emulator,
    assets,
    history: world.history,
    marketDepth: MARKET_DEPTH,
    faults: options.faults,
    rateLimited: true,
    keyPair,
  });
  const { until } = pump(world, venues);
  until(now());
  const { faults } = venues;
  const controlToken = randomBytes(TOKEN_BYTES).toString('hex');
  const common = { faults, control: control(venues, controlToken) };
  const key = emulatedKeyFile(venues.privateKey);
  const served: Served[] = [];
  const close = async (): Promise<void> => {
    faults.stop();
    key.remove();
    await Promise.all(served.map((each) => each.close()));
  };
  const listen = async (venue: 'kraken' | 'kalshi', port: number): Promise<Served> => {
    const listening = await serve(venues[venue], { venue, port, ...common });
    served.push(listening);
    return listening;
  };
  try {
    const kraken = await listen('kraken', options.krakenPort);
    const kalshi = await listen('kalshi', options.kalshiPort);
    const pumping = every(PUMP_MS, clock).subscribe(() => until(step()));
    return {
      krakenWs: `${kraken.wsUrl}/v2`,
      krakenRest: kraken.httpUrl,
      kalshiWs: `${kalshi.wsUrl}/trade-api/ws/v2`,
      kalshiRest: `${kalshi.httpUrl}/trade-api/v2`,
      kalshiKeyId: venues.keyId,
      kalshiPrivateKeyPath: key.path,
      controlToken,
      startAt: world.startAt,
      now,
      history: world.history,
      venues,
      begin,
      freeze: () => pumping.unsubscribe(),
      stop: async () => {
        pumping.unsubscribe();
        await close();
      },
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
