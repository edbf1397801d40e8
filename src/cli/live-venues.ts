import { liveEdge } from '../../pipelines/edges/edge.ts';
import { emulatedSettings } from '../../pipelines/edges/emulated-settings.ts';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import { startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { warmUp } from '../../pipelines/edges/warm-up.ts';
import { readWholeTape } from '../../pipelines/load/read-whole-tape.ts';
import type { Settings } from '../config/settings.ts';
import type { MinuteBar } from '../domain/bars.ts';
import type { Fault } from '../emulator/fault.ts';
import { type KalshiKey, loadKey } from '../venues/kalshi/key.ts';
import { krakenRest } from '../venues/kraken/rest.ts';
import { UsageError } from './usage.ts';

/** Which venues a live lane talks to. */
export interface VenueFlags {
  readonly venues: 'live' | 'emulated';
  readonly tape?: string | undefined;
  readonly history?: string | undefined;
  readonly speed: number;
  readonly faults: readonly Fault[];
}

/** Venues that are ready to be listened to. */
export interface OpenVenues {
  readonly kind: 'live' | 'emulated' | 'tape';
  readonly settings: Settings;
  readonly edge: Edge;
  readonly key: KalshiKey | undefined;
  readonly history: readonly MinuteBar[];
  /** What the operator should know before it begins. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

const keyOf = (settings: Settings): KalshiKey | undefined => {
  const key = loadKey(settings.kalshi);
  if (key?.kind === 'keyProblem') throw new UsageError(key.why);
  return key;
};

/** Opens what the flags name: the real venues, emulated ones on loopback, or emulated ones that say again what a tape recorded. */
export async function openVenues(settings: Settings, flags: VenueFlags): Promise<OpenVenues> {
  const { venues, tape, history: file, speed, faults } = flags;
  const edge = liveEdge();
  if (venues === 'live' && tape === undefined) {
    const key = keyOf(settings);
    const rest = krakenRest({ ...edge, restUrl: settings.kraken.restUrl });
    const { bars, problems } = await warmUp({
      rest,
      symbol: settings.kraken.symbol,
      file,
      now: edge.clock.at,
    });
    return {
      kind: 'live',
      settings,
      edge,
      key,
      history: bars,
      problems: [
        ...problems,
        ...(key
          ? []
          : [
              'no Kalshi key: books are polled over public REST, far slower than the socket, and there is no index',
            ]),
      ],
      close: async () => {},
    };
  }
  const running = await startEmulation({
    settings,
    krakenPort: 0,
    kalshiPort: 0,
    speed,
    faults,
    tape: tape === undefined ? undefined : await readWholeTape(tape),
    fromNow: tape === undefined && speed === 1,
  });
  const emulated = emulatedSettings(settings, running);
  return {
    kind: tape === undefined ? 'emulated' : 'tape',
    settings: emulated,
    edge: { ...edge, stamp: running.now, tickMs: Math.max(5, 250 / speed) },
    key: keyOf(emulated),
    history: running.history,
    problems: [],
    close: running.stop,
  };
}
