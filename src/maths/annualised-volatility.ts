import { DAY, MINUTE } from '../domain/time.ts';

const YEAR_MINUTES = (365 * DAY) / MINUTE;

/** Volatility a year of 365 days (0.4 is 40 %) at which `minutes` have a variance of e^`logVariance`. */
export const annualisedVolatility = (logVariance: number, minutes: number): number =>
  Math.sqrt((Math.exp(logVariance) * YEAR_MINUTES) / minutes);
