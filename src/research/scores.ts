import { DAY, type Micros } from '../domain/time.ts';
import { neweyWest } from '../maths/newey-west.ts';
import { qlike } from '../maths/qlike.ts';
import { studentT } from '../maths/student-t.ts';

/**
 * One model's forecasts of one horizon, and the outcomes. Logs of variance per minute; all arrays are in the
 * order of origins.
 */
export interface Scored {
  readonly at: Float64Array;
  readonly minutes: number;
  readonly logRealised: Float64Array;
  /** Scaled, so that it is the log of the mean realised variance that the model expects. */
  readonly logForecast: Float64Array;
  /** Log moves of the index over the window; NaN if one end is missing. */
  readonly moves: Float64Array;
  /** Deviation per root minute over the day before each origin: strikes are set in units of it. */
  readonly dayDeviation: Float64Array;
  /**
   * Log of E[move²]/E[realised variance], and the law of standardised moves: both fitted before these
   * origins.
   */
  readonly logSettle: number;
  readonly nu: number;
  readonly tScale: number;
}

/**
 * The scores of a model. Log-loss and Brier score are means over strikes at ±0.25, 0.5, 1, 1.5 and 2
 * deviations.
 */
export interface ModelScores {
  readonly origins: number;
  readonly qlike: number;
  /** QLIKE of the baseline at the same origins: a member is compared only where it gave a forecast. */
  readonly baselineQlike: number;
  /** QLIKE without the worst 0.1 % of origins, by this model's own losses. */
  readonly qlikeTrimmed: number;
  /** Squared correlation of log realised variance and log forecast. */
  readonly r2Log: number;
  /** Slope of log realised variance on log forecast (Mincer, Zarnowitz 1969). */
  readonly mzSlope: number;
  readonly logLoss: number;
  readonly brier: number;
  /**
   * Largest distance of the moves' probability integral transform from the uniform law (Kolmogorov, Smirnov).
   */
  readonly pitKs: number;
  /**
   * t of the daily mean difference of QLIKE to the baseline, HAC (Diebold, Mariano 1995); negative is better
   * than the baseline.
   */
  readonly dmT: number;
}

const STRIKES = [-2, -1.5, -1, -0.5, -0.25, 0.25, 0.5, 1, 1.5, 2];
const TRIMMED = 0.001;
const LEAST_PROBABILITY = 1e-6;

/** QLIKE of each origin. */
export const lossesOf = ({ logRealised, logForecast }: Scored): Float64Array =>
  logRealised.map((realised, i) => qlike(realised, logForecast[i] as number));

/** Means of values by UTC day, in order; days without values are left out. */
export function dailyMeans(at: ArrayLike<Micros>, values: ArrayLike<number>): readonly number[] {
  const days = new Map<number, { sum: number; count: number }>();
  for (let i = 0; i < at.length; i++) {
    const day = Math.floor((at[i] as number) / DAY);
    const sums = days.get(day) ?? { sum: 0, count: 0 };
    days.set(day, sums);
    sums.sum += values[i] as number;
    sums.count += 1;
  }
  return [...days.values()].map(({ sum, count }) => sum / count);
}

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
};

/** Slope and squared correlation of `y` on `x`. */
function regression(x: Float64Array, y: Float64Array): { readonly slope: number; readonly r2: number } {
  const [mx, my] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [(x[i] as number) - mx, (y[i] as number) - my];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return { slope: xy / xx, r2: (xy * xy) / (xx * yy) };
}

/** Scores of `model` against the losses of the baseline at the same origins. */
export function scoresOf(model: Scored, baseline: Float64Array): ModelScores {
  const losses = lossesOf(model);
  const ordered = Float64Array.from(losses).sort();
  const kept = ordered.subarray(0, ordered.length - Math.ceil(TRIMMED * ordered.length));
  const { slope, r2 } = regression(model.logForecast, model.logRealised);
  const law = studentT(model.nu);
  const uniform: number[] = [];
  let [logLoss, brier, strikes] = [0, 0, 0];
  for (let i = 0; i < model.at.length; i++) {
    const move = model.moves[i] as number;
    if (Number.isNaN(move)) continue;
    const variance = Math.exp((model.logForecast[i] as number) + model.logSettle) * model.minutes;
    const unit = model.tScale * Math.sqrt(variance);
    uniform.push(law.cdf(move / unit));
    const step = (model.dayDeviation[i] as number) * Math.sqrt(model.minutes);
    for (const z of STRIKES) {
      const above = 1 - law.cdf((z * step) / unit);
      const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, above));
      const came = move > z * step;
      logLoss -= Math.log(came ? p : 1 - p);
      brier += (p - (came ? 1 : 0)) ** 2;
      strikes++;
    }
  }
  uniform.sort((a, b) => a - b);
  const pitKs = uniform.reduce(
    (most, u, i) => Math.max(most, Math.abs(u - i / uniform.length), Math.abs(u - (i + 1) / uniform.length)),
    0,
  );
  const differences = losses.map((loss, i) => loss - (baseline[i] as number));
  return {
    origins: losses.length,
    qlike: mean(losses),
    baselineQlike: mean(baseline),
    qlikeTrimmed: mean(kept),
    r2Log: r2,
    mzSlope: slope,
    logLoss: logLoss / strikes,
    brier: brier / strikes,
    pitKs,
    dmT: neweyWest(dailyMeans(model.at, differences)).t,
  };
}
