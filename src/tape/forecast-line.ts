import { z } from 'zod';
import type { Forecast } from '../domain/events/forecast.ts';

const share = z.number().min(0).max(1);

/** A forecast in a line of a tape: the event itself, which is plain data. */
export const forecastLine: z.ZodType<Forecast> = z.strictObject({
  kind: z.literal('forecast'),
  asset: z.string(),
  at: z.int(),
  receivedAt: z.int(),
  model: z.enum(['ensemble', 'backbone', 'fallback']),
  horizons: z.array(
    z.strictObject({
      minutes: z.int().positive(),
      logVariance: z.number(),
      lowLogVariance: z.number().exactOptional(),
      highLogVariance: z.number().exactOptional(),
    }),
  ),
  path: z
    .strictObject({
      fromAt: z.int(),
      cumulative: z.array(z.number().nonnegative()).min(2),
      until: z.int(),
      at: z.int(),
      factor: z.number().positive(),
    })
    .refine(
      ({ cumulative }) => cumulative.every((value, i) => i === 0 || value >= (cumulative[i - 1] ?? 0)),
      {
        error: 'cumulative variance must not fall',
      },
    ),
  tails: z
    .array(
      z.strictObject({
        seconds: z.number().positive(),
        nu: z.number().positive(),
        scale: z.number().positive(),
      }),
    )
    .min(1)
    .refine((tails) => tails.every(({ seconds }, i) => i === 0 || seconds > (tails[i - 1]?.seconds ?? 0)), {
      error: 'tails must stand by rising span',
    }),
  annualisedVolatility: z.number().nonnegative(),
  confidence: z
    .strictObject({
      disagreement: z.number(),
      outside: share,
      drifted: share,
      qlikeRatio: z.number().nullable(),
      value: share,
    })
    .exactOptional(),
  members: z
    .array(
      z.strictObject({
        member: z.string(),
        minutes: z.int().positive(),
        logVariance: z.number().nullable(),
      }),
    )
    .exactOptional(),
});
