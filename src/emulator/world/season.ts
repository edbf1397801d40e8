import type { Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../features/minute/new-york.ts';

const DAY_MINUTES = 1_440;

/** The shapes of a week. */
export const SEASONS = ['stylised', 'modelled'] as const;
export type SeasonName = (typeof SEASONS)[number];

/** Variance of a week before scaling: by hour of New York's day, with weekday bursts that jump and then decay. */
interface Shape {
  readonly weekday: readonly number[];
  readonly weekend: readonly number[];
  readonly bursts: readonly {
    readonly minute: number;
    readonly factor: number;
    readonly fadeMinutes: number;
  }[];
}

const STYLISED_HOURS = [
  0.85, 0.75, 0.7, 0.75, 0.75, 0.7, 0.7, 0.75, 1.0, 1.3, 1.5, 1.35, 1.2, 1.15, 1.2, 1.3, 1.1, 0.9, 0.85, 1.0,
  1.05, 1.0, 0.95, 0.9,
];

const SHAPES: Readonly<Record<SeasonName, Shape>> = {
  // Quiet nights and busy American hours, after Hansen, Kim, Kimbrough (J. Fin. Econometrics 22, 2024).
  stylised: {
    weekday: STYLISED_HOURS,
    weekend: STYLISED_HOURS.map((hour) => 0.5 * hour),
    bursts: [
      { minute: 510, factor: 3.5, fadeMinutes: 8 },
      { minute: 570, factor: 4, fadeMinutes: 12 },
    ],
  },
  // Hours are those of the season in models/backbone.json. The burst of the bell was then raised until the
  // shipped ensemble's forecasts for the first two hours after it were right on average.
  modelled: {
    weekday: [
      0.54, 0.53, 0.53, 0.64, 0.68, 0.61, 0.6, 0.66, 0.95, 1.25, 1.46, 1.44, 1.39, 1.32, 1.27, 1.25, 1.02,
      0.96, 0.72, 0.68, 0.88, 0.86, 0.69, 0.56,
    ],
    weekend: [
      0.29, 0.31, 0.3, 0.36, 0.35, 0.37, 0.36, 0.4, 0.43, 0.59, 0.58, 0.59, 0.56, 0.48, 0.46, 0.41, 0.46,
      0.63, 0.73, 0.66, 0.73, 0.66, 0.48, 0.39,
    ],
    bursts: [
      { minute: 510, factor: 3.5, fadeMinutes: 4 },
      { minute: 570, factor: 6, fadeMinutes: 60 },
    ],
  },
};

const profileOf = ({ weekday, weekend, bursts }: Shape): Float64Array => {
  const week = Float64Array.from({ length: WEEK_MINUTES }, (_, minute) => {
    const isWeekday = minute < 5 * DAY_MINUTES;
    const ofDay = minute % DAY_MINUTES;
    let value = (isWeekday ? weekday : weekend)[Math.floor(ofDay / 60)] as number;
    if (isWeekday)
      for (const { minute: start, factor, fadeMinutes } of bursts)
        if (ofDay >= start) value *= 1 + (factor - 1) * Math.exp(-(ofDay - start) / fadeMinutes);
    return value;
  });
  const mean = week.reduce((sum, value) => sum + value, 0) / WEEK_MINUTES;
  return week.map((value) => value / mean);
};

const PROFILES: Readonly<Record<SeasonName, Float64Array>> = {
  stylised: profileOf(SHAPES.stylised),
  modelled: profileOf(SHAPES.modelled),
};

/** Factor on variance at `at` by New York's minute of the week; its mean over a week is 1. */
export const season = (at: Micros, name: SeasonName = 'stylised'): number =>
  PROFILES[name][newYorkMinuteOfWeek(at)] as number;
