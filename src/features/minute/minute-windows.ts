import type { FeatureFloors } from '../../domain/asset.ts';
import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { DAY_MINUTES, WEEK_MINUTES } from './new-york.ts';
import { type RollingExtremes, rollingExtremes } from './rolling-extremes.ts';
import { type Grain, type RollingSums, rollingSums } from './rolling-sums.ts';

/** The measures that are summed over trailing windows, per minute: see `minuteWindows`. */
export type Measure =
  | 'variance'
  | 'parkinson'
  | 'garmanKlass'
  | 'bipower'
  | 'net'
  | 'coarse'
  | 'down'
  | 'quartic'
  | 'volume'
  | 'logVolume'
  | 'size';

/** Spans that are also measured at the same time of day on each of the days before. */
export const SAME_HOURS = { days: 7, minutes: [15, 60] } as const;

const sameHours: readonly number[] = Array.from({ length: SAME_HOURS.days }, (_, day) =>
  [0, ...SAME_HOURS.minutes].map((minutes) => (day + 1) * DAY_MINUTES - minutes),
).flat();

/** Windows kept of each measure, in minutes. */
export const WINDOW_MINUTES = {
  variance: [...new Set([5, 15, 30, 60, 120, 240, 720, DAY_MINUTES, WEEK_MINUTES, ...sameHours])],
  parkinson: [1, 5, 15, 60, 240],
  garmanKlass: [15],
  bipower: [60, 1_440],
  net: [5, 15, 60, 240, 1_440],
  coarse: [1_440, WEEK_MINUTES],
  down: [15, 240],
  quartic: [60],
  volume: [5, 15, 60, 1_440],
  logVolume: [1_440],
  size: [15, 240],
} as const satisfies Record<Measure, readonly number[]>;

/** Coins a minute; a larger volume counts as a million. */
const VOLUMES: Grain = { quantum: 1e-8, largest: 1e6 };
/** Fourth powers. A move of 18 % in a minute reaches the largest value. */
const QUARTICS: Grain = { quantum: 1e-17, largest: 1e-3 };
/** Logarithms of volumes. */
const LOGS: Grain = { quantum: 1e-9, largest: 50 };

/** Added to a volume before its logarithm, in coins. */
export const VOLUME_FLOOR = 1e-3;

/** Windows whose highest and lowest price, and largest squared return, are kept, in minutes. */
export const EXTREME_MINUTES = {
  prices: [15, 60, 240, DAY_MINUTES, 3 * DAY_MINUTES, WEEK_MINUTES],
  squares: [240],
} as const;

/** Trailing windows over one-minute bars. */
export interface MinuteWindows {
  /** The floors of the bars' asset. */
  readonly floors: FeatureFloors;
  /**
   * Adds a bar. False, without any change, if it is not later than all before it. Minutes between are added
   * as missing.
   */
  readonly push: (bar: MinuteBar) => boolean;
  readonly of: (measure: Measure) => RollingSums;
  /**
   * The log of the highest price and the negated log of the lowest, by `EXTREME_MINUTES.prices`; squared
   * returns by `EXTREME_MINUTES.squares`.
   */
  readonly extremes: Readonly<Record<'high' | 'low' | 'square', RollingExtremes>>;
  /** Log of the last close of a bar that was not flagged; NaN before the first. */
  readonly logClose: () => number;
  readonly reset: () => void;
}

/** A return may span this many minutes when the closes between are missing or flagged. */
const LONGEST_RETURN_MINUTES = 5;

const COARSE_MINUTES = 5;

/**
 * Sums of one-minute measures, O(1) a bar: `variance` r², `net` r (log return of closes), `bipower`
 * π/2·|r||r₋₁| (Barndorff-Nielsen, Shephard 2004), `parkinson` ln(H/L)²/(4 ln 2) (1980), `garmanKlass` ½
 * ln(H/L)² − (2 ln 2 − 1) ln(C/O)², at least 0 (1980), `coarse` a fifth of the squared five-minute move
 * ending in the minute (compared with `variance` it shows how much stale prices hide from one-minute returns;
 * Zhang, Mykland, Aït-Sahalia 2005). `down` r² of falls, `quartic` r⁴ of one-minute returns, `volume`,
 * `logVolume` ln(volume + 0.001) where the volume is known, and `size` |r| of one-minute returns. A flagged
 * bar and a missing minute have no measure. The return after them is taken from the last good close and
 * covers all minutes between, up to five; beyond that there is no return. A hole of a week or more clears
 * everything.
 */
