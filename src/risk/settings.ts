import { z } from 'zod';
import { MINUTE, SECOND } from '../domain/time.ts';

const span = (micros: number) => z.int().nonnegative().default(micros);
const dollars = (value: number) => z.number().nonnegative().default(value);
const counts = (value: number) => z.int().nonnegative().default(value);

/** Limits of the risk checks. Defaults suit a first account of a few hundred dollars: small, and refusing when in doubt. */
export const riskSettings = z
  .strictObject({
    /** Longest silence of each feed that is required. Kraken's bars come once a minute, its book and Kalshi without pause. */
    krakenBookMaxAgeMicros: span(5 * SECOND),
    krakenMaxAgeMicros: span(90 * SECOND),
    kalshiMaxAgeMicros: span(10 * SECOND),
    /** The BRTI prints once a second; our stand-in moves when spot trades. */
    indexMaxAgeMicros: span(5 * SECOND),
    /** Longest time for which one contract's book may stay unchanged before its quotes count as abandoned. */
    bookMaxAgeMicros: span(MINUTE),
    /** Oldest forecast: bars close once a minute, so one is missed before this refuses. */
    forecastMaxAgeMicros: span(150 * SECOND),
    /** Least and most time to the close; the second least holds while only a stand-in of the index is known. */
    toCloseMinMicros: span(30 * SECOND),
    toCloseMinIndirectMicros: span(120 * SECOND),
    toCloseMaxMicros: span(120 * MINUTE),
    /** Widest spread, in $0.0001. */
    spreadMaxTicks: z.int().nonnegative().default(600),
    /** Least count displayed at the price we would take, in 0.01 contracts, and as a share of our own count. */
    touchMinCount: counts(100),
    touchMinShare: z.number().nonnegative().default(1),
    /** Lowest and highest limit price, in $0.0001: at the ends fees and model error dwarf what can be won. */
    priceMinTicks: z.int().min(0).max(10_000).default(200),
    priceMaxTicks: z.int().min(0).max(10_000).default(9_800),
    /** Furthest a limit may be from our fair value and from the middle of the book, in $0.0001: further is an error, not an edge. */
    fairCollarTicks: z.int().nonnegative().default(1_500),
    midCollarTicks: z.int().nonnegative().default(1_000),
    /** Least edge per contract after the fee: a floor and a multiple of the standard error of our probability. */
    edgeMinDollars: dollars(0.005),
    edgeErrorMultiple: z.number().nonnegative().default(1),
    /** Largest order and largest position of one contract, in 0.01 contracts. */
    orderMaxCount: counts(2_500),
    positionMaxCount: counts(5_000),
    /** Largest loss at the worst settlement value of one close, and summed over the closes. */
    closeLossMaxDollars: dollars(50),
    totalLossMaxDollars: dollars(100),
    /** Largest loss of a UTC day: what is realised, and all that may still be lost. */
    dayLossMaxDollars: dollars(100),
    /** Cash that is never committed. */
    cashMinDollars: dollars(0),
    /** Most orders within a span, most open at once, and the least time between two on one contract. */
    orderRateMax: z.int().nonnegative().default(10),
    orderRateSpanMicros: z
      .int()
      .positive()
      .max(MINUTE)
      .default(10 * SECOND),
    ordersOpenMax: z.int().nonnegative().default(8),
    orderCooldownMicros: span(5 * SECOND),
  })
  .refine((settings) => settings.priceMinTicks <= settings.priceMaxTicks, {
    error: 'priceMinTicks must not exceed priceMaxTicks',
    path: ['priceMinTicks'],
  });

/** Limits of the risk checks, defaults filled in. */
export type RiskSettings = z.infer<typeof riskSettings>;
