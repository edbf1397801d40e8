/**
 * Horizons of the forecasts of realised variance, in minutes. The variance path uses the last one past the
 * hour.
 */
export const HORIZON_MINUTES = [5, 15, 30, 60, 120] as const;
