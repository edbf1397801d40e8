import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../src/domain/time.ts';
import { control } from '../../src/emulator/control.ts';
import { type Emulation, emulation } from '../../src/emulator/emulation.ts';
import type { Fault } from '../../src/emulator/fault.ts';
import { pump } from '../../src/emulator/pump.ts';
import { serve } from '../../src/emulator/serve.ts';
import { tapeWorld } from '../../src/emulator/tape-world.ts';
import { emulatedWorld } from '../../src/emulator/world.ts';
import { every } from '../../src/operators/after.ts';
import { fasterStamp } from '../../src/transport/faster-stamp.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';

/** How emulated venues are to be served. */
export interface StartEmulation {
  readonly settings: Settings;
  /** 0 takes any free port. */
  readonly krakenPort: number;
  readonly kalshiPort: number;
  /** Event time per wall time. */
  readonly speed: number;
  readonly faults: readonly Fault[];
  /** A recording to say again, instead of a generated market. */
  readonly tape?: readonly Frame[] | undefined;
  /** False starts at the settings' `startAt`; true at the present minute, for clients with clocks of their own. */
  readonly fromNow: boolean;
}

/** Emulated venues under way. */
export interface RunningEmulation {
  readonly krakenWs: string;
  readonly krakenRest: string;
  readonly kalshiWs: string;
  readonly kalshiRest: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyPath: string;
  /** Where the market began, and its time now. */
  readonly startAt: Micros;
  readonly now: () => Micros;
  readonly history: readonly MinuteBar[];
  readonly venues: Emulation;
  /** Lets the markets stand still; sockets stay open. */
  readonly freeze: () => void;
  readonly stop: () => Promise<void>;
}

/** Levels a side of the served Kraken book: subscribers of more get what there is. */
const MARKET_DEPTH = 25;
const PUMP_MS = 5;
const RSA_BITS = 2048;
/** Book and trade events for every wall second, all contracts together, beyond which an accelerated market is thinned. */
const MOST_DENSITY = 12;

/** Settings of a market that runs at `speed` without drowning its clients: everything that is not on a timer becomes rarer. */
export const thinned = (settings: Settings['emulator'], speed: number): Settings['emulator'] => ({
  ...settings,
  density: Math.max(
    0.05,
    Math.min(settings.density, (settings.density * MOST_DENSITY) / Math.max(speed, MOST_DENSITY)),
  ),
});

/** Opens both venues on loopback and lets their markets run at `speed`. `stop` closes every socket and removes the key. */
export async function startEmulation(options: StartEmulation): Promise<RunningEmulation> {
  const { settings, speed, tape } = options;
  const clock = wallClock();
  const startAt = options.fromNow
    ? Math.floor(clock.at / MINUTE) * MINUTE
    : Date.parse(settings.emulator.startAt) * MILLISECOND;
  const world = tape
    ? { ...tapeWorld(tape, settings.kalshi), history: [] }
    : emulatedWorld({
        ...thinned(settings.emulator, speed),
        krakenDepth: MARKET_DEPTH,
        startAt: new Date(startAt / MILLISECOND).toISOString(),
      });
  const now = fasterStamp(clock, {
    // A market that begins in the present has already run since the minute turned.
    epochMicros: options.fromNow && !tape ? clock.at : world.startAt,
    speed,
  });
  const venues = emulation({
    clock,
    times: { now, wallMillis: Date.now },
    history: world.history,
    marketDepth: MARKET_DEPTH,
    faults: options.faults,
    rateLimited: true,
    keyPair: generateKeyPairSync('rsa', { modulusLength: RSA_BITS }),
  });
  const { until } = pump(world, venues);
  until(now());
  const folder = mkdtempSync(join(tmpdir(), 'voltage-emulator-'));
  const keyPath = join(folder, 'kalshi.pem');
  writeFileSync(keyPath, venues.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const { faults } = venues;
  const common = { faults, control: control(venues) };
  const kraken = await serve(venues.kraken, { venue: 'kraken', port: options.krakenPort, ...common });
  const kalshi = await serve(venues.kalshi, { venue: 'kalshi', port: options.kalshiPort, ...common }).catch(
    async (cause: unknown) => {
      await kraken.close();
      rmSync(folder, { recursive: true, force: true });
      throw cause;
    },
  );
  const pumping = every(PUMP_MS, clock).subscribe(() => until(now()));
  return {
    krakenWs: `${kraken.wsUrl}/v2`,
    krakenRest: kraken.httpUrl,
    kalshiWs: `${kalshi.wsUrl}/trade-api/ws/v2`,
    kalshiRest: `${kalshi.httpUrl}/trade-api/v2`,
    kalshiKeyId: venues.keyId,
    kalshiPrivateKeyPath: keyPath,
    startAt: world.startAt,
    now,
    history: world.history,
    venues,
    freeze: () => pumping.unsubscribe(),
    stop: async () => {
      pumping.unsubscribe();
      faults.stop();
      await Promise.all([kraken.close(), kalshi.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
