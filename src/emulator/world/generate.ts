import type { Asset } from '../../domain/asset.ts';
import type { WireFrame } from '../../domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../domain/time.ts';
import type { Venue } from '../../domain/venues.ts';
import { emulatedAssets } from '../emulated-asset.ts';
import { kalshiWire } from '../kalshi/public/wire.ts';
import { krakenWire } from '../kraken/wire.ts';
import type { EmulatorSettings } from '../settings.ts';
import { type Random, randomOf } from './random.ts';
import { warmStart } from './warm-start.ts';
import { type AssetHistory, emulatedWorld, historyOf } from './world.ts';

const LEAST_LATENCY = 6 * MILLISECOND;
const MEAN_EXTRA_LATENCY = 9 * MILLISECOND;
const MOST_LATENCY = 60 * MILLISECOND;

/** One connection: texts arrive in the order of sending, each after a short delay. */
function connection(venue: Venue, random: Random): (at: Micros, text: string) => WireFrame {
  let last = 0;
  return (at, text) => {
    const latency = Math.min(
      MOST_LATENCY,
      LEAST_LATENCY + Math.round(MEAN_EXTRA_LATENCY * random.exponential()),
    );
    last = Math.max(last, at + latency);
    return { kind: 'wire', at: last, venue, text };
  };
}

/** Closed one-minute bars of the emulated prices before the session, by asset. They warm the forecasts. */
export function emulatedHistory(
  settings: EmulatorSettings,
  assets: readonly Asset[],
): readonly AssetHistory[] {
  const emulated = emulatedAssets(settings, assets);
  return historyOf(emulated, warmStart(settings, emulated));
}

/**
 * Frames of Kraken and Kalshi from `startAt` for `spanMinutes`, in order of receipt, as one subscriber of
 * each would record them. They depend only on the settings and the assets, not on a clock or chance.
 */
export function* emulatedFrames(
  settings: EmulatorSettings,
  assets: readonly Asset[],
): Generator<WireFrame, void> {
  const { startAt, steps } = emulatedWorld(settings, assets);
  const emulated = emulatedAssets(settings, assets);
  const root = randomOf(settings.seed);
  const endAt = startAt + settings.spanMinutes * MINUTE;
  const krakenText = krakenWire(
    settings.krakenDepth,
    emulated.flatMap(({ pair }) => pair ?? []),
  );
  const kalshiText = kalshiWire(settings);
  const fromKraken = connection('kraken', root.split('kraken latency'));
  const fromKalshi = connection('kalshi', root.split('kalshi latency'));

  let held: WireFrame[] = [];
  for (const { to, kraken, kalshi } of steps()) {
    if (to > endAt) return;
    for (const output of kraken) held.push(fromKraken(output.at, krakenText(output)));
    for (const output of kalshi) held.push(fromKalshi(output.at, kalshiText(output)));
    // The opening emissions arrive with the first step.
    if (to === startAt) continue;
    // No later text can arrive before the end of this step.
    held.sort((a, b) => a.at - b.at);
    const rest = held.findIndex(({ at }) => at >= to);
    yield* rest < 0 ? held : held.slice(0, rest);
    held = rest < 0 ? [] : held.slice(rest);
  }
}
