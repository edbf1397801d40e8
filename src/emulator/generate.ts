import type { MinuteBar } from '../domain/bars.ts';
import type { WireFrame } from '../domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';
import { kalshiWire } from './kalshi-wire.ts';
import { krakenWire } from './kraken-wire.ts';
import { type Random, randomOf } from './random.ts';
import type { EmulatorSettings } from './settings.ts';
import { warmStart } from './warm-start.ts';
import { emulatedWorld } from './world.ts';

const LEAST_LATENCY = 6 * MILLISECOND;
const MEAN_EXTRA_LATENCY = 9 * MILLISECOND;
const MOST_LATENCY = 60 * MILLISECOND;

/** One connection: what was said later arrives later, a little after it was said. */
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

/** Closed one-minute bars of the emulated price before the session, oldest first: what warms the forecast. */
export const emulatedHistory = (settings: EmulatorSettings): readonly MinuteBar[] => warmStart(settings).bars;

/**
 * Frames of Kraken and Kalshi from `startAt` for `spanMinutes`, in order of receipt, as one subscriber of each would record them.
 * A function of the settings alone: no clock and no chance enters.
 */
export function* emulatedFrames(settings: EmulatorSettings): Generator<WireFrame, void> {
  const { startAt, steps } = emulatedWorld(settings);
  const root = randomOf(settings.seed);
  const endAt = startAt + settings.spanMinutes * MINUTE;
  const krakenText = krakenWire(settings.krakenDepth);
  const kalshiText = kalshiWire(settings);
  const fromKraken = connection('kraken', root.split('kraken latency'));
  const fromKalshi = connection('kalshi', root.split('kalshi latency'));

  let held: WireFrame[] = [];
  for (const { to, kraken, kalshi } of steps()) {
    if (to > endAt) return;
    for (const said of kraken) held.push(fromKraken(said.at, krakenText(said)));
    for (const said of kalshi) held.push(fromKalshi(said.at, kalshiText(said)));
    // What opens a session arrives with its first step.
    if (to === startAt) continue;
    // Nothing said from now on can arrive before the step's end.
    held.sort((a, b) => a.at - b.at);
    const rest = held.findIndex(({ at }) => at >= to);
    yield* rest < 0 ? held : held.slice(0, rest);
    held = rest < 0 ? [] : held.slice(rest);
  }
}
