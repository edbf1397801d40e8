import type { Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../features/minute/new-york.ts';

const DAY_MINUTES = 1_440;
const WEEKEND = 0.5;

/** Variance by hour of New York's day, before scaling: quiet nights, busy American hours. */
const HOURS = [
  0.85, 0.75, 0.7, 0.75, 0.75, 0.7, 0.7, 0.75, 1.0, 1.3, 1.5, 1.35, 1.2, 1.15, 1.2, 1.3, 1.1, 0.9, 0.85, 1.0,
  1.05, 1.0, 0.95, 0.9,
] as const;

/**
 * Weekday bursts: at 8:30 (statistics) and 9:30 (opening bell) variance jumps by these factors and then
 * decays.
 */
const BURSTS = [
  { minute: 510, factor: 3.5, fadeMinutes: 8 },
  { minute: 570, factor: 4, fadeMinutes: 12 },
] as const;

const profile = (() => {
  const week = Float64Array.from({ length: WEEK_MINUTES }, (_, minute) => {
    const weekday = minute < 5 * DAY_MINUTES;
    const ofDay = minute % DAY_MINUTES;
    let value = (HOURS[Math.floor(ofDay / 60)] ?? 1) * (weekday ? 1 : WEEKEND);
    if (weekday)
      for (const { minute: start, factor, fadeMinutes } of BURSTS)
        if (ofDay >= start) value *= 1 + (factor - 1) * Math.exp(-(ofDay - start) / fadeMinutes);
    return value;
  });
  const mean = week.reduce((sum, value) => sum + value, 0) / WEEK_MINUTES;
  return week.map((value) => value / mean);
})();

/**
 * Factor on variance at `at` by New York's minute of the week; its mean over a week is 1. The shape is
 * stylised after Hansen, Kim, Kimbrough (J. Fin. Econometrics 22, 2024).
 */
export const season = (at: Micros): number => profile[newYorkMinuteOfWeek(at)] as number;
