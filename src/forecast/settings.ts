import { z } from 'zod';

/**
 * How far the minute's forecast is moved by what the seconds since have shown. On index minutes of 2025-11 .. 2026-05, the quarter-hour after m minutes
 * rose with what they had shown as 7 to 14 pseudo-minutes would have it; ten times the expected variance was followed by about twice.
 */
export const forecastSettings = z.strictObject({
  /** Minutes of expected variance that the forecast counts for against what was seen; more makes it more stubborn. */
  nowcastPseudoMinutes: z.number().positive().default(10),
  /** The factor on the path stays within these. */
  nowcastLeastFactor: z.number().positive().max(1).default(0.85),
  nowcastMostFactor: z.number().min(1).default(3),
  /** Prices nearer than this to the last one used are skipped, so that bid-ask bounce is not taken for variance. */
  nowcastStepSeconds: z.number().positive().default(5),
});

export type ForecastSettings = z.infer<typeof forecastSettings>;
