import type { Finding } from '../domain/events/decision.ts';

/** Refuses an observation above the limit; NaN on either side refuses too. */
export const atMost = (check: string, observed: number, limit: number): Finding => ({
  check,
  observed,
  limit,
  headroom: limit - observed,
});

/** Refuses an observation below the limit; NaN on either side refuses too. */
export const atLeast = (check: string, observed: number, limit: number): Finding => ({
  check,
  observed,
  limit,
  headroom: observed - limit,
});
