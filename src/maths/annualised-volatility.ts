import { DAY, MINUTE } from '../domain/time.ts';

const YEAR_MINUTES = (365 * DAY) / MINUTE;

/** Volatility per year of 365 days (0.4 is 40 %) that gives `minutes` a variance of e^`logVariance`. */
export const annualisedVolatility = (logVariance: number, minutes: number): number =>
  Math.sqrt((Math.exp(logVariance) * YEAR_MINUTES) / minutes);
