import type { Micros } from '../domain/time.ts';

/** The time of day in UTC, `14:05:09`. */
export const clockTime = (at: Micros): string => new Date(at / 1000).toISOString().slice(11, 19);
