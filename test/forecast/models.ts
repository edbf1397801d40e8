import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { featureListHash } from '../../src/features/sets/feature-list-hash.ts';
import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';

/** A backbone made by hand: half of each horizon's log variance comes from the last hour's, half from the last day's, under a flat season. */
export function handBackbone(): Backbone {
  const scores = {
    from: '2026-01-01T00:00:00.000Z',
    until: '2026-02-01T00:00:00.000Z',
    origins: 10,
    harx: [{ minutes: 5, qlike: 0.5, r2: 0.5 }],
    harSeason: [],
    har: [],
    trailing: [],
  };
  return {
    kind: 'backbone',
    version: 1,
    asset: 'BTC',
    features: barFeatures.map(({ name }) => name),
    featureListSha256: featureListHash(barFeatures),
    horizons: HORIZON_MINUTES.map((minutes) => ({
      minutes,
      coefficients: barFeatures.map(({ name }) =>
        name === 'variance60' || name === 'variance1440' ? 0.5 : 0,
      ),
      season: 1,
      intercept: 0,
      hourOfWeek: new Array<number>(168).fill(0),
      jensen: 1,
      settle: 1,
    })),
    season: {
      weekday: new Array<number>(1_440).fill(1),
      weekend: new Array<number>(1_440).fill(1),
      hourOfWeek: new Array<number>(168).fill(1),
    },
    tails: [{ seconds: 60, nu: 4, scale: 0.7 }],
    fitted: {
      from: scores.from,
      until: scores.until,
      origins: 10,
      barsSha256: '0'.repeat(64),
      labelsSha256: '0'.repeat(64),
      tailOrigins: 10,
      inSample: scores,
      holdOut: scores,
    },
  };
}
