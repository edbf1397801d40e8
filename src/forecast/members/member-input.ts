import { newYorkMinuteOfWeek } from '../../features/minute/new-york.ts';
import type { MinuteRow } from '../../features/rows/minute-row.ts';
import { seasonWindows, weekProfile } from '../../maths/seasons.ts';
import type { Backbone } from '../backbone/backbone.ts';
import { harReadings } from '../backbone/har-forecast.ts';
import type { MemberInput } from './member.ts';
import { MEMBER_MINUTES } from './models-manifest.ts';

/**
 * Makes the input of members from a row. Live lanes, evaluation and data sets all use it. Throws for a
 * backbone that lacks one of `MEMBER_MINUTES`.
 */
export function memberInputs(
  backbone: Pick<Backbone, 'season' | 'horizons'>,
): (row: Pick<MinuteRow, 'at' | 'values' | 'inputs' | 'window' | 'windowReturns'>) => MemberInput {
  const seasons = seasonWindows(weekProfile(backbone.season));
  const readings = harReadings(backbone.horizons, seasons);
  const columns = MEMBER_MINUTES.map((minutes) => {
    const column = backbone.horizons.findIndex((horizon) => horizon.minutes === minutes);
    if (column < 0) throw new Error(`ensemble: the backbone must forecast ${minutes} minutes, and does not`);
    return column;
  });
  return ({ at, values, inputs, window, windowReturns }) => {
    const har = readings(values, at);
    const ofMembers = (all: Float64Array): Float64Array =>
      Float64Array.from(columns, (column) => all[column] as number);
    return {
      at,
      har,
      harX: ofMembers(har.logs),
      seasonAhead: ofMembers(har.seasonAhead),
      seasonBehind: seasons.logMeanBehind(newYorkMinuteOfWeek(at), 60),
      inputs,
      window,
      windowReturns,
    };
  };
}
