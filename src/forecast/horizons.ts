/** Minutes ahead that the model forecasts realised variance for. The last is what the path follows past the hour. */
export const HORIZON_MINUTES = [5, 15, 30, 60, 120] as const;
