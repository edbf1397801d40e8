import type { FeatureRow } from '../domain/events/features.ts';
import type { Forecast, ForecastHorizon } from '../domain/events/forecast.ts';
import { type Known, known } from '../domain/known.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { barFeatures } from '../features/sets/bar-features.ts';
import { qlike } from '../maths/qlike.ts';
import type { ForecastQuality } from './state.ts';

/** How good forecasts were, against what the same bars realised. */
export interface Quality {
  readonly forecast: (event: Forecast) => void;
  readonly row: (event: FeatureRow) => void;
  /** All that can be said; undefined if nothing changed since the last call. */
  readonly read: () => readonly ForecastQuality[] | undefined;
}

/** The member that the others are measured against, and the one that has a band. */
const BASELINE = 'harX';
const BANDED = 'ensemble';
/** Forecasts in between overlap almost completely, so they are not scored; as in training. */
const JUDGED = 5 * MINUTE;
/** Outcomes that a mean is taken over: a day of them. */
const LATELY = 288;

interface Made {
  readonly at: Micros;
  readonly minutes: number;
  readonly logs: readonly (readonly [member: string, logVariance: Known])[];
  /** The band in logs of variance per minute of the bars. */
  readonly band: readonly [low: number, high: number] | undefined;
}

interface Score {
  readonly loss: number;
  /** Of the baseline over the same minutes; NaN where it is not known. */
  readonly baseline: number;
  readonly inside: boolean | undefined;
}

interface Track {
  readonly asset: string;
  readonly minutes: number;
  readonly member: string;
  scores: Score[];
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
 * Scores every member's forecast of every fifth minute by QLIKE once its minutes are over, and the band by
 * whether the outcome lay in it. The outcome is the realised variance of the same minutes as the features
 * have it. Means are over the last 288 outcomes, about a day. A forecast without members is not scored.
 */
export function quality(): Quality {
  let pending: { readonly asset: string; readonly made: Made }[] = [];
  const tracks = new Map<string, Track>();
  let changed = false;

  const trackOf = (asset: string, minutes: number, member: string): Track => {
    const key = `${asset} ${minutes} ${member}`;
    const track = tracks.get(key) ?? { asset, minutes, member, scores: [] };
    tracks.set(key, track);
    return track;
  };
  const score = (asset: string, { minutes, logs, band }: Made, realised: number): void => {
    const baseline = logs.find(([member]) => member === BASELINE)?.[1];
    for (const [member, log] of logs) {
      if (log === null) continue;
      const track = trackOf(asset, minutes, member);
      track.scores.push({
        loss: qlike(realised, log),
        baseline: baseline === null || baseline === undefined ? Number.NaN : qlike(realised, baseline),
        inside: member === BANDED && band ? band[0] <= realised && realised <= band[1] : undefined,
      });
      if (track.scores.length > LATELY) track.scores.shift();
    }
    changed = true;
  };
  const qualityOf = ({ asset, minutes, member, scores }: Track): ForecastQuality => {
    let loss = 0;
    let both = 0;
    let baseline = 0;
    let banded = 0;
    let inside = 0;
    for (const each of scores) {
      loss += each.loss;
      if (!Number.isNaN(each.baseline)) {
        both += each.loss;
        baseline += each.baseline;
      }
      if (each.inside !== undefined) banded++;
      if (each.inside) inside++;
    }
    return {
      asset,
      minutes,
      member,
      count: scores.length,
      qlike: known(loss / scores.length),
      ratio: known(both / baseline),
      coverage: banded === 0 ? null : inside / banded,
    };
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
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return [...tracks.values()].map(qualityOf);
    },
  };
}
