import { z } from 'zod';
import { HORIZON_MINUTES } from './horizons.ts';

const positive = z.number().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
const instant = z.iso.datetime();

const horizon = z
  .strictObject({
    minutes: z.number().int().positive(),
    coefficients: z.array(z.number()),
    season: z.number(),
    intercept: z.number(),
    hourOfWeek: z.array(z.number()).length(168),
    jensen: positive,
    settle: positive,
  })
  .describe('see HarModel');

const score = z.strictObject({
  minutes: z.number().int().positive(),
  /** Mean QLIKE of the variance forecast. */
  qlike: z.number(),
  /** R² of the logarithm of realised variance. */
  r2: z.number(),
});
const scores = z.strictObject({
  from: instant,
  until: instant,
  origins: z.number().int().positive(),
  harx: z.array(score),
  /** The lags of realised variance and the season of HAR-X, without ranges and net moves. */
  harSeason: z.array(score),
  /** Lags of realised variance alone. */
  har: z.array(score),
  /** Realised variance of the trailing window as long as the horizon, times its best constant. */
  trailing: z.array(score),
});

/** The artefact `models/backbone.json`: HAR-X with season, tails, the data of its fit and its scores. */
export const backboneSchema = z.strictObject({
  kind: z.literal('backbone'),
  version: z.literal(1),
  /** Name of its asset; it forecasts no other. */
  asset: z.string().min(1),
  /** The features that it was fitted on, in the order of its coefficients. This build may have more. */
  features: z.array(z.string()).min(1),
  /** `featureListHash` of that list. */
  featureListSha256: sha256,
  horizons: z
    .array(horizon)
    .refine((all) => String(all.map(({ minutes }) => minutes)) === String(HORIZON_MINUTES), {
      error: `must be the horizons ${HORIZON_MINUTES.join(', ')} minutes, in this order`,
    }),
  season: z.strictObject({
    weekday: z.array(positive).length(1_440),
    weekend: z.array(positive).length(1_440),
    hourOfWeek: z.array(positive).length(168),
  }),
  /** Knots of `tailBySpan`, by rising span. */
  tails: z
    .array(z.strictObject({ seconds: positive, nu: z.number().gt(1), scale: positive }))
    .min(1)
    .refine((knots) => knots.every((knot, i) => i === 0 || knot.seconds > (knots[i - 1]?.seconds ?? 0)), {
      error: 'must rise by seconds',
    }),
  fitted: z.strictObject({
    from: instant,
    until: instant,
    origins: z.number().int().positive(),
    barsSha256: sha256,
    /** sha256 of the file of labels; equal to `barsSha256` if the labels come from the bars themselves. */
    labelsSha256: sha256,
    tailOrigins: z.number().int().positive(),
    /** Scores on the data of the fit of the shipped coefficients. */
    inSample: scores,
    /** Scores on the last 90 days, by coefficients fitted before them. */
    holdOut: scores,
  }),
});

export type Backbone = z.infer<typeof backboneSchema>;
