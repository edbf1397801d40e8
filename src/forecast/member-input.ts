import type { FeatureRow } from '../features/feature-row.ts';
import { newYorkMinuteOfWeek } from '../features/new-york.ts';
import { seasonWindows, weekProfile } from '../maths/seasons.ts';
import type { Backbone } from './backbone.ts';
import { HAR_COLUMNS, harDesign, harLogForecast, SEASON_AHEAD } from './har.ts';
import type { MemberInput } from './member.ts';
import { MEMBER_MINUTES } from './models-manifest.ts';

/** What members read, out of a row: live, in evaluation and in data sets alike. Throws for a backbone that lacks one of `MEMBER_MINUTES`. */
export function memberInputs(
  backbone: Pick<Backbone, 'season' | 'horizons'>,
): (row: FeatureRow) => MemberInput {
  const seasons = seasonWindows(weekProfile(backbone.season));
  const models = MEMBER_MINUTES.map((minutes) => {
    const model = backbone.horizons.find((horizon) => horizon.minutes === minutes);
    if (!model) throw new Error(`ensemble: the backbone must forecast ${minutes} minutes, and does not`);
    return model;
  });
  const design = new Float64Array(HAR_COLUMNS);
  return ({ at, values, inputs, window, windowReturns }) => {
    const minute = newYorkMinuteOfWeek(at);
    const seasonAhead = Float64Array.from(models, ({ minutes }) => seasons.logMeanAhead(minute, minutes));
    const hour = harDesign(values, at, MEMBER_MINUTES[0], seasons, design);
    const harX = Float64Array.from(models, (model, h) => {
      design[SEASON_AHEAD] = seasonAhead[h] as number;
      return harLogForecast(model, design, hour);
    });
    const seasonBehind = seasons.logMeanBehind(minute, 60);
    return { at, harX, seasonAhead, seasonBehind, inputs, window, windowReturns };
  };
}
