import type { MinuteBar } from '../domain/bars.ts';
import { MILLISECOND, type Micros } from '../domain/time.ts';
import type { KalshiEmission } from './kalshi-emission.ts';
import { kalshiMarket } from './kalshi-market.ts';
import type { KrakenEmission } from './kraken-emission.ts';
import { krakenMarket } from './kraken-market.ts';
import { randomOf } from './random.ts';
import type { EmulatorSettings } from './settings.ts';
import { warmStart } from './warm-start.ts';

/** What both markets say in one step, each in order of time. */
export interface WorldStep {
  /** End of the step; the first one only opens the markets and ends where the session starts. */
  readonly to: Micros;
  readonly kraken: readonly KrakenEmission[];
  readonly kalshi: readonly KalshiEmission[];
}

/** Both markets over one index, without any wire. */
export interface World {
  readonly startAt: Micros;
  /** Closed minutes before the start, oldest first. */
  readonly history: readonly MinuteBar[];
  /** The steps from the start on, without end, each made when it is asked for. */
  readonly steps: () => Generator<WorldStep, never>;
}

const STEP = 100 * MILLISECOND;

/** The emulated world of the settings: the same settings give the same steps. `steps` may be called once. */
export function emulatedWorld(settings: EmulatorSettings): World {
  const { bars, process, prints } = warmStart(settings);
  const root = randomOf(settings.seed);
  const startAt = Date.parse(settings.startAt) * MILLISECOND;
  return {
    startAt,
    history: bars,
    *steps() {
      const kraken = krakenMarket(settings, root.split('kraken'));
      const kalshi = kalshiMarket(settings, root.split('kalshi'), {
        prints,
        expectedVariance: process.expectedVariance,
      });
      const logStart = process.logPrice();
      yield {
        to: startAt,
        kraken: kraken.open(startAt, logStart, bars),
        kalshi: kalshi.open(startAt, logStart),
      };
      for (let from = startAt; ; from += STEP) {
        const to = from + STEP;
        const logFrom = process.logPrice();
        const activity = process.activity(from);
        process.advance(from, STEP);
        const step = { from, to, logFrom, logTo: process.logPrice(), activity };
        yield { to, kraken: kraken.step(step), kalshi: kalshi.step(step) };
      }
    },
  };
}
