/**
 * Longest run of minutes without a trade that is filled with flat bars, live, in downloads and in imports. A
 * longer run is an outage: a hole, of which nothing is known.
 */
export const FILL_LIMIT_MINUTES = 30;
