/** "0.9600" of 9600 ticks of $0.0001. */
export const priceText = (ticks: number): string => (ticks / 10_000).toFixed(4);

/** "83950.62" of 8395062 units of an index with two decimals. */
export const unitsText = (units: number, decimals: number): string =>
  (units / 10 ** decimals).toFixed(decimals);

/** "12.50" of 1250 hundredths of a contract, signed. */
export const fixedPointText = (count: number): string => (count / 100).toFixed(2);

/** "0.017500" of 17500 millionths of a dollar, signed. */
export const microDollarText = (micros: number): string => {
  const whole = Math.trunc(Math.abs(micros) / 1e6);
  return `${micros < 0 ? '-' : ''}${whole}.${String(Math.abs(micros) % 1e6).padStart(6, '0')}`;
};
