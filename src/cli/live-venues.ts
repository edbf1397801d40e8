import { NEVER, type Observable } from 'rxjs';
import { liveEdge } from '../../pipelines/edges/edge.ts';
import { emulatedSettings } from '../../pipelines/edges/emulated-settings.ts';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import { startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { type WarmUp, warmUp } from '../../pipelines/edges/warm-up.ts';
import { readWholeTape } from '../../pipelines/load/read-whole-tape.ts';
import type { Settings } from '../config/settings.ts';
import type { AssetBars } from '../domain/frame.ts';
import type { Fault } from '../emulator/transport/fault.ts';
import { type KalshiKey, loadKey } from '../venues/kalshi/key.ts';
import { krakenRest } from '../venues/kraken/rest.ts';
import { beforeSilence } from './before-silence.ts';
import { reach } from './reach.ts';
import { UsageError } from './usage.ts';

/** Which venues a live lane connects to. */
export interface VenueFlags {
  readonly venues: 'live' | 'emulated';
  readonly tape?: string | undefined;
  /** Files of bars by asset. */
  readonly history: ReadonlyMap<string, string>;
  readonly speed: number;
  readonly faults: readonly Fault[];
  /** The operator's wish to end, which ends waiting for a venue too. */
  readonly stop$?: Observable<unknown>;
}

/** Longest silence of a venue's REST before the sockets are dialled without its history. */
const SILENT_MS = 5_000;

/** Venues that are ready for feeds. */
export interface OpenVenues {
  readonly kind: 'live' | 'emulated' | 'tape';
  readonly settings: Settings;
  readonly edge: Edge;
  readonly key: KalshiKey | undefined;
  readonly history: readonly AssetBars[];
  /** What the operator should know before the lane begins. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

/** A name that sorts by time and is valid for files, such as `paper-20261123T140502Z`. */
export const sessionName = (lane: string, at: Date): string =>
  `${lane}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;

const keyOf = (settings: Settings): KalshiKey | undefined => {
  const key = loadKey(settings.kalshi);
  if (key?.kind === 'keyProblem') throw new UsageError(key.why);
  return key;
};

/**
 * Opens the venues that the flags name: the real ones, emulated ones on loopback, or emulated ones that serve
 * a recorded tape.
 */
export async function openVenues(settings: Settings, flags: VenueFlags): Promise<OpenVenues> {
  const { venues, tape, history: files, speed, faults } = flags;
  const edge = liveEdge();
  if (venues === 'live' && tape === undefined) {
    const key = keyOf(settings);
    // Said at once: the first question to a venue is asked again for a long time before it fails.
    void reach(settings.kraken.restUrl).then((why) => why && process.stderr.write(`${why}\n`));
    const history: AssetBars[] = [];
    const problems: string[] = [];
    for (const { name, spot } of settings.assets) {
      const symbol = spot.kraken;
      if (symbol === undefined) {
        problems.push(`${name}: it has no pair at Kraken, whose minutes warm the forecast: it stays cold`);
        continue;
      }
      const warm = await beforeSilence(
        (http) =>
          warmUp({
            rest: krakenRest({ ...edge, http, restUrl: settings.kraken.restUrl }),
            symbol,
            file: files.get(name),
            now: edge.clock.at,
          }),
        { ...edge, silentMs: SILENT_MS, stop$: flags.stop$ ?? NEVER },
        (why): WarmUp => ({
          bars: [],
          problems: [`Kraken's candles could not be had (${why}): the forecast warms as minutes pass`],
        }),
      );
      history.push({ asset: name, bars: warm.bars });
      problems.push(...warm.problems.map((problem) => `${name}: ${problem}`));
    }
    return {
      kind: 'live',
      settings,
      edge,
      key,
      history,
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
    waits: tape !== undefined || speed !== 1,
  });
  const emulated = emulatedSettings(settings, running, speed);
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
