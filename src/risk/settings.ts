import { z } from 'zod';
import { MINUTE, SECOND } from '../domain/time.ts';

const span = (micros: number) => z.int().nonnegative().default(micros);
const ticks = (value: number) => z.int().nonnegative().default(value);
const price = (value: number) => z.int().min(0).max(10_000).default(value);
const dollars = (value: number) => z.number().nonnegative().default(value);
const counts = (value: number) => z.int().nonnegative().default(value);

/**
 * Limits of the risk checks. The defaults suit a first account of a few hundred dollars: they are small and
 * refuse in case of doubt.
 */
export const riskSettings = z
  .strictObject({
    krakenBookMaxAgeMicros: span(5 * SECOND).describe(
      "Longest silence of Kraken's book, which changes without pause, where that feed is required.",
    ),
    krakenMaxAgeMicros: span(90 * SECOND).describe(
      "Longest silence of Kraken's one-minute bars, which come once a minute, where that feed is required.",
    ),
    kalshiMaxAgeMicros: span(10 * SECOND).describe(
      "Longest silence of Kalshi's books, which change without pause, where that feed is required.",
    ),
    indexMaxAgeMicros: span(5 * SECOND).describe(
      'Longest silence of the index. It prints once a second; the twin moves when spot trades.',
    ),
    indexSourcesMin: z
      .int()
      .min(1)
      .default(2)
      .describe(
        'Independent sources that must support the index. Its prints are one, each fresh spot venue within its band is one. 1 is for recordings that hold a single source.',
      ),
    indexBandBasisPoints: z
      .number()
      .nonnegative()
      .default(10)
      .describe('Least band within which the index and a spot venue agree.'),
    indexBandDeviations: z
      .number()
      .nonnegative()
      .default(5)
      .describe(
        "The band is at least this many standard deviations: of the twin's and the venue's error, and of the forecast over the time between the two prices.",
      ),
    spotMaxAgeMicros: span(15 * SECOND).describe(
      'Age up to which the price of a spot venue supports the index or speaks against it.',
    ),
    clockOffsetMaxMicros: span(SECOND).describe(
      "Furthest that our clock and a venue's may be apart, as measured or as the venue's stamps reveal.",
    ),
    bookMaxAgeMicros: span(MINUTE).describe(
      "Longest time for which one contract's book may stay unchanged before its quotes count as abandoned.",
    ),
    forecastMaxAgeMicros: span(150 * SECOND).describe(
      'Oldest forecast. Bars close once a minute, so one may be missed before this refuses.',
    ),
    toCloseMinMicros: span(30 * SECOND).describe('Least time to the close, while the index itself is known.'),
    toCloseMinIndirectMicros: span(120 * SECOND).describe(
      'Least time to the close, while only the twin of the index is known.',
    ),
    toCloseMaxMicros: span(120 * MINUTE).describe('Most time to the close.'),
    spreadMaxTicks: ticks(600).describe('Widest spread between the best bid and the best ask.'),
    touchMinCount: counts(100).describe('Least count displayed at the price that we would take.'),
    touchMinShare: z
      .number()
      .nonnegative()
      .default(1)
      .describe('Least count displayed at the price that we would take, as a multiple of our own count.'),
    priceMinTicks: price(200).describe(
      'Lowest limit price. Near zero, fees and model error are larger than what can be won.',
    ),
    priceMaxTicks: price(9_800).describe(
      'Highest limit price. Near one dollar, fees and model error are larger than what can be won.',
    ),
    fairCollarTicks: ticks(1_500).describe(
      'Furthest that a limit price may be from our fair value: further is an error, not an edge.',
    ),
    midCollarTicks: ticks(1_000).describe(
      'Furthest that a limit price may be from the middle of the book: further is an error, not an edge.',
    ),
    edgeMinDollars: dollars(0.005).describe('Least edge of one contract after the fee.'),
    edgeErrorMultiple: z
      .number()
      .nonnegative()
      .default(1)
      .describe(
        'Least edge of one contract after the fee, as a multiple of the standard error of our probability.',
      ),
    orderMaxCount: counts(2_500).describe('Largest order.'),
    positionMaxCount: counts(5_000).describe('Largest position in one contract.'),
    closeLossMaxDollars: dollars(50).describe(
      'Largest loss of one close, at the settlement value that is worst for all its contracts together.',
    ),
    totalLossMaxDollars: dollars(100).describe('Largest loss, summed over the worst values of all closes.'),
    dayLossMaxDollars: dollars(100).describe(
      'Largest loss of a UTC day: what is realised, and all that may still be lost.',
    ),
    cashMinDollars: dollars(0).describe('Cash that is never committed.'),
    orderRateMax: z
      .int()
      .nonnegative()
      .default(10)
      .describe('Most orders within `risk.orderRateSpanMicros`.'),
    orderRateSpanMicros: z
      .int()
      .positive()
      .max(MINUTE)
      .default(10 * SECOND)
      .describe('Span over which `risk.orderRateMax` counts orders.'),
    ordersOpenMax: z.int().nonnegative().default(8).describe('Most orders that are open at once.'),
    orderCooldownMicros: span(5 * SECOND).describe('Least time between two orders on one contract.'),
  })
  .refine((settings) => settings.priceMinTicks <= settings.priceMaxTicks, {
    error: 'priceMinTicks must not exceed priceMaxTicks',
    path: ['priceMinTicks'],
  })
  .describe('Limits of the risk checks. The defaults suit a first account of a few hundred dollars.');

/** Limits of the risk checks, defaults filled in. */
export type RiskSettings = z.infer<typeof riskSettings>;