export function minuteWindows(floors: FeatureFloors): MinuteWindows {
  const sums: Readonly<Record<Measure, RollingSums>> = {
    variance: rollingSums(WINDOW_MINUTES.variance),
    parkinson: rollingSums(WINDOW_MINUTES.parkinson),
    garmanKlass: rollingSums(WINDOW_MINUTES.garmanKlass),
    bipower: rollingSums(WINDOW_MINUTES.bipower),
    net: rollingSums(WINDOW_MINUTES.net),
    coarse: rollingSums(WINDOW_MINUTES.coarse),
    down: rollingSums(WINDOW_MINUTES.down),
    quartic: rollingSums(WINDOW_MINUTES.quartic, QUARTICS),
    volume: rollingSums(WINDOW_MINUTES.volume, VOLUMES),
    logVolume: rollingSums(WINDOW_MINUTES.logVolume, LOGS),
    size: rollingSums(WINDOW_MINUTES.size),
  };
  const extremes = {
    high: rollingExtremes(EXTREME_MINUTES.prices),
    low: rollingExtremes(EXTREME_MINUTES.prices),
    square: rollingExtremes(EXTREME_MINUTES.squares),
  };
  const all = Object.values(sums);
  let lastOpenAt: Micros | undefined;
  let goodClose = Number.NaN;
  let goodOpenAt = Number.NEGATIVE_INFINITY;
  // Absolute return of the minute before; NaN if that return covered more than one minute.
  let previousReturn = Number.NaN;
  // Good closes of the last minutes, NaN for the others, by minute modulo the coarse step.
  const closes = new Float64Array(COARSE_MINUTES).fill(Number.NaN);
  let slot = 0;

  const reset = (): void => {
    for (const each of all) each.reset();
    for (const each of Object.values(extremes)) each.reset();
    lastOpenAt = undefined;
    goodClose = Number.NaN;
    goodOpenAt = Number.NEGATIVE_INFINITY;
    previousReturn = Number.NaN;
    closes.fill(Number.NaN);
  };
  const exchangeClose = (close: number): number => {
    const before = closes[slot] as number;
    closes[slot] = close;
    slot = (slot + 1) % COARSE_MINUTES;
    return before;
  };
  const pushNothing = (): void => {
    for (const each of all) each.push(0, 0);
    for (const each of Object.values(extremes)) each.push(Number.NaN);
    previousReturn = Number.NaN;
    exchangeClose(Number.NaN);
  };

  return {
    push: (bar) => {
      if (lastOpenAt !== undefined) {
        if (bar.openAt <= lastOpenAt) return false;
        const missing = (bar.openAt - lastOpenAt) / MINUTE - 1;
        if (missing >= WEEK_MINUTES) reset();
        else for (let i = 0; i < missing; i++) pushNothing();
      }
      lastOpenAt = bar.openAt;
      if (bar.flag !== 0) {
        pushNothing();
        return true;
      }
      const range = Math.log(bar.high / bar.low);
      const body = Math.log(bar.close / bar.open);
      sums.parkinson.push((range * range) / (4 * Math.LN2), 1);
      sums.garmanKlass.push(Math.max(0, 0.5 * range * range - (2 * Math.LN2 - 1) * body * body), 1);

      extremes.high.push(Math.log(bar.high));
      extremes.low.push(-Math.log(bar.low));
      const known = bar.volume >= 0 ? 1 : 0;
      sums.volume.push(bar.volume, known);
      sums.logVolume.push(Math.log(bar.volume + VOLUME_FLOOR), known);

      const coarse = Math.log(bar.close / exchangeClose(bar.close));
      sums.coarse.push((coarse * coarse) / COARSE_MINUTES, Number.isNaN(coarse) ? 0 : 1);

      const covers = (bar.openAt - goodOpenAt) / MINUTE;
      if (covers <= LONGEST_RETURN_MINUTES) {
        const move = Math.log(bar.close / goodClose);
        const size = covers === 1 ? Math.abs(move) : Number.NaN;
        const pair = size * previousReturn;
        sums.variance.push(move * move, covers);
        sums.down.push(move < 0 ? move * move : 0, covers);
        sums.quartic.push(move ** 4, covers === 1 ? 1 : 0);
        sums.size.push(size, covers === 1 ? 1 : 0);
        extremes.square.push(covers === 1 ? move * move : Number.NaN);
        sums.net.push(move, covers);
        sums.bipower.push((Math.PI / 2) * pair, Number.isNaN(pair) ? 0 : 1);
        previousReturn = size;
      } else {
        sums.variance.push(0, 0);
        sums.down.push(0, 0);
        sums.quartic.push(0, 0);
        sums.size.push(0, 0);
        extremes.square.push(Number.NaN);
        sums.net.push(0, 0);
        sums.bipower.push(0, 0);
        previousReturn = Number.NaN;
      }
      goodClose = bar.close;
      goodOpenAt = bar.openAt;
      return true;
    },
    floors,
    of: (measure) => sums[measure],
    extremes,
    logClose: () => Math.log(goodClose),
    reset,
  };
}
