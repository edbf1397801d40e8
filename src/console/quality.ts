import { known } from '../domain/known.ts';
import { type ForecastJudge, type JudgedForecast, judgeForecasts } from '../research/judge-forecasts.ts';
import type { ForecastQuality } from './state.ts';

/** How good forecasts were, against what the same bars realised. */
export interface Quality extends ForecastJudge {
  /** All that can be said; undefined if nothing changed since the last call. */
  readonly read: () => readonly ForecastQuality[] | undefined;
}

/** Outcomes that a mean is taken over: a day of them. */
const LATELY = 288;

interface Track {
  readonly asset: string;
  readonly minutes: number;
  readonly member: string;
  readonly scores: Pick<JudgedForecast, 'loss' | 'baseline' | 'inside'>[];
}

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

/** Means of the last 288 judged forecasts of every member and horizon, about a day (`judgeForecasts`). */
export function quality(): Quality {
  const tracks = new Map<string, Track>();
  let changed = false;
  return {
    ...judgeForecasts(({ asset, minutes, member, loss, baseline, inside }) => {
      const key = `${asset} ${minutes} ${member}`;
      const track = tracks.get(key) ?? { asset, minutes, member, scores: [] };
      tracks.set(key, track);
      track.scores.push({ loss, baseline, inside });
      if (track.scores.length > LATELY) track.scores.shift();
      changed = true;
    }),
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return [...tracks.values()].map(qualityOf);
    },
  };
}
