import { z } from 'zod';

/**
 * How far the minute's forecast is moved by what the seconds since have shown. On index minutes of 2025-11 ..
 * 2026-05, the quarter-hour after m minutes rose with what they had shown as 7 to 14 pseudo-minutes would
 * have it; ten times the expected variance was followed by about twice.
 */
export const forecastSettings = z
  .strictObject({
    nowcastPseudoMinutes: z
      .number()
      .positive()
      .default(10)
      .describe(
        'How many minutes of expected variance the forecast counts for against what was seen since. More moves it less.',
      ),
    nowcastLeastFactor: z
      .number()
      .positive()
      .max(1)
      .default(0.85)
      .describe("Least factor of the nowcast on the forecast's variance."),
    nowcastMostFactor: z
      .number()
      .min(1)
      .default(3)
      .describe("Greatest factor of the nowcast on the forecast's variance."),
    nowcastStepSeconds: z
      .number()
      .positive()
      .default(5)
      .describe(
        'Prices that follow the last used one sooner than this are skipped: the bounce between bid and ask is no variance.',
      ),
  })
  .describe('How the forecast of the last minute is moved by the seconds since (the nowcast).');

export type ForecastSettings = z.infer<typeof forecastSettings>;
