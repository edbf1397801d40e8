import type { FeatureRow } from '../domain/events/features.ts';
import type { Forecast, ForecastHorizon } from '../domain/events/forecast.ts';
import type { Known } from '../domain/known.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { barFeatures } from '../features/sets/bar-features.ts';
import { qlike } from '../maths/qlike.ts';

/** One member's forecast of one horizon, held against what the same bars realised. */
export interface JudgedForecast {
  readonly asset: string;
  readonly minutes: number;
  readonly member: string;
  /** When it was made. */
  readonly at: Micros;
  readonly loss: number;
  /** Of the baseline over the same minutes; NaN where it is not known. */
  readonly baseline: number;
  /** Whether the outcome lay in the 10-90 % band; undefined for a member without a band. */
  readonly inside: boolean | undefined;
  /** The forecast itself: log of variance per minute of the bars. */
  readonly logVariance: number;
}

/** Pairs forecasts with outcomes: call with every forecast and every row of features. */
export interface ForecastJudge {
  readonly forecast: (event: Forecast) => void;
  readonly row: (event: FeatureRow) => void;
}

/** The member that the others are measured against, and the one that has a band. */
const BASELINE = 'harX';
const BANDED = 'ensemble';
/** Forecasts in between overlap almost completely, so they are not scored; as in training. */
const JUDGED = 5 * MINUTE;

interface Made {
  readonly at: Micros;
  readonly minutes: number;
  readonly logs: readonly (readonly [member: string, logVariance: Known])[];
  /** The band in logs of variance per minute of the bars. */
  readonly band: readonly [low: number, high: number] | undefined;
}

const columnOf = new Map(barFeatures.map(({ name }, i) => [name, i]));

/**
 * A forecast's band is scaled to the index that settles. The leader's own forecast is known in both scales,
 * so their difference takes the band back to that of the bars.
 */
function bandOf(horizon: ForecastHorizon, leader: Known): Made['band'] {
  const { logVariance, lowLogVariance, highLogVariance } = horizon;
  if (leader === null || lowLogVariance === undefined || highLogVariance === undefined) return undefined;
  const scale = logVariance - leader;
  return [lowLogVariance - scale, highLogVariance - scale];
}

/**
 * Judges every member's forecast of every fifth minute by QLIKE once its minutes are over, and the band by
 * whether the outcome lay in it; `told` is called with each. The outcome is the realised variance of the same
 * minutes as the features have it. A forecast without members is not judged.
 */
export function judgeForecasts(told: (judged: JudgedForecast) => void): ForecastJudge {
  let pending: { readonly asset: string; readonly made: Made }[] = [];
  const score = (asset: string, { at, minutes, logs, band }: Made, realised: number): void => {
    const baseline = logs.find(([member]) => member === BASELINE)?.[1];
    for (const [member, log] of logs) {
      if (log === null) continue;
      told({
        asset,
        minutes,
        member,
        at,
        loss: qlike(realised, log),
        baseline: baseline === null || baseline === undefined ? Number.NaN : qlike(realised, baseline),
        inside: member === BANDED && band ? band[0] <= realised && realised <= band[1] : undefined,
        logVariance: log,
      });
    }
  };
  return {
    forecast: ({ asset, at, path, horizons, members, model }) => {
      // Between two minutes the last forecast is only told again, as of a later second.
      if (!members || at !== path.fromAt || at % JUDGED !== 0) return;
      for (const minutes of new Set(members.map((each) => each.minutes))) {
        if (!columnOf.has(`variance${minutes}`)) continue;
        const own = members.filter((each) => each.minutes === minutes);
        const logs = own.map(({ member, logVariance }) => [member, logVariance] as const);
        const leader = logs.find(([member]) => member === BANDED)?.[1] ?? null;
        const horizon = horizons.find((each) => each.minutes === minutes);
        const band = horizon && model === BANDED ? bandOf(horizon, leader) : undefined;
        pending.push({ asset, made: { at, minutes, logs, band } });
      }
    },
    row: ({ asset, at, values }) => {
      if (at % JUDGED !== 0) return;
      const waiting: typeof pending = [];
      for (const each of pending) {
        const { made } = each;
        const dueAt = made.at + made.minutes * MINUTE;
        if (each.asset === asset && dueAt <= at) {
          const realised = values[columnOf.get(`variance${made.minutes}`) ?? -1] ?? null;
          if (dueAt === at && realised !== null) score(asset, made, realised);
        } else waiting.push(each);
      }
      pending = waiting;
    },
  };
}
