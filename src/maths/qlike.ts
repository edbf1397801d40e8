/**
 * QLIKE loss of a variance forecast given both logarithms: rv/f − ln(rv/f) − 1. Zero when they agree, and
 * robust to noise in the realised variance (Patton 2011, J. Econometrics 160).
 */
export function qlike(logRealised: number, logForecast: number): number {
  const difference = logRealised - logForecast;
  return Math.exp(difference) - difference - 1;
}
