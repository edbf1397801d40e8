/** The result of one check. In the published `Finding` its NaN values become null. */
export interface CheckResult {
  readonly check: string;
  readonly observed: number;
  readonly limit: number;
  readonly headroom: number;
  /** What the numbers are about, where they do not say it: such as the venue that disagrees. */
  readonly note?: string;
}

/** Refuses an observation above the limit; NaN on either side refuses too. */
export const atMost = (check: string, observed: number, limit: number): CheckResult => ({
  check,
  observed,
  limit,
  headroom: limit - observed,
});

/** Refuses an observation below the limit; NaN on either side refuses too. */
export const atLeast = (check: string, observed: number, limit: number): CheckResult => ({
  check,
  observed,
  limit,
  headroom: observed - limit,
});
