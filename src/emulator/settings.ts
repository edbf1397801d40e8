import { z } from 'zod';
import { MILLISECOND, MINUTE } from '../domain/time.ts';

const DAYS_A_YEAR = 365;

/** Settings of the emulated venues. The same settings give the same frames, byte for byte. */
export const emulatorSettings = z
  .strictObject({
    /** Any text. A part of the emulation that draws more or fewer numbers leaves the other parts' draws alone. */
    seed: z.string().min(1).default('voltage'),
    /** First instant of the session, UTC, a whole minute. The default is the opening bell of New York on a Monday. */
    startAt: z.iso
      .datetime()
      .default('2026-06-01T13:30:00Z')
      .refine((text) => (Date.parse(text) * MILLISECOND) % MINUTE === 0, {
        error: 'startAt must be a whole minute',
      }),
    spanMinutes: z.int().positive().default(60),
    /** Closed one-minute bars before the session: a week and an hour, what the forecast's longest window needs. */
    historyMinutes: z.int().min(20).default(10_140),
    /** The index at `startAt`, in dollars. */
    startDollars: z.number().positive().max(1_000_000).default(80_000),
    /** Yearly deviation of the log index over all hours, jumps included. */
    annualisedVolatility: z.number().positive().max(5).default(0.45),
    jumpsPerDay: z.number().nonnegative().default(24),
    /** Deviation of one jump of the log index. */
    jumpDeviation: z.number().nonnegative().max(0.1).default(0.001),
    /** Factor on the rate of everything that is not on a timer: 1 is about a real Kraken book and a thinned Kalshi. */
    density: z.number().positive().max(10).default(1),
    krakenDepth: z.union([z.literal(10), z.literal(25)]).default(10),
    /** Hourly strikes, $100 apart, around the index when the event is created; the ranges are the spaces between them. */
    strikes: z.int().min(2).max(60).default(9),
    /** Deviation of the log error of the volatility that makers quote from. */
    impliedNoise: z.number().nonnegative().max(1).default(0.12),
    /** What the subscriber asked of Kalshi: NO levels in YES prices. */
    useYesPrice: z.boolean().default(false),
    /** Also sends the index five times a second (`cfbenchmarks_value_5hz`). */
    fiveHertz: z.boolean().default(false),
  })
  .refine((s) => s.jumpsPerDay * DAYS_A_YEAR * s.jumpDeviation ** 2 < s.annualisedVolatility ** 2, {
    error: 'jumps alone must not exceed annualisedVolatility',
    path: ['jumpsPerDay'],
  });

/** Settings of the emulated venues, defaults filled in. */
export type EmulatorSettings = z.infer<typeof emulatorSettings>;
